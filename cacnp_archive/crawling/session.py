"""The session of one crawl: everything that Scrapy's components share while it runs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from cacnp_archive.crawling.ingest_client import IngestClient
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.storage.queries.crawl_metrics import Ending
from cacnp_archive.warc.complete_files import CompleteFiles

if TYPE_CHECKING:  # they need a session themselves
    from cacnp_archive.crawling.politeness.budget import Budget
    from cacnp_archive.crawling.politeness.networks import Networks
    from cacnp_archive.crawling.politeness.rate_limits import HostRateLimits

_ATTRIBUTE = "cacnp_session"
"""The attribute of Scrapy's crawler that holds the session."""


@dataclass(slots=True, kw_only=True)
class CrawlSession:
    """What one crawl uses, and what is known so far of how it ends."""

    crawl: Crawl
    ingest: IngestClient
    rate_limits: "HostRateLimits"
    budget: "Budget"
    networks: "Networks"
    files: CompleteFiles
    """What may have the originals of revisits."""
    is_damaged: bool = False
    """Whether the repair at the start left damaged files in the archive."""
    write_error: str = ""
    """The first write that failed, which stops the crawl."""
    unreachable: str = ""
    """Why not even the front page or robots.txt could be fetched."""
    finish_reason: str = ""
    ending: Ending | None = None
    """None until the end of the crawl is recorded, and when it could not be."""

    def note_write_error(self, error: Exception) -> bool:
        """Remember the first write that failed; returns whether this is the first."""
        is_first = not self.write_error
        self.write_error = self.write_error or str(error)
        return is_first


def give_session(crawler: Crawler, session: CrawlSession) -> None:
    """Let all components of a crawler share a session."""
    setattr(crawler, _ATTRIBUTE, session)


def session_of(crawler: Crawler) -> CrawlSession:
    """Return the session of a crawler's crawl.

    Raises NotConfigured for a crawler that was not started by `scrapy crawl`: without the lock and
    the repair that come first, nothing may write to the archive.
    """
    session = getattr(crawler, _ATTRIBUTE, None)
    if not isinstance(session, CrawlSession):
        raise NotConfigured("only `scrapy crawl` writes to the archive")
    return session
