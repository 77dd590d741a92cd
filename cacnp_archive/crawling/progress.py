"""Show how the crawl goes: one live line on a terminal, a plain line now and then elsewhere."""

import asyncio
import contextlib
import sys
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.text import Text
from scrapy import signals
from scrapy.crawler import Crawler

from cacnp_archive.capture import FailedExchange
from cacnp_archive.reading import ReadCapture

TERMINAL_SECONDS = 0.25
PLAIN_SECONDS = 15.0


class Progress:
    """Tells on standard error what has been captured and what is waiting."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._console = Console(stderr=True)
        self._page = ""
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Progress":
        """Run from the first request to the last."""
        progress = cls(crawler)
        crawler.signals.connect(progress.spider_opened, signals.spider_opened)
        crawler.signals.connect(progress.item_scraped, signals.item_scraped)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def spider_opened(self) -> None:
        """Begin to tell."""
        show = self._show_live if sys.stderr.isatty() else self._show_plain
        self._task = asyncio.create_task(show())

    def item_scraped(self, item: ReadCapture | FailedExchange) -> None:
        """Remember the page that came last."""
        self._page = item.url if isinstance(item, FailedExchange) else item.capture.url

    async def spider_closed(self) -> None:
        """Stop telling."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _show_live(self) -> None:
        with Live(console=self._console, auto_refresh=False, transient=True) as live:
            while True:
                line = Text(f"{self._summary()}  {self._page}", no_wrap=True, overflow="ellipsis")
                live.update(line, refresh=True)
                await asyncio.sleep(TERMINAL_SECONDS)

    async def _show_plain(self) -> None:
        while True:
            await asyncio.sleep(PLAIN_SECONDS)
            self._console.print(self._summary(), highlight=False, soft_wrap=True)

    def _summary(self) -> str:
        stats: dict[str, Any] = self._crawler.stats.get_stats()
        return (
            f"{stats.get('parse/captures', 0)} captured, "
            f"{stats.get('parse/articles', 0)} articles, {stats.get('ledger/waiting', 0)} waiting, "
            f"{stats.get('wire/bytes', 0) / 1e6:.1f} MB, "
            f"{stats.get('crawl/failed/site', 0)} failed"
        )
