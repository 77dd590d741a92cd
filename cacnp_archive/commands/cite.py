"""`cite`: a footnote that can be verified."""

from contextlib import closing
from pathlib import Path

import click

from cacnp_archive.commands.options import archive_at, moment_of
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.citation import FORMS, Citation
from cacnp_archive.model.errors import ArchiveError
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries import citing
from cacnp_archive.storage.queries.typed_url import resolve_typed_url


@click.command()
@click.argument("url")
@click.argument("date", required=False)
@click.option("--format", "form", default="text", show_default=True, type=click.Choice(list(FORMS)))
@click.pass_obj
def cite(data_dir: Path | None, url: str, date: str | None, form: str) -> None:
    """Cite the page at URL, with the WARC record that proves it.

    The latest capture is cited; with a DATE like 2024-01-31, the latest up to that day.
    """
    until = None if date is None else moment_of("DATE", date)
    click.echo(FORMS[form](_citation(archive_at(data_dir), url, until)), nl=False)


def _citation(archive: Archive, url: str, until: str | None) -> Citation:
    with closing(read_database(archive.require_database())) as database:
        citation = citing.cite(database, resolve_typed_url(database, url).canonical, until)
    if citation is None:
        raise ArchiveError(f"there is no good capture of {url}; `cacnp-archive why URL` says why")
    return citation
