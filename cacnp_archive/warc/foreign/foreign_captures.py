"""Make captures from records that other programs wrote.

Many writers change bodies but not headers: they remove chunk framing and keep
`Transfer-Encoding: chunked`, or decompress and keep `Content-Encoding: gzip`. The block stays as it
is in the file; parsers get a corrected message.
"""

import re
from dataclasses import replace
from itertools import chain
from pathlib import Path

from cacnp_archive.model.capture import Capture, Digests, Original, RecordPointer, Truncation
from cacnp_archive.model.http_message import ResponseMessage
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.spool import Spool
from cacnp_archive.model.urls import without_fragment
from cacnp_archive.warc.captures import TRUNCATIONS
from cacnp_archive.warc.compose import sha1, sha256
from cacnp_archive.warc.foreign.foreign_records import (
    ForeignRecord,
    identity_of,
    read_foreign_record,
)
from cacnp_archive.warc.reader import DamagedWarcError

KEPT_TYPES = ("response", "revisit", "resource")
"""Record types that hold what a server sent; a conversion, for example, does not."""

UNSPECIFIED: Truncation = "disconnect"
"""A body that was cut off for an unknown reason is treated like a broken connection."""

_LATER_HTTP = re.compile(rb"\AHTTP/[23](?:\.\d)? (\d{3}) ?")
_GZIP_START = b"\x1f\x8b"


def is_kept(record: ForeignRecord) -> bool:
    """Whether a record becomes a capture: it has content, an HTTP URL and a date."""
    is_of_web = record.url.lower().startswith(("http://", "https://"))
    return record.record_type in KEPT_TYPES and is_of_web and record.captured_at is not None


def foreign_capture(
    record: ForeignRecord, warc_file: str, record_id: str, original: Original | None
) -> Capture:
    """Return the capture of a record; digests are computed, not copied.

    `original` is what a revisit repeats, or None when it is not in the archive.
    """
    captured_at = record.captured_at
    if captured_at is None:
        raise DamagedWarcError(f"{warc_file}: the record at offset {record.offset} has no date")
    truncated = record.field("WARC-Truncated").strip().lower()
    capture = Capture(
        url=without_fragment(record.url),
        captured_at=captured_at,
        block=record.block,
        message=_message(record),
        ip=record.field("WARC-IP-Address") or None,
        truncated=TRUNCATIONS.get(truncated, UNSPECIFIED) if truncated else None,
        original=original,
        record=RecordPointer(warc_file, record.offset, record.length, record_id),
    )
    if record.record_type == "response":
        capture = _without_stale_coding(capture)
    return replace(capture, digests=_digests(record, capture))


def read_foreign_capture(path: Path, pointer: RecordPointer) -> Capture:
    """Return the capture of the record at an offset; raises OSError and DamagedWarcError."""
    record = read_foreign_record(path, pointer.offset)
    if not is_kept(record) or record.record_id not in ("", pointer.record_id):
        raise DamagedWarcError(f"{path.name}: no record {pointer.record_id} at {pointer.offset}")
    return foreign_capture(record, path.name, pointer.record_id, None)


def names_of(record: ForeignRecord, file_sha256: str) -> tuple[str, str]:
    """Return the ids of a record: its own, and one derived from its file and offset."""
    made = identity_of(file_sha256, record.offset)
    return record.record_id or made, made


def stated_payload(record: ForeignRecord) -> str | None:
    """Return the payload digest that a record states, as we spell it, or None."""
    algorithm, colon, value = record.field("WARC-Payload-Digest").strip().partition(":")
    if not colon:
        return None
    if algorithm.lower() in ("sha1", "sha-1") and len(value) == 32:
        return f"sha1:{value.upper()}"
    return f"{algorithm.lower()}:{value}"


def _message(record: ForeignRecord) -> ResponseMessage:
    if record.record_type == "resource":
        return _made(f"HTTP/1.1 200 OK\r\nContent-Type: {_media_type(record)}", record.block)
    if record.record_type == "revisit":
        if record.block.size == 0:
            return _made("HTTP/1.1 304 Not Modified", Spool())
        return _read(record.block, "HEAD")
    message = _read(record.block, "GET")
    if any(problem.code == ProblemCode.NOT_CHUNKED for problem in message.problems):
        rest = _whole_rest(record.block, message)
        return message.with_entity(rest, b"transfer-encoding", b"content-length")
    return message


def _media_type(record: ForeignRecord) -> str:
    return " ".join(record.field("Content-Type").split())


def _made(head: str, entity: Spool) -> ResponseMessage:
    message = ResponseMessage.read([f"{head}\r\n\r\n".encode("latin-1", "replace")], "HEAD")
    message.entity = entity
    return message


def _read(block: Spool, method: str) -> ResponseMessage:
    """Parse a block; HTTP/2 and later, which some tools write as text, is parsed as HTTP/1.1."""
    chunks = block.chunks()
    first = _LATER_HTTP.sub(rb"HTTP/1.1 \1 ", next(chunks, b""), count=1)
    return ResponseMessage.read(chain([first], chunks), method)


def _whole_rest(block: Spool, message: ResponseMessage) -> Spool:
    """Return everything behind the headers."""
    rest = Spool()
    start = message.interim_size + message.head_size
    for chunk in block.chunks():
        rest.append(chunk[start:])
        start = max(0, start - len(chunk))
    return rest


def _without_stale_coding(capture: Capture) -> Capture:
    """Return the capture without a Content-Encoding that its body does not have."""
    message = capture.message
    if not message.value(b"content-encoding") or message.entity.head(2) == _GZIP_START:
        return capture
    is_odd = any(problem.code == ProblemCode.ODD_CODING for problem in capture.decoded.problems)
    if not is_odd or capture.body != message.entity.to_bytes():
        return capture
    # A Content-Length would be that of the compressed body, so it is too short.
    entity = message.entity if message.chunked else _whole_rest(capture.block, message)
    mended = message.with_entity(entity, b"content-encoding", b"content-length")
    return replace(capture, message=mended)


def _digests(record: ForeignRecord, capture: Capture) -> Digests:
    block = sha1(record.block.chunks())
    if record.record_type == "revisit" and capture.original is not None:
        repeated = capture.original.digests
        return replace(repeated, block=block)
    entity = capture.message.entity
    is_revisit = record.record_type == "revisit"
    return Digests(
        block=block,
        payload=stated_payload(record) if is_revisit else sha1(entity.chunks()),
        entity_sha256=sha256(entity.chunks()),
        entity_length=entity.size,
    )
