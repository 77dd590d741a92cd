"""What one run may cost at the most: requests, bytes, time. What is left, the next run does."""

import asyncio
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

LIMIT = "limit"
"""How the `finish_reason` of a crawl begins that has spent its budget."""


class BudgetSpentError(IgnoreRequest):
    """Raised instead of sending a request beyond the budget; its address goes on waiting."""


class Budget:
    """Stops the crawl when it has spent what it may; 0 is without bound. The clock runs at once."""

    def __init__(
        self, crawler: Crawler, max_requests: int, max_bytes: int, max_seconds: float
    ) -> None:
        self._crawler = crawler
        self._max_requests = max_requests
        self._max_bytes = max_bytes
        self._closing: asyncio.Future[None] | None = None
        if max_seconds:
            loop = asyncio.get_running_loop()
            loop.call_later(max_seconds, self._close, f"{max_seconds:g} seconds")

    def take_request(self) -> None:
        """Pass while there is something left; raises BudgetSpentError else, and ends the crawl."""
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
                self._crawler.engine.close_spider_async(reason=f"{LIMIT}: {limit}")
            )


_BUDGETS: WeakKeyDictionary[Crawler, Budget] = WeakKeyDictionary()


def budget_of(crawler: Crawler) -> Budget:
    """Return the budget that a crawl's components share."""
    if crawler not in _BUDGETS:
        settings = crawler.settings
        _BUDGETS[crawler] = Budget(
            crawler,
            settings.getint("CACNP_MAX_REQUESTS"),
            settings.getint("CACNP_MAX_BYTES"),
            settings.getfloat("CACNP_MAX_SECONDS"),
        )
    return _BUDGETS[crawler]
