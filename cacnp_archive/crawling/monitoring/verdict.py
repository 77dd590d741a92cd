"""What a crawl came to: the last lines it prints, and its exit code."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cacnp_archive.model.crawl import STORAGE_FAILED
from cacnp_archive.storage.queries.crawl_metrics import CrawlMetrics, Ending

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
    ending: Ending | None = stats.get("ledger/ending")
    if reason == STORAGE_FAILED or "storage/error" in stats or ending is None:
        why = stats.get("storage/error", "the end of the crawl could not be noted")
        return Outcome(WRITE_FAILED, (f"stopped: {why}", count))
    if reason == UNREACHABLE:
        return Outcome(WITH_FAILURES, (f"nothing was archived: {stats['crawl/unreachable']}",))
    lines = tuple(_balance(ending.metrics))
    faults = stats.get("log_count/ERROR", 0)
    failed = sum(ending.metrics["failed"].values())
    worries = [f"ALERT {alert}" for alert in ending.alerts]
    if reason != "finished":
        return Outcome(STOPPED, (f"stopped before the end ({reason}): {count}", *lines, *worries))
    if faults:
        worries.append(f"{faults} errors were logged")
    is_ok = not (failed or worries or ending.metrics["ledger"]["waiting"])
    return Outcome(COMPLETE if is_ok else WITH_FAILURES, (f"finished: {count}", *lines, *worries))


def _balance(metrics: CrawlMetrics) -> Iterator[str]:
    """Tell what became of every known address; "complete" only when nothing is left over."""
    ledger = metrics["ledger"]
    known = sum(ledger.values())
    sum_of = " + ".join(f"{ledger[state]:.0f} {state}" for state in _STATES)
    if ledger["waiting"]:
        yield f"not complete: {known:.0f} known = {sum_of} + {ledger['waiting']:.0f} waiting"
    else:
        yield f"complete: {known:.0f} known = {sum_of}"
    if metrics["recall"]:
        yield "recall: " + ", ".join(
            f"{name} {share:.1%}" for name, share in sorted(metrics["recall"].items())
        )
    for state in ("excluded", "failed"):
        if metrics[state]:
            yield f"{state}: " + ", ".join(
                f"{count:.0f} {reason}" for reason, count in metrics[state].items()
            )


_STATES = ("archived", "excluded", "failed")
