"""Sitemaps list what the lists hold, in each of their forms, and tell what changed."""

import gzip
import json
import re
from datetime import timedelta

import pytest

from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.replica.state.replica_site import ReplicaSite

SLUG = "next-up-its-your-turn"


def listed(fetch, url: str, seen: list[str] | None = None) -> dict[str, str | None]:
    """Give the pages that a sitemap leads to, with their lastmod; note the documents read."""
    reply = fetch(url)
    assert reply.status == 200, url
    if seen is not None:
        seen.append(url)
    body = gzip.decompress(reply.body) if url.endswith(".gz") else reply.body
    text = body.decode()
    rows = {}
    for row in re.findall("<(?:url|sitemap)>(.*?)</(?:url|sitemap)>", text, re.DOTALL):
        (address,) = re.findall("<loc>(.*?)</loc>", row)
        changed = (re.findall("<lastmod>(.*?)</lastmod>", row) or [None])[0]
        found = listed(fetch, address, seen) if "<sitemapindex" in text else {address: changed}
        assert not rows.keys() & found.keys()
        rows |= found
        times = [time for time in found.values() if time]
        assert changed == (max(times) if times else None)
    return rows


def named_by_robots(fetch, base_url: str) -> list[str]:
    return re.findall("Sitemap: (.*)", fetch(f"{base_url}robots.txt").text)


def in_lists(site: ReplicaSite, base_url: str) -> set[str]:
    paths = [article.path for article in site.articles.values() if article.in_lists]
    paths += [path for path in site.list_paths() if path]
    return {base_url, *(f"{base_url}{path}/" for path in paths)}


@pytest.mark.parametrize(
    ("style", "index", "documents"),
    [
        ("yoast", "sitemap_index.xml", 7),
        ("core", "wp-sitemap.xml", 7),
        ("gzip", "sitemap.xml.gz", 12),
    ],
)
def test_each_form_lists_all_that_lists_hold(fetch, style, index, documents):
    site = build_site()
    site.sitemap_style = style
    with ReplicaServer(site) as server:
        assert named_by_robots(fetch, server.base_url) == [server.base_url + index]
        seen: list[str] = []
        rows = listed(fetch, server.base_url + index, seen)
        assert rows.keys() == in_lists(site, server.base_url)
        assert all(rows.values()) == (style != "core")
        assert len(seen) == documents
        assert sorted(server.truth["sitemaps"]) == sorted(seen)
        gone = {"sitemap_index.xml", "wp-sitemap.xml", "sitemap.xml.gz", "sitemap.xml"} - {index}
        statuses = {fetch(server.base_url + path).status for path in gone}
        assert statuses == {"yoast": {301, 302, 404}, "core": {302, 404}, "gzip": {404}}[style]


def test_compressed_documents_are_files_and_not_encoded(fetch):
    site = build_site()
    site.sitemap_style = "gzip"
    with ReplicaServer(site) as server:
        reply = fetch(f"{server.base_url}sitemap.xml.gz", {"Accept-Encoding": "gzip"})
        assert reply.headers["Content-Type"] == "application/x-gzip"
        assert reply.headers["Content-Encoding"] is None
        assert "sitemaps/post.xml.gz" in gzip.decompress(reply.body).decode()


def test_a_site_may_have_no_sitemaps(fetch):
    site = build_site()
    site.sitemap_style = "none"
    with ReplicaServer(site) as server:
        assert named_by_robots(fetch, server.base_url) == []
        for path in ("sitemap.xml", "sitemap_index.xml", "wp-sitemap.xml", "sitemap.xml.gz"):
            assert fetch(server.base_url + path).status == 404
        assert server.truth["sitemaps"] == []


def changed_by(fetch, site: ReplicaSite, change) -> set[str]:
    """Give the paths whose rows differ after a change: new, gone or with another lastmod."""
    with ReplicaServer(site) as server:
        before = listed(fetch, f"{server.base_url}sitemap_index.xml")
        change()
        after = listed(fetch, f"{server.base_url}sitemap_index.xml")
        differing = {url for url, _ in before.items() ^ after.items()}
        return {url.removeprefix(server.base_url) for url in differing}


def lists_of(site: ReplicaSite, path: str) -> set[str]:
    paths = [list_path for list_path in site.list_paths() if list_path]
    return {
        "",
        *(
            f"{list_path}/"
            for list_path in paths
            if path in {post.path for post in site.post_list(list_path).posts}
        ),
    }


def test_lastmod_of_an_edited_article_and_of_its_lists_changes_and_no_other(fetch):
    site = build_site()
    later = site.changed_at + timedelta(days=1)
    changed = changed_by(fetch, site, lambda: site.edit(SLUG, text="New.", modified_at=later))
    assert changed == {f"{SLUG}/", *lists_of(site, SLUG)}
    assert len(changed) > 2


def test_lastmod_of_a_silently_edited_article_stays(fetch):
    site = build_site()
    assert changed_by(fetch, site, lambda: site.edit(SLUG, text="New.")) == set()


def test_lastmod_of_a_moved_article_changes(fetch):
    site = build_site()
    old_lists = lists_of(site, SLUG)
    changed = changed_by(fetch, site, lambda: site.move(SLUG, "moved-on"))
    assert changed == {f"{SLUG}/", "moved-on/", *old_lists}


def test_lists_of_a_deleted_article_tell_of_the_newest_that_is_left(fetch):
    site = build_site()
    newest = max(site.post_list("russia").posts, key=lambda post: post.changed_at)
    site.delete(newest.path)
    with ReplicaServer(site) as server:
        rows = listed(fetch, f"{server.base_url}sitemap_index.xml")
        assert rows[f"{server.base_url}russia/"] < newest.changed_at.isoformat()


def test_rest_can_be_closed(fetch):
    site = build_site()
    site.rest = False
    with ReplicaServer(site) as server:
        paths = ("", "wp/v2/posts", "wp/v2/posts/464", "wp/v2/media?page=9", "oembed/1.0/embed")
        for path in paths:
            reply = fetch(f"{server.base_url}wp-json/{path}")
            assert reply.status == 401
            assert json.loads(reply.body)["code"] == "rest_forbidden"
        assert fetch(f"{server.base_url}{SLUG}/").status == 200
