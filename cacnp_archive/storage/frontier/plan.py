"""What a crawl checks again: lists, failures, URLs that lists drop or vouch for, a daily share."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import ceil

from sqlite_utils import Database

from cacnp_archive.model.crawl import Crawl
from cacnp_archive.storage.database import timestamp
from cacnp_archive.storage.frontier.known_urls import ROBOTS, KnownUrls
from cacnp_archive.storage.frontier.list_entries import forget_dropped

DOUBTED_FOR = timedelta(days=7)
"""How long an article that is gone is checked again while a list still names it."""


CUT_OFTEN = 3
"""What was cut off in this many crawls is not requested in every crawl any more ..."""

CUT_AGAIN_AFTER = timedelta(days=7)
"""... but when the last attempt is this old."""


class Plan:
    """Fills the queue of one crawl step by step, each step when the one before is done.

    New URLs, and those that lists report as changed, are queued when they are found.
    """

    def __init__(self, database: Database, urls: KnownUrls, crawl: Crawl) -> None:
        self._database = database
        self._urls = urls
        self._crawl = crawl
        self._steps: list[Callable[[], list[int]]] = [
            self._dropped,
            self._still_named,
            self._allowed_now,
            self._share,
        ]

    def begin(self) -> None:
        """Queue the lists and what failed last time, and probe addresses of older site layouts.

        What the last crawl left in the queue is still there.
        """
        self._urls.queue(self._urls.seed(self._crawl.site.seeds()))
        self._urls.seed(self._crawl.site.probes())
        self._urls.queue(self._failed())

    def more(self) -> bool:
        """Take the next steps until one of them queues something; False if none is left."""
        while self._steps:
            if self._urls.queue(self._steps.pop(0)()):
                return True
        return False

    def _failed(self) -> list[int]:
        """Return what failed last time, but what is cut off in each crawl only once in a while."""
        rows = self._database.execute(
            """SELECT id FROM addresses WHERE outcome = 'failed' AND excluded IS NULL
                AND NOT (reason = 'truncated' AND checked_at >= :since AND :often <=
                    (SELECT count(DISTINCT crawl_id) FROM captures
                    WHERE canonical_url = addresses.url AND failure = 'truncated'))
            ORDER BY id""",
            {
                "since": timestamp(self._crawl.started_at - CUT_AGAIN_AFTER),
                "often": CUT_OFTEN,
            },
        )
        return [url_id for (url_id,) in rows]

    def _dropped(self) -> list[int]:
        """Return what sitemaps named before and no longer name."""
        return forget_dropped(self._database, self._crawl.crawl_id)

    def _still_named(self) -> list[int]:
        """Return what was recently found gone although lists still name it.

        If a server answers 404, or with its login page, to everything for a night, the articles
        requested that night must not count as gone until they are due again.
        """
        rows = self._database.execute(
            """SELECT DISTINCT addresses.id FROM articles
            JOIN addresses ON addresses.url = articles.url
            JOIN list_entries ON list_entries.url = articles.url
            JOIN captures AS naming ON naming.id = list_entries.capture_id
            WHERE gone_at >= ? AND naming.crawl_id = ? ORDER BY addresses.id""",
            [timestamp(self._crawl.started_at - DOUBTED_FOR), self._crawl.crawl_id],
        )
        return [url_id for (url_id,) in rows]

    def _allowed_now(self) -> list[int]:
        """Return what robots.txt denied, if robots.txt has changed since the last crawl."""
        url = self._crawl.site.canonical(f"{self._crawl.site.base_url}robots.txt")
        responses = self._database.execute(
            """SELECT status, entity_sha256 FROM captures WHERE canonical_url = ?
            AND id IN (SELECT max(id) FROM captures WHERE canonical_url = ? GROUP BY crawl_id)
            ORDER BY id DESC LIMIT 2""",
            [url, url],
        ).fetchall()
        if len(set(responses)) < 2:
            return []
        return self._ids(f"excluded = '{ROBOTS}'")

    def _share(self) -> list[int]:
        """Return the URLs that were checked longest ago, so that all are checked in the period.

        Of N URLs and a period of 30 days, N/30 for each day since the last crawl began, and in any
        case what is overdue.
        """
        period = timedelta(days=self._crawl.recheck_days)
        now = self._crawl.started_at
        candidates = f"""substr(url, 1, length(:base)) = :base AND checked_at < :now
            AND (outcome = 'archived' OR excluded = '{ROBOTS}')"""
        values = {
            "base": self._crawl.site.base_url,
            "now": timestamp(now),
            "overdue": timestamp(now - period),
        }
        count, overdue = self._database.execute(
            f"SELECT count(*), total(checked_at < :overdue) FROM addresses WHERE {candidates}",
            values,
        ).fetchone()
        since = self._since_last_crawl()
        due = ceil(count * (since / period)) if period else count
        rows = self._database.execute(
            f"SELECT id FROM addresses WHERE {candidates} ORDER BY checked_at, id LIMIT :due",
            values | {"due": max(due, int(overdue))},
        )
        return [url_id for (url_id,) in rows]

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
        return [url_id for (url_id,) in rows]
