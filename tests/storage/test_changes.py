"""The command `changes`, the report and the metrics of a crawl tell the same changes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import RecordPointer
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.records import Article, ChangeKind, Kind, Reading
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.storage.queries.changes import change_counts, changes_of
from cacnp_archive.storage.queries.crawl_history import CrawlHistory
from cacnp_archive.storage.writing.imports import Imports, Source
from tests.support.captures import MOMENT, make_capture
from tests.support.crawling import Crawling, safe

SOURCE = Source(
    file="a.warc", name="a.warc", size=1, sha256="0", software=None, operator=None, description=None
)


def article(slug: str, text: str = "One.") -> Reading:
    return Reading(
        article=Article(url=f"{HOME}{slug}/", kind=Kind.POST, title=slug.upper(), body_text=text)
    )


@pytest.fixture
def crawling() -> Iterator[Crawling]:
    """Two crawls: of a, b and c; then a is edited, b is gone, c as before and d is new."""
    made = Crawling()
    for slug in "abc":
        made.save(f"{slug}/", article(slug))
    made.begin(1)
    made.save("a/", article("a", "Two."))
    made.save("b/", article("b"))
    made.save("b/", status=404)
    made.save("c/", article("c"))
    made.save("d/", article("d"))
    yield made
    made.database.close()


def told(crawling: Crawling, **which: str) -> list[str]:
    found = changes_of(crawling.database, **which)  # type: ignore[arg-type]
    return [f"{change.kind} {change.title}" for change in found]


def test_changes_come_latest_first_and_every_article_is_added_once(crawling: Crawling) -> None:
    assert told(crawling) == [
        *("added D", "gone B", "edited silently A"),
        *("added C", "added B", "added A"),
    ]
    assert told(crawling, since="2026-01-18") == ["added D", "gone B", "edited silently A"]
    assert told(crawling, kinds=(ChangeKind.GONE, ChangeKind.EDITED)) == ["gone B"]
    assert told(crawling, since="2026-01-19") == []


def test_report_and_metrics_have_the_changes_of_their_crawl(crawling: Crawling) -> None:
    history = CrawlHistory(crawling.database)
    second, first = history.crawl_rows()
    for crawl, expected in (
        (first, {"added": 3}),
        (second, {"added": 1, "gone": 1, "edited silently": 1}),
    ):
        changes = history.changes_of(crawl)
        assert [change.at for change in changes] == sorted(change.at for change in changes)
        assert change_counts(crawling.database, crawl.id) == expected
        assert len(changes) == sum(expected.values())
        assert sorted(told(crawling, crawl_id=crawl.id)) == sorted(
            f"{change.kind} {change.title}" for change in changes
        )


def test_change_names_the_capture_that_showed_it_and_what_was_good_before(
    crawling: Crawling,
) -> None:
    changes = {change.title: change for change in changes_of(crawling.database, crawl_id="c1")}
    gone, edited = changes["B"], changes["A"]
    rows = crawling.database.execute(
        "SELECT captured_at, warc_record_id FROM captures WHERE canonical_url = ? ORDER BY id",
        [f"{HOME}b/"],
    ).fetchall()
    assert [(gone.last_good_at, gone.last_good_record), (gone.at, gone.warc_record_id)] == rows[1:]
    assert gone.detail == "404"
    assert (edited.detail, edited.last_good_record) == ("version 2", None)


def test_what_is_imported_between_two_crawls_is_added_by_the_import(crawling: Crawling) -> None:
    site = Site.at(HOME)
    crawl = Crawl.begin(
        site, Archive(Path("nowhere")), user_agent="", obeys_robots=False, settings={}
    )
    capture = make_capture(f"{HOME}e/", captured_at=MOMENT + timedelta(hours=5))
    capture = replace(safe(capture), record=RecordPointer("a.warc", 1, 1, "urn:uuid:imported"))
    with Imports(crawling.database).begin(crawl, SOURCE, "") as saver:
        saver.save(capture, "response", article("e"), is_file=False)
    assert change_counts(crawling.database, "c0") == {"added": 3}
    assert change_counts(crawling.database, crawl.crawl_id) == {"added": 1}
    assert told(crawling, kinds=(ChangeKind.ADDED,)) == [
        *("added D", "added E"),
        *("added C", "added B", "added A"),
    ]
