"""CDXJ: the sorted index in which replay looks up records.

A line is a sort-friendly URL (SURT), a 14-digit timestamp and a JSON object. The fields are those
of cdxj-indexer, which pywb and WACZ readers understand.
"""

import gzip
import heapq
import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from cacnp_archive.model.capture import NOT_MODIFIED, Capture
from cacnp_archive.model.http_message import MAX_HEAD_BYTES, ResponseMessage
from cacnp_archive.model.spool import Spool
from cacnp_archive.model.timestamps import timestamp_of
from cacnp_archive.warc.compose import head_size_of, sha1, warc_date
from cacnp_archive.warc.reader import StoredRecord, read_records

SUFFIX = ".cdxj"

INDEXED_TYPES = ("response", "revisit")

KEPT_LINES = 2_000
"""At most this many lines are kept uncompressed: a gigabyte of WARC files has 100 MB of lines."""

_END_OF_MEDIA_TYPE = re.compile(r"[;\s]")


class IndexLines:
    """The index lines of a file that is being written, compressed to a tenth of their size."""

    def __init__(self) -> None:
        self._last: list[bytes] = []
        self._sorted_runs: list[bytes] = []

    def append(self, line: str) -> None:
        """Add the line of the next record."""
        self._last.append(line.encode())
        if len(self._last) == KEPT_LINES:
            self._sorted_runs.append(gzip.compress(b"".join(sorted(self._last)), 1))
            self._last.clear()

    def __iter__(self) -> Iterator[str]:
        """Yield all lines, sorted by bytes."""
        runs = (gzip.GzipFile(fileobj=BytesIO(run)) for run in self._sorted_runs)
        for line in heapq.merge(*runs, sorted(self._last)):
            yield line.decode()


def index_line(
    *,
    url: str,
    captured_at: str,
    is_revisit: bool,
    status: int,
    media_type: str,
    digest: str | None,
    place: tuple[int, int, str],
) -> str:
    """Return the index line of a response or revisit record.

    `captured_at` is its WARC-Date; `status` is 0 when it holds no status line; `digest` is that of
    the payload; `place` is its offset, length and file name.
    """
    fields = {"url": url}
    if is_revisit:
        fields["mime"] = "warc/revisit"
    elif mime := _END_OF_MEDIA_TYPE.split(media_type, maxsplit=1)[0]:
        fields["mime"] = mime
    if status:
        fields["status"] = str(status)
    if digest and not (is_revisit and status == NOT_MODIFIED):
        # A 304 has no payload: given the digest of nothing, wabac.js would replay an empty page.
        fields["digest"] = digest
    offset, length, filename = place
    fields |= {"length": str(length), "offset": str(offset), "filename": filename}
    return f"{_sort_key(url)} {timestamp_of(captured_at)} {json.dumps(fields)}\n"


def capture_line(capture: Capture) -> str:
    """Return the index line of a capture that has been written, without reading its record."""
    record, digests = capture.record, capture.digests
    if record is None or digests is None:
        raise ValueError(f"the capture of {capture.url} has not been written to a WARC file")
    is_not_modified = capture.original is not None and capture.status == NOT_MODIFIED
    digest = digests.payload
    if digest is None and not is_not_modified:
        digest = _digest_behind_head(capture.block)
    return index_line(
        url=capture.url,
        captured_at=warc_date(capture.captured_at),
        is_revisit=capture.original is not None,
        status=0 if is_not_modified else capture.status,
        media_type=capture.message.value(b"content-type"),
        digest=digest,
        place=(record.offset, record.length, record.warc_file),
    )


def record_line(record: StoredRecord, filename: str) -> str:
    """Return the index line of a response or revisit record of a file."""
    message = ResponseMessage.read(record.block.chunks(), "HEAD")
    digest = None
    if record.block.size:
        digest = record.field("WARC-Payload-Digest") or _digest_behind_head(record.block)
    return index_line(
        url=record.field("WARC-Target-URI"),
        captured_at=record.field("WARC-Date"),
        is_revisit=record.record_type == "revisit",
        status=message.status,
        media_type=message.value(b"content-type"),
        digest=digest,
        place=(record.offset, record.length, filename),
    )


def cdxj_lines(path: Path) -> list[str]:
    """Return the index lines of a WARC file, sorted by bytes, each with its line feed."""
    lines = [
        record_line(record, path.name)
        for record in read_records(path)
        if record.record_type in INDEXED_TYPES
    ]
    return sorted(lines, key=str.encode)


def _digest_behind_head(block: Spool) -> str:
    start = head_size_of(block.head(MAX_HEAD_BYTES))
    return sha1(_from(block.chunks(), start))


def _from(chunks: Iterator[bytes], start: int) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk[start:]
        start = max(0, start - len(chunk))


def _sort_key(url: str) -> str:
    import surt  # imports requests, which takes 100 ms and is needed for few commands

    key: str = surt.surt(url)
    return key
