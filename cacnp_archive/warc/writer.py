"""Write captures into WARC files so that what is said to be safe is safe.

A file being written ends in `.open`. A capture counts as safe once the file has been flushed and
fsynced behind it; a file is complete once it has been renamed and its folder fsynced.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from cacnp_archive.capture import Capture, RecordPointer
from cacnp_archive.errors import StorageError
from cacnp_archive.warc.records import (
    NamedFields,
    Record,
    capture_records,
    new_record_id,
    warcinfo_record,
)

OPEN_SUFFIX = ".open"
WRITE_BYTES = 1024 * 1024


@dataclass(slots=True)
class _OpenFile:
    name: str
    path: Path
    stream: BinaryIO
    warcinfo_id: str
    safe_size: int = 0


class WarcWriter:
    """Writes `<prefix>-00001.warc.gz` and its successors; for one thread at a time.

    The first file is made with the first capture. `info` are the fields of each file's warcinfo;
    a file that has reached `max_bytes` is closed and the next one begun.
    """

    def __init__(self, folder: Path, prefix: str, info: NamedFields, max_bytes: int) -> None:
        self._folder = folder
        self._prefix = prefix
        self._info = info
        self._max_bytes = max_bytes
        self._serial = 0
        self._file: _OpenFile | None = None

    def write(self, captures: Iterable[Capture]) -> list[Capture]:
        """Write captures and return them with pointers and digests, now safe on disk.

        Raises StorageError when the disk refuses: the file is then cut back to its last safe byte.
        """
        try:
            written = [self._write_capture(capture) for capture in captures]
            if self._file is not None:
                self._make_safe(self._file)
        except OSError as error:
            self._cut_back()
            raise StorageError(
                f"cannot write to {self._folder}: {error.strerror or error}; the crawl stops, "
                "all earlier captures are safe: make room and start it again"
            ) from error
        return written

    def close(self) -> None:
        """Complete the file being written, if there is one."""
        if self._file is None:
            return
        file, self._file = self._file, None
        self._make_safe(file)
        file.stream.close()
        file.path.rename(self._folder / file.name)
        fsync_folder(self._folder)

    def _write_capture(self, capture: Capture) -> Capture:
        if self._file is not None and self._file.stream.tell() >= self._max_bytes:
            self.close()
        file = self._file or self._begin_file()
        records, digests = capture_records(capture, file.warcinfo_id)
        offset = file.stream.tell()
        length = _write_record(file.stream, records[0])
        for record in records[1:]:
            _write_record(file.stream, record)
        pointer = RecordPointer(file.name, offset, length, records[0].record_id)
        return replace(capture, record=pointer, digests=digests)

    def _begin_file(self) -> _OpenFile:
        self._serial += 1
        name = f"{self._prefix}-{self._serial:05}.warc.gz"
        path = self._folder / (name + OPEN_SUFFIX)
        file = _OpenFile(name, path, path.open("xb", buffering=0), new_record_id())
        self._file = file
        _write_record(file.stream, warcinfo_record(name, self._info, file.warcinfo_id))
        self._make_safe(file)
        fsync_folder(self._folder)
        return file

    def _make_safe(self, file: _OpenFile) -> None:
        os.fsync(file.stream.fileno())
        file.safe_size = file.stream.tell()

    def _cut_back(self) -> None:
        """Leave the file complete with what was safe; a disk that refuses even that leaves it."""
        file, self._file = self._file, None
        if file is None:
            return
        with file.stream, suppress(OSError):
            file.stream.truncate(file.safe_size)
            os.fsync(file.stream.fileno())
            file.path.rename(self._folder / file.name)
            fsync_folder(self._folder)


def fsync_folder(folder: Path) -> None:
    """Make new and renamed files of a folder survive a power loss."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_record(stream: BinaryIO, record: Record) -> int:
    start = stream.tell()
    waiting = bytearray()
    for piece in record.compressed():
        waiting += piece
        if len(waiting) >= WRITE_BYTES:
            _write_all(stream, waiting)
            waiting.clear()
    _write_all(stream, waiting)
    return stream.tell() - start


def _write_all(stream: BinaryIO, data: bytearray) -> None:
    rest = memoryview(bytes(data))
    while rest:
        rest = rest[stream.write(rest) :]
