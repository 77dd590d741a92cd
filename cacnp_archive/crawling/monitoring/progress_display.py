"""How the progress of a crawl looks: a few live rows on a terminal, one line elsewhere."""

import time

from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, GetTimeCallable, Progress, TextColumn
from rich.text import Text

from cacnp_archive.crawling.monitoring.status_file import ProgressCounts
from cacnp_archive.display.words import NOTHING, count, duration, share, size

SPEED_SECONDS = 60.0
"""The speed is that of the last minute."""

UNKNOWN_SECONDS = 10.0
"""The time left is not estimated before the crawl has run this long."""


class ProgressDisplay:
    """What is shown of a crawl: its counts, speed and time left."""

    def __init__(
        self, site: str, console: Console, get_time: GetTimeCallable = time.monotonic
    ) -> None:
        self._counts = ProgressCounts()
        self._page = site
        self._progress = Progress(
            BarColumn(bar_width=None),
            TextColumn("{task.fields[share]}  time left {task.fields[time_left]}"),
            console=console,
            expand=True,
            speed_estimate_period=SPEED_SECONDS,
            get_time=get_time,
        )
        add_task = self._progress.add_task
        # A task whose total changes forgets its speed: one task is the bar, another has the speed.
        self._bar = add_task("", total=1.0, share=NOTHING, time_left=NOTHING)
        self._speed = add_task("", total=None, visible=False)

    def update(self, counts: ProgressCounts, page: str) -> None:
        """Take what the crawl has counted by now, and the address that was fetched last."""
        self._counts, self._page = counts, page or self._page
        fetched = counts.captures + counts.failures
        done = fetched / (fetched + counts.waiting) if fetched else 0.0
        self._progress.update(self._speed, completed=fetched)
        self._progress.update(
            self._bar, completed=done, share=share(done), time_left=self._time_left
        )

    @property
    def done(self) -> float:
        """The share that is fetched of what this crawl is known to fetch, from 0 to 1."""
        return self._progress.tasks[self._bar].completed

    @property
    def line(self) -> str:
        """The progress in one line."""
        figures = ", ".join(figure.plain for figure in self._figures)
        return f"{share(self.done)}: {figures}, time left {self._time_left}"

    def rows(self) -> RenderableType:
        """Return the rows for a terminal; a narrow one has more of them."""
        page = Text(self._page, "cyan", no_wrap=True, overflow="ellipsis")
        figures = Columns(self._figures, padding=(0, 3), equal=True)
        return Group(self._progress.get_renderable(), figures, page)

    @property
    def _figures(self) -> list[Text]:
        counts, speed = self._counts, self._progress.tasks[self._speed].speed
        return [
            Text(f"{count(counts.known)} known"),
            Text(f"{count(counts.done)} done"),
            Text(f"{count(counts.waiting)} waiting"),
            Text(f"{count(counts.articles)} articles"),
            Text(size(counts.received_bytes)),
            Text(NOTHING if speed is None else f"{speed:.1f}/s"),
            Text(f"{count(counts.unavailable)} failed", "bold red" if counts.unavailable else ""),
            Text(f"{count(counts.errors)} errors", "bold red" if counts.errors else ""),
        ]

    @property
    def _time_left(self) -> str:
        """The time until nothing is waiting, in minutes and up, if no more links are found."""
        task = self._progress.tasks[self._speed]
        if not task.speed or (task.elapsed or 0) < UNKNOWN_SECONDS:
            return NOTHING
        return duration(60 * (self._counts.waiting / task.speed // 60 + 1))
