"""Send what happened on the wire down the item pipelines, whoever asked for it."""

import asyncio
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from cacnp_archive.model.capture import Capture, FailedExchange
from cacnp_archive.model.crawl import STORAGE_FAILED
from cacnp_archive.model.errors import StorageError

CAPTURE = "capture"
"""Key of `response.meta` under which the capture lies."""

_closings: list[asyncio.Future[None]] = []
"""Keeps the closing of the spider from being collected as garbage before it is done."""


async def archive_item(crawler: Crawler, capture: Capture) -> Capture:
    """Make a capture safe, have it read and saved; returns it with its record's place.

    When it can't be made safe the crawl is stopped, and IgnoreRequest raised: nothing may read it.
    """
    archived: Capture = await _archive(crawler, capture)
    return archived


async def archive_failure(crawler: Crawler, failed: FailedExchange) -> None:
    """Make a failure safe and save it; raises as `archive_item`."""
    await _archive(crawler, failed)


async def _archive(crawler: Crawler, item: Capture | FailedExchange) -> Any:
    engine = crawler.engine
    try:
        archived = await engine.scraper.itemproc.process_item_async(item)
    except StorageError as error:
        if "storage/error" not in crawler.stats.get_stats():
            crawler.stats.set_value("storage/error", str(error))
            # Not awaited: the spider closes only when all exchanges have ended, this one too.
            _closings.append(
                asyncio.ensure_future(engine.close_spider_async(reason=STORAGE_FAILED))
            )
        raise IgnoreRequest(str(error)) from error
    crawler.signals.send_catch_log(
        signals.item_scraped, item=archived, response=None, spider=crawler.spider
    )
    return archived
