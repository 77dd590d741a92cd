"""Which records the database's rows point to, for checking them against the files."""

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class StoredPointer:
    """What a row of `captures` says of its record."""

    record_id: str
    offset: int
    length: int
    block_digest: str
    url: str


def pointers_by_file(database: Database) -> dict[str, dict[int, StoredPointer]]:
    """Return all pointers, by file name and by offset."""
    files: dict[str, dict[int, StoredPointer]] = {}
    rows = database.execute(
        """SELECT warc_file, warc_record_id, warc_offset, warc_length, block_digest, url
        FROM captures"""
    )
    for name, *pointer in rows:
        stored = StoredPointer(*pointer)
        files.setdefault(name, {})[stored.offset] = stored
    return files
