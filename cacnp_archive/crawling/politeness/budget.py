"""Limits of one crawl: requests, bytes and time. The next crawl resumes where a limit ended it."""

import asyncio

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from cacnp_archive.crawling.session import session_of

STUCK_SECONDS = 5.0
"""When a limit is reached, what takes longer than this to read is left to the next start."""


class BudgetSpentError(IgnoreRequest):
    """Raised in place of a request that would exceed the budget; its address stays waiting."""


class Budget:
    """Stops the crawl when one of its limits is reached; 0 means no limit."""

    def __init__(
        self, crawler: Crawler, max_requests: int, max_bytes: int, max_seconds: float
    ) -> None:
        self._crawler = crawler
        self._max_requests = max_requests
        self._max_bytes = max_bytes
        self._max_seconds = max_seconds
        self._closing: asyncio.Future[None] | None = None

    def start_clock(self) -> None:
        """Start to count the seconds."""
        if self._max_seconds:
            limit = f"{self._max_seconds:g} seconds"
            asyncio.get_running_loop().call_later(self._max_seconds, self._close, limit)

    def take_request(self) -> None:
        """Return if another request is within the budget; else raise BudgetSpentError."""
        stats = self._crawler.stats
        if self._max_requests and stats.get_value("wire/requests", 0) >= self._max_requests:
            self._close(f"{self._max_requests} requests")
        elif self._max_bytes and stats.get_value("wire/bytes", 0) >= self._max_bytes:
            self._close(f"{self._max_bytes} bytes")
        if self._closing is not None:
            raise BudgetSpentError("the budget of this crawl is spent")

    def _close(self, limit: str) -> None:
        if self._closing is None:
            self._closing = asyncio.ensure_future(
                self._crawler.engine.close_spider_async(reason=f"limit: {limit}")
            )
            self._leave_stuck()

    def _leave_stuck(self) -> None:
        if self._crawler.crawling:
            session_of(self._crawler).ingest.leave_stuck()
            asyncio.get_running_loop().call_later(STUCK_SECONDS, self._leave_stuck)
