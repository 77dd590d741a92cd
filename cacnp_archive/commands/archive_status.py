"""How the archive stands: is a crawl running, was the last one fine, what waits, what is next."""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console

from cacnp_archive.commands.report.gather import alerts_of, balance_of
from cacnp_archive.display import words
from cacnp_archive.display.terminal import line, table
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.crawl import STORAGE_FAILED
from cacnp_archive.storage.queries.crawl_history import FINISHED, CrawlHistory, CrawlRow
from cacnp_archive.storage.queries.crawl_metrics import CrawlMetrics

FORMAT = "cacnp-archive status 2"
"""Its number rises when a key changes its meaning or goes; keys may be added."""

CRAWLS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class PastCrawl:
    """One crawl, in the figures that fit a line; None where there is none without an end."""

    id: str
    started_at: str
    finished_at: str | None
    finish_reason: str | None
    """finished, what stopped it, running, or killed."""
    seconds: float | None
    request_count: int | None
    capture_count: int | None
    added: int | None
    edited: int | None
    """Silently or not."""
    moved: int | None
    gone: int | None
    failed: int | None
    """Addresses of the site that could not be had."""


@dataclass(frozen=True, slots=True)
class Status:
    """How the archive stands; `as_json` is what `cacnp-archive status --json` prints."""

    is_ok: bool
    reason: str
    """Why it is fine or is not, in one line."""
    next_step: str
    is_running: bool
    crawls: list[PastCrawl]
    """The last ones, the latest first."""
    alerts: list[str]
    """Of the last crawl that has an end."""
    articles: int
    gone: int
    """How many of them are gone from the site."""
    captures: int
    warc_bytes: int
    database_bytes: int
    waiting: int
    """Addresses that the next crawl asks for first."""

    def as_json(self) -> dict[str, Any]:
        """Return the status as plain values for JSON; the keys are stable."""
        return {"format": FORMAT, **asdict(self)}


@dataclass(frozen=True, slots=True)
class _Judgement:
    is_ok: bool
    reason: str
    next_step: str


_CRAWL = "run `scrapy crawl cacnp`"
_REPORT = "read `cacnp-archive report`"


def gather_status(archive: Archive, now: datetime, max_age: timedelta) -> Status:
    """Return how the archive stands; raises ArchiveError when nothing was archived yet."""
    with CrawlHistory.of(archive) as review:
        rows = review.crawl_rows()
        held = review.holdings()
        is_running = bool(rows) and rows[0].finished_at is None and archive.is_locked()
        ended = next((row for row in rows if row.finished_at), None)
        metrics = review.metrics(ended) if ended else {}
        previous = review.previous(ended) if ended else None
        before = review.metrics(previous) if previous else {}
        alerts = alerts_of(ended, metrics, before) if ended else []
        crawls = [_past(row, review.metrics(row)) for row in rows[:CRAWLS_SHOWN]]
    if crawls and rows[0].finished_at is None:
        crawls[0] = replace(crawls[0], finish_reason="running" if is_running else "killed")
    judgement = _judge(rows, is_running, metrics, alerts, now, max_age)
    return Status(
        is_ok=judgement.is_ok,
        reason=judgement.reason,
        next_step=judgement.next_step,
        is_running=is_running,
        crawls=crawls,
        alerts=alerts,
        articles=held["articles"],
        gone=held["gone"],
        captures=held["captures"],
        warc_bytes=sum(
            archive.warc_path(name).stat().st_size
            for name in (*archive.warc_names(), *archive.imported_names())
        ),
        database_bytes=archive.database_path.stat().st_size,
        waiting=held["waiting"],
    )


