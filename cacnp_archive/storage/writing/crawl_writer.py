"""Write all that one crawl saves: captures and what was parsed from them, failures, its own row."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from cacnp_archive.model.capture import Capture, FailedExchange
from cacnp_archive.model.crawl import FINISHED, Crawl, CrawlCounts
from cacnp_archive.model.errors import StorageError
from cacnp_archive.model.problem_codes import DEADLY
from cacnp_archive.model.reading import ReadCapture
from cacnp_archive.model.records import Reading
from cacnp_archive.storage.database import open_database, timestamp, transaction
from cacnp_archive.storage.frontier import Frontier, FrontierCounts
from cacnp_archive.storage.frontier.prior_captures import urls_with_problem
from cacnp_archive.storage.journal import Account
from cacnp_archive.storage.queries.crawl_metrics import (
    Ending,
    alerts,
    measure,
    previous_metrics,
    save_metrics,
)
from cacnp_archive.storage.writing.articles import save_article, save_person, save_tag, save_terms
from cacnp_archive.storage.writing.capture_rows import (
    save_capture,
    save_failure,
    save_fault,
    save_problems,
)
from cacnp_archive.storage.writing.content import save_embed_card, save_further_part
from cacnp_archive.storage.writing.crawls import account_of, finish_crawl, insert_crawl
from cacnp_archive.storage.writing.documents import save_audio_file, save_document
from cacnp_archive.storage.writing.history import note_departure
from cacnp_archive.storage.writing.replaced import forget_replaced
from cacnp_archive.storage.writing.wall_verdicts import WallJudge

logger = logging.getLogger(__name__)


Item = ReadCapture | FailedExchange
"""What is saved of one exchange with a server."""


class CrawlWriter:
    """Writes the rows of one crawl. Every method is one transaction and raises StorageError."""

    def __init__(self, database: Database, crawl: Crawl) -> None:
        self._database = database
        self._crawl = crawl
        self._site = crawl.site
        self._frontier = Frontier(database, crawl)
        self._walls = WallJudge(database, crawl)

    @classmethod
    def open(cls, crawl: Crawl) -> "CrawlWriter":
        """Write into the database of the crawl's archive, which is created if there is none."""
        return cls(open_database(crawl.archive.database_path), crawl)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    @property
    def counts(self) -> FrontierCounts:
        """How many URLs are known and queued."""
        return self._frontier.counts

    def resume(self, counts: FrontierCounts) -> None:
        """Continue the crawl of a writer that was killed, whose last counts are given."""
        self._frontier.resume(counts)

    def begin(self) -> None:
        """Save that the crawl has begun, and queue what it requests first."""
        with transaction(self._database) as database:
            insert_crawl(database, self._crawl)
            forget_replaced(database)
            self._frontier.begin()

    def more(self) -> bool:
        """Queue what else is due, when the queue is empty; False if nothing is left to do."""
        return self._frontier.more()

    def end(self, finished_at: datetime, reason: str, counts: CrawlCounts) -> Ending:
        """Save how the crawl ended, and its metrics; returns these, and alerts if any are worse."""
        minutes = (finished_at - self._crawl.started_at).total_seconds() / 60
        per_minute = round(counts.request_count / minutes, 1) if minutes else 0.0
        load = {
            "requests": counts.request_count,
            "received_bytes": counts.received_bytes,
            "throttled": counts.throttled_count,
            "held_seconds": counts.held_seconds,
            "seconds": minutes * 60,
            "requests_per_minute": per_minute,
        }
        crawl_id = self._crawl.crawl_id
        with transaction(self._database) as database:
            finish_crawl(
                database, crawl_id, finished_at, reason, counts, requests_per_minute=per_minute
            )
            metrics = measure(database, self._crawl, load)
            metrics["faults"] = {"errors": counts.error_count, "damaged": counts.is_damaged}
            save_metrics(database, crawl_id, metrics)
            forget_replaced(database)
            before = previous_metrics(database, self._crawl)
            return Ending(metrics, alerts(metrics, before, is_whole=reason == FINISHED))

    def deadly(self) -> set[str]:
        """Return the URLs whose captures ended a process that parsed them."""
        return urls_with_problem(self._database, DEADLY)

    def account(self) -> Account:
        """Return the crawl's row and metrics, for the journal."""
        return account_of(self._database, self._crawl.crawl_id)

    def save(self, capture: Capture, reading: Reading) -> None:
        """Save a capture that is safe in a WARC file, and all that was parsed from it."""
        self._in_transaction([ReadCapture(capture, reading)])

    def save_failure(self, failed: FailedExchange) -> None:
        """Save a failure that is safe in a WARC file."""
        self._in_transaction([failed])

    def save_item(self, item: Item) -> Item:
        """Save a failure, or a capture and its reading; returns what was saved.

        If SQLite does not accept the reading, the capture is saved with a problem in its place.
        """
        if isinstance(item, FailedExchange):
            self.save_failure(item)
            return item
        try:
            (saved,) = self._in_transaction([item])
        except StorageError:
            raise
        except Exception as error:
            logger.exception("cannot save what was parsed from %s", item.capture.url)
            (saved,) = self._in_transaction([ReadCapture(item.capture, save_fault(error))])
        return saved

    def save_many(self, items: Sequence[Item]) -> list[Item]:
        """Save several in order, in one transaction; returns what was saved, as `save_item` does.

        If one of them cannot be saved, they are saved one by one, so that the others are not lost.
        """
        if len(items) > 1:
            try:
                return self._in_transaction(items)
            except Exception as error:
                logger.info("%d exchanges are saved one by one: %r", len(items), error)
        return [self.save_item(item) for item in items]

    def _in_transaction(self, items: Sequence[Item]) -> list[Item]:
        saved: list[Item] = []
        with self._frontier.transaction() as database:
            for item in items:
                if isinstance(item, FailedExchange):
                    save_failure(database, self._site, self._crawl.crawl_id, item)
                    self._frontier.enter_failure(item)
                    saved.append(item)
                else:
                    saved.append(self._save(database, item.capture, item.reading))
        return saved

    def _save(self, database: Database, capture: Capture, reading: Reading) -> ReadCapture:
        """Save a capture; returns it with its reading, of which a wall leaves the problems."""
        original_id = self._original_id(capture)
        verdict = self._walls.judge(capture, reading)
        if verdict.wall is not None:
            reading = Reading(problems=reading.problems, wall=verdict.wall)
        elif reading.wall is not None:
            reading = replace(reading, wall=None)
        saved = save_capture(
            database,
            self._site,
            self._crawl.crawl_id,
            capture,
            record_type="response" if capture.original is None else "revisit",
            original_id=original_id,
            verdict=verdict,
        )
        if verdict.wall is None:
            self._save_reading(database, capture, reading, saved.id, original_id or saved.id)
        save_problems(database, saved.id, reading.problems)
        self._frontier.enter(saved, capture, reading)
        for earlier_id, url in self._walls.mark_earlier(verdict):
            self._frontier.enter_wall(earlier_id, url)
        return ReadCapture(capture, reading)

    def _save_reading(
        self,
        database: Database,
        capture: Capture,
        reading: Reading,
        capture_id: int,
        source_id: int,
    ) -> None:
        site, seen_at = self._site, timestamp(capture.captured_at)
        if reading.article is not None:
            save_article(
                database,
                site,
                reading.article,
                capture_id=capture_id,
                source_id=source_id,
                seen_at=seen_at,
            )
        elif reading.part is not None:
            save_further_part(
                database,
                site,
                reading.part,
                capture_id=capture_id,
                source_id=source_id,
                seen_at=seen_at,
            )
        else:
            note_departure(database, site, capture, capture_id, source_id, reading)
        if reading.document is not None:
            save_document(database, site, reading.document, source_id=source_id, seen_at=seen_at)
        if reading.audio_file is not None:
            save_audio_file(
                database, site, reading.audio_file, source_id=source_id, seen_at=seen_at
            )
        if reading.embed_card is not None:
            save_embed_card(database, site, reading.embed_card, source_id=source_id)
        for tag in reading.tags:
            save_tag(database, tag)
        for person in reading.people:
            save_person(database, person)
        save_terms(database, reading.categories)

    def _original_id(self, capture: Capture) -> int | None:
        if capture.original is None:
            return None
        row = self._database.execute(
            "SELECT id FROM captures WHERE warc_record_id = ?", [capture.original.record.record_id]
        ).fetchone()
        return int(row[0]) if row else None
