"""Parse an HTTP/1.x response from the wire or from a WARC record, as browsers do.

What follows the grammar of RFC 9112 is parsed by it. For what does not, the Fetch standard and the
practice of browsers decide, and each oddity is a Problem. Only what no browser shows either is
malformed. The bytes decide alone, never how they arrive.
"""

import re
from collections.abc import Iterable
from copy import copy

from cacnp_archive.model.chunked_body import ChunkedBody
from cacnp_archive.model.http_head import HeaderPairs, parse_head
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Problem
from cacnp_archive.model.spool import Spool

MAX_HEAD_BYTES = 256 * 1024
"""A response with larger headers, interim responses included, is malformed: Chromium's limit."""

MAX_JUNK_BYTES = 4096
"""A status line is looked for at the beginning of lines within this many bytes."""

WITHOUT_BODY = frozenset({101, 204, 205, 304})
"""Statuses without a body (RFC 9110); 101, since no request upgrades."""

_STATUS_LINE = re.compile(rb"HTTP[/ ]|ICY ", re.IGNORECASE)
_BEGUN_STATUS_LINE = re.compile(rb"(?:H(?:T(?:TP?)?)?|I(?:CY?)?)?", re.IGNORECASE)
_LATER_STATUS_LINE = re.compile(rb"(?<=\n)(?:HTTP/\d|ICY \d{3})|(?:HTTP/\d\.\d \d{3}|ICY \d{3})")
_BEFORE_ANY_LINE = 8
"""Chromium looks for a status line in the first 4 bytes, Firefox in the first 11 or so."""
_HEAD_END = re.compile(rb"\n\r{0,2}\n")
_DOCUMENT = re.compile(
    rb"(?:\xef\xbb\xbf)?[\t\n\f\r ]*<(?:!doctype html|html|head|body)[\t\n\f\r >]", re.IGNORECASE
)
_LENGTH = re.compile(r"[0-9]{1,18}")


