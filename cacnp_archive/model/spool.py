"""A byte buffer that moves from memory to disk when it grows."""

import tempfile
from collections.abc import Iterator
from typing import BinaryIO

IN_MEMORY_BYTES = 4 * 1024 * 1024
"""Blocks up to this size stay in memory until their WARC record is written."""

CHUNK_BYTES = 256 * 1024


class Spool:
    """An append-only byte buffer; beyond IN_MEMORY_BYTES it is an anonymous temporary file."""

    def __init__(self, data: bytes = b"") -> None:
        self._memory = bytearray(data)
        self._file: BinaryIO | None = None
        self.size = len(data)

    def append(self, data: bytes | bytearray) -> None:
        """Append bytes; raises OSError when the disk for temporary files is full."""
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
        """Yield the bytes in chunks; nothing may be appended meanwhile."""
        if self._file is None:
            yield bytes(self._memory)
            return
        self._file.seek(0)
        while chunk := self._file.read(CHUNK_BYTES):
            yield chunk

    def read_at(self, offset: int, size: int) -> bytes:
        """Return at most `size` bytes from an offset."""
        if self._file is None:
            with memoryview(self._memory) as memory:  # slicing the bytearray would copy twice
                return bytes(memory[offset : offset + size])
        self._file.seek(offset)
        data = self._file.read(size)
        self._file.seek(0, 2)
        return data

    def head(self, size: int) -> bytes:
        """Return at most the first `size` bytes."""
        return self.read_at(0, size)

    def to_bytes(self) -> bytes:
        """Return all bytes, for blocks that are known to fit into memory."""
        return self.head(self.size)

    def __del__(self) -> None:
        if self._file is not None:
            self._file.close()
