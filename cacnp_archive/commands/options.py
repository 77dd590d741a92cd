"""What the options of several commands mean."""

from datetime import date
from pathlib import Path

import click

from cacnp_archive.model.archive import Archive, default_data_dir
from cacnp_archive.model.errors import UsageError

ANY_FILE = click.Path(exists=True, readable=False, path_type=Path)
PORT = click.IntRange(0, 65535)


def archive_at(data_dir: Path | None) -> Archive:
    """Return the archive in the folder of --data-dir; None means the default."""
    return Archive(data_dir or default_data_dir())


def day_of(option: str, text: str) -> str:
    """Return a day like 2024-01-31 as it was given; raises UsageError when it is none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError(f"{option} must be a day like 2024-01-31, not {text!r}") from error
