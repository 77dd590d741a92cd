"""A reading never gets worse silently: the last good one stays in force until a layout is known."""

from dataclasses import replace

import pytest

from cacnp_archive.model.layouts import Layout
from cacnp_archive.model.records import Article, Kind, Reading
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.storage.writing.articles import save_article
from tests.support.crawling import Crawling

GOOD = Article(
    url=f"{HOME}a/",
    kind=Kind.POST,
    title="Silos",
    published_on="2019-03-12",
    body_text="They are empty.",
    text_selector="article > div.entry-content",
)
ELSEWHERE = replace(GOOD, text_selector="div > div.c1")


@pytest.fixture
def crawling() -> Crawling:
    made = Crawling()
    made.save("a/", Reading(article=GOOD))
    made.begin(1)
    return made


def saved(crawling: Crawling) -> tuple[object, ...]:
    row: tuple[object, ...] = crawling.database.execute(
        """SELECT title, body_text, published_on, layout, capture_id,
            (SELECT count(*) FROM versions), (SELECT count(*) FROM changes),
            (SELECT count(*) FROM waiting_readings),
            (SELECT count(*) FROM problems WHERE code = 'waiting')
        FROM articles"""
    ).fetchone()
    return row


KEPT = ("Silos", "They are empty.", "2019-03-12", "known", 1, 1, 0, 1, 1)


@pytest.mark.parametrize(
    "article",
    [
        replace(GOOD, body_text="", text_selector=None),
        replace(GOOD, title=None),
        replace(GOOD, layout=Layout.GENERAL, body_text="Menu. They are empty."),
        replace(ELSEWHERE, body_text="They are empty. Share this."),
        None,
    ],
)
def test_worse_reading_waits_and_the_last_stays(
    crawling: Crawling, article: Article | None
) -> None:
    crawling.save("a/", Reading(article=article))
    assert saved(crawling) == KEPT
    crawling.begin(2)
    crawling.save("a/", Reading(article=article))
    assert saved(crawling) == KEPT


def test_better_reading_of_a_later_capture_ends_the_waiting(crawling: Crawling) -> None:
    crawling.save("a/", Reading(article=replace(GOOD, title=None)))
    crawling.save("a/", Reading(article=replace(GOOD, body_text="They are full.")))
    assert saved(crawling)[1:] == ("They are full.", "2019-03-12", "known", 3, 2, 1, 0, 0)


def test_same_words_in_a_new_look_are_no_edit_and_lose_nothing(crawling: Crawling) -> None:
    crawling.save("a/", Reading(article=replace(ELSEWHERE, published_on=None)))
    assert saved(crawling) == ("Silos", "They are empty.", "2019-03-12", "known", 2, 1, 0, 0, 0)


def test_text_that_is_empty_in_a_known_look_is_an_edit(crawling: Crawling) -> None:
    crawling.save("a/", Reading(article=replace(GOOD, body_text="")))
    assert saved(crawling)[1] == ""
    assert saved(crawling)[5:] == (2, 1, 0, 0)


def test_same_bytes_read_otherwise_are_no_edit() -> None:
    crawling = Crawling()
    guess = replace(GOOD, layout=Layout.GENERAL, body_text="Menu. They are empty.")
    crawling.save("a/", Reading(article=guess))
    save_article(
        crawling.database,
        Site.at(HOME),
        replace(GOOD, layout=Layout.LEARNED),
        capture_id=1,
        source_id=1,
        seen_at="2026-01-17T12:30:46.000000Z",
        is_settled=True,
    )
    assert saved(crawling)[1] == "They are empty."
    assert saved(crawling)[5:] == (1, 0, 0, 0)
