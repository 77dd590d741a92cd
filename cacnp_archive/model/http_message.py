"""Parse an HTTP/1.x response from the wire or from a WARC record.

The parser is llhttp (through httptools), which Node.js uses, in its lenient modes: an archive
accepts what browsers accept. What llhttp still refuses is kept as bytes and marked malformed.
"""

from collections.abc import Iterable

import httptools

from cacnp_archive.model.spool import Spool

LENIENCIES = {
    "lenient_headers": True,
    "lenient_chunked_length": True,
    "lenient_keep_alive": True,
    "lenient_transfer_encoding": True,
    "lenient_version": True,
    "lenient_data_after_close": True,
    "lenient_optional_lf_after_cr": True,
    "lenient_optional_cr_before_lf": True,
    "lenient_optional_crlf_after_chunk": True,
    "lenient_spaces_after_chunk_size": True,
}

MAX_HEAD_BYTES = 256 * 1024
"""A response with larger headers is malformed."""

HeaderPairs = tuple[tuple[bytes, bytes], ...]


class ResponseMessage:
    """A response parser: call `feed` with the bytes in order, then `end`.

    `headers` are (name, value) pairs in the order and case of the wire, white space around the
    value removed. `entity` is the body without its transfer coding (RFC 9112 section 7), content
    coding left on. Interim responses (1xx) are skipped.
    """

    def __init__(self, method: str = "GET") -> None:
        self.status = 0
        self.reason = b""
        self.version = ""
        self.headers: HeaderPairs = ()
        self.entity = Spool()
        self.complete = False
        self.malformed: str | None = None
        self._expects_body = method != "HEAD"
        self._pairs: list[tuple[bytes, bytes]] = []
        self._head_done = False
        self._head_size = 0
        self._persistent = False
        self._parser = httptools.HttpResponseParser(self)
        self._parser.set_dangerous_leniencies(**LENIENCIES)

    @classmethod
    def read(cls, block: Iterable[bytes], method: str = "GET") -> "ResponseMessage":
        """Parse a whole response block; `complete` is False when something is missing."""
        message = cls(method)
        for chunk in block:
            message.feed(chunk)
        message.end()
        return message

    def __getstate__(self) -> dict[str, object]:
        """Return the state for another process: all but the parser."""
        return {name: value for name, value in vars(self).items() if name != "_parser"}

    @property
    def has_head(self) -> bool:
        """Whether status and headers are complete."""
        return self._head_done

    @property
    def keep_alive(self) -> bool:
        """Whether the connection can be reused."""
        return self._persistent and self._framed and self.malformed is None

    @property
    def chunked(self) -> bool:
        """Whether there is a transfer coding, so that the body in the block is not the entity."""
        return bool(self.values(b"transfer-encoding"))

    def values(self, name: bytes) -> list[bytes]:
        """Return all values of a header in order; `name` is in lower case."""
        return [value for key, value in self.headers if key.lower() == name]

    def value(self, name: bytes) -> str:
        """Return a header's first value as text (Latin-1, RFC 9110 section 5.5), or ""."""
        values = self.values(name)
        return values[0].decode("latin-1").strip() if values else ""

    @property
    def location(self) -> str:
        """The Location with non-ASCII bytes percent-encoded, as browsers do, or "".

        This keeps UTF-8 as UTF-8 and Latin-1 as Latin-1.
        """
        values = self.values(b"location")
        return "".join(chr(b) if b < 0x80 else f"%{b:02X}" for b in values[0]) if values else ""

    def feed(self, data: bytes) -> None:
        """Parse the next bytes; they are ignored once the response is complete or malformed."""
        if self.complete or self.malformed is not None:
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # an unrequested 101; on_message_complete was called
        except httptools.HttpParserError as error:
            if self.complete:
                self._persistent = False
            else:
                self.malformed = str(error)
        if not self._head_done:
            self._head_size += len(data)
            if self._head_size > MAX_HEAD_BYTES:
                self.malformed = f"no end of headers within {MAX_HEAD_BYTES} bytes"

    def end(self) -> None:
        """Mark the end of the connection, which completes a body without other framing."""
        if self._head_done and self.malformed is None and not self._framed:
            self.complete = True

    @property
    def _framed(self) -> bool:
        return (
            not self._expects_body
            or self.chunked
            or bool(self.values(b"content-length"))
            or self.status in (204, 304)
        )

    # httptools calls these by name.

    def on_message_begin(self) -> None:
        """Start over: a previous message was an interim response.

        Bytes behind a complete response make the connection unusable.
        """
        if self.complete:
            self._persistent = False
        else:
            self._pairs.clear()
            self.reason = b""

    def on_status(self, status: bytes) -> None:
        """Collect the reason phrase."""
        if not self.complete:
            self.reason += status

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect a header; trailers (RFC 9112 section 7.1.2) are ignored."""
        if not self._head_done:
            self._pairs.append((name, value.strip(b" \t")))

    def on_headers_complete(self) -> None:
        """Set status and headers of a final response."""
        status = self._parser.get_status_code()
        if 100 <= status < 200 and status != 101:
            return
        if not self.complete:
            self.status = status
            self.version = self._parser.get_http_version()
            self.headers = tuple(self._pairs)
            self._head_done = True
            self.complete = not self._expects_body

    def on_body(self, data: bytes) -> None:
        """Append to the entity."""
        if not self.complete:
            self.entity.append(data)

    def on_message_complete(self) -> None:
        """Mark the response as complete; llhttp knows about keep-alive only now."""
        if self._head_done:
            self.complete = True
            self._persistent = bool(self._parser.should_keep_alive())
