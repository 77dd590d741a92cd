"""Compare what the parser reads with what the database holds, field by field."""

import json
from dataclasses import asdict
from typing import Any

from cacnp_archive.commands.parse.source import ParsedPage
from cacnp_archive.model.site import Site
from cacnp_archive.storage.queries.stored_reading import StoredReading, StoredRecord

Values = dict[str, Any]


def compare(page: ParsedPage, stored: StoredReading) -> Values:
    """Return the page's records, each field parsed and stored side by side, as JSON values.

    A stored record may have been read from another capture: `stored_from` names it.
    """
    reading = page.reading
    records: dict[str, tuple[Any, StoredRecord | None]] = {
        "article": (reading.article, stored.article),
        "part": (reading.part, stored.part),
        "document": (reading.document, stored.document),
        "audio_file": (reading.audio_file, stored.audio_file),
    }
    compared = {
        name: _compare_record(page.site, asdict(parsed) if parsed else None, held)
        for name, (parsed, held) in records.items()
        if parsed is not None or held is not None
    }
    if stored.problems is not None:
        problems = [asdict(problem) for problem in reading.problems]
        compared["problems"] = _compare_values(problems, stored.problems)
    return compared


def differing_fields(compared: Values) -> list[str]:
    """Return the fields that differ, as `article.title`."""
    return [
        f"{record}.{name}" if "fields" in values else record
        for record, values in compared.items()
        for name, field in values.get("fields", {"": values}).items()
        if field["differs"]
    ]


def _compare_record(site: Site, parsed: Values | None, stored: StoredRecord | None) -> Values:
    """Compare the fields that the database has; without a stored record, all that were parsed."""
    names = stored.values if stored else parsed or {}
    return {
        "stored_from": stored and stored.read_from,
        "fields": {
            name: _compare_values(
                _canonical(site, name, parsed and parsed[name]),
                _canonical(site, name, stored and stored.values[name]),
            )
            for name in names
        },
    }


def _compare_values(parsed: Any, stored: Any) -> Values:
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
