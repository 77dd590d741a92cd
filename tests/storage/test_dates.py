"""An article's date is that of its printed date line; every row and count says the same."""

from collections.abc import Iterator

import pytest

from cacnp_archive.model.archive import Archive
from cacnp_archive.model.records import (
    Article,
    Author,
    Kind,
    Link,
    LinkKind,
    Reading,
)
from cacnp_archive.model.site import HOME
from cacnp_archive.storage.queries.citing import cite
from cacnp_archive.storage.queries.crawl_history import CrawlHistory
from cacnp_archive.storage.queries.related import related
from cacnp_archive.storage.queries.statistics import Statistics
from cacnp_archive.storage.schema.description import read_schema
from tests.support.crawling import Crawling


def new_year(slug: str) -> Article:
    """Return an article of New Year's Eve, by a clock at which it was already the next year."""
    return Article(
        url=f"{HOME}{slug}/",
        kind=Kind.POST,
        title=f"Missile defense {slug}",
        published_at="2014-01-01T03:30:00+00:00",
        published_on="2013-12-31",
        body_text="Missile defense is a matter of missiles.",
        authors=(Author(name="Ann First", printed="By Ann First"),),
        links=(
            Link(
                target_url=f"{HOME}b/",
                host="armscontrolcenter.org",
                kind=LinkKind.INTERNAL,
                anchor_text="b",
                context="b",
            ),
        ),
    )


@pytest.fixture
def crawling() -> Iterator[Crawling]:
    made = Crawling()
    for slug in ("a", "b"):
        made.save(f"{slug}/", Reading(article=new_year(slug)))
    yield made
    made.database.close()


def test_no_row_says_another_year_than_its_day(crawling: Crawling) -> None:
    dated = [
        table.name
        for table in read_schema(crawling.database)
        if {"year", "day"} <= {column.name for column in table.columns}
    ]
    assert {"articles", "bibliography"} <= set(dated)
    for name in dated:
        rows = crawling.database.execute(f"SELECT year, day FROM {name}").fetchall()
        assert rows == [("2013", "2013-12-31")] * 2


def test_every_count_is_of_the_same_year(crawling: Crawling) -> None:
    statistics = Statistics(crawling.database)
    counts = [
        statistics.by_kind(),
        statistics.by_topic(("missile defense",)),
        statistics.by_author(5),
        statistics.link_states(),
    ]
    assert [[(count.year, count.count) for count in found] for found in counts] == [[(2013, 2)]] * 4


def test_metrics_and_citations_are_of_the_same_day(crawling: Crawling) -> None:
    history = CrawlHistory(crawling.database)
    (crawl,) = history.crawl_rows()
    metrics = history.metrics_now(Archive(crawling.folder), crawl)
    assert metrics["year"] == {"2013": 2}
    assert metrics["filled"]["date"] == 1.0
    citation = cite(crawling.database, f"{HOME}a/")
    assert citation is not None
    assert citation.published_on == "2013-12-31"
    assert [other.day for other in related(crawling.database, 1, 5)] == ["2013-12-31"]


def test_counts_by_year_and_kind_are_read_from_an_index(crawling: Crawling) -> None:
    statements: list[str] = []
    crawling.database.conn.set_trace_callback(statements.append)
    Statistics(crawling.database).by_kind()
    crawling.database.conn.set_trace_callback(None)
    plan = crawling.database.execute(f"EXPLAIN QUERY PLAN {statements[-1]}").fetchall()
    steps = [row[-1] for row in plan]
    assert steps == ["SEARCH articles USING INDEX articles_by_year (year>?)"], "it sorts or scans"
