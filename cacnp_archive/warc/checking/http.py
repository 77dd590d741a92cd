"""Check the framing and payload digest of an HTTP response while it is read."""

import hashlib
import re

from cacnp_archive.model.http_message import MAX_HEAD_BYTES, WITHOUT_BODY, ResponseMessage
from cacnp_archive.warc.checking.digests import StatedDigest
from cacnp_archive.warc.checking.findings import Damage

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")


class _EntityHash(ResponseMessage):
    """A response whose entity is counted and hashed, but not kept."""

    def __init__(self, digest: "hashlib._Hash | None") -> None:
        super().__init__()
        self.entity_size = 0
        self._digest = digest

    def on_body(self, data: bytes) -> None:
        """Count and hash a piece of the entity."""
        self.entity_size += len(data)
        if self._digest is not None:
            self._digest.update(data)


class HttpCheck:
    """Checks a block of `application/http;msgtype=response`: call `feed`, then `end`.

    The entity is only parsed when there is other framing than Content-Length.
    """

    def __init__(self, block_size: int, digest: StatedDigest | None) -> None:
        self.raw = digest.start() if digest else None
        """Of all that follows the first blank line."""
        self.entity = digest.start() if digest else None
        """Of the entity, when that may differ from the above."""
        self.message = _EntityHash(self.entity)
        self.behind_head = 0
        self._block_size = block_size
        self._head: bytearray | None = bytearray()
        self._parses = False

    def feed(self, piece: bytes) -> None:
        """Check the next piece of the block."""
        if self._head is None:
            self._feed_body(piece)
            return
        seen = max(0, len(self._head) - 3)
        self._head += piece
        blank_line = _BLANK_LINE.search(self._head, seen)
        if blank_line is None:
            if len(self._head) > MAX_HEAD_BYTES:
                self._end_head(len(self._head))
            return
        self._end_head(blank_line.end())

    def _end_head(self, size: int) -> None:
        begin = bytes(self._head or b"")
        head, rest = begin[:size], begin[size:]
        self._head = None
        self.message.feed(head)
        self.behind_head = self._block_size - size
        length = self.message.body_length
        self._parses = self.message.malformed is None and (
            not self.message.has_head
            or self.message.chunked
            or bool(self.message.problems)
            or (length is not None and length < self.behind_head)
        )
        if rest:
            self._feed_body(rest)

    def _feed_body(self, piece: bytes) -> None:
        if self.raw is not None:
            self.raw.update(piece)
        if self._parses:
            self.message.feed(piece)

    @property
    def chunked(self) -> bool:
        """Whether there is a transfer coding."""
        return self.message.chunked

    @property
    def is_framed(self) -> bool:
        """Whether the response states its length."""
        return self.chunked or self.message.body_length is not None

    def missing(self) -> str | None:
        """Describe what is missing from a response, or return None.

        A response to HEAD cannot be recognized from the response alone.
        """
        message = self.message
        if self._parses:
            what = "its last chunk" if self.chunked else "the end that it states"
            return None if message.complete else f"it ends before {what}"
        expected = message.body_length
        if expected is None or message.status in WITHOUT_BODY or expected <= self.behind_head:
            return None
        return f"{expected - self.behind_head} bytes of its {expected} are missing"

    def end(self) -> None:
        """Mark the end of the block."""
        if self._head is not None:
            self._end_head(len(self._head))
        if self._parses:
            self.message.end()

    def payload_damage(self, stated: StatedDigest) -> Damage | None:
        """Compare the payload digest with the entity and the raw body, and report a mismatch."""
        is_raw = stated.matches(self.raw)
        if self._parses and stated.matches(self.entity):
            if self.chunked:
                return Damage("payload-chunked", "the payload digest covers the entity, unchunked")
            return None
        if is_raw and self._parses:
            what = "the raw chunks" if self.chunked else "more than the entity"
            return Damage("payload-chunked", f"the payload digest covers {what}")
        if is_raw:
            return None
        return Damage("payload-digest", f"the payload does not have the digest {stated.stated}")
