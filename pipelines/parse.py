"""Read captures: call the pure parsers, and turn what they can't read into problems."""

import asyncio
import logging

from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from cacnp_archive.archive import Archive
from cacnp_archive.capture import Capture, FailedExchange
from cacnp_archive.crawling.start import current_crawl
from cacnp_archive.parsing import read_capture
from cacnp_archive.reading import ReadCapture
from cacnp_archive.records import Problem, Reading
from cacnp_archive.revisits import with_entity
from cacnp_archive.site import Site

logger = logging.getLogger(__name__)


LONG_READING_BYTES = 1_000_000


def is_long_reading(capture: Capture) -> bool:
    """Whether reading takes so long that the connections should be served meanwhile."""
    is_document = capture.media_type == "application/pdf"
    return is_document or capture.message.entity.size > LONG_READING_BYTES


class ParsePipeline:
    """Gives each capture its reading."""

    def __init__(self, site: Site, archive: Archive, stats: StatsCollector) -> None:
        self._site = site
        self._archive = archive
        self._stats = stats
        self._in_turn = asyncio.Lock()  # so that rows have the order of the records

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ParsePipeline":
        """Read pages as pages of the crawl's site."""
        crawl = current_crawl(crawler)
        return cls(crawl.site, crawl.archive, crawler.stats)

    async def process_item(self, item: Capture | FailedExchange) -> ReadCapture | FailedExchange:
        """Return the capture with its reading; whatever a parser does, the capture goes on."""
        if isinstance(item, FailedExchange):
            self._stats.inc_value("parse/failures")
            return item
        async with self._in_turn:
            return await self._read(item)

    async def _read(self, item: Capture) -> ReadCapture:
        try:
            capture = with_entity(item, self._archive)
            if is_long_reading(capture):
                reading = await asyncio.to_thread(read_capture, capture, self._site)
            else:
                reading = read_capture(capture, self._site)
        except Exception as error:  # a fault of ours: the bytes are safe, a person must see it
            logger.exception("cannot read %s", item.url)
            reading = Reading(problems=(Problem(code="parser-fault", detail=repr(error)),))
        self._stats.inc_value("parse/captures")
        self._stats.inc_value("parse/problems", len(reading.problems))
        if reading.article is not None:
            self._stats.inc_value("parse/articles")
        return ReadCapture(item, reading)
