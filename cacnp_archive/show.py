"""Print what the archive knows of one page."""

import json
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cacnp_archive.archive import Archive
from cacnp_archive.errors import ArchiveError
from cacnp_archive.site import Site
from cacnp_archive.storage import search
from cacnp_archive.storage.database import read_database

TEXT_CHARS = 600
"""How much of the body is shown."""


def show_page(archive: Archive, url: str, console: Console) -> None:
    """Print article, captures and problems of an address; raises ArchiveError when unknown."""
    database = read_database(archive.require_database())
    for base_url in search.base_urls(database):
        site = Site.at(base_url)
        canonical = site.canonical(url if "://" in url else base_url + url.lstrip("/"))
        captures = search.captures_of(database, canonical)
        post = search.post_of(database, canonical)
        if captures or post:
            break
    else:
        raise ArchiveError(f"nothing is known of {url}; `cacnp-archive search` finds by words")
    if post is not None:
        _print_post(console, post, search.links_of(database, canonical))
    _print_captures(console, archive, canonical, captures)
    for problem in search.problems_of(database, canonical):
        console.print(Text(f"problem: {problem['code']}: {problem['detail']}", "yellow"))
    database.close()


def _print_post(console: Console, post: dict[str, Any], links: list[dict[str, Any]]) -> None:
    console.print(Text(post["title"] or "(no title)", "bold"))
    facts = Table.grid(padding=(0, 2))
    for name in ("kind", "published_at", "modified_at"):
        if post[name]:
            facts.add_row(Text(name, "dim"), Text(post[name]))
    for name in ("authors", "categories", "tags"):
        if values := json.loads(post[name]):
            facts.add_row(Text(name, "dim"), Text(", ".join(values)))
    console.print(facts)
    text = post["body_text"]
    console.print()
    console.print(Text(text[:TEXT_CHARS] + (" …" if len(text) > TEXT_CHARS else "")))
    console.print()
    for link in links:
        anchor = link["anchor_text"] or "(no text)"
        line = f"{link['kind']:9} {anchor} -> {link['target_url']}"
        console.print(Text(line, "dim"), soft_wrap=True)
    if links:
        console.print()


def _print_captures(
    console: Console, archive: Archive, canonical: str, captures: list[dict[str, Any]]
) -> None:
    console.print(Text(f"{len(captures)} captures of {canonical}", "bold"), soft_wrap=True)
    for capture in captures:
        path = archive.warc_path(capture["warc_file"])
        console.print(
            f"{capture['captured_at']}  {capture['status']} {capture['media_type']}  "
            f"{capture['entity_length']} bytes",
            highlight=False,
        )
        lines = (
            f"requested  {capture['url']}",
            f"record     {capture['warc_record_id']}",
            f"lies in    {path}",
            f"           at offset {capture['warc_offset']}, {capture['warc_length']} bytes",
            f"block      {capture['block_digest']}",
            f"entity     {capture['entity_sha256']}",
        )
        for line in lines:
            console.print(Text("  " + line), soft_wrap=True)
