"""Compare what the parser reads with what the database holds, field by field."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cacnp_archive.commands.parse.source import ParsedPage
from cacnp_archive.model.site import Site
from cacnp_archive.storage.queries.article_view import find_capture
from cacnp_archive.storage.queries.stored_reading import (
    StoredRecord,
    stored_article,
    stored_audio_file,
    stored_document,
    stored_part,
    stored_problems,
)

if TYPE_CHECKING:
    from sqlite_utils import Database

Values = dict[str, Any]


def compare_with_database(database: "Database", page: ParsedPage) -> Values:
    """Return the page's records, each field parsed and stored side by side, as JSON values.

    A stored record may have been read from another capture: `stored_from` names it.
    """
    reading, site = page.reading, page.site
    canonical = site.canonical(page.url)
    records: dict[str, tuple[Any, StoredRecord | None]] = {
        "document": (reading.document, stored_document(database, canonical)),
        "audio_file": (reading.audio_file, stored_audio_file(database, canonical)),
    }
    if (part := reading.part) is not None:
        records["part"] = (part, stored_part(database, part.article_url, part.number))
    else:
        url = reading.article.url if reading.article else canonical
        records["article"] = (reading.article, stored_article(database, url))
    compared = {
        name: _compare_record(database, site, asdict(parsed) if parsed else None, stored)
        for name, (parsed, stored) in records.items()
        if parsed is not None or stored is not None
    }
    if page.capture_id is not None:
        problems = [asdict(problem) for problem in reading.problems]
        compared["problems"] = _compare(problems, stored_problems(database, page.capture_id))
    return compared


def differing_fields(compared: Values) -> list[str]:
    """Return the fields that differ, as `article.title`."""
    return [
        f"{record}.{name}" if "fields" in values else record
        for record, values in compared.items()
        for name, field in values.get("fields", {"": values}).items()
        if field["differs"]
    ]


def _compare_record(
    database: "Database", site: Site, parsed: Values | None, stored: StoredRecord | None
) -> Values:
    """Compare the fields that the database has; without a stored record, all that were parsed."""
    names = stored.values if stored else parsed or {}
    return {
        "stored_from": stored and _facts(database, stored.capture_id),
        "fields": {
            name: _compare(
                _canonical(site, name, parsed and parsed[name]),
                _canonical(site, name, stored and stored.values[name]),
            )
            for name in names
        },
    }


def _compare(parsed: Any, stored: Any) -> Values:
    parsed = json.loads(json.dumps(_with_keys_of(stored, parsed)))
    return {"parsed": parsed, "stored": stored, "differs": parsed != stored}


def _with_keys_of(stored: Any, parsed: Any) -> Any:
    """Return parsed items with only the keys that the stored ones have."""
    if isinstance(stored, list) and parsed and all(isinstance(item, dict) for item in stored):
        names = stored[0] if stored else parsed[0]
        return [{name: item[name] for name in names} for item in parsed]
    return parsed


def _canonical(site: Site, name: str, value: Any) -> Any:
    """Return the addresses of an article's documents in the form of the table `documents`."""
    return [site.canonical(url) for url in value] if name == "documents" and value else value


def _facts(database: "Database", capture_id: int) -> Values:
    row = find_capture(database, capture_id) or {}
    return {name: row.get(name) for name in ("captured_at", "warc_record_id")}
