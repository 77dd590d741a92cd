"""Gather all that is to be told of one crawl out of the archive; no words, no markup.

`Report.as_json` is what `cacnp-archive report --json` prints: its keys are the fields' names.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cacnp_archive.model.archive import Archive
from cacnp_archive.model.crawl import FINISHED
from cacnp_archive.model.errors import UsageError
from cacnp_archive.storage.queries.changes import ArticleChange
from cacnp_archive.storage.queries.crawl_history import (
    CrawlHistory,
    CrawlRow,
    Failure,
    MissingRequisite,
    ProblemCount,
)
from cacnp_archive.storage.queries.crawl_metrics import FIELDS, CrawlMetrics, alerts

FORMAT = "cacnp-archive report 1"
"""Its number rises when a key changes its meaning or goes; keys may be added."""

KINDS_OF_CHANGE = ("gone", "moved", "edited silently", "edited", "returned", "added")
"""What an archivist looks at first comes first."""

PAGES_NAMED = 20
"""Of the pages that need a missing file so many are named."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure, and the same one of the crawl before; None where there is none."""

    name: str
    now: float | None
    before: float | None


@dataclass(frozen=True, slots=True)
class Filled:
    """The share of articles that have a field; None where there was no article."""

    name: str
    read: float | None
    """Of the articles read in this crawl."""
    now: float | None
    """Of all articles that are not gone."""
    before: float | None
    """Of all, at the end of the crawl before."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What became of every known address: known = archived + excluded + failed + waiting."""

    known: int
    archived: int
    excluded: int
    failed: int
    waiting: int
    excluded_by_reason: dict[str, int]
    failed_by_reason: dict[str, int]
    """Addresses of the site."""
    archived_by_status: dict[str, int]
    """Likewise: the HTTP status of the last answer."""
    elsewhere: dict[str, int]
    """How many of all these are on other hosts, by state."""


@dataclass(frozen=True, slots=True)
class Captured:
    """What a crawl captured of one media type."""

    media_type: str
    capture_count: int
    revisit_count: int
    """How many of them repeat what was archived before."""
    entity_bytes: int
    """Bytes of the entities that were new."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a crawl asked of the servers."""

    request_count: int | None
    requests_per_minute: float | None
    received_bytes: int | None
    seconds: float | None
    """From its start to its end."""
    throttled_count: int | None
    """Answers 429 and 503."""
    held_seconds: float | None
    """For how long hosts were left alone because they asked for it."""
    statuses: dict[str, int]
    """How often each HTTP status was answered."""
    without_response: dict[str, int]
    """Attempts that brought no response, by reason; what robots.txt forbids was not sent."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large the archive was at the end of a crawl."""

    crawl_id: str
    at: str
    capture_count: int
    article_count: int
    warc_bytes: int
    database_bytes: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything about one crawl, compared with the one before."""

    crawl: CrawlRow
    previous: CrawlRow | None
    """The last crawl of the same site before it that came to its end."""
    is_final: bool
    """False when the crawl has no end (yet): then balance, recall and fields are as of now."""
    alerts: list[str]
    """What is worse than in the crawl before, in words."""
    balance: Balance | None
    """None when it is not known: the crawl was killed, and others have followed."""
    recall: list[Compared]
    """Share of what each list names that is archived."""
    listed: list[Compared]
    """How many addresses each list names."""
    kinds: list[Compared]
    """Articles that are not gone, by kind."""
    years: list[Compared]
    """Likewise by year of publication; `undated` last."""
    captured: list[Captured]
    failures: list[Failure]
    requisites: dict[str, int]
    """Files that pages need, by state."""
    missing_requisites: list[MissingRequisite]
    """As of now."""
    change_counts: dict[str, int]
    changes: list[ArticleChange]
    load: Load
    load_before: dict[str, float]
    """Requests, bytes and the like of the crawl before."""
    growth: list[Size]
    """Every crawl of the site that has an end, up to this one, the oldest first."""
    fields: list[Filled]
    read_count: int
    """Articles read in this crawl."""
    problems: list[ProblemCount]

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values for JSON; the keys are stable."""
        return {"format": FORMAT, **asdict(self)}


