"""Read the records of WARC, ARC and WACZ files that other programs wrote.

The files have been checked before, so deviations from the standard are tolerated. WARC files in a
WACZ package are read in place: offsets are those of the package.
"""

import struct
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from cacnp_archive.model.named_fields import NamedFields, first_value
from cacnp_archive.model.spool import CHUNK_BYTES, Spool
from cacnp_archive.warc.reader import DamagedWarcError

ZIP_START = b"PK"

INFO_TYPES = ("warcinfo", "arc_header")

_LOCAL_HEADER = struct.Struct("<26xHH")

_ARC_NAMES = {
    "uri": "WARC-Target-URI",
    "ip-address": "WARC-IP-Address",
    "archive-date": "WARC-Date",
}

_TROUBLE = (ArchiveLoadFailed, EOFError, ValueError, TypeError, zlib.error, struct.error)
"""What warcio raises for bytes that it cannot read."""


@dataclass(frozen=True, slots=True)
class ForeignRecord:
    """A record that another program wrote."""

    offset: int
    length: int
    """Bytes of its gzip member; of an uncompressed record, without the blank lines behind it."""
    record_type: str
    """WARC-Type; for ARC records `response`, or `arc_header` for the first one."""
    fields: NamedFields
    """Its named fields; those of ARC records under their WARC names."""
    block: Spool
    """Empty when it was not requested."""

    def field(self, name: str) -> str:
        """Return the first value of a field, whose name is case-insensitive, or ""."""
        return first_value(self.fields, name)

    @property
    def record_id(self) -> str:
        """Its WARC-Record-ID without angle brackets, or "", as in ARC."""
        return self.field("WARC-Record-ID").strip("<> ")

    @property
    def url(self) -> str:
        """Its target URI without the angle brackets that wget adds."""
        return self.field("WARC-Target-URI").strip("<> ")

    @property
    def captured_at(self) -> datetime | None:
        """Its date in UTC, or None when it is missing or invalid."""
        return moment_of(self.field("WARC-Date"))


def moment_of(text: str) -> datetime | None:
    """Return a WARC or ARC date of any precision as an aware UTC time, or None.

    >>> moment_of("20120229101112").isoformat()
    '2012-02-29T10:11:12+00:00'
    >>> moment_of("2016-03").isoformat()
    '2016-03-01T00:00:00+00:00'
    >>> moment_of("yesterday") is None
    True
    """
    text = text.strip()
    try:
        if not text.isdecimal() and len(text) > len("2016-03-01"):
            moment = datetime.fromisoformat(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        digits = text.replace("-", "")
        whole = digits + "00010101000000"[len(digits) :]
        return datetime.strptime(f"{whole}Z", "%Y%m%d%H%M%S%z").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def identity_of(file_sha256: str, offset: int) -> str:
    """Return a stable id for a record without one, derived from its file and offset."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"sha256:{file_sha256}#{offset}").urn


def read_foreign_records(path: Path) -> Iterator[ForeignRecord]:
    """Yield the records of a file in order; only warcinfo records have their block.

    Raises OSError when the file cannot be read, DamagedWarcError at the first fault.
    """
    with path.open("rb") as stream:
        for begin, end in _sections(stream, path.name):
            section = _Section(stream, begin, end)
            is_empty = begin < end
            iterator = ArchiveIterator(section, no_record_parse=True)
            with _as_damage(path.name, section.tell):
                for record in iterator:
                    found = _record(iterator, record, with_block=record.rec_type in INFO_TYPES)
                    is_empty = False
                    yield found
            if is_empty:
                raise DamagedWarcError(f"{path.name}: no record at offset {begin}")


def read_foreign_record(path: Path, offset: int) -> ForeignRecord:
    """Return the record that begins at an offset; raises as `read_foreign_records`."""
    with path.open("rb") as stream:
        end = stream.seek(0, 2)
        iterator = ArchiveIterator(_Section(stream, offset, end), no_record_parse=True)
        with _as_damage(path.name, lambda: offset):
            return _record(iterator, next(iterator), with_block=True)


def info_fields(record: ForeignRecord) -> NamedFields:
    """Return the fields of a warcinfo record; none for the first record of an ARC file."""
    if record.record_type != "warcinfo":
        return []
    lines = record.block.head(CHUNK_BYTES).decode("utf-8", "replace").splitlines()
    pairs = (line.partition(":") for line in lines)
    return [(name.strip(), value.strip()) for name, colon, value in pairs if colon]


class _Section:
    """A part of a file that reports positions in the whole file."""

    def __init__(self, stream: BinaryIO, begin: int, end: int) -> None:
        self._stream = stream
        self._position = begin
        self._end = end

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; other sections may share the file."""
        room = self._end - self._position
        self._stream.seek(self._position)
        data = self._stream.read(room if size < 0 else min(size, room))
        self._position += len(data)
        return data

    def tell(self) -> int:
        """Return the position in the file."""
        return self._position


@contextmanager
def _as_damage(name: str, position: Callable[[], int]) -> Iterator[None]:
    """Turn exceptions of warcio into DamagedWarcError with file and offset."""
    try:
        yield
    except DamagedWarcError as error:
        raise DamagedWarcError(f"{name}: {error}") from error
    except StopIteration as error:
        raise DamagedWarcError(f"{name}: no record at offset {position()}") from error
    except _TROUBLE as error:
        what = " ".join(str(error).split()) or type(error).__name__
        raise DamagedWarcError(f"{name}: before offset {position()}: {what}") from error


def _sections(stream: BinaryIO, name: str) -> list[tuple[int, int]]:
    """Return the ranges of a file that hold records: all of it, or the WARC files of a package."""
    start = stream.read(len(ZIP_START))
    if start != ZIP_START:
        return [(0, stream.seek(0, 2))]
    found = []
    try:
        with zipfile.ZipFile(stream) as package:
            for info in package.infolist():
                if not info.filename.endswith((".warc", ".warc.gz")):
                    continue
                if info.compress_type != zipfile.ZIP_STORED:
                    raise DamagedWarcError(
                        f"{name}: {info.filename} is compressed within the package, so its records "
                        "have no offset: unpack the package and import the WARC files"
                    )
                stream.seek(info.header_offset)
                sizes = _LOCAL_HEADER.unpack(stream.read(_LOCAL_HEADER.size))
                begin = info.header_offset + _LOCAL_HEADER.size + sum(sizes)
                found.append((begin, begin + info.file_size))
    except (zipfile.BadZipFile, struct.error, ValueError) as error:
        raise DamagedWarcError(f"{name}: not a complete WACZ package: {error}") from error
    return found


def _record(iterator: ArchiveIterator, record: ArcWarcRecord, *, with_block: bool) -> ForeignRecord:
    block = Spool()
    size = 0
    while chunk := record.raw_stream.read(CHUNK_BYTES):
        size += len(chunk)
        if with_block:
            block.append(chunk)
    offset, length = iterator.get_record_offset(), iterator.get_record_length()
    if record.length is not None and size < record.length:
        raise DamagedWarcError(
            f"the record at offset {offset} is cut off: {size} of {record.length} bytes are there"
        )
    fields = [(_ARC_NAMES.get(key, key), value) for key, value in record.rec_headers.headers]
    return ForeignRecord(offset, length, record.rec_type or "", fields, block)
