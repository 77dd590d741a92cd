"""Rate limits per host: at most N requests at a time, and none while a host is busy."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy.exceptions import IgnoreRequest

from cacnp_archive.model.capture import Capture

logger = logging.getLogger(__name__)

THROTTLING = frozenset({429, 503})
"""The HTTP statuses by which a server asks for fewer requests."""

FIRST_SECONDS = 1.0
"""The first pause for a host that sends no Retry-After; doubled each time."""

_POLL_SECONDS = 0.5

_UNBOUNDED = 1 << 30

PATIENCE = 3
"""A host whose pauses add up to this many of the longest, without a response between, gets no more
requests."""

LONGEST_AT_WALL = 8.0
"""The longest pause after a wall, in seconds; the first is FIRST_SECONDS, doubled each time."""

MOST_WALLS = 20
"""After this many walls in a row, a host gets no more requests in this crawl."""


class CrawlEndsError(IgnoreRequest):
    """Raised in place of a request when the crawl ends; its address stays waiting."""


class HostRateLimits:
    """Enforces the rate limits of each host just before a request is sent.

    Scrapy has delays as well, but AutoThrottle lowers a delay that `Crawl-delay` has raised.
    Scrapy also limits the requests in flight, but without a reactor and without a delay it starts
    every request that waits for a host at once, because a slot counts a request only after its
    task has run (seen in Scrapy 2.19, `Downloader._process_queue`). The limits here always hold:
    `requests_at_a_time` for one host, `requests_of_all` for all hosts together (0: no limit).
    `longest_crawl_delay` and `longest_pause` are in seconds, whatever Crawl-delay and Retry-After
    say.
    """

    def __init__(
        self,
        requests_at_a_time: int,
        delay: float,
        is_ending: Callable[[], bool] = lambda: False,
        requests_of_all: int = 0,
        longest_crawl_delay: float = 300.0,
        longest_pause: float = 3600.0,
    ) -> None:
        self._longest_crawl_delay = longest_crawl_delay
        self._longest_pause = longest_pause
        self._wall_counts: dict[str, int] = {}
        self.is_ending = is_ending
        """Whether the crawl is about to end, so that nothing more is requested."""
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
            if self._wall_counts.get(host, 0) >= MOST_WALLS:
                raise IgnoreRequest(f"{host} answers with walls: no more requests to it for now")
            while (rest := self._not_before[host] - loop.time()) > 0 and not self.is_ending():
                if self._held[host] > PATIENCE * self._longest_pause:
                    raise IgnoreRequest(f"{host} is busy: no more requests to it in this crawl")
                # Meanwhile another request may have moved the time, or the crawl may be ending.
                await asyncio.sleep(min(rest, _POLL_SECONDS))
            async with self._turns_of_all:
                if self.is_ending():
                    raise CrawlEndsError(f"the crawl ended before the request to {host}")
                pause = max(self._delays[host], self._pause_at_wall(host))
                self._not_before[host] = loop.time() + pause
                yield

    def slow_down(self, host: str, delay: float) -> float:
        """Start requests to a host at least `delay` seconds apart; returns the delay as capped."""
        delay = min(delay, self._longest_crawl_delay)
        self._delays[host] = max(delay, self._delays[host])
        self._hold(host, delay)
        return delay

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
        if requested is not None and requested > self._longest_pause:
            logger.warning(
                "%s asks for %g seconds without requests: capped at %g (CACNP_MAX_RETRY_AFTER)",
                host,
                requested,
                self._longest_pause,
            )
        seconds = FIRST_SECONDS * 2.0 ** min(refusals, 30) if requested is None else requested
        seconds = min(seconds, self._longest_pause)
        self._held[host] += seconds
        self._hold(host, seconds)
        return seconds

    def note_wall(self, host: str) -> float:
        """Take a wall into account; returns for how many seconds the host gets no requests."""
        self._wall_counts[host] = self._wall_counts.get(host, 0) + 1
        seconds = self._pause_at_wall(host)
        self._hold(host, seconds)
        return seconds

    def note_page(self, host: str) -> None:
        """Note that a host has answered with what was requested."""
        self._wall_counts.pop(host, None)

    def _pause_at_wall(self, host: str) -> float:
        count = self._wall_counts.get(host, 0)
        return min(FIRST_SECONDS * 2.0 ** (count - 1), LONGEST_AT_WALL) if count else 0.0

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
    >>> retry_after("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", datetime.now(UTC)) is None
    True
    """
    if value.isascii() and value.isdecimal():
        return float(value)  # infinite beyond 308 digits
    try:
        moment = parsedate_to_datetime(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - now).total_seconds())
    except (ValueError, OverflowError):  # a year or offset beyond what datetime holds
        return None
