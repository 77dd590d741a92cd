"""Send every exchange down the item pipelines, whichever component made the request."""

import asyncio
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from cacnp_archive.crawling.session import session_of
from cacnp_archive.model.capture import Capture, FailedExchange
from cacnp_archive.model.crawl import STORAGE_FAILED
from cacnp_archive.model.errors import StorageError

CAPTURE = "capture"
"""Key in `response.meta` of the archived capture."""

_closings: list[asyncio.Future[None]] = []
"""References that keep the tasks that close the spider from being garbage-collected."""


async def archive_item(crawler: Crawler, capture: Capture) -> Capture:
    """Write a capture to its WARC file, have it parsed and saved; returns it with its record.

    A write that fails stops the crawl, and raises IgnoreRequest so that nothing reads the response.
    """
    archived: Capture = await _archive(crawler, capture)
    return archived


async def archive_failure(crawler: Crawler, failed: FailedExchange) -> None:
    """Write and save a failure; raises IgnoreRequest as `archive_item` does."""
    await _archive(crawler, failed)


async def _archive(crawler: Crawler, item: Capture | FailedExchange) -> Any:
    engine = crawler.engine
    try:
        archived = await engine.scraper.itemproc.process_item_async(item)
    except StorageError as error:
        if session_of(crawler).note_write_error(error):
            # Not awaited: the spider closes only when all exchanges have ended, this one included.
            _closings.append(
                asyncio.ensure_future(engine.close_spider_async(reason=STORAGE_FAILED))
            )
        raise IgnoreRequest(str(error)) from error
    crawler.signals.send_catch_log(
        signals.item_scraped, item=archived, response=None, spider=crawler.spider
    )
    return archived
