"""Write the status file and the metrics while a crawl runs, and when it has ended."""

import asyncio
import contextlib
import logging
from dataclasses import replace
from datetime import UTC, datetime

from scrapy import signals
from scrapy.crawler import Crawler

from cacnp_archive.crawling.monitoring.counting import progress_counts, status_classes
from cacnp_archive.crawling.monitoring.metrics import write_metrics
from cacnp_archive.crawling.monitoring.status_file import RunStatus, read_status, write_status
from cacnp_archive.crawling.monitoring.verdict import CrawlVerdict
from cacnp_archive.crawling.session import session_of
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import Capture, FailedExchange
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.errors import ArchiveLockedError

logger = logging.getLogger(__name__)


class StatusWriter:
    """Writes `state/status.json` and `state/metrics.prom` at the start, regularly, and at the end.

    The verdict and the exit code are known only after the crawl: `record_verdict` adds them.
    """

    def __init__(self, crawler: Crawler, crawl: Crawl, seconds: float) -> None:
        self._crawler = crawler
        self._archive = crawl.archive
        self._seconds = seconds
        self._status = _begun(crawl.archive, crawl.started_at, crawl)
        self._has_failed = False
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "StatusWriter":
        """Write from the first request to the last."""
        seconds = crawler.settings.getfloat("CACNP_STATUS_SECONDS")
        writer = cls(crawler, session_of(crawler).crawl, seconds)
        crawler.signals.connect(writer.spider_opened, signals.spider_opened)
        crawler.signals.connect(writer.item_scraped, signals.item_scraped)
        crawler.signals.connect(writer.spider_closed, signals.spider_closed)
        return writer

    def spider_opened(self) -> None:
        """Start to write regularly."""
        self._task = asyncio.create_task(self._write_regularly())

    def item_scraped(self, item: Capture | FailedExchange) -> None:
        """Remember when the last capture was made."""
        if isinstance(item, Capture):
            self._status = replace(self._status, last_capture_at=item.captured_at)

    async def spider_closed(self, reason: str) -> None:
        """Write how the crawl ended."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._status = replace(
            self._status, state="finished", finished_at=datetime.now(UTC), reason=reason
        )
        self._write()

    async def _write_regularly(self) -> None:
        while True:
            self._write()
            await asyncio.sleep(self._seconds)

    def _write(self) -> None:
        stats = self._crawler.stats.get_stats()
        self._status = replace(
            self._status,
            updated_at=datetime.now(UTC),
            counts=progress_counts(stats),
            captures_by_status_class=status_classes(stats),
        )
        try:
            _publish(self._archive, self._status)
        except OSError as error:
            if not self._has_failed:  # logged once; the crawl goes on without
                logger.warning("the status cannot be written: %s", error)
            self._has_failed = True


def record_verdict(crawl: Crawl, finish_reason: str, verdict: CrawlVerdict) -> None:
    """Record how a crawl ended; the archive must be locked."""
    status = read_status(crawl.archive)
    if status is None or status.crawl_id != crawl.crawl_id:
        status = _begun(crawl.archive, crawl.started_at, crawl)
    now = datetime.now(UTC)
    _record(crawl.archive, status.ended(verdict.exit_code, finish_reason, now, verdict))


def record_refusal(archive: Archive, exit_code: int, reason: str) -> None:
    """Record that a run ended before its crawl began, if the archive exists.

    While another crawl holds the lock, the status remains that of the other crawl.
    """
    if archive.state_folder.is_dir():
        with contextlib.suppress(ArchiveLockedError, OSError), archive.locked():
            now = datetime.now(UTC)
            _record(archive, _begun(archive, now).ended(exit_code, reason, now))


def _record(archive: Archive, status: RunStatus) -> None:
    try:
        _publish(archive, status)
    except OSError as error:
        logger.warning("the exit code cannot be recorded: %s", error)


def _begun(archive: Archive, started_at: datetime, crawl: Crawl | None = None) -> RunStatus:
    """Return the status of a run that begins, with what the last one says about earlier runs."""
    former = read_status(archive)
    return RunStatus(
        crawl_id=crawl.crawl_id if crawl else None,
        base_url=crawl.site.base_url if crawl else None,
        state="running",
        started_at=started_at,
        updated_at=started_at,
        captures_by_status_class=status_classes({}),
        last_run_at=former.last_run_at if former else None,
        last_exit_code=former.last_exit_code if former else None,
        last_success_at=former.last_success_at if former else None,
    )


def _publish(archive: Archive, status: RunStatus) -> None:
    status = status.measured(archive)
    write_status(archive, status)
    write_metrics(archive, status)
