"""`why`: what became of an address."""

from pathlib import Path

import click

from cacnp_archive.commands.explain import explain
from cacnp_archive.commands.options import archive_at


@click.command()
@click.argument("url")
@click.pass_obj
def why(data_dir: Path | None, url: str) -> None:
    """Say why URL was or was not fetched: scope, robots.txt, every attempt and its record."""
    for line in explain(archive_at(data_dir), url):
        click.echo(line)
