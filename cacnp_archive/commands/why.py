"""`why`: why an address was or was not fetched."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
from protego import Protego

from cacnp_archive.commands.options import archive_at
from cacnp_archive.ingest.stored import load_capture
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import RecordPointer
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.frontier import is_requisite
from cacnp_archive.storage.queries import by_url
from cacnp_archive.storage.queries.by_url import Row
from cacnp_archive.storage.queries.typed_url import resolve_typed_url

MAX_FINDERS = 5
"""At most this many of the pages that lead to an address are printed."""

PRODUCT = "cacnp-archive"
"""The name under which robots.txt can address this crawler."""


@click.command()
@click.argument("url")
@click.pass_obj
def why(data_dir: Path | None, url: str) -> None:
    """Explain why URL was or was not fetched.

    Prints its scope, what robots.txt says, where it was found, each attempt and its record.
    """
    for line in _explain(archive_at(data_dir), url):
        click.echo(line)


def _explain(archive: Archive, typed: str) -> Iterator[str]:
    """Yield lines that explain an address; raises ArchiveError when nothing was archived yet."""
    with closing(read_database(archive.require_database())) as database:
        address = resolve_typed_url(database, typed)
        site, url, canonical = address.site, address.url, address.canonical
        known = by_url.address_of(database, canonical)
        is_needed = known is not None and is_requisite(known["hops"])
        verdict = site.requisite_verdict(url) if is_needed else site.verdict(url)
        yield f"canonical   {canonical}"
        yield f"request     {site.address(url)}"
        yield f"scope       {'in' if verdict.in_scope else 'out'}: {verdict.rule}"
        if verdict.in_scope:
            robots = by_url.captures_of(database, site.canonical(f"{site.base_url}robots.txt"))
            yield f"robots.txt  {_robots_verdict(archive, robots, url)}"
        exchanges = by_url.exchanges_of(database, canonical)
        vias = [*((known["via"],) if known else ()), *(row["via"] for row in exchanges)]
        vias += by_url.linking_to(database, canonical, MAX_FINDERS)
        yield from (f"found on    {via}" for via in dict.fromkeys(vias) if via)
        for entry in by_url.entries_of(database, canonical):
            yield f"listed in   {entry['list']}, modified {entry['modified_at'] or 'not stated'}"
        for page, kind in by_url.needing(database, canonical, MAX_FINDERS):
            yield f"needed by   {page} ({kind})"
        yield f"ledger      {_ledger_state(known)}"
        for row in exchanges:
            yield from _describe_exchange(row)
        if not exchanges:
            yield "never requested"


def _robots_verdict(archive: Archive, captures: list[Row], url: str) -> str:
    complete = [
        row for row in captures if row["record_type"] == "response" and row["status"] == 200
    ]
    if not complete:
        return "none archived: a site without one allows everything"
    row = complete[-1]
    pointer = RecordPointer(
        row["warc_file"], row["warc_offset"], row["warc_length"], row["warc_record_id"]
    )
    text = load_capture(archive, pointer).body.decode("utf-8-sig", "replace")
    allowed = Protego.parse(text).can_fetch(url, PRODUCT)
    return f"{'allows' if allowed else 'forbids'} it, as of {row['captured_at']}"


def _ledger_state(known: Row | None) -> str:
    """Return the state of an address: why it is not requested, or the outcome."""
    if known is None:
        return "unknown: no page or list that was read leads to it, or it is out of scope"
    state = f"{known['state']}: {known['reason']}" if known["reason"] else known["state"]
    good = f"; last good capture {known['archived_at']}" if known["archived_at"] else ""
    return f"{state}{good}; found {known['found_at']}"


def _describe_exchange(row: Row) -> Iterator[str]:
    yield f"{row['at']}  {row['outcome']}"
    if row["original"]:
        yield f"  revisit of  {row['original']}"
    if row["wall"]:
        yield f"  wall        {row['wall']}"
    if row["truncated"]:
        yield f"  cut off     {row['truncated']}"
    yield f"  record      {row['warc_record_id']}"
    yield f"  WARC file   {row['warc_file']}"
    yield f"  position    offset {row['warc_offset']}, {row['warc_length']} bytes"
