"""Save captures and their readings; what goes in comes out."""

import json
import logging
from collections.abc import Sequence
from datetime import datetime

from sqlite_utils import Database

from cacnp_archive.model.capture import Capture, FailedExchange, RecordPointer
from cacnp_archive.model.crawl import SOFTWARE, Crawl, CrawlCounts
from cacnp_archive.model.errors import StorageError
from cacnp_archive.model.reading import ReadCapture
from cacnp_archive.model.records import PARSER_DIED, Problem, Reading
from cacnp_archive.model.site import Site
from cacnp_archive.storage.database import insert, open_database, timestamp, transaction
from cacnp_archive.storage.frontier.ledger import Ledger
from cacnp_archive.storage.frontier.plan import Plan
from cacnp_archive.storage.frontier.prior_captures import addresses_with_problem
from cacnp_archive.storage.journal import Account
from cacnp_archive.storage.queries.crawl_metrics import (
    Ending,
    alerts,
    load_metrics,
    measure,
    previous_metrics,
    save_metrics,
)
from cacnp_archive.storage.writing.articles import save_article, save_person, save_tag, save_terms
from cacnp_archive.storage.writing.content import save_further_part
from cacnp_archive.storage.writing.documents import save_audio_file, save_document
from cacnp_archive.storage.writing.history import note_departure

logger = logging.getLogger(__name__)


Item = ReadCapture | FailedExchange
"""What is saved of one exchange."""


class Saver:
    """Writes one crawl's rows. Every method is one transaction and raises StorageError."""

    def __init__(self, database: Database, crawl: Crawl) -> None:
        self._database = database
        self._crawl = crawl
        self._site = crawl.site
        self.ledger = Ledger(database, crawl.site, crawl.started_at)
        self.plan = Plan(database, self.ledger, crawl)

    @classmethod
    def open(cls, crawl: Crawl) -> "Saver":
        """Write into the database of the crawl's archive, which is made when there is none."""
        return cls(open_database(crawl.archive.database_path), crawl)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def begin_crawl(self) -> None:
        """Save that the crawl has begun."""
        crawl = self._crawl
        with transaction(self._database) as database:
            insert(
                database,
                "crawls",
                id=crawl.crawl_id,
                base_url=crawl.site.base_url,
                started_at=timestamp(crawl.started_at),
                software=SOFTWARE,
                user_agent=crawl.user_agent,
                settings=json.dumps(crawl.settings, default=str, sort_keys=True),
            )

    def end_crawl(self, finished_at: datetime, reason: str, counts: CrawlCounts) -> Ending:
        """Save how the crawl ended, and its figures; returns these with what is much worse."""
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
        with transaction(self._database) as database:
            database.execute(
                """UPDATE crawls SET finished_at = ?, finish_reason = ?, request_count = ?,
                capture_count = ?, failure_count = ?, problem_count = ?, received_bytes = ?,
                throttled_count = ?, requests_per_minute = ? WHERE id = ?""",
                [
                    timestamp(finished_at),
                    reason,
                    counts.request_count,
                    counts.capture_count,
                    counts.failure_count,
                    counts.problem_count,
                    counts.received_bytes,
                    counts.throttled_count,
                    per_minute,
                    self._crawl.crawl_id,
                ],
            )
            metrics = measure(database, self._crawl, load)
            metrics["faults"] = {"errors": counts.error_count, "damaged": counts.is_damaged}
            save_metrics(database, self._crawl.crawl_id, metrics)
            before = previous_metrics(database, self._crawl)
            return Ending(metrics, alerts(metrics, before, is_whole=reason == "finished"))

    def deadly(self) -> set[str]:
        """Return the addresses at which a process has died that read them."""
        return addresses_with_problem(self._database, PARSER_DIED)

    def account(self) -> Account:
        """Return what the crawl's row and figures say, for the journal."""
        return account_of(self._database, self._crawl.crawl_id)

    def save(self, capture: Capture, reading: Reading) -> None:
        """Save a capture that is safe in a WARC file, and all that was read in it."""
        self._in_transaction([ReadCapture(capture, reading)])

    def save_failure(self, failed: FailedExchange) -> None:
        """Save a failure that is safe in a WARC file."""
        self._in_transaction([failed])

    def save_item(self, item: Item) -> Item:
        """Save a failure, or a capture and its reading; returns what was saved.

        Of a reading that SQLite does not take a problem is all that is saved: the capture has its
        row in any case.
        """
        if isinstance(item, FailedExchange):
            self.save_failure(item)
            return item
        try:
            self.save(item.capture, item.reading)
        except StorageError:
            raise
        except Exception as error:
            logger.exception("cannot save what %s says", item.capture.url)
            item = ReadCapture(item.capture, fault(error))
            self.save(item.capture, item.reading)
        return item

    def save_many(self, items: Sequence[Item]) -> list[Item]:
        """Save several in order, in one transaction; returns what was saved, as `save_item` does.

        When one of them cannot be saved they are saved one by one, so that it costs no other: an
        error then leaves those before it saved.
        """
        if len(items) > 1:
            last_place = self.ledger.last_place
            try:
                self._in_transaction(items)
            except Exception as error:
                self.ledger.last_place = last_place
                logger.info("%d exchanges are saved one by one: %r", len(items), error)
            else:
                return list(items)
        return [self.save_item(item) for item in items]

    def _in_transaction(self, items: Sequence[Item]) -> None:
        try:
            with transaction(self._database) as database:
                for item in items:
                    if isinstance(item, FailedExchange):
                        self._save_failure(database, item)
                    else:
                        self._save(database, item.capture, item.reading)
        except Exception:
            self.ledger.read()  # nothing of it was saved
            raise

    def _save_failure(self, database: Database, failed: FailedExchange) -> None:
        if failed.record is None:
            raise ValueError(f"the failure of {failed.url} is not safe in a WARC file yet")
        insert(
            database,
            "failures",
            crawl_id=self._crawl.crawl_id,
            url=failed.url,
            canonical_url=self._site.canonical(failed.url),
            failed_at=timestamp(failed.failed_at),
            reason=failed.reason,
            detail=failed.detail,
            via=failed.via,
            hops=failed.hops,
            **_pointer(failed.record),
        )
        self.ledger.enter_failure(failed)

    def _save(self, database: Database, capture: Capture, reading: Reading) -> None:
        original_id = self._original_id(capture)
        capture_id = save_capture(
            database,
            self._site,
            self._crawl.crawl_id,
            capture,
            record_type="response" if capture.original is None else "revisit",
            original_id=original_id,
        )
        source_id = original_id or capture_id
        seen_at = timestamp(capture.captured_at)
        if reading.article is not None:
            save_article(
                database,
                self._site,
                reading.article,
                capture_id=capture_id,
                source_id=source_id,
                seen_at=seen_at,
            )
        elif reading.part is not None:
            save_further_part(
                database,
                self._site,
                reading.part,
                capture_id=capture_id,
                source_id=source_id,
                seen_at=seen_at,
            )
        else:
            note_departure(database, self._site, capture, capture_id, reading)
        if reading.document is not None:
            save_document(
                database, self._site, reading.document, source_id=source_id, seen_at=seen_at
            )
        if reading.audio_file is not None:
            save_audio_file(
                database, self._site, reading.audio_file, source_id=source_id, seen_at=seen_at
            )
        for tag in reading.tags:
            save_tag(database, tag)
        for person in reading.people:
            save_person(database, person)
        save_terms(database, reading.categories)
        for problem in reading.problems:
            insert(
                database,
                "problems",
                capture_id=capture_id,
                code=problem.code,
                detail=problem.detail,
            )
        self.ledger.enter(capture_id, capture, reading)

    def _original_id(self, capture: Capture) -> int | None:
        if capture.original is None:
            return None
        row = self._database.execute(
            "SELECT id FROM captures WHERE warc_record_id = ?", [capture.original.record.record_id]
        ).fetchone()
        return int(row[0]) if row else None


