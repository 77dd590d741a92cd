"""The spider of armscontrolcenter.org: asks for what waits in the ledger."""

from collections.abc import AsyncIterator

import scrapy
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from cacnp_archive.crawling.ingest_client import IngestClient
from cacnp_archive.crawling.monitoring.outcome import UNREACHABLE
from cacnp_archive.crawling.politeness.robots import RobotsUnreachableError
from cacnp_archive.crawling.start import begin_crawl
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.storage.frontier.queue import Waiting


class CacnpSpider(scrapy.Spider):
    """Archives the whole site, politely.

    It makes requests and tells of failures. What an answer leads to is entered in the ledger when
    the answer is saved, and comes back from there by way of the scheduler.
    """

    name = "cacnp"

    def __init__(self, crawl: Crawl, ingest: IngestClient | None = None) -> None:
        super().__init__()
        self.crawl = crawl
        self.ingest = ingest

    @classmethod
    def from_crawler(
        cls,
        crawler: Crawler,
        *,
        crawl: Crawl | None = None,
        ingest: IngestClient | None = None,
        **arguments: str,
    ) -> "CacnpSpider":
        """Take the crawl that the command has begun, or begin one from the arguments."""
        spider = cls(crawl or begin_crawl(crawler.settings, arguments), ingest)
        spider._set_crawler(crawler)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Yield nothing: the plan has put the seeds into the ledger."""
        return
        yield  # what makes it a generator

    def request(self, waiting: Waiting) -> Request:
        """Return the request for an address of the ledger."""
        return Request(
            waiting.url,
            callback=self.answered,
            errback=self.failed,
            meta={"via": waiting.via, "hops": waiting.hops},
        )

    def answered(self, response: Response) -> None:
        """Tell of an answer that is a failure after all retries."""
        if response.status >= 500 or response.status == 429:
            self._count_failure(response.url, response.status)

    def failed(self, failure: Failure) -> None:
        """Tell of an address that brought no response; stop when nothing can be had at all."""
        error, url = failure.value, failure.request.url  # type: ignore[attr-defined]
        is_site = url.startswith(self.crawl.site.base_url)
        no_robots = isinstance(error, RobotsUnreachableError)
        is_refusal = isinstance(error, IgnoreRequest) and not no_robots
        is_front_page = url == self.crawl.site.base_url
        nothing_yet = not self.crawler.stats.get_value("parse/articles")
        if is_site and (no_robots or (is_front_page and not is_refusal and nothing_yet)):
            self.crawler.stats.set_value(
                "crawl/unreachable", f"{self.crawl.site.base_url}: {error}"
            )
            raise CloseSpider(UNREACHABLE)
        if is_front_page or not is_refusal:
            self._count_failure(url, error)

    def _count_failure(self, url: str, why: object) -> None:
        whose = "site" if self.crawl.site.owns(url) else "elsewhere"
        self.crawler.stats.inc_value(f"crawl/failed/{whose}")
        self.logger.warning("could not be had: %s: %s", url, why)
