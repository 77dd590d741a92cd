"""Read our own WARC files strictly: whatever our writer does not write is damage.

warcio ignores truncation silently (`warcio check` exits with 0 for a file whose last record is
cut), which an archive must not do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from zlib_ng import zlib_ng

from cacnp_archive.model.errors import ArchiveError
from cacnp_archive.model.named_fields import NamedFields, first_value
from cacnp_archive.model.spool import CHUNK_BYTES, Spool

MAX_FIELDS_BYTES = 1024 * 1024
"""Records with larger named fields are damaged."""

MAX_PIECE_BYTES = 1024 * 1024

FIRST_BYTES = 16 * 1024
"""How much of a record is read first: most are not longer, and more would be wasted."""


class DamagedWarcError(ArchiveError):
    """Raised when a file is not a sequence of complete records; says where and why."""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record in a file of ours."""

    offset: int
    length: int
    """Bytes of its gzip member."""
    fields: NamedFields
    block: Spool

    @property
    def record_type(self) -> str:
        """Its WARC-Type."""
        return self.field("WARC-Type")

    @property
    def record_id(self) -> str:
        """Its WARC-Record-ID without angle brackets."""
        return self.field("WARC-Record-ID").strip("<>")

    def field(self, name: str) -> str:
        """Return the first value of a field, whose name is case-insensitive, or ""."""
        return first_value(self.fields, name)


def read_records(path: Path, offset: int = 0) -> Iterator[StoredRecord]:
    """Yield the records of a file in order; raises DamagedWarcError at the first fault.

    Reading starts at `offset`. Raises OSError when the file cannot be read.
    """
    with path.open("rb") as stream:
        while True:
            stream.seek(offset)
            record = _read_member(stream, offset, path.name)
            if record is None:
                return
            yield record
            offset += record.length


def read_record(path: Path, offset: int) -> StoredRecord:
    """Return the record whose gzip member begins at `offset`; raises as `read_records`."""
    with path.open("rb") as stream:
        stream.seek(offset)
        record = _read_member(stream, offset, path.name)
    if record is None:
        raise DamagedWarcError(f"{path.name}: nothing at offset {offset}")
    return record


def find_record(path: Path, start: int, end: int) -> int | None:
    """Return the offset of a record between two offsets of a file, or None.

    It may be part of another record whose block is a WARC file, so a caller must also read what
    comes before it, up to its offset.
    """
    with path.open("rb") as stream:
        stream.seek(start)
        data = stream.read(end - start + len(_MEMBER))
        at = data.find(_MEMBER)
        while 0 <= at < end - start:
            stream.seek(start + at)
            try:
                _read_member(stream, start + at, path.name)
            except DamagedWarcError:
                at = data.find(_MEMBER, at + 1)
            else:
                return start + at
    return None


_MEMBER = b"\x1f\x8b\x08"
_BROKEN: type[Exception] = zlib_ng.error  # type: ignore[assignment] # the stub is wrong


def _read_member(stream: BinaryIO, offset: int, name: str) -> StoredRecord | None:
    member = zlib_ng.decompressobj(zlib_ng.MAX_WBITS | 16)
    plain = bytearray()
    record: _PartialRecord | None = None
    length = 0
    while not member.eof:
        # A chunk may decompress to a thousand times its size, so it is done in pieces.
        chunk = member.unconsumed_tail
        if not chunk:
            chunk = stream.read(CHUNK_BYTES if length else FIRST_BYTES)
            length += len(chunk)
        if not chunk:
            if length == 0:
                return None
            raise DamagedWarcError(f"{name}: the record at offset {offset} is cut off")
        try:
            plain += member.decompress(chunk, MAX_PIECE_BYTES)
        except _BROKEN as error:
            raise DamagedWarcError(f"{name}: no gzip member at offset {offset}: {error}") from error
        if record is None:
            record = _PartialRecord.begin(plain, f"{name}: the record at offset {offset}")
        if record is not None:
            record.take(plain)
            plain.clear()
    if record is None:
        raise DamagedWarcError(f"{name}: the record at offset {offset} has no end of its fields")
    record.end()
    return StoredRecord(offset, length - len(member.unused_data), record.fields, record.block)


class _PartialRecord:
    def __init__(self, fields: NamedFields, size: int, place: str) -> None:
        self.fields = fields
        self.block = Spool()
        self._size = size
        self._place = place
        self._trailer = b""

    @classmethod
    def begin(cls, plain: bytearray, place: str) -> "_PartialRecord | None":
        """Remove the fields from `plain`, or return None when they are incomplete."""
        head, blank, rest = bytes(plain).partition(b"\r\n\r\n")
        if not blank:
            if len(plain) > MAX_FIELDS_BYTES:
                raise DamagedWarcError(f"{place} has no end of its fields")
            return None
        version, *lines = head.decode("utf-8", "replace").split("\r\n")
        if not version.startswith("WARC/1."):
            raise DamagedWarcError(f"{place} begins with {version[:20]!r}, not with WARC/1.1")
        fields = []
        for line in lines:
            key, colon, value = line.partition(":")
            if not colon:
                raise DamagedWarcError(f"{place} has a field without a colon: {line[:40]!r}")
            fields.append((key, value.strip()))
        sizes = [value for key, value in fields if key.lower() == "content-length"]
        if len(sizes) != 1 or not sizes[0].isdecimal():
            raise DamagedWarcError(f"{place} has no single Content-Length")
        plain[:] = rest
        return cls(fields, int(sizes[0]), place)

    def take(self, data: bytearray) -> None:
        room = self._size - self.block.size
        if room:
            self.block.append(bytes(data[:room]))
        self._trailer += bytes(data[room:])
        if len(self._trailer) > 4:
            raise DamagedWarcError(f"{self._place} is longer than its Content-Length")

    def end(self) -> None:
        if self.block.size < self._size:
            raise DamagedWarcError(f"{self._place} is shorter than its Content-Length")
        if self._trailer != b"\r\n\r\n":
            raise DamagedWarcError(f"{self._place} does not end in two line breaks")
