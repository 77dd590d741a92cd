"""Conditional requests: fetch a known address only if it has changed (RFC 9110 section 13)."""

from scrapy import Request, signals
from scrapy.crawler import Crawler

from cacnp_archive.crawling.session import session_of
from cacnp_archive.storage.frontier import FrontierReader
from cacnp_archive.warc.complete_files import CompleteFiles

ORIGINAL = "original"
"""Key in `request.meta` of the earlier capture that a 304 response refers to."""


class ConditionalMiddleware:
    """Adds If-None-Match and If-Modified-Since to requests for known addresses."""

    def __init__(self, originals: FrontierReader, files: CompleteFiles) -> None:
        self._files = files
        self._originals = originals

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ConditionalMiddleware":
        """Read validators from the crawl's archive."""
        session = session_of(crawler)
        crawl = session.crawl
        originals = FrontierReader(crawl.archive.database_path, crawl.site)
        crawler.signals.connect(originals.close, signals.spider_closed, weak=False)
        return cls(originals, session.files)

    def process_request(self, request: Request) -> None:
        """Add the validators of the last good capture, if its original is still there."""
        if request.method != "GET" or request.meta.get("robots_fetch"):
            return  # a 304 brings no rules
        known = self._originals.validators(request.url, self._files)
        if known is None:
            return
        if known.etag:
            request.headers.setdefault("If-None-Match", known.etag.encode("latin-1"))
        if known.last_modified:
            request.headers.setdefault("If-Modified-Since", known.last_modified.encode("latin-1"))
        request.meta[ORIGINAL] = known.original
