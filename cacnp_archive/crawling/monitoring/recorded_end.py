"""How a crawl ended, as the archive has recorded it."""

from cacnp_archive.crawling.monitoring.status_file import read_status
from cacnp_archive.crawling.monitoring.verdict import CrawlEnd
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.crawl import FINISHED, STORAGE_FAILED
from cacnp_archive.model.exit_codes import ExitCode
from cacnp_archive.storage.queries.crawl_history import CrawlHistory, CrawlRow
from cacnp_archive.storage.queries.crawl_metrics import alerts


def recorded_end(archive: Archive, history: CrawlHistory, row: CrawlRow) -> CrawlEnd:
    """Return how a crawl ended; with its alerts, which come from comparing it with the one before.

    A crawl that is running is the last one, has no end, and holds the lock.
    """
    metrics = history.metrics(row)
    previous = history.previous(row)
    before = history.metrics(previous) if previous else {}
    is_whole = row.finish_reason == FINISHED
    return CrawlEnd(
        finish_reason=_finish_reason(archive, row),
        is_running=(
            row.finished_at is None and row.id == history.crawl_rows()[0].id and archive.is_locked()
        ),
        metrics=metrics,
        alerts=alerts(metrics, before, is_whole=is_whole) if metrics else [],
    )


def _finish_reason(archive: Archive, row: CrawlRow) -> str | None:
    """Return why a crawl ended; the status file knows when the database could not be written."""
    if row.finished_at is None:
        status = read_status(archive)
        if status and status.crawl_id == row.id and status.exit_code == ExitCode.WRITE_FAILED:
            return STORAGE_FAILED
    return row.finish_reason
