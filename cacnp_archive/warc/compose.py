"""Compose the WARC records of captures and failures.

warcio's writer changes HTTP headers (it strips white space and percent-encodes non-ASCII bytes),
which would change block digests. Here blocks are written as received.
"""

import base64
import hashlib
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from zlib_ng import zlib_ng

from cacnp_archive.model.capture import NOT_MODIFIED, Capture, Digests, FailedExchange, Original
from cacnp_archive.model.named_fields import NamedFields
from cacnp_archive.model.spool import Spool

COMPRESSION_LEVEL = 5
"""Of zlib-ng: half the time of zlib's default, and sizes within three percent."""

REVISIT_PROFILES = "http://netpreserve.org/warc/1.1/revisit/"

_LINE_BREAK = re.compile(r"[\r\n]+")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")


def new_record_id() -> str:
    """Return a new WARC-Record-ID, without angle brackets."""
    return uuid.uuid4().urn


@dataclass(frozen=True, slots=True)
class Record:
    """A WARC record: its named fields in order, and its block."""

    record_type: str
    record_id: str
    fields: NamedFields
    """All fields but WARC-Type, WARC-Record-ID and Content-Length, which `compressed` adds."""
    block: Spool

    def compressed(self) -> Iterator[bytes]:
        """Yield the record as one gzip member, in chunks."""
        member = zlib_ng.compressobj(COMPRESSION_LEVEL, zlib_ng.DEFLATED, zlib_ng.MAX_WBITS | 16)
        for piece in self._plain():
            if data := member.compress(piece):
                yield data
        yield member.flush()

    def _plain(self) -> Iterator[bytes]:
        fields = [
            ("WARC-Type", self.record_type),
            ("WARC-Record-ID", f"<{self.record_id}>"),
            *self.fields,
            ("Content-Length", str(self.block.size)),
        ]
        head = "".join(f"{name}: {value}\r\n" for name, value in fields)
        yield f"WARC/1.1\r\n{head}\r\n".encode()
        yield from self.block.chunks()
        yield b"\r\n\r\n"


def capture_records(
    capture: Capture,
    digests: Digests,
    warcinfo_id: str,
    make_id: Callable[[], str] = new_record_id,
) -> list[Record]:
    """Return the records of a capture: response or revisit, request, metadata."""
    response_id = make_id()
    common = _common(capture.url, capture.captured_at, warcinfo_id)
    wire = [("WARC-IP-Address", capture.ip)] if capture.ip else []
    wire += [("WARC-Protocol", protocol) for protocol in capture.protocols]
    wire += [("WARC-Cipher-Suite", capture.cipher)] if capture.cipher else []
    if capture.original is None:
        first = _response(capture, digests, response_id, [*common, *wire])
    else:
        first = _revisit(capture, capture.original, response_id, [*common, *wire])
    concurrent = [*common, ("WARC-Concurrent-To", f"<{response_id}>")]
    records = [first]
    if capture.request_block is not None:
        records.append(_request(capture.request_block, make_id(), [*concurrent, *wire]))
    records.append(_metadata(_facts(capture, digests), make_id(), concurrent))
    return records


def failure_records(
    failed: FailedExchange, warcinfo_id: str, make_id: Callable[[], str] = new_record_id
) -> list[Record]:
    """Return the records of a failure: metadata, with any bytes received, and the request."""
    failure_id = make_id()
    common = _common(failed.url, failed.failed_at, warcinfo_id)
    facts = [("fetchFailure", failed.reason.value), ("fetchFailureDetail", failed.detail)]
    facts += [("via", failed.via)] if failed.via else []
    facts.append(("hopsFromSeed", failed.hops))
    if failed.received is not None:
        # A field, not a block: indexers must not take it for a page.
        received = base64.b64encode(failed.received.to_bytes()).decode("ascii")
        facts.append(("receivedBase64", received))
    records = [_metadata(facts, failure_id, common)]
    if failed.request_block is not None:
        fields = [*common, ("WARC-Concurrent-To", f"<{failure_id}>")]
        records.append(_request(failed.request_block, make_id(), fields))
    return records


def warcinfo_record(filename: str, fields: NamedFields, record_id: str) -> Record:
    """Return the warcinfo record, which opens a file and describes its crawl."""
    block = Spool(warc_fields(fields))
    head = [
        ("WARC-Date", warc_date(datetime.now(UTC))),
        ("WARC-Filename", filename),
        ("WARC-Block-Digest", sha1(block.chunks())),
        ("Content-Type", "application/warc-fields"),
    ]
    return Record("warcinfo", record_id, head, block)


def warc_date(moment: datetime) -> str:
    """Return an aware UTC time as WARC-Date (WARC 1.1 section 5.4), to the microsecond."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def warc_fields(fields: NamedFields) -> bytes:
    """Return an `application/warc-fields` block; a line break in a value becomes a space."""
    lines = [f"{name}: {_LINE_BREAK.sub(' ', value)}\r\n" for name, value in fields]
    return "".join(lines).encode()


def sha1(chunks: Iterable[bytes]) -> str:
    """Return a labelled SHA-1 digest in Base32, which every validator reads.

    >>> sha1([b""])
    'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    digest = hashlib.sha1(usedforsecurity=False)
    for chunk in chunks:
        digest.update(chunk)
    return "sha1:" + base64.b32encode(digest.digest()).decode("ascii")


