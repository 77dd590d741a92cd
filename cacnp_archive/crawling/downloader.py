"""Scrapy's downloader, with bounds that count what is on the wire."""

from scrapy.core.downloader import Downloader
from scrapy.crawler import Crawler

WAITING = 4
"""For each connection so many requests may be under way; the others wait for it, or are saved."""


class ArchivingDownloader(Downloader):
    """Lets captures that wait to be safe and saved make room for further requests.

    Scrapy's bounds count a request until its response is there, which here is only when it is
    saved; the connections would be idle meanwhile. How many requests are on the wire at a time is
    bounded by manners.py. With a delay between requests there is nothing to win: then Scrapy's
    bounds stay, so that a crawl that is stopped has few requests left to wait for.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        if not (settings.getfloat("DOWNLOAD_DELAY") or settings.getbool("AUTOTHROTTLE_ENABLED")):
            self.total_concurrency *= WAITING
            self.domain_concurrency *= WAITING
