"""Scrapy's scheduler: hands out what waits in the ledger, so that no crawl begins anew.

The queue lies in the database, in the transactions that save what was found. A crawl that ends,
however it ends, leaves the rest of its queue to the next one, and memory holds only what is about
to be asked for.
"""

from collections import deque
from typing import Protocol, cast

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler

from cacnp_archive.crawling.ingest_client import reading_process_of
from cacnp_archive.crawling.start import current_crawl
from cacnp_archive.storage.frontier import FrontierReader, QueuedUrl

BATCH = 20
"""Addresses that are read at a time."""


class LedgerSpider(Protocol):
    """A spider that asks for what waits in the ledger."""

    def request(self, queued: QueuedUrl) -> Request:
        """Return the request for an address."""


class LedgerScheduler(BaseScheduler):
    """Gives the engine the next request: a retry of Scrapy's own, or what waits in the ledger."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._process = reading_process_of(crawler)
        crawl = current_crawl(crawler)
        self._frontier = FrontierReader(crawl.archive.database_path, crawl.site)
        self._again: deque[Request] = deque()
        self._next: deque[QueuedUrl] = deque()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "LedgerScheduler":
        """Serve a crawl of the archive."""
        return cls(crawler)

    def open(self, spider: Spider) -> None:
        """Remember who makes the requests."""
        self._spider = cast("LedgerSpider", spider)

    def close(self, reason: str) -> None:  # noqa: ARG002
        """Close the connection to the ledger."""
        self._frontier.close()

    def has_pending_requests(self) -> bool:
        """Whether there is something to ask for; until it is asked for, the crawl goes on."""
        return bool(self._again or self._next or self._read())

    def enqueue_request(self, request: Request) -> bool:
        """Take a request that Scrapy makes, such as a retry; it goes first."""
        self._again.append(request)
        return True

    def next_request(self) -> Request | None:
        """Return what to ask for next, or None while nothing is to do.

        When all that was known has been answered, the plan may have more.
        """
        if self._again:
            return self._again.popleft()
        is_idle = not self._crawler.engine.downloader.active
        if self._next or self._read() or (is_idle and self._process.call("more") and self._read()):
            return self._spider.request(self._next.popleft())
        return None

    def _read(self) -> bool:
        self._next.extend(self._frontier.next_queued(BATCH))
        return bool(self._next)
