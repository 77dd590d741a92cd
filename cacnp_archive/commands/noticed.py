"""Print what crawls noticed of articles."""

from collections.abc import Sequence

from rich.console import Console

from cacnp_archive.display.terminal import line
from cacnp_archive.display.words import count, moment
from cacnp_archive.storage.queries.changes import ArticleChange

CHANGE_KINDS = {
    "added": ("added",),
    "edited": ("edited", "edited silently"),
    "edited-silently": ("edited silently",),
    "moved": ("moved",),
    "gone": ("gone",),
    "returned": ("returned",),
}
"""What may be asked for, and which kinds of the table `changes` it is."""


def print_changes(found: Sequence[ArticleChange], limit: int, console: Console) -> None:
    """Print changes, at most `limit` of them, each with the record that showed it."""
    for change in found[:limit]:
        style = "bold yellow" if change.kind == "edited silently" else "bold"
        detail = f" ({change.detail})" if change.detail else ""
        line(console, f"{change.kind}{detail}: {change.title or '(no title)'}", style)
        line(console, f"{moment(change.at)} · {change.url} · {change.warc_record_id}", "dim", 2)
    if not found:
        line(console, "no change")
    elif len(found) > limit:
        line(console, f"and {count(len(found) - limit)} more: --limit, --since, --kind, --json")
