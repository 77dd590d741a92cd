"""`cite`: a footnote that can be verified."""

from datetime import datetime
from pathlib import Path

import click

from cacnp_archive.commands.options import archive_at
from cacnp_archive.commands.taking_out import citation_of
from cacnp_archive.model.citation import FORMS


@click.command()
@click.argument("url")
@click.argument("date", required=False, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--format", "form", default="text", show_default=True, type=click.Choice(list(FORMS)))
@click.pass_obj
def cite(data_dir: Path | None, url: str, date: datetime | None, form: str) -> None:
    """Cite the page at URL so that the footnote can be verified: as it was last, or by DATE."""
    click.echo(FORMS[form](citation_of(archive_at(data_dir), url, date)), nl=False)
