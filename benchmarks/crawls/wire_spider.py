"""Our crawl without recording, parsing and database, as a baseline.

It sends the same requests through the same handler, but writes nothing, and only extracts URLs from
pages: one XPath and a set of known URLs.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

import scrapy
from lxml import etree
from scrapy.crawler import Crawler
from scrapy.http import Response

from cacnp_archive.crawling.archiving import CAPTURE
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import Capture, FailedExchange
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.site import SEEDS, Site

_ADDRESSES = etree.XPath(
    "//a/@href | //img/@src | //script/@src | //link[not(@rel='alternate')]/@href | //loc/text()"
)
_SETS = etree.XPath("//@srcset")
_PARSER = etree.HTMLParser(encoding="utf-8")


class NothingPipeline:
    """Returns captures to the handler and keeps nothing."""

    def process_item(self, item: Capture | FailedExchange) -> Capture | FailedExchange:
        """Return the capture unchanged."""
        return item


class WireSpider(scrapy.Spider):
    """Requests what our crawl requests, and discards it."""

    name = "wire"

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self.crawl = Crawl(
            crawl_id="wire",
            started_at=datetime.now(UTC),
            site=Site.at(base_url),
            archive=Archive(Path()),
            user_agent="",
            obeys_robots=True,
            settings={},
        )
        self._known = {base_url + seed for seed in SEEDS}
        self.start_urls = sorted(self._known)

    @classmethod
    def update_settings(cls, settings: scrapy.settings.BaseSettings) -> None:
        """Remove the components that write or use the database."""
        middlewares = settings.getdict("DOWNLOADER_MIDDLEWARES")
        middlewares["cacnp_archive.crawling.politeness.conditional.ConditionalMiddleware"] = None
        for name, value in {
            "ITEM_PIPELINES": {"benchmarks.crawls.wire_spider.NothingPipeline": 100},
            "SCHEDULER": "scrapy.core.scheduler.Scheduler",
            "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
            "DOWNLOADER_MIDDLEWARES": middlewares,
            "EXTENSIONS": {},
        }.items():
            settings.set(name, value, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, base_url: str) -> "WireSpider":
        """Create the spider with its crawl, which the handler needs."""
        spider = cls(base_url)
        spider._set_crawler(crawler)
        return spider

    def parse(self, response: Response) -> Iterator[scrapy.Request]:
        """Request all new URLs."""
        capture = response.meta[CAPTURE]
        if response.status != 200 or capture.media_type != "text/html":
            return
        root = etree.fromstring(capture.body or b"<p/>", _PARSER)
        if root is None:
            return
        found = list(_ADDRESSES(root))
        for candidates in _SETS(root):
            found += [candidate.split()[0] for candidate in candidates.split(",") if candidate]
        base = response.url
        for reference in found:
            address = urljoin(base, reference).partition("#")[0]
            if address not in self._known and address.startswith(self.crawl.site.base_url):
                self._known.add(address)
                yield scrapy.Request(address)
