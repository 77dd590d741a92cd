"""The spider of armscontrolcenter.org: it makes a request for each address in the queue."""

from collections.abc import AsyncIterator

import scrapy
from scrapy import Request
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from cacnp_archive.crawling.archiving import CAPTURE
from cacnp_archive.crawling.politeness.robots import RobotsUnreachableError
from cacnp_archive.crawling.session import CrawlSession, session_of
from cacnp_archive.model.crawl import UNREACHABLE
from cacnp_archive.model.urls import resolve
from cacnp_archive.storage.frontier import QueuedUrl


class CacnpSpider(scrapy.Spider):
    """Archives the whole site, politely.

    It makes requests and reports failures. The links in a response are entered into the ledger
    when the response is saved, and come back as requests by way of the scheduler.
    """

    name = "cacnp"

    async def start(self) -> AsyncIterator[Request]:
        """Yield nothing: the plan has put the seeds into the ledger."""
        return
        yield  # this makes it a generator

    def request(self, queued: QueuedUrl) -> Request:
        """Return the request for an address in the queue, spelled as a browser would send it."""
        url = resolve("", queued.url)
        return Request(
            url or queued.url,
            callback=self.answered,
            errback=self.failed,
            meta={
                "via": queued.via,
                "hops": queued.hops,
                "was_cut": queued.was_cut,
                "verbatim_url": url is not None,
            },
        )

    def answered(self, response: Response) -> None:
        """Count a response that is a failure after all retries."""
        capture = response.meta.get(CAPTURE)
        if capture is not None and capture.wall is not None:
            self._count_failure(response.url, f"a wall answered: {capture.wall}")
        elif response.status >= 500 or response.status == 429:
            self._count_failure(response.url, f"HTTP status {response.status}")

    def failed(self, failure: Failure) -> None:
        """Count an address without a response; stop when the site cannot be reached at all."""
        error, url = failure.value, failure.request.url  # type: ignore[attr-defined]
        base_url = self._session.crawl.site.base_url
        no_robots = isinstance(error, RobotsUnreachableError)
        is_refusal = isinstance(error, IgnoreRequest) and not no_robots
        is_front_page = url == base_url
        nothing_yet = not self.crawler.stats.get_value("parse/articles")
        is_site = url.startswith(base_url)
        if is_site and (no_robots or (is_front_page and not is_refusal and nothing_yet)):
            self._session.unreachable = f"{base_url}: {error}"
            raise CloseSpider(UNREACHABLE)
        if is_front_page or not is_refusal:
            self._count_failure(url, str(error))

    def _count_failure(self, url: str, reason: str) -> None:
        place = "site" if self._session.crawl.site.owns(url) else "elsewhere"
        self.crawler.stats.inc_value(f"crawl/failed/{place}")
        self.logger.warning("could not be fetched: %s: %s", url, reason)

    @property
    def _session(self) -> CrawlSession:
        return session_of(self.crawler)
