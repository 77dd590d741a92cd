"""The REST interface answers as WordPress's own does."""

import json
import struct
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

COLLECTIONS = ("posts", "pages", "media", "categories", "tags", "people", "users")


@pytest.fixture(scope="module")
def api(server):
    return f"{server.base_url}wp-json/wp/v2/"


def rows_of(reply) -> list[dict[str, Any]]:
    assert reply.status == 200, reply.text
    return json.loads(reply.body)


def next_of(reply) -> str | None:
    for link in (reply.headers["Link"] or "").split(", "):
        url, _, relation = link.partition("; ")
        if relation == 'rel="next"':
            return url.strip("<>")
    return None


def all_rows(fetch, url: str) -> list[dict[str, Any]]:
    rows = []
    following: str | None = url
    while following:
        reply = fetch(following)
        rows += rows_of(reply)
        following = next_of(reply)
    return rows


def test_pages_of_a_collection_hold_every_listed_post_once(server, api, fetch):
    rows = all_rows(fetch, f"{api}posts?per_page=100&_fields=id,link")
    listed = [post for post in server.site.posts if post.in_lists]
    assert sorted(row["id"] for row in rows) == sorted(post.wordpress_id for post in listed)
    assert {tuple(row) for row in rows} == {("id", "link")}
    headers = fetch(f"{api}posts?per_page=100").headers
    assert headers["X-WP-Total"] == str(len(listed))
    assert headers["X-WP-TotalPages"] == str(-(-len(listed) // 100))


def test_next_link_keeps_the_rest_of_the_query(api, fetch):
    query = "per_page=7&orderby=modified&order=asc&page=2&_fields=id,title.rendered&x=a%20b"
    links = fetch(f"{api}posts?{query}").headers["Link"].split(", ")
    assert [link.partition("; ")[2] for link in links] == ['rel="prev"', 'rel="next"']
    for link, page in zip(links, ("1", "3"), strict=True):
        asked = dict(parse_qsl(urlsplit(link.partition(">")[0][1:]).query))
        assert asked == dict(parse_qsl(query)) | {"page": page}
    assert "_fields=id%2Ctitle.rendered&x=a+b>" in links[1]


def test_page_beyond_the_end_is_an_error_of_posts_and_empty_for_terms(api, fetch):
    for name in ("posts", "pages", "media"):
        beyond = fetch(f"{api}{name}?per_page=100&page=30")
        assert beyond.status == 400
        assert json.loads(beyond.body)["code"] == "rest_post_invalid_page_number"
    beyond = fetch(f"{api}categories?per_page=100&page=30")
    assert rows_of(beyond) == []
    assert beyond.headers["X-WP-TotalPages"] == "1"
    assert next_of(beyond) is None


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("per_page=101", ["per_page"]),
        ("per_page=x&page=0", ["page", "per_page"]),
        ("orderby=count", ["orderby"]),
        ("order=up", ["order"]),
        ("modified_after=yesterday", ["modified_after"]),
        ("modified_after=2020-01-01T00:00:00+00:00", ["modified_after"]),
        ("modified_after=2020-13-01T00:00:00", ["modified_after"]),
    ],
)
def test_invalid_parameters_are_named(api, fetch, query: str, wrong: list[str]):
    reply = fetch(f"{api}posts?{query}")
    error = json.loads(reply.body)
    assert (reply.status, error["code"]) == (400, "rest_invalid_param")
    assert list(error["data"]["params"]) == wrong


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize(
    ("name", "key"),
    [
        *((name, key) for name in ("posts", "media") for key in ("date", "modified", "id", "slug")),
        *(("tags", key) for key in ("id", "slug", "count")),
    ],
)
def test_rows_come_in_the_order_asked_for(api, fetch, name: str, key: str, order: str):
    rows = rows_of(fetch(f"{api}{name}?per_page=100&orderby={key}&order={order}"))
    field = f"{key}_gmt" if key in ("date", "modified") else key
    found = [row[field] for row in rows]
    assert found == sorted(found, reverse=order == "desc")
    assert len(set(found)) > 3


def test_titles_and_names_are_sorted_without_case(api, fetch):
    titles = [
        row["title"]["rendered"].lower()
        for row in rows_of(fetch(f"{api}media?orderby=title&order=asc&per_page=100"))
    ]
    assert titles == sorted(titles)
    names = [row["name"].lower() for row in rows_of(fetch(f"{api}people?per_page=100"))]
    assert names == sorted(names)


def test_posts_are_newest_first_unless_asked_otherwise(server, api, fetch):
    rows = rows_of(fetch(f"{api}posts?per_page=100"))
    expected = [post.wordpress_id for post in server.site.posts if post.in_lists][:100]
    assert [row["id"] for row in rows] == expected


def test_modified_after_leaves_what_changed_since_and_not_the_moment_itself(api, fetch):
    rows = all_rows(fetch, f"{api}posts?per_page=100&_fields=id,modified,modified_gmt")
    newest = sorted(rows, key=lambda row: row["modified_gmt"])
    bound = newest[-4]["modified_gmt"]
    expected = {row["id"] for row in rows if row["modified_gmt"] > bound}
    assert len(expected) == 3
    reply = fetch(f"{api}posts?modified_after={bound}Z")
    assert {row["id"] for row in rows_of(reply)} == expected
    assert reply.headers["X-WP-Total"] == "3"
    local = newest[-4]["modified"]
    later = {row["id"] for row in rows if row["modified"] > local}
    assert {row["id"] for row in rows_of(fetch(f"{api}posts?modified_after={local}"))} == later
    assert rows_of(fetch(f"{api}posts?modified_after=2099-01-01T00:00:00")) == []


