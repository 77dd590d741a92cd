"""`changes`: additions, edits and removals of articles."""

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from cacnp_archive.commands.options import archive_at, day_of
from cacnp_archive.display.terminal import line
from cacnp_archive.display.words import count, moment
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.changes import ArticleChange, changes_of

CHANGE_KINDS = {
    "added": ("added",),
    "edited": ("edited", "edited silently"),
    "edited-silently": ("edited silently",),
    "moved": ("moved",),
    "gone": ("gone",),
    "returned": ("returned",),
}
"""The values of --kind, and the kinds of the table `changes` that each stands for."""


@click.command()
@click.option("--since", help="Only changes found on this day or later: YYYY-MM-DD.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([*CHANGE_KINDS]),
    help="Only this kind; `edited` includes silent edits. May be repeated.",
)
@click.option(
    "--limit",
    default=50,
    show_default=True,
    type=click.IntRange(1),
    help="Print at most this many; --json prints all.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def changes(
    data_dir: Path | None, since: str | None, kinds: tuple[str, ...], limit: int, as_json: bool
) -> None:
    """List articles that were added, edited, moved or removed.

    The newest change comes first. `diff` shows what an edit changed.
    """
    day = None if since is None else day_of("--since", since)
    chosen = [name for kind in kinds for name in CHANGE_KINDS[kind]]
    with closing(read_database(archive_at(data_dir).require_database())) as database:
        found = changes_of(database, since=day, kinds=chosen)
    if as_json:
        click.echo(json.dumps([asdict(change) for change in found]))
    else:
        _print_changes(found, limit, Console())


def _print_changes(found: Sequence[ArticleChange], limit: int, console: Console) -> None:
    """Print at most `limit` changes, each with the record that shows it."""
    for change in found[:limit]:
        style = "bold yellow" if change.kind == "edited silently" else "bold"
        detail = f" ({change.detail})" if change.detail else ""
        line(console, f"{change.kind}{detail}: {change.title or '(no title)'}", style)
        line(console, f"{moment(change.at)} · {change.url} · {change.warc_record_id}", "dim", 2)
    if not found:
        line(console, "no changes")
    elif len(found) > limit:
        line(console, f"and {count(len(found) - limit)} more: use --limit, --since, --kind, --json")
