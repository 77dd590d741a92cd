"""The one connection by which a crawl writes to its database."""

from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler

from cacnp_archive.crawling.start import current_crawl
from cacnp_archive.storage.save import Saver

_SAVERS: WeakKeyDictionary[Crawler, Saver] = WeakKeyDictionary()


def saver_of(crawler: Crawler) -> Saver:
    """Return the saver that a crawl's components share; the database pipeline closes it."""
    if crawler not in _SAVERS:
        _SAVERS[crawler] = Saver.open(current_crawl(crawler))
    return _SAVERS[crawler]
