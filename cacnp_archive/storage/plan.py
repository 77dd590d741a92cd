"""What a crawl looks at again: the lists, what failed, what a list dropped, a share of the rest."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import ceil

from sqlite_utils import Database

from cacnp_archive.crawl import Crawl
from cacnp_archive.storage.database import timestamp, transaction
from cacnp_archive.storage.ledger import Ledger


class Plan:
    """Fills the queue of one crawl, step by step: each step when the one before is done.

    What is new, and what the lists say has changed, the ledger adds by itself.
    """

    def __init__(self, database: Database, ledger: Ledger, crawl: Crawl) -> None:
        self._database = database
        self._ledger = ledger
        self._crawl = crawl
        self._steps: list[Callable[[], list[int]]] = [self._dropped, self._share]

    def begin(self) -> None:
        """Ask for the lists, and once more for what failed; the old addresses are asked for once.

        What the last crawl left in the queue is there already.
        """
        with transaction(self._database):
            self._ledger.want(self._ledger.seed(self._crawl.site.seeds()))
            self._ledger.seed(self._crawl.site.probes())
            self._ledger.want(self._ids("outcome = 'failed' AND excluded IS NULL"))

    def more(self) -> bool:
        """Take the next steps, until something waits; False when nothing is left to do."""
        while self._steps:
            step = self._steps.pop(0)
            with transaction(self._database):
                if self._ledger.want(step()):
                    return True
        return False

    def _dropped(self) -> list[int]:
        """Return what sitemaps named before and name no longer, though this crawl has read them."""
        rows = self._database.execute(
            """SELECT addresses.id, entry.url FROM list_entries AS entry
            JOIN captures AS naming ON naming.id = entry.capture_id
            JOIN addresses ON addresses.url = entry.url
            WHERE list = 'sitemap' AND naming.crawl_id != :crawl AND EXISTS (
                SELECT 1 FROM captures AS again WHERE again.crawl_id = :crawl
                    AND again.canonical_url = naming.canonical_url
                    AND again.status IN (200, 304) AND again.truncated IS NULL)""",
            {"crawl": self._crawl.crawl_id},
        ).fetchall()
        self._database.conn.executemany(
            "DELETE FROM list_entries WHERE list = 'sitemap' AND url = ?",
            [(url,) for _, url in rows],
        )
        return [address_id for address_id, _ in rows]

    def _share(self) -> list[int]:
        """Return those that were looked at longest ago: so many that none waits too long.

        Of N addresses and a period of 30 days N/30 for each day since the last crawl began, and
        whatever is overdue in any case.
        """
        period = timedelta(days=self._crawl.recheck_days)
        now = self._crawl.started_at
        mine = """substr(url, 1, length(:base)) = :base AND checked_at < :now
            AND (outcome = 'archived' OR excluded = 'robots')"""
        values = {
            "base": self._crawl.site.base_url,
            "now": timestamp(now),
            "overdue": timestamp(now - period),
        }
        count, overdue = self._database.execute(
            f"SELECT count(*), total(checked_at < :overdue) FROM addresses WHERE {mine}",  # noqa: S608
            values,
        ).fetchone()
        since = self._since_last_crawl()
        due = ceil(count * (since / period)) if period else count
        rows = self._database.execute(
            f"SELECT id FROM addresses WHERE {mine} ORDER BY checked_at, id LIMIT :due",  # noqa: S608
            values | {"due": max(due, int(overdue))},
        )
        return [address_id for (address_id,) in rows]

    def _since_last_crawl(self) -> timedelta:
        (last,) = self._database.execute(
            """SELECT max(started_at) FROM crawls
            WHERE base_url = ? AND id != ? AND source IS NULL""",
            [self._crawl.site.base_url, self._crawl.crawl_id],
        ).fetchone()
        if last is None:
            return timedelta()
        return self._crawl.started_at - datetime.fromisoformat(last).astimezone(UTC)

    def _ids(self, condition: str) -> list[int]:
        rows = self._database.execute(f"SELECT id FROM addresses WHERE {condition} ORDER BY id")  # noqa: S608
        return [address_id for (address_id,) in rows]
