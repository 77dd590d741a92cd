"""One run of the crawler: who it is, what it asks for, where it writes."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from cacnp_archive import __version__
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.named_fields import NamedFields
from cacnp_archive.model.site import Site
from cacnp_archive.model.timestamps import timestamp_of

FINISHED = "finished"
"""The `finish_reason` of a crawl that had nothing left to ask for."""

STORAGE_FAILED = "storage failed"
"""The `finish_reason` of a crawl that stopped because something could not be written."""

SOFTWARE = f"cacnp-archive/{__version__}"


def crawl_id_of(warc_file: str) -> str:
    """Return the id of the crawl that a file's name names; of a foreign file, any other text.

    >>> crawl_id_of("cacnp-20260117123045-a1b2c3-00001.warc.gz")
    '20260117123045-a1b2c3'
    """
    return warc_file.removeprefix("cacnp-").rpartition("-")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """One run of the crawler."""

    crawl_id: str
    """`<UTC time>-<random>`: sorts by time, and two runs of one second differ."""
    started_at: datetime
    site: Site
    archive: Archive
    user_agent: str
    obeys_robots: bool
    settings: dict[str, object]
    """The Scrapy settings that bound the run, for the record."""
    recheck_days: float = 30.0
    """Within how many days each known address is looked at again; 0: in every crawl."""

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
        """Return a new run, started now."""
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
        """How the names of this run's WARC files begin."""
        return f"cacnp-{self.crawl_id}"

    @property
    def warcinfo(self) -> NamedFields:
        """The fields of the warcinfo record (WARC 1.1 section 6.2); no name of this machine."""
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
    """What a run came to; the columns of the same names in `crawls`."""

    request_count: int
    capture_count: int
    failure_count: int
    problem_count: int
    received_bytes: int
    throttled_count: int
    held_seconds: float
    """For how long hosts were left alone that had answered 429 or 503."""
