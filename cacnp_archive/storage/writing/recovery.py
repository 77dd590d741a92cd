"""What the database knows of crawls that were killed, and corrections of their rows."""

from collections.abc import Sequence
from datetime import datetime

from sqlite_utils import Database

from cacnp_archive.model.capture import FailedExchange, Original
from cacnp_archive.model.crawl import FINISHED, STORAGE_FAILED, UNREAD, Crawl
from cacnp_archive.model.layouts import LearnedLayout
from cacnp_archive.model.wall import Wall, WallKind
from cacnp_archive.storage.database import timestamp
from cacnp_archive.storage.frontier.list_entries import forget_dropped
from cacnp_archive.storage.frontier.prior_captures import original_with_id
from cacnp_archive.storage.journal import Account
from cacnp_archive.storage.writing.crawl_writer import CrawlWriter, Item
from cacnp_archive.storage.writing.crawls import account_of, restore_account
from cacnp_archive.storage.writing.layout_rows import load_layouts
from cacnp_archive.storage.writing.replaced import forget_replaced


class Recovery:
    """Finds out what of an archive's crawls has no row yet, and completes their rows."""

    def __init__(self, database: Database) -> None:
        self._database = database
        rows = database.execute("SELECT id, finished_at, finish_reason FROM crawls")
        self._finished = {
            crawl_id: finished_at is not None and not _lacks_rows(reason)
            for crawl_id, finished_at, reason in rows
        }
        self._unknown: list[str] = []

    def writer(self, crawl: Crawl) -> CrawlWriter:
        """Return a writer of a crawl's rows; the crawl's own row is added if it was lost."""
        writer = CrawlWriter(self._database, crawl)
        if crawl.crawl_id not in self._finished:
            writer.begin()
            self._finished[crawl.crawl_id] = False
            self._unknown.append(crawl.crawl_id)
        return writer

    def layouts(self, base_url: str) -> tuple[LearnedLayout, ...]:
        """Return the layouts of a site that its crawls have learned."""
        return load_layouts(self._database, base_url)

    def is_finished(self, crawl_id: str) -> bool:
        """Whether the row of a crawl says that it ended, and all its captures have rows."""
        return self._finished.get(crawl_id, False)

    def offsets(self, warc_file: str) -> set[int]:
        """Return the offsets of a file's records that have a row."""
        rows = self._database.execute(
            """SELECT warc_offset FROM captures WHERE warc_file = ?
            UNION SELECT warc_offset FROM failures WHERE warc_file = ?""",
            [warc_file, warc_file],
        )
        return {offset for (offset,) in rows}

    def unsaved(self, batch: Sequence[Item]) -> list[Item]:
        """Return the items of a batch whose records have no row, of whichever file."""
        sql = """SELECT 1 FROM captures WHERE warc_record_id = :id
            UNION ALL SELECT 1 FROM failures WHERE warc_record_id = :id"""
        found = []
        for item in batch:
            record = item.record if isinstance(item, FailedExchange) else item.capture.record
            values = {"id": None if record is None else record.record_id}
            if self._database.execute(sql, values).fetchone() is None:
                found.append(item)
        return found

    def original(self, record_id: str) -> Original | None:
        """Return the original that a revisit refers to; None if it has no row."""
        return original_with_id(self._database, record_id)

    def saved(self, record_id: str) -> tuple[bool, int, Wall | None] | None:
        """Return what was saved of a record: whether it is of an article, its problems, its wall.

        None if the record has no row.
        """
        row = self._database.execute(
            """SELECT EXISTS (SELECT 1 FROM articles WHERE url = canonical_url),
                (SELECT count(*) FROM problems WHERE capture_id = captures.id), wall, wall_evidence
            FROM captures WHERE warc_record_id = ?
            UNION ALL SELECT 0, 0, NULL, NULL FROM failures WHERE warc_record_id = ?""",
            [record_id, record_id],
        ).fetchone()
        if row is None:
            return None
        is_article, problem_count, kind, evidence = row
        wall = Wall(WallKind(kind), evidence) if kind else None
        return bool(is_article), problem_count, wall

    def conclude(self, account: Account) -> None:
        """Do to the rows of a crawl what it did at its end, as its account says."""
        crawl_id = account.crawl["id"]
        if crawl_id not in self._finished:  # it kept nothing
            columns = ", ".join(account.crawl)
            marks = ", ".join("?" * len(account.crawl))
            self._database.execute(
                f"INSERT INTO crawls ({columns}) VALUES ({marks})",
                list(account.crawl.values()),
            )
        elif account.crawl["finish_reason"] == FINISHED:
            forget_dropped(self._database, crawl_id)
        forget_replaced(self._database)
        restore_account(self._database, account)
        self._finished[crawl_id] = True

    def restore_import(self, account: Account) -> None:
        """Give an import that was made again the row that it had."""
        restore_account(self._database, account)

    def accounts(self) -> dict[str, Account]:
        """Return what the crawls and imports that ended say of themselves."""
        return {
            crawl_id: account_of(self._database, crawl_id)
            for crawl_id, is_finished in self._finished.items()
            if is_finished
        }

    def end_unfinished(
        self, reason: str, unknown: str, now: datetime, journal: dict[str, Account]
    ) -> list[str]:
        """End every crawl that has no end, with counts taken from its rows; return their ids.

        The journal says how a crawl ended whose row was lost; if it does not, the reason is
        `unknown`. A crawl that could not write its last rows, or did not wait for them, keeps its
        reason, marked as mended.
        """
        with self._database.atomic():
            rows = self._database.execute(
                """UPDATE crawls SET finished_at = coalesce(finished_at, :now),
                    finish_reason = iif(finish_reason = :failed OR finish_reason LIKE :unread,
                        finish_reason || ', mended', :reason),
                    capture_count = (SELECT count(*) FROM captures WHERE crawl_id = crawls.id),
                    failure_count = (SELECT count(*) FROM failures WHERE crawl_id = crawls.id),
                    problem_count = (SELECT count(*) FROM problems
                        JOIN captures ON captures.id = capture_id WHERE crawl_id = crawls.id)
                WHERE finished_at IS NULL OR finish_reason = :failed
                    OR finish_reason LIKE :unread RETURNING id""",
                {
                    "now": timestamp(now),
                    "failed": STORAGE_FAILED,
                    "unread": f"%{UNREAD}",
                    "reason": reason,
                },
            ).fetchall()
            self._database.conn.executemany(
                "UPDATE crawls SET finish_reason = ? WHERE id = ?",
                [(unknown, crawl_id) for crawl_id in self._unknown],
            )
            for crawl_id in self._unknown:
                if crawl_id in journal:
                    restore_account(self._database, journal[crawl_id])
        return [crawl_id for (crawl_id,) in rows]


def _lacks_rows(finish_reason: str | None) -> bool:
    """Whether a crawl ended before all its captures had rows."""
    return finish_reason is not None and (
        finish_reason == STORAGE_FAILED or finish_reason.endswith(UNREAD)
    )
