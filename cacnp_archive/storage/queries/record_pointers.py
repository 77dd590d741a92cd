"""Which records the database's rows point to, for checking them against the files."""

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class StoredPointer:
    """What a row of `captures` or `failures` says of its record."""

    record_id: str
    offset: int
    length: int
    record_type: str
    block_digest: str | None
    """None for a failure: its record has no bytes of the wire."""
    url: str


def pointers_by_file(database: Database) -> dict[str, dict[int, StoredPointer]]:
    """Return all pointers, by file name and by offset."""
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
