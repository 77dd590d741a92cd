"""Walls that nobody knows are found by behaviour, and what was read from them is taken back."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from cacnp_archive.model.hops import MAX_REDIRECTS
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import (
    Article,
    Author,
    Category,
    Kind,
    Link,
    LinkKind,
    ListEntry,
    ListName,
    Problem,
    Reading,
)
from cacnp_archive.model.site import HOME
from cacnp_archive.model.wall import Wall, WallKind
from cacnp_archive.parsing.read_capture import read_capture
from cacnp_archive.storage.frontier.prior_captures import validators_of
from cacnp_archive.storage.frontier.queue import Queue
from cacnp_archive.storage.queries.crawl_history import CrawlHistory
from cacnp_archive.storage.queries.crawl_metrics import alerts, measure
from tests.support.captures import make_capture
from tests.support.crawling import Crawling

SLUGS = ("a/", "b/", "c/", "d/")
TABLES = ("articles", "article_authors", "article_categories", "links", "versions", "changes")


@pytest.fixture
def crawling() -> Iterator[Crawling]:
    made = Crawling()
    made.database.execute("PRAGMA foreign_keys = ON")
    yield made
    made.database.close()


def post(slug: str, text: str = "", number: int | None = None) -> Reading:
    """Return the reading of a post; each has an id of its own."""
    return Reading(
        article=Article(
            url=HOME + slug,
            kind=Kind.POST,
            title=f"Title of {slug}",
            wordpress_id=ord(slug[0]) if number is None else number,
            body_text=text or f"Text of {slug}",
            authors=(Author(name=f"Author of {slug}", printed="By"),),
            categories=(Category(name="Asia", url=f"{HOME}asia/"),),
            links=(
                Link(
                    target_url="https://x.example/",
                    host="x.example",
                    kind=LinkKind.OUTBOUND,
                    anchor_text="x",
                    context="x",
                ),
            ),
        )
    )


def notice(slug: str) -> Reading:
    """Return the reading of a notice made by WordPress, which is served in place of every post."""
    article = post("z/").article
    assert article is not None
    return Reading(article=replace(article, url=HOME + slug, wordpress_id=999))


UNKNOWN = Reading(
    links=(f"{HOME}support/",),
    problems=(Problem(code=ProblemCode.UNKNOWN_LAYOUT, detail=""),),
    signature="b1234",
)
SUSPECT = replace(
    UNKNOWN, wall=Wall(WallKind.CHALLENGE, "a script", is_certain=False), signature="s"
)


def rows(crawling: Crawling) -> dict[str, list[dict[str, Any]]]:
    return {table: list(crawling.database.query(f"SELECT * FROM {table}")) for table in TABLES}


def walls(crawling: Crawling) -> dict[str, str]:
    found = crawling.database.execute(
        "SELECT canonical_url, wall FROM captures WHERE wall IS NOT NULL ORDER BY id"
    )
    return {url.removeprefix(HOME): wall for url, wall in found}


def listed(*slugs: str) -> Reading:
    return Reading(
        entries=tuple(ListEntry(list_name=ListName.SITEMAP, url=HOME + slug) for slug in slugs)
    )


@pytest.mark.parametrize("served", [notice, lambda _: UNKNOWN])
def test_one_answer_of_many_articles_changes_nothing(served: Any, crawling: Crawling) -> None:
    for slug in SLUGS:
        crawling.save(slug, post(slug))
    before = rows(crawling)
    crawling.begin(1)
    for slug in SLUGS:
        crawling.save(slug, served(slug))
    assert walls(crawling) == dict.fromkeys(SLUGS, "same-answer")
    assert rows(crawling) == before
    assert crawling.states() | {"support/": ""} == {
        **dict.fromkeys(SLUGS, "failed same-answer"),
        "support/": "",
    }
    assert validators_of(crawling.database, f"{HOME}a/", {"c.warc.gz"}) is None
    crawling.begin(2)
    for slug in SLUGS:
        crawling.save(slug, post(slug))
    assert [row["kind"] for row in rows(crawling)["changes"]] == []
    assert crawling.states()["a/"] == "archived 200"


def test_article_that_was_edited_before_it_was_walled_keeps_its_versions(
    crawling: Crawling,
) -> None:
    for slug in SLUGS:
        crawling.save(slug, post(slug))
    crawling.begin(1)
    crawling.save("a/", post("a/", "An edit."))
    crawling.save("b/", status=404)
    before = rows(crawling)
    crawling.begin(2)
    for slug in SLUGS:
        crawling.save(slug, notice(slug))
    assert rows(crawling) == before


def test_departure_by_a_wall_is_taken_back(crawling: Crawling) -> None:
    crawling.save("a/", post("a/"))
    before = rows(crawling)
    crawling.begin(1)
    crawling.save("a/", Reading(links=(f"{HOME}check/",)), status=302)
    assert [row["kind"] for row in rows(crawling)["changes"]] == ["gone"]
    crawling.save("check/", Reading(links=(f"{HOME}a/",)), status=302)
    assert walls(crawling) == {"a/": "redirect-loop", "check/": "redirect-loop"}
    assert rows(crawling) == before


def test_new_articles_that_have_one_answer_are_none(crawling: Crawling) -> None:
    crawling.save("s.xml", listed(*SLUGS))
    for slug in SLUGS:
        crawling.save(slug, notice(slug))
    assert len(walls(crawling)) == 4
    assert not any(rows(crawling).values())
    (found,) = crawling.database.execute("SELECT count(*) FROM articles_fts").fetchone()
    assert found == 0


def test_suspicion_is_a_verdict_where_a_page_is_known(crawling: Crawling) -> None:
    crawling.save("s.xml", listed("a/"))
    crawling.save("a/", SUSPECT)
    crawling.save("b/", SUSPECT)
    assert walls(crawling) == {"a/": "challenge"}
    (evidence,) = crawling.database.execute(
        "SELECT wall_evidence FROM captures WHERE wall IS NOT NULL"
    ).fetchone()
    assert evidence == "a script"
    crawling.save("c/", SUSPECT)
    assert walls(crawling) == {"a/": "challenge", "b/": "same-answer", "c/": "same-answer"}


def test_front_page_is_known_in_the_first_crawl(crawling: Crawling) -> None:
    crawling.save("", SUSPECT)
    crawling.begin(1)
    crawling.save("", status=403)
    assert [row["wall"] for row in crawling.database.query("SELECT wall FROM captures")] == [
        "challenge",
        "access-denied",
    ]


def test_refusal_of_several_listed_pages_is_a_wall_and_of_one_is_none(crawling: Crawling) -> None:
    crawling.save("s.xml", listed("a/", "b/", "c/"))
    for slug in ("a/", "x/", "y/", "b/"):
        crawling.save(slug, Reading(signature="e403"), status=403)
    assert walls(crawling) == {}
    crawling.save("c/", Reading(signature="e403"), status=403)
    assert walls(crawling) == dict.fromkeys(("a/", "b/", "c/"), "same-answer")


def test_empty_robots_txt_is_no_wall_and_html_in_place_of_a_list_is(crawling: Crawling) -> None:
    empty = Reading(wall=Wall(WallKind.EMPTY, "", is_certain=False), signature="s")
    crawling.save("robots.txt", empty)
    assert walls(crawling) == {}
    crawling.save("s.xml", listed("a/"))
    crawling.database.execute("UPDATE captures SET media_type = 'text/xml' WHERE url LIKE '%s.xml'")
    crawling.begin(1)
    crawling.save("s.xml", UNKNOWN)
    assert walls(crawling) == {"s.xml": "wrong-format"}


def test_ordinary_answers_are_no_walls(crawling: Crawling) -> None:
    """Templates of 404, soft 404, redirects to the front page, variants, one post twice."""
    crawling.save("s.xml", listed(*SLUGS, "one/", "two/"))
    for day in (0.5, 1):
        for slug in SLUGS:
            crawling.save(slug, post(slug))
        for slug in ("?x=1", "?x=2", "?x=3", "one/", "two/"):
            crawling.save(slug, notice(slug))
        for slug in ("tiny1/", "tiny2/", "tiny3/"):
            crawling.save(slug, UNKNOWN)
        crawling.begin(day)
    soft = Reading(problems=(Problem(code=ProblemCode.NOT_FOUND_PAGE, detail=""),))
    crawling.save("a/", soft)
    crawling.save("b/", soft)
    crawling.save("c/", soft)
    for slug in ("d/", "one/", "two/"):
        crawling.save(slug, Reading(links=(HOME,)), status=302)
    assert walls(crawling) == {}
    gone = crawling.database.execute("SELECT url, gone_reason FROM articles ORDER BY url")
    reasons = {url.removeprefix(HOME): reason for url, reason in gone.fetchall()}
    assert [reasons[slug] for slug in SLUGS] == ["not-found-page"] * 3 + ["home"]


def test_redirects_end_whatever_their_shape(crawling: Crawling) -> None:
    crawling.save("", Reading(links=(f"{HOME}r/",)))
    asked = []
    while waiting := Queue(crawling.database, crawling.site).next_queued(1):
        asked.append(waiting[0].url)
        longer = Reading(links=(f"{waiting[0].url}{'abcdefghijklmnopqrstuvwxyz'[len(asked)]}/",))
        crawling.save(waiting[0].url, longer, status=302, hops=waiting[0].hops)
    assert len(asked) == 1 + MAX_REDIRECTS
    assert [*walls(crawling).values()] == ["redirect-loop"]


def test_walls_are_told(crawling: Crawling) -> None:
    crawling.save("a/", Reading(wall=Wall(WallKind.BLOCK, "Server: x")))
    metrics = measure(crawling.database, crawling.crawl, {})
    assert metrics["walls"] == {"block": 1}
    assert any("1 block" in alert for alert in alerts(metrics, {}))
    history = CrawlHistory(crawling.database)
    (failure,) = history.failures_of(history.crawl_rows()[0])
    assert (failure.reason, failure.detail) == ("block", "Server: x")


def test_articles_that_cannot_be_read_raise_an_alert(crawling: Crawling) -> None:
    for slug in SLUGS:
        crawling.save(slug, post(slug))
    crawling.begin(1)
    for number, slug in enumerate(SLUGS):
        crawling.save(slug, replace(UNKNOWN, signature=f"b{number}"))
    assert walls(crawling) == {}
    metrics = measure(crawling.database, crawling.crawl, {})
    found = list(alerts(metrics, {}))
    assert any("4 articles cannot be read as well as before" in alert for alert in found)


KINDS_OF_PAGES = (
    '<body class="single postid-{n}"><article class="post-{n} type-post entry">'
    '<h1 class="entry-title">Post {n}</h1><div class="entry-content">{text}</div></article>',
    "<body><h1>Page {n}</h1>",
    '<body><img src="/chart-{n}.png">',
    "<body><p>Report 2014{n}</p>",
    '<body class="attachment attachmentid-{n} wp-x">IMG_20140506_{n}',
    "<body><p>Seconds since 1970: {n}{n}</p><a href='/{n}/'>on</a>",
    '<body class="error404 wp-x"><p>Nothing here.</p>',
    '<body class="archive category wp-x"><p>No posts.</p>',
)


@pytest.mark.parametrize("kind", KINDS_OF_PAGES)
def test_ordinary_pages_are_no_walls(kind: str, crawling: Crawling) -> None:
    """Five hundred of each kind, which a sitemap lists, some of them tiny."""
    slugs = [f"page-{number}/" for number in range(1000, 1500)]
    crawling.save("s.xml", listed(*slugs))
    for number, slug in enumerate(slugs, 1000):
        text = "<p>Cloudflare shows &lt;title&gt;Just a moment...&lt;/title&gt;, a captcha.</p>"
        body = f"<!DOCTYPE html><html>{kind.format(n=number, text=text)}</body></html>"
        capture = make_capture(HOME + slug, body.encode())
        crawling.save(slug, read_capture(capture, crawling.site))
    assert walls(crawling) == {}
