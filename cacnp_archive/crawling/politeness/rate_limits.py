"""What a host is spared: more than so many requests at a time, and any while it is busy."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from cacnp_archive.model.capture import Capture

THROTTLING = frozenset({429, 503})

FIRST_SECONDS = 1.0
"""How long a host that does not say how long is left alone first; doubled each time."""

_LOOK_UP_SECONDS = 0.5

_UNBOUNDED = 1 << 30

LONGEST_SECONDS = 3600.0
"""A host that asks for more than this is asked again after it all the same."""

PATIENCE_SECONDS = 3 * 3600.0
"""A host that has refused for so long without an answer between is not asked again in a crawl."""


class CrawlEndsError(IgnoreRequest):
    """Raised instead of sending a request when the crawl ends; its address goes on waiting."""


class HostRateLimits:
    """Keeps the bounds of each host, at the last place before the wire.

    Scrapy keeps delays as well, but AutoThrottle lowers what `Crawl-delay` has raised; and it
    bounds the requests in flight, but without a reactor (seen in Scrapy 2.19,
    `Downloader._process_queue`) it starts all that wait for a host at once when there is no
    delay: the slot counts a request only once its task has run. These bounds hold in any case:
    `requests_at_a_time` to one host, `requests_of_all` to all together (0: no bound).
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
        """Wait until the host may be asked; the turn ends with the block.

        Raises CrawlEndsError when the crawl ends first.
        """
        loop = asyncio.get_running_loop()
        async with self._turns[host]:
            while (rest := self._not_before[host] - loop.time()) > 0 and not self._is_ending():
                if self._held[host] > PATIENCE_SECONDS:
                    raise IgnoreRequest(f"{host} is busy: left alone for the rest of the crawl")
                # Meanwhile another turn may have moved the moment, or somebody ended the crawl.
                await asyncio.sleep(min(rest, _LOOK_UP_SECONDS))
            async with self._turns_of_all:
                if self._is_ending():
                    raise CrawlEndsError(f"the crawl ends before {host} is asked")
                self._not_before[host] = loop.time() + self._delays[host]
                yield

    def slow_down(self, host: str, delay: float) -> None:
        """Keep at least `delay` seconds between the beginnings of two requests to a host."""
        self._delays[host] = max(delay, self._delays[host])
        self._hold(host, delay)

    def note(self, host: str, capture: Capture) -> float:
        """Take notice of an answer; returns for how many seconds the host is left alone now.

        On 429 and 503 all requests to the host are held back, not only the one that was refused.
        """
        if capture.status not in THROTTLING:
            self._refusals.pop(host, None)
            self._held.pop(host, None)
            return 0.0
        refusals = self._refusals.get(host, 0)
        self._refusals[host] = refusals + 1
        asked = retry_after(capture.message.value(b"retry-after"), datetime.now(UTC))
        seconds = FIRST_SECONDS * 2**refusals if asked is None else asked
        seconds = min(seconds, LONGEST_SECONDS)
        self._held[host] += seconds
        self._hold(host, seconds)
        return seconds

    def _hold(self, host: str, seconds: float) -> None:
        moment = asyncio.get_running_loop().time() + seconds
        self._not_before[host] = max(moment, self._not_before[host])


_RATE_LIMITS: WeakKeyDictionary[Crawler, HostRateLimits] = WeakKeyDictionary()


def rate_limits_of(crawler: Crawler) -> HostRateLimits:
    """Return the manners that a crawler's components share."""
    if crawler not in _RATE_LIMITS:
        settings = crawler.settings
        _RATE_LIMITS[crawler] = HostRateLimits(
            settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"),
            settings.getfloat("DOWNLOAD_DELAY"),
            lambda: _is_ending(crawler),
            settings.getint("CONCURRENT_REQUESTS"),
        )
    return _RATE_LIMITS[crawler]


def _is_ending(crawler: Crawler) -> bool:
    slot = crawler.engine._slot  # noqa: SLF001 - Scrapy tells it nowhere else
    return slot is None or slot.closing is not None


def retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110 section 10.2.3), or None.

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
