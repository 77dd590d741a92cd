"""Format runs as Markdown: ratios with their spread, never absolute times alone."""

import os
import platform
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.crawls.measuring import Used


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl of a site by one crawler."""

    crawler: str
    round_number: int
    latency_ms: int
    used: Used
    page_count: int
    request_count: int

    @property
    def pages_a_second(self) -> float:
        """HTML pages per second of wall-clock time, including the start."""
        return self.page_count / self.used.seconds

    @property
    def cpu_ms_a_page(self) -> float:
        """CPU milliseconds per page; infinite without pages."""
        return self.used.cpu_seconds * 1000 / self.page_count if self.page_count else float("inf")


@dataclass(frozen=True, slots=True)
class Goal:
    """A target ratio."""

    number: str
    what: str
    latency_ms: int
    value: str
    """`speed` or `cpu`."""
    over: str
    """The crawler to compare with."""
    bound: float
    at_least: bool = True


GOALS = (
    Goal("1", "pages/s, as fast as wget", 0, "speed", "wget", 1),
    Goal("1", "pages/s, 5 times bare Scrapy", 0, "speed", "Scrapy", 5),
    Goal("1", "pages/s, 16 times wget", 50, "speed", "wget", 16),
    Goal("2", "CPU a page, 1.5 times the wire alone", 0, "cpu", "wire alone", 1.5, at_least=False),
)

OURS = "cacnp-archive"


def ratios(runs: Sequence[Run], value: str, over: str, latency_ms: int) -> dict[str, list[float]]:
    """Return each crawler's ratios to another one, one per round, by name."""
    of = {"speed": lambda run: run.pages_a_second, "cpu": lambda run: run.cpu_ms_a_page}[value]
    chosen = [run for run in runs if run.latency_ms == latency_ms]
    measure = {run.round_number: of(run) for run in chosen if run.crawler == over}
    found: defaultdict[str, list[float]] = defaultdict(list)
    for run in chosen:
        if measure.get(run.round_number):
            found[run.crawler].append(of(run) / measure[run.round_number])
    return dict(found)


def spread(values: Sequence[float]) -> str:
    """Return the median with minimum and maximum.

    >>> spread([1.0, 3.0, 2.0])
    '2.00 (1.00-3.00)'
    """
    if not values:
        return "-"
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def crawl_table(runs: Sequence[Run], latency_ms: int, over: str) -> str:
    """Return the table for one latency: each crawler's ratios to `over`."""
    speed = ratios(runs, "speed", over, latency_ms)
    cpu = ratios(runs, "cpu", over, latency_ms)
    chosen = [run for run in runs if run.latency_ms == latency_ms]
    lines = [
        f"| {latency_ms} ms | pages/s / {over} | CPU a page / {over} | pages/s | pages | peak MB |",
        "|---|---|---|---|---|---|",
    ]
    for name in dict.fromkeys(run.crawler for run in chosen):
        own = [run for run in chosen if run.crawler == name]
        lines.append(
            f"| {name} | {spread(speed.get(name, []))} | {spread(cpu.get(name, []))} "
            f"| {statistics.median(run.pages_a_second for run in own):.0f} "
            f"| {own[-1].page_count} "
            f"| {max(run.used.peak_bytes for run in own) / 1e6:.0f} |"
        )
    return "\n".join(lines)


def goals_table(runs: Sequence[Run]) -> str:
    """Return the table of goals that were measured."""
    lines = ["| goal | what | bound | measured | reached |", "|---|---|---|---|---|"]
    for goal in GOALS:
        values = ratios(runs, goal.value, goal.over, goal.latency_ms).get(OURS)
        if values:
            median = statistics.median(values)
            is_reached = median >= goal.bound if goal.at_least else median <= goal.bound
            sign = "≥" if goal.at_least else "≤"
            lines.append(
                f"| {goal.number} | {goal.what} ({goal.latency_ms} ms) | {sign} {goal.bound:g} "
                f"| {spread(values)} | {'yes' if is_reached else 'no'} |"
            )
    return "\n".join(lines)


def machine() -> str:
    """Describe the machine: cores, load, system, Python."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{os.cpu_count()} cores, load before the first run {load} (1, 5, 15 minutes), "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    )
