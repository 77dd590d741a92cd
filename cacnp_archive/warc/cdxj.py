"""CDXJ: the sorted index by which replay finds a record.

A line is a sort-friendly address (SURT), a time to the second and a JSON object. The fields and
their spelling are those of cdxj-indexer, which pywb and WACZ readers know.
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
from cacnp_archive.warc.compose import head_size_of, sha1, warc_date
from cacnp_archive.warc.reader import StoredRecord, read_records

SUFFIX = ".cdxj"

KEPT_LINES = 2_000
"""So many lines are kept as they are; of a gigabyte of WARC files all would be some 100 MB."""

_END_OF_MEDIA_TYPE = re.compile(r"[;\s]")


class IndexLines:
    """The lines of the index of a file that is being written, in a tenth of their size."""

    def __init__(self) -> None:
        self._last: list[bytes] = []
        self._stretches: list[bytes] = []

    def append(self, line: str) -> None:
        """Take the line of the next record."""
        self._last.append(line.encode())
        if len(self._last) == KEPT_LINES:
            self._stretches.append(gzip.compress(b"".join(sorted(self._last)), 1))
            self._last.clear()

    def __iter__(self) -> Iterator[str]:
        """Yield all of them, sorted by bytes."""
        stretches = (gzip.GzipFile(fileobj=BytesIO(stretch)) for stretch in self._stretches)
        for line in heapq.merge(*stretches, sorted(self._last)):
            yield line.decode()


def cdxj_lines(path: Path) -> list[str]:
    """Return the index lines of a WARC file, sorted by bytes, each with its line feed."""
    return sorted((_line(record, path.name) for record in _indexed(path)), key=str.encode)


def row_line(
    *,
    url: str,
    captured_at: str,
    is_revisit: bool,
    status: int,
    media_type: str,
    digest: str | None,
    place: tuple[int, int, str],
) -> str:
    """Return the index line of a record that has a row; `place`: offset, length, file name."""
    fields = {"url": url}
    if is_revisit:
        fields["mime"] = "warc/revisit"
    elif media_type:
        fields["mime"] = media_type
    if status:
        fields["status"] = str(status)
    if digest and not (is_revisit and status == NOT_MODIFIED):
        fields["digest"] = digest
    offset, length, filename = place
    fields |= {"length": str(length), "offset": str(offset), "filename": filename}
    timestamp = "".join(filter(str.isdigit, captured_at))[:14]
    return f"{_sort_key(url)} {timestamp} {json.dumps(fields)}\n"


def capture_line(capture: Capture) -> str:
    """Return the index line of a capture that is safe: that of its record, without reading it."""
    record, digests = capture.record, capture.digests
    if record is None or digests is None:
        raise ValueError(f"the capture of {capture.url} is not safe in a WARC file yet")
    is_not_modified = capture.original is not None and capture.status == NOT_MODIFIED
    digest = digests.payload
    if digest is None and not is_not_modified:
        digest = _digest_behind_head(capture.block)
    return row_line(
        url=capture.url,
        captured_at=warc_date(capture.captured_at),
        is_revisit=capture.original is not None,
        status=0 if is_not_modified else capture.status,
        media_type=_bare(capture.message.value(b"content-type")),
        digest=digest,
        place=(record.offset, record.length, record.warc_file),
    )


def _bare(media_type: str) -> str:
    return _END_OF_MEDIA_TYPE.split(media_type, maxsplit=1)[0]


def _indexed(path: Path) -> Iterator[StoredRecord]:
    for record in read_records(path):
        if record.record_type in ("response", "revisit"):
            yield record


def _line(record: StoredRecord, filename: str) -> str:
    url = record.field("WARC-Target-URI")
    timestamp = "".join(filter(str.isdigit, record.field("WARC-Date")))[:14]
    message = ResponseMessage.read(record.block.chunks(), "HEAD")
    fields = {"url": url}
    if record.record_type == "revisit":
        fields["mime"] = "warc/revisit"
    elif media_type := message.value(b"content-type"):
        fields["mime"] = _bare(media_type)
    if message.status:
        fields["status"] = str(message.status)
    if record.block.size:
        # Of a 304 there is nothing to digest: wabac.js would take the digest of nothing for that
        # of the payload, and replay nothing in place of the original's.
        fields["digest"] = record.field("WARC-Payload-Digest") or _digest_behind_head(record.block)
    fields |= {
        "length": str(record.length),
        "offset": str(record.offset),
        "filename": filename,
    }
    return f"{_sort_key(url)} {timestamp} {json.dumps(fields)}\n"


def _digest_behind_head(block: Spool) -> str:
    start = head_size_of(block.head(MAX_HEAD_BYTES))
    return sha1(_from(block.chunks(), start))


def _from(chunks: Iterator[bytes], start: int) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk[start:]
        start = max(0, start - len(chunk))


def _sort_key(url: str) -> str:
    import surt  # brings requests with it, which takes its time

    key: str = surt.surt(url)
    return key
