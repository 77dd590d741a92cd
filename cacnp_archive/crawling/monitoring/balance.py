"""The balance of a crawl: what became of every address that the ledger knows."""

from collections.abc import Mapping
from dataclasses import dataclass

from cacnp_archive.storage.queries.crawl_metrics import CrawlMetrics


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
    """Addresses of the site only."""
    archived_by_status: dict[str, int]
    """Addresses of the site only, by the HTTP status of the last response."""
    elsewhere: dict[str, int]
    """Addresses on other hosts, by state; they are included in the first five counts."""

    @classmethod
    def of(cls, metrics: CrawlMetrics) -> "Balance":
        """Return the balance that the metrics of a crawl contain."""
        ledger = _whole(metrics, "ledger")
        return cls(
            known=sum(ledger.values()),
            archived=ledger.get("archived", 0),
            excluded=ledger.get("excluded", 0),
            failed=ledger.get("failed", 0),
            waiting=ledger.get("waiting", 0),
            excluded_by_reason=_whole(metrics, "excluded"),
            failed_by_reason=_whole(metrics, "failed"),
            archived_by_status=_whole(metrics, "status"),
            elsewhere=_whole(metrics, "elsewhere"),
        )

    @property
    def failed_on_site(self) -> int:
        """How many addresses of the site failed; files on other hosts make no crawl worse."""
        return sum(self.failed_by_reason.values())


def _whole(metrics: CrawlMetrics, topic: str) -> dict[str, int]:
    named: Mapping[str, float] = metrics.get(topic, {})
    return {name: int(value) for name, value in named.items()}