def test_fields_reach_into_rows(api, fetch):
    (row,) = rows_of(fetch(f"{api}posts?per_page=1&_fields=id,title.rendered,nothing,slug"))
    assert list(row) == ["id", "slug", "title"]
    assert list(row["title"]) == ["rendered"]
    (row,) = rows_of(fetch(f"{api}posts?per_page=1&_fields=content.protected"))
    assert row == {"content": {"protected": False}}
    number = rows_of(fetch(f"{api}posts?per_page=1"))[0]["id"]
    assert json.loads(fetch(f"{api}posts/{number}?_fields=id").body) == {"id": number}


def test_items_answer_alone_as_in_their_collection(api, fetch):
    for name in COLLECTIONS:
        row = rows_of(fetch(f"{api}{name}?per_page=1"))[0]
        assert json.loads(fetch(f"{api}{name}/{row['id']}").body) == row
        assert rows_of(fetch(f"{api}{name}?slug={row['slug']}"))[0] == row
    for path in ("posts/1", "tags/1", "users/9", "nothing", "posts/x", "pages/464"):
        assert fetch(api + path).status == 404, path
    assert json.loads(fetch(f"{api}tags/1").body)["code"] == "rest_term_invalid"


def test_rows_tell_what_the_truth_tells(truth, api, fetch):
    told = {row["wordpress_id"]: row for row in truth["articles"]}
    categories = {row["id"]: row for row in all_rows(fetch, f"{api}categories?per_page=100")}
    for row in all_rows(fetch, f"{api}posts?per_page=100"):
        article = told[row["id"]]
        assert row["link"] == article["url"]
        published = datetime.fromisoformat(article["published_at"])
        assert row["date"] == published.replace(tzinfo=None).isoformat()
        if article["modified_at"]:
            assert f"{row['modified_gmt']}+00:00" == article["modified_at"]
        filed = {categories[number]["link"] for number in row["categories"]}
        assert len(filed) == len(article["categories"])


def test_media_tell_sizes_that_exist_and_are_as_large_as_told(api, fetch):
    images = [
        row for row in all_rows(fetch, f"{api}media?per_page=100") if row["media_type"] == "image"
    ]
    assert len(images) > 15
    for row in images:
        details = row["media_details"]
        assert {"thumbnail", "medium", "medium_large", "full"} <= details["sizes"].keys()
        assert row["source_url"].endswith(f"/wp-content/uploads/{details['file']}")
        full = details["sizes"]["full"]
        assert (full["width"], full["height"]) == (details["width"], details["height"])
        assert full["source_url"] == row["source_url"]
        for size in details["sizes"].values():
            assert size["source_url"].endswith(f"/{size['file']}")
            reply = fetch(size["source_url"])
            assert reply.headers["Content-Type"] == size["mime_type"] == row["mime_type"]
            assert pixels(reply.body) == (size["width"], size["height"])


def pixels(image: bytes) -> tuple[int, int]:
    if image.startswith(b"\x89PNG"):
        width, height = struct.unpack(">II", image[16:24])
    else:
        frame = image.index(b"\xff\xc0")
        height, width = struct.unpack(">HH", image[frame + 5 : frame + 9])
    return width, height


def test_media_tell_alternative_text_caption_and_the_post_that_shows_them(server, api, fetch):
    (row,) = rows_of(fetch(f"{api}media?slug=treaty-signing-scaled"))
    assert row["alt_text"] == "Two men at a table, signing"
    assert row["caption"]["rendered"] == "<p>A signing, long ago.</p>\n"
    assert row["title"]["rendered"] == "treaty-signing"
    assert row["post"] == server.site.articles["a-world-without-arms-control"].wordpress_id
    featured = server.site.articles["pictures-in-seven-ways"].wordpress_id
    number = json.loads(fetch(f"{api}posts/{featured}").body)["featured_media"]
    row = json.loads(fetch(f"{api}media/{number}").body)
    assert row["source_url"].endswith("/featured.jpg")
    (document,) = rows_of(fetch(f"{api}media?slug=triad-fact-sheet"))
    assert (document["media_type"], document["media_details"]) == ("file", {})


def test_original_of_a_scaled_image_exists_and_is_linked_nowhere(server, truth, api, fetch):
    (row,) = rows_of(fetch(f"{api}media?slug=treaty-signing-scaled"))
    details = row["media_details"]
    assert details["original_image"] == "treaty-signing.jpg"
    assert {"large", "1536x1536", "2048x2048"} <= details["sizes"].keys()
    url = row["source_url"].rpartition("/")[0] + "/treaty-signing.jpg"
    assert url in truth["originals"]
    assert url not in truth["must_capture"]
    assert pixels(fetch(url).body)[0] > details["width"] == 2560
    pages = "".join(fetch(article["url"]).text for article in truth["articles"])
    assert "treaty-signing-scaled.jpg" in pages
    assert "treaty-signing.jpg" not in pages
    assert "old-map-300x200.jpg" in pages
    assert "old-map.jpg" not in pages
    assert f"{server.base_url}wp-content/uploads/2015/11/old-map.jpg" in truth["originals"]


def test_originals_are_the_largest_form_of_each_image(truth, api, fetch):
    expected = []
    for row in all_rows(fetch, f"{api}media?per_page=100&orderby=id&order=asc"):
        if row["media_type"] == "image":
            folder = row["source_url"].rpartition("/")[0]
            name = (
                row["media_details"].get("original_image") or row["source_url"].rpartition("/")[2]
            )
            expected.append(f"{folder}/{name}")
    assert truth["originals"] == expected
    assert {fetch(url).status for url in expected} == {200}
