"""The download handler: each exchange goes down the item pipelines before Scrapy sees it.

So robots.txt, redirects, retries and errors are recorded at the same place as pages, and nothing
reads a response whose bytes are not safe. The spider finds the reading in `response.meta`.
"""

import ssl
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import BaseSettings

from cacnp_archive.capture import Capture
from cacnp_archive.crawling.wire import ExchangeError, Failure, Wire
from cacnp_archive.errors import StorageError, UnreadablePageError
from cacnp_archive.reading import ReadCapture
from cacnp_archive.spool import IN_MEMORY_BYTES

READ_CAPTURE = "read_capture"
"""Key of `response.meta` under which the spider finds the ReadCapture."""

STORAGE_FAILED = "storage failed"
"""The reason for which the spider is closed when a capture cannot be written."""

RETRYABLE: dict[Failure, type[Exception]] = {
    Failure.DNS: CannotResolveHostError,
    Failure.REFUSED: DownloadConnectionRefusedError,
    Failure.TIMEOUT: DownloadTimeoutError,
}


class ArchivingDownloadHandler:
    """Scrapy's http and https handler: asks, records, has the record read, answers."""

    lazy = True

    def __init__(self, crawler: Crawler, wire: Wire) -> None:
        self._crawler = crawler
        self._wire = wire
        self._max_bytes = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ArchivingDownloadHandler":
        """Take TLS, address and size settings from Scrapy's own."""
        bind_address = crawler.settings.get("DOWNLOAD_BIND_ADDRESS")
        return cls(crawler, Wire(_ssl_context(crawler.settings), bind_address))

    async def download_request(self, request: Request) -> Response:
        """Carry out one exchange; raises Scrapy's exceptions, so that its retries apply."""
        stats = self._stats
        stats.inc_value("wire/requests")
        try:
            capture = await self._wire.exchange(
                request.method,
                request.url,
                [(name, value) for name, values in request.headers.items() for value in values],
                body=request.body,
                timeout=float(request.meta["download_timeout"]),
                max_bytes=request.meta.get("download_maxsize", self._max_bytes) or _UNLIMITED,
                via=request.meta.get("via"),
                hops=request.meta.get("hops", ""),
            )
        except ExchangeError as error:
            stats.inc_value(f"wire/failures/{error.failure}")
            raise RETRYABLE.get(error.failure, DownloadFailedError)(str(error)) from error
        request.meta["download_latency"] = capture.fetch_seconds
        stats.inc_value("wire/bytes", capture.block.size)
        stats.inc_value(f"wire/statuses/{capture.status}")
        request.meta[READ_CAPTURE] = await self._archive(capture)
        if capture.truncated == "disconnect":
            raise ResponseDataLossError(f"{request.url}: the body was cut off")
        return _response(capture)

    async def _archive(self, capture: Capture) -> ReadCapture:
        engine = self._crawler.engine
        try:
            read_capture = await engine.scraper.itemproc.process_item_async(capture)
        except StorageError as error:
            self._stats.set_value("storage/error", str(error))
            await engine.close_spider_async(reason=STORAGE_FAILED)
            raise IgnoreRequest(str(error)) from error
        await self._crawler.signals.send_catch_log_async(
            signals.item_scraped, item=read_capture, response=None, spider=self._crawler.spider
        )
        assert isinstance(read_capture, ReadCapture)  # noqa: S101 - the last pipeline's promise
        return read_capture

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
    """Return the capture as Scrapy's middlewares expect it: decoded, its coding headers removed.

    Bodies that are kept on disk are not brought back into memory for it.
    """
    headers = Headers()
    for name, value in capture.message.headers:
        if name.lower() not in (b"content-encoding", b"transfer-encoding"):
            headers.appendlist(name, value)
    body = b""
    if capture.message.entity.size <= IN_MEMORY_BYTES:
        try:
            body = capture.body
        except UnreadablePageError:
            body = capture.message.entity.to_bytes()
    response_class = responsetypes.from_args(headers=headers, url=capture.url, body=body)
    return response_class(
        capture.url, status=capture.status, headers=headers, body=body, protocol="HTTP/1.1"
    )
