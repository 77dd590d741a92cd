"""Write captures to WARC files durably.

The name of a file that is being written ends in `.open`. A capture is safe once the file has been
fsynced behind it; a file is complete once it has its final name and its folder has been fsynced.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from cacnp_archive.model.capture import Capture, FailedExchange, Original, RecordPointer
from cacnp_archive.model.durable_files import (
    cut_file,
    fsync_file,
    fsync_folder,
    rename_new,
    write_all,
)
from cacnp_archive.model.errors import StorageError
from cacnp_archive.model.named_fields import NamedFields
from cacnp_archive.warc.cdxj import IndexLines, capture_line
from cacnp_archive.warc.compose import (
    Record,
    as_revisit,
    capture_records,
    digests_of,
    failure_records,
    new_record_id,
    warcinfo_record,
)

OPEN_SUFFIX = ".open"
HTML_TYPES = frozenset({"", "text/html", "application/xhtml+xml"})

WRITE_BYTES = 1024 * 1024


@dataclass(slots=True)
class _OpenFile:
    name: str
    path: Path
    stream: BinaryIO
    warcinfo_id: str
    safe_size: int = 0
    index_lines: IndexLines = field(default_factory=IndexLines)


class WarcWriter:
    """Writes `<prefix>-00001.warc.gz` and its successors; not thread-safe.

    The first file is created with the first capture. `info` are the fields of each warcinfo. A file
    that has reached `max_bytes` is completed, and `on_complete` is called with its path and its
    sorted index lines. `find_original` returns an earlier capture with the same payload digest, of
    which the capture is then a revisit.
    """

    def __init__(
        self,
        folder: Path,
        prefix: str,
        info: NamedFields,
        max_bytes: int,
        *,
        find_original: Callable[[str], Original | None] = lambda _: None,
        on_complete: Callable[[Path, IndexLines], None] = lambda *_: None,
    ) -> None:
        self._folder = folder
        self._prefix = prefix
        self._info = info
        self._max_bytes = max_bytes
        self._find_original = find_original
        self._on_complete = on_complete
        self._serial = 0
        self._file: _OpenFile | None = None

    def write(self, items: Iterable[Capture | FailedExchange]) -> list[Capture | FailedExchange]:
        """Write captures and failures, and return them with their record pointers, safe on disk.

        Raises StorageError when the disk refuses; the file is then cut back to its last safe byte.
        """
        try:
            written = [
                self._write_capture(item)
                if isinstance(item, Capture)
                else self._write_failure(item)
                for item in items
            ]
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
        path = self._folder / file.name
        rename_new(file.path, path)
        self._on_complete(path, file.index_lines)

    def _write_capture(self, capture: Capture) -> Capture:
        file = self._file_with_room()
        digests = digests_of(capture)
        if digests.payload and may_be_revisit(capture):
            original = self._find_original(digests.payload)
            if original is not None and _may_refer(capture, original):
                capture, digests = as_revisit(capture, original, digests)
        records = capture_records(capture, digests, file.warcinfo_id)
        safe = replace(capture, record=_write_records(file, records), digests=digests)
        file.index_lines.append(capture_line(safe))
        return safe

    def _write_failure(self, failed: FailedExchange) -> FailedExchange:
        file = self._file_with_room()
        return replace(
            failed, record=_write_records(file, failure_records(failed, file.warcinfo_id))
        )

    def _file_with_room(self) -> _OpenFile:
        if self._file is not None and self._file.stream.tell() >= self._max_bytes:
            self.close()
        return self._file or self._begin_file()

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
        fsync_file(file.stream)
        file.safe_size = file.stream.tell()

    def _cut_back(self) -> None:
        """Complete the file with its safe records, unless the disk refuses even that."""
        file, self._file = self._file, None
        if file is None:
            return
        with file.stream, suppress(OSError):
            cut_file(file.stream, file.safe_size)
            if file.safe_size:
                rename_new(file.path, self._folder / file.name)
            else:
                file.path.unlink()
                fsync_folder(self._folder)


def _may_refer(capture: Capture, original: Original) -> bool:
    """Whether a capture may be a revisit of an original.

    A page refers to the same URL only: one page that many URLs share may prove to be a wall, which
    is never an original.
    """
    return original.url == capture.url or capture.media_type not in HTML_TYPES


def may_be_revisit(capture: Capture) -> bool:
    """Whether a capture may be a revisit or the original of one: complete, 200, not empty."""
    return (
        capture.status == 200
        and capture.truncated is None
        and capture.message.entity.size > 0
        and capture.method == "GET"
    )


def _write_records(file: _OpenFile, records: list[Record]) -> RecordPointer:
    offset = file.stream.tell()
    first, *others = records
    length = _write_record(file.stream, first)
    for record in others:
        _write_record(file.stream, record)
    return RecordPointer(file.name, offset, length, first.record_id)


def _write_record(stream: BinaryIO, record: Record) -> int:
    start = stream.tell()
    waiting = bytearray()
    for piece in record.compressed():
        waiting += piece
        if len(waiting) >= WRITE_BYTES:
            write_all(stream, waiting)
            waiting.clear()
    write_all(stream, waiting)
    return stream.tell() - start
