"""Past crawls: their rows, failures, missing files, changes, problems and counts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import FailureReason
from cacnp_archive.model.crawl import FINISHED, Crawl
from cacnp_archive.model.site import Site
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.changes import ArticleChange, changes_of
from cacnp_archive.storage.queries.crawl_metrics import CrawlMetrics, load_metrics, measure


@dataclass(frozen=True, slots=True)
class CrawlRow:
    """A row of `crawls`; what is known only at the end is None if the crawl runs or was killed."""

    id: str
    base_url: str
    started_at: str
    finished_at: str | None
    finish_reason: str | None
    software: str
    user_agent: str
    request_count: int | None
    capture_count: int | None
    failure_count: int | None
    problem_count: int | None
    received_bytes: int | None
    throttled_count: int | None
    requests_per_minute: float | None


@dataclass(frozen=True, slots=True)
class Failure:
    """A URL that a crawl could not archive in any of its attempts."""

    url: str
    reason: str
    """A value of `captures.failure` or of `failures.reason`."""
    detail: str
    """Explanation in words, of a wall what shows it; empty for another complete response."""
    via: str | None
    """URL of the page on which it was found; None for a seed."""
    at: str
    """When the last attempt began."""
    attempt_count: int
    is_of_site: bool
    """Whether it is on the site itself, not on another host with page requisites."""


@dataclass(frozen=True, slots=True)
class MissingRequisite:
    """A page requisite that is not archived."""

    url: str
    kind: str
    """image, style, script, font, media, document, frame"""
    state: str
    """missing, excluded, waiting"""
    reason: str | None
    page_count: int
    """How many pages need it."""
    pages: tuple[str, ...]
    """URLs of some of these pages."""


@dataclass(frozen=True, slots=True)
class ProblemCount:
    """How often a problem occurred in a crawl, with one example."""

    code: str
    count: int
    detail: str
    """Of the example; so is the URL."""
    url: str


class CrawlHistory:
    """Reads the history of crawls from a database, also while a crawl writes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    @contextmanager
    def of(cls, archive: Archive) -> "Iterator[CrawlHistory]":
        """Open an archive's database; raises ArchiveError if nothing has been archived yet."""
        database = read_database(archive.require_database())
        try:
            with database.atomic():  # all queries see the same state
                yield cls(database)
        finally:
            database.close()

    def metrics(self, crawl: CrawlRow) -> CrawlMetrics:
        """Return the metrics of a crawl; empty if it was killed or still runs."""
        return load_metrics(self._database, crawl.id)

    def previous(self, crawl: CrawlRow) -> CrawlRow | None:
        """Return the crawl that one is compared with: the last of the same site that finished."""
        earlier = (row for row in self.crawl_rows(crawl.base_url) if row.id < crawl.id)
        return next(
            (row for row in earlier if row.finish_reason == FINISHED and self.metrics(row)), None
        )

    def metrics_now(self, archive: Archive, crawl: CrawlRow) -> CrawlMetrics:
        """Return the metrics of the last crawl as if it ended now."""
        unfinished = Crawl(
            crawl_id=crawl.id,
            started_at=datetime.fromisoformat(crawl.started_at),
            site=Site.at(crawl.base_url),
            archive=archive,
            user_agent=crawl.user_agent,
            obeys_robots=True,
            settings={},
        )
        return measure(self._database, unfinished, {})

    def crawl_rows(self, base_url: str | None = None) -> list[CrawlRow]:
        """Return the crawls of one site, or of all sites, latest first; without imports."""
        columns = ", ".join(CrawlRow.__dataclass_fields__)
        rows = self._database.execute(
            f"""SELECT {columns} FROM crawls
            WHERE base_url = coalesce(?, base_url) AND source IS NULL ORDER BY id DESC""",
            [base_url],
        )
        return [CrawlRow(*row) for row in rows]

    def holdings(self) -> dict[str, int]:
        """Return the number of articles, those gone, captures, and URLs that failed or wait."""
        rows = self._database.execute(
            """SELECT 'articles', count(*) FROM articles
            UNION ALL SELECT 'gone', count(*) FROM articles WHERE gone_at IS NOT NULL
            UNION ALL SELECT 'captures', count(*) FROM captures
            UNION ALL SELECT 'failed', count(*) FROM ledger WHERE state = 'failed'
            UNION ALL SELECT 'waiting', count(*) FROM ledger WHERE state = 'waiting'"""
        )
        return dict(rows)

    def failures_of(self, crawl: CrawlRow) -> list[Failure]:
        """Return the URLs whose last attempt in a crawl failed, those of the site first.

        What counts as failed is defined by `captures.failure`; an attempt without a response has
        failed unless robots.txt excluded the URL.
        """
        rows = self._database.execute(
            """WITH attempts AS (
                SELECT canonical_url, captured_at AS at, via, failure AS reason,
                    iif(failure = 'truncated', status || ', cut off: ' || truncated,
                        coalesce(wall_evidence, '')) AS detail
                FROM captures WHERE crawl_id = :crawl
                UNION ALL
                SELECT canonical_url, failed_at, via, nullif(reason, :denied), detail
                FROM failures WHERE crawl_id = :crawl
            )
            SELECT canonical_url, reason, detail, via, max(at), count(*),
                substr(canonical_url, 1, length(:base)) = :base
            FROM attempts GROUP BY canonical_url
            HAVING reason IS NOT NULL
            ORDER BY 7 DESC, reason, canonical_url""",
            {"crawl": crawl.id, "base": crawl.base_url, "denied": str(FailureReason.ROBOTS_DENIED)},
        )
        return [
            Failure(url, reason, detail, via, at, count, bool(is_of_site))
            for url, reason, detail, via, at, count, is_of_site in rows
        ]

    def missing_requisites(self, page_count: int) -> list[MissingRequisite]:
        """Return the page requisites that are not archived now, each with some of its pages."""
        rows = self._database.execute(
            """SELECT url, kind, state, reason, count(*) OVER (PARTITION BY url) AS page_count,
                page_url
            FROM requisites WHERE state != 'archived'
            ORDER BY state = 'missing' DESC, state, reason, page_count DESC, url, page_url"""
        )
        found: dict[str, dict[str, Any]] = {}
        for url, kind, state, reason, count, page_url in rows:
            entry = found.setdefault(
                url,
                {
                    "url": url,
                    "kind": kind,
                    "state": state,
                    "reason": reason,
                    "page_count": count,
                    "pages": (),
                },
            )
            if len(entry["pages"]) < page_count:
                entry["pages"] += (page_url,)
        return [MissingRequisite(**entry) for entry in found.values()]

    def changes_of(self, crawl: CrawlRow) -> list[ArticleChange]:
        """Return the changes that a crawl detected, in order of time."""
        changes = changes_of(self._database, crawl_id=crawl.id)
        return sorted(changes, key=lambda change: change.at)

    def problem_counts(self, crawl: CrawlRow) -> list[ProblemCount]:
        """Return the problems of a crawl by code, the most frequent first."""
        rows = self._database.execute(
            """SELECT code, count(*), detail, url, min(problems.id) FROM problems
            JOIN captures ON captures.id = capture_id
            WHERE crawl_id = ? GROUP BY code ORDER BY 2 DESC, code""",
            [crawl.id],
        )
        return [ProblemCount(*row[:4]) for row in rows]

    def capture_counts(self, crawl: CrawlRow) -> list[tuple[str, int, int, int]]:
        """Return captures, revisits among them, and new bytes of a crawl, by media type."""
        rows = self._database.execute(
            """SELECT iif(taken.media_type = '', coalesce(original.media_type, ''),
                taken.media_type), count(*), sum(taken.record_type = 'revisit'),
                sum(iif(taken.record_type = 'revisit', 0, taken.entity_length))
            FROM captures AS taken LEFT JOIN captures AS original ON original.id = taken.original_id
            WHERE taken.crawl_id = ? GROUP BY 1 ORDER BY 2 DESC, 1""",
            [crawl.id],
        )
        return [(str(row[0]), int(row[1]), int(row[2]), int(row[3])) for row in rows]

    def status_counts(self, crawl: CrawlRow) -> dict[str, int]:
        """Return the number of responses of a crawl by HTTP status."""
        rows = self._database.execute(
            """SELECT CAST(status AS TEXT), count(*) FROM captures
            WHERE crawl_id = ? GROUP BY status ORDER BY status""",
            [crawl.id],
        )
        return dict(rows)

    def attempt_failure_counts(self, crawl: CrawlRow) -> dict[str, int]:
        """Return the number of attempts of a crawl without a response, by reason."""
        rows = self._database.execute(
            "SELECT reason, count(*) FROM failures WHERE crawl_id = ? GROUP BY reason ORDER BY 1",
            [crawl.id],
        )
        return dict(rows)
