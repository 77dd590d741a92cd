"""Remove the content codings of a body (RFC 9110 section 8.4), as far as it can be read.

Whatever a server says and sends, there is a body: a coding that does not exist is none, one that
the body does not have is ignored, and a damaged stream is read up to the damage. Each of these is a
Problem. Time is linear in the bytes read and written, and both are bounded.
"""

import zlib
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import brotli
from backports import zstd

from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Problem

MAX_DECODED_BYTES = 32 * 1024 * 1024
"""Of a body that decodes to more, perhaps a decompression bomb, the beginning is read."""

MAX_CODINGS = 5
"""At most this many codings are removed, as curl does."""

MAX_MEMBERS = 10_000
"""Of one body; a gzip member for every few kilobytes is as many as any program writes."""

MAX_ZSTD_WINDOW_LOG = 23
"""8 MiB, the largest window that RFC 9659 allows."""

_FIRST_PIECE_BYTES = 1024
_LAST_PIECE_BYTES = 64 * 1024

GZIP_START = b"\x1f\x8b\x08"
_ZSTD_START = b"\x28\xb5\x2f\xfd"
_NO_CODING = frozenset({"identity", "chunked"})
_BINARY = frozenset({*range(9), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)})
"""The binary data bytes of the MIME Sniffing standard: they occur in no text."""
_TEXT_SAMPLE_BYTES = 512

_TOO_SOON = "the data ends too soon"


class Decoded(NamedTuple):
    """A body without its content codings, and what was odd about them."""

    body: bytes
    problems: tuple[Problem, ...] = ()


