"""The WARC records to which rows point, to be checked against the files."""

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class StoredPointer:
    """The record of a row of `captures` or `failures`, according to the database."""

    record_id: str
    offset: int
    length: int
    record_type: str
    block_digest: str | None
    """None for a failure: its record has no HTTP response."""
    url: str


def pointers_by_file(database: Database) -> dict[str, dict[int, StoredPointer]]:
    """Return all pointers by file name and offset."""
    files: dict[str, dict[int, StoredPointer]] = {}
    rows = database.execute(
        """SELECT warc_file, warc_record_id, warc_offset, warc_length, record_type, block_digest,
            url FROM captures UNION ALL
        SELECT warc_file, warc_record_id, warc_offset, warc_length, 'metadata', NULL,
            url FROM failures"""
    )
    for name, *pointer in rows:
        stored = StoredPointer(*pointer)
        files.setdefault(name, {})[stored.offset] = stored
    return files