class ResponseMessage:
    """A response parser: call `feed` with the bytes in order, then `end`.

    `headers` are (name, value) pairs in the order and case of the wire, white space around the
    value removed. `entity` is the body without its transfer coding (RFC 9112 section 7), content
    coding left on. Interim responses (1xx) are skipped; `interim_size` is the number of their
    bytes, `head_size` that of the bytes between them and the body.
    """

    def __init__(self, method: str = "GET") -> None:
        self.status = 0
        self.reason = b""
        self.version = ""
        self.headers: HeaderPairs = ()
        self.entity = Spool()
        self.complete = False
        self.malformed: str | None = None
        self.has_head = False
        """Whether status and headers are complete."""
        self.interim_size = 0
        self.head_size = 0
        self.body_length: int | None = None
        """The Content-Length as browsers understand it; None if there is none that they do."""
        self.has_surplus = False
        """Whether bytes have arrived behind the end."""
        self._expects_body = method != "HEAD"
        self._head_problems: tuple[Problem, ...] = ()
        self._length_problems: list[Problem] = []
        self._received: bytes | bytearray | None = b""
        self._searched = 0
        self._other_lengths: frozenset[int] = frozenset()
        self._body_size = 0
        self._chunks: ChunkedBody | None = None
        self._is_not_chunked = False

    @classmethod
    def read(cls, block: Iterable[bytes], method: str = "GET") -> "ResponseMessage":
        """Parse a whole response block; `complete` is False when something is missing."""
        message = cls(method)
        for chunk in block:
            message.feed(chunk)
        message.end()
        return message

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The oddities that were found so far, at most one per code."""
        found = [*self._head_problems, *self._length_problems]
        if self._is_not_chunked:
            found.append(_problem(ProblemCode.NOT_CHUNKED, "the body is read as it is"))
        elif self._chunks is not None:
            oddities = sorted(self._chunks.oddities)[:5]
            if self._chunks.broken is not None:
                oddities.append(f"{self._chunks.broken}: the rest is not read")
            if oddities:
                found.append(_problem(ProblemCode.ODD_CHUNKS, "; ".join(oddities)))
        if self.has_surplus:
            found.append(_problem(ProblemCode.SURPLUS_BYTES, "they are kept, and not read"))
        return tuple(found)

    @property
    def has_doubtful_end(self) -> bool:
        """Whether what has arrived may be all, and more may follow: no rule says where it ends."""
        return (
            self.has_surplus
            or (self._chunks is not None and self._chunks.broken is not None)
            or (not self.complete and self._body_size in self._other_lengths)
        )

    @property
    def keep_alive(self) -> bool:
        """Whether the connection can be reused; never after an odd response."""
        if not self.complete or self.problems or self.status == 101:
            return False
        has_body = self._expects_body and self.status not in WITHOUT_BODY
        if has_body and self._chunks is None and self.body_length is None:
            return False
        options = listed(self.values(b"connection"))
        return "close" not in options and (self.version == "1.1" or "keep-alive" in options)

    @property
    def chunked(self) -> bool:
        """Whether there is a transfer coding, so that the body in the block is not the entity."""
        return bool(self.values(b"transfer-encoding"))

    @property
    def transfer_codings(self) -> list[str]:
        """The transfer codings, in lower case and in the order in which they were applied."""
        return listed(self.values(b"transfer-encoding"))

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
        """Parse the next bytes; they are ignored once the response is malformed."""
        if self.malformed is not None:
            return
        if self._received is not None:
            data = self._find_head(self._append(data))
        if data:
            self._feed_body(data)

    def end(self) -> None:
        """Mark the end of the connection, which completes a body without other framing."""
        if self._received is not None and self.malformed is None:
            document = self._find_head(self._received, is_all=True)
            if document:
                self._feed_body(document)
        if not self.has_head or self.complete:
            return
        if self._chunks is not None:
            self._chunks.end()
            self.complete = self._chunks.complete
        elif self.body_length is None or self._body_size in self._other_lengths:
            self.complete = True

    def with_entity(self, entity: Spool, *stale: bytes) -> "ResponseMessage":
        """Return the message with another entity, without headers and problems of its framing.

        Some writers of WARC files change the body of a response and leave its headers.
        """
        mended = copy(self)
        mended.headers = tuple(pair for pair in self.headers if pair[0].lower() not in stale)
        mended.entity, mended.complete, mended.has_surplus = entity, True, False
        mended.__dict__ |= {"_length_problems": [], "_chunks": None, "_is_not_chunked": False}
        return mended

    def on_body(self, data: bytes) -> None:
        """Take a piece of the entity; a subclass may do something else with it than keep it."""
        self.entity.append(data)

    # The head.

    def _append(self, data: bytes) -> bytes | bytearray:
        """Keep bytes of the head: most heads arrive at once, the others take linear time."""
        if not self._received:
            self._received = data
        elif isinstance(self._received, bytearray):
            self._received += data
        else:
            self._received = bytearray(self._received) + data
        return self._received

    def _find_head(self, received: bytes | bytearray, *, is_all: bool = False) -> bytes:
        """Parse interim responses and the head, when they have arrived; returns what follows."""
        while self.malformed is None:
            junk_size = self._junk_size(received, is_all=is_all)
            if junk_size is None:
                break
            found = _HEAD_END.search(received, max(self._searched, self.interim_size + junk_size))
            if found is None:
                self._searched = max(0, len(received) - 3)
                break
            start = self.interim_size + junk_size
            if found.end() > MAX_HEAD_BYTES:
                break
            head = parse_head(bytes(received[start : found.end()]))
            if 100 <= head.status < 200 and head.status != 101:
                self.interim_size = self._searched = found.end()
                continue
            self.status, self.reason, self.version, self.headers, self._head_problems = head
            if junk_size:
                self._note_before_status_line(bytes(received[self.interim_size : start]))
            self._begin_body(found.end())
            return bytes(received[found.end() :])
        if self._received is not None and len(received) > MAX_HEAD_BYTES:
            self.malformed = f"no end of headers within {MAX_HEAD_BYTES} bytes"
        if self.has_head and self._received is not None:  # without a status line
            self._received = None
            return bytes(received[self.interim_size :])
        return b""

    def _junk_size(self, received: bytes | bytearray, *, is_all: bool) -> int | None:
        """Return how many bytes stand before the status line; None if it has not arrived yet."""
        start = self.interim_size
        if _STATUS_LINE.match(received, start):
            return 0
        begin = bytes(received[start : start + MAX_JUNK_BYTES])
        if _BEGUN_STATUS_LINE.fullmatch(begin) and not is_all:
            return None
        for found in _LATER_STATUS_LINE.finditer(begin):
            if found.start() <= _BEFORE_ANY_LINE or begin[found.start() - 1] == 0x0A:
                return found.start()
        if not is_all and len(begin) < MAX_JUNK_BYTES:
            return None
        if not begin.strip():
            return None
        if not _DOCUMENT.match(begin):
            self.malformed = f"no status line: {begin[:80]!r}"
            return None
        # HTTP/0.9: nothing but a document (RFC 1945 section 6, and Chromium to this day).
        self.status, self.version = 200, "0.9"
        self._head_problems = (_problem(ProblemCode.NO_STATUS_LINE, f"begins {begin[:60]!r}"),)
        self.has_head = True
        return None

    def _note_before_status_line(self, junk: bytes) -> None:
        detail = f"{len(junk)} bytes: {junk[:60]!r}"
        problem = _problem(ProblemCode.BEFORE_STATUS_LINE, detail)
        self._head_problems = (problem, *self._head_problems)

    # The body.

    def _begin_body(self, end: int) -> None:
        """Decide by what the body ends (RFC 9112 section 6.3)."""
        self.has_head = True
        self.head_size = end - self.interim_size
        self._received = None
        lengths = self.values(b"content-length")
        codings = self.transfer_codings
        if lengths:
            self.body_length, self._other_lengths = self._stated_length(lengths)
        if not self._expects_body or self.status in WITHOUT_BODY:
            self.complete = True
            return
        if "chunked" in codings:
            self._chunks = ChunkedBody()
            if lengths:
                self._note_length("Transfer-Encoding overrides it")
        if codings and (codings != ["chunked"] or self.version == "1.0"):
            detail = f"{', '.join(codings)[:80]} in HTTP/{self.version}"
            self._length_problems.append(_problem(ProblemCode.ODD_TRANSFER_ENCODING, detail))
        self.complete = self._chunks is None and self.body_length == 0

    def _stated_length(self, fields: list[bytes]) -> tuple[int | None, frozenset[int]]:
        """Return the Content-Length, and others if there are several.

        Fetch ("extract a length") and RFC 9110 section 8.6 accept the same length several times;
        what is no length is none. Of different lengths, the longest is waited for.
        """
        values = [value.decode("latin-1") for value in fields]
        if len(values) == 1 and _LENGTH.fullmatch(values[0]):
            return int(values[0]), frozenset()
        stated = [part.strip() for value in values for part in value.split(",")]
        self._note_length(", ".join(values)[:80])
        if not all(map(_LENGTH.fullmatch, stated)):
            return None, frozenset()
        lengths = frozenset(map(int, stated))
        return max(lengths), lengths

    def _note_length(self, detail: str) -> None:
        if not self._length_problems:
            self._length_problems.append(_problem(ProblemCode.ODD_CONTENT_LENGTH, detail))

    def _feed_body(self, data: bytes) -> None:
        if self.complete:
            self.has_surplus = True
        elif self._chunks is not None:
            self._feed_chunks(self._chunks, data)
        elif self.body_length is None:
            self.on_body(data)
        else:
            missing = self.body_length - self._body_size
            piece = data if len(data) <= missing else data[:missing]
            self._body_size += len(piece)
            self.on_body(piece)
            self.complete = self._body_size == self.body_length
            self.has_surplus = len(data) > len(piece)

    def _feed_chunks(self, chunks: ChunkedBody, data: bytes) -> None:
        if chunks.broken is not None:
            return
        if piece := chunks.decode(data):
            self.on_body(piece)
        self.complete = chunks.complete
        self.has_surplus = chunks.complete and bool(chunks.rest)
        if chunks.broken is not None and not chunks.decoded_any:
            self._chunks, self._is_not_chunked = None, True
            self._feed_body(chunks.rest)
        if chunks.broken is not None or chunks.complete:
            chunks.rest = b""


def listed(values: list[bytes]) -> list[str]:
    """Return the tokens of a header that is a list (RFC 9110 section 5.6.1), in lower case."""
    names = b",".join(values).decode("latin-1").lower().split(",") if values else ()
    return [token for name in names if (token := name.strip(" \t"))]


def _problem(code: ProblemCode, detail: str) -> Problem:
    return Problem(code=code, detail=detail)
