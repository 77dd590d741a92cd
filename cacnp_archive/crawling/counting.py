"""What a crawl has come to so far, from Scrapy's stats."""

from collections import Counter
from collections.abc import Sized
from typing import Any

from scrapy.crawler import Crawler

from cacnp_archive.crawling.manners import THROTTLING
from cacnp_archive.run_status import Counts

STATUS_CLASSES = ("2xx", "3xx", "4xx", "5xx", "other")

_STATUSES = "wire/statuses/"


def counts_of(crawler: Crawler) -> Counts:
    """Return a crawl's counts; what its ledger does not tell is told by Scrapy's queues."""
    stats: dict[str, Any] = crawler.stats.get_stats()
    captures, unavailable = stats.get("parse/captures", 0), stats.get("crawl/failed", 0)
    waiting = stats.get("ledger/waiting")
    if waiting is None:
        waiting = _queued(crawler)
    known = stats.get("ledger/known", captures + waiting)
    return Counts(
        known=known,
        done=max(known - waiting, 0),
        waiting=waiting,
        requests=stats.get("wire/requests", 0),
        captures=captures,
        articles=stats.get("parse/articles", 0),
        failures=stats.get("parse/failures", 0),
        unavailable=unavailable,
        problems=stats.get("parse/problems", 0),
        errors=stats.get("log_count/ERROR", 0) + stats.get("log_count/CRITICAL", 0),
        throttled=sum(stats.get(f"{_STATUSES}{status}", 0) for status in THROTTLING),
        received_bytes=stats.get("wire/bytes", 0),
    )


def status_classes(stats: dict[str, Any]) -> dict[str, int]:
    """Return how many answers of each class came; each class is named, also when none did.

    >>> status_classes({"wire/statuses/200": 5, "wire/statuses/206": 1, "wire/statuses/0": 2})
    {'2xx': 6, '3xx': 0, '4xx': 0, '5xx': 0, 'other': 2}
    """
    counted: Counter[str] = Counter()
    for key, number in stats.items():
        if key.startswith(_STATUSES):
            name = f"{key.removeprefix(_STATUSES)[0]}xx"
            counted[name if name in STATUS_CLASSES else "other"] += number
    return {name: counted[name] for name in STATUS_CLASSES}


def _queued(crawler: Crawler) -> int:
    engine = crawler.engine
    scheduler = engine._slot.scheduler if engine._slot else None  # noqa: SLF001
    in_queue = len(scheduler) if isinstance(scheduler, Sized) else 0
    return in_queue + len(engine.downloader.active)
