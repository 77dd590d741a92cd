"""How the progress of a crawl looks: a frame on a terminal, one line elsewhere."""

from dataclasses import dataclass

from rich import box
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from cacnp_archive.crawling.monitoring.status_file import Counts
from cacnp_archive.display.words import count, size

WIDEST = 100
FRAME_ROWS = 6
UNKNOWN = "—"


@dataclass(frozen=True, slots=True)
class View:
    """What is told of a crawl at a moment."""

    site: str
    counts: Counts
    share: float
    """From 0 to 1, of what this crawl is known to ask for."""
    requests_per_second: float | None
    seconds_left: float | None
    page: str
    """The address that was dealt with last; empty at the start."""


def frame(view: View, width: int) -> Panel:
    """Return the frame for a terminal of so many columns; from 40 on it has FRAME_ROWS rows."""
    width = frame_width(width)
    counts = view.counts
    bar = Table.grid(expand=True, padding=(0, 1))
    bar.add_column(ratio=1)
    bar.add_column(justify="right", no_wrap=True)
    left = f"{_percent(view.share)}  time left {_duration(view.seconds_left)}"
    bar.add_row(ProgressBar(total=1.0, completed=view.share), left)
    metrics = Table.grid(expand=True, padding=(0, 1))
    for _ in range(4):
        metrics.add_column(style="dim", no_wrap=True)
        metrics.add_column(ratio=1, no_wrap=True)
    metrics.add_row(
        "known", count(counts.known), "done", count(counts.done),
        "waiting", count(counts.waiting), "articles", count(counts.articles),
    )  # fmt: skip
    metrics.add_row(
        "speed", _speed(view.requests_per_second), "size", size(counts.received_bytes),
        "failed", _warned(counts.unavailable), "errors", _warned(counts.errors),
    )  # fmt: skip
    body = Table.grid(expand=True)
    body.add_column(no_wrap=True, overflow="ellipsis")
    body.add_row(bar)
    body.add_row(metrics)
    body.add_row(Text(view.page or " ", "cyan", no_wrap=True, overflow="ellipsis"))
    title = Text(view.site, no_wrap=True, overflow="ellipsis")
    return Panel(body, title=title, title_align="left", box=box.ROUNDED, width=width)


def frame_width(width: int) -> int:
    """Return how wide the frame is on a terminal of so many columns.

    The last column stays free: what is written there makes some terminals wrap.
    """
    return min(width - 1, WIDEST)


def line(view: View) -> str:
    """Return it as one line."""
    counts = view.counts
    return (
        f"{_percent(view.share)}: {count(counts.known)} known, {count(counts.done)} done, "
        f"{count(counts.waiting)} waiting, {count(counts.articles)} articles, "
        f"{size(counts.received_bytes)}, {_speed(view.requests_per_second)}, "
        f"{count(counts.unavailable)} failed, {count(counts.errors)} errors, "
        f"time left {_duration(view.seconds_left)}"
    )


def _percent(share: float) -> str:
    return f"{int(share * 100)} %"


def _speed(requests_per_second: float | None) -> str:
    return UNKNOWN if requests_per_second is None else f"{requests_per_second:.1f}/s"


def _duration(seconds: float | None) -> str:
    """Return a span to come, no finer than can be known.

    >>> [_duration(seconds) for seconds in (None, 3.2, 59.9, 192.0, 90061.0)]
    ['—', '1 min', '1 min', '4 min', '25 h 2 min']
    """
    if seconds is None:
        return UNKNOWN
    hours, minutes = divmod(int(seconds // 60) + 1, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _warned(number: int) -> Text:
    return Text(count(number), "bold red" if number else "")
