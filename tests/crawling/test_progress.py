"""What a person sees of a running crawl, on the screen of a terminal and elsewhere."""

import io
import re
import signal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from cacnp_archive.crawling.monitoring import pace
from cacnp_archive.crawling.monitoring.pace import Pace, Sample
from cacnp_archive.crawling.monitoring.progress_view import (
    FRAME_ROWS,
    View,
    frame,
    frame_width,
    line,
)
from cacnp_archive.crawling.monitoring.status_file import Counts
from cacnp_archive.replica import ReplicaServer, build_site
from tests.conftest import CrawledReplica, crawl_command
from tests.support.terminal import Terminal, in_terminal

SLOW = {"DOWNLOAD_DELAY": "0.02", "LOG_LEVEL": "INFO"}
UNKNOWN = "—"


def frame_of(lines: list[str]) -> list[str]:
    """Return the rows of the one frame that is on a screen; empty when there is none."""
    tops = [number for number, row in enumerate(lines) if row.startswith("╭")]
    assert len(tops) <= 1, lines
    return lines[tops[0] :] if tops else []


def is_whole(rows: list[str], width: int) -> bool:
    """Tell whether a frame stands at the end of the screen, with both sides on each row."""
    sides = [("╭", "╮"), *[("│", "│")] * (FRAME_ROWS - 2), ("╰", "╯")]
    return len(rows) == FRAME_ROWS and all(
        len(row) == width and (row[0], row[-1]) == ends
        for row, ends in zip(rows, sides, strict=True)
    )


def has_articles(lines: list[str]) -> bool:
    return bool(re.search(r"articles [1-9]", "\n".join(frame_of(lines))))


def end(terminal: Terminal) -> list[str]:
    terminal.process.send_signal(signal.SIGINT)
    lines = terminal.show_all()
    assert terminal.process.returncode == 5
    return lines


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (200, 50)])
def test_terminal_shows_one_whole_frame_below_the_log_and_nothing_of_it_at_the_end(
    columns: int, rows: int, tmp_path: Path
) -> None:
    with ReplicaServer(build_site()) as server:
        command = crawl_command(server.base_url, tmp_path, **SLOW)
        with in_terminal(command, columns, rows) as terminal:
            lines = terminal.show_until(has_articles)
            shown = frame_of(lines)
            assert is_whole(shown, min(columns - 1, 100)), lines
            assert server.base_url in shown[0]
            assert re.search(r"━+.* \d+ %  time left", shown[1])
            for label in ("known", "done", "waiting", "articles"):
                assert re.search(rf"\b{label} +[\d,]+", shown[2]), shown
            for label in ("speed", "size", "failed", "errors"):
                assert re.search(rf"\b{label} +[\d.{UNKNOWN}]+", shown[3]), shown
            assert server.base_url in shown[4]
            assert any("INFO: Spider opened" in row for row in lines[: -len(shown)])
            lines = end(terminal)
    assert frame_of(lines) == []
    assert not set("╭│╰") & set("".join(lines))
    assert any("INFO: Spider closed (shutdown)" in row for row in lines)
    assert any(row.startswith("stopped before the end (shutdown): ") for row in lines)


def test_frame_is_whole_after_the_window_became_smaller_and_larger(tmp_path: Path) -> None:
    with ReplicaServer(build_site()) as server:
        command = crawl_command(server.base_url, tmp_path, **{**SLOW, "DOWNLOAD_DELAY": "0.1"})
        with in_terminal(command, 120, 40) as terminal:
            terminal.show_until(lambda lines: is_whole(frame_of(lines), 100))
            for columns in (70, 110):
                terminal.resize(columns, 30)
                width = frame_width(columns)
                # In between, what the old size left on the screen may be cut off.
                terminal.show_until(lambda lines, width=width: is_whole(last_rows(lines), width))  # type: ignore[misc]
            assert "╭" not in "".join(end(terminal)[-8:])


def last_rows(lines: list[str]) -> list[str]:
    return lines[-FRAME_ROWS:]


def test_elsewhere_a_short_crawl_says_only_how_it_ended(replica: CrawledReplica) -> None:
    lines = replica.output.stderr.splitlines()
    assert lines[0].startswith("finished: ")
    assert "\x1b" not in replica.output.stderr


def test_dumb_terminal_shows_no_frame(tmp_path: Path) -> None:
    with ReplicaServer(build_site()) as server:
        command = crawl_command(server.base_url, tmp_path)
        with in_terminal(command, 80, 24, TERM="dumb") as terminal:
            lines = terminal.show_all()
            assert terminal.process.returncode == 0
    assert lines[0].startswith("finished: ")


def view(**values: object) -> View:
    facts = {
        "site": "https://armscontrolcenter.org/",
        "counts": Counts(known=12345, done=2345, waiting=10000, articles=812, unavailable=3),
        "share": 0.19,
        "requests_per_second": 0.96,
        "seconds_left": 10000.0,
        "page": "https://armscontrolcenter.org/a-page/",
    }
    return View(**{**facts, **values})  # type: ignore[arg-type]


def test_line_tells_the_same_as_the_frame() -> None:
    assert line(view()) == (
        "19 %: 12,345 known, 2,345 done, 10,000 waiting, 812 articles, 0 B, 1.0/s, 3 failed, "
        "0 errors, time left 2 h 47 min"
    )
    assert line(view(seconds_left=None, requests_per_second=None)).endswith(f"time left {UNKNOWN}")


@given(
    st.integers(40, 300),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=300),
)
def test_frame_has_the_same_rows_at_any_usual_width_with_any_address(width: int, page: str) -> None:
    console = Console(file=io.StringIO(), width=width, height=50, force_terminal=True)
    rows = console.render_lines(frame(view(page=page), width), pad=False)
    assert len(rows) == FRAME_ROWS
    assert all(sum(segment.cell_length for segment in row) <= frame_width(width) for row in rows)


def test_nothing_is_foretold_before_enough_is_known() -> None:
    known = Pace()
    for moment in (0.0, 5.0, 9.9):
        known.add(Sample(moment, int(moment), int(moment), 100))
        assert (known.requests_per_second, known.seconds_left) == (None, None)
    known.add(Sample(10.0, 10, 10, 90))
    assert (known.requests_per_second, known.seconds_left) == (1.0, 90.0)


def test_pace_is_that_of_the_last_minute() -> None:
    known = Pace()
    for moment in range(200):
        known.add(Sample(float(moment), 5 * min(moment, 100), 2 * moment, 400))
    assert (known.requests_per_second, known.seconds_left) == (0.0, 200.0)


def test_time_left_is_unknown_while_nothing_is_answered() -> None:
    known = Pace()
    for moment in (0.0, 30.0):
        known.add(Sample(moment, 5, 5, 400))
    assert known.seconds_left is None


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=200))
def test_plain_lines_are_never_less_than_a_minute_apart(answered: list[int]) -> None:
    told, lines = Sample(0.0, 0, 0, 1000), []
    for moment, number in enumerate(sorted(answered)):
        now = Sample(moment * 7.0, number, number, 1000 - number)
        if pace.is_news(now, told):
            lines.append(now.moment)
            told = now
    apart = [later - earlier for earlier, later in zip([0.0, *lines], lines, strict=False)]
    assert all(seconds >= pace.LEAST_SECONDS for seconds in apart)
