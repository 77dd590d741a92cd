"""The status file: how the archive's last crawl is going or ended, for machines and people."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from cacnp_archive.crawling.monitoring.verdict import CrawlVerdict
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.durable_files import replace_file


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressCounts:
    """What a crawl has counted so far."""

    known: int = 0
    """Known addresses, of all crawls."""
    done: int = 0
    waiting: int = 0
    requests: int = 0
    """Requests sent, including robots.txt and retries."""
    captures: int = 0
    articles: int = 0
    failures: int = 0
    """Requests without a response."""
    unavailable: int = 0
    """Addresses that could not be fetched, after all attempts."""
    problems: int = 0
    """Problems while parsing captures."""
    errors: int = 0
    """Errors that were logged."""
    throttled: int = 0
    """HTTP responses 429 and 503."""
    received_bytes: int = 0
    """Bytes of response blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStatus:
    """How a run is going or ended; it says nothing about the machine. Times are in UTC."""

    crawl_id: str | None
    """None for a run that ended before its crawl began."""
    base_url: str | None
    state: Literal["running", "finished"]
    started_at: datetime
    updated_at: datetime
    finished_at: datetime | None = None
    reason: str | None = None
    """Why it ended: `finished`, or what stopped it."""
    exit_code: int | None = None
    """None while it runs."""
    verdict: str | None = None
    """The verdict in one line; None while it runs, and for a run whose crawl never began."""
    counts: ProgressCounts = ProgressCounts()
    captures_by_status_class: Mapping[str, int]
    """`2xx` and so on; responses without a status are under `other`."""
    last_capture_at: datetime | None = None
    warc_bytes: int = 0
    database_bytes: int = 0
    free_disk_bytes: int = 0
    last_run_at: datetime | None = None
    """When a run last ended, whatever its exit code."""
    last_exit_code: int | None = None
    last_success_at: datetime | None = None
    """When a crawl last fetched all there was to fetch: see `CrawlVerdict.is_success`."""

    def measured(self, archive: Archive) -> "RunStatus":
        """Return the status with the archive's size and the free disk space as they are now."""
        database = archive.database_path
        return replace(
            self,
            warc_bytes=sum(_size(path) for path in archive.warc_folder.iterdir()),
            database_bytes=_size(database) + _size(database.with_name(f"{database.name}-wal")),
            free_disk_bytes=shutil.disk_usage(archive.folder).free,
        )

    def ended(
        self, exit_code: int, reason: str, now: datetime, verdict: CrawlVerdict | None = None
    ) -> "RunStatus":
        """Return the status of the run after its end; without a verdict its crawl never began."""
        return replace(
            self,
            state="finished",
            updated_at=now,
            finished_at=now,
            reason=reason,
            exit_code=exit_code,
            verdict=verdict.line if verdict else None,
            last_run_at=now,
            last_exit_code=exit_code,
            last_success_at=now if verdict and verdict.is_success else self.last_success_at,
        )


def status_path(archive: Archive) -> Path:
    """Return the path of the status file."""
    return archive.state_folder / "status.json"


def write_status(archive: Archive, status: RunStatus) -> None:
    """Replace the status file; raises OSError when the write fails."""
    text = json.dumps(asdict(status), indent=2, default=datetime.isoformat)
    replace_file(status_path(archive), f"{text}\n".encode())


def read_status(archive: Archive) -> RunStatus | None:
    """Return the status that was written last; None when there is no readable one."""
    try:
        values: dict[str, Any] = json.loads(status_path(archive).read_bytes())
        for field in fields(RunStatus):
            if field.name.endswith("_at") and values[field.name] is not None:
                values[field.name] = datetime.fromisoformat(values[field.name])
        return RunStatus(**{**values, "counts": ProgressCounts(**values["counts"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # a WARC file was completed, and so renamed, just now
        return 0
