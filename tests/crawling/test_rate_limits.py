import asyncio
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.test import get_crawler

from cacnp_archive.crawling.downloader import ArchivingDownloader
from cacnp_archive.crawling.politeness.rate_limits import (
    MOST_WALLS,
    PATIENCE,
    HostRateLimits,
    retry_after,
)
from tests.support.captures import make_capture

HOST = "armscontrolcenter.org"
BUSY = make_capture(status="503 Service Unavailable", headers=(("Retry-After", "1"),))


def beginnings(rate_limits: HostRateLimits, turns: int) -> list[float]:
    """Return when so many requests that all wait at once may begin, in seconds from now."""

    async def run() -> list[float]:
        loop = asyncio.get_running_loop()
        zero = loop.time()
        begun: list[float] = []

        async def take_turn() -> None:
            async with rate_limits.turn(HOST):
                begun.append(loop.time() - zero)

        rate_limits.note(HOST, BUSY)
        await asyncio.gather(*(take_turn() for _ in range(turns)))
        return begun

    return asyncio.run(run())


@pytest.mark.parametrize("at_a_time", [1, 4])
def test_requests_held_back_together_do_not_begin_together(at_a_time: int) -> None:
    begun = beginnings(HostRateLimits(at_a_time, delay=0.1), turns=4)
    assert begun[0] >= 0.99
    assert min(later - earlier for earlier, later in pairwise(begun)) >= 0.09


def test_host_that_does_not_say_how_long_is_left_alone_twice_as_long_each_time() -> None:
    async def run() -> list[float]:
        rate_limits = HostRateLimits(1, delay=0)
        silent = make_capture(status="429 Too Many Requests", headers=())
        held = [rate_limits.note(HOST, silent) for _ in range(3)]
        rate_limits.note(HOST, make_capture())
        return [*held, rate_limits.note(HOST, silent)]

    assert asyncio.run(run()) == [1, 2, 4, 1]


def test_host_that_goes_on_refusing_is_given_up_for_the_crawl_until_it_answers() -> None:
    hour = make_capture(status="503 Service Unavailable", headers=(("Retry-After", "3600"),))

    async def run() -> None:
        rate_limits = HostRateLimits(1, delay=0)
        for _ in range(PATIENCE + 1):
            rate_limits.note(HOST, hour)
        with pytest.raises(IgnoreRequest, match="busy"):
            async with rate_limits.turn(HOST):
                pass
        rate_limits.note(HOST, make_capture())
        rate_limits.note(HOST, hour)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1), rate_limits.turn(HOST):
                pass

    asyncio.run(run())


def test_all_hosts_together_have_a_bound() -> None:
    under_way = most = 0

    async def ask(rate_limits: HostRateLimits, host: str) -> None:
        nonlocal under_way, most
        async with rate_limits.turn(host):
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0)
            under_way -= 1

    async def crawl() -> None:
        rate_limits = HostRateLimits(2, 0, requests_of_all=3)
        await asyncio.gather(*(ask(rate_limits, f"{number}.example") for number in range(20)))

    asyncio.run(crawl())
    assert most == 3


@pytest.mark.parametrize(("delay", "bound"), [("0", 8), ("0.5", 2)])
def test_only_without_a_delay_more_requests_wait_than_there_are_connections(
    delay: str, bound: int
) -> None:
    settings = {
        "AUTOTHROTTLE_ENABLED": False,
        "CONCURRENT_REQUESTS": 2,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
        "DOWNLOAD_DELAY": delay,
        "DOWNLOAD_HANDLERS": {"http": None, "https": None},
        "TWISTED_REACTOR_ENABLED": False,
    }

    async def make() -> ArchivingDownloader:
        return ArchivingDownloader(get_crawler(settings_dict=settings))

    downloader = asyncio.run(make())
    assert (downloader.total_concurrency, downloader.domain_concurrency) == (bound, bound)


def test_host_that_answers_with_walls_is_asked_more_slowly_and_then_not_at_all() -> None:
    async def run() -> list[float]:
        rate_limits = HostRateLimits(1, delay=0)
        pauses = [rate_limits.note_wall(HOST) for _ in range(5)]
        rate_limits.note_page(HOST)
        pauses += [rate_limits.note_wall(HOST) for _ in range(MOST_WALLS)]
        with pytest.raises(IgnoreRequest, match="walls"):
            async with rate_limits.turn(HOST):
                pass
        rate_limits.note_page(HOST)
        return pauses[:6]

    assert asyncio.run(run()) == [1, 2, 4, 8, 8, 1]


def test_long_delays_are_capped(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> tuple[float, float]:
        rate_limits = HostRateLimits(1, 0, longest_crawl_delay=5, longest_pause=7)
        far = make_capture(status="429 Busy", headers=(("Retry-After", "9" * 400),))
        return rate_limits.slow_down(HOST, 1e9), rate_limits.note(HOST, far)

    assert asyncio.run(run()) == (5, 7)
    assert "capped at 7" in caplog.text


@pytest.mark.parametrize(
    "value",
    [
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Mon, 01 Jan 0001 00:00:00 +9999",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "١٢٠",
        "-5",
        "",
    ],
)
def test_retry_after_that_makes_no_sense_costs_nothing(value: str) -> None:
    found = retry_after(value, datetime.now(UTC))
    assert found is None or found >= 0