def save_capture(
    database: Database,
    site: Site,
    crawl_id: str,
    capture: Capture,
    *,
    record_type: str,
    original_id: int | None,
) -> int:
    """Save the row of a capture that is safe in a file; returns its id."""
    if capture.record is None or capture.digests is None:
        raise ValueError(f"the capture of {capture.url} is not safe in a WARC file yet")
    return insert(
        database,
        "captures",
        crawl_id=crawl_id,
        url=capture.url,
        canonical_url=site.canonical(capture.url),
        captured_at=timestamp(capture.captured_at),
        method=capture.method,
        status=capture.status,
        media_type=capture.media_type,
        record_type=record_type,
        original_id=original_id,
        block_digest=capture.digests.block,
        payload_digest=capture.digests.payload,
        entity_sha256=capture.digests.entity_sha256,
        entity_length=capture.digests.entity_length,
        etag=capture.message.value(b"etag") or None,
        last_modified=capture.message.value(b"last-modified") or None,
        truncated=capture.truncated,
        via=capture.via,
        hops=capture.hops,
        ip=capture.ip,
        fetch_ms=None if capture.fetch_seconds is None else round(capture.fetch_seconds * 1000),
        **_pointer(capture.record),
    )


def fault(error: Exception) -> Reading:
    """Return what is saved instead of a reading that the database does not take."""
    return Reading(problems=(Problem(code="save-fault", detail=repr(error)),))


def restore_account(database: Database, account: Account) -> None:
    """Give a crawl that has a row that of its account, and its figures, in one transaction."""
    columns = {name: value for name, value in account.crawl.items() if name != "id"}
    assignments = ", ".join(f"{name} = ?" for name in columns)
    with database.atomic():
        database.execute(
            f"UPDATE crawls SET {assignments} WHERE id = ?",  # noqa: S608 - names are ours
            [*columns.values(), account.crawl["id"]],
        )
        database.execute("DELETE FROM crawl_metrics WHERE crawl_id = ?", [account.crawl["id"]])
        save_metrics(database, account.crawl["id"], account.metrics)


def account_of(database: Database, crawl_id: str) -> Account:
    """Return what the row and the figures of a crawl say."""
    (row,) = database.query("SELECT * FROM crawls WHERE id = ?", [crawl_id])
    return Account(row, load_metrics(database, crawl_id))


def _pointer(record: RecordPointer) -> dict[str, object]:
    return {
        "warc_file": record.warc_file,
        "warc_offset": record.offset,
        "warc_length": record.length,
        "warc_record_id": record.record_id,
    }
