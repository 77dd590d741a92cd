"""`search`: articles and documents found by their words."""

import json
import re
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from cacnp_archive.commands.found import MARKS, print_found
from cacnp_archive.commands.options import archive_at, day_of
from cacnp_archive.model.errors import UsageError
from cacnp_archive.model.records import Kind
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries import search as ask


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--limit",
    default=10,
    show_default=True,
    type=click.IntRange(1),
    help="At most so many articles, and so many documents.",
)
@click.option(
    "--kind",
    type=click.Choice([*(known.value for known in Kind), ask.DOCUMENT]),
    help="Only this kind of content.",
)
@click.option("--author", help="Only by this author: a name, or a part of it.")
@click.option("--category", help="Only in this category, or one below it.")
@click.option("--from", "since", help="Published on this day or later: YYYY-MM-DD, YYYY-MM, YYYY.")
@click.option("--to", "until", help="Published on this day or earlier: likewise.")
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON document.")
@click.pass_obj
def search(
    data_dir: Path | None,
    words: tuple[str, ...],
    limit: int,
    kind: str | None,
    author: str | None,
    category: str | None,
    since: str | None,
    until: str | None,
    as_json: bool,
) -> None:
    """Find the articles, and the documents with a page, that hold all WORDS.

    FTS5's syntax works: "quoted phrase", OR, NEAR. A document passes --author, --category, --from
    and --to when an article that links to it does.
    """
    filters = ask.Filters(
        kind=kind,
        author=author,
        category=category,
        since=None if since is None else _a_date("--from", since),
        until=None if until is None else _a_date("--to", until),
    )
    query = " ".join(words)
    marks = ("[", "]") if as_json else MARKS
    with closing(read_database(archive_at(data_dir).require_database())) as database:
        found = ask.search(database, query, limit, marks, filters)
    if as_json:
        click.echo(json.dumps({"query": query, **asdict(found)}))
    else:
        print_found(found, Console())
    if not (found.articles or found.documents):
        if not as_json:
            click.echo(f"no article holds {query!r}, and no page of a document", err=True)
        sys.exit(1)


def _a_date(option: str, text: str) -> str:
    """Return a year, month or day as it was given; raises UsageError when it is none."""
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text, re.ASCII):
        raise UsageError(f"{option} must be like 2024, 2024-01 or 2024-01-31, not {text!r}")
    day_of(option, text + "-01-01"[len(text) - 4 :])
    return text
