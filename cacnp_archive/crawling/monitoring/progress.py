"""Show how the crawl goes: a live frame on a terminal, a plain line now and then elsewhere."""

import asyncio
import contextlib
import logging
import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.control import Control
from rich.live import Live
from rich.segment import ControlType
from scrapy import signals
from scrapy.crawler import Crawler

from cacnp_archive.crawling.monitoring.counting import counts_of
from cacnp_archive.crawling.monitoring.pace import Pace, Sample, is_news
from cacnp_archive.crawling.monitoring.progress_view import (
    FRAME_ROWS,
    View,
    frame,
    frame_width,
    line,
)
from cacnp_archive.crawling.start import current_crawl
from cacnp_archive.model.capture import Capture, FailedExchange
from cacnp_archive.model.crawl import Crawl

LIVE_SECONDS = 0.25
LOOK_SECONDS = 1.0


class Progress:
    """Tells on standard error what has been captured and what is waiting."""

    def __init__(self, crawler: Crawler, crawl: Crawl) -> None:
        self._crawler = crawler
        self._site = crawl.site.base_url
        self._console = Console(stderr=True)
        self._pace = Pace()
        self._page = ""
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Progress":
        """Run from the first request to the last; not for a spider without a crawl."""
        progress = cls(crawler, current_crawl(crawler))
        crawler.signals.connect(progress.spider_opened, signals.spider_opened)
        crawler.signals.connect(progress.item_scraped, signals.item_scraped)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def spider_opened(self) -> None:
        """Begin to tell."""
        is_live = sys.stderr.isatty() and not self._console.is_dumb_terminal
        self._task = asyncio.create_task(self._show_live() if is_live else self._show_plain())

    def item_scraped(self, item: Capture | FailedExchange) -> None:
        """Remember the page that came last."""
        self._page = item.url

    async def spider_closed(self) -> None:
        """Stop telling."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _show_live(self) -> None:
        live = Live(
            console=self._console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=sys.stdout.isatty(),
        )
        with _logged_above(live):
            former = self._console.size
            while True:
                _, view = self._look()
                now = self._console.size
                if now.width < former.width and live.is_started:
                    self._console.control(_wrapped_rows_erased(former.width, now.width))
                former = now
                live.update(frame(view, now.width), refresh=True)
                await asyncio.sleep(LIVE_SECONDS)

    async def _show_plain(self) -> None:
        told, _ = self._look()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            now, view = self._look()
            if is_news(now, told):
                self._console.print(line(view), highlight=False, soft_wrap=True)
                told = now

    def _look(self) -> tuple[Sample, View]:
        stats = self._crawler.stats.get_stats()
        counts = counts_of(stats)
        answered = counts.captures + counts.failures
        sample = Sample(time.monotonic(), counts.requests, answered, counts.waiting)
        self._pace.add(sample)
        view = View(
            site=self._site,
            counts=counts,
            share=sample.share,
            requests_per_second=self._pace.requests_per_second,
            seconds_left=self._pace.seconds_left,
            page=self._page,
        )
        return sample, view


@contextmanager
def _logged_above(live: Live) -> Iterator[None]:
    """Show a live frame, with what is logged to the terminal meanwhile standing above it.

    Scrapy's handler writes to the standard error that there was when logging was set up, past the
    frame; so it is given the one that the frame has put in its place.
    """
    terminal = sys.stderr
    with live:
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


def _wrapped_rows_erased(former_width: int, width: int) -> Control:
    """Return what erases the rows that a frame has more in a terminal that became narrower.

    Terminals wrap what they show when they become narrower. The frame itself goes up by as many
    rows as it has; the rest would be left behind.
    """
    rows = FRAME_ROWS * (math.ceil(frame_width(former_width) / width) - 1)
    up = [(ControlType.CURSOR_UP, 1), (ControlType.ERASE_IN_LINE, 2)] * rows
    return Control((ControlType.ERASE_IN_LINE, 2), *up)
