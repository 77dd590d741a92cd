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

from cacnp_archive.crawling.monitoring.counting import progress_counts
from cacnp_archive.crawling.monitoring.summary import summarize
from cacnp_archive.crawling.session import CrawlSession, session_of

logger = logging.getLogger(__name__)


class LogFile:
    """Writes what is logged at INFO and above to `state/crawl.log`, whatever LOG_LEVEL is."""

    def __init__(self, crawler: Crawler, session: CrawlSession, handler: logging.Handler) -> None:
        self._crawler = crawler
        self._session = session
        self._handler = handler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "LogFile":
        """Start to log; raises NotConfigured when CACNP_LOG_FILES is 0."""
        session, settings = session_of(crawler), crawler.settings
        crawl = session.crawl
        file_count = settings.getint("CACNP_LOG_FILES")
        if file_count == 0:
            raise NotConfigured
        path = crawl.archive.state_folder / "crawl.log"
        try:
            handler = _BoundedHandler(path, settings.getint("CACNP_LOG_MAX_BYTES"), file_count)
        except OSError as error:
            logger.warning("the log file cannot be written: %s", error)
            raise NotConfigured from error
        log_file = cls(crawler, session, handler)
        logging.root.addHandler(handler)
        # Scrapy leaves it at NOTSET, and then makes a record per response that no handler takes.
        logging.root.setLevel(min(handler.level for handler in logging.root.handlers))
        crawler.signals.connect(log_file.engine_stopped, signals.engine_stopped)
        logger.info("crawl %s of %s begins", crawl.crawl_id, crawl.site.base_url)
        return log_file

    def engine_stopped(self) -> None:
        """Log how the crawl ended, and close the file."""
        counts = progress_counts(self._crawler.stats.get_stats())
        for line in summarize(self._session, counts).lines:
            logger.info("crawl %s: %s", self._session.crawl.crawl_id, line)
        logging.root.removeHandler(self._handler)
        with contextlib.suppress(OSError):  # a full disk has been reported already
            self._handler.close()


class _BoundedHandler(RotatingFileHandler):
    """Keeps at most `file_count` files, with times in UTC; reports a write error once."""

    def __init__(self, path: Path, max_bytes: int, file_count: int) -> None:
        super().__init__(
            path, maxBytes=max_bytes, backupCount=max(file_count - 1, 1), encoding="utf-8"
        )
        self._has_failed = False
        formatter = logging.Formatter(
            "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S"
        )
        formatter.converter = time.gmtime
        self.setFormatter(formatter)
        self.setLevel(logging.INFO)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Go on without: a log that cannot be written is no reason to stop a crawl."""
        error = sys.exception()
        if not isinstance(error, OSError):
            super().handleError(record)
        elif not self._has_failed:
            self._has_failed = True
            print(f"the log file cannot be written: {error}", file=sys.stderr)
