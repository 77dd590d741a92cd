"""Under its other name the server is another host, from which pages take files."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html

from cacnp_archive.replica import ReplicaServer, build_site


@pytest.fixture
def base(server):
    return server.base_url.replace("127.0.0.1", "localhost")


def shown(tree: html.HtmlElement, page_url: str) -> set[str]:
    """Give the addresses of all that a page shows, its style attributes included."""
    found = tree.xpath("//img/@src | //script/@src | //link[@rel='stylesheet']/@href")
    for candidates in tree.xpath("//img/@srcset"):
        found += [part.split()[0] for part in candidates.split(",")]
    for style in tree.xpath("//@style"):
        found += re.findall(r"url\((.*?)\)", style)
    return {urljoin(page_url, address) for address in found}


def needed(fetch, url: str) -> set[str]:
    """Give what a style sheet leads to, however deep."""
    found = set()
    for name in re.findall(r"(?:url\(|@import (?!url))['\"]?(.*?)['\");]", fetch(url).text):
        target = urljoin(url, name)
        found |= {target} | (needed(fetch, target) if target.endswith(".css") else set())
    return found


def test_pages_and_styles_name_what_the_truth_lists(truth, base, fetch):
    found = set()
    for row in truth["articles"]:
        found |= shown(html.fromstring(fetch(row["url"]).body), row["url"])
    found = {url for url in found if url.startswith(base)}
    for url in list(found):
        if ".css" in url:
            found |= needed(fetch, url)
    keys = ("other_host_requisites", "other_host_missing", "other_host_forbidden")
    assert found == {url for key in keys for url in truth[key]}
    assert len(truth["other_host_requisites"]) > 8


def test_its_files_answer_and_one_is_missing(truth, fetch):
    for url in truth["other_host_requisites"]:
        reply = fetch(url)
        assert (reply.status, len(reply.body) > 10) == (200, True), url
        assert fetch(url, {"If-None-Match": reply.headers["ETag"]}).status == 304
    assert {fetch(url).status for url in truth["other_host_missing"]} == {404}


def test_its_own_robots_txt_forbids_one_image(truth, base, fetch):
    robots = fetch(f"{base}robots.txt").text
    (rule,) = re.findall("Disallow: (.*)", robots)
    assert [urlsplit(url).path.startswith(rule) for url in truth["other_host_forbidden"]] == [True]
    for url in (*truth["other_host_requisites"], *truth["other_host_missing"]):
        assert not urlsplit(url).path.startswith(rule)
    assert fetch(truth["other_host_forbidden"][0]).status == 200


def test_its_page_is_linked_from_an_article_and_is_no_wordpress(truth, fetch):
    (url,) = truth["other_host_pages"]
    links = [link for row in truth["articles"] for link in row["links"]]
    assert [link["kind"] for link in links if link["target_url"] == url] == ["outbound"]
    reply = fetch(url)
    assert reply.headers["Content-Type"].startswith("text/html")
    assert reply.headers["Link"] is None


def test_it_has_nothing_of_the_site_and_the_site_nothing_of_it(server, truth, base, fetch):
    for path in ("", "feed/", "wp-json/", "sitemap_index.xml", "trouble/", "page/2/"):
        assert fetch(base + path).status == 404, path
    for url in truth["other_host_requisites"]:
        assert fetch(server.base_url + url.removeprefix(base)).status == 404
    own = set(truth["must_capture"]) | set(truth["originals"])
    assert not [url for url in own if urlsplit(url).hostname == "localhost"]


def test_media_of_an_article_are_told_with_whole_addresses(truth, base):
    row = next(row for row in truth["articles"] if "a-badge-a-gap" in row["url"])
    assert [medium["url"] for medium in row["media"]] == [
        f"{base}{path}" for path in ("private/badge.png", "img/missing.png", "img/backdrop.jpg")
    ]


def test_log_tells_which_host_was_asked(fetch):
    with ReplicaServer(build_site()) as server:
        other = server.base_url.replace("127.0.0.1", "localhost")
        fetch(f"{server.base_url}robots.txt")
        fetch(f"{other}robots.txt")
        assert [(entry.host, entry.path) for entry in server.log] == [
            (urlsplit(url).netloc, "/robots.txt") for url in (server.base_url, other)
        ]
