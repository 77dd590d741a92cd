"""One crawl: which site, under which name and settings, into which archive."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from cacnp_archive import __version__
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.site import Site
from cacnp_archive.model.timestamps import timestamp_of

FINISHED = "finished"
"""The `finish_reason` of a crawl that nothing stopped: it had nothing left to fetch."""

STORAGE_FAILED = "storage failed"
"""The `finish_reason` of a crawl that stopped because a write failed; a repair adds to it."""

UNREAD = "; what it captured last is read at the next start"
"""The end of the `finish_reason` of a crawl that would have had to wait for its readings."""

UNREACHABLE = "site unreachable"
"""The `finish_reason` of a crawl that could not even fetch the front page or robots.txt."""

KILLED = "killed"
"""The `finish_reason` that a repair gives to a crawl that did not record its own."""

UNKNOWN = "unknown"
"""The `finish_reason` of a crawl whose row was lost, and was restored from its WARC files."""

SOFTWARE = f"cacnp-archive/{__version__}"


def crawl_id_of(warc_file: str) -> str:
    """Return the id of the crawl that wrote a WARC file; of a foreign file, some other text.

    >>> crawl_id_of("cacnp-20260117123045-a1b2c3-00001.warc.gz")
    '20260117123045-a1b2c3'
    """
    return warc_file.removeprefix("cacnp-").rpartition("-")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """One run of the crawler."""

    crawl_id: str
    """`<UTC time>-<random>`: ids sort by time, and two crawls of the same second differ."""
    started_at: datetime
    site: Site
    archive: Archive
    user_agent: str
    obeys_robots: bool
    settings: dict[str, object]
    """The Scrapy settings that limited the crawl, for the record."""
    recheck_days: float = 30.0
    """Each known address is fetched again within this many days; 0: in every crawl."""

    @classmethod
    def begin(
        cls,
        site: Site,
        archive: Archive,
        *,
        user_agent: str,
        obeys_robots: bool,
        settings: dict[str, object],
        recheck_days: float = 30.0,
    ) -> "Crawl":
        """Return a new crawl that starts now."""
        now = datetime.now(UTC)
        return cls(
            crawl_id=f"{timestamp_of(now)}-{secrets.token_hex(3)}",
            started_at=now,
            site=site,
            archive=archive,
            user_agent=user_agent,
            obeys_robots=obeys_robots,
            settings=settings,
            recheck_days=recheck_days,
        )

    @property
    def warc_prefix(self) -> str:
        """The beginning of the names of this crawl's WARC files."""
        return f"cacnp-{self.crawl_id}"

    @property
    def warcinfo(self) -> list[tuple[str, str]]:
        """The fields of the warcinfo record (WARC 1.1 section 6.2), without the machine's name."""
        return [
            ("software", SOFTWARE),
            ("format", "WARC File Format 1.1"),
            (
                "conformsTo",
                "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            ),
            ("robots", "obey" if self.obeys_robots else "ignore"),
            ("http-header-user-agent", self.user_agent),
            ("isPartOf", self.crawl_id),
            ("seed", self.site.base_url),
            ("description", f"{self.site.base_url} and what its pages need"),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlCounts:
    """What a crawl counted itself, for its row in `crawls` and its metrics."""

    request_count: int
    capture_count: int
    failure_count: int
    problem_count: int
    received_bytes: int
    throttled_count: int
    """HTTP responses 429 and 503."""
    held_seconds: float
    """Seconds during which requests were held back after a 429 or 503, summed over the hosts."""
    error_count: int = 0
    """Errors that were logged."""
    is_damaged: bool = False
    """Whether the archive has files that could not be repaired at the start."""


@dataclass(frozen=True, slots=True)
class ArchiveSize:
    """How large the archive was at the end of a crawl."""

    crawl_id: str
    at: str
    capture_count: int
    article_count: int
    warc_bytes: int
    database_bytes: int
