"""Scrapy's downloader, with limits that leave room for responses that are being saved."""

from scrapy.core.downloader import Downloader
from scrapy.crawler import Crawler

WAITING = 4
"""Requests that may be under way per connection: on the wire, waiting for it, or being saved."""


class ArchivingDownloader(Downloader):
    """Lets new requests start while earlier responses are still being written and saved.

    Scrapy counts a request until its response arrives, which here means until it is saved; the
    connections would be idle meanwhile. politeness/rate_limits.py limits the requests that are on
    the wire. With a delay between requests nothing would be gained: then Scrapy's limits stay, so
    that a crawl that is stopped has few requests left to wait for.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        if not (settings.getfloat("DOWNLOAD_DELAY") or settings.getbool("AUTOTHROTTLE_ENABLED")):
            self.total_concurrency *= WAITING
            self.domain_concurrency *= WAITING
