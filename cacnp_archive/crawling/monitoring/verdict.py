"""The verdict on a crawl: its last lines, `status`, `report` and the status file all ask here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from cacnp_archive.crawling.monitoring.balance import Balance
from cacnp_archive.display.words import plural
from cacnp_archive.model.crawl import FINISHED, KILLED, STORAGE_FAILED, UNREACHABLE
from cacnp_archive.model.exit_codes import ExitCode
from cacnp_archive.storage.queries.crawl_metrics import CrawlMetrics


class CrawlState(StrEnum):
    """How a crawl ended, or that it has not."""

    COMPLETE = "complete"
    WITH_ALERTS = "with alerts"
    WITH_FAILURES = "with failures"
    """Addresses failed or are still waiting, errors were logged, or the archive is damaged."""
    UNREACHABLE = "unreachable"
    STOPPED = "stopped"
    """A person or a limit stopped it."""
    WRITE_FAILED = "write failed"
    KILLED = "killed"
    RUNNING = "running"
    NEVER = "never"
    """No crawl has been made."""


EXIT_CODES = {
    CrawlState.COMPLETE: ExitCode.OK,
    CrawlState.WITH_ALERTS: ExitCode.FAULTS,
    CrawlState.WITH_FAILURES: ExitCode.FAULTS,
    CrawlState.UNREACHABLE: ExitCode.FAULTS,
    CrawlState.STOPPED: ExitCode.STOPPED,
    CrawlState.WRITE_FAILED: ExitCode.WRITE_FAILED,
}
"""The exit code of a crawl that ends in a state."""

CRAWL = "run `scrapy crawl cacnp`"
REPORT = "read `cacnp-archive report`"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlEnd:
    """What is known of the end of a crawl, by the crawl itself or from the archive."""

    finish_reason: str | None
    """FINISHED, or what stopped it; None when no end is recorded."""
    is_running: bool = False
    metrics: CrawlMetrics = field(default_factory=dict)
    """Empty when the crawl was killed."""
    alerts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class CrawlVerdict:
    """Whether a crawl did all that it should, and what to do next."""

    state: CrawlState
    reason: str
    """What the crawl did or lacks: the predicate of a sentence about it."""
    next_step: str

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of the crawl; FAULTS for one that never exited by itself."""
        return EXIT_CODES.get(self.state, ExitCode.FAULTS)

    @property
    def is_ok(self) -> bool:
        """Whether nobody needs to look."""
        return self.state is CrawlState.COMPLETE

    @property
    def is_success(self) -> bool:
        """Whether the crawl fetched all there was to fetch, even if some addresses failed."""
        ended = (CrawlState.COMPLETE, CrawlState.WITH_ALERTS, CrawlState.WITH_FAILURES)
        return self.state in ended

    @property
    def line(self) -> str:
        """The verdict in one line."""
        return in_one_line(self.reason, is_ok=self.is_ok)


def in_one_line(reason: str, *, is_ok: bool) -> str:
    """Return the line that begins what is reported to a person.

    >>> in_one_line("finished with 1 alert", is_ok=False)
    'needs attention: finished with 1 alert'
    """
    return f"{'OK' if is_ok else 'needs attention'}: {reason}"


def judge(end: CrawlEnd | None) -> CrawlVerdict:
    """Return the verdict on a crawl; None stands for a crawl that was never made.

    >>> judge(CrawlEnd(finish_reason="finished", alerts=["a list shrank"])).reason
    'finished with 1 alert'
    >>> judge(CrawlEnd(finish_reason="shutdown", metrics={"ledger": {"waiting": 7}})).reason
    'stopped before the end (shutdown) with 7 waiting addresses'
    """
    if end is None:
        return CrawlVerdict(CrawlState.NEVER, "no crawl has been made yet", CRAWL)
    if end.is_running:
        return CrawlVerdict(CrawlState.RUNNING, "is running", "wait for it to finish")
    if end.finish_reason is None or end.finish_reason == KILLED:
        resume = f"{CRAWL}: it repairs the archive and resumes the crawl"
        return CrawlVerdict(CrawlState.KILLED, "was killed", resume)
    if end.finish_reason.startswith(STORAGE_FAILED):  # a repair adds to it
        make_room = f"free disk space, then {CRAWL}"
        return CrawlVerdict(CrawlState.WRITE_FAILED, "failed to write", make_room)
    if end.finish_reason == UNREACHABLE:
        wait = f"check whether the site is up, then {CRAWL}"
        return CrawlVerdict(CrawlState.UNREACHABLE, "could not reach the site", wait)
    return _judge_orderly_end(end, end.finish_reason)


def _judge_orderly_end(end: CrawlEnd, finish_reason: str) -> CrawlVerdict:
    """Judge a crawl that finished, or that a person or a limit stopped."""
    balance = Balance.of(end.metrics)
    faults = [*_faults(end, balance)]
    if finish_reason != FINISHED:
        stopped = f"stopped before the end ({finish_reason}){_with(faults)}"
        return CrawlVerdict(CrawlState.STOPPED, stopped, f"{CRAWL}: it resumes this one")
    if not faults:
        accounted_for = f"completed with {plural(balance.known, 'address')} accounted for"
        nothing = "nothing, until the next crawl is due"
        return CrawlVerdict(CrawlState.COMPLETE, accounted_for, nothing)
    state = CrawlState.WITH_ALERTS if end.alerts else CrawlState.WITH_FAILURES
    return CrawlVerdict(state, f"finished{_with(faults)}", _next_step(end, balance))


def _faults(end: CrawlEnd, balance: Balance) -> Iterator[str]:
    """Yield what is wrong, the gravest first."""
    recorded = end.metrics.get("faults", {})
    counts = {
        "alert": len(end.alerts),
        "waiting address": balance.waiting,
        "failed address": balance.failed_on_site,
        "logged error": int(recorded.get("errors", 0)),
    }
    yield from (plural(number, noun) for noun, number in counts.items() if number)
    if recorded.get("damaged"):
        yield "damaged files in the archive"


def _next_step(end: CrawlEnd, balance: Balance) -> str:
    if end.alerts:
        return REPORT
    if balance.waiting:
        return CRAWL
    if balance.failed_on_site:
        return f"{REPORT}; the next crawl fetches the failed addresses again"
    if end.metrics.get("faults", {}).get("errors"):
        return "read state/crawl.log"
    return "run `cacnp-archive verify`"


def _with(faults: Sequence[str]) -> str:
    """Return the end of a sentence.

    >>> _with(["1 alert", "2 waiting addresses", "3 failed addresses"])
    ' with 1 alert, 2 waiting addresses and 3 failed addresses'
    """
    *others, last = faults or [""]
    return f" with {', '.join(others)}{' and ' if others else ''}{last}" if faults else ""
