"""Write rows of `crawls`, one per crawl or import, and copy them to and from the journal."""

import json
from datetime import datetime

from sqlite_utils import Database

from cacnp_archive.model.crawl import SOFTWARE, Crawl, CrawlCounts
from cacnp_archive.storage.database import insert, timestamp, update
from cacnp_archive.storage.journal import Account
from cacnp_archive.storage.queries.crawl_metrics import load_metrics, save_metrics


def insert_crawl(
    database: Database, crawl: Crawl, *, software: str = SOFTWARE, source: str | None = None
) -> None:
    """Insert the row of a crawl that begins; `source` is the JSON that describes an import."""
    insert(
        database,
        "crawls",
        id=crawl.crawl_id,
        base_url=crawl.site.base_url,
        started_at=timestamp(crawl.started_at),
        software=software,
        user_agent=crawl.user_agent,
        settings=json.dumps(crawl.settings, default=str, sort_keys=True),
        source=source,
    )


def finish_crawl(
    database: Database,
    crawl_id: str,
    finished_at: datetime,
    reason: str,
    counts: CrawlCounts,
    *,
    requests_per_minute: float = 0.0,
) -> None:
    """Save when and why a crawl ended, and its counts."""
    update(
        database,
        "crawls",
        crawl_id,
        {
            "finished_at": timestamp(finished_at),
            "finish_reason": reason,
            "request_count": counts.request_count,
            "capture_count": counts.capture_count,
            "failure_count": counts.failure_count,
            "problem_count": counts.problem_count,
            "received_bytes": counts.received_bytes,
            "throttled_count": counts.throttled_count,
            "requests_per_minute": requests_per_minute,
        },
    )


def account_of(database: Database, crawl_id: str) -> Account:
    """Return the row and the metrics of a crawl, for the journal."""
    (row,) = database.query("SELECT * FROM crawls WHERE id = ?", [crawl_id])
    return Account(row, load_metrics(database, crawl_id))


def restore_account(database: Database, account: Account) -> None:
    """Give a crawl that has a row the values and metrics of its account, in one transaction."""
    crawl_id = account.crawl["id"]
    values = {name: value for name, value in account.crawl.items() if name != "id"}
    with database.atomic():
        update(database, "crawls", crawl_id, values)
        database.execute("DELETE FROM crawl_metrics WHERE crawl_id = ?", [crawl_id])
        save_metrics(database, crawl_id, account.metrics)
