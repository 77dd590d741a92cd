"""Take out of the archive, for work elsewhere: rows, a snapshot, a citation, a picture."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from cacnp_archive import __version__
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.citation import Citation
from cacnp_archive.model.errors import ArchiveError, UsageError
from cacnp_archive.model.site import Site
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.by_url import base_urls
from cacnp_archive.storage.queries.citing import cite
from cacnp_archive.storage.queries.export import freeze, select_rows, write_csv, write_jsonl
from cacnp_archive.storage.queries.parquet import write_parquet
from cacnp_archive.storage.queries.statistics import Statistics


def citation_of(archive: Archive, url: str, day: datetime | None) -> Citation:
    """Return the citation of an address as it was captured last, up to the end of a day if given.

    Raises ArchiveError when there is no good capture of it.
    """
    until = None if day is None else f"{day:%Y-%m-%d}T23:59:59.999999Z"
    database = read_database(archive.require_database())
    try:
        for base_url in base_urls(database):
            full = url if "://" in url else base_url + url.lstrip("/")
            citation = cite(database, Site.at(base_url).canonical(full), until)
            if citation is not None:
                return citation
    finally:
        database.close()
    raise ArchiveError(f"there is no good capture of {url}; `cacnp-archive why URL` tells more")


def export_rows(
    archive: Archive, name: str, form: str, out: Path | None, conditions: tuple[str, ...]
) -> int:
    """Write the rows of a table or view to a file or, without one, to standard output.

    Returns how many there were. Raises UsageError for what makes no sense.
    """
    database = read_database(archive.require_database())
    try:
        selection = select_rows(database, name, conditions)
        if form == "parquet":
            if out is None:
                raise UsageError("--format parquet: name a file with --out")
            return write_parquet(database, selection, out)
        write = {"csv": write_csv, "jsonl": write_jsonl}[form]
        with _stream(out) as stream:
            return write(database, selection, stream)
    except OSError as error:
        raise UsageError(f"--out: cannot write {out}: {error.strerror}") from error
    finally:
        database.close()


def snapshot(archive: Archive, out: Path | None) -> Path:
    """Write a frozen copy of the database that names its date; returns where it lies."""
    made_at = datetime.now(UTC)
    path = out or Path(f"cacnp-archive-{made_at:%Y%m%dT%H%M%SZ}.db")
    database = read_database(archive.require_database())
    try:
        about = {
            "made_at": made_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "made_by": f"cacnp-archive/{__version__}",
            "sites": " ".join(base_urls(database)),
        }
        freeze(database, path, about)
    finally:
        database.close()
    return path


def plot(archive: Archive, name: str, words: tuple[str, ...], out: Path) -> None:
    """Write a picture of the archive as SVG or PNG, by the file's name; raises UsageError."""
    from cacnp_archive.display.charts import png_of, svg_of  # the library takes its time

    if out.suffix not in (".svg", ".png"):
        raise UsageError(f"--out: {out} must end in .svg or .png")
    database = read_database(archive.require_database())
    try:
        if out.suffix == ".svg":
            out.write_text(svg_of(Statistics(database), name, words), "utf-8")
        else:
            out.write_bytes(png_of(Statistics(database), name, words))
    except OSError as error:
        raise UsageError(f"--out: cannot write {out}: {error.strerror}") from error
    finally:
        database.close()


@contextmanager
def _stream(out: Path | None) -> Iterator[IO[str]]:
    if out is None:
        yield sys.stdout
        return
    with out.open("w", encoding="utf-8", newline="") as stream:
        yield stream
