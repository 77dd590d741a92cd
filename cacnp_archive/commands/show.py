"""`show`: what is known of a page."""

from pathlib import Path

import click
from rich.console import Console

from cacnp_archive.commands.options import archive_at
from cacnp_archive.commands.show_page import show_page


@click.command()
@click.argument("url")
@click.pass_obj
def show(data_dir: Path | None, url: str) -> None:
    """Tell what the archive knows of the page at URL, and where its bytes lie."""
    show_page(archive_at(data_dir), url, Console())
