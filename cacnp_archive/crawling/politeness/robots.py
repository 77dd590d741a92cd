"""robots.txt by RFC 9309: fetched once per host and obeyed; without it, no crawl of the host."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from cacnp_archive.crawling.archiving import CAPTURE, archive_failure
from cacnp_archive.crawling.politeness.budget import BudgetSpentError
from cacnp_archive.crawling.politeness.rate_limits import CrawlEndsError, HostRateLimits
from cacnp_archive.crawling.session import session_of
from cacnp_archive.model.capture import REDIRECTS, Capture, FailedExchange, FailureReason
from cacnp_archive.model.site import Site
from cacnp_archive.model.urls import resolve, without_fragment

logger = logging.getLogger(__name__)

MAX_REDIRECTS = 5
"""RFC 9309 section 2.3.1.2: at least five consecutive redirects are followed."""

MAX_PARSED_BYTES = 500 * 1024
"""RFC 9309 section 2.5: at least 500 KiB are parsed."""

FIRST = 1000
"""Request priority: before the requests that wait for robots.txt."""


class RobotsError(IgnoreRequest):
    """Raised when robots.txt forbids an address; it is not requested."""


class RobotsUnreachableError(RobotsError):
    """Raised when robots.txt cannot be fetched: RFC 9309 section 2.3.1.4 forbids the host."""


@dataclass(frozen=True, slots=True)
class _RobotsTxt:
    """The robots.txt of a host."""

    rules: Protego | None
    """None when it could not be fetched: then everything is forbidden."""
    response: Response | None
    error: str


class RobotsMiddleware:
    """Lets a request pass when robots.txt allows it."""

    def __init__(
        self, crawler: Crawler, site: Site, rate_limits: HostRateLimits, product: str
    ) -> None:
        self._crawler = crawler
        self._site = site
        self._rate_limits = rate_limits
        self._product = product
        self._fetches: dict[str, asyncio.Task[_RobotsTxt]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RobotsMiddleware":
        """Raise NotConfigured when ROBOTSTXT_OBEY is off."""
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        product = crawler.settings.get("ROBOTSTXT_USER_AGENT") or crawler.settings["BOT_NAME"]
        session = session_of(crawler)
        return cls(crawler, session.crawl.site, session.rate_limits, product)

    async def process_request(self, request: Request) -> Response | None:
        """Let the request pass, raise RobotsError, or return the robots.txt that was requested."""
        if request.meta.get("robots_fetch"):
            return None
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._fetches:
            self._fetches[origin] = asyncio.create_task(self._fetch(origin, request))
        robots_txt = await asyncio.shield(self._fetches[origin])
        if parts.path == "/robots.txt" and robots_txt.response is not None:
            request.meta[CAPTURE] = robots_txt.response.meta[CAPTURE]
            return robots_txt.response.replace(request=request)
        if robots_txt.rules is None:
            error: RobotsError = RobotsUnreachableError(
                f"robots.txt could not be fetched: {robots_txt.error}"
            )
            await self._record(request, FailureReason.ROBOTS_UNREACHABLE, error)
        elif not robots_txt.rules.can_fetch(request.url, self._product):
            error = RobotsError("forbidden by robots.txt")
            await self._record(request, FailureReason.ROBOTS_DENIED, error)
        else:
            return None
        raise error

    async def _record(self, request: Request, reason: FailureReason, error: RobotsError) -> None:
        failed = FailedExchange(
            url=without_fragment(request.url),
            failed_at=datetime.now(UTC),
            reason=reason,
            detail=str(error),
            via=request.meta.get("via"),
            hops=request.meta.get("hops", ""),
        )
        await archive_failure(self._crawler, failed)

    async def _fetch(self, origin: str, cause: Request) -> _RobotsTxt:
        url = f"{origin}/robots.txt"
        for _ in range(MAX_REDIRECTS + 1):
            request = Request(
                url,
                callback=NO_CALLBACK,
                priority=FIRST,
                meta={"robots_fetch": True, "via": cause.url, "hops": "P"},
            )
            try:
                response = await self._crawler.engine.download_async(request)
            except (BudgetSpentError, CrawlEndsError):
                raise  # it was not requested
            except Exception as error:
                return _RobotsTxt(None, None, str(error))
            capture = response.meta[CAPTURE]
            if capture.wall is not None:  # its rules are not known, and not that there are none
                return _RobotsTxt(None, response, f"{url} answers with a wall ({capture.wall})")
            if response.status not in REDIRECTS or not capture.message.location:
                return await self._parse(origin, response, capture)
            url = resolve(url, capture.message.location) or ""
            if not self._site.owns(url) and urlsplit(url).hostname != urlsplit(origin).hostname:
                return _RobotsTxt(None, response, f"{origin}/robots.txt redirects to another host")
        return _RobotsTxt(None, response, f"{origin}/robots.txt redirects too many times")

    async def _parse(self, origin: str, response: Response, capture: Capture) -> _RobotsTxt:
        if response.status >= 500 or response.status == 429:
            return _RobotsTxt(None, response, f"{origin}/robots.txt: HTTP status {response.status}")
        text = ""
        if response.status == 200:
            body = await asyncio.to_thread(capture.beginning, MAX_PARSED_BYTES)
            text = body.decode("utf-8-sig", "replace")
        rules = Protego.parse(text)
        if delay := rules.crawl_delay(self._product):
            kept = self._rate_limits.slow_down(urlsplit(origin).netloc, delay)
            if kept < delay:
                logger.warning(
                    "%s/robots.txt has Crawl-delay %g: capped at %g seconds "
                    "(CACNP_MAX_CRAWL_DELAY)",
                    origin,
                    delay,
                    kept,
                )
        return _RobotsTxt(rules, response, "")
