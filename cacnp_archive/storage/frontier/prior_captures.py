"""Earlier captures: which of them a revisit refers to, and which validators they came with."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from cacnp_archive.model.capture import Digests, Original, RecordPointer

_COLUMNS = """url, captured_at, warc_file, warc_offset, warc_length, warc_record_id, block_digest,
    payload_digest, entity_sha256, entity_length"""

_OF_A_CRAWL = "crawl_id IN (SELECT id FROM crawls WHERE source IS NULL)"
"""Our WARC files must be complete without imported ones: no revisit refers to an import."""

_IS_ORIGINAL = f"""is_good AND status = 200 AND record_type = 'response' AND truncated IS NULL
    AND {_OF_A_CRAWL}"""
"""What a revisit of ours may refer to: more than a good capture, a complete 200 with its bytes."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request asks with: whether a URL has changed since its last capture."""

    original: Original
    etag: str | None
    last_modified: str | None


def original_with_payload(
    database: Database, payload_digest: str, files: Container[str]
) -> Original | None:
    """Return the first capture in these files with a payload digest that a revisit may refer to."""
    rows = database.execute(
        f"""SELECT {_COLUMNS} FROM captures WHERE payload_digest = ? AND {_IS_ORIGINAL}
        ORDER BY id""",
        [payload_digest],
    )
    return next((found for found in map(_original, rows) if found.record.warc_file in files), None)


def original_with_id(database: Database, record_id: str) -> Original | None:
    """Return the capture with a WARC-Record-ID, or None."""
    row = database.execute(
        f"SELECT {_COLUMNS} FROM captures WHERE warc_record_id = ?", [record_id]
    ).fetchone()
    return _original(row) if row else None


def original_at(database: Database, url: str, captured_at: str) -> Original | None:
    """Return the response of a URL at a time, which is compared to the second, or None."""
    row = database.execute(
        f"""SELECT {_COLUMNS} FROM captures WHERE url = ? AND record_type = 'response'
            AND substr(captured_at, 1, 19) = substr(?, 1, 19) ORDER BY id LIMIT 1""",
        [url, captured_at],
    ).fetchone()
    return _original(row) if row else None


def original_repeated(database: Database, payload_digest: str) -> Original | None:
    """Return the first response with a payload digest, of a crawl or an import, or None."""
    row = database.execute(
        f"""SELECT {_COLUMNS} FROM captures WHERE payload_digest = ? AND record_type = 'response'
        ORDER BY id LIMIT 1""",
        [payload_digest],
    ).fetchone()
    return _original(row) if row else None


def urls_with_problem(database: Database, codes: Sequence[str]) -> set[str]:
    """Return the URLs of all captures that have a problem with one of these codes."""
    rows = database.execute(
        f"""SELECT url FROM problems JOIN captures ON captures.id = capture_id
        WHERE code IN ({", ".join("?" * len(codes))})""",
        codes,
    )
    return {url for (url,) in rows}


def validators_of(database: Database, url: str, files: Container[str]) -> Validators | None:
    """Return the validators of a URL's last good capture, or None.

    It is also None when the original is in none of the files. A revisit has its own validators, and
    its original is the response that it repeats.
    """
    row = database.execute(
        f"""SELECT coalesce(original_id, id), etag, last_modified FROM captures
        WHERE url = ? AND is_good AND truncated IS NULL AND {_OF_A_CRAWL}
        ORDER BY captured_at DESC LIMIT 1""",
        [url],
    ).fetchone()
    if row is None:
        return None
    original_id, etag, last_modified = row
    found = database.execute(
        f"SELECT {_COLUMNS}, etag, last_modified FROM captures WHERE id = ? AND {_IS_ORIGINAL}",
        [original_id],
    ).fetchone()
    if found is None:
        return None
    *columns, first_etag, first_modified = found
    etag, last_modified = etag or first_etag, last_modified or first_modified
    original = _original(tuple(columns))
    if not (etag or last_modified) or original.record.warc_file not in files:
        return None
    return Validators(original, etag, last_modified)


def _original(row: tuple[str, str, str, int, int, str, str, str | None, str, int]) -> Original:
    url, captured_at, warc_file, offset, length, record_id, block, payload, entity, size = row
    return Original(
        url=url,
        captured_at=captured_at,
        record=RecordPointer(warc_file, offset, length, record_id),
        digests=Digests(block, payload, entity, size),
    )
