import json

from cacnp_archive.model.records import ListEntry, ListName, Reading, RequisiteKind, Tag, Term
from cacnp_archive.model.site import HOME
from cacnp_archive.parsing.lists.any_list import parse_list
from tests.parsing.pages import SITE
from tests.support.captures import make_capture

SITEMAP = b"""<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="//armscontrolcenter.org/main-sitemap.xsl"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://armscontrolcenter.org/a/</loc><lastmod>2024-01-02</lastmod>
<image:image><image:loc>https://armscontrolcenter.org/a.jpg</image:loc></image:image></url>
<url><loc> https://armscontrolcenter.org/b/?x=1&amp;y=2 </loc></url></urlset>"""


def listed(body: bytes, url: str, media_type: str = "text/xml") -> Reading:
    """Read a body that is a list of the site."""
    capture = make_capture(url, body, headers=(("Content-Type", media_type),))
    reading = parse_list(capture, SITE)
    assert reading is not None
    return reading


def rest(answer: object, url: str, link: str = "") -> Reading:
    """Read a response of the REST API."""
    headers = (("Content-Type", "application/json"), ("Link", link))
    reading = parse_list(make_capture(url, json.dumps(answer).encode(), headers=headers), SITE)
    assert reading is not None
    return reading


def urls_of(reading: Reading) -> list[str]:
    return [entry.url for entry in reading.entries]


def test_sitemap_lists_pages_with_times_of_change_and_images() -> None:
    reading = listed(SITEMAP, f"{HOME}post-sitemap.xml")
    assert reading.entries == (
        ListEntry(list_name=ListName.SITEMAP, url=f"{HOME}a/", modified_at="2024-01-02"),
        ListEntry(list_name=ListName.SITEMAP, url=f"{HOME}b/?x=1&y=2"),
    )
    assert [(item.url, item.kind) for item in reading.requisites] == [
        (f"{HOME}a.jpg", RequisiteKind.IMAGE)
    ]


def test_sitemap_index_links_to_sitemaps() -> None:
    index = b"<sitemapindex><sitemap><loc>/post-sitemap.xml</loc></sitemap></sitemapindex>"
    assert listed(index, f"{HOME}sitemap_index.xml").lists == (f"{HOME}post-sitemap.xml",)


def test_feed_items_have_all_their_fields() -> None:
    rss = f"""<rss><channel><item><title>Q&amp;A – “x”</title><link>{HOME}a/</link>
    <pubDate>Thu, 22 Dec 2016 15:03:11 +0000</pubDate><category><![CDATA[Press & More]]></category>
    <guid isPermaLink="false">{HOME}?p=464</guid></item></channel></rss>""".encode()
    assert listed(rss, f"{HOME}feed/").entries == (
        ListEntry(
            list_name=ListName.FEED,
            url=f"{HOME}a/",
            wordpress_id=464,
            title="Q&A – “x”",
            published_at="2016-12-22T15:03:11+00:00",
            categories=("Press & More",),
        ),
    )


def test_feeds_list_their_items_and_audio_files() -> None:
    rss = b"""<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel><link>https://a.example/</link>
    <atom:link href="https://a.example/feed/" rel="self"/><item><title>T</title>
    <link>https://armscontrolcenter.org/a/</link><comments>https://a.example/#c</comments>
    <enclosure url="https://cdn.example/a.mp3" length="1"/></item></channel></rss>"""
    reading = listed(rss, f"{HOME}feed/")
    assert urls_of(reading) == [f"{HOME}a/"]
    assert [item.url for item in reading.requisites] == ["https://cdn.example/a.mp3"]
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom"><link href="/"/><entry><link href="/a/"/>
    <link rel="replies" href="/a/#c"/></entry></feed>"""
    assert urls_of(listed(atom, f"{HOME}feed/atom/")) == [f"{HOME}a/"]


def test_rest_api_lists_pages_and_files() -> None:
    answer = [
        {"link": f"{HOME}a/", "content": {"rendered": '<a href="/no/">'}},
        {"link": f"{HOME}?attachment_id=4", "source_url": f"{HOME}wp-content/uploads/a.png"},
        {"link": 3},
        "text",
    ]
    reading = rest(answer, f"{HOME}wp-json/wp/v2/posts")
    assert urls_of(reading) == [f"{HOME}a/"]
    assert [item.url for item in reading.requisites] == [f"{HOME}wp-content/uploads/a.png"]


def test_rest_api_posts_have_all_their_fields() -> None:
    post = {
        "id": 464,
        "link": f"{HOME}a/",
        "date": "2016-12-22T10:03:11",
        "date_gmt": "2016-12-22T15:03:11",
        "modified": "2017-01-02T03:04:05",
        "title": {"rendered": "Q&#038;A <em>again</em>"},
        "categories": [7, "x", 9],
    }
    reading = rest(post, f"{HOME}wp-json/wp/v2/posts/464")
    assert reading.entries == (
        ListEntry(
            list_name=ListName.REST,
            url=f"{HOME}a/",
            wordpress_id=464,
            title="Q&A again",
            published_at="2016-12-22T15:03:11Z",
            modified_at="2017-01-02T03:04:05",
            categories=(7, 9),
        ),
    )


def test_rest_api_lists_the_sizes_of_an_image_and_the_original_of_a_scaled_one() -> None:
    folder = f"{HOME}wp-content/uploads/2019/11/"
    medium = {
        "source_url": f"{folder}map-scaled.jpg",
        "media_details": {
            "original_image": "map.jpg",
            "sizes": {"medium": {"source_url": f"{folder}map-300x200.jpg"}, "bad": 7},
        },
    }
    reading = rest([medium], f"{HOME}wp-json/wp/v2/media")
    assert [item.url.removeprefix(folder) for item in reading.requisites] == [
        "map-scaled.jpg",
        "map.jpg",
        "map-300x200.jpg",
    ]


def test_rest_api_gives_the_tree_of_categories() -> None:
    answer = [{"id": 3, "name": "A &amp; B", "link": f"{HOME}a/b/", "parent": 2, "slug": "b"}]
    reading = rest(answer, f"{HOME}wp-json/wp/v2/categories")
    assert reading.categories == (
        Term(wordpress_id=3, name="A & B", url=f"{HOME}a/b/", parent_id=2),
    )


def test_rest_api_links_to_its_next_page() -> None:
    following = f"{HOME}wp-json/wp/v2/posts?per_page=100&page=2"
    header = f'<{HOME}wp-json/wp/v2/posts?page=0>; rel="prev", <{following}>; rel="next"'
    assert rest([], f"{HOME}wp-json/wp/v2/posts", header).next_page == following


def test_rest_api_gives_the_names_of_tags() -> None:
    answer = [{"name": "R&amp;D", "slug": "rd", "link": f"{HOME}tag/rd/"}, {"name": 7}]
    reading = rest(answer, f"{HOME}wp-json/wp/v2/tags?page=1")
    assert reading.tags == (Tag(name="R&D", slug="rd", url=f"{HOME}tag/rd/"),)
