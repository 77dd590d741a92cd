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

from cacnp_archive.crawling.ingest_client import ingest_client_of
from cacnp_archive.crawling.start import current_crawl
from cacnp_archive.ingest.messages import QueueMore
from cacnp_archive.storage.frontier.ledger import QUEUE_PLACES
from cacnp_archive.storage.frontier.queue import Queue, Waiting

BATCH = 20
"""Addresses that are read at a time."""


class LedgerSpider(Protocol):
    """A spider that asks for what waits in the ledger."""

    def request(self, waiting: Waiting) -> Request:
        """Return the request for an address."""


class LedgerScheduler(BaseScheduler):
    """Gives the engine the next request: a retry of Scrapy's own, or what waits in the ledger."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._ingest = ingest_client_of(crawler)
        crawl = current_crawl(crawler)
        self._queue = Queue.open(crawl.archive.database_path, crawl.site)
        self._again: deque[Request] = deque()
        self._next: deque[Waiting] = deque()
        self._handed_out = [-1, QUEUE_PLACES, 2 * QUEUE_PLACES]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "LedgerScheduler":
        """Serve a crawl of the archive."""
        return cls(crawler)

    def open(self, spider: Spider) -> None:
        """Remember who makes the requests."""
        self._spider = cast("LedgerSpider", spider)

    def close(self, reason: str) -> None:  # noqa: ARG002
        """Close the connection to the ledger."""
        self._queue.close()

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
        if (
            self._next
            or self._read()
            or (is_idle and self._ingest.ask(QueueMore()) and self._read())
        ):
            return self._spider.request(self._next.popleft())
        return None

    def _read(self) -> bool:
        self._next.extend(self._queue.next_waiting(self._handed_out, BATCH))
        for waiting in self._next:
            self._handed_out[waiting.place // QUEUE_PLACES] = waiting.place
        return bool(self._next)
