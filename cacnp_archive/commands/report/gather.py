"""Gather everything that the report says about one crawl; no words, no markup.

`Report.as_json` is what `cacnp-archive report --json` prints: its keys are the fields' names.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cacnp_archive.crawling.monitoring.balance import Balance
from cacnp_archive.crawling.monitoring.recorded_end import recorded_end
from cacnp_archive.crawling.monitoring.verdict import CrawlVerdict, judge
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.crawl import ArchiveSize
from cacnp_archive.model.errors import UsageError
from cacnp_archive.storage.queries.changes import ArticleChange
from cacnp_archive.storage.queries.crawl_history import (
    CrawlHistory,
    CrawlRow,
    Failure,
    MissingRequisite,
    ProblemCount,
)
from cacnp_archive.storage.queries.crawl_metrics import FIELDS, CrawlMetrics

FORMAT = "cacnp-archive report 2"
"""The number rises when a key is removed or changes its meaning; keys may be added."""

KINDS_OF_CHANGE = ("gone", "moved", "edited silently", "edited", "returned", "added")
"""In the order in which an archivist needs them."""

PAGES_NAMED = 20
"""For each missing file, at most this many of the pages that need it are named."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A value, and the same one of the crawl before; None where it is not known."""

    name: str
    now: float | None
    before: float | None


@dataclass(frozen=True, slots=True)
class FieldShare:
    """The share of articles that have a field; None where there are no articles."""

    name: str
    read: float | None
    """Of the articles parsed in this crawl."""
    now: float | None
    """Of all articles that are not gone."""
    before: float | None
    """Of all articles, at the end of the crawl before."""


@dataclass(frozen=True, slots=True)
class MediaTypeCount:
    """What a crawl captured of one media type."""

    media_type: str
    capture_count: int
    revisit_count: int
    """Captures that repeat what was archived before."""
    entity_bytes: int
    """Bytes of the new entities."""


@dataclass(frozen=True, slots=True)
class ServerLoad:
    """The load that a crawl caused on the servers."""

    request_count: int | None
    requests_per_minute: float | None
    received_bytes: int | None
    seconds: float | None
    """From start to end."""
    throttled_count: int | None
    """HTTP responses 429 and 503."""
    held_seconds: float | None
    """For how long requests were held back after a 429 or 503, summed over the hosts."""
    statuses: dict[str, int]
    """Responses by HTTP status."""
    without_response: dict[str, int]
    """Requests without a response, by reason; what robots.txt forbids was not requested."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything about one crawl, compared with the one before."""

    crawl: CrawlRow
    previous: CrawlRow | None
    """The last crawl of the same site before it that finished."""
    is_final: bool
    """False when the crawl has no end (yet): then balance, recall and fields are as of now."""
    verdict: CrawlVerdict
    alerts: list[str]
    """What is worse than in the crawl before."""
    balance: Balance | None
    """None when it is not known: the crawl was killed, and others followed."""
    recall: list[Comparison]
    """Share of the addresses in each list that is archived."""
    listed: list[Comparison]
    """Number of addresses in each list."""
    kinds: list[Comparison]
    """Articles that are not gone, by kind."""
    years: list[Comparison]
    """Articles that are not gone, by year of publication; `undated` last."""
    captured: list[MediaTypeCount]
    failures: list[Failure]
    requisites: dict[str, int]
    """Page requisites, by state."""
    missing_requisites: list[MissingRequisite]
    embeds: dict[str, int]
    """Players, frames and widgets of other hosts, by what is archived of them."""
    """As of now."""
    change_counts: dict[str, int]
    changes: list[ArticleChange]
    load: ServerLoad
    load_before: dict[str, float]
    """Requests, bytes and so on of the crawl before."""
    growth: list[ArchiveSize]
    """After each crawl of the site that has an end, up to this one, the oldest first."""
    fields: list[FieldShare]
    read_count: int
    """Articles parsed in this crawl."""
    problems: list[ProblemCount]

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values for JSON; the keys are stable."""
        return {"format": FORMAT, **asdict(self)}


def gather(archive: Archive, history: CrawlHistory, crawl_id: str | None = None) -> Report:
    """Return the report of a crawl, or of the last one; raises UsageError when there is none."""
    row = _chosen(history.crawl_rows(), crawl_id)
    crawls = history.crawl_rows(row.base_url)
    previous = history.previous(row)
    metrics, is_final = _metrics(archive, history, crawls, row)
    end = recorded_end(archive, history, row)
    before = history.metrics(previous) if previous else {}
    changes = history.changes_of(row)
    return Report(
        crawl=row,
        previous=previous,
        is_final=is_final,
        verdict=judge(end),
        alerts=[*end.alerts],
        balance=Balance.of(metrics) if metrics else None,
        recall=_compared(metrics, before, "recall"),
        listed=_compared(metrics, before, "listed"),
        kinds=_compared(metrics, before, "kind"),
        years=_compared(metrics, before, "year"),
        captured=[MediaTypeCount(*counts) for counts in history.capture_counts(row)],
        failures=history.failures_of(row),
        requisites=_whole(metrics.get("requisites", {})),
        missing_requisites=history.missing_requisites(PAGES_NAMED),
        embeds=_whole(metrics.get("embeds", {})),
        change_counts=_counted(changes),
        changes=changes,
        load=_load(history, row, metrics.get("load", {})),
        load_before=before.get("load", {}),
        growth=_growth(history, crawls, row),
        fields=_field_shares(metrics, before),
        read_count=int(metrics.get("read", {}).get("articles", 0)),
        problems=history.problem_counts(row),
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


def _metrics(
    archive: Archive, history: CrawlHistory, crawls: list[CrawlRow], row: CrawlRow
) -> tuple[CrawlMetrics, bool]:
    """Return what the crawl ended with; if the last one has no end, how things are now."""
    metrics = history.metrics(row)
    if metrics or row != crawls[0]:
        return metrics, bool(metrics)
    return history.metrics_now(archive, row), False


def _compared(now: CrawlMetrics, before: CrawlMetrics, topic: str) -> list[Comparison]:
    """Return the values of a topic side by side; a count that one of two crawls lacks is 0."""
    names = sorted({*now.get(topic, {}), *before.get(topic, {})})
    lacking = None if topic == "recall" else 0.0
    return [
        Comparison(
            name,
            now[topic].get(name, lacking) if topic in now else None,
            before[topic].get(name, lacking) if topic in before else None,
        )
        for name in names
    ]


def _field_shares(now: CrawlMetrics, before: CrawlMetrics) -> list[FieldShare]:
    read, filled = now.get("read", {}), now.get("filled", {})
    earlier = before.get("filled", {})
    return [
        FieldShare(name, read.get(name), filled.get(name), earlier.get(name)) for name in FIELDS
    ]


def _load(history: CrawlHistory, row: CrawlRow, load: Mapping[str, float]) -> ServerLoad:
    return ServerLoad(
        request_count=row.request_count,
        requests_per_minute=row.requests_per_minute,
        received_bytes=row.received_bytes,
        seconds=load.get("seconds"),
        throttled_count=row.throttled_count,
        held_seconds=load.get("held_seconds"),
        statuses=history.status_counts(row),
        without_response=history.attempt_failure_counts(row),
    )


def _growth(history: CrawlHistory, crawls: list[CrawlRow], row: CrawlRow) -> list[ArchiveSize]:
    sizes = []
    for other in reversed(crawls):
        size = history.metrics(other).get("size") if other.id <= row.id else None
        if size and other.finished_at:
            sizes.append(
                ArchiveSize(
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
