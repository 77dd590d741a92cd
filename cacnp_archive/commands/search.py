"""`search`: find articles and documents by words and filters."""

import json
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from cacnp_archive.commands.options import archive_at
from cacnp_archive.display.printable import printable
from cacnp_archive.display.terminal import line
from cacnp_archive.display.words import plural
from cacnp_archive.model.errors import UsageError
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.query_language import EXAMPLES
from cacnp_archive.storage.queries.search import ArticleHit, SearchResult, run_search
from cacnp_archive.storage.queries.search_documents import DocumentHit
from cacnp_archive.storage.queries.search_filters import KINDS, Filters
from cacnp_archive.storage.queries.search_selection import MARKS

FURTHER = 8
"""At most this many further pages of a document are listed."""

_WIDTH = max(len(query) for query, _ in EXAMPLES)
_EXAMPLES = "\n".join(f"  {query:{_WIDTH}}  {meaning}" for query, meaning in EXAMPLES)
_HELP = f"""Find articles, and pages of documents, that contain all WORDS.

Without WORDS, everything that passes the options is found, the latest articles first. A document
passes --author, --category, --outlet, --from and --to when an article that links to it does.

\b
Write the whole search in single quotes to keep its signs from the shell:
{_EXAMPLES}
"""


@click.command(
    help=_HELP,
    # -Iran is a word to exclude, and -hawks too: it must not be read as -h.
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
@click.argument("words", nargs=-1)
@click.option(
    "--limit",
    default=10,
    show_default=True,
    type=click.IntRange(1),
    help="At most this many articles, and this many documents.",
)
@click.option("--kind", type=click.Choice(KINDS, case_sensitive=False), help="Only this kind.")
@click.option("--author", help="Only by this author: a name, or part of one.")
@click.option("--category", help="Only in this category and its subcategories.")
@click.option("--outlet", help="Only from or about this newspaper or programme, in any spelling.")
@click.option("--from", "since", help="Published on or after YYYY-MM-DD, YYYY-MM or YYYY.")
@click.option("--to", "until", help="Published on or before that day, month or year.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def search(
    context: click.Context,
    words: tuple[str, ...],
    limit: int,
    kind: str | None,
    author: str | None,
    category: str | None,
    outlet: str | None,
    since: str | None,
    until: str | None,
    as_json: bool,
) -> None:
    """Print what a search finds; exit with 1 when that is nothing."""
    if words == ("-h",):
        click.echo(context.get_help())
        return
    filters = Filters(
        kind=kind, author=author, category=category, outlet=outlet, since=since, until=until
    )
    query = _query(words, filters)
    data_dir: Path | None = context.obj
    marks = ("[", "]") if as_json else MARKS
    with closing(read_database(archive_at(data_dir).require_database())) as database:
        result = run_search(database, query, filters, limit=limit, marks=marks)
    if as_json:
        click.echo(json.dumps({"query": query, **asdict(result)}))
    else:
        print_result(result, Console())
    if not (result.articles or result.documents):
        if not as_json:
            click.echo(_nothing_found(query, filters), err=True)
        sys.exit(1)


def _query(words: tuple[str, ...], filters: Filters) -> str:
    for word in words:
        if word.startswith("--") and len(word) > 2:
            raise click.NoSuchOption(word)
    query = " ".join(words)
    if not query.strip() and filters == Filters():
        raise UsageError("there is nothing to search for: give words, or options like --author")
    return query


def print_result(result: SearchResult, console: Console) -> None:
    """Print the articles, then the documents; their snippets have MARKS around matches."""
    for article in result.articles:
        _print_article(article, console)
    for document in result.documents:
        _print_document(document, console)
    shown = [
        f"{len(hits)} of {plural(count, noun)}"
        for hits, count, noun in (
            (result.articles, result.article_count, "article"),
            (result.documents, result.document_count, "document"),
        )
        if len(hits) < count
    ]
    if shown:
        line(console, f"{' and '.join(shown)} shown; --limit shows more", "dim")


def _print_article(hit: ArticleHit, console: Console) -> None:
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


def _nothing_found(query: str, filters: Filters) -> str:
    words = [f"match {query!r}"] if query.strip() else ["found"]
    passing = [f"with {filters}"] if str(filters) else []
    found = f"{' '.join(['No articles or documents', *words, *passing])}."
    if "*" in query:
        found += " Words are indexed by their stems: try fewer letters before the *."
    return found
