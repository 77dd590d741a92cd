import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cacnp_archive.model.capture import FailureReason
from cacnp_archive.model.hops import MAX_REDIRECTS
from cacnp_archive.model.records import (
    Article,
    Kind,
    ListEntry,
    ListName,
    Reading,
    Requisite,
    RequisiteKind,
)
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.model.traps import MAX_ALIKE, MAX_AT_ROOT_BESIDE_LISTS, MAX_IN_FOLDER
from cacnp_archive.storage.frontier.queue import Queue
from tests.support.captures import MOMENT
from tests.support.crawling import Crawling


@pytest.fixture
def crawling() -> Iterator[Crawling]:
    made = Crawling()
    yield made
    made.database.close()


def links(*paths: str, **more: Any) -> Reading:
    return Reading(links=tuple(path if "://" in path else HOME + path for path in paths), **more)


def sitemap(**modified: str) -> Reading:
    return Reading(
        entries=tuple(
            ListEntry(list_name=ListName.SITEMAP, url=f"{HOME}{slug}/", modified_at=at)
            for slug, at in modified.items()
        )
    )


def image(url: str) -> Reading:
    return Reading(requisites=(Requisite(url=url, kind=RequisiteKind.IMAGE),))


def test_what_is_found_waits_and_what_is_answered_does_not(crawling: Crawling) -> None:
    crawling.save("", links("a/", "b/", "a/#top", "a"))
    assert crawling.waiting() == ["a/", "b/"]
    crawling.save("a/", links("b/"))
    assert crawling.waiting() == ["b/"]


def test_each_known_address_is_archived_excluded_or_failed(crawling: Crawling) -> None:
    crawling.save("", links("a/", "gone/", "broken/", "dead/", "?s=x", "private/", "wait/"))
    crawling.save("a/")
    crawling.save("gone/", status=404)
    crawling.save("broken/", status=503)
    crawling.fail("dead/", FailureReason.TIMEOUT)
    crawling.fail("private/", FailureReason.ROBOTS_DENIED)
    assert crawling.states() == {
        "": "archived 200",
        "?s=x": "excluded search",
        "a/": "archived 200",
        "broken/": "failed 503",
        "dead/": "failed timeout",
        "gone/": "archived 404",
        "private/": "excluded robots",
        "wait/": "waiting None",
    }


def test_body_that_was_cut_off_is_a_failure(crawling: Crawling) -> None:
    crawling.save("a/", truncated="disconnect")
    assert crawling.states() == {"a/": "failed truncated"}


def test_answer_that_nothing_has_changed_since_nothing_is_a_failure(crawling: Crawling) -> None:
    crawling.save("a/", status=304)
    assert crawling.states() == {"a/": "failed 304"}


def test_links_to_other_hosts_are_no_affair_of_the_ledger(crawling: Crawling) -> None:
    crawling.save("", links("https://other.example.org/", "https://example.org/a.pdf"))
    assert list(crawling.states()) == [""]


def test_files_of_other_hosts_are_asked_for_and_what_they_lead_to_are_files(
    crawling: Crawling,
) -> None:
    style = "https://cdn.example.org/a.css"
    crawling.save("", Reading(requisites=(Requisite(url=style, kind=RequisiteKind.STYLE),)))
    assert crawling.waiting() == [style]
    crawling.save(style, image("https://fonts.example.org/b.woff2"), hops="E")
    assert crawling.waiting() == ["https://fonts.example.org/b.woff2"]


def test_page_that_is_asked_for_as_a_file_does_not_lead_to_other_hosts(crawling: Crawling) -> None:
    crawling.save("", image(f"{HOME}hub/"))
    crawling.save("hub/", links("https://other.example.org/", "a/"), hops="E")
    assert crawling.waiting() == ["a/"]


