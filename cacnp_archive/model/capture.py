"""Capture: one HTTP exchange, and how it was made.

Captures come from sockets, WARC records or the folders of tests; parsers cannot tell which.
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
"""The HTTP statuses of redirects (RFC 9110 section 15.4)."""

NOT_MODIFIED = 304

MAX_FIELD_CHARS = 4_000
"""Characters of a header field that is stored in a row: Content-Type, ETag and Last-Modified."""

Truncation = Literal["disconnect", "length", "time"]
"""Why a body was cut off: WARC 1.1 section 5.13."""


@dataclass(frozen=True, slots=True)
class RecordPointer:
    """The WARC file and offset of a capture's record."""

    warc_file: str
    """Name of the file within the archive's `warc/` folder."""
    offset: int
    """Offset of the record in that file (of its gzip member, when compressed)."""
    length: int
    """Bytes of the record (of its gzip member)."""
    record_id: str
    """WARC-Record-ID without its angle brackets: `urn:uuid:...`."""


@dataclass(frozen=True, slots=True)
class Digests:
    """The digests of a capture, as `algorithm:value` like in WARC headers."""

    block: str
    """SHA-1 (Base32) of the response block: every byte received."""
    payload: str | None
    """SHA-1 (Base32) of the entity, as WARC-Payload-Digest; None when the block is chunked."""
    entity_sha256: str
    """SHA-256 (hex) of the entity: transfer coding removed, content coding left on."""
    entity_length: int
    """Size of the entity in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """An earlier capture with the same entity, to which a revisit refers."""

    url: str
    captured_at: str
    """Its WARC-Date, as in its record."""
    record: RecordPointer
    digests: Digests


@dataclass(frozen=True, kw_only=True)
class Capture:
    """One HTTP exchange, as it was on the wire."""

    url: str
    """The target URI as requested, without fragment."""
    captured_at: datetime
    """When the request was sent: UTC, by the clock of the machine that made the capture."""
    block: Spool
    """The response as received: status line, headers and body, with chunk framing."""
    message: ResponseMessage
    """The same response, parsed."""
    method: str = "GET"
    request_block: bytes | None = None
    """The request as sent; None when it was not archived."""
    ip: str | None = None
    protocols: tuple[str, ...] = ()
    """As in WARC-Protocol: `http/1.1`, `tls/1.3`."""
    cipher: str | None = None
    """TLS cipher suite, as in WARC-Cipher-Suite."""
    interim: bytes = b""
    """Interim responses (1xx), as received."""
    fetch_seconds: float | None = None
    """Time from the first byte sent to the last byte received."""
    truncated: Truncation | None = None
    via: str | None = None
    """The page that links to this URL."""
    hops: str = ""
    """The path from a seed, one letter per step (L link, E page requisite, R redirect, ...)."""
    original: Original | None = None
    """The earlier capture that this one repeats as a revisit (WARC 1.1 section 6.7)."""
    record: RecordPointer | None = None
    """None until the capture has been written."""
    digests: Digests | None = field(default=None, repr=False)
    """None until the capture has been written."""

    @property
    def status(self) -> int:
        """The HTTP status; 0 when the response was not HTTP."""
        return self.message.status

    @property
    def media_type(self) -> str:
        """The Content-Type without parameters, in lower case; "" when none was sent."""
        return self.message.value(b"content-type").partition(";")[0].strip().lower()

    @cached_property
    def body(self) -> bytes:
        """The entity without its content coding (gzip, deflate, br).

        Raises UnreadablePageError for an unknown or broken coding, or more than
        MAX_DECODED_BYTES. If the body was cut off, whatever can be decoded is returned.
        """
        codings = b",".join(self.message.values(b"content-encoding")).decode("latin-1")
        entity = self.message.entity.to_bytes()
        return decode_content(entity, codings, may_be_cut=self.truncated is not None)

    @cached_property
    def text(self) -> str:
        """The body as text, decoded as browsers do: by Content-Type, BOM, `<meta>` or a guess.

        Invalid bytes become U+FFFD.
        """
        return html_to_unicode(self.message.value(b"content-type"), self.body)[1]


class FailureReason(StrEnum):
    """Why there was no response: the values of `fetchFailure` and of the table `failures`."""

    DNS = "dns"
    """The host name could not be resolved."""
    REFUSED = "refused"
    """The host refused the connection."""
    UNREACHABLE = "unreachable"
    """There is no route to the host."""
    TLS = "tls"
    """The TLS handshake failed: certificate, version or cipher."""
    RESET = "reset"
    """The connection was closed before the end of the headers."""
    MALFORMED = "malformed"
    """The response was not HTTP; its bytes are kept with the failure."""
    TIMEOUT = "timeout"
    """The headers did not arrive in time."""
    FORBIDDEN_ADDRESS = "forbidden-address"
    """The host is on another network than the site, such as a private one; nothing was sent."""
    ROBOTS_DENIED = "robots-denied"
    """robots.txt disallows the URL; nothing was sent."""
    ROBOTS_UNREACHABLE = "robots-unreachable"
    """robots.txt was unreachable, which disallows the host for now; nothing was sent."""


@dataclass(frozen=True, kw_only=True)
class FailedExchange:
    """A request without a response, or one that was not sent."""

    url: str
    failed_at: datetime
    """When the attempt began: UTC, by the clock of the machine that made it."""
    reason: FailureReason
    detail: str
    """A description for people."""
    request_block: bytes | None = None
    """The request as sent; None when there was no connection."""
    received: Spool | None = None
    """Received bytes that are no response; None when nothing was received."""
    via: str | None = None
    hops: str = ""
    record: RecordPointer | None = None
    """None until the failure has been written."""
