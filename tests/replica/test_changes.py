"""What happens to a site between two crawls: edits, moves, losses, furniture."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.replica.assets.theme import LOGO

SLUG, OTHER = "next-up-its-your-turn", "duyeon-kim-on-bbc"


@pytest.fixture
def running():
    with ReplicaServer(build_site()) as server:
        yield server


@pytest.fixture
def everywhere(running, fetch):
    """Give the text of all that lists an article: sitemaps, REST, feed and listings."""

    def collect() -> str:
        base = running.base_url
        urls = [*running.truth["sitemaps"], *running.truth["listings"], f"{base}feed/"]
        urls += [f"{base}wp-json/wp/v2/posts?_fields=link&per_page=100&page={n}" for n in (1, 2)]
        pages = [fetch(url) for url in urls]
        assert {page.status for page in pages} == {200}
        text = "".join(page.text.replace("\\/", "/") for page in pages)
        return re.sub("<content:encoded>.*?</content:encoded>", "", text, flags=re.DOTALL)

    return collect


def article_of(server, path: str):
    (row,) = [r for r in server.truth["articles"] if r["url"] == f"{server.base_url}{path}/"]
    return row


def test_stated_modification_shows_in_meta_json_ld_rest_and_truth(running, fetch):
    site = running.site
    moment = datetime(2022, 6, 12, 8, 30, tzinfo=UTC)
    site.edit(SLUG, text="By John Erath\n\nRewritten.", modified_at=moment)
    page = fetch(f"{running.base_url}{SLUG}/").text
    stated = "2022-06-12T08:30:00+00:00"
    assert f'property="article:modified_time" content="{stated}"' in page
    (graph,) = re.findall('<script type="application/ld\\+json".*?>(.*?)</script>', page)
    assert json.loads(graph)["@graph"][-1]["dateModified"] == stated
    number = site.articles[SLUG].wordpress_id
    row = json.loads(fetch(f"{running.base_url}wp-json/wp/v2/posts/{number}").body)
    assert row["modified_gmt"] == "2022-06-12T08:30:00"
    assert "Rewritten." in row["content"]["rendered"]
    assert article_of(running, SLUG)["modified_at"] == stated
    since = fetch(f"{running.base_url}wp-json/wp/v2/posts?modified_after=2022-06-12T00:00:00Z")
    assert [row["id"] for row in json.loads(since.body)] == [number]


def test_silent_edit_changes_the_text_and_no_stated_time(running, fetch):
    before = article_of(running, SLUG)
    running.site.edit(SLUG, text="By John Erath\n\nRewritten.")
    after = article_of(running, SLUG)
    assert after["body_text"] == "By John Erath\n\nRewritten."
    assert after["modified_at"] == before["modified_at"]
    assert "Rewritten." in fetch(f"{running.base_url}{SLUG}/").text


@pytest.mark.parametrize(
    ("how", "status", "location"), [("home", 302, ""), ("not-found", 200, None)]
)
def test_soft_deleted_article_is_gone_and_does_not_say_so(
    running, everywhere, fetch, how, status, location
):
    url = f"{running.base_url}{SLUG}/"
    running.site.soft_delete(SLUG, how)
    reply = fetch(url)
    assert reply.status == status
    assert reply.headers["Location"] == (None if location is None else running.base_url)
    if status == 200:
        assert "error 404" in reply.text
        assert reply.text == fetch(f"{running.base_url}never-was-here/").text
    truth = running.truth
    assert truth["soft_gone"] == {url: how}
    assert url not in truth["gone"] + truth["must_capture"]
    assert truth["redirects"].get(url) == reply.headers["Location"]
    assert url not in everywhere()


@pytest.mark.parametrize("leave", [301, 404])
def test_moved_article_keeps_its_id_and_leaves_what_it_is_told_to(
    running, everywhere, fetch, leave
):
    old, new = f"{running.base_url}{SLUG}/", f"{running.base_url}moved-on/"
    before = article_of(running, SLUG)
    running.site.move(SLUG, "moved-on", leave=leave)
    reply = fetch(old)
    assert (reply.status, reply.headers["Location"]) == (leave, new if leave == 301 else None)
    after = article_of(running, "moved-on")
    assert after["wordpress_id"] == before["wordpress_id"]
    assert after["body_text"] == before["body_text"]
    assert after["modified_at"] > (before["modified_at"] or before["published_at"])
    assert fetch(new).status == 200
    assert fetch(f"{running.base_url}?p={after['wordpress_id']}").headers["Location"] == new
    truth = running.truth
    assert truth["moved"] == {old: new}
    assert (old in truth["gone"]) == (leave == 404)
    assert truth["redirects"].get(old) == (new if leave == 301 else None)
    text = everywhere()
    assert new in text
    assert old not in text


def test_unlisted_article_answers_but_no_list_has_it(running, everywhere, fetch):
    url = f"{running.base_url}{SLUG}/"
    assert url in everywhere()
    running.site.unlist(SLUG)
    assert url not in everywhere()
    assert fetch(url).status == 200
    assert url in running.truth["unlisted"]
    assert article_of(running, SLUG)


def test_deleted_address_may_lead_to_another_article(running, everywhere, fetch):
    url, other = f"{running.base_url}{SLUG}/", f"{running.base_url}{OTHER}/"
    number = running.site.articles[SLUG].wordpress_id
    running.site.delete(SLUG, guess=OTHER)
    reply = fetch(url)
    assert (reply.status, reply.headers["Location"]) == (301, other)
    assert fetch(f"{running.base_url}?p={number}").status == 404
    truth = running.truth
    assert truth["guessed"] == {url: other}
    assert truth["redirects"][url] == other
    assert truth["moved"] == {}
    assert url not in everywhere()


def test_moves_in_a_row_and_back_again_stay_true(running, fetch):
    site, base = running.site, running.base_url
    site.move(SLUG, "second")
    site.move("second", "third")
    assert fetch(f"{base}{SLUG}/").headers["Location"] == f"{base}third/"
    assert running.truth["moved"] == {
        f"{base}{SLUG}/": f"{base}third/",
        f"{base}second/": f"{base}third/",
    }
    site.move("third", SLUG)
    assert fetch(f"{base}{SLUG}/").status == 200
    assert running.truth["moved"] == {
        f"{base}{path}/": f"{base}{SLUG}/" for path in ("second", "third")
    }
    site.delete(SLUG)
    assert {fetch(f"{base}{path}/").status for path in (SLUG, "second", "third")} == {404}
    truth = running.truth
    assert truth["moved"] == {}
    assert {f"{base}{path}/" for path in (SLUG, "second", "third")} <= set(truth["gone"])


def test_redirects_of_a_changed_site_lead_where_the_truth_says(running, fetch):
    site = running.site
    for path, change in {
        SLUG: lambda path: site.move(path, "moved-on"),
        OTHER: lambda path: site.soft_delete(path, "home"),
        "a-world-without-arms-control": lambda path: site.delete(path, guess="moved-on"),
    }.items():
        change(path)
    truth = running.truth
    for url, target in truth["redirects"].items():
        assert fetch(url).headers["Location"] == target
    assert {fetch(url).status for url in truth["must_capture"]} == {200}


def test_impossible_changes_are_refused(running):
    site = running.site
    for change in (
        lambda: site.move(SLUG, OTHER),
        lambda: site.move(SLUG, "elsewhere", leave=302),
        lambda: site.delete(SLUG, guess="nothing"),
    ):
        with pytest.raises(ValueError, match=r"is no|exists|leaves"):
            change()
    assert SLUG in site.articles
    assert running.truth["moved"] == {}


def test_shaken_site_changes_the_bytes_of_every_page_and_nothing_else(running, fetch):
    base = running.base_url
    urls = [
        f"{base}{path}" for path in (f"{SLUG}/", "", "russia/", "about/", "nothing/", "?s=iran")
    ]
    files = [base + LOGO[1:], f"{base}feed/", f"{base}sitemap_index.xml"]
    before, truth = {url: fetch(url) for url in urls + files}, running.truth
    nonce = running.site.nonce
    running.site.shake()
    for url in urls:
        page = fetch(url).text
        assert page != before[url].text
        assert page == before[url].text.replace(nonce, running.site.nonce)
        assert page.count(running.site.nonce) == 2
    for url in files:
        assert fetch(url).body == before[url].body
    assert running.truth == truth
    stale = {"If-Modified-Since": before[urls[0]].headers["Last-Modified"]}
    assert fetch(urls[0], stale).status == 200


def test_site_without_validators_sends_none_with_html(running, fetch):
    base = running.base_url
    running.site.validators = False
    later = {"If-Modified-Since": "Fri, 31 Dec 2100 00:00:00 GMT", "If-None-Match": '"x"'}
    for path in (f"{SLUG}/", "", "russia/", "about/"):
        reply = fetch(base + path, later)
        assert reply.status == 200
        assert (reply.headers["ETag"], reply.headers["Last-Modified"]) == (None, None)
    logo = fetch(base + LOGO[1:])
    assert fetch(base + LOGO[1:], {"If-None-Match": logo.headers["ETag"]}).status == 304


def test_every_change_is_later_than_the_one_before(running):
    site = running.site
    for change in (site.shake, lambda: site.edit(SLUG, text="A."), lambda: site.move(SLUG, "b")):
        before = site.changed_at
        change()
        assert site.changed_at - before >= timedelta(seconds=1)