def test_redirected_file_of_another_host_is_followed(crawling: Crawling) -> None:
    picture = "https://cdn.example.org/a.png"
    crawling.save("", image(picture))
    crawling.save(picture, links("https://cdn2.example.org/a.png"), status=302, hops="E")
    assert crawling.waiting() == ["https://cdn2.example.org/a.png"]


def test_files_in_private_networks_are_not_asked_for(crawling: Crawling) -> None:
    crawling.save("", image("http://192.168.1.1/router.png"))
    assert crawling.states()["http://192.168.1.1/router.png"] == "excluded other-network"


def test_redirect_to_another_variant_of_an_address_is_followed_so_many_times(
    crawling: Crawling,
) -> None:
    crawling.save("", links("a"))
    asked = []
    while waiting := Queue(crawling.database, Site.at(HOME)).next_queued(1):
        asked.append(waiting[0].url)
        there = f"http://armscontrolcenter.org/a{'/' * (len(asked) % 2)}"
        crawling.save(waiting[0].url, links(there), status=301, hops=waiting[0].hops)
    assert len(asked) == 1 + MAX_REDIRECTS
    assert crawling.states() == {"": "archived 200", "a/": "failed redirect-loop"}


def test_lists_come_first_then_pages_then_files(crawling: Crawling) -> None:
    page = replace(image(f"{HOME}a.png"), links=(f"{HOME}a/", f"{HOME}post-sitemap.xml"))
    crawling.save("", page)
    assert crawling.waiting() == ["post-sitemap.xml", "a/", "a.png"]
    first = Queue(crawling.database, Site.at(HOME)).next_queued(5)
    assert [waiting.url for waiting in first] == [f"{HOME}post-sitemap.xml"]
    assert first[0].via == HOME


def test_trap_is_bounded_over_all_crawls_but_not_for_what_a_list_names(crawling: Crawling) -> None:
    days = [f"calendar/2026-{day}/" for day in range(MAX_ALIKE + 50)]
    crawling.save("", links(*days[:-20]))
    crawling.begin(1)
    crawling.save("again/", links(*days))
    states = crawling.states()
    assert sum(state == "excluded trap" for state in states.values()) == 50
    crawling.save("s.xml", sitemap(**{days[-1].rstrip("/"): "2026-01-01"}))
    assert crawling.states()[days[-1]] == "waiting None"


def test_feed_does_not_narrow_the_bounds_of_a_site_without_other_lists(crawling: Crawling) -> None:
    newest = ListEntry(list_name=ListName.FEED, url=f"{HOME}post-0-x/")
    crawling.save("feed/", Reading(entries=(newest,)))
    crawling.save("", links(*(f"post-{n}-x/" for n in range(MAX_AT_ROOT_BESIDE_LISTS + 500))))
    assert "excluded trap" not in crawling.states().values()


def test_feed_does_not_vouch_for_what_it_names(crawling: Crawling) -> None:
    days = [f"calendar/2026-{day}/" for day in range(MAX_ALIKE + 50)]
    feed = Reading(
        entries=tuple(ListEntry(list_name=ListName.FEED, url=HOME + day) for day in days)
    )
    crawling.save("calendar/feed/", feed)
    assert sum(state == "excluded trap" for state in crawling.states().values()) == 50


def test_save_that_was_rolled_back_leaves_the_ledger_as_it_was(crawling: Crawling) -> None:
    bad = Article(url=f"{HOME}a/", kind=Kind.POST, title="lone \ud800", body_text="\ud800")
    with pytest.raises(UnicodeEncodeError):
        crawling.save("a/", links("b/", article=bad))
    assert crawling.states() == {}
    crawling.save("a/", links("b/"))
    assert crawling.waiting() == ["b/"]
    assert crawling.writer.counts.known == 2


