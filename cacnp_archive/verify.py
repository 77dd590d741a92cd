"""Check that database and WARC files agree, both ways, and that the bytes are what was captured."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cacnp_archive.archive import Archive
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.pointers import StoredPointer, pointers_by_file
from cacnp_archive.warc.reader import DamagedWarcError, StoredRecord, read_records
from cacnp_archive.warc.records import sha1

Pointers = dict[int, StoredPointer]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    file: str
    offset: int | None
    what: str

    def __str__(self) -> str:
        place = "" if self.offset is None else f" at offset {self.offset}"
        return f"{self.file}{place}: {self.what}"


@dataclass(slots=True)
class Verification:
    """What was looked at, and what was found wrong."""

    file_count: int
    record_count: int
    row_count: int
    findings: list[Finding]


def verify(archive: Archive, on_file: Callable[[str], None] = lambda _: None) -> Verification:
    """Check every record and every row; `on_file` hears the name of each file before it is read.

    Raises ArchiveError when there is no archive.
    """
    database = read_database(archive.require_database())
    try:
        rows = pointers_by_file(database)
    finally:
        database.close()
    names = archive.warc_names()
    result = Verification(len(names), 0, sum(len(pointers) for pointers in rows.values()), [])
    for name in sorted({*names, *rows}):
        on_file(name)
        pointers = rows.get(name, {})
        result.findings += _check_file(archive.warc_path(name), name, pointers, result)
    return result


def _check_file(
    path: Path, name: str, pointers: Pointers, result: Verification
) -> Iterator[Finding]:
    if not path.exists():
        yield Finding(name, None, f"the file is missing; {len(pointers)} rows point to it")
        return
    unseen = dict(pointers)
    try:
        for record in read_records(path):
            result.record_count += 1
            pointer = unseen.pop(record.offset, None)
            for what in _check_record(record, pointer):
                yield Finding(name, record.offset, what)
    except (DamagedWarcError, OSError) as error:
        yield Finding(name, None, str(error))
    for pointer in unseen.values():
        yield Finding(name, pointer.offset, f"no record for the row of {pointer.url}")


def _check_record(record: StoredRecord, pointer: StoredPointer | None) -> Iterator[str]:
    digest = sha1(record.block.chunks())
    if record.field("WARC-Block-Digest") != digest:
        stated = record.field("WARC-Block-Digest")
        yield f"the block has the digest {digest}, the record says {stated}"
    if pointer is None:
        if needs_row(record):
            what = f"{record.record_type} of {record.field('WARC-Target-URI')}"
            yield f"no row for the {what}"
        return
    facts = (
        ("type", record.record_type, pointer.record_type),
        ("record id", record.record_id, pointer.record_id),
        ("length", record.length, pointer.length),
        ("block digest", digest, pointer.block_digest or digest),
        ("address", record.field("WARC-Target-URI"), pointer.url),
    )
    for fact, stored, expected in facts:
        if stored != expected:
            yield f"the {fact} is {stored}, the row says {expected}"


def needs_row(record: StoredRecord) -> bool:
    """Whether a record must have a row: a response, a revisit, or a failure's metadata."""
    if record.record_type == "metadata":
        return not record.field("WARC-Concurrent-To")
    return record.record_type in ("response", "revisit")
