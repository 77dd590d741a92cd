"""The last lines that a crawl prints and logs, and the verdict that they end with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cacnp_archive.crawling.monitoring.balance import Balance
from cacnp_archive.crawling.monitoring.status_file import ProgressCounts
from cacnp_archive.crawling.monitoring.verdict import CrawlEnd, CrawlState, CrawlVerdict, judge
from cacnp_archive.crawling.session import CrawlSession
from cacnp_archive.model.crawl import FINISHED, STORAGE_FAILED
from cacnp_archive.storage.queries.crawl_metrics import CrawlMetrics


@dataclass(frozen=True, slots=True)
class CrawlSummary:
    """How a crawl ended."""

    verdict: CrawlVerdict
    lines: tuple[str, ...]


def summarize(session: CrawlSession, counts: ProgressCounts) -> CrawlSummary:
    """Return the summary of a crawl that has ended."""
    end = _end_of(session)
    verdict = judge(end)
    lines = [*_lines(session, end, verdict, counts), verdict.line]
    if not verdict.is_ok:
        lines.append(f"next: {verdict.next_step}")
    return CrawlSummary(verdict, tuple(lines))


def _end_of(session: CrawlSession) -> CrawlEnd:
    if session.ending is None or session.write_error:
        return CrawlEnd(finish_reason=STORAGE_FAILED)
    return CrawlEnd(
        finish_reason=session.finish_reason,
        metrics=session.ending.metrics,
        alerts=session.ending.alerts,
    )


def _lines(
    session: CrawlSession, end: CrawlEnd, verdict: CrawlVerdict, counts: ProgressCounts
) -> Iterator[str]:
    archived = f"{counts.captures} captures, {counts.articles} articles"
    if verdict.state is CrawlState.WRITE_FAILED:
        yield f"stopped: {session.write_error}"
        yield archived
        return
    if verdict.state is CrawlState.UNREACHABLE:
        yield f"nothing was archived: {session.unreachable}"
        yield from (f"ALERT {alert}" for alert in end.alerts)
        return
    how = "finished" if end.finish_reason == FINISHED else "stopped before the end"
    why = "" if end.finish_reason == FINISHED else f" ({end.finish_reason})"
    yield f"{how}{why}: {archived}"
    yield from _balance_lines(end.metrics)
    yield from (f"ALERT {alert}" for alert in end.alerts)


def _balance_lines(metrics: CrawlMetrics) -> Iterator[str]:
    """Yield what became of every known address; "complete" only when nothing is waiting."""
    balance = Balance.of(metrics)
    total = (
        f"{balance.known} known = {balance.archived} archived + {balance.excluded} excluded"
        f" + {balance.failed} failed"
    )
    if balance.waiting:
        yield f"not complete: {total} + {balance.waiting} waiting"
    else:
        yield f"complete: {total}"
    recall = {name: f"{share:.1%}" for name, share in metrics.get("recall", {}).items()}
    recall |= dict.fromkeys(metrics.get("unknown", {}), "unknown")
    if recall:
        yield "recall: " + ", ".join(f"{name} {share}" for name, share in sorted(recall.items()))
    yield from _reasons("excluded", balance.excluded_by_reason)
    yield from _reasons("failed", balance.failed_by_reason)


def _reasons(state: str, counts: Mapping[str, int]) -> Iterator[str]:
    if counts:
        yield f"{state}: " + ", ".join(f"{number} {reason}" for reason, number in counts.items())
