"""Rate limits per host: at most N requests at a time, and none while a host is busy."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy.exceptions import IgnoreRequest

from cacnp_archive.model.capture import Capture

THROTTLING = frozenset({429, 503})
"""The HTTP statuses by which a server asks for fewer requests."""

FIRST_SECONDS = 1.0
"""The first pause for a host that sends no Retry-After; doubled each time."""

_POLL_SECONDS = 0.5

_UNBOUNDED = 1 << 30

LONGEST_SECONDS = 3600.0
"""The longest pause between two requests, whatever Retry-After says."""

PATIENCE_SECONDS = 3 * 3600.0
"""A host whose pauses add up to this without a response between gets no more requests."""


class CrawlEndsError(IgnoreRequest):
    """Raised in place of a request when the crawl ends; its address stays waiting."""


class HostRateLimits:
    """Enforces the rate limits of each host just before a request is sent.

    Scrapy has delays as well, but AutoThrottle lowers a delay that `Crawl-delay` has raised.
    Scrapy also limits the requests in flight, but without a reactor and without a delay it starts
    every request that waits for a host at once, because a slot counts a request only after its
    task has run (seen in Scrapy 2.19, `Downloader._process_queue`). The limits here always hold:
    `requests_at_a_time` for one host, `requests_of_all` for all hosts together (0: no limit).
    """

    def __init__(
        self,
        requests_at_a_time: int,
        delay: float,
        is_ending: Callable[[], bool] = lambda: False,
        requests_of_all: int = 0,
    ) -> None:
        self._is_ending = is_ending
        self._turns_of_all = asyncio.Semaphore(requests_of_all or _UNBOUNDED)
        self._delays: defaultdict[str, float] = defaultdict(lambda: delay)
        self._not_before: defaultdict[str, float] = defaultdict(float)
        self._turns: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(requests_at_a_time)
        )
        self._refusals: dict[str, int] = {}
        self._held: defaultdict[str, float] = defaultdict(float)

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait until a request to the host may be sent, and count it until the block ends.

        Raises CrawlEndsError when the crawl ends first, IgnoreRequest when the host stays busy.
        """
        loop = asyncio.get_running_loop()
        async with self._turns[host]:
            while (rest := self._not_before[host] - loop.time()) > 0 and not self._is_ending():
                if self._held[host] > PATIENCE_SECONDS:
                    raise IgnoreRequest(f"{host} is busy: no more requests to it in this crawl")
                # Meanwhile another request may have moved the time, or the crawl may be ending.
                await asyncio.sleep(min(rest, _POLL_SECONDS))
            async with self._turns_of_all:
                if self._is_ending():
                    raise CrawlEndsError(f"the crawl ended before the request to {host}")
                self._not_before[host] = loop.time() + self._delays[host]
                yield

    def slow_down(self, host: str, delay: float) -> None:
        """Start requests to a host at least `delay` seconds apart."""
        self._delays[host] = max(delay, self._delays[host])
        self._hold(host, delay)

    def note(self, host: str, capture: Capture) -> float:
        """Take a response into account; returns for how many seconds the host gets no requests.

        After a 429 or 503 all requests to the host are held back, not only the refused one.
        """
        if capture.status not in THROTTLING:
            self._refusals.pop(host, None)
            self._held.pop(host, None)
            return 0.0
        refusals = self._refusals.get(host, 0)
        self._refusals[host] = refusals + 1
        requested = retry_after(capture.message.value(b"retry-after"), datetime.now(UTC))
        seconds = FIRST_SECONDS * 2**refusals if requested is None else requested
        seconds = min(seconds, LONGEST_SECONDS)
        self._held[host] += seconds
        self._hold(host, seconds)
        return seconds

    def _hold(self, host: str, seconds: float) -> None:
        until = asyncio.get_running_loop().time() + seconds
        self._not_before[host] = max(until, self._not_before[host])


def retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds in a Retry-After header (RFC 9110 section 10.2.3); None without any.

    >>> retry_after("120", datetime.now(UTC))
    120.0
    >>> retry_after("Wed, 21 Oct 2026 07:28:10 GMT", datetime(2026, 10, 21, 7, 28, tzinfo=UTC))
    10.0
    >>> retry_after("soon", datetime.now(UTC)) is None
    True
    """
    if value.isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
