"""Crawls without a server or files: captures made by hand are saved as a crawl saves them."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import (
    Capture,
    Digests,
    FailedExchange,
    FailureReason,
    RecordPointer,
)
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.records import Reading
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.storage.schema.migrations import migrations
from cacnp_archive.storage.writing.crawl_writer import CrawlWriter
from cacnp_archive.storage.writing.crawls import insert_crawl
from tests.support.captures import MOMENT, make_capture


def safe(capture: Capture, number: int = 1) -> Capture:
    """Return a capture as if its record were safe in a WARC file."""
    return replace(
        capture,
        record=RecordPointer("c.warc.gz", number * 100, 90, f"urn:uuid:{number}"),
        digests=Digests("sha1:B", None, "sha256:e", 11),
    )


class Crawling:
    """A database in memory, into which crawls save the captures that they are given."""

    folder = Path("nowhere")
    """Of the archive: nothing is written into it."""

    def __init__(self) -> None:
        self.database = Database(memory=True)
        migrations.apply(self.database)
        self.count = 0
        self.begin(0)

    def begin(self, day: float, recheck_days: float = 30) -> CrawlWriter:
        crawl = Crawl.begin(
            Site.at(HOME),
            Archive(self.folder),
            user_agent="test",
            obeys_robots=True,
            settings={},
            recheck_days=recheck_days,
        )
        self.day = day
        at = MOMENT + timedelta(days=day)
        crawl = replace(crawl, crawl_id=f"c{day}", started_at=at)
        insert_crawl(self.database, crawl)
        self.crawl, self.site = crawl, crawl.site
        self.writer = CrawlWriter(self.database, crawl)
        return self.writer

    def save(
        self, path: str, reading: Reading | None = None, *, status: int = 200, **what: Any
    ) -> None:
        self.count += 1
        capture = make_capture(
            path if "://" in path else HOME + path,
            captured_at=MOMENT + timedelta(days=self.day, seconds=self.count),
            status=f"{status} As it is",
        )
        capture = replace(safe(capture, self.count), **{"hops": ""} | what)
        self.writer.save(capture, reading or Reading())

    def fail(self, path: str, reason: FailureReason) -> None:
        self.count += 1
        self.writer.save_failure(
            FailedExchange(
                url=HOME + path,
                failed_at=MOMENT + timedelta(days=self.day, seconds=self.count),
                reason=reason,
                detail="",
                record=RecordPointer("c.warc.gz", self.count, 1, f"urn:uuid:{self.count}"),
            )
        )

    def waiting(self) -> list[str]:
        rows = self.database.execute(
            """SELECT request_url FROM addresses WHERE queue_position IS NOT NULL
            ORDER BY queue_position"""
        )
        return [url.removeprefix(HOME) for (url,) in rows]

    def states(self) -> dict[str, str]:
        rows = self.database.execute("SELECT url, state, reason FROM ledger ORDER BY url")
        return {url.removeprefix(HOME): f"{state} {reason}" for url, state, reason in rows}
