"""`layouts`: how the texts of articles were found in their pages."""

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from cacnp_archive.commands.options import archive_at
from cacnp_archive.display.terminal import line
from cacnp_archive.display.words import moment, plural
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.looks import Look, looks

_MEANINGS = {
    "known": "by the class names of WordPress, a theme or a page builder",
    "learned": "as learned from pages whose text was known",
    "compared": "by what pages of the same look do not share",
    "general": "guessed from the page alone",
    "": "cannot be read as well as before: the last reading is kept",
}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def layouts(data_dir: Path | None, as_json: bool) -> None:
    """List how the texts of articles were found, with an example each.

    Every kind of page that the site has looks in its own way; a redesign brings new ones.
    """
    with closing(read_database(archive_at(data_dir).require_database())) as database:
        found = looks(database)
    if as_json:
        click.echo(json.dumps([asdict(look) for look in found]))
    else:
        _print(found, Console())


def _print(found: Sequence[Look], console: Console) -> None:
    for look in found:
        kind = look.layout or "waiting"
        meaning = _MEANINGS[look.layout]
        style = "bold" if look.layout in ("known", "learned") else "bold yellow"
        line(console, f"{kind}: {plural(look.count, 'article')} {meaning}", style)
        line(console, f"in {look.text_selector or 'no element'}", "", 2)
        line(console, f"since {moment(look.first_seen_at)} · {look.example}", "dim", 2)
    if not found:
        line(console, "no articles yet")
