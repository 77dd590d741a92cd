"""`show`: an article or document, its captures and problems."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cacnp_archive.commands.diff.descriptions import describe_state
from cacnp_archive.commands.options import archive_at
from cacnp_archive.display.printable import printable, printable_lines
from cacnp_archive.display.terminal import line
from cacnp_archive.display.words import moment, plural
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.errors import ArchiveError
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries import by_url
from cacnp_archive.storage.queries.by_url import LinkingArticle
from cacnp_archive.storage.queries.typed_url import resolve_typed_url
from cacnp_archive.storage.queries.versions import ArticleHistory, versions_of

TEXT_CHARS = 600
"""How much of the text is printed."""


@click.command()
@click.argument("url")
@click.pass_obj
def show(data_dir: Path | None, url: str) -> None:
    """Show an article or document, and where its captures are stored."""
    _show_page(archive_at(data_dir), url, Console())


def _show_page(archive: Archive, url: str, console: Console) -> None:
    """Print article, captures and problems of an address; raises ArchiveError when unknown."""
    with closing(read_database(archive.require_database())) as database:
        canonical = resolve_typed_url(database, url).canonical
        captures = by_url.captures_of(database, canonical)
        post = by_url.post_of(database, canonical)
        if not captures and post is None:
            raise ArchiveError(
                f"nothing is archived of {url}; `cacnp-archive why URL` says why, "
                "`cacnp-archive search` finds pages by their words"
            )
        if post is not None:
            _print_post(console, post, by_url.links_of(database, canonical))
        if (article := versions_of(database, canonical)) is not None:
            _print_versions(console, article)
        if (document := by_url.document_of(database, canonical)) is not None:
            linking = by_url.articles_with(database, canonical, by_url.LINKING)
            _print_document(console, document, linking)
        _print_captures(console, archive, canonical, captures)
        for problem in by_url.problems_of(database, canonical):
            line(console, f"problem: {problem['code']}: {problem['detail']}", "yellow")


def _print_post(console: Console, post: dict[str, Any], links: list[dict[str, Any]]) -> None:
    console.print(Text(printable(post["title"] or "(no title)"), "bold"))
    lists = {name: ", ".join(json.loads(post[name])) for name in ("authors", "categories", "tags")}
    names = ("kind", "published_at", "modified_at")
    _print_facts(console, {name: post[name] for name in names} | lists)
    _print_beginning(console, post["body_text"])
    for link in links:
        anchor = link["anchor_text"] or "(no text)"
        line(console, f"{link['kind']:9} {anchor} -> {link['target_url']}", "dim")
    if links:
        console.print()


def _print_versions(console: Console, article: ArticleHistory) -> None:
    console.print(Text(plural(len(article.versions), "version"), "bold"))
    for version in article.versions:
        seen = f"{moment(version.first_seen_at)} to {moment(version.last_seen_at)}"
        silent = "  edited silently" if version.is_silent else ""
        style = "yellow" if version.is_silent else ""
        line(console, f"{version.number}  {seen}{silent}  {version.title or ''}", style, indent=2)
    if state := describe_state(article):
        line(console, state)
    console.print()


def _print_document(
    console: Console, document: dict[str, Any], linking: list[LinkingArticle]
) -> None:
    title = document["title"] or by_url.file_name(document["url"])
    console.print(Text(printable(title), "bold"))
    names = ("author", "created_at", "modified_at", "language")
    read = len(document["pages"])
    pages = str(document["page_count"])
    if read < document["page_count"]:
        pages += f", of which {read} were read"
    _print_facts(console, {"pages": pages} | {name: document[name] for name in names})
    _print_beginning(console, "\n".join(filter(None, document["pages"])) or "(no text)")
    for article in linking:
        line(console, f"linked from {article.title or '(no title)'} {article.url}", "dim")
    if linking:
        console.print()


def _print_facts(console: Console, values: dict[str, str | None]) -> None:
    facts = Table.grid(padding=(0, 2))
    for name, value in values.items():
        if value:
            facts.add_row(Text(name, "dim"), Text(printable(value)))
    console.print(facts)


def _print_beginning(console: Console, text: str) -> None:
    console.print()
    shown = text[:TEXT_CHARS] + (" …" if len(text) > TEXT_CHARS else "")
    console.print(Text(printable_lines(shown)))
    console.print()


def _print_captures(
    console: Console, archive: Archive, canonical: str, captures: list[dict[str, Any]]
) -> None:
    line(console, f"{plural(len(captures), 'capture')} of {canonical}", "bold")
    for capture in captures:
        line(
            console,
            f"{capture['captured_at']}  {capture['status']} {capture['media_type']}  "
            f"{capture['entity_length']} bytes",
        )
        facts = (
            ("requested", capture["url"]),
            ("record", capture["warc_record_id"]),
            ("WARC file", archive.warc_path(capture["warc_file"])),
            ("position", f"offset {capture['warc_offset']}, {capture['warc_length']} bytes"),
            ("block", capture["block_digest"]),
            ("entity", capture["entity_sha256"]),
        )
        for name, fact in facts:
            line(console, f"{name:10} {fact}", indent=2)
