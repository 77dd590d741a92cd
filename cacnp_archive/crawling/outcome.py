"""What a crawl came to: the last lines it prints, and its exit code."""

from dataclasses import dataclass
from typing import Any

from cacnp_archive.crawl import STORAGE_FAILED

UNREACHABLE = "site unreachable"
"""The reason for which the spider is closed when not even the front page could be had."""

COMPLETE, WITH_FAILURES, WRITE_FAILED, STOPPED = 0, 1, 4, 5
"""Exit codes; 2 (bad usage) and 3 (locked) never get as far as a crawl. See the README."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a crawl ended."""

    exit_code: int
    lines: tuple[str, ...]


def judge(stats: dict[str, Any]) -> Outcome:
    """Return the outcome that a finished crawl's stats tell."""
    reason = stats.get("finish_reason", "")
    count = f"{stats.get('parse/captures', 0)} captures, {stats.get('parse/articles', 0)} articles"
    failed = stats.get("crawl/failed", 0)
    faults = stats.get("log_count/ERROR", 0)
    if reason == STORAGE_FAILED or "storage/error" in stats:
        return Outcome(WRITE_FAILED, (f"stopped: {stats['storage/error']}", count))
    if reason == UNREACHABLE:
        return Outcome(WITH_FAILURES, (f"nothing was archived: {stats['crawl/unreachable']}",))
    if reason != "finished":
        return Outcome(STOPPED, (f"stopped before the end ({reason}): {count}",))
    if failed or faults:
        return Outcome(
            WITH_FAILURES,
            (f"finished: {count}; {failed} addresses could not be had, {faults} errors logged",),
        )
    return Outcome(COMPLETE, (f"finished: {count}",))
