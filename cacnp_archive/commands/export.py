"""`export`: tables and views as files, or the whole database as a dated snapshot."""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import click

from cacnp_archive import __version__
from cacnp_archive.commands.options import NEW_FILE, archive_at
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.errors import UsageError
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.by_url import base_urls
from cacnp_archive.storage.queries.export import freeze, select_rows, write_csv, write_jsonl
from cacnp_archive.storage.queries.parquet import write_parquet

ENDINGS = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".parquet": "parquet",
    ".db": "sqlite",
    ".sqlite": "sqlite",
}
"""The formats by the endings of their files."""


@click.command()
@click.argument("table", metavar="[TABLE]", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice([*dict.fromkeys(ENDINGS.values())]),
    help="[default: by the ending of --out, else csv]",
)
@click.option("--out", type=NEW_FILE, help="The file to write.  [default: standard output]")
@click.option(
    "--where",
    multiple=True,
    help="COLUMN=VALUE; also != < <= > >=, and ~ for contains. May be repeated.",
)
@click.pass_obj
def export(
    data_dir: Path | None,
    table: str | None,
    form: str | None,
    out: Path | None,
    where: tuple[str, ...],
) -> None:
    """Export a TABLE or view, or the whole database.

    `--format sqlite` writes a snapshot of the database, which has its date and a data dictionary
    inside and is never overwritten.
    """
    form = _format_of(form, out)
    archive = archive_at(data_dir)
    if form == "sqlite":
        if table or where:
            raise UsageError("--format sqlite exports the whole database: no TABLE, no --where")
        click.echo(str(write_snapshot(archive, out)))
        return
    if table is None:
        raise UsageError("name a table or view, for example `posts` or `bibliography`")
    count = export_rows(archive, table, form, out, where)
    if out is not None:
        click.echo(f"{out}: {count} rows")


def export_rows(
    archive: Archive, name: str, form: str, out: Path | None, conditions: tuple[str, ...]
) -> int:
    """Write the rows of a table or view to a file or, without one, to standard output.

    Returns the number of rows. Raises UsageError for an unknown table, column or form.
    """
    with closing(read_database(archive.require_database())) as database:
        selection = select_rows(database, name, conditions)
        try:
            if form == "parquet":
                if out is None:
                    raise UsageError("--format parquet: name a file with --out")
                return write_parquet(database, selection, out)
            write = {"csv": write_csv, "jsonl": write_jsonl}[form]
            with _stream(out) as stream:
                return write(database, selection, stream)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise UsageError(f"--out: cannot write {out}: {error.strerror}") from error


def write_snapshot(archive: Archive, out: Path | None) -> Path:
    """Write a frozen copy of the database, named by its date unless `out` is given."""
    made_at = datetime.now(UTC)
    path = out or Path(f"cacnp-archive-{made_at:%Y%m%dT%H%M%SZ}.db")
    with closing(read_database(archive.require_database())) as database:
        about = {
            "made_at": made_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "made_by": f"cacnp-archive/{__version__}",
            "sites": " ".join(base_urls(database)),
        }
        freeze(database, path, about)
    return path


def _format_of(form: str | None, out: Path | None) -> str:
    """Return the format that was asked for, by name or by the ending of the file.

    A file without an ending, like /dev/stdout, has the format asked for, or is CSV.
    """
    if out is None or not out.suffix:
        return form or "csv"
    by_name = ENDINGS.get(out.suffix.lower())
    if by_name is None or form not in (None, by_name):
        known = ", ".join(f"{ending} ({name})" for ending, name in ENDINGS.items())
        problem = "is of no known format" if by_name is None else f"is not for --format {form}"
        raise UsageError(f"--out {out}: the ending {out.suffix} {problem}; there are: {known}")
    return by_name


@contextmanager
def _stream(out: Path | None) -> Iterator[IO[str]]:
    if out is None:
        yield sys.stdout
        return
    with out.open("w", encoding="utf-8", newline="") as stream:
        yield stream
