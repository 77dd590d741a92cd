"""Read the records of any WARC file, and continue behind damage.

Blocks are never held in memory: a caller iterates over their pieces, then sees the damage.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from cacnp_archive.model.named_fields import NamedFields
from cacnp_archive.model.timestamps import timestamp_of
from cacnp_archive.warc.checking.findings import Damage, DamageError
from cacnp_archive.warc.checking.tape import RECORD_START, Tape
from cacnp_archive.warc.reader import MAX_FIELDS_BYTES

TRAILER = b"\r\n\r\n"
NEXT_RECORD = TRAILER + RECORD_START
SEAM_BYTES = len(NEXT_RECORD) - 1

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_LINE_BREAKS = re.compile(rb"[\r\n]*")

MAX_LENGTH_DIGITS = 19

MAX_REREAD_BYTES = 1024**3
"""At most this many bytes are read a second time, or a crafted file could do so without end."""


@dataclass(slots=True)
class ScannedRecord:
    """A record whose fields have been read; `RecordReader.block` yields its block."""

    offset: int
    """Offset of its first byte, or of its gzip member."""
    version: str
    fields: NamedFields
    size: int
    """Its Content-Length."""
    damage: list[Damage] = field(default_factory=list)
    begins_member: bool = False
    alone: bool = False
    """Whether it is exactly one gzip member; set after its block."""
    length: int = 0
    """Bytes in the file; set after its block."""
    values: dict[str, str] = field(init=False)
    """The first value of each field, by lower-case name."""
    record_type: str = field(init=False)
    """Its WARC-Type."""
    record_id: str = field(init=False)
    """Its WARC-Record-ID without angle brackets."""

    def __post_init__(self) -> None:
        self.values = {name.lower(): value for name, value in reversed(self.fields)}
        self.record_type = self.value("warc-type")
        self.record_id = self.value("warc-record-id").strip("<>")

    def value(self, name: str) -> str:
        """Return the first value of a field by lower-case name, or ""."""
        return self.values.get(name, "")

    def all(self, name: str) -> list[str]:
        """Return all values of a field by lower-case name."""
        if name not in self.values:
            return []
        if len(self.values) == len(self.fields):
            return [self.values[name]]
        return [value for key, value in self.fields if key.lower() == name]

    @property
    def url(self) -> str:
        """Its target URI without the angle brackets that some writers of WARC 1.0 add."""
        return self.value("warc-target-uri").strip("<>")

    @property
    def timestamp(self) -> str:
        """Its date as a 14-digit timestamp."""
        return timestamp_of(self.value("warc-date"))


@dataclass(slots=True)
class _Place:
    """A position to return to: buffered data, the position in it, and how to rewind the tape."""

    data: bytes
    at: int
    inside: int
    rewind: Callable[[], None]


class RecordReader:
    """Yields the records of a tape; `stray` holds damage outside of records."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._data = b""
        self._at = 0
        self._inside = 0
        self._is_over = False
        """Whether the segment has been read to its end."""
        self._broken = False
        self._reread = 0
        self.stray: list[tuple[int, str, Damage]] = []
        """Offset, record id if known, damage; whoever iterates takes them away."""

    def __iter__(self) -> Iterator[ScannedRecord]:
        while self._find_start():
            record = self._read_fields()
            if record is not None:
                yield record

    @property
    def place(self) -> int:
        """The offset for findings: in a gzip file, that of the member."""
        return self._tape.offset if self._tape.is_gzip else self._inside + self._at

    def block(self, record: ScannedRecord) -> Iterator[bytes]:
        """Yield a record's block in pieces; it must be read to its end."""
        missing = record.size
        start = self._mark()
        try:
            while missing:
                if self._at == len(self._data) and not self._more():
                    self._end_short(record, missing, start)
                    return
                begin, end = self._at, min(len(self._data), self._at + missing)
                whole_piece = begin == 0 and end == len(self._data)
                piece = self._data if whole_piece else self._data[begin:end]
                self._at = end
                missing -= len(piece)
                yield piece
            self._end(record, start)
        except DamageError as error:
            record.damage.append(error.damage)
            self._break()

    # The end of a record.

    def _end(self, record: ScannedRecord, start: _Place) -> None:
        breaks = b""
        while self._has(1) and len(breaks) < MAX_FIELDS_BYTES:
            found = _LINE_BREAKS.match(self._data, self._at)
            run = found.group() if found else b""
            breaks += run
            self._at += len(run)
            if self._at < len(self._data):
                break
        ends = not self._has(1)
        if not ends and not (
            self._has(len(RECORD_START)) and self._data.startswith(RECORD_START, self._at)
        ):
            record.damage.append(
                Damage("length", "its Content-Length does not lead to the end of a record")
            )
            if not self._go_back(record, self._swallowed(start, record.size)):
                self._skip_to_record()
            return
        if breaks != TRAILER:
            code = "cut" if ends and not self._tape.is_gzip else "trailer"
            record.damage.append(Damage(code, "it does not end in two line breaks"))
        if self._tape.is_gzip:
            record.alone = record.begins_member and ends
            record.length = self._tape.end - record.offset if record.alone else 0
        else:
            record.length = self._inside + self._at - record.offset

    def _end_short(self, record: ScannedRecord, missing: int, start: _Place) -> None:
        swallowed = self._swallowed(start, record.size - missing)
        code = "length" if self._tape.is_gzip or swallowed else "cut"
        record.damage.append(Damage(code, f"{missing} bytes of its Content-Length are missing"))
        self._go_back(record, swallowed)

    def _go_back(self, record: ScannedRecord, swallowed: _Place | None) -> bool:
        """Go back to where a record seems to begin in the last block; False if there is none."""
        if swallowed is None:
            return False
        if self._reread > MAX_REREAD_BYTES:
            what = "records seem to begin within its block; they were not looked at"
            record.damage.append(Damage("length", what))
            return False
        self._reread += self._inside + self._at - swallowed.inside
        self._return_to(swallowed)
        return True

    def _swallowed(self, start: _Place, size: int) -> _Place | None:
        """Return where a record seems to begin within a block with a wrong Content-Length.

        The available bytes of the block are read a second time.
        """
        here = self._mark()
        self._return_to(start)
        seam = b""
        found = None
        while size and found is None and self._has(1):
            piece = self._data[self._at : self._at + size]
            self._at += len(piece)
            size -= len(piece)
            found = self._record_in(seam, piece)
            seam = (seam + piece if len(piece) < SEAM_BYTES else piece)[-SEAM_BYTES:]
        self._return_to(here)
        return found

    def _record_in(self, seam: bytes, piece: bytes) -> _Place | None:
        """Return where a record seems to begin in a piece, or in the end of the previous piece."""
        found = (seam + piece[:SEAM_BYTES]).find(NEXT_RECORD) - len(seam)
        if found < -len(seam):
            found = piece.find(NEXT_RECORD)
            if found < 0:
                return None
        found += len(TRAILER)
        begin = seam[found:] + piece if found < 0 else piece[found:]
        place = self._inside + self._at - len(piece) + found
        return _Place(begin + self._data[self._at :], 0, place, self._tape.mark())

    def _mark(self) -> _Place:
        return _Place(self._data, self._at, self._inside, self._tape.mark())

    def _return_to(self, place: _Place) -> None:
        place.rewind()
        self._data, self._at, self._inside = place.data, place.at, place.inside
        self._is_over = False

    # The beginning of a record.

    def _find_start(self) -> bool:
        while True:
            try:
                if self._broken:
                    if not self._tape.resync():
                        return False
                    self._broken = False
                    self._forget()
                if self._has(len(RECORD_START)) and self._data.startswith(RECORD_START, self._at):
                    return True
                if self._has(1):
                    self._stray("garbage", "here begins no WARC record")
                    self._skip_to_record()
                elif not self._next():
                    return False
            except DamageError as error:
                self.stray.append((self.place, "", error.damage))
                self._break()

    def _next(self) -> bool:
        if not self._tape.next():
            return False
        self._forget()
        if not self._more():
            code = "member" if self._tape.is_gzip else "empty"
            self._stray(code, "here is nothing, though well packed")
        return True

    def _read_fields(self) -> ScannedRecord | None:
        place, begins_member = self.place, self._inside + self._at == 0
        try:
            head = self._take_head()
        except DamageError as error:
            self.stray.append((place, "", error.damage))
            self._break()
            return None
        if head is None:
            self.stray.append((place, "", Damage("fields", "the named fields have no end")))
            self._skip_to_record()
            return None
        version, fields, damage = parse_head(head)
        record = ScannedRecord(place, version, fields, 0, damage, begins_member)
        lengths = set(record.all("content-length"))
        length = lengths.pop() if len(lengths) == 1 else ""
        if not (length.isascii() and length.isdigit() and len(length) <= MAX_LENGTH_DIGITS):
            what = "it has no single Content-Length that is a number"
            for one in [*damage, Damage("length", what)]:
                self.stray.append((place, record.record_id, one))
            self._skip_to_record()
            return None
        record.size = int(length)
        return record

    def _take_head(self) -> bytes | None:
        """Return version and fields up to the blank line, or None when there is none."""
        begin = self._at
        end = _end_of_head(self._data, begin)
        if end < 0:
            waiting = bytearray(self._data[begin:])
            self._inside += begin
            while end < 0 and len(waiting) <= MAX_FIELDS_BYTES:
                seen = max(0, len(waiting) - len(TRAILER))
                piece = self._tape.read()
                if not piece:
                    break
                waiting += piece
                end = _end_of_head(waiting, seen)
            self._data, self._at, begin = bytes(waiting), 0, 0
        if end < 0:
            return None
        self._at = end
        return self._data[begin:end]

    def _skip_to_record(self) -> None:
        """Go to the next record of this segment, or to its end."""
        try:
            while True:
                found = self._data.find(NEXT_RECORD, self._at)
                if found >= 0:
                    self._at = found + len(TRAILER)
                    return
                self._at = max(self._at, len(self._data) - SEAM_BYTES)
                if not self._more():
                    self._at = len(self._data)
                    return
        except DamageError as error:
            self.stray.append((self.place, "", error.damage))
            self._break()

    # Bytes.

    def _has(self, count: int) -> bool:
        while len(self._data) - self._at < count:
            if self._is_over or not self._more():
                return False
        return True

    def _more(self) -> bool:
        """Drop consumed data and read more of the segment."""
        piece = b"" if self._is_over else self._tape.read()
        if not piece:
            self._is_over = True
            return False
        self._inside += self._at
        self._data = self._data[self._at :] + piece
        self._at = 0
        return True

    def _forget(self) -> None:
        self._data, self._at, self._inside, self._is_over = b"", 0, 0, False

    def _break(self) -> None:
        self._forget()
        self._broken = True

    def _stray(self, code: str, what: str) -> None:
        self.stray.append((self.place, "", Damage(code, what)))


