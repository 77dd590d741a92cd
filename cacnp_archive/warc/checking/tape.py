"""Read a file as a tape of uncompressed bytes with bounded memory.

A tape stops at damage and can search for the next place to resume.
"""

import hashlib
import zlib
from collections.abc import Callable
from typing import IO, Protocol

from cacnp_archive.warc.checking.findings import DamageError

RAW_BYTES = 64 * 1024
READ_BYTES = 256 * 1024
FIRST_BYTES = 16 * 1024
"""How much of a member is decompressed first: most are not longer, and zlib copies the input beyond
their end."""

PLAIN_BYTES = 256 * 1024
"""At most this many bytes are returned at a time, even from a gzip bomb."""

MAGIC = b"\x1f\x8b\x08"
RECORD_START = b"WARC/"


class Source:
    """A file, or a member of a ZIP file, that hashes each byte once."""

    def __init__(self, stream: IO[bytes], *, hashed: bool = False) -> None:
        self._stream = stream
        self._hashes = [hashlib.sha256()] if hashed else []
        self._position = 0
        self.size = 0
        """Bytes read so far; after `drain`, of the whole file."""
        self.crc = 0

    def read(self, size: int = RAW_BYTES) -> bytes:
        """Return the next bytes, fewer than `size` only at the end."""
        data = self._stream.read(size)
        self._position += len(data)
        if (fresh := self._position - self.size) > 0:
            self.size = self._position
            for digest in self._hashes:
                new = data[-fresh:]
                digest.update(new)
                self.crc = zlib.crc32(new, self.crc)
        return data

    def seek(self, offset: int) -> None:
        """Go back to an offset that was read before."""
        self._stream.seek(offset)
        self._position = offset

    def drain(self) -> None:
        """Read the rest."""
        self.seek(self.size)
        while self.read(PLAIN_BYTES):
            pass

    @property
    def sha256(self) -> str:
        """The digest of what was read, in lower-case hex."""
        return self._hashes[0].hexdigest()


class Tape(Protocol):
    """Uncompressed bytes in segments: one per gzip member, or the whole of a plain file."""

    offset: int
    """Offset of the segment in the file."""
    end: int
    """Offset of its end; set once `read` has returned b""."""
    is_gzip: bool

    def next(self) -> bool:
        """Go to the next segment; False at the end. Raises DamageError when none begins here."""

    def read(self) -> bytes:
        """Return more of the segment, b"" at its end; raises DamageError when it is cut off."""

    def resync(self) -> bool:
        """After damage, go to the next segment that begins with a record, if there is one."""

    def mark(self) -> Callable[[], None]:
        """Return a function that goes back to this position."""


class PlainTape:
    """An uncompressed file: one segment."""

    is_gzip = False

    def __init__(self, source: Source) -> None:
        self._source = source
        self._begun = False
        self._position = 0
        self.offset = 0
        self.end = 0

    def next(self) -> bool:
        """Begin the only segment."""
        first, self._begun = not self._begun, True
        return first

    def read(self) -> bytes:
        """Return the next bytes."""
        data = self._source.read(PLAIN_BYTES) if self._begun else b""
        self._position += len(data)
        self.end = self._position
        return data

    def resync(self) -> bool:
        """Return False: the reader searches for records within the segment."""
        return False

    def mark(self) -> Callable[[], None]:
        """Return a function that goes back to this position."""
        position = self._position

        def rewind() -> None:
            self._source.seek(position)
            self._position = position

        return rewind


class GzipTape:
    """A gzip file: one segment per member."""

    is_gzip = True

    def __init__(self, source: Source) -> None:
        self._source = source
        self._raw = b""
        self._raw_offset = 0
        self._at = 0
        self._inflate: zlib._Decompress | None = None
        self._window = FIRST_BYTES
        self.offset = 0
        self.end = 0

    def next(self) -> bool:
        """Go to the next member; raises DamageError when there are other bytes."""
        while len(self._raw) - self._at < len(MAGIC) and self._load():
            pass
        self.offset = self._raw_offset + self._at
        if self._at == len(self._raw):
            return False
        if not self._raw.startswith(MAGIC, self._at):
            if MAGIC.startswith(self._raw[self._at :]):
                raise DamageError("cut", "the file ends within this gzip member")
            raise DamageError("garbage", "there are bytes outside of a gzip member")
        self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._window = FIRST_BYTES
        return True

    def read(self) -> bytes:
        """Return more of the member; b"" means that its checksum was verified."""
        inflate = self._inflate
        while inflate is not None:
            if self._at == len(self._raw) and not self._load():
                self._inflate = None
                raise DamageError("cut", "the file ends within this gzip member")
            raw = memoryview(self._raw)[self._at : self._at + self._window]
            try:
                data = inflate.decompress(raw, PLAIN_BYTES)
            except zlib.error as error:
                self._inflate = None
                raise DamageError("gzip", f"the gzip member is broken: {error}") from error
            if inflate.eof:
                self._inflate = None
                self._at += len(raw) - len(inflate.unused_data)
                self.end = self._raw_offset + self._at
                return data
            self._at += len(raw) - len(inflate.unconsumed_tail)
            self._window = READ_BYTES
            if data:
                return data
        return b""

    def resync(self) -> bool:
        """Go to the next member that begins with a record."""
        self._inflate = None
        start = max(self.offset + 1, self._raw_offset - RAW_BYTES)
        self._go(start)
        while True:
            found = self._raw.find(MAGIC, self._at)
            if found < 0:
                self._at = max(self._at, len(self._raw) - len(MAGIC) + 1)
                if not self._load():
                    self._at = len(self._raw)
                    return False
                continue
            self._at = found
            if self._begins_with_record():
                return self.next()
            self._at += 1

    def mark(self) -> Callable[[], None]:
        """Return a function that goes back to this position, even within a member."""
        raw, raw_offset, at, offset = self._raw, self._raw_offset, self._at, self.offset
        inflate = self._inflate and self._inflate.copy()

        def rewind() -> None:
            self._raw, self._raw_offset, self._at, self.offset = raw, raw_offset, at, offset
            self._inflate = inflate
            self._source.seek(raw_offset + len(raw))

        return rewind

    def _begins_with_record(self) -> bool:
        while len(self._raw) - self._at < RAW_BYTES // 2 and self._load():
            pass
        try:
            plain = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(
                memoryview(self._raw)[self._at :], len(RECORD_START)
            )
        except zlib.error:
            return False
        return plain == RECORD_START

    def _go(self, offset: int) -> None:
        self._source.seek(offset)
        self._raw, self._raw_offset, self._at = b"", offset, 0

    def _load(self) -> bool:
        """Drop consumed data and read more."""
        more = self._source.read(READ_BYTES)
        if not more:
            return False
        self._raw_offset += self._at
        self._raw = self._raw[self._at :] + more
        self._at = 0
        return True


def open_tape(source: Source, head: bytes) -> Tape:
    """Return the tape for a file that begins with `head`."""
    source.seek(0)
    if head.startswith(MAGIC):
        return GzipTape(source)
    if not head.startswith(RECORD_START):
        tape = GzipTape(source)
        if tape.resync():
            return tape
        source.seek(0)
    return PlainTape(source)
