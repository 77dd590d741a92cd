"""`status`: whether the archive needs attention, what it holds, and its last crawls."""

import json
import sys
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from cacnp_archive.commands.options import archive_at
from cacnp_archive.crawling.monitoring.balance import Balance
from cacnp_archive.crawling.monitoring.recorded_end import recorded_end
from cacnp_archive.crawling.monitoring.verdict import (
    CRAWL,
    CrawlEnd,
    CrawlState,
    in_one_line,
    judge,
)
from cacnp_archive.display import words
from cacnp_archive.display.terminal import line, table
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.crawl import KILLED
from cacnp_archive.model.exit_codes import ExitCode
from cacnp_archive.storage.queries.crawl_history import CrawlHistory, CrawlRow
from cacnp_archive.storage.queries.crawl_metrics import CrawlMetrics

FORMAT = "cacnp-archive status 2"
"""The number rises when a key is removed or changes its meaning; keys may be added."""

CRAWLS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class PastCrawl:
    """One crawl in the numbers that fit a line; None where they are not known without an end."""

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
    """Including silent edits."""
    moved: int | None
    gone: int | None
    failed: int | None
    """Addresses of the site that could not be fetched."""


@dataclass(frozen=True, slots=True)
class Status:
    """The status of the archive; `as_json` is what `cacnp-archive status --json` prints."""

    is_ok: bool
    state: CrawlState
    """How the last crawl ended; that of a running one is not known yet."""
    reason: str
    """Why the archive is OK or needs attention, in one line."""
    next_step: str
    is_running: bool
    crawls: list[PastCrawl]
    """The last crawls, the latest first."""
    alerts: list[str]
    """Of the last crawl that has an end."""
    articles: int
    gone: int
    """How many of the articles are gone from the site."""
    captures: int
    warc_bytes: int
    database_bytes: int
    waiting: int
    """Addresses that the next crawl fetches first."""

    def as_json(self) -> dict[str, Any]:
        """Return the status as plain values for JSON; the keys are stable."""
        return {"format": FORMAT, **asdict(self)}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the status as one JSON document.")
@click.option(
    "--max-age-days",
    default=3.0,
    show_default=True,
    type=click.FloatRange(0),
    help="How old the last crawl may be.",
)
@click.pass_obj
def status(data_dir: Path | None, as_json: bool, max_age_days: float) -> None:
    """Show the last crawls, what the archive holds, what is waiting, and what to do next.

    For monitoring: the exit code is 0 when the last crawl is complete, without alerts, and recent
    enough; else it is 1, and the first line says why.
    """
    found = gather_status(archive_at(data_dir), datetime.now(UTC), timedelta(days=max_age_days))
    if as_json:
        click.echo(json.dumps(found.as_json()))
    else:
        print_status(found, Console())
    sys.exit(ExitCode.OK if found.is_ok else ExitCode.FAULTS)


def gather_status(archive: Archive, now: datetime, max_age: timedelta) -> Status:
    """Return the status of an archive; raises ArchiveError when nothing has been archived yet."""
    with CrawlHistory.of(archive) as history:
        rows = history.crawl_rows()
        held = history.holdings()
        ends = [(row, recorded_end(archive, history, row)) for row in rows[:2]]
        ended = next((row for row in rows if row.finished_at), None)
        alerts = recorded_end(archive, history, ended).alerts if ended else ()
        crawls = [_past(row, history.metrics(row)) for row in rows[:CRAWLS_SHOWN]]
    is_running = bool(ends) and ends[0][1].is_running
    if ends:
        reason = "running" if is_running else ends[0][1].finish_reason or KILLED
        crawls[0] = replace(crawls[0], finish_reason=reason)
    # A running crawl is judged only when there is no other.
    row, end = ends[1 if is_running and len(ends) > 1 else 0] if ends else (None, None)
    is_ok, reason, next_step = _judge(row, end, now, max_age)
    return Status(
        is_ok=is_ok,
        state=judge(end).state,
        reason=reason,
        next_step="wait for the running crawl to finish" if is_running else next_step,
        is_running=is_running,
        crawls=crawls,
        alerts=[*alerts],
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


def _judge(
    row: CrawlRow | None, end: CrawlEnd | None, now: datetime, max_age: timedelta
) -> tuple[bool, str, str]:
    """Return whether the archive is OK, why, and what to do next.

    Beyond the verdict on the crawl, a crawl that is complete must be recent.
    """
    verdict = judge(end)
    if row is None:
        return False, verdict.reason, verdict.next_step
    if verdict.is_ok and row.finished_at:
        age = now - datetime.fromisoformat(row.finished_at)
        if age > max_age:
            old = words.duration(age.total_seconds())
            return False, f"the last crawl ended {old} ago", CRAWL
    reason = f"the crawl of {words.moment(row.started_at)} {verdict.reason}"
    return verdict.is_ok, reason, verdict.next_step


def _past(row: CrawlRow, metrics: CrawlMetrics) -> PastCrawl:
    changes = metrics.get("changes")

    def changed(*kinds: str) -> int | None:
        return None if changes is None else int(sum(changes.get(kind, 0) for kind in kinds))

    return PastCrawl(
        id=row.id,
        started_at=row.started_at,
        finished_at=row.finished_at,
        finish_reason=row.finish_reason or KILLED,
        seconds=metrics.get("load", {}).get("seconds"),
        request_count=row.request_count,
        capture_count=row.capture_count,
        added=changed("added"),
        edited=changed("edited", "edited silently"),
        moved=changed("moved"),
        gone=changed("gone"),
        failed=Balance.of(metrics).failed_on_site if metrics else None,
    )


def print_status(status: Status, console: Console) -> None:
    """Print the status on one screen, the verdict first."""
    style = "bold green" if status.is_ok else "bold red"
    line(console, in_one_line(status.reason, is_ok=status.is_ok), style)
    line(console, f"next: {status.next_step}")
    for alert in status.alerts:
        line(console, f"ALERT {alert}", "red")
    console.print()
    gone = f", {words.count(status.gone)} of them gone from the site" if status.gone else ""
    line(console, f"{words.plural(status.articles, 'article')}{gone}")
    line(
        console,
        f"{words.plural(status.captures, 'capture')}; the WARC files have "
        f"{words.size(status.warc_bytes)}, the database {words.size(status.database_bytes)}",
    )
    line(console, f"{words.plural(status.waiting, 'address')} waiting for the next crawl")
    console.print()
    names = ("last crawls", "time", "requests", "new", "edited", "moved", "gone", "failed")
    table(console, names, (_cells(crawl) for crawl in status.crawls))


def _cells(crawl: PastCrawl) -> tuple[str, ...]:
    counts = (
        crawl.request_count,
        crawl.added,
        crawl.edited,
        crawl.moved,
        crawl.gone,
        crawl.failed,
    )
    return (
        f"{crawl.started_at[:16].replace('T', ' ')} {crawl.finish_reason}",
        words.duration(crawl.seconds),
        *map(words.count, counts),
    )