def sha256(chunks: Iterable[bytes]) -> str:
    """Return a labelled SHA-256 digest in lower-case hex."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return "sha256:" + digest.hexdigest()


def digests_of(capture: Capture) -> Digests:
    """Return the digests of a response, or those of the original for a 304."""
    if capture.original is not None and capture.status == NOT_MODIFIED:
        return replace(capture.original.digests, block=sha1([]), payload=None)
    entity = capture.message.entity
    return Digests(
        block=sha1(capture.block.chunks()),
        payload=sha1(entity.chunks()) if _head_size(capture) is not None else None,
        entity_sha256=sha256(entity.chunks()),
        entity_length=entity.size,
    )


def as_revisit(capture: Capture, original: Original, digests: Digests) -> tuple[Capture, Digests]:
    """Return a capture as a revisit of an original that has the same payload digest."""
    head = capture.block.head(_head_size(capture) or 0)
    return replace(capture, original=original), replace(digests, block=sha1([head]))


def _common(url: str, moment: datetime, warcinfo_id: str) -> NamedFields:
    return [
        ("WARC-Target-URI", url),
        ("WARC-Date", warc_date(moment)),
        ("WARC-Warcinfo-ID", f"<{warcinfo_id}>"),
    ]


def _response(capture: Capture, digests: Digests, record_id: str, fields: NamedFields) -> Record:
    fields = [*fields, ("WARC-Block-Digest", digests.block)]
    if digests.payload:
        fields.append(("WARC-Payload-Digest", digests.payload))
    if capture.truncated:
        fields.append(("WARC-Truncated", capture.truncated))
    fields.append(("Content-Type", "application/http;msgtype=response"))
    return Record("response", record_id, fields, capture.block)


def _revisit(capture: Capture, original: Original, record_id: str, fields: NamedFields) -> Record:
    """Return a revisit record (WARC 1.1 section 6.7).

    For a repeated payload, the block holds the headers, and the payload digest is spelt as in the
    original, since pywb looks it up. For a 304, the block is empty: with the headers of the 304,
    pywb and wabac.js would replay an empty response.
    """
    payload: NamedFields = []
    if capture.status == NOT_MODIFIED:
        profile, head = "server-not-modified", b""
    else:
        profile, head = "identical-payload-digest", capture.block.head(_head_size(capture) or 0)
        payload = [("WARC-Payload-Digest", original.digests.payload or "")]
    fields = [
        *fields,
        ("WARC-Profile", f"{REVISIT_PROFILES}{profile}"),
        ("WARC-Refers-To", f"<{original.record.record_id}>"),
        ("WARC-Refers-To-Target-URI", original.url),
        ("WARC-Refers-To-Date", original.captured_at),
        ("WARC-Block-Digest", sha1([head])),
        *payload,
        ("Content-Type", "application/http;msgtype=response"),
    ]
    return Record("revisit", record_id, fields, Spool(head))


def _request(block: bytes, record_id: str, fields: NamedFields) -> Record:
    fields = [
        *fields,
        ("WARC-Block-Digest", sha1([block])),
        ("Content-Type", "application/http;msgtype=request"),
    ]
    return Record("request", record_id, fields, Spool(block))


def _metadata(facts: NamedFields, record_id: str, fields: NamedFields) -> Record:
    block = warc_fields(facts)
    fields = [
        *fields,
        ("WARC-Block-Digest", sha1([block])),
        ("Content-Type", "application/warc-fields"),
    ]
    return Record("metadata", record_id, fields, Spool(block))


def head_size_of(block: bytes) -> int:
    """Return the size of an HTTP message's head; its whole size when the head does not end."""
    blank_line = _BLANK_LINE.search(block)
    return blank_line.end() if blank_line else len(block)


def _head_size(capture: Capture) -> int | None:
    """Return the size of the head when exactly the entity follows it, else None.

    Otherwise readers disagree on what a payload digest covers: for chunked blocks the standard
    means the entity, while warcio, wget and FastWARC hash the raw chunks.
    """
    if capture.message.chunked:
        return None
    size = capture.block.size - capture.message.entity.size
    blank_line = _BLANK_LINE.search(capture.block.head(size))
    return size if blank_line is not None and blank_line.end() == size else None


def _facts(capture: Capture, digests: Digests) -> NamedFields:
    facts = [("via", capture.via)] if capture.via else []
    facts.append(("hopsFromSeed", capture.hops))
    if capture.fetch_seconds is not None:
        facts.append(("fetchTimeMs", str(round(capture.fetch_seconds * 1000))))
    facts.append(("entityLength", str(digests.entity_length)))
    facts.append(("entityDigest", digests.entity_sha256))
    if capture.original is not None and capture.status == NOT_MODIFIED:
        # The revisit's block is empty, so the headers of the 304 are kept here.
        facts += _lines("httpHeaderLine", capture.block.to_bytes())
    return facts + _lines("interimHeaderLine", capture.interim)


def _lines(name: str, head: bytes) -> NamedFields:
    return [(name, line) for line in re.split("\r?\n", head.decode("latin-1")) if line]