def parse_head(head: bytes) -> tuple[str, NamedFields, list[Damage]]:
    """Return the version, the fields in order, and the faults of their syntax."""
    damage = []
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError:
        text = head.decode("utf-8", "replace")
        damage.append(Damage("encoding", "the named fields are not UTF-8"))
    lines = text.split("\r\n")
    if not text.count("\n") == text.count("\r") == len(lines) - 1:
        damage.append(Damage("line-break", "the named fields are not separated by CR LF"))
        lines = re.split(r"\r\n|\n|\r", text)
    version, *rest = lines
    fields: NamedFields = []
    for line in rest:
        if not line:
            continue
        name, colon, value = line.partition(":")
        if colon and _is_token(name):
            fields.append((name, value.strip(" \t")))
        elif line[0] in " \t" and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}")
            damage.append(Damage("folded-field", f"the field {fields[-1][0]} is folded"))
        else:
            damage.append(Damage("fields", f"{line[:40]!r} is not a named field"))
    return version, fields, damage


@lru_cache(1024)
def _is_token(name: str) -> bool:
    return _TOKEN.fullmatch(name) is not None


def _end_of_head(data: bytes | bytearray, start: int) -> int:
    """Return the end of the first blank line (LF or CR LF), or -1."""
    usual = data.find(b"\n\r\n", start)
    bare = data.find(b"\n\n", start, usual if usual >= 0 else len(data))
    if bare >= 0:
        return bare + 2
    return usual + 3 if usual >= 0 else -1
