"""`parse`: the command."""

import json
import os
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from cacnp_archive.commands.options import archive_at, moment_of
from cacnp_archive.commands.parse.field_comparison import compare, differing_fields
from cacnp_archive.commands.parse.source import (
    ParsedPage,
    address_of_file,
    parse_capture,
    parse_file,
    site_of,
)
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.errors import ArchiveError, UsageError
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.article_view import find_capture, good_capture
from cacnp_archive.storage.queries.by_url import base_urls, captures_of
from cacnp_archive.storage.queries.stored_reading import (
    find_capture_by_record,
    load_stored_reading,
)
from cacnp_archive.storage.queries.typed_url import resolve_on_site, resolve_typed_url

RECORD_ID = "urn:"


@click.command()
@click.argument("page", metavar="URL|FILE")
@click.option("--at", help="The latest capture up to a day or time, like 2024-01-31.")
@click.option("--url", help="The address of FILE.  [default: one made of its name]")
@click.option("--content-type", help="The Content-Type of FILE.  [default: by its name]")
@click.pass_obj
def parse(
    data_dir: Path | None, page: str, at: str | None, url: str | None, content_type: str | None
) -> None:
    """Print what today's parser reads from a page, as JSON.

    What the database holds stands beside it, with the fields that differ. The page is the latest
    good capture of a URL, the capture with a WARC-Record-ID (urn:uuid:…), or a saved FILE, which
    goes first when it exists. Nothing is changed.
    """
    archive = archive_at(data_dir)
    is_file = os.path.isfile(page)  # noqa: PTH113 - Path.is_file raises for a long URL
    if is_file and at is not None:
        raise UsageError(f"--at is for captures, and {page} is a file")
    if not is_file and (url is not None or content_type is not None):
        raise UsageError(f"--url and --content-type are for a saved page; there is no file {page}")
    if is_file:
        parsed = _parse_saved(archive, Path(page), url, content_type)
    else:
        parsed = _parse_stored(archive, page, None if at is None else moment_of("--at", at))
    compared = _compare_with_database(archive, parsed)
    document = {
        "url": parsed.url,
        "canonical_url": parsed.site.canonical(parsed.url),
        "source": parsed.source,
        "differing": None if compared is None else differing_fields(compared),
        "reading": _without_empty(asdict(parsed.reading)),
        "compared": compared,
    }
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def _parse_stored(archive: Archive, page: str, until: str | None) -> ParsedPage:
    """Parse a capture that was named by its record, or as the latest of a URL up to a moment."""
    with closing(read_database(archive.require_database())) as database:
        record_id = page.strip("<>")
        if record_id.startswith(RECORD_ID):
            row = find_capture_by_record(database, record_id)
            sites = [Site.at(base_url) for base_url in base_urls(database)]
            site = next((site for site in sites if row and site.owns(row["url"])), Site.at(HOME))
        else:
            address = resolve_typed_url(database, page)
            site = address.site
            row = good_capture(database, address.canonical, until)
            if row is None:  # there may be others: redirects, errors, truncated responses
                rows = captures_of(database, address.canonical)
                rows = [found for found in rows if found["captured_at"] <= (until or "9")]
                row = next(reversed(rows), None)
        if row is None:
            raise ArchiveError(f"there is no capture of {page}; `cacnp-archive why URL` says why")
        original_id = row["original_id"]
        original = None if original_id is None else find_capture(database, original_id)
    return parse_capture(archive, site, row, original)


def _parse_saved(
    archive: Archive, path: Path, url: str | None, content_type: str | None
) -> ParsedPage:
    """Parse a file for the archive's site, if its address is there; else for its own site."""
    typed = url or address_of_file(path)
    if archive.database_path.exists():
        with closing(read_database(archive.database_path)) as database:
            address = resolve_typed_url(database, typed)
    else:
        address = resolve_on_site(typed, Site.at(HOME))
    site = address.site if address.site.owns(address.url) else site_of(address.url)
    return parse_file(path, address.url, content_type, site)


def _compare_with_database(archive: Archive, page: ParsedPage) -> dict[str, Any] | None:
    """Return what the database holds beside what was parsed; None when there is no database."""
    if not archive.database_path.exists():
        return None
    canonical = page.site.canonical(page.url)
    article, part = page.reading.article, page.reading.part
    article_url = part.article_url if part else article.url if article else canonical
    with closing(read_database(archive.database_path)) as database:
        stored = load_stored_reading(
            database,
            canonical,
            article_url=article_url,
            part_number=part.number if part else None,
            capture_id=page.capture_id,
        )
    return compare(page, stored)


def _without_empty(value: Any) -> Any:
    """Return a reading as in tests/golden: without what is None or empty."""
    if isinstance(value, dict):
        kept = {name: _without_empty(item) for name, item in value.items()}
        return {name: item for name, item in kept.items() if item not in (None, [], {})}
    if isinstance(value, list | tuple):
        return [_without_empty(item) for item in value]
    return value
