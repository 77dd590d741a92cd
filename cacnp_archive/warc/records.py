"""The WARC records of one capture, and their bytes.

warcio's writer re-spells HTTP headers (it strips white space and percent-encodes what is not
ASCII), so that a block digest would no longer be that of the wire. Here a block passes untouched.
"""

import base64
import hashlib
import re
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from cacnp_archive.capture import Capture, Digests
from cacnp_archive.spool import Spool

NamedFields = list[tuple[str, str]]

COMPRESSION_LEVEL = 6
"""zlib's own default; level 9 costs twice the time on HTML for less than one percent of space."""

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")


def new_record_id() -> str:
    """Return a fresh WARC-Record-ID, without angle brackets."""
    return uuid.uuid4().urn


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record: its named fields in order, and its block."""

    record_type: str
    record_id: str
    fields: NamedFields
    """All fields but WARC-Type, WARC-Record-ID and Content-Length, which `members` adds."""
    block: Spool

    def compressed(self) -> Iterator[bytes]:
        """Yield the record as one gzip member, in pieces."""
        member = zlib.compressobj(COMPRESSION_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
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
    capture: Capture, warcinfo_id: str, make_id: Callable[[], str] = new_record_id
) -> tuple[list[Record], Digests]:
    """Return the records that keep a capture, the response first, and the response's digests."""
    digests = _digests(capture)
    response_id = make_id()
    common = [
        ("WARC-Target-URI", capture.url),
        ("WARC-Date", warc_date(capture.captured_at)),
        ("WARC-Warcinfo-ID", f"<{warcinfo_id}>"),
    ]
    wire = [("WARC-IP-Address", capture.ip)] if capture.ip else []
    wire += [("WARC-Protocol", protocol) for protocol in capture.protocols]
    wire += [("WARC-Cipher-Suite", capture.cipher)] if capture.cipher else []
    concurrent = ("WARC-Concurrent-To", f"<{response_id}>")

    response = [*common, *wire, ("WARC-Block-Digest", digests.block)]
    if digests.payload:
        response.append(("WARC-Payload-Digest", digests.payload))
    if capture.truncated:
        response.append(("WARC-Truncated", capture.truncated))
    response.append(("Content-Type", "application/http;msgtype=response"))
    records = [Record("response", response_id, response, capture.block)]

    if capture.request_block is not None:
        block = Spool(capture.request_block)
        request = [
            *common,
            *wire,
            concurrent,
            ("WARC-Block-Digest", sha1(block.chunks())),
            ("Content-Type", "application/http;msgtype=request"),
        ]
        records.append(Record("request", make_id(), request, block))

    block = Spool(warc_fields(_facts(capture, digests)))
    metadata = [
        *common,
        concurrent,
        ("WARC-Block-Digest", sha1(block.chunks())),
        ("Content-Type", "application/warc-fields"),
    ]
    records.append(Record("metadata", make_id(), metadata, block))
    return records, digests


def warcinfo_record(filename: str, fields: NamedFields, record_id: str) -> Record:
    """Return the record that opens a file and says how its captures were made."""
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
    lines = [f"{name}: {' '.join(value.splitlines())}\r\n" for name, value in fields]
    return "".join(lines).encode()


def sha1(chunks: Iterable[bytes]) -> str:
    """Return a labelled digest in the one spelling that every validator reads: Base32.

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


def _digests(capture: Capture) -> Digests:
    entity = capture.message.entity
    return Digests(
        block=sha1(capture.block.chunks()),
        payload=sha1(entity.chunks()) if _entity_ends_block(capture) else None,
        entity_sha256=sha256(entity.chunks()),
    )


def _entity_ends_block(capture: Capture) -> bool:
    """Whether all that follows the block's headers is the entity.

    Only then do all readers agree on what a payload digest covers. Of a chunked block the
    standard means the entity, while warcio, wget and FastWARC take the raw chunks.
    """
    if capture.message.chunked:
        return False
    head = capture.block.head(capture.block.size - capture.message.entity.size)
    blank_line = _BLANK_LINE.search(head)
    return blank_line is not None and blank_line.end() == len(head)


def _facts(capture: Capture, digests: Digests) -> NamedFields:
    facts = [("via", capture.via)] if capture.via else []
    facts.append(("hopsFromSeed", capture.hops))
    if capture.fetch_seconds is not None:
        facts.append(("fetchTimeMs", str(round(capture.fetch_seconds * 1000))))
    facts.append(("entityLength", str(capture.message.entity.size)))
    facts.append(("entityDigest", sha1(capture.message.entity.chunks())))
    facts.append(("entityDigest", digests.entity_sha256))
    return facts
