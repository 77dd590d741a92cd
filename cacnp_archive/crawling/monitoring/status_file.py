"""How the archive's last run goes or went, as a file that machines and people read."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from cacnp_archive.model.archive import Archive
from cacnp_archive.model.durable_files import replace_file

COMPLETE, WITH_FAILURES = 0, 1
"""Exit codes of runs that came to their end; see the README."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a run has come to so far."""

    known: int = 0
    """Addresses that are known by now, of all crawls."""
    done: int = 0
    waiting: int = 0
    requests: int = 0
    """Requests sent, robots.txt and retries included."""
    captures: int = 0
    articles: int = 0
    failures: int = 0
    """Attempts that brought no response."""
    unavailable: int = 0
    """Addresses that could not be had, after all attempts."""
    problems: int = 0
    """Things in captures that could not be read."""
    errors: int = 0
    """Errors logged."""
    throttled: int = 0
    """Answers 429 and 503."""
    received_bytes: int = 0
    """Bytes of response blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStatus:
    """How a run goes or went; nothing of the machine stands in it. Times are in UTC."""

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
    counts: Counts = Counts()
    captures_by_status_class: Mapping[str, int]
    """`2xx` and so on; answers without a status under `other`."""
    last_capture_at: datetime | None = None
    warc_bytes: int = 0
    database_bytes: int = 0
    free_disk_bytes: int = 0
    last_run_at: datetime | None = None
    """When a run last ended, whatever its exit code."""
    last_exit_code: int | None = None
    last_success_at: datetime | None = None
    """When a run last came to its end: see `is_success`."""

    def measured(self, archive: Archive) -> "RunStatus":
        """Return it with what the archive takes of the disk now, and what is left."""
        database = archive.database_path
        return replace(
            self,
            warc_bytes=sum(_size(path) for path in archive.warc_folder.iterdir()),
            database_bytes=_size(database) + _size(database.with_name(f"{database.name}-wal")),
            free_disk_bytes=shutil.disk_usage(archive.folder).free,
        )

    def ended(self, exit_code: int, reason: str, now: datetime) -> "RunStatus":
        """Return it as that of a run that has ended."""
        return replace(
            self,
            state="finished",
            updated_at=now,
            finished_at=now,
            reason=reason,
            exit_code=exit_code,
            last_run_at=now,
            last_exit_code=exit_code,
            last_success_at=now if is_success(exit_code, reason) else self.last_success_at,
        )


def is_success(exit_code: int, reason: str) -> bool:
    """Tell whether a run asked for all there is, even if some of it could not be had.

    >>> is_success(0, "finished"), is_success(1, "finished")
    (True, True)
    >>> is_success(1, "site unreachable"), is_success(5, "closespider_timeout")
    (False, False)
    """
    return exit_code == COMPLETE or (exit_code == WITH_FAILURES and reason == "finished")


def status_path(archive: Archive) -> Path:
    """Return where the status stands."""
    return archive.state_folder / "status.json"


def write_status(archive: Archive, status: RunStatus) -> None:
    """Put a status in the place of the former; raises OSError when the disk refuses."""
    text = json.dumps(asdict(status), indent=2, default=datetime.isoformat)
    replace_file(status_path(archive), f"{text}\n".encode())


def read_status(archive: Archive) -> RunStatus | None:
    """Return the status that was written last; None when there is none that can be read."""
    try:
        values: dict[str, Any] = json.loads(status_path(archive).read_bytes())
        for field in fields(RunStatus):
            if field.name.endswith("_at") and values[field.name] is not None:
                values[field.name] = datetime.fromisoformat(values[field.name])
        return RunStatus(**{**values, "counts": Counts(**values["counts"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # completed, and so renamed, at this moment
        return 0
