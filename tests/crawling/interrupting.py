"""An extension that interrupts the crawl at a moment that a person can't hit."""

import os
import signal

from scrapy import signals
from scrapy.crawler import Crawler


class InterruptAtOpening:
    """Interrupts when the spider has been opened, and the engine does not run yet."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "InterruptAtOpening":
        """Wait for the moment."""
        extension = cls()
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        return extension

    def spider_opened(self) -> None:
        """Press Ctrl-C."""
        os.kill(os.getpid(), signal.SIGINT)
