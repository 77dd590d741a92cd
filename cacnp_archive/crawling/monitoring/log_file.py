"""Keep the log of all crawls in one rotated file of bounded size."""

import contextlib
import logging
import sys
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from cacnp_archive.crawling.monitoring.outcome import judge
from cacnp_archive.crawling.start import current_crawl
from cacnp_archive.model.crawl import Crawl

logger = logging.getLogger(__name__)


class LogFile:
    """Writes what is logged at INFO and above into `state/crawl.log`, whatever LOG_LEVEL is."""

    def __init__(self, crawler: Crawler, crawl: Crawl, handler: logging.Handler) -> None:
        self._crawler = crawler
        self._crawl = crawl
        self._handler = handler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "LogFile":
        """Begin to log; not for a spider without a crawl, nor when CACNP_LOG_FILES is 0."""
        crawl, settings = current_crawl(crawler), crawler.settings
        file_count = settings.getint("CACNP_LOG_FILES")
        if file_count == 0:
            raise NotConfigured
        path = crawl.archive.state_folder / "crawl.log"
        try:
            handler = _BoundedHandler(path, settings.getint("CACNP_LOG_MAX_BYTES"), file_count)
        except OSError as error:
            logger.warning("the log file cannot be written: %s", error)
            raise NotConfigured from error
        log_file = cls(crawler, crawl, handler)
        logging.root.addHandler(handler)
        # Scrapy has it at NOTSET, and so makes a record of each response that no handler takes.
        logging.root.setLevel(min(handler.level for handler in logging.root.handlers))
        crawler.signals.connect(log_file.engine_stopped, signals.engine_stopped)
        logger.info("crawl %s of %s begins", crawl.crawl_id, crawl.site.base_url)
        return log_file

    def engine_stopped(self) -> None:
        """Log what the crawl came to, and close the file."""
        for line in judge(self._crawler.stats.get_stats()).lines:
            logger.info("crawl %s: %s", self._crawl.crawl_id, line)
        logging.root.removeHandler(self._handler)
        with contextlib.suppress(OSError):  # a full disk has been told of already
            self._handler.close()


class _BoundedHandler(RotatingFileHandler):
    """Keeps so many files of such a size; times are in UTC. Says once that a disk refuses."""

    def __init__(self, path: Path, max_bytes: int, file_count: int) -> None:
        super().__init__(
            path, maxBytes=max_bytes, backupCount=max(file_count - 1, 1), encoding="utf-8"
        )
        self._disk_refuses = False
        formatter = logging.Formatter(
            "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S"
        )
        formatter.converter = time.gmtime
        self.setFormatter(formatter)
        self.setLevel(logging.INFO)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Go on without: a log that cannot be written is no reason to end a crawl."""
        error = sys.exception()
        if not isinstance(error, OSError):
            super().handleError(record)
        elif not self._disk_refuses:
            self._disk_refuses = True
            print(f"the log file cannot be written: {error}", file=sys.stderr)