def print_status(status: Status, console: Console) -> None:
    """Print the status on one screen, the judgement first."""
    mark, style = ("fine", "bold green") if status.is_ok else ("not fine", "bold red")
    line(console, f"{mark}: {status.reason}", style)
    line(console, f"next: {status.next_step}")
    for alert in status.alerts:
        line(console, f"ALERT {alert}", "red")
    console.print()
    gone = f", {words.count(status.gone)} of them gone from the site" if status.gone else ""
    line(console, f"{words.plural(status.articles, 'article')}{gone}")
    line(
        console,
        f"{words.plural(status.captures, 'capture')} in {words.size(status.warc_bytes)} of WARC "
        f"files; the database has {words.size(status.database_bytes)}",
    )
    line(console, f"{words.plural(status.waiting, 'address')} waiting for the next crawl")
    console.print()
    table(
        console,
        ("last crawls", "time", "requests", "new", "edited", "moved", "gone", "failed"),
        (
            (
                f"{crawl.started_at[:16].replace('T', ' ')} {crawl.finish_reason}",
                words.duration(crawl.seconds),
                *(
                    words.count(figure)
                    for figure in (
                        crawl.request_count,
                        crawl.added,
                        crawl.edited,
                        crawl.moved,
                        crawl.gone,
                        crawl.failed,
                    )
                ),
            )
            for crawl in status.crawls
        ),
    )


def _past(row: CrawlRow, metrics: CrawlMetrics) -> PastCrawl:
    changes = metrics.get("changes")

    def changed(*kinds: str) -> int | None:
        return None if changes is None else int(sum(changes.get(kind, 0) for kind in kinds))

    return PastCrawl(
        id=row.id,
        started_at=row.started_at,
        finished_at=row.finished_at,
        finish_reason=row.finish_reason or "killed",
        seconds=metrics.get("load", {}).get("seconds"),
        request_count=row.request_count,
        capture_count=row.capture_count,
        added=changed("added"),
        edited=changed("edited", "edited silently"),
        moved=changed("moved"),
        gone=changed("gone"),
        failed=int(sum(metrics.get("failed", {}).values())) if metrics else None,
    )


def _judge(
    rows: list[CrawlRow],
    is_running: bool,
    metrics: CrawlMetrics,
    alerts: list[str],
    now: datetime,
    max_age: timedelta,
) -> _Judgement:
    """Judge by the last crawl that has an end; of several reasons the gravest is given."""
    ended = next((row for row in rows if row.finished_at), None)
    if is_running and ended is None:
        return _Judgement(False, "the first crawl is running", "wait for its end")
    if ended is None or ended.finished_at is None:
        return _Judgement(False, "no crawl has come to an end yet", _CRAWL)
    when = words.moment(ended.started_at)
    if rows[0].finished_at is None and not is_running:
        killed = words.moment(rows[0].started_at)
        return _Judgement(
            False,
            f"the crawl of {killed} was killed",
            f"{_CRAWL}: it repairs what was left and goes on",
        )
    wait = "wait for the end of the crawl that is running" if is_running else None
    if ended.finish_reason == STORAGE_FAILED:
        return _Judgement(
            False, f"the crawl of {when} could not write", f"make room on the disk, then {_CRAWL}"
        )
    if alerts:
        return _Judgement(
            False, f"the crawl of {when} raised {len(alerts)} alerts", wait or _REPORT
        )
    if ended.finish_reason != FINISHED:
        return _Judgement(
            False,
            f"the crawl of {when} was stopped: {ended.finish_reason}",
            wait or f"{_CRAWL}: it goes on where the last one stopped",
        )
    balance = balance_of(metrics)
    if balance.waiting:
        waiting = words.plural(balance.waiting, "address")
        return _Judgement(False, f"the crawl of {when} left {waiting} waiting", wait or _CRAWL)
    if failed := sum(balance.failed_by_reason.values()):
        addresses = words.plural(failed, "address")
        return _Judgement(
            False,
            f"the crawl of {when} could not get {addresses}",
            wait or f"{_REPORT}; the next crawl asks for them again",
        )
    age = now - datetime.fromisoformat(ended.finished_at).astimezone(UTC)
    if age > max_age:
        old = words.duration(age.total_seconds())
        return _Judgement(False, f"the last crawl ended {old} ago", wait or _CRAWL)
    return _Judgement(
        True, f"the crawl of {when} was complete", wait or "nothing, until the next crawl is due"
    )
