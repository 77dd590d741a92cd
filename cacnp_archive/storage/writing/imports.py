"""Save the captures of imported files: what the site was once, never what it is now."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from cacnp_archive.model.capture import Capture, Original
from cacnp_archive.model.crawl import Crawl, CrawlCounts
from cacnp_archive.model.layouts import LearnedLayout
from cacnp_archive.model.records import Reading
from cacnp_archive.storage.database import open_database, timestamp, transaction
from cacnp_archive.storage.frontier import Frontier
from cacnp_archive.storage.frontier.prior_captures import (
    original_at,
    original_repeated,
    original_with_id,
)
from cacnp_archive.storage.journal import Account
from cacnp_archive.storage.queries.by_url import base_urls
from cacnp_archive.storage.writing.articles import save_person, save_tag, save_terms
from cacnp_archive.storage.writing.capture_rows import save_capture, save_fault, save_problems
from cacnp_archive.storage.writing.content import save_further_part
from cacnp_archive.storage.writing.crawls import account_of, finish_crawl, insert_crawl
from cacnp_archive.storage.writing.documents import save_audio_file, save_document
from cacnp_archive.storage.writing.imported_versions import save_imported_article
from cacnp_archive.storage.writing.layout_rows import load_layouts
from cacnp_archive.storage.writing.wall_verdicts import WallJudge

IMPORTED = "imported"
"""The `finish_reason` of an import."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What an imported file is: JSON in the column `crawls.source`."""

    file: str
    """Its name within the archive's `imported/` folder."""
    name: str
    """Its name when it was imported."""
    size: int
    sha256: str
    software: str | None
    """As its warcinfo says, like the two that follow; None if it says nothing."""
    operator: str | None
    description: str | None


@dataclass(frozen=True, slots=True)
class IndexedRow:
    """What the index of an imported file needs of a row."""

    url: str
    captured_at: str
    record_type: str
    status: int
    media_type: str
    payload_digest: str | None
    offset: int
    length: int


