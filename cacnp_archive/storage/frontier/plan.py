"""What a crawl looks at again: lists, failures, what a list dropped or vouches for, a share."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import ceil

from sqlite_utils import Database

from cacnp_archive.model.crawl import Crawl
from cacnp_archive.storage.database import timestamp, transaction
from cacnp_archive.storage.frontier.ledger import Ledger, is_credible

DOUBTED_FOR = timedelta(days=7)
"""For so long an article that is gone is looked at again while a list names it."""


class Plan:
    """Fills the queue of one crawl, step by step: each step when the one before is done.

    What is new, and what the lists say has changed, the ledger adds by itself.
    """

    def __init__(self, database: Database, ledger: Ledger, crawl: Crawl) -> None:
        self._database = database
        self._ledger = ledger
        self._crawl = crawl
        self._steps: list[Callable[[], list[int]]] = [
            self._dropped,
            self._still_named,
            self._allowed,
            self._share,
        ]

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
        """Return what sitemaps named before and name no longer."""
        return forget_dropped(self._database, self._crawl.crawl_id)

    def _still_named(self) -> list[int]:
        """Return what was found gone lately though lists name it still: the site may have erred.

        A night on which a server answers 404 or its login page to everything must not leave
        what it was asked for gone until its next turn.
        """
        rows = self._database.execute(
            """SELECT DISTINCT addresses.id FROM articles
            JOIN addresses ON addresses.url = articles.url
            JOIN list_entries ON list_entries.url = articles.url
            JOIN captures AS naming ON naming.id = list_entries.capture_id
            WHERE gone_at >= ? AND naming.crawl_id = ? ORDER BY addresses.id""",
            [timestamp(self._crawl.started_at - DOUBTED_FOR), self._crawl.crawl_id],
        )
        return [address_id for (address_id,) in rows]

    def _allowed(self) -> list[int]:
        """Return what robots.txt forbade, when it says something else now."""
        url = self._crawl.site.canonical(f"{self._crawl.site.base_url}robots.txt")
        answers = self._database.execute(
            """SELECT status, entity_sha256 FROM captures WHERE canonical_url = ?
            AND id IN (SELECT max(id) FROM captures WHERE canonical_url = ? GROUP BY crawl_id)
            ORDER BY id DESC LIMIT 2""",
            [url, url],
        ).fetchall()
        if len(set(answers)) < 2:
            return []
        return self._ids("excluded = 'robots'")

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
            f"SELECT count(*), total(checked_at < :overdue) FROM addresses WHERE {mine}",
            values,
        ).fetchone()
        since = self._since_last_crawl()
        due = ceil(count * (since / period)) if period else count
        rows = self._database.execute(
            f"SELECT id FROM addresses WHERE {mine} ORDER BY checked_at, id LIMIT :due",
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
        rows = self._database.execute(f"SELECT id FROM addresses WHERE {condition} ORDER BY id")
        return [address_id for (address_id,) in rows]


def forget_dropped(database: Database, crawl_id: str) -> list[int]:
    """Forget what sitemaps named before and name no longer, though a crawl has read them.

    Returns the ids of these addresses. A sitemap that has lost incredibly many is thought to be
    broken for now: of it nothing is forgotten.
    """
    with database.atomic():
        rows = database.execute(
            """SELECT addresses.id, entry.url, naming.canonical_url FROM list_entries AS entry
            JOIN captures AS naming ON naming.id = entry.capture_id
            JOIN addresses ON addresses.url = entry.url
            WHERE list = 'sitemap' AND naming.crawl_id != :crawl AND EXISTS (
                SELECT 1 FROM captures AS again WHERE again.crawl_id = :crawl
                    AND again.canonical_url = naming.canonical_url
                    AND again.status IN (200, 304) AND again.truncated IS NULL)
            ORDER BY addresses.id""",
            {"crawl": crawl_id},
        ).fetchall()
        lost = Counter(sitemap for *_, sitemap in rows)
        left = dict(
            database.execute(
                """SELECT naming.canonical_url, count(*) FROM list_entries AS entry
                JOIN captures AS naming ON naming.id = entry.capture_id
                WHERE list = 'sitemap' GROUP BY 1"""
            ).fetchall()
        )
        dropped = [
            (address_id, url)
            for address_id, url, sitemap in rows
            if is_credible(lost[sitemap], left[sitemap])
        ]
        database.conn.executemany(
            "DELETE FROM list_entries WHERE list = 'sitemap' AND url = ?",
            [(url,) for _, url in dropped],
        )
    return [address_id for address_id, _ in dropped]
