"""Read captures from the records of our own WARC files."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cacnp_archive.model.capture import (
    Capture,
    Digests,
    FailedExchange,
    FailureReason,
    RecordPointer,
    Truncation,
)
from cacnp_archive.model.http_message import ResponseMessage
from cacnp_archive.model.named_fields import NamedFields
from cacnp_archive.model.spool import Spool
from cacnp_archive.warc.compose import sha256
from cacnp_archive.warc.reader import (
    DamagedWarcError,
    StoredRecord,
    find_record,
    read_record,
    read_records,
)

TRUNCATIONS: dict[str, Truncation] = {
    "disconnect": "disconnect",
    "length": "length",
    "time": "time",
}


@dataclass(slots=True)
class _Exchange:
    """The records of one exchange."""

    first: StoredRecord
    request: bytes | None = None
    facts: NamedFields = field(default_factory=list)

    def fact(self, name: str) -> str | None:
        """Return the first value of a field of the metadata record, or None."""
        return next((value for key, value in self.facts if key == name), None)


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """A capture from a record, and the original to which a revisit refers."""

    capture: Capture
    refers_to: str | None
    """Record id of the original, if the record is a revisit."""
    record: RecordPointer


def read_capture_at(path: Path, pointer: RecordPointer) -> Capture:
    """Return the capture of the response record at an offset.

    The records behind it (request, metadata) are not read. Raises OSError when the file is missing,
    DamagedWarcError when there is no such record.
    """
    record = read_record(path, pointer.offset)
    if record.record_id != pointer.record_id or record.record_type != "response":
        raise DamagedWarcError(f"{path.name}: no record {pointer.record_id} at {pointer.offset}")
    return _capture(_Exchange(record), path.name).capture


def read_warcinfo(path: Path) -> NamedFields:
    """Return the fields of a file's warcinfo, or none when the first record is of another type."""
    for record in read_records(path):
        return _warc_fields(record) if record.record_type == "warcinfo" else []
    return []


def find_exchange(path: Path, start: int, end: int) -> int | None:
    """Return the offset of the first exchange between two offsets, or None; see `find_record`."""
    offset = find_record(path, start, end)
    try:
        for record in () if offset is None else read_records(path, offset):
            if record.offset >= end:
                return None
            if record.record_type in _FIRST and not record.field("WARC-Concurrent-To"):
                return record.offset
    except DamagedWarcError:
        pass  # a reader of everything before it will find the damage
    return None


def read_exchanges(path: Path, offset: int = 0) -> Iterator[StoredCapture | FailedExchange]:
    """Yield captures and failures from an offset on, in order; raises as `read_records`."""
    name = path.name.removesuffix(".open")
    exchange: _Exchange | None = None
    for record in read_records(path, offset):
        concurrent = record.field("WARC-Concurrent-To").strip("<>")
        if exchange is not None and concurrent == exchange.first.record_id:
            _add(exchange, record)
            continue
        if exchange is not None:
            yield _finished(exchange, name)
            exchange = None
        if record.record_type in _FIRST:
            exchange = _Exchange(record)
            _add(exchange, record)
    if exchange is not None:
        yield _finished(exchange, name)


_FIRST = ("response", "revisit", "metadata")
"""The record types that start an exchange."""


def _add(exchange: _Exchange, record: StoredRecord) -> None:
    if record.record_type == "request":
        exchange.request = record.block.to_bytes()
    elif record.field("Content-Type") == "application/warc-fields":
        exchange.facts += _warc_fields(record)


def _warc_fields(record: StoredRecord) -> NamedFields:
    lines = record.block.to_bytes().decode("utf-8", "replace").split("\r\n")
    pairs = (line.partition(": ") for line in lines)
    return [(name, value) for name, colon, value in pairs if colon]


def _finished(exchange: _Exchange, name: str) -> StoredCapture | FailedExchange:
    if exchange.first.record_type == "metadata":
        return _failure(exchange, name)
    return _capture(exchange, name)


def _pointer(record: StoredRecord, name: str) -> RecordPointer:
    return RecordPointer(name, record.offset, record.length, record.record_id)


def _moment(record: StoredRecord) -> datetime:
    return datetime.fromisoformat(record.field("WARC-Date")).astimezone(UTC)


def _failure(exchange: _Exchange, name: str) -> FailedExchange:
    record = exchange.first
    reason = exchange.fact("fetchFailure")
    if reason is None:
        raise DamagedWarcError(
            f"{name}: the metadata at offset {record.offset} belong to no exchange"
        )
    if reason not in set(FailureReason):
        raise DamagedWarcError(f"{name}: unknown failure {reason!r} at offset {record.offset}")
    received = exchange.fact("receivedBase64")
    return FailedExchange(
        url=record.field("WARC-Target-URI"),
        failed_at=_moment(record),
        reason=FailureReason(reason),
        detail=exchange.fact("fetchFailureDetail") or "",
        request_block=exchange.request,
        received=None if received is None else Spool(base64.b64decode(received)),
        via=exchange.fact("via"),
        hops=exchange.fact("hopsFromSeed") or "",
        record=_pointer(record, name),
    )


def _capture(exchange: _Exchange, name: str) -> StoredCapture:
    record = exchange.first
    method = (exchange.request or b"GET ").split(b" ", 1)[0].decode("ascii", "replace")
    block = record.block
    is_revisit = record.record_type == "revisit"
    if is_revisit and block.size == 0:
        block = Spool(_head_of_not_modified(exchange))
    message = ResponseMessage.read(block.chunks(), "HEAD" if is_revisit else method)
    duration = exchange.fact("fetchTimeMs")
    capture = Capture(
        url=record.field("WARC-Target-URI"),
        captured_at=_moment(record),
        block=block,
        message=message,
        method=method,
        request_block=exchange.request,
        ip=record.field("WARC-IP-Address") or None,
        protocols=tuple(value for key, value in record.fields if key == "WARC-Protocol"),
        cipher=record.field("WARC-Cipher-Suite") or None,
        fetch_seconds=None if duration is None else int(duration) / 1000,
        truncated=TRUNCATIONS.get(record.field("WARC-Truncated")),
        via=exchange.fact("via"),
        hops=exchange.fact("hopsFromSeed") or "",
        record=_pointer(record, name),
        digests=_stated_digests(exchange, message),
    )
    refers_to = record.field("WARC-Refers-To").strip("<>") or None
    return StoredCapture(capture, refers_to, _pointer(record, name))


def _stated_digests(exchange: _Exchange, message: ResponseMessage) -> Digests:
    length = exchange.fact("entityLength")
    return Digests(
        block=exchange.first.field("WARC-Block-Digest"),
        payload=exchange.first.field("WARC-Payload-Digest") or None,
        entity_sha256=exchange.fact("entityDigest") or sha256(message.entity.chunks()),
        entity_length=message.entity.size if length is None else int(length),
    )


def _head_of_not_modified(exchange: _Exchange) -> bytes:
    lines = [value for key, value in exchange.facts if key == "httpHeaderLine"]
    return "\r\n".join([*(lines or ["HTTP/1.1 304 Not Modified"]), "", ""]).encode(
        "latin-1", "replace"
    )