class Imports:
    """The imports of an archive."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    @contextmanager
    def of(cls, path: Path) -> "Iterator[Imports]":
        """Open a database, or create it; raises as `open_database`."""
        database = open_database(path)
        try:
            yield cls(database)
        finally:
            database.close()

    def file_of(self, sha256: str) -> str | None:
        """Return the name of the imported file that has these bytes, or None."""
        row = self._database.execute(
            """SELECT json_extract(source, '$.file') FROM crawls
            WHERE json_extract(source, '$.sha256') = ?""",
            [sha256],
        ).fetchone()
        return row[0] if row else None

    def has(self, file: str) -> bool:
        """Whether the captures of an imported file have rows, by the name of the file."""
        return self._crawl_id(file) is not None

    def account_of(self, file: str) -> Account:
        """Return what the row of an import says, for the journal."""
        crawl_id = self._crawl_id(file)
        if crawl_id is None:
            raise LookupError(f"{file} has not been imported")
        return account_of(self._database, crawl_id)

    def _crawl_id(self, file: str) -> str | None:
        row = self._database.execute(
            "SELECT id FROM crawls WHERE json_extract(source, '$.file') = ?", [file]
        ).fetchone()
        return row[0] if row else None

    def base_url(self) -> str | None:
        """Return the site that was crawled last, else imported last; None if there is none."""
        return next(iter(base_urls(self._database)), None)

    @contextmanager
    def begin(self, crawl: Crawl, source: Source, user_agent: str) -> "Iterator[ImportSaver]":
        """Save an import completely or not at all; raises StorageError when the disk refuses."""
        with transaction(self._database) as database:
            insert_crawl(
                database,
                replace(crawl, user_agent=user_agent),
                software=f"import: {source.software}" if source.software else "import",
                source=json.dumps(asdict(source), ensure_ascii=False),
            )
            saver = ImportSaver(database, crawl)
            yield saver
            counts = CrawlCounts(
                request_count=0,
                capture_count=saver.capture_count,
                failure_count=0,
                problem_count=saver.problem_count,
                received_bytes=saver.byte_count,
                throttled_count=0,
                held_seconds=0.0,
            )
            finish_crawl(database, crawl.crawl_id, datetime.now(UTC), IMPORTED, counts)

    def rows_of(self, file: str) -> Iterator[IndexedRow]:
        """Yield the rows of a file, in the order of its records."""
        rows = self._database.execute(
            """SELECT url, captured_at, record_type, status, media_type, payload_digest,
                warc_offset, warc_length FROM captures WHERE warc_file = ? ORDER BY warc_offset""",
            [file],
        )
        return (IndexedRow(*row) for row in rows)


class ImportSaver:
    """Writes the rows of one import, in the transaction that `Imports.begin` holds."""

    def __init__(self, database: Database, crawl: Crawl) -> None:
        self._database = database
        self._site = crawl.site
        self._crawl_id = crawl.crawl_id
        self._frontier = Frontier(database, crawl)
        self._walls = WallJudge(database, crawl, is_import=True)
        self.capture_count = 0
        self.problem_count = 0
        self.byte_count = 0
        """Bytes of the blocks."""

    def layouts(self) -> tuple[LearnedLayout, ...]:
        """Return the layouts that the crawls of the site have learned."""
        return load_layouts(self._database, self._site.base_url)

    def is_taken(self, record_id: str) -> bool:
        """Whether a record with an id has a row."""
        row = self._database.execute(
            "SELECT 1 FROM captures WHERE warc_record_id = ?", [record_id]
        ).fetchone()
        return row is not None

    def has(self, record_id: str, url: str, captured_at: datetime) -> bool:
        """Whether a record has a row already, even if from another file that holds it too."""
        row = self._database.execute(
            "SELECT 1 FROM captures WHERE warc_record_id = ? AND url = ? AND captured_at = ?",
            [record_id, url, timestamp(captured_at)],
        ).fetchone()
        return row is not None

    def original(
        self, record_id: str, url: str, captured_at: datetime | None, payload: str | None
    ) -> Original | None:
        """Return the original of a revisit: by the id it names, by URL and time, or by digest."""
        if record_id and (found := original_with_id(self._database, record_id)):
            return found
        if captured_at and (found := original_at(self._database, url, timestamp(captured_at))):
            return found
        return original_repeated(self._database, payload) if payload else None

    def save(self, capture: Capture, record_type: str, reading: Reading, *, is_file: bool) -> None:
        """Save a capture and its reading; `is_file` says that it is a page requisite, not a page.

        A reading that the database does not accept becomes a problem. Raises StorageError when the
        disk refuses.
        """
        try:
            with self._database.atomic() as database:
                self._save(database, capture, record_type, reading, is_file=is_file)
        except sqlite3.OperationalError:
            raise
        except Exception as error:  # a value that SQLite does not take: keep the capture's row
            self._frontier.reload()  # nothing of it was saved
            reading = save_fault(error)
            with self._database.atomic() as database:
                self._save(database, capture, record_type, reading, is_file=is_file)
        self.capture_count += 1
        self.problem_count += len(reading.problems)
        self.byte_count += capture.block.size

    def _save(
        self,
        database: Database,
        capture: Capture,
        record_type: str,
        reading: Reading,
        *,
        is_file: bool,
    ) -> None:
        original_id = None
        if capture.original is not None:
            (original_id,) = database.execute(
                "SELECT id FROM captures WHERE warc_record_id = ?",
                [capture.original.record.record_id],
            ).fetchone()
        verdict = self._walls.judge(capture, reading)
        if verdict.wall is not None:
            reading = Reading(problems=reading.problems)
        saved = save_capture(
            database,
            self._site,
            self._crawl_id,
            capture,
            record_type=record_type,
            original_id=original_id,
            verdict=verdict,
        )
        self._walls.mark_earlier(verdict)
        save_problems(database, saved.id, reading.problems)
        if self._site.owns(capture.url):
            self._save_reading(capture, reading, saved.id, original_id or saved.id)
            self._frontier.enter_import(saved, capture, reading, is_file=is_file)

    def _save_reading(
        self, capture: Capture, reading: Reading, capture_id: int, source_id: int
    ) -> None:
        database, site, seen_at = self._database, self._site, timestamp(capture.captured_at)
        is_latest = self._is_latest(capture)
        if reading.article is not None:
            save_imported_article(
                database,
                site,
                reading.article,
                capture_id=capture_id,
                source_id=source_id,
                seen_at=seen_at,
            )
        if reading.document is not None and self._is_news(
            "documents", reading.document.url, seen_at
        ):
            save_document(database, site, reading.document, source_id=source_id, seen_at=seen_at)
        if reading.audio_file is not None and self._is_news(
            "audio_files", reading.audio_file.url, seen_at
        ):
            save_audio_file(
                database, site, reading.audio_file, source_id=source_id, seen_at=seen_at
            )
        if not is_latest:  # today's names are not overwritten by earlier ones
            return
        if reading.part is not None:
            save_further_part(
                database,
                site,
                reading.part,
                capture_id=capture_id,
                source_id=source_id,
                seen_at=seen_at,
            )
        for tag in reading.tags:
            save_tag(database, tag)
        for person in reading.people:
            save_person(database, person)
        save_terms(database, reading.categories)

    def _is_latest(self, capture: Capture) -> bool:
        """Whether no later good capture of a URL is known."""
        row = self._database.execute(
            """SELECT 1 FROM captures WHERE canonical_url = ? AND captured_at > ?
            AND is_good LIMIT 1""",
            [self._site.canonical(capture.url), timestamp(capture.captured_at)],
        ).fetchone()
        return row is None

    def _is_news(self, table: str, url: str, seen_at: str) -> bool:
        """Whether no later reading of a file is known; saves that it was first seen by then."""
        canonical = self._site.canonical(url)
        self._database.execute(
            f"UPDATE {table} SET first_seen_at = min(first_seen_at, ?) WHERE url = ?",
            [seen_at, canonical],
        )
        row = self._database.execute(
            f"SELECT 1 FROM {table} WHERE url = ? AND last_seen_at >= ?",
            [canonical, seen_at],
        ).fetchone()
        return row is None
