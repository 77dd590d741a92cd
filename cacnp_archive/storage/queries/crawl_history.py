"""Look back at crawls: their rows, and what each of them failed at, lacked and noticed."""

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
from cacnp_archive.storage.queries.crawl_metrics import CrawlMetrics, load_metrics, measure


@dataclass(frozen=True, slots=True)
class CrawlRow:
    """A row of `crawls`; what is only known at the end is None before, and when it was killed."""

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
    """An address that a crawl could not get, after all its attempts."""

    url: str
    reason: str
    """HTTP status, or a word of `failures.reason`, or truncated."""
    detail: str
    """In words; empty for an answer."""
    via: str | None
    """The page on which it was found; None for a seed."""
    at: str
    """When the last attempt began."""
    attempt_count: int
    is_of_site: bool
    """Whether it is on the site itself, not on another host that its pages need files of."""


@dataclass(frozen=True, slots=True)
class MissingRequisite:
    """A file that pages need and that is not archived."""

    url: str
    kind: str
    """image, style, script, font, media, document"""
    state: str
    """missing, excluded, waiting"""
    reason: str | None
    page_count: int
    pages: tuple[str, ...]
    """Some of the pages that need it."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a crawl noticed of one article."""

    kind: str
    """added, edited, edited silently, moved, gone, returned"""
    url: str
    title: str | None
    """Of the latest reading."""
    detail: str
    """The number of the version, the new address, or the reason."""
    at: str
    last_good_at: str | None
    """Of what has moved or is gone: the last capture that showed it; None for other changes."""
    last_good_record: str | None
    """Likewise: its WARC-Record-ID."""


@dataclass(frozen=True, slots=True)
class ProblemCount:
    """How often a crawl met one problem in reading, and where for example."""

    code: str
    count: int
    detail: str
    """Of the example."""
    url: str


