"""`changes`: what crawls noticed."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from cacnp_archive.commands.noticed import CHANGE_KINDS, print_changes
from cacnp_archive.commands.options import archive_at, day_of
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.changes import changes_of


@click.command()
@click.option("--since", help="Only what was noticed on this day or later: YYYY-MM-DD.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([*CHANGE_KINDS]),
    help="Only this; `edited` has the silent edits too. May be given several times.",
)
@click.option(
    "--limit",
    default=50,
    show_default=True,
    type=click.IntRange(1),
    help="Print at most so many; the JSON has all.",
)
@click.option("--json", "as_json", is_flag=True, help="Print them as one JSON document.")
@click.pass_obj
def changes(
    data_dir: Path | None, since: str | None, kinds: tuple[str, ...], limit: int, as_json: bool
) -> None:
    """List what crawls noticed of articles, newest first; `diff` shows an edit."""
    day = None if since is None else day_of("--since", since)
    named = [name for kind in kinds for name in CHANGE_KINDS[kind]]
    database = read_database(archive_at(data_dir).require_database())
    found = changes_of(database, since=day, kinds=named)
    database.close()
    if as_json:
        click.echo(json.dumps([asdict(change) for change in found]))
    else:
        print_changes(found, limit, Console())
