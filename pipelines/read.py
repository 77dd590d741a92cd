"""Have captures parsed and saved, by the ingest process."""

import logging

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from cacnp_archive.crawling.ingest_client import IngestClient, ingest_client_of
from cacnp_archive.ingest.messages import BeginCrawl, EndCrawl
from cacnp_archive.model.capture import Capture, FailedExchange
from cacnp_archive.model.crawl import CrawlCounts
from cacnp_archive.model.errors import ArchiveError

logger = logging.getLogger(__name__)


class ReadPipeline:
    """Keeps the database up to date: each item goes on when its reading has been saved."""

    def __init__(self, ingest: IngestClient, stats: StatsCollector) -> None:
        self._ingest = ingest
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ReadPipeline":
        """Write into the crawl's archive."""
        pipeline = cls(ingest_client_of(crawler), crawler.stats)
        # The reason of the end is known only after all pipelines have closed.
        crawler.signals.connect(pipeline.spider_closed, signals.spider_closed)
        return pipeline

    def open_spider(self) -> None:
        """Save that a crawl has begun, and queue its first requests."""
        self._ingest.ask(BeginCrawl())
        self._count_frontier()

    async def process_item(self, item: Capture | FailedExchange) -> Capture | FailedExchange:
        """Return the item when it is saved; raises StorageError on a full disk."""
        saved = await self._ingest.save(item)
        self._count_frontier()
        if isinstance(item, FailedExchange):
            self._stats.inc_value("parse/failures")
            return item
        self._stats.inc_value("parse/captures")
        self._stats.inc_value("parse/problems", saved.problem_count)
        if saved.is_article:
            self._stats.inc_value("parse/articles")
        return item

    def _count_frontier(self) -> None:
        self._stats.set_value("ledger/known", self._ingest.frontier.known_count)
        self._stats.set_value("ledger/waiting", self._ingest.frontier.waiting_count)

    def spider_closed(self, reason: str) -> None:
        """Save how the crawl ended, and end the ingest process."""
        stats = self._stats.get_stats()
        counts = CrawlCounts(
            request_count=stats.get("wire/requests", 0),
            capture_count=stats.get("parse/captures", 0),
            failure_count=stats.get("parse/failures", 0),
            problem_count=stats.get("parse/problems", 0),
            received_bytes=stats.get("wire/bytes", 0),
            throttled_count=stats.get("wire/statuses/429", 0) + stats.get("wire/statuses/503", 0),
            held_seconds=stats.get("rate_limits/held_seconds", 0.0),
        )
        try:
            self._stats.set_value("ledger/ending", self._ingest.ask(EndCrawl(reason, counts)))
        except ArchiveError as error:
            logger.error("the end of the crawl could not be saved: %s", error)
        finally:
            self._ingest.close()
