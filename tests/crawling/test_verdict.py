"""The verdict on a crawl, by what is known of its end."""

import doctest

import pytest

from cacnp_archive.crawling.monitoring import verdict as verdict_module
from cacnp_archive.crawling.monitoring.balance import Balance
from cacnp_archive.crawling.monitoring.verdict import CrawlEnd, CrawlState, judge
from cacnp_archive.model.exit_codes import ExitCode

LEDGER = {"archived": 90.0, "excluded": 7.0, "failed": 3.0, "waiting": 0.0}
FAILED = {"ledger": LEDGER, "failed": {"500": 1.0, "truncated": 1.0}}
WAITING = {"ledger": {**LEDGER, "waiting": 1200.0}, "failed": {"500": 1.0}}

VERDICTS = {
    "all is accounted for": (
        CrawlEnd(finish_reason="finished", metrics={"ledger": LEDGER}),
        (CrawlState.COMPLETE, "completed with 100 addresses accounted for", ExitCode.OK, True),
    ),
    "addresses failed": (
        CrawlEnd(finish_reason="finished", metrics=FAILED),
        (CrawlState.WITH_FAILURES, "finished with 2 failed addresses", ExitCode.FAULTS, True),
    ),
    "an alert weighs more than failures": (
        CrawlEnd(finish_reason="finished", metrics=FAILED, alerts=["a list shrank"]),
        (
            CrawlState.WITH_ALERTS,
            "finished with 1 alert and 2 failed addresses",
            ExitCode.FAULTS,
            True,
        ),
    ),
    "addresses are waiting": (
        CrawlEnd(finish_reason="finished", metrics=WAITING, alerts=["one", "two"]),
        (
            CrawlState.WITH_ALERTS,
            "finished with 2 alerts, 1,200 waiting addresses and 1 failed address",
            ExitCode.FAULTS,
            True,
        ),
    ),
    "an error was logged": (
        CrawlEnd(finish_reason="finished", metrics={"ledger": LEDGER, "faults": {"errors": 1.0}}),
        (CrawlState.WITH_FAILURES, "finished with 1 logged error", ExitCode.FAULTS, True),
    ),
    "a file is damaged": (
        CrawlEnd(finish_reason="finished", metrics={"ledger": LEDGER, "faults": {"damaged": 1.0}}),
        (
            CrawlState.WITH_FAILURES,
            "finished with damaged files in the archive",
            ExitCode.FAULTS,
            True,
        ),
    ),
    "a limit stopped it": (
        CrawlEnd(finish_reason="limit: 9 requests", metrics=WAITING, alerts=["one"]),
        (
            CrawlState.STOPPED,
            "stopped before the end (limit: 9 requests) with 1 alert, 1,200 waiting addresses "
            "and 1 failed address",
            ExitCode.STOPPED,
            False,
        ),
    ),
    "how it ended is lost": (
        CrawlEnd(finish_reason="unknown"),
        (CrawlState.STOPPED, "stopped before the end (unknown)", ExitCode.STOPPED, False),
    ),
    "the site was unreachable": (
        CrawlEnd(finish_reason="site unreachable", metrics=FAILED, alerts=["one"]),
        (CrawlState.UNREACHABLE, "could not reach the site", ExitCode.FAULTS, False),
    ),
    "a write failed": (
        CrawlEnd(finish_reason="storage failed", metrics=FAILED),
        (CrawlState.WRITE_FAILED, "failed to write", ExitCode.WRITE_FAILED, False),
    ),
    "a write failed, and a repair followed": (
        CrawlEnd(finish_reason="storage failed, mended"),
        (CrawlState.WRITE_FAILED, "failed to write", ExitCode.WRITE_FAILED, False),
    ),
    "it was killed": (
        CrawlEnd(finish_reason=None),
        (CrawlState.KILLED, "was killed", ExitCode.FAULTS, False),
    ),
    "it was killed, and a repair followed": (
        CrawlEnd(finish_reason="killed"),
        (CrawlState.KILLED, "was killed", ExitCode.FAULTS, False),
    ),
    "it is running": (
        CrawlEnd(finish_reason=None, is_running=True),
        (CrawlState.RUNNING, "is running", ExitCode.FAULTS, False),
    ),
    "there is none": (
        None,
        (CrawlState.NEVER, "no crawl has been made yet", ExitCode.FAULTS, False),
    ),
}


@pytest.mark.parametrize("case", VERDICTS)
def test_verdict_names_what_is_gravest_and_the_exit_code_follows(case: str) -> None:
    end, expected = VERDICTS[case]
    verdict = judge(end)
    assert (verdict.state, verdict.reason, verdict.exit_code, verdict.is_success) == expected
    assert verdict.is_ok == (verdict.exit_code == ExitCode.OK)
    assert verdict.line == f"{'OK' if verdict.is_ok else 'needs attention'}: {verdict.reason}"
    assert verdict.next_step


def test_every_state_is_among_the_cases() -> None:
    assert {state for _, (state, *_) in VERDICTS.values()} == set(CrawlState)


def test_failures_on_other_hosts_make_no_crawl_worse() -> None:
    elsewhere = {"ledger": LEDGER, "failed": {}, "elsewhere": {"failed": 3.0}}
    assert Balance.of(elsewhere).failed == 3
    assert judge(CrawlEnd(finish_reason="finished", metrics=elsewhere)).is_ok


def test_values_of_the_exit_codes_are_those_that_schedules_rely_on() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "OK": 0,
        "FAULTS": 1,
        "USAGE": 2,
        "LOCKED": 3,
        "WRITE_FAILED": 4,
        "STOPPED": 5,
    }


def test_examples_in_docstrings_hold() -> None:
    result = doctest.testmod(verdict_module)
    assert result.attempted > 0
    assert result.failed == 0
