"""Print what a search found."""

from rich.console import Console
from rich.text import Text

from cacnp_archive.display.printable import printable
from cacnp_archive.display.terminal import line
from cacnp_archive.storage.queries.search import DocumentHit, Found, Hit

MARKS = ("\x02", "\x03")
"""What stands around matches in the snippets that are printed."""

FURTHER = 8
"""Of the further pages that match so many are named."""


def print_found(found: Found, console: Console) -> None:
    """Print the articles, then the documents; snippets have MARKS around matches."""
    for hit in found.articles:
        _print_article(hit, console)
    for document in found.documents:
        _print_document(document, console)


def _print_article(hit: Hit, console: Console) -> None:
    line(console, hit.title or "(no title)", "bold")
    line(console, f"{hit.published_on or 'no date'} · {hit.kind} · {hit.url}", "dim")
    console.print(_highlighted(hit.snippet))
    console.print()


def _print_document(hit: DocumentHit, console: Console) -> None:
    line(console, hit.title, "bold")
    also = ", ".join(map(str, hit.further_pages[:FURTHER]))
    more = len(hit.further_pages) - FURTHER
    line(
        console,
        f"document · page {hit.page} of {hit.page_count}"
        f"{f' (also {also}' if also else ''}{f' and {more} more' if more > 0 else ''}"
        f"{')' if also else ''} · {hit.url}",
        "dim",
    )
    console.print(_highlighted(hit.snippet))
    for article in hit.linked_from:
        line(console, f"linked from {article.title or '(no title)'} · {article.url}", "dim")
    console.print()


def _highlighted(snippet: str) -> Text:
    text = Text()
    for number, part in enumerate(" ".join(snippet.split()).split(MARKS[0])):
        match, _, rest = part.rpartition(MARKS[1]) if number else ("", "", part)
        text.append(printable(match), "bold yellow").append(printable(rest))
    return text
