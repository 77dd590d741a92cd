"""The spider of armscontrolcenter.org: asks for every page once, and for what the pages need."""

from collections.abc import AsyncIterator, Iterator

import scrapy
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from cacnp_archive.capture import REDIRECTS
from cacnp_archive.crawl import Crawl
from cacnp_archive.crawling.archiving import READ_CAPTURE
from cacnp_archive.crawling.outcome import UNREACHABLE
from cacnp_archive.crawling.robots import RobotsUnreachableError
from cacnp_archive.crawling.start import begin_crawl
from cacnp_archive.storage.known import KnownCaptures
from cacnp_archive.traps import TrapGuard
from cacnp_archive.urls import without_fragment

SEEDS = (
    "robots.txt",
    "",
    "sitemap_index.xml",
    "wp-sitemap.xml",
    *(f"wp-json/wp/v2/{kind}?per_page=100" for kind in ("posts", "pages", "media", "tags")),
    "favicon.ico",
)
"""Where discovery begins, below the base address; every browser asks for the last unbidden."""

MAX_REDIRECTS = 10
"""Redirects among the variants of one address (slash, scheme) that are followed."""


class CacnpSpider(scrapy.Spider):
    """Archives the whole site, politely."""

    name = "cacnp"

    def __init__(self, crawl: Crawl) -> None:
        super().__init__()
        self.crawl = crawl
        self.site = crawl.site
        self._asked: set[str] = set()
        self._traps = TrapGuard()

    @classmethod
    def from_crawler(
        cls, crawler: Crawler, *, crawl: Crawl | None = None, **arguments: str
    ) -> "CacnpSpider":
        """Take the crawl that the command has begun, or begin one from the arguments."""
        spider = cls(crawl or begin_crawl(crawler.settings, arguments))
        spider._set_crawler(crawler)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Yield the seeds, and what earlier crawls knew: that is how a deletion is noticed."""
        known = KnownCaptures(self.crawl.archive.database_path)
        articles = known.article_urls(self.site.base_url)
        known.close()
        seeds = [self.site.base_url + seed for seed in SEEDS]
        for url in seeds + articles:
            for request in self._ask(url, via=None, hops=""):
                yield request

    def follow(self, response: Response) -> Iterator[Request]:
        """Ask for what a capture leads to and needs, as far as it is in scope and not yet asked."""
        read_capture = response.meta[READ_CAPTURE]
        capture, reading = read_capture.capture, read_capture.reading
        if response.status in REDIRECTS:
            yield from self._follow_redirect(response, reading.links)
            return
        if response.status >= 500 or response.status == 429:  # after all retries
            self._count_failure(response.url, response.status)
        for link in reading.links:  # first, so that a crawl that is cut short has the articles
            yield from self._ask(link, capture.url, capture.hops + "L")
        for requisite in reading.requisites:
            yield from self._ask(requisite.url, capture.url, capture.hops + "E")

    def failed(self, failure: Failure) -> None:
        """Count an address that brought no response; the wire has told why."""
        error, url = failure.value, failure.request.url  # type: ignore[attr-defined]
        is_front_page = url == self.site.base_url
        no_robots = isinstance(error, RobotsUnreachableError)
        nothing_yet = not self.crawler.stats.get_value("parse/articles")
        if is_front_page and nothing_yet and (no_robots or not isinstance(error, IgnoreRequest)):
            self.crawler.stats.set_value("crawl/unreachable", f"{self.site.base_url}: {error}")
            raise CloseSpider(UNREACHABLE)
        no_robots_elsewhere = no_robots and not url.startswith(self.site.base_url)
        if is_front_page or no_robots_elsewhere or not isinstance(error, IgnoreRequest):
            self._count_failure(url, error)

    def _count_failure(self, url: str, why: object) -> None:
        self.crawler.stats.inc_value("crawl/failed")
        self.logger.warning("could not be had: %s: %s", url, why)

    def _ask(self, url: str, via: str | None, hops: str, priority: int = 0) -> Iterator[Request]:
        verdict = self.site.verdict(url)
        if not verdict.in_scope:
            self.crawler.stats.inc_value(f"crawl/refused/{verdict.rule}")
            return
        canonical = self.site.canonical(url)
        if canonical in self._asked:
            return
        self._asked.add(canonical)
        if self._traps.admits(canonical):
            yield self._request(self.site.address(url), via, hops, priority)
        else:
            self.crawler.stats.inc_value("crawl/refused/trap")

    def _follow_redirect(self, response: Response, targets: tuple[str, ...]) -> Iterator[Request]:
        capture = response.meta[READ_CAPTURE].capture
        followed = response.meta.get("redirects", 0)
        for target in targets:
            # One variant of an address leads to another: the canonical one has been "asked" for.
            to_itself = self.site.canonical(target) == self.site.canonical(capture.url)
            if not to_itself:
                yield from self._ask(target, capture.url, capture.hops + "R", priority=1)
            elif followed < MAX_REDIRECTS and without_fragment(target) != capture.url:
                request = self._request(
                    without_fragment(target), capture.url, capture.hops + "R", 1
                )
                request.meta["redirects"] = followed + 1
                yield request

    def _request(self, url: str, via: str | None, hops: str, priority: int) -> Request:
        return Request(
            url,
            callback=self.follow,
            errback=self.failed,
            priority=priority,
            meta={"via": via, "hops": hops},
        )
