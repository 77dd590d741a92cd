"""What a person sees of a running crawl, on the screen of a terminal and elsewhere."""

import io
import re
import signal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from cacnp_archive.crawling.monitoring.progress import LEAST_SECONDS, is_line_due
from cacnp_archive.crawling.monitoring.progress_display import ProgressDisplay
from cacnp_archive.crawling.monitoring.status_file import ProgressCounts
from cacnp_archive.replica import ReplicaServer, build_site
from tests.conftest import CrawledReplica, crawl_command
from tests.support.terminal import Terminal, in_terminal

SITE = "https://armscontrolcenter.org/"
SLOW = {"DOWNLOAD_DELAY": "0.02", "LOG_LEVEL": "INFO"}
UNKNOWN = "–"
BAR = "━╸╺"
FIGURES = [
    r"[\d,]+ known",
    r"[\d,]+ done",
    r"[\d,]+ waiting",
    r"[\d,]+ articles",
    r"[\d.]+ [kM]?B",
    rf"(?:[\d.]+/s|{UNKNOWN})",
    r"\d+ failed",
    r"\d+ errors",
]


def display_in(lines: list[str]) -> list[str]:
    """Return the rows of the one live display on a screen; empty when there is none."""
    bars = [number for number, row in enumerate(lines) if row[:1] and row[0] in BAR]
    assert len(bars) <= 1, lines
    return lines[bars[0] :] if bars else []


def is_whole(rows: list[str], width: int) -> bool:
    """Tell whether a display has its bar, all figures in their order, and a page, in its width."""
    if len(rows) < 3:
        return False
    bar, *figures, page = rows
    return (
        len(bar) == width
        and re.fullmatch(rf"[{BAR}]+ [\d.{UNKNOWN}]+(?: %)?  time left .+", bar) is not None
        and re.fullmatch(r"\s+".join(FIGURES), " ".join(figures)) is not None
        and page.startswith("http://")
        and all(len(row) <= width for row in rows)
    )


def has_articles(lines: list[str]) -> bool:
    return bool(re.search(r"\b[1-9]\d* articles", "\n".join(display_in(lines))))


def end(terminal: Terminal) -> list[str]:
    terminal.process.send_signal(signal.SIGINT)
    lines = terminal.show_all()
    assert terminal.process.returncode == 5
    return lines


@pytest.mark.parametrize(("columns", "rows"), [(40, 60), (80, 24), (200, 50)])
def test_terminal_shows_one_display_below_the_log_and_nothing_of_it_at_the_end(
    columns: int, rows: int, tmp_path: Path
) -> None:
    with ReplicaServer(build_site()) as server:
        command = crawl_command(server.base_url, tmp_path, **SLOW)
        with in_terminal(command, columns, rows) as terminal:
            lines = terminal.show_until(has_articles)
            shown = display_in(lines)
            assert is_whole(shown, columns), lines
            assert server.base_url in shown[-1]
            above = "".join(lines[: -len(shown)])
            assert "INFO: Spider opened" in above
            lines = end(terminal)
    assert display_in(lines) == []
    assert not set(BAR) & set("".join(lines))
    screen = "".join(row.ljust(columns) for row in lines)
    assert "INFO: Spider closed (shutdown)" in screen
    assert any(row.startswith("stopped before the end (shutdown): ") for row in lines)


def test_display_is_whole_after_the_window_became_smaller_and_larger(tmp_path: Path) -> None:
    with ReplicaServer(build_site()) as server:
        command = crawl_command(server.base_url, tmp_path, **{**SLOW, "DOWNLOAD_DELAY": "0.1"})
        with in_terminal(command, 120, 40) as terminal:
            terminal.show_until(lambda lines: is_whole(display_in(lines), 120))
            for columns in (70, 110):
                terminal.resize(columns, 30)
                # In between, what the old size left on the screen may be cut off.
                terminal.show_until(lambda lines, width=columns: is_whole(last_rows(lines), width))  # type: ignore[misc]
            assert not set(BAR) & set("".join(end(terminal)[-8:]))


