"""Scrapy's scheduler: hands out what waits in the ledger, so that a crawl resumes the last one.

The queue is part of the database, and changes in the transactions that save the links found. A
crawl leaves the rest of its queue to the next one, however it ends, and memory holds only the
requests that come next.
"""

from collections import deque
from typing import Protocol, cast

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler

from cacnp_archive.crawling.session import session_of
from cacnp_archive.ingest.messages import QueueMore
from cacnp_archive.storage.frontier import FrontierReader, QueuedUrl

BATCH = 20
"""Addresses that are read from the queue at a time."""


class LedgerSpider(Protocol):
    """A spider that makes requests for the addresses in the ledger."""

    def request(self, queued: QueuedUrl) -> Request:
        """Return the request for an address."""


class LedgerScheduler(BaseScheduler):
    """Gives the engine the next request: one of Scrapy's retries, or what waits in the ledger."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        session = session_of(crawler)
        self._ingest = session.ingest
        crawl = session.crawl
        self._frontier = FrontierReader(crawl.archive.database_path, crawl.site)
        self._retries: deque[Request] = deque()
        self._next: deque[QueuedUrl] = deque()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "LedgerScheduler":
        """Hand out the queue of the crawl's archive."""
        return cls(crawler)

    def open(self, spider: Spider) -> None:
        """Remember the spider, which makes the requests."""
        self._spider = cast("LedgerSpider", spider)

    def close(self, reason: str) -> None:  # noqa: ARG002
        """Close the connection to the ledger."""
        self._frontier.close()

    def has_pending_requests(self) -> bool:
        """Whether there is something to fetch; the crawl goes on as long as there is."""
        return bool(self._retries or self._next or self._read())

    def enqueue_request(self, request: Request) -> bool:
        """Take a request that Scrapy makes, such as a retry; it is sent first."""
        self._retries.append(request)
        return True

    def next_request(self) -> Request | None:
        """Return the next request, or None while there is nothing to do.

        Once everything in the queue has been fetched, the plan may add more.
        """
        if self._retries:
            return self._retries.popleft()
        is_idle = not self._crawler.engine.downloader.active
        if (
            self._next
            or self._read()
            or (is_idle and self._ingest.ask(QueueMore()) and self._read())
        ):
            return self._spider.request(self._next.popleft())
        return None

    def _read(self) -> bool:
        self._next.extend(self._frontier.next_queued(BATCH))
        return bool(self._next)
