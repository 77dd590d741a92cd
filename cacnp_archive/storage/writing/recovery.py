"""What the database knows of crawls that did not live to their end."""

from datetime import datetime

from sqlite_utils import Database

from cacnp_archive.model.capture import Original
from cacnp_archive.model.crawl import STORAGE_FAILED, Crawl
from cacnp_archive.storage.database import timestamp
from cacnp_archive.storage.frontier.list_entries import forget_dropped
from cacnp_archive.storage.frontier.prior_captures import original_with_id
from cacnp_archive.storage.journal import Account
from cacnp_archive.storage.writing.crawl_writer import CrawlWriter
from cacnp_archive.storage.writing.crawls import account_of, restore_account


class Recovery:
    """Questions and corrections for the repair of an archive."""

    def __init__(self, database: Database) -> None:
        self._database = database
        rows = database.execute("SELECT id, finished_at, finish_reason FROM crawls")
        self._finished = {
            crawl_id: finished_at is not None and reason != STORAGE_FAILED
            for crawl_id, finished_at, reason in rows
        }
        self._unknown: list[str] = []

    def writer(self, crawl: Crawl) -> CrawlWriter:
        """Return a writer of a crawl's rows into the database that is being repaired."""
        return CrawlWriter(self._database, crawl)

    def is_known(self, crawl_id: str) -> bool:
        """Whether a crawl has a row."""
        return crawl_id in self._finished

    def is_finished(self, crawl_id: str) -> bool:
        """Whether a crawl has a row that tells its end, with all that belongs to it saved."""
        return self._finished.get(crawl_id, False)

    def offsets(self, warc_file: str) -> set[int]:
        """Return where in a file the records lie that have a row."""
        rows = self._database.execute(
            """SELECT warc_offset FROM captures WHERE warc_file = ?
            UNION SELECT warc_offset FROM failures WHERE warc_file = ?""",
            [warc_file, warc_file],
        )
        return {offset for (offset,) in rows}

    def original(self, record_id: str) -> Original | None:
        """Return the original that a revisit refers to, or None when it has no row."""
        return original_with_id(self._database, record_id)

    def note_unknown(self, crawl_id: str) -> None:
        """Remember that the row of a crawl was lost, and has been made again."""
        self._finished[crawl_id] = False
        self._unknown.append(crawl_id)

    def conclude(self, crawl_id: str, account: Account | None, finished: str) -> None:
        """Do to the rows of a crawl what it did to them at its end, as far as it came there."""
        if account is None:
            return
        if crawl_id not in self._finished:  # it kept nothing
            columns = ", ".join(account.crawl)
            marks = ", ".join("?" * len(account.crawl))
            self._database.execute(
                f"INSERT INTO crawls ({columns}) VALUES ({marks})",
                list(account.crawl.values()),
            )
        elif account.crawl["finish_reason"] == finished:
            forget_dropped(self._database, crawl_id)
        restore_account(self._database, account)
        self._finished[crawl_id] = True

    def accounts(self) -> dict[str, Account]:
        """Return what the crawls that came to an end say of themselves; imports are none."""
        rows = self._database.execute("SELECT id FROM crawls WHERE source IS NOT NULL")
        imports = {crawl_id for (crawl_id,) in rows}
        return {
            crawl_id: account_of(self._database, crawl_id)
            for crawl_id, is_finished in self._finished.items()
            if is_finished and crawl_id not in imports
        }

    def end_unfinished(
        self, reason: str, unknown: str, now: datetime, journal: dict[str, Account]
    ) -> list[str]:
        """Give every crawl that has no end one, with counts made of its rows; return their ids.

        Of a crawl whose row was lost the journal knows how it ended; else nobody does, and its
        reason is `unknown`. One that could not write its last rows keeps its reason, marked as
        mended.
        """
        with self._database.atomic():
            rows = self._database.execute(
                """UPDATE crawls SET finished_at = coalesce(finished_at, ?),
                    finish_reason = iif(finish_reason = ?, finish_reason || ', mended', ?),
                    capture_count = (SELECT count(*) FROM captures WHERE crawl_id = crawls.id),
                    failure_count = (SELECT count(*) FROM failures WHERE crawl_id = crawls.id),
                    problem_count = (SELECT count(*) FROM problems
                        JOIN captures ON captures.id = capture_id WHERE crawl_id = crawls.id)
                WHERE finished_at IS NULL OR finish_reason = ? RETURNING id""",
                [timestamp(now), STORAGE_FAILED, reason, STORAGE_FAILED],
            ).fetchall()
            self._database.conn.executemany(
                "UPDATE crawls SET finish_reason = ? WHERE id = ?",
                [(unknown, crawl_id) for crawl_id in self._unknown],
            )
            for crawl_id in self._unknown:
                if crawl_id in journal:
                    restore_account(self._database, journal[crawl_id])
        return [crawl_id for (crawl_id,) in rows]