def gather(archive: Archive, review: CrawlHistory, crawl_id: str | None = None) -> Report:
    """Return the report of a crawl, or of the last one; raises UsageError when there is none."""
    row = _chosen(review.crawl_rows(), crawl_id)
    crawls = review.crawl_rows(row.base_url)
    previous = review.previous(row)
    metrics, is_final = _figures(archive, review, crawls, row)
    before = review.metrics(previous) if previous else {}
    changes = review.changes_of(row)
    return Report(
        crawl=row,
        previous=previous,
        is_final=is_final,
        alerts=alerts_of(row, metrics, before) if is_final else [],
        balance=balance_of(metrics) if metrics else None,
        recall=_compared(metrics, before, "recall"),
        listed=_compared(metrics, before, "listed"),
        kinds=_compared(metrics, before, "kind"),
        years=_compared(metrics, before, "year"),
        captured=[Captured(*counts) for counts in review.capture_counts(row)],
        failures=review.failures_of(row),
        requisites=_whole(metrics.get("requisites", {})),
        missing_requisites=review.missing_requisites(PAGES_NAMED),
        change_counts=_counted(changes),
        changes=changes,
        load=_load(review, row, metrics.get("load", {})),
        load_before=before.get("load", {}),
        growth=_growth(review, crawls, row),
        fields=_filled(metrics, before),
        read_count=int(metrics.get("read", {}).get("articles", 0)),
        problems=review.problem_counts(row),
    )


def alerts_of(row: CrawlRow, metrics: CrawlMetrics, before: CrawlMetrics) -> list[str]:
    """Return what is worse than before; a crawl that was stopped may well have found less."""
    return alerts(metrics, before, is_whole=row.finish_reason == FINISHED)


def balance_of(metrics: CrawlMetrics) -> Balance:
    """Return what became of every known address."""
    ledger = _whole(metrics["ledger"])
    return Balance(
        known=sum(ledger.values()),
        archived=ledger["archived"],
        excluded=ledger["excluded"],
        failed=ledger["failed"],
        waiting=ledger["waiting"],
        excluded_by_reason=_whole(metrics.get("excluded", {})),
        failed_by_reason=_whole(metrics.get("failed", {})),
        archived_by_status=_whole(metrics.get("status", {})),
        elsewhere=_whole(metrics.get("elsewhere", {})),
    )


def _chosen(crawls: list[CrawlRow], crawl_id: str | None) -> CrawlRow:
    if not crawls:
        raise UsageError("no crawl has been made yet: run `scrapy crawl cacnp` first")
    if crawl_id is None:
        return crawls[0]
    for row in crawls:
        if row.id == crawl_id:
            return row
    raise UsageError(f"no crawl has the id {crawl_id!r}; the last one is {crawls[0].id}")


def _figures(
    archive: Archive, review: CrawlHistory, crawls: list[CrawlRow], row: CrawlRow
) -> tuple[CrawlMetrics, bool]:
    """Return what the crawl ended with; for the last one, if it has no end, how things are now."""
    metrics = review.metrics(row)
    if metrics or row != crawls[0]:
        return metrics, bool(metrics)
    return review.metrics_now(archive, row), False


def _compared(now: CrawlMetrics, before: CrawlMetrics, topic: str) -> list[Compared]:
    """Return a topic's figures side by side; a count that one of two crawls lacks is 0."""
    names = sorted({*now.get(topic, {}), *before.get(topic, {})})
    lacking = None if topic == "recall" else 0.0
    return [
        Compared(
            name,
            now[topic].get(name, lacking) if topic in now else None,
            before[topic].get(name, lacking) if topic in before else None,
        )
        for name in names
    ]


def _filled(now: CrawlMetrics, before: CrawlMetrics) -> list[Filled]:
    read, filled = now.get("read", {}), now.get("filled", {})
    earlier = before.get("filled", {})
    return [Filled(name, read.get(name), filled.get(name), earlier.get(name)) for name in FIELDS]


def _load(review: CrawlHistory, row: CrawlRow, load: Mapping[str, float]) -> Load:
    return Load(
        request_count=row.request_count,
        requests_per_minute=row.requests_per_minute,
        received_bytes=row.received_bytes,
        seconds=load.get("seconds"),
        throttled_count=row.throttled_count,
        held_seconds=load.get("held_seconds"),
        statuses=review.status_counts(row),
        without_response=review.attempt_failure_counts(row),
    )


def _growth(review: CrawlHistory, crawls: list[CrawlRow], row: CrawlRow) -> list[Size]:
    sizes = []
    for other in reversed(crawls):
        size = review.metrics(other).get("size") if other.id <= row.id else None
        if size and other.finished_at:
            sizes.append(
                Size(
                    other.id,
                    other.finished_at,
                    int(size["captures"]),
                    int(size["articles"]),
                    int(size["warc_bytes"]),
                    int(size["database_bytes"]),
                )
            )
    return sizes


def _counted(changes: list[ArticleChange]) -> dict[str, int]:
    counts = dict.fromkeys(KINDS_OF_CHANGE, 0)
    for change in changes:
        counts[change.kind] += 1
    return counts


def _whole(named: Mapping[str, float]) -> dict[str, int]:
    return {name: int(value) for name, value in named.items()}
