"""Say for any address what the archive knows of it, and why it was or was not fetched."""

from collections.abc import Iterator

from protego import Protego

from cacnp_archive.ingest.stored import load_capture
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import RecordPointer
from cacnp_archive.model.errors import ArchiveError
from cacnp_archive.model.site import Site
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.frontier import is_requisite
from cacnp_archive.storage.queries import by_url
from cacnp_archive.storage.queries.by_url import Row

MAX_FINDERS = 5
"""Of all pages that lead to an address so many are named."""

PRODUCT = "cacnp-archive"
"""The name by which robots.txt may speak to us."""


def explain(archive: Archive, url: str) -> Iterator[str]:
    """Yield lines that explain an address; raises ArchiveError when nothing was archived yet."""
    database = read_database(archive.require_database())
    try:
        base_urls = by_url.base_urls(database)
        if not base_urls:
            raise ArchiveError("no crawl has been made yet: run `scrapy crawl cacnp` first")
        site = _site_of(url, base_urls)
        full = url if "://" in url else site.base_url + url.lstrip("/")
        canonical = site.canonical(full)
        known = by_url.address_of(database, canonical)
        is_needed = known is not None and is_requisite(known["hops"])
        verdict = site.requisite_verdict(full) if is_needed else site.verdict(full)
        yield f"canonical   {canonical}"
        yield f"asked as    {site.address(full)}"
        yield f"scope       {'in' if verdict.in_scope else 'out'}: {verdict.rule}"
        if verdict.in_scope:
            robots = by_url.captures_of(database, site.canonical(f"{site.base_url}robots.txt"))
            yield f"robots.txt  {_robots_verdict(archive, robots, full)}"
        exchanges = by_url.exchanges_of(database, canonical)
        vias = [*((known["via"],) if known else ()), *(row["via"] for row in exchanges)]
        vias += by_url.linking_to(database, canonical, MAX_FINDERS)
        yield from (f"found on    {via}" for via in dict.fromkeys(vias) if via)
        for entry in by_url.entries_of(database, canonical):
            yield f"listed in   {entry['list']}, changed {entry['modified_at'] or 'unknown when'}"
        for page, kind in by_url.needing(database, canonical, MAX_FINDERS):
            yield f"needed by   {page} ({kind})"
        yield f"ledger      {_state(known)}"
        for row in exchanges:
            yield from _told(row)
        if not exchanges:
            yield "never asked for"
    finally:
        database.close()


def _site_of(url: str, base_urls: list[str]) -> Site:
    sites = [Site.at(base_url) for base_url in base_urls]
    return next((site for site in sites if "://" in url and site.owns(url)), sites[0])


def _robots_verdict(archive: Archive, captures: list[Row], url: str) -> str:
    whole = [row for row in captures if row["record_type"] == "response" and row["status"] == 200]
    if not whole:
        return "none kept: everything is allowed where the site has none"
    row = whole[-1]
    pointer = RecordPointer(
        row["warc_file"], row["warc_offset"], row["warc_length"], row["warc_record_id"]
    )
    text = load_capture(archive, pointer).text
    allowed = Protego.parse(text).can_fetch(url, PRODUCT)
    return f"{'allows' if allowed else 'forbids'} it, as of {row['captured_at']}"


def _state(known: Row | None) -> str:
    """Say what the ledger knows of an address: why it is not asked for, or what came of it."""
    if known is None:
        return "not known: no page that was read leads to it, or it is no affair of this archive"
    state = f"{known['state']}: {known['reason']}" if known["reason"] else known["state"]
    good = f"; last good capture {known['archived_at']}" if known["archived_at"] else ""
    return f"{state}{good}; known since {known['found_at']}"


def _told(row: Row) -> Iterator[str]:
    yield f"{row['at']}  {row['outcome']}"
    if row["original"]:
        yield f"  repeats     {row['original']}, so it is kept as a revisit"
    if row["truncated"]:
        yield f"  cut off     {row['truncated']}"
    yield f"  record      {row['warc_record_id']}"
    place = f"at offset {row['warc_offset']}, {row['warc_length']} bytes"
    yield f"  lies in     {row['warc_file']} {place}"
