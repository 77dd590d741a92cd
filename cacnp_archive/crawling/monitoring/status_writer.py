"""Tell machines how the crawl goes and how it ended: a status file and metrics."""

import asyncio
import contextlib
import logging
from dataclasses import replace
from datetime import UTC, datetime

from scrapy import signals
from scrapy.crawler import Crawler

from cacnp_archive.crawling.monitoring.counting import counts_of, status_classes
from cacnp_archive.crawling.monitoring.metrics import write_metrics
from cacnp_archive.crawling.monitoring.status_file import RunStatus, read_status, write_status
from cacnp_archive.crawling.start import current_crawl
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import Capture, FailedExchange
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.errors import ArchiveLockedError

logger = logging.getLogger(__name__)


class Monitoring:
    """Writes `state/status.json` and `state/metrics.prom` at the start, now and then, at the end.

    The exit code is known only after the crawl: `record_exit` adds it.
    """

    def __init__(self, crawler: Crawler, crawl: Crawl, seconds: float) -> None:
        self._crawler = crawler
        self._archive = crawl.archive
        self._seconds = seconds
        self._status = _begun(crawl.archive, crawl.started_at, crawl)
        self._disk_refuses = False
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Monitoring":
        """Run from the first request to the last; not for a spider without a crawl."""
        seconds = crawler.settings.getfloat("CACNP_STATUS_SECONDS")
        monitoring = cls(crawler, current_crawl(crawler), seconds)
        crawler.signals.connect(monitoring.spider_opened, signals.spider_opened)
        crawler.signals.connect(monitoring.item_scraped, signals.item_scraped)
        crawler.signals.connect(monitoring.spider_closed, signals.spider_closed)
        return monitoring

    def spider_opened(self) -> None:
        """Begin to tell."""
        self._task = asyncio.create_task(self._keep_telling())

    def item_scraped(self, item: Capture | FailedExchange) -> None:
        """Remember when the last capture was made."""
        if isinstance(item, Capture):
            self._status = replace(self._status, last_capture_at=item.captured_at)

    async def spider_closed(self, reason: str) -> None:
        """Tell how it ended."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._status = replace(
            self._status, state="finished", finished_at=datetime.now(UTC), reason=reason
        )
        self._tell()

    async def _keep_telling(self) -> None:
        while True:
            self._tell()
            await asyncio.sleep(self._seconds)

    def _tell(self) -> None:
        stats = self._crawler.stats.get_stats()
        self._status = replace(
            self._status,
            updated_at=datetime.now(UTC),
            counts=counts_of(stats),
            captures_by_status_class=status_classes(stats),
        )
        try:
            _publish(self._archive, self._status)
        except OSError as error:
            if not self._disk_refuses:  # said once: the crawl goes on without
                logger.warning("the status cannot be written: %s", error)
            self._disk_refuses = True


def record_exit(
    archive: Archive, exit_code: int, *, crawl_id: str | None = None, reason: str = ""
) -> None:
    """Note the exit code of a run that has ended; the archive must be locked.

    `crawl_id` is that of its crawl, whose status tells the reason. A run that ended before its
    crawl began has none, and gives its reason. A disk that refuses is a warning.
    """
    now = datetime.now(UTC)
    status = read_status(archive)
    if status is None or crawl_id is None or status.crawl_id != crawl_id:
        status = _begun(archive, now)
    try:
        _publish(archive, status.ended(exit_code, status.reason or reason, now))
    except OSError as error:
        logger.warning("the exit code cannot be noted: %s", error)


def record_refusal(archive: Archive, exit_code: int, reason: str) -> None:
    """Note that a run ended before its crawl began, where there is an archive to note it in.

    While another crawl holds the archive, the status is that one's.
    """
    if archive.state_folder.is_dir():
        with contextlib.suppress(ArchiveLockedError, OSError), archive.locked():
            record_exit(archive, exit_code, reason=reason)


def _begun(archive: Archive, started_at: datetime, crawl: Crawl | None = None) -> RunStatus:
    """Return the status of a run that begins, with what the former one knew of those before."""
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
