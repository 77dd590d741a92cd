"""Read captures: call the pure parsers, and turn what they can't read into problems."""

import logging

from scrapy.crawler import Crawler

from cacnp_archive.capture import Capture
from cacnp_archive.crawling.start import current_crawl
from cacnp_archive.parsing import read_capture
from cacnp_archive.reading import ReadCapture
from cacnp_archive.records import Problem, Reading
from cacnp_archive.site import Site

logger = logging.getLogger(__name__)


class ParsePipeline:
    """Gives each capture its reading."""

    def __init__(self, site: Site, crawler: Crawler) -> None:
        self._site = site
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ParsePipeline":
        """Read pages as pages of the crawl's site."""
        return cls(current_crawl(crawler).site, crawler)

    def process_item(self, item: Capture) -> ReadCapture:
        """Return the capture with its reading; whatever a parser does, the capture goes on."""
        try:
            reading = read_capture(item, self._site)
        except Exception as error:  # a fault of ours: the bytes are safe, a person must see it
            logger.exception("cannot read %s", item.url)
            reading = Reading(problems=(Problem(code="parser-fault", detail=repr(error)),))
        self._stats.inc_value("parse/captures")
        self._stats.inc_value("parse/problems", len(reading.problems))
        if reading.article is not None:
            self._stats.inc_value("parse/articles")
        return ReadCapture(item, reading)
