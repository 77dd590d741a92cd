"""Send what happened on the wire down the item pipelines, whoever asked for it."""

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from cacnp_archive.capture import Capture, FailedExchange
from cacnp_archive.errors import StorageError
from cacnp_archive.reading import ReadCapture

READ_CAPTURE = "read_capture"
"""Key of `response.meta` under which the spider finds the ReadCapture."""

STORAGE_FAILED = "storage failed"
"""The reason for which the spider is closed when a capture cannot be written."""


async def archive_item(
    crawler: Crawler, item: Capture | FailedExchange
) -> ReadCapture | FailedExchange:
    """Make an item safe, have it read and saved, and return it as the last pipeline gave it.

    When it can't be made safe the crawl is stopped, and IgnoreRequest raised: nothing may read it.
    """
    engine = crawler.engine
    try:
        archived: ReadCapture | FailedExchange = await engine.scraper.itemproc.process_item_async(
            item
        )
    except StorageError as error:
        crawler.stats.set_value("storage/error", str(error))
        await engine.close_spider_async(reason=STORAGE_FAILED)
        raise IgnoreRequest(str(error)) from error
    await crawler.signals.send_catch_log_async(
        signals.item_scraped, item=archived, response=None, spider=crawler.spider
    )
    return archived
