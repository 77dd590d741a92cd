"""Show the progress of a crawl: a live display on a terminal, a line now and then elsewhere."""

import asyncio
import contextlib
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.live import Live
from scrapy import signals
from scrapy.crawler import Crawler

from cacnp_archive.crawling.monitoring.counting import progress_counts
from cacnp_archive.crawling.monitoring.progress_display import ProgressDisplay
from cacnp_archive.crawling.session import session_of
from cacnp_archive.model.capture import Capture, FailedExchange

LIVE_SECONDS = 0.25
LOOK_SECONDS = 1.0

LEAST_SECONDS = 60.0
MOST_SECONDS = 600.0
LEAST_SHARE = 0.05


class ProgressReporter:
    """Shows on standard error what has been fetched and what is waiting."""

    def __init__(self, crawler: Crawler, site: str) -> None:
        self._crawler = crawler
        self._console = Console(stderr=True)
        self._display = ProgressDisplay(site, self._console)
        self._page = ""
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ProgressReporter":
        """Show the progress from the first request to the last."""
        reporter = cls(crawler, session_of(crawler).crawl.site.base_url)
        crawler.signals.connect(reporter.spider_opened, signals.spider_opened)
        crawler.signals.connect(reporter.item_scraped, signals.item_scraped)
        crawler.signals.connect(reporter.spider_closed, signals.spider_closed)
        return reporter

    def spider_opened(self) -> None:
        """Start to show the progress."""
        is_live = sys.stderr.isatty() and not self._console.is_dumb_terminal
        self._task = asyncio.create_task(self._show_live() if is_live else self._print_lines())

    def item_scraped(self, item: Capture | FailedExchange) -> None:
        """Remember the address that was fetched last."""
        self._page = item.url

    async def spider_closed(self) -> None:
        """Remove the display."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _show_live(self) -> None:
        live = Live(
            console=self._console,
            get_renderable=self._display.rows,
            auto_refresh=False,
            transient=True,
            redirect_stdout=sys.stdout.isatty(),
        )
        terminal = sys.stderr
        with live, _logged_above(terminal):
            while True:
                self._look()
                live.refresh()
                await asyncio.sleep(LIVE_SECONDS)

    async def _print_lines(self) -> None:
        printed_at, printed_done = time.monotonic(), 0.0
        while True:
            self._look()
            done = self._display.done
            if is_line_due(time.monotonic() - printed_at, done - printed_done):
                self._console.print(self._display.line, highlight=False, soft_wrap=True)
                printed_at, printed_done = time.monotonic(), done
            await asyncio.sleep(LOOK_SECONDS)

    def _look(self) -> None:
        self._display.update(progress_counts(self._crawler.stats.get_stats()), self._page)


def is_line_due(seconds: float, share: float) -> bool:
    """Whether to print a line, so long after the last one and after so much progress since.

    >>> [is_line_due(seconds, 0.1) for seconds in (59.0, 60.0)]
    [False, True]
    >>> [is_line_due(seconds, 0.01) for seconds in (60.0, 599.0, 600.0)]
    [False, False, True]
    """
    if seconds < LEAST_SECONDS:
        return False
    return seconds >= MOST_SECONDS or share >= LEAST_SHARE


@contextmanager
def _logged_above(terminal: TextIO) -> Iterator[None]:
    """Let what is logged to the terminal appear above the live display.

    Scrapy's log handler writes to the standard error that it found, past the display. It is given
    the one that the display has put in its place.
    """
    handlers = [
        handler
        for handler in logging.root.handlers
        if isinstance(handler, logging.StreamHandler) and handler.stream is terminal
    ]
    for handler in handlers:
        handler.setStream(sys.stderr)
    try:
        yield
    finally:
        for handler in handlers:
            handler.setStream(terminal)