def last_rows(lines: list[str]) -> list[str]:
    """Return what is on the screen from the last bar on."""
    bars = [number for number, row in enumerate(lines) if row[:1] and row[0] in BAR]
    return lines[bars[-1] :] if bars else []


def test_elsewhere_a_short_crawl_says_only_how_it_ended(replica: CrawledReplica) -> None:
    lines = replica.output.stderr.splitlines()
    assert lines[0].startswith("finished: ")
    assert "\x1b" not in replica.output.stderr


def test_dumb_terminal_shows_no_display(tmp_path: Path) -> None:
    with ReplicaServer(build_site(first=8)) as server:
        command = crawl_command(server.base_url, tmp_path)
        with in_terminal(command, 80, 24, TERM="dumb") as terminal:
            lines = terminal.show_all()
            assert terminal.process.returncode == 0
    assert lines[0].startswith("finished: ")


class Watched:
    """A display whose clock the test sets."""

    def __init__(self, width: int = 80) -> None:
        self.seconds = 0.0
        self.console = Console(file=io.StringIO(), width=width, height=50, force_terminal=True)
        self.display = ProgressDisplay(SITE, self.console, lambda: self.seconds)

    def update(self, seconds: float, fetched: int, waiting: int, page: str = "") -> None:
        self.seconds = seconds
        counts = ProgressCounts(
            known=12345, done=2345, waiting=waiting, captures=fetched, articles=812, unavailable=3
        )
        self.display.update(counts, page)

    @property
    def rows(self) -> list[str]:
        rows = self.console.render_lines(self.display.rows(), pad=False)
        return ["".join(segment.text for segment in row).rstrip() for row in rows]

    @property
    def time_left(self) -> str:
        time_left = self.display.line.rpartition("time left ")[2]
        assert self.rows[0].endswith(f"time left {time_left}")
        return time_left


def test_line_says_the_same_as_the_display() -> None:
    watched = Watched(200)
    for moment in range(101):
        watched.update(moment, moment, 10000, f"{SITE}a-page/")
    figures = ["12,345 known", "2,345 done", "10,000 waiting", "812 articles", "0 B", "1.0/s",
               "3 failed", "0 errors"]  # fmt: skip
    assert watched.display.line == f"0.9 %: {', '.join(figures)}, time left 2 h 47 min"
    bar, shown, page = watched.rows
    assert bar.endswith(" 0.9 %  time left 2 h 47 min")
    assert re.split(r"\s{2,}", shown) == figures
    assert page == f"{SITE}a-page/"


@given(
    st.integers(40, 300),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=300),
)
def test_display_has_few_rows_at_any_usual_width_with_any_address(width: int, page: str) -> None:
    watched = Watched(width)
    watched.update(1.0, 10, 10000, page)
    rows = watched.console.render_lines(watched.display.rows(), pad=False)
    assert len(rows) <= 6
    assert all(sum(segment.cell_length for segment in row) <= width for row in rows)


def test_time_left_is_not_estimated_before_enough_is_known() -> None:
    watched = Watched()
    for moment in (0.0, 5.0, 9.9):
        watched.update(moment, int(moment * 10), 6000)
        assert watched.time_left == UNKNOWN
    watched.update(10.0, 100, 6000)
    assert watched.time_left == "11 min"


def test_speed_is_that_of_the_last_minute() -> None:
    watched = Watched()
    for moment in range(200):
        watched.update(moment, 5 * min(moment, 100) + 2 * max(moment - 100, 0), 400)
    assert ", 2.0/s, " in watched.display.line


def test_time_left_is_unknown_while_nothing_is_fetched() -> None:
    watched = Watched()
    for moment in range(100):
        watched.update(moment, min(moment, 20), 400)
    assert watched.time_left == UNKNOWN


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=200))
def test_plain_lines_are_never_less_than_a_minute_apart(fetched: list[int]) -> None:
    printed_at = printed_share = 0.0
    for number, count in enumerate(sorted(fetched)):
        moment, share = number * 7.0, count / 1000
        if is_line_due(moment - printed_at, share - printed_share):
            assert moment - printed_at >= LEAST_SECONDS
            printed_at, printed_share = moment, share
