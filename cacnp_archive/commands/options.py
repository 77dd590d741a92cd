"""Options and arguments that several commands share."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import click

from cacnp_archive.model.archive import Archive, default_data_dir, project_folder
from cacnp_archive.model.errors import UsageError

ANY_FILE = click.Path(exists=True, readable=False, path_type=Path)
NEW_FILE = click.Path(path_type=Path, dir_okay=False)
PORT = click.IntRange(0, 65535)

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def archive_at(data_dir: Path | None) -> Archive:
    """Return the archive in the folder of --data-dir; None means the default."""
    return Archive(data_dir or default_data_dir())


def demo_data_dir() -> Path:
    """Return the folder of the demo's archive: `demo/` beside the nearest scrapy.cfg."""
    return project_folder() / "demo"


def day_of(option: str, text: str) -> str:
    """Return a day like 2024-01-31 unchanged; raises UsageError for anything else."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError(f"{option} must be a day like 2024-01-31, not {text!r}") from error


def moment_of(option: str, text: str) -> str:
    """Return a day's last moment, or a time, as the database writes times: UTC, microseconds.

    A time without an offset is UTC. Raises UsageError for anything else.

    >>> moment_of("--at", "2024-01-31"), moment_of("--at", "2024-01-31T12:00+01:00")
    ('2024-01-31T23:59:59.999999Z', '2024-01-31T11:00:00.000000Z')
    """
    try:
        moment = datetime.fromisoformat(text)
        if _DAY.fullmatch(text):
            moment = moment.replace(hour=23, minute=59, second=59, microsecond=999_999)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"{option} must be a day or time like 2024-01-31 or 2024-01-31T12:00:00Z, not {text!r}"
        ) from error
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
