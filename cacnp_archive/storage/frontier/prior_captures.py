"""What earlier captures tell a crawl: what to ask for again, and what a new one may repeat."""

from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from cacnp_archive.model.capture import Digests, Original, RecordPointer
from cacnp_archive.storage.database import read_database

_COLUMNS = """url, captured_at, warc_file, warc_offset, warc_length, warc_record_id, block_digest,
    payload_digest, entity_sha256, entity_length"""

_OURS = "crawl_id IN (SELECT id FROM crawls WHERE source IS NULL)"
"""Our own files must be whole without those of others: no revisit leans on an import."""

_WHOLE = f"""record_type = 'response' AND status = 200 AND truncated IS NULL AND method = 'GET'
    AND {_OURS}"""


@dataclass(frozen=True, slots=True)
class Validators:
    """What to ask a server with, whether an address has changed since its last capture."""

    original: Original
    etag: str | None
    last_modified: str | None


def original_with(database: Database, payload_digest: str) -> Original | None:
    """Return the first whole response with a payload digest, or None."""
    row = database.execute(
        f"""SELECT {_COLUMNS} FROM captures WHERE payload_digest = ? AND {_WHOLE}
        ORDER BY id LIMIT 1""",
        [payload_digest],
    ).fetchone()
    return _original(row) if row else None


def original_with_id(database: Database, record_id: str) -> Original | None:
    """Return the response whose record has an id, or None."""
    row = database.execute(
        f"SELECT {_COLUMNS} FROM captures WHERE warc_record_id = ?",
        [record_id],
    ).fetchone()
    return _original(row) if row else None


def original_at(database: Database, url: str, captured_at: str) -> Original | None:
    """Return the response of an address at a time, given to the second at least, or None."""
    row = database.execute(
        f"""SELECT {_COLUMNS} FROM captures WHERE url = ? AND record_type = 'response'
            AND substr(captured_at, 1, 19) = substr(?, 1, 19) ORDER BY id LIMIT 1""",
        [url, captured_at],
    ).fetchone()
    return _original(row) if row else None


def original_repeated(database: Database, payload_digest: str) -> Original | None:
    """Return the first response with a payload digest, be it ours or imported, or None."""
    row = database.execute(
        f"""SELECT {_COLUMNS} FROM captures WHERE payload_digest = ? AND record_type = 'response'
        ORDER BY id LIMIT 1""",
        [payload_digest],
    ).fetchone()
    return _original(row) if row else None


def addresses_with_problem(database: Database, code: str) -> set[str]:
    """Return the addresses of all captures with a problem of some kind."""
    rows = database.execute(
        "SELECT url FROM problems JOIN captures ON captures.id = capture_id WHERE code = ?", [code]
    )
    return {url for (url,) in rows}


class PriorCaptures:
    """What earlier captures tell, by a connection of its own, for one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: Database | None = None

    def with_payload(self, payload_digest: str) -> Original | None:
        """Return the first whole response with a payload digest, or None."""
        return original_with(self._database, payload_digest)

    def validators(self, url: str) -> Validators | None:
        """Return the validators of an address's last good capture, or None when it had none."""
        return validators_of(self._database, url)

    def close(self) -> None:
        """Close the connection, in the thread that used it."""
        if self._opened is not None:
            self._opened.close()

    @property
    def _database(self) -> Database:
        if self._opened is None:
            self._opened = read_database(self._path)
        return self._opened


def validators_of(database: Database, url: str) -> Validators | None:
    """Return the validators of an address's last good capture, or None when it had none.

    Of a revisit the validators are its own and the original is the response that it repeats.
    """
    row = database.execute(
        f"""SELECT coalesce(original_id, id), etag, last_modified FROM captures
        WHERE url = ? AND truncated IS NULL AND method = 'GET' AND {_OURS}
            AND (status = 200 OR (status = 304 AND original_id IS NOT NULL))
        ORDER BY captured_at DESC LIMIT 1""",
        [url],
    ).fetchone()
    if row is None:
        return None
    original_id, etag, last_modified = row
    found = database.execute(
        f"SELECT {_COLUMNS}, etag, last_modified FROM captures WHERE id = ? AND {_WHOLE}",
        [original_id],
    ).fetchone()
    if found is None:
        return None
    *columns, first_etag, first_modified = found
    etag, last_modified = etag or first_etag, last_modified or first_modified
    if not (etag or last_modified):
        return None
    return Validators(_original(tuple(columns)), etag, last_modified)


def _original(row: tuple[str, str, str, int, int, str, str, str | None, str, int]) -> Original:
    url, captured_at, warc_file, offset, length, record_id, block, payload, entity, size = row
    return Original(
        url=url,
        captured_at=captured_at,
        record=RecordPointer(warc_file, offset, length, record_id),
        digests=Digests(block, payload, entity, size),
    )
