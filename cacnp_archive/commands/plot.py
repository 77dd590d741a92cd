"""`plot`: the archive drawn."""

from pathlib import Path

import click

from cacnp_archive.commands.options import archive_at
from cacnp_archive.commands.taking_out import plot as draw


@click.command()
@click.argument(
    "name", type=click.Choice(["kinds", "topics", "authors", "hosts", "growth", "links"])
)
@click.argument("words", nargs=-1)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="x.svg or x.png"
)
@click.pass_obj
def plot(data_dir: Path | None, name: str, words: tuple[str, ...], out: Path) -> None:
    """Draw a picture of the archive; for `topics`, each of WORDS is a line."""
    draw(archive_at(data_dir), name, words, out)
    click.echo(str(out))
