"""Have captures parsed and saved by the ingest process."""

import logging

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from cacnp_archive.crawling.monitoring.counting import crawl_counts
from cacnp_archive.crawling.session import CrawlSession, session_of
from cacnp_archive.ingest.messages import BeginCrawl, EndCrawl
from cacnp_archive.model.capture import Capture, FailedExchange
from cacnp_archive.model.crawl import STORAGE_FAILED, UNREAD
from cacnp_archive.model.errors import ArchiveError

logger = logging.getLogger(__name__)


class ReadPipeline:
    """Keeps the database up to date: each item goes on when it has been parsed and saved."""

    def __init__(self, session: CrawlSession, stats: StatsCollector) -> None:
        self._session = session
        self._ingest = session.ingest
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ReadPipeline":
        """Save to the archive of the crawl, whose ingest process runs already."""
        session = session_of(crawler)
        session.ingest.attach()
        pipeline = cls(session, crawler.stats)
        # Why the crawl ended is known only after all pipelines have closed.
        crawler.signals.connect(pipeline.spider_closed, signals.spider_closed)
        return pipeline

    def open_spider(self) -> None:
        """Record that the crawl has begun, and put what it fetches first into the queue."""
        self._ingest.ask(BeginCrawl())
        self._count_addresses()

    async def process_item(self, item: Capture | FailedExchange) -> Capture | FailedExchange:
        """Return the item when it is saved; raises StorageError when the disk is full."""
        saved = await self._ingest.save(item)
        self._count_addresses()
        if isinstance(item, FailedExchange):
            self._stats.inc_value("parse/failures")
            return item
        self._stats.inc_value("parse/captures")
        self._stats.inc_value("parse/problems", saved.problem_count)
        if saved.is_article:
            self._stats.inc_value("parse/articles")
        return item

    def _count_addresses(self) -> None:
        self._stats.set_value("ledger/known", self._ingest.frontier.known)
        self._stats.set_value("ledger/waiting", self._ingest.frontier.queued)

    def spider_closed(self, reason: str) -> None:
        """Record how the crawl ended, and end the ingest process."""
        session = self._session
        if self._ingest.has_left_unread:
            reason += UNREAD
        session.finish_reason = STORAGE_FAILED if session.write_error else reason
        counts = crawl_counts(self._stats.get_stats(), is_damaged=session.is_damaged)
        try:
            session.ending = self._ingest.ask(EndCrawl(session.finish_reason, counts))
        except ArchiveError as error:
            logger.error("the end of the crawl could not be recorded: %s", error)
            session.note_write_error(error)
        finally:
            self._ingest.close()
