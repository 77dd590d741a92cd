"""The download handler: each exchange goes down the item pipelines before Scrapy sees it.

So robots.txt, redirects, retries and errors are recorded in the same place as pages, and nothing
reads a response whose bytes are not safe. `response.meta` has the archived capture.
"""

import logging
import ssl
from collections import defaultdict
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Headers, Response
from scrapy.settings import BaseSettings

from cacnp_archive.crawling.archiving import CAPTURE, archive_failure, archive_item
from cacnp_archive.crawling.politeness.conditional import ORIGINAL
from cacnp_archive.crawling.politeness.rate_limits import THROTTLING
from cacnp_archive.crawling.session import CrawlSession, session_of
from cacnp_archive.crawling.wire import ExchangeError, Wire, WireRequest
from cacnp_archive.model.capture import NOT_MODIFIED, Capture, FailureReason

logger = logging.getLogger(__name__)

MAX_REPEATED_BYTES = 1_000_000
"""A longer response that was cut off is not requested again in the same crawl."""

PATIENCE = 4
"""What was cut off in an earlier crawl may take this many times as long as the settings say."""

RETRYABLE: dict[FailureReason, type[Exception]] = {
    FailureReason.DNS: CannotResolveHostError,
    FailureReason.REFUSED: DownloadConnectionRefusedError,
    FailureReason.TIMEOUT: DownloadTimeoutError,
}


class ArchivingDownloadHandler:
    """Scrapy's handler for http and https: sends, records, and returns the response."""

    lazy = True

    def __init__(self, crawler: Crawler, session: CrawlSession, wire: Wire) -> None:
        self._crawler = crawler
        self._rate_limits = session.rate_limits
        self._budget = session.budget
        self._wire = wire
        settings = crawler.settings
        self._timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._max_seconds = settings.getfloat("CACNP_MAX_EXCHANGE_SECONDS")
        self._min_rate = settings.getint("CACNP_MIN_BYTES_PER_SECOND")
        self._max_bytes = settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ArchivingDownloadHandler":
        """Use Scrapy's own settings for TLS, local address and sizes."""
        bind_address = crawler.settings.get("DOWNLOAD_BIND_ADDRESS")
        session = session_of(crawler)
        wire = Wire(
            _ssl_context(crawler.settings),
            bind_address,
            session.networks.may_reach,
            session.rate_limits.is_ending,
        )
        return cls(crawler, session, wire)

    async def download_request(self, request: Request) -> Response:
        """Carry out one exchange; raises Scrapy's own exceptions, so that its retries apply."""
        try:
            capture = await self._exchange(request)
        except ExchangeError as error:
            await archive_failure(self._crawler, error.failed)
            raise RETRYABLE.get(error.failed.reason, DownloadFailedError)(str(error)) from error
        request.meta["download_latency"] = capture.fetch_seconds
        self._stats.inc_value("wire/bytes", capture.block.size)
        self._stats.inc_value(f"wire/statuses/{capture.status}")
        if capture.status == NOT_MODIFIED:
            capture = replace(capture, original=request.meta.get(ORIGINAL))
        archived = await archive_item(self._crawler, capture)
        request.meta[CAPTURE] = archived
        self._note_verdict(archived)
        if capture.truncated in ("disconnect", "time"):
            if capture.truncated == "time" or capture.message.entity.size > MAX_REPEATED_BYTES:
                request.meta["dont_retry"] = True  # the next crawl asks again, with more patience
            raise ResponseDataLossError(f"the body was cut off ({capture.truncated})")
        return _response(archived)

    async def _exchange(self, request: Request) -> Capture:
        host = urlsplit(request.url).netloc
        async with self._rate_limits.turn(host):
            self._budget.take_request()
            self._stats.inc_value("wire/requests")
            capture = await self._wire.exchange(self._wire_request(request))
            try:
                self._note_pause(host, "is busy", self._rate_limits.note(host, capture))
            except Exception:  # whatever the server has said, its answer is archived
                logger.exception("cannot tell how busy %s is", host)
        return capture

    def _note_verdict(self, capture: Capture) -> None:
        """Hold back the requests to a host that answers with a wall."""
        host = urlsplit(capture.url).netloc
        if capture.wall is not None:
            why = f"answers with a wall ({capture.wall})"
            self._note_pause(host, why, self._rate_limits.note_wall(host))
        elif capture.status < 500 and capture.status not in THROTTLING:
            self._rate_limits.note_page(host)

    def _note_pause(self, host: str, why: str, seconds: float) -> None:
        if seconds:
            self._stats.inc_value("rate_limits/held_seconds", seconds)
            logger.info("%s %s: no requests to it for %g seconds", host, why, seconds)

    def _wire_request(self, request: Request) -> WireRequest:
        limit = request.meta.get("download_maxsize", self._max_bytes)
        patience = PATIENCE if request.meta.get("was_cut") else 1
        return WireRequest(
            url=request.url,
            method=request.method,
            headers=[(name, value) for name, values in request.headers.items() for value in values],
            body=request.body,
            timeout=self._timeout * patience,
            max_seconds=self._max_seconds * patience,
            min_rate=self._min_rate / patience,
            max_bytes=limit or _UNLIMITED,
            via=request.meta.get("via"),
            hops=request.meta.get("hops", ""),
        )

    @property
    def _stats(self) -> Any:
        return self._crawler.stats

    async def close(self) -> None:
        """Close the idle connections."""
        await self._wire.close()


_UNLIMITED = 1 << 62


def _ssl_context(settings: BaseSettings) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _response(capture: Capture) -> Response:
    """Return what Scrapy's middlewares need of a capture: status and headers.

    There is no body, since whatever reads one has `response.meta["capture"]`, and decoding would
    hold the event loop. The headers are grouped first: Scrapy's `appendlist` is quadratic.
    """
    grouped: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for name, value in capture.message.headers:
        grouped[name.title()].append(value)
    return Response(
        capture.url, status=capture.status, headers=Headers(grouped), protocol="HTTP/1.1"
    )
