"""Check a CDXJ index: it is sorted by bytes, and lines and records match."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from cacnp_archive.warc.checking.findings import Damage, FileReport
from cacnp_archive.warc.checking.stream import CheckedRecord

MAX_LINE_BYTES = 1024 * 1024
INDEXED = ("response", "revisit")
TRAILER_BYTES = 4
"""The CRLF CRLF behind a record, which some indexers leave out of its length."""

_NO_DIGIT = re.compile(r"[^0-9]")


@dataclass(slots=True)
class IndexedFile:
    """The records of a WARC file that an index must list."""

    records: dict[int, tuple[int, str, str]] = field(default_factory=dict)
    """By offset: length, URL and WARC-Date."""
    unseen: set[int] = field(default_factory=set)
    """Offsets of the responses and revisits that no line lists yet."""

    def add(self, record: CheckedRecord) -> None:
        """Add a record of the file."""
        scanned = record.scanned
        if scanned.url:
            self.records[scanned.offset] = (scanned.length, scanned.url, scanned.value("warc-date"))
        if scanned.record_type in INDEXED:
            self.unseen.add(scanned.offset)


def check_index(stream: IO[bytes], files: dict[str, IndexedFile], report: FileReport) -> None:
    """Compare an index with the records of WARC files; findings have the offset of the line.

    Removes from `unseen` what a line lists.
    """
    previous = b""
    for offset, line in _lines(stream):
        if line < previous:
            report.add(Damage("index", "the line is not sorted by its bytes"), offset)
        previous = line
        if (damage := _line_damage(line, files)) is not None:
            report.add(damage, offset)


def report_unseen(file: IndexedFile, report: FileReport) -> None:
    """Report the records of a file that no index lists."""
    for offset in sorted(file.unseen):
        address = file.records.get(offset, (0, "no address", ""))[1]
        report.add(Damage("index", f"the index has no line for the record of {address}"), offset)


def _lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    offset = 0
    while line := stream.readline(MAX_LINE_BYTES):
        yield offset, line
        offset += len(line)


def _line_damage(line: bytes, files: dict[str, IndexedFile]) -> Damage | None:
    if not line.endswith(b"\n"):
        return Damage("index", "the line does not end")
    key, _, rest = line.decode("utf-8", "replace").partition(" ")
    timestamp, _, text = rest.partition(" ")
    if key.startswith("!"):
        return None  # a header, which some indexers write
    try:
        fields = json.loads(text)
        filename, url = str(fields["filename"]), str(fields["url"])
        place, length = int(fields["offset"]), int(fields.get("length", 0))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        return Damage("index", f"this is no line of an index: {error!r}")
    file = files.get(filename.rpartition("/")[2])
    if file is None:
        return Damage("index", f"the line leads to {filename[:200]}, which is not here")
    found = file.records.get(place)
    if found is None:
        what = f"the line leads to offset {place} of {filename}, where no whole record begins"
        return Damage("index", what)
    file.unseen.discard(place)
    size, address, date = found
    digits = _NO_DIGIT.sub("", date)
    # ArchiveWeb.page and Browsertrix write milliseconds: compare as many digits as both have.
    shared = min(len(timestamp), len(digits))
    is_time = timestamp.isdecimal() and timestamp[:shared] == digits[:shared]
    for name, stated, true, is_same in (
        ("length", length, size, length in (0, size, size - TRAILER_BYTES)),
        ("address", url, address, url == address),
        ("time", timestamp, date, is_time),
    ):
        if not is_same:
            what = f"the line says that the {name} is {stated}, the record says {true}"
            return Damage("index", what)
    if length == size - TRAILER_BYTES:
        return Damage("index-length", "the length leaves out the line breaks behind the record")
    return None
