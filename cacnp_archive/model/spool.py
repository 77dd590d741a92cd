"""Bytes of unknown number: in memory while they are few, on disk when they are many."""

import tempfile
from collections.abc import Iterator
from typing import BinaryIO

IN_MEMORY_BYTES = 4 * 1024 * 1024
"""A block of up to this many bytes never touches the disk before its WARC record is written."""

CHUNK_BYTES = 256 * 1024


class Spool:
    """A byte string that is only ever appended to; beyond IN_MEMORY_BYTES it is a nameless file."""

    def __init__(self, data: bytes = b"") -> None:
        self._memory = bytearray(data)
        self._file: BinaryIO | None = None
        self.size = len(data)

    def append(self, data: bytes) -> None:
        """Add bytes at the end; raises OSError when the disk for temporary files is full."""
        self.size += len(data)
        if self._file is None and self.size <= IN_MEMORY_BYTES:
            self._memory += data
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __del__
            self._file.write(self._memory)
            self._memory.clear()
        self._file.write(data)

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes in pieces; nothing may be appended meanwhile."""
        if self._file is None:
            yield bytes(self._memory)
            return
        self._file.seek(0)
        while chunk := self._file.read(CHUNK_BYTES):
            yield chunk

    def read_at(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from an offset on, or fewer when the end comes first."""
        if self._file is None:
            with memoryview(self._memory) as memory:  # a slice of the bytearray is a copy more
                return bytes(memory[offset : offset + size])
        self._file.seek(offset)
        data = self._file.read(size)
        self._file.seek(0, 2)
        return data

    def head(self, size: int) -> bytes:
        """Return the first `size` bytes, or all when there are fewer."""
        return self.read_at(0, size)

    def to_bytes(self) -> bytes:
        """Return all bytes; for blocks that are known to fit into memory."""
        return self.head(self.size)

    def __del__(self) -> None:
        if self._file is not None:
            self._file.close()
