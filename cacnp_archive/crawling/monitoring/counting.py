"""What a crawl has counted so far, from Scrapy's stats."""

from collections import Counter
from typing import Any

from cacnp_archive.crawling.monitoring.status_file import ProgressCounts
from cacnp_archive.crawling.politeness.rate_limits import THROTTLING
from cacnp_archive.model.crawl import CrawlCounts

STATUS_CLASSES = ("2xx", "3xx", "4xx", "5xx", "other")

_STATUSES = "wire/statuses/"


def progress_counts(stats: dict[str, Any]) -> ProgressCounts:
    """Return the counts of a crawl that runs or has ended."""
    known, waiting = stats.get("ledger/known", 0), stats.get("ledger/waiting", 0)
    return ProgressCounts(
        known=known,
        done=known - waiting,
        waiting=waiting,
        requests=stats.get("wire/requests", 0),
        captures=stats.get("parse/captures", 0),
        articles=stats.get("parse/articles", 0),
        failures=stats.get("parse/failures", 0),
        unavailable=sum(n for key, n in stats.items() if key.startswith("crawl/failed/")),
        problems=stats.get("parse/problems", 0),
        errors=stats.get("log_count/ERROR", 0) + stats.get("log_count/CRITICAL", 0),
        throttled=sum(stats.get(f"{_STATUSES}{status}", 0) for status in THROTTLING),
        received_bytes=stats.get("wire/bytes", 0),
    )


def crawl_counts(stats: dict[str, Any], *, is_damaged: bool) -> CrawlCounts:
    """Return what is saved of a crawl's counts at its end."""
    counts = progress_counts(stats)
    return CrawlCounts(
        request_count=counts.requests,
        capture_count=counts.captures,
        failure_count=counts.failures,
        problem_count=counts.problems,
        received_bytes=counts.received_bytes,
        throttled_count=counts.throttled,
        held_seconds=stats.get("rate_limits/held_seconds", 0.0),
        error_count=counts.errors,
        is_damaged=is_damaged,
    )


def status_classes(stats: dict[str, Any]) -> dict[str, int]:
    """Return the number of responses of each status class, 0 included.

    >>> status_classes({"wire/statuses/200": 5, "wire/statuses/206": 1, "wire/statuses/0": 2})
    {'2xx': 6, '3xx': 0, '4xx': 0, '5xx': 0, 'other': 2}
    """
    counted: Counter[str] = Counter()
    for key, number in stats.items():
        if key.startswith(_STATUSES):
            name = f"{key.removeprefix(_STATUSES)[0]}xx"
            counted[name if name in STATUS_CLASSES else "other"] += number
    return {name: counted[name] for name in STATUS_CLASSES}