class CrawlHistory:
    """What the database tells of crawls; open for reading alone, also while a crawl writes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    @contextmanager
    def of(cls, archive: Archive) -> "Iterator[CrawlHistory]":
        """Open an archive's database; raises ArchiveError when nothing was archived yet."""
        database = read_database(archive.require_database())
        try:
            with database.atomic():  # all that is read is of one moment
                yield cls(database)
        finally:
            database.close()

    def metrics(self, crawl: CrawlRow) -> CrawlMetrics:
        """Return what a crawl ended with; empty for one that did not live to its end."""
        return load_metrics(self._database, crawl.id)

    def previous(self, crawl: CrawlRow) -> CrawlRow | None:
        """Return the crawl that one is compared with: the last of the same site that finished."""
        earlier = (row for row in self.crawl_rows(crawl.base_url) if row.id < crawl.id)
        return next(
            (row for row in earlier if row.finish_reason == FINISHED and self.metrics(row)), None
        )

    def metrics_now(self, archive: Archive, crawl: CrawlRow) -> CrawlMetrics:
        """Return how things are now, as if the crawl ended; to be asked of the last one alone."""
        unended = Crawl(
            crawl_id=crawl.id,
            started_at=datetime.fromisoformat(crawl.started_at),
            site=Site.at(crawl.base_url),
            archive=archive,
            user_agent=crawl.user_agent,
            obeys_robots=True,
            settings={},
        )
        return measure(self._database, unended, {})

    def crawl_rows(self, base_url: str | None = None) -> list[CrawlRow]:
        """Return the crawls, of one site or of all, the latest first; no imports."""
        columns = ", ".join(CrawlRow.__dataclass_fields__)
        rows = self._database.execute(
            f"""SELECT {columns} FROM crawls
            WHERE base_url = coalesce(?, base_url) AND source IS NULL ORDER BY id DESC""",  # noqa: S608
            [base_url],
        )
        return [CrawlRow(*row) for row in rows]

    def holdings(self) -> dict[str, int]:
        """Return how much the archive holds: articles, those gone, captures, addresses by state."""
        rows = self._database.execute(
            """SELECT 'articles', count(*) FROM articles
            UNION ALL SELECT 'gone', count(*) FROM articles WHERE gone_at IS NOT NULL
            UNION ALL SELECT 'captures', count(*) FROM captures
            UNION ALL SELECT 'failed', count(*) FROM ledger WHERE state = 'failed'
            UNION ALL SELECT 'waiting', count(*) FROM ledger WHERE state = 'waiting'"""
        )
        return dict(rows)

    def failures_of(self, crawl: CrawlRow) -> list[Failure]:
        """Return the addresses whose last attempt in a crawl failed, those of the site first.

        What robots.txt forbids is excluded, and a body that our own limit has cut is all that was
        wanted: neither is a failure.
        """
        rows = self._database.execute(
            """WITH attempts AS (
                SELECT canonical_url, captured_at AS at, via,
                    CASE
                        WHEN truncated IN ('disconnect', 'time') THEN 'truncated'
                        WHEN status >= 500 OR status = 429
                            OR (status = 304 AND original_id IS NULL)
                            OR (status IN (401, 403) AND EXISTS (
                                SELECT 1 FROM captures AS earlier
                                WHERE earlier.canonical_url = captures.canonical_url
                                    AND earlier.id < captures.id
                                    AND earlier.status IN (200, 203, 304)))
                            THEN CAST(status AS TEXT)
                    END AS reason,
                    CASE WHEN truncated IN ('disconnect', 'time')
                        THEN status || ', cut off: ' || truncated ELSE '' END AS detail
                FROM captures WHERE crawl_id = :crawl
                UNION ALL
                SELECT canonical_url, failed_at, via, reason, detail
                FROM failures WHERE crawl_id = :crawl
            )
            SELECT canonical_url, reason, detail, via, max(at), count(*),
                substr(canonical_url, 1, length(:base)) = :base
            FROM attempts GROUP BY canonical_url
            HAVING reason IS NOT NULL AND reason != :denied
            ORDER BY 7 DESC, reason, canonical_url""",
            {"crawl": crawl.id, "base": crawl.base_url, "denied": str(FailureReason.ROBOTS_DENIED)},
        )
        return [
            Failure(url, reason, detail, via, at, count, bool(is_of_site))
            for url, reason, detail, via, at, count, is_of_site in rows
        ]

    def missing_requisites(self, page_count: int) -> list[MissingRequisite]:
        """Return the files that pages need and that are not archived now; each names some pages."""
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

    def changes_of(self, crawl: CrawlRow) -> list[Change]:
        """Return what a crawl noticed: what was added, then every change, in order of time."""
        rows = self._database.execute(
            """SELECT 'added', url, title, '', first_seen_at, NULL, NULL FROM articles
            WHERE first_seen_at >= :started AND first_seen_at < coalesce(
                (SELECT min(started_at) FROM crawls
                    WHERE started_at > :started AND source IS NULL), '9')
            UNION ALL
            SELECT changes.kind, articles.url, title, detail, captured_at,
                iif(changes.kind IN ('moved', 'gone'), good.at, NULL),
                iif(changes.kind IN ('moved', 'gone'), good.record, NULL)
            FROM changes
            JOIN articles ON articles.id = article_id
            JOIN captures ON captures.id = changes.capture_id
            LEFT JOIN (
                SELECT changes.id AS change_id, max(captures.captured_at) AS at,
                    captures.warc_record_id AS record
                FROM changes
                JOIN articles ON articles.id = article_id
                JOIN captures AS showed ON showed.id = changes.capture_id
                JOIN captures ON captures.canonical_url = articles.url
                    AND captures.captured_at < showed.captured_at
                    AND captures.status IN (200, 203, 304) AND captures.truncated IS NULL
                WHERE showed.crawl_id = :crawl GROUP BY changes.id
            ) AS good ON good.change_id = changes.id
            WHERE captures.crawl_id = :crawl
            ORDER BY 5""",
            {"crawl": crawl.id, "started": crawl.started_at},
        )
        return [Change(*row) for row in rows]

    def problem_counts(self, crawl: CrawlRow) -> list[ProblemCount]:
        """Return what a crawl could not read, by code, the most frequent first."""
        rows = self._database.execute(
            """SELECT code, count(*), detail, url, min(problems.id) FROM problems
            JOIN captures ON captures.id = capture_id
            WHERE crawl_id = ? GROUP BY code ORDER BY 2 DESC, code""",
            [crawl.id],
        )
        return [ProblemCount(*row[:4]) for row in rows]

    def capture_counts(self, crawl: CrawlRow) -> list[tuple[str, int, int, int]]:
        """Return what a crawl captured: media type, captures, of these revisits, new bytes."""
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
        """Return how often each HTTP status was answered in a crawl."""
        rows = self._database.execute(
            """SELECT CAST(status AS TEXT), count(*) FROM captures
            WHERE crawl_id = ? GROUP BY status ORDER BY status""",
            [crawl.id],
        )
        return dict(rows)

    def attempt_failure_counts(self, crawl: CrawlRow) -> dict[str, int]:
        """Return how many attempts of a crawl brought no response, by reason."""
        rows = self._database.execute(
            "SELECT reason, count(*) FROM failures WHERE crawl_id = ? GROUP BY reason ORDER BY 1",
            [crawl.id],
        )
        return dict(rows)
