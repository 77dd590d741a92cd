"""Save captures and their readings in the database."""

import logging
from datetime import UTC, datetime
from pathlib import Path

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from cacnp_archive.capture import FailedExchange
from cacnp_archive.crawling.saving import saver_of
from cacnp_archive.crawling.start import current_crawl
from cacnp_archive.errors import StorageError
from cacnp_archive.journal import append_to_journal
from cacnp_archive.reading import ReadCapture
from cacnp_archive.storage.save import CrawlCounts, Saver

logger = logging.getLogger(__name__)


class DatabasePipeline:
    """Keeps the database up to date, capture by capture."""

    def __init__(self, saver: Saver, journal_path: Path, stats: StatsCollector) -> None:
        self._saver = saver
        self._journal_path = journal_path
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "DatabasePipeline":
        """Write into the crawl's archive."""
        journal_path = current_crawl(crawler).archive.journal_path
        pipeline = cls(saver_of(crawler), journal_path, crawler.stats)
        # The reason of the end is known only after all pipelines have closed.
        crawler.signals.connect(pipeline.spider_closed, signals.spider_closed)
        return pipeline

    def open_spider(self) -> None:
        """Note that a crawl has begun, and what it asks for first."""
        self._saver.begin_crawl()
        self._saver.plan.begin()
        self._tell()

    def process_item(self, item: ReadCapture | FailedExchange) -> ReadCapture | FailedExchange:
        """Save a failure, or a capture and its reading; raises StorageError on a full disk."""
        saved = self._saver.save_item(item)
        self._tell()
        return saved

    def _tell(self) -> None:
        self._stats.set_value("ledger/known", self._saver.ledger.known_count)
        self._stats.set_value("ledger/waiting", self._saver.ledger.waiting_count)

    def spider_closed(self, reason: str) -> None:
        """Note how the crawl ended, and close the database."""
        stats = self._stats.get_stats()
        counts = CrawlCounts(
            request_count=stats.get("wire/requests", 0),
            capture_count=stats.get("parse/captures", 0),
            failure_count=stats.get("parse/failures", 0),
            problem_count=stats.get("parse/problems", 0),
            received_bytes=stats.get("wire/bytes", 0),
            throttled_count=stats.get("wire/statuses/429", 0) + stats.get("wire/statuses/503", 0),
            held_seconds=stats.get("manners/held_seconds", 0.0),
        )
        try:
            ending = self._saver.end_crawl(datetime.now(UTC), reason, counts)
            append_to_journal(self._journal_path, self._saver.account())
            self._stats.set_value("ledger/ending", ending)
        except (StorageError, OSError) as error:
            logger.error("the end of the crawl could not be noted: %s", error)
        finally:
            self._saver.close()
