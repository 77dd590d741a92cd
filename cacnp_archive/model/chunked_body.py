"""Decode the chunked transfer coding (RFC 9112 section 7.1) as far as it goes.

It accepts more than the grammar: bare line feeds, spaces around sizes, blank lines too many or too
few, a last chunk without its last line. Each kind is an oddity.
"""

import re

MAX_LINE_BYTES = 16 * 1024
"""A longer line of a chunk size and its extensions is broken: the limit of Chromium."""

MAX_TRAILER_BYTES = 64 * 1024

_STRICT_SIZE = re.compile(rb"[0-9A-Fa-f]{1,15}(?:[ \t]*;[^\r\n]*)?\r\n")
_STRICT_SEAM = re.compile(rb"\r\n([0-9A-Fa-f]{1,15})\r\n")
"""Between two chunks, as nearly all write it."""
_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]+)[ \t]*(?:;[^\n]*)?\r*\n")
_BEGUN_SIZE = re.compile(rb"[ \t]*+(?:[0-9A-Fa-f]++[ \t]*+(?:;[^\n]*+)?)?\r*+")
_MAX_DIGITS = 15


class ChunkedBody:
    """A decoder: call `decode` with the bytes in order until it is complete or broken."""

    def __init__(self) -> None:
        self.complete = False
        """Whether the last line of the body has been read."""
        self.at_end = False
        """Whether the last chunk has been read; its trailer may follow."""
        self.broken: str | None = None
        """What stands where the size of a chunk should; nothing behind it can be decoded."""
        self.decoded_any = False
        """Whether a chunk size was read at all."""
        self.oddities: set[str] = set()
        self.rest = b""
        """What was given but belongs to no chunk: behind the end, or from where it is broken."""
        self._missing = 0
        self._ends_chunk = False
        self._trailer_size = 0

    def decode(self, data: bytes) -> bytes:
        """Return the next bytes of the body; at its end, or where it is broken, leaves `rest`."""
        if self.rest:
            data, self.rest = self.rest + data, b""
        parts: list[bytes] = []
        at = 0
        while at < len(data):
            if self._missing:
                piece = data[at : at + self._missing]
                at += len(piece)
                self._missing -= len(piece)
                parts.append(piece)
            elif self._ends_chunk and (strict := _STRICT_SEAM.match(data, at)):
                self._missing = int(strict[1], 16)
                at = strict.end()
                self._ends_chunk = self._missing > 0
                self.at_end = not self._ends_chunk
            else:
                end = data.find(b"\n", at) + 1
                if not end:
                    self._wait_for_line(data[at:])
                    break
                if self._read_line(data[at:end]):
                    at = end
                if self.complete or self.broken is not None:
                    self.rest = data[at:]
                    break
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _wait_for_line(self, begun: bytes) -> None:
        """Keep the beginning of a line, unless it can become none that is valid."""
        self.rest = begun
        if self.at_end:
            self._note_trailer_size(len(begun))
        elif len(begun) > MAX_LINE_BYTES or not _BEGUN_SIZE.fullmatch(begun):
            self.broken = _shown(begun)

    def _read_line(self, line: bytes) -> bool:
        """Read the line of a chunk size, the end of a chunk or a trailer; False if it is broken."""
        is_blank = not line.strip(b"\r\n")
        if self.at_end:
            self._trailer_size += len(line)
            self._note_trailer_size(0)
            self.complete |= is_blank
        elif is_blank:
            if not self._ends_chunk:
                self.oddities.add("blank line before a chunk size")
            elif line != b"\r\n":
                self.oddities.add(f"{line[:40]!r} ends a chunk")
            self._ends_chunk = False
        else:
            return self._read_size(line)
        return True

    def _read_size(self, line: bytes) -> bool:
        size = _SIZE.fullmatch(line)
        digits = size[1].lstrip(b"0") if size else b""
        if size is None or len(line) > MAX_LINE_BYTES or len(digits) > _MAX_DIGITS:
            self.broken = _shown(line)
            return False
        if self._ends_chunk:
            self.oddities.add("no line break behind a chunk")
        if not _STRICT_SIZE.fullmatch(line):
            self.oddities.add(f"chunk size {line[:40]!r}")
        self._missing = int(digits or b"0", 16)
        self._ends_chunk = self._missing > 0
        self.at_end = not self._ends_chunk
        self.decoded_any = True
        return True

    def _note_trailer_size(self, more: int) -> None:
        if self._trailer_size + more > MAX_TRAILER_BYTES:
            self.oddities.add(f"its trailer exceeds {MAX_TRAILER_BYTES} bytes")
            self.complete = True

    def end(self) -> None:
        """Mark the end of the connection: a last chunk is enough."""
        if self.at_end and not self.complete:
            self.oddities.add("the last chunk has no last line")
            self.complete = True


def _shown(line: bytes) -> str:
    """Quote what is wrong: as much as decides it, however the bytes arrive."""
    begun = _BEGUN_SIZE.match(line)
    end = begun.end() + 1 if begun else 1
    return f"{line[: min(end, 40)]!r} begins no chunk size"