class _Stream(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _BrotliStream:
    """Brotli's decoder with the interface of zlib's; given bytes behind its end, it fails."""

    unused_data = b""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    @property
    def eof(self) -> bool:
        return bool(self._stream.is_finished())

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        found: bytes = self._stream.process(data, output_buffer_limit=max_length)
        return found


_ERRORS = (zlib.error, brotli.error, zstd.ZstdError)


def _gzip() -> _Stream:
    return zlib.decompressobj(zlib.MAX_WBITS | 16)


def _zlib() -> _Stream:
    return zlib.decompressobj()


def _raw_deflate() -> _Stream:
    return zlib.decompressobj(-zlib.MAX_WBITS)


def _zstd() -> _Stream:
    options = {int(zstd.DecompressionParameter.window_log_max): MAX_ZSTD_WINDOW_LOG}
    return zstd.ZstdDecompressor(options=options)


_STREAMS: dict[str, Callable[[], _Stream]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _zlib,
    "br": _BrotliStream,
    "zstd": _zstd,
}


def decode_content(
    data: bytes,
    codings: Sequence[str],
    *,
    is_text: bool = False,
    limit: int = MAX_DECODED_BYTES,
) -> Decoded:
    """Return a body without its codings, which are given in the order in which they were applied.

    With `is_text`, a body that is still compressed after that is decompressed again.

    >>> decode_content(zlib.compress(b"text"), ["deflate"]).body
    b'text'
    """
    problems: list[Problem] = []
    known = [name for name in codings if name in _STREAMS]
    if unknown := [name for name in codings if name not in _STREAMS and name not in _NO_CODING]:
        detail = ", ".join(map(repr, unknown))[:120]
        problems.append(Problem(code=ProblemCode.UNKNOWN_CODING, detail=detail))
    if len(known) > MAX_CODINGS:
        detail = f"{len(known)} content codings, of which {MAX_CODINGS} are removed"
        problems.append(Problem(code=ProblemCode.TOO_LONG, detail=detail))
    for name in known[: -MAX_CODINGS - 1 : -1]:  # the last one was applied last
        data = _without(name, data, limit, problems)
    for _ in range(MAX_CODINGS - len(known)):
        if not (is_text and (again := _coding_by_start(data))):
            break
        problems.append(Problem(code=ProblemCode.ODD_CODING, detail=f"{again} once more"))
        data = _without(again, data, limit, problems)
    return Decoded(data, tuple({problem.code: problem for problem in reversed(problems)}.values()))


def _coding_by_start(data: bytes) -> str | None:
    """Return the coding of a body that cannot be anything else."""
    if data.startswith(GZIP_START):
        return "gzip"
    return "zstd" if data.startswith(_ZSTD_START) else None


def _without(name: str, data: bytes, limit: int, problems: list[Problem]) -> bytes:
    """Return data without one coding, and add what is odd."""
    if not data:
        return data
    make = _STREAMS[name]
    if make is _zlib and not _is_zlib(data):
        make = _raw_deflate  # RFC 9110 asks for zlib's format; some servers send the raw stream
    actual = _coding_by_start(data)
    if actual is not None and _STREAMS[actual] is not make:
        problems.append(Problem(code=ProblemCode.ODD_CODING, detail=f"{actual}, not {name}"))
        make = _STREAMS[actual]
    output = _Output(limit)
    trouble = output.decode(data, make)
    is_damaged = trouble not in (None, _TOO_SOON)
    if (is_damaged and not output.data) or (trouble is not None and _is_text(data)):
        detail = f"not in the coding {name}"
        problems.append(Problem(code=ProblemCode.ODD_CODING, detail=detail))
        return data
    if output.is_full:
        detail = f"decodes to more than {limit} bytes"
        problems.append(Problem(code=ProblemCode.TOO_LONG, detail=detail))
    elif trouble is not None:
        problems.append(Problem(code=ProblemCode.BROKEN_CODING, detail=f"{name}: {trouble}"))
    if output.oddity is not None:
        problems.append(Problem(code=ProblemCode.ODD_CODING, detail=f"{name}: {output.oddity}"))
    return bytes(output.data)


def _is_zlib(data: bytes) -> bool:
    """Whether data begin with a header of zlib (RFC 1950 section 2.2)."""
    return len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0


def _is_text(data: bytes) -> bool:
    return _BINARY.isdisjoint(data[:_TEXT_SAMPLE_BYTES])


class _Output:
    """What the members of a body decode to, up to a limit."""

    def __init__(self, limit: int) -> None:
        self.data = bytearray()
        self.is_full = False
        """Whether there was more than the limit."""
        self.oddity: str | None = None
        self._limit = limit

    def decode(self, data: bytes, make: Callable[[], _Stream]) -> str | None:
        """Decode all members; returns what is wrong with the last one, or None."""
        at = count = 0
        while True:
            at, trouble = self._decode_member(data, at, make)
            count += 1
            if trouble is not None or self.is_full or at == len(data):
                break
            if not _begins_member(data, at, make) or count == MAX_MEMBERS:
                self.oddity = f"{len(data) - at} bytes behind {count} members are not read"
                return None
        if count > 1:
            self.oddity = f"{count} members"
        return trouble

    def _decode_member(
        self, data: bytes, start: int, make: Callable[[], _Stream]
    ) -> tuple[int, str | None]:
        """Decode a member from an offset; returns where it ends, and what is wrong with it.

        Any but the first is decoded in pieces that begin small, since zlib copies what it has not
        used of a piece: the members behind this one.
        """
        stream = make()
        begun = len(self.data)
        at, size = start, _FIRST_PIECE_BYTES if start else _LAST_PIECE_BYTES
        while at < len(data) and not stream.eof and not self.is_full:
            piece = data[at : at + size]
            try:
                self._append(stream.decompress(piece, self._room))
            except _ERRORS as error:
                del self.data[begun:]
                return self._decode_damaged(data, start, at, make, str(error))
            at += len(piece) - len(stream.unused_data)
            size = min(2 * size, _LAST_PIECE_BYTES)
        return at, None if stream.eof or self.is_full else _TOO_SOON

    def _decode_damaged(
        self, data: bytes, start: int, bad: int, make: Callable[[], _Stream], error: str
    ) -> tuple[int, str | None]:
        """Decode a member again, byte by byte behind the offset up to which it is sound."""
        stream = make()
        self._append(stream.decompress(data[start:bad], self._room))
        for at in range(bad, len(data)):
            if stream.eof or self.is_full:
                return at, None
            try:
                self._append(stream.decompress(data[at : at + 1], self._room))
            except _ERRORS:
                return at, f"{error} (at byte {at} of {len(data)})"
        return len(data), None if stream.eof else error

    @property
    def _room(self) -> int:
        return self._limit + 1 - len(self.data)  # 0 would mean: without limit

    def _append(self, piece: bytes) -> None:
        self.data += piece
        if len(self.data) > self._limit:
            del self.data[self._limit :]
            self.is_full = True


def _begins_member(data: bytes, at: int, make: Callable[[], _Stream]) -> bool:
    """Whether another member begins at an offset: of gzip (RFC 1952) or Zstandard (RFC 8878)."""
    if make is _gzip:
        return data.startswith(GZIP_START, at)
    is_skippable = data[at : at + 1] in b"PQRSTUVWXYZ[\\]^_" and data[at + 1 : at + 4] == b"*M\x18"
    return make is _zstd and (data.startswith(_ZSTD_START, at) or is_skippable)
