"""Capture: what one request brought back, and all that is known of how.

Crawling makes captures from sockets, reading makes them from WARC records, tests from golden
folders; parsers take them and cannot tell which it was.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Literal

from w3lib.encoding import html_to_unicode

from cacnp_archive.model.content_coding import decode_content
from cacnp_archive.model.http_message import ResponseMessage
from cacnp_archive.model.spool import Spool

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""The statuses that send a reader elsewhere (RFC 9110 section 15.4)."""

NOT_MODIFIED = 304

Truncation = Literal["disconnect", "length", "time"]
"""Why a body is short: WARC 1.1 section 5.13."""


@dataclass(frozen=True, slots=True)
class RecordPointer:
    """Where the bytes of a capture lie: the WARC record that proves it."""

    warc_file: str
    """Name of the file within the archive's `warc/` folder."""
    offset: int
    """Position of the record's first byte in that file (of its gzip member, when compressed)."""
    length: int
    """Bytes from there to the end of the record (of its gzip member)."""
    record_id: str
    """WARC-Record-ID without its angle brackets: `urn:uuid:...`."""


@dataclass(frozen=True, slots=True)
class Digests:
    """Fixity of a capture; each is `algorithm:value` as it stands in WARC headers."""

    block: str
    """SHA-1 (Base32) of the response block: every byte of the wire."""
    payload: str | None
    """SHA-1 (Base32) of the entity, as WARC-Payload-Digest; None when the block is chunked."""
    entity_sha256: str
    """SHA-256 (hex) of the entity: transfer coding removed, content coding left on."""
    entity_length: int
    """Bytes of the entity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """An earlier capture whose entity a later one repeats: what a revisit refers to."""

    url: str
    captured_at: str
    """Its WARC-Date, as it stands in its record."""
    record: RecordPointer
    digests: Digests


@dataclass(frozen=True, kw_only=True)
class Capture:
    """One HTTP exchange as it was on the wire."""

    url: str
    """The target URI as requested, without fragment."""
    captured_at: datetime
    """When the request was sent: UTC, by the clock of the machine that made the capture."""
    block: Spool
    """The response as received: status line, headers, body, chunk framing and all."""
    message: ResponseMessage
    """The same response, parsed."""
    method: str = "GET"
    request_block: bytes | None = None
    """The request as sent; None when an archive did not keep it."""
    ip: str | None = None
    protocols: tuple[str, ...] = ()
    """As in WARC-Protocol: `http/1.1`, `tls/1.3`."""
    cipher: str | None = None
    """TLS cipher suite, as in WARC-Cipher-Suite."""
    interim: bytes = b""
    """Interim responses (1xx) that came before the response, as received."""
    fetch_seconds: float | None = None
    """From the first byte sent to the last byte received."""
    truncated: Truncation | None = None
    via: str | None = None
    """The page on which this address was found."""
    hops: str = ""
    """How it was reached from a seed: a letter a step (L link, E requisite, R redirect...)."""
    original: Original | None = None
    """The earlier capture that this one repeats: it is kept as a revisit (WARC 1.1 section 6.7)."""
    record: RecordPointer | None = None
    """None until the capture is safe."""
    digests: Digests | None = field(default=None, repr=False)
    """None until the capture is safe."""

    @property
    def status(self) -> int:
        """The HTTP status code; 0 when the answer was not HTTP."""
        return self.message.status

    @property
    def media_type(self) -> str:
        """The Content-Type without parameters, in lower case; "" when none was sent."""
        return self.message.value(b"content-type").partition(";")[0].strip().lower()

    @cached_property
    def body(self) -> bytes:
        """The entity without its content coding (gzip, deflate, br).

        Raises UnreadablePageError for an unknown or broken coding, or more than
        MAX_DECODED_BYTES. Of a coded body that was cut off, what can be decoded is returned.
        """
        codings = b",".join(self.message.values(b"content-encoding")).decode("latin-1")
        entity = self.message.entity.to_bytes()
        return decode_content(entity, codings, may_be_cut=self.truncated is not None)

    @cached_property
    def text(self) -> str:
        """The body as text, by Content-Type, BOM, `<meta>` or, failing these, as a browser would.

        Bytes that the encoding does not have become U+FFFD.
        """
        return html_to_unicode(self.message.value(b"content-type"), self.body)[1]


class FailureReason(StrEnum):
    """Why an exchange brought no response: the vocabulary of `fetchFailure` and of `failures`."""

    DNS = "dns"
    """The host's name has no address."""
    REFUSED = "refused"
    """The host does not accept connections on that port."""
    UNREACHABLE = "unreachable"
    """No way leads to the host."""
    TLS = "tls"
    """The secure connection could not be made: certificate, version, cipher."""
    RESET = "reset"
    """The connection ended before the end of the response's headers."""
    MALFORMED = "malformed"
    """What came was not HTTP; the bytes are kept with the failure."""
    TIMEOUT = "timeout"
    """Nothing, or not all of the headers, came in time."""
    FORBIDDEN_ADDRESS = "forbidden-address"
    """The host lies on another network than the site (a private one, say): nothing was sent."""
    ROBOTS_DENIED = "robots-denied"
    """robots.txt forbids the address: nothing was sent."""
    ROBOTS_UNREACHABLE = "robots-unreachable"
    """robots.txt could not be had, which forbids the whole host for now: nothing was sent."""


@dataclass(frozen=True, kw_only=True)
class FailedExchange:
    """A request that brought no response, or was not even sent."""

    url: str
    failed_at: datetime
    """When the attempt began: UTC, by the clock of the machine that made it."""
    reason: FailureReason
    detail: str
    """In words, for a person."""
    request_block: bytes | None = None
    """The request as sent; None when there was no connection to send it on."""
    received: Spool | None = None
    """What came back and was no response; None when nothing came."""
    via: str | None = None
    hops: str = ""
    record: RecordPointer | None = None
    """None until the failure is safe."""