def test_next_page_of_a_list_is_asked_for_again_only_when_the_list_has_news(
    crawling: Crawling,
) -> None:
    def front(*paths: str) -> Reading:
        return replace(links(*paths), next_page=f"{HOME}page/2/")

    crawling.save("", front("a/"))
    crawling.save("a/")
    crawling.save("page/2/")
    crawling.begin(1)
    crawling.save("", front("a/"))
    assert crawling.waiting() == []
    crawling.begin(2)
    crawling.save("", front("new/", "a/"))
    assert crawling.waiting() == ["new/", "page/2/"]


def test_page_in_the_place_of_a_list_does_not_have_its_links_asked_for_again(
    crawling: Crawling,
) -> None:
    index = replace(links("a/"), lists=(f"{HOME}maps/7", f"{HOME}maps/8"))
    crawling.save("wp-sitemap.xml", index)
    for path in ("a/", "maps/7", "maps/8"):
        crawling.save(path)
    crawling.begin(1)
    crawling.save("wp-sitemap.xml", links("a/", "maps/7", "maps/8"))
    assert crawling.waiting() == []
    crawling.begin(2)
    crawling.save("wp-sitemap.xml", index)
    assert crawling.waiting() == ["maps/7", "maps/8"]


def test_stated_change_is_looked_at_again_and_nothing_else(crawling: Crawling) -> None:
    crawling.save("s.xml", sitemap(a="2026-01-01", b="2026-01-01"))
    crawling.save("a/")
    crawling.save("b/")
    crawling.begin(1)
    crawling.save("s.xml", sitemap(a="2026-01-01", b="2026-01-18"))
    assert crawling.waiting() == ["b/"]


def test_list_that_is_read_for_the_first_time_names_what_changed_after_its_capture(
    crawling: Crawling,
) -> None:
    crawling.save("", links("a/", "b/"))
    crawling.save("a/")
    crawling.save("b/")
    crawling.begin(9)
    crawling.save("s.xml", sitemap(a="2026-01-16T00:00:00Z", b="2026-01-20T00:00:00+00:00"))
    assert crawling.waiting() == ["b/"]


def test_change_is_not_forgotten_when_the_crawl_dies_before_it_is_looked_at(
    crawling: Crawling,
) -> None:
    crawling.save("s.xml", sitemap(a="2026-01-01"))
    crawling.save("a/")
    crawling.begin(1)
    crawling.save("s.xml", sitemap(a="2026-01-18"))
    crawling.begin(2)
    crawling.save("s.xml", sitemap(a="2026-01-18"))
    assert crawling.waiting() == ["a/"]


def test_what_a_sitemap_drops_is_looked_at_again_once(crawling: Crawling) -> None:
    crawling.save("s.xml", sitemap(a="2026-01-01", b="2026-01-01"))
    crawling.save("a/")
    crawling.save("b/")
    writer = crawling.begin(1)
    crawling.save("s.xml", sitemap(a="2026-01-01"))
    assert writer.more()
    assert crawling.waiting()[0] == "b/"
    crawling.save("b/", status=404)
    writer = crawling.begin(1.1)
    crawling.save("s.xml", sitemap(a="2026-01-01"))
    writer.more()
    assert "b/" not in crawling.waiting()


@pytest.mark.parametrize("status", [404, 503])
def test_sitemap_that_cannot_be_read_drops_nothing(status: int, crawling: Crawling) -> None:
    slugs = {f"a{number}": "2026-01-01" for number in range(40)}
    crawling.save("s.xml", sitemap(**slugs))
    for slug in slugs:
        crawling.save(f"{slug}/")
    writer = crawling.begin(0.01)
    crawling.save("s.xml", status=status)
    writer.more()
    assert len(crawling.waiting()) <= 1


@pytest.mark.parametrize(("days", "count"), [(1, 3), (10, 30), (30, 90), (45, 90)])
def test_share_of_the_rest_grows_with_the_time_since_the_last_crawl(
    days: int, count: int, crawling: Crawling
) -> None:
    for number in range(90):
        crawling.save(f"a{number}/")
    writer = crawling.begin(days)
    writer.more()
    assert crawling.waiting() == [f"a{number}/" for number in range(count)]


def test_every_address_is_looked_at_within_the_period_by_nightly_crawls(
    crawling: Crawling,
) -> None:
    for number in range(100):
        crawling.save(f"a{number}/")
    counts = []
    for night in range(1, 31):
        crawling.begin(night).more()
        counts.append(len(crawling.waiting()))
        for path in crawling.waiting():
            crawling.save(path)
    assert max(counts) <= 4
    (oldest,) = crawling.database.execute("SELECT min(checked_at) FROM addresses").fetchone()
    assert oldest > (MOMENT + timedelta(days=1)).isoformat()


def test_failures_are_tried_again_by_the_next_crawl(crawling: Crawling) -> None:
    crawling.save("", links("a/"))
    crawling.save("a/", status=503)
    crawling.begin(1)._frontier.begin()
    assert "a/" in crawling.waiting()


def test_requisites_of_a_page_are_those_of_its_latest_reading(crawling: Crawling) -> None:
    crawling.save("", image(f"{HOME}old.png"))
    crawling.save("", image(f"{HOME}new.png"))
    crawling.save("new.png", status=404)
    rows = list(crawling.database.query("SELECT * FROM requisites"))
    assert rows == [
        {
            "page_url": HOME,
            "url": f"{HOME}new.png",
            "kind": "image",
            "state": "missing",
            "reason": "404",
        }
    ]


paths = st.sampled_from(
    ["", "a/", "b/", "c", "?s=1", "x.png", "robots.txt", "wp-admin/", "page/2/"]
)
statuses = st.sampled_from([200, 301, 304, 404, 429, 503])


@pytest.mark.slow
@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(paths, statuses, st.lists(paths, max_size=4), st.booleans()),
        max_size=25,
    )
)
def test_the_ledger_balances_whatever_comes(
    steps: list[tuple[str, int, list[str], bool]],
) -> None:
    crawling = Crawling()
    for number, (path, status, found, is_new_crawl) in enumerate(steps):
        if is_new_crawl:
            crawling.begin(number + 1)
        crawling.save(path, links(*found), status=status)
        counts = dict(
            crawling.database.execute("SELECT state, count(*) FROM ledger GROUP BY state")
        )
        known, queued, _ = crawling.writer.counts
        assert set(counts) <= {"archived", "excluded", "failed", "waiting"}
        assert sum(counts.values()) == known
        assert counts.get("waiting", 0) == queued
    crawling.database.close()


def test_lists_keep_what_they_say(crawling: Crawling) -> None:
    entry = ListEntry(
        list_name=ListName.REST,
        url=f"{HOME}a/",
        wordpress_id=7,
        title="A",
        published_at="2026-01-01T00:00:00Z",
        categories=(3, 4),
    )
    crawling.save("wp-json/wp/v2/posts", Reading(entries=(entry,)))
    (row,) = crawling.database.query("SELECT * FROM list_entries")
    assert (row["list"], row["wordpress_id"], row["title"]) == ("rest", 7, "A")
    assert json.loads(row["categories"]) == [3, 4]


def test_maze_of_pages_with_names_is_bounded(crawling: Crawling) -> None:
    crawling.save("s.xml", sitemap(a="2026-01-01"))
    for number in range(40):
        crawling.save(f"m{number}/", links(*(f"maze/{number}/x{n}-y/" for n in range(60))))
        crawling.save(f"n{number}/", links(*(f"w{number}-{n}-z/" for n in range(60))))
    below = [url for url in crawling.waiting() if url.startswith("maze/")]
    at_root = [url for url in crawling.waiting() if url.startswith("w")]
    assert len(below) == MAX_IN_FOLDER
    assert len(at_root) <= MAX_AT_ROOT_BESIDE_LISTS


def test_site_without_lists_may_have_many_pages_that_only_links_name(crawling: Crawling) -> None:
    crawling.save("", links(*(f"post-{n}-x/" for n in range(5000))))
    assert len(crawling.waiting()) == 5000


def test_article_that_is_gone_is_looked_at_again_while_a_list_names_it(crawling: Crawling) -> None:
    listed = sitemap(a="2015-01-01", b="2015-01-01")
    article = Article(url=f"{HOME}a/", kind=Kind.POST, title="A")
    crawling.save("s.xml", listed)
    crawling.save("a/", Reading(article=article))
    crawling.save("b/")
    crawling.begin(31)
    crawling.save("a/", status=404)
    crawling.save("b/")
    crawling.begin(32)
    crawling.save("s.xml", listed)
    assert crawling.writer.more()
    assert crawling.waiting() == ["a/"]
    crawling.save("a/", Reading(article=article))
    assert crawling.database.execute("SELECT gone_at FROM articles").fetchall() == [(None,)]


def test_what_robots_forbade_is_asked_for_when_it_says_something_else(crawling: Crawling) -> None:
    crawling.save("robots.txt", status=200)
    crawling.save("", links("a/", "b/"))
    crawling.fail("a/", FailureReason.ROBOTS_DENIED)
    crawling.fail("b/", FailureReason.ROBOTS_DENIED)
    crawling.begin(1, recheck_days=1000)
    crawling.save("robots.txt", status=200)
    crawling.writer.more()
    assert "b/" not in crawling.waiting()
    crawling.begin(2, recheck_days=1000)
    crawling.save("robots.txt", status=404)
    assert crawling.writer.more()
    assert {"a/", "b/"} <= set(crawling.waiting())


def test_sitemap_that_states_new_times_for_everything_is_not_believed(crawling: Crawling) -> None:
    slugs = [f"a{number}" for number in range(80)]
    crawling.save("s.xml", sitemap(**dict.fromkeys(slugs, "2026-01-01")))
    for slug in slugs:
        crawling.save(f"{slug}/")
    crawling.begin(1)
    crawling.save("s.xml", sitemap(**dict.fromkeys(slugs, "2026-01-18"), new="2026-01-18"))
    assert crawling.waiting() == ["new/"]
    (problem,) = crawling.database.query("SELECT code FROM problems")
    assert problem == {"code": "incredible-times"}


def test_sitemap_that_loses_nearly_everything_is_thought_broken(crawling: Crawling) -> None:
    slugs = {f"a{number}": "2026-01-01" for number in range(80)}
    crawling.save("s.xml", sitemap(**slugs))
    for slug in slugs:
        crawling.save(f"{slug}/")
    writer = crawling.begin(0.01)
    crawling.save("s.xml", sitemap(a0="2026-01-01"))
    writer.more()
    assert len(crawling.waiting()) <= 1
    (named,) = crawling.database.query("SELECT count(*) AS n FROM list_entries")
    assert named["n"] == 80


@pytest.mark.parametrize("status", [401, 403])
def test_wall_before_what_was_archived_is_a_failure(status: int, crawling: Crawling) -> None:
    crawling.save("a/")
    crawling.save("a/", status=status)
    crawling.save("members/", status=status)
    assert crawling.states() == {
        "a/": "failed access-denied",
        "members/": f"archived {status}",
    }


def test_every_queued_url_is_handed_out_once_by_several_reads(crawling: Crawling) -> None:
    crawling.save("", replace(image(f"{HOME}a.png"), links=tuple(f"{HOME}{n}/" for n in range(5))))
    queue = Queue(crawling.database, Site.at(HOME))
    first, second = queue.next_queued(3), queue.next_queued(3)
    crawling.save("late/", links("5/", "6/"))
    rest = [queue.next_queued(3) for _ in range(4)]
    paths = [[found.url.removeprefix(HOME) for found in read] for read in (first, second, *rest)]
    assert paths == [["0/", "1/", "2/"], ["3/", "4/"], ["5/", "6/"], ["a.png"], [], []]
