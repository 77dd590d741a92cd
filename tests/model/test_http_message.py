"""Odd responses are read as browsers read them, each with a problem that names the oddity."""

import sys
from itertools import pairwise
from typing import NamedTuple

import httptools
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cacnp_archive.model.http_head import MAX_HEADER_LINES
from cacnp_archive.model.http_message import MAX_HEAD_BYTES, ResponseMessage
from tests.support.odd_answers import HTML, ODD_ANSWERS, chunked

OK = b"HTTP/1.1 200 OK\r\n"
TYPE = b"Content-Type: text/html\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(HTML)
REST = TYPE + LENGTH + b"\r\n" + HTML


def codes(message: ResponseMessage) -> list[str]:
    return [problem.code for problem in message.problems]


HEADS = {
    "line without a colon": (OK + b"Cache-Control: a,\r\nno-store\r\n" + REST, "odd-header-line"),
    "space before the colon": (OK + b"Server \t: x\r\n" + REST, "odd-header-line"),
    "space in a name": (OK + b"My Header: x\r\n" + REST, "odd-header-line"),
    "name in Cyrillic": (OK + "Имя: x\r\n".encode() + REST, "odd-header-line"),
    "name in brackets": (OK + b"<meta>: x\r\n" + REST, "odd-header-line"),
    "no name": (OK + b": x\r\n" + REST, "odd-header-line"),
    "folded": (OK + b"Link: a,\r\n\tb\r\n" + REST, "odd-header-line"),
    "first line folded": (OK + b" a: b\r\n" + REST, "odd-header-line"),
    "NUL in a value": (OK + b"X: a\0b\r\n" + REST, "odd-header-line"),
    "carriage return in a value": (OK + b"X: a\rb\r\n" + REST, "odd-header-line"),
    "bare line feeds": ((OK + REST).replace(b"\r\n", b"\n"), "odd-line-break"),
    "one bare line feed": (OK + b"X: y\n" + REST, "odd-line-break"),
    "two carriage returns": ((OK + REST).replace(b"\r\n", b"\r\r\n"), "odd-line-break"),
    "no reason": (b"HTTP/1.1 200\r\n" + REST, "odd-status-line"),
    "no minor version": (b"HTTP/1 200 OK\r\n" + REST, "odd-status-line"),
    "later version": (b"HTTP/3 200 OK\r\n" + REST, "odd-status-line"),
    "lower case": (b"http/1.1 200 ok\r\n" + REST, "odd-status-line"),
    "no version": (b"HTTP 200 OK\r\n" + REST, "odd-status-line"),
    "no status": (b"HTTP/1.1 OK\r\n" + REST, "odd-status-line"),
    "two spaces": (b"HTTP/1.1  200 OK\r\n" + REST, "odd-status-line"),
    "radio": (b"ICY 200 OK\r\n" + REST, "odd-status-line"),
    "blank lines before": (b"\r\n\r\n" + OK + REST, "before-status-line"),
    "byte order mark before": (b"\xef\xbb\xbf" + OK + REST, "before-status-line"),
    "notice before": (b"Notice: undefined x in y\n" + OK + REST, "before-status-line"),
    "document alone": (HTML, "no-status-line"),
    "same length twice": (OK + LENGTH + REST, "odd-content-length"),
    "list of equal lengths": (
        OK + TYPE + b"Content-Length: %d, %d\r\n\r\n" % (len(HTML), len(HTML)) + HTML,
        "odd-content-length",
    ),
    "two lengths": (OK + b"Content-Length: 7777\r\n" + REST, "odd-content-length"),
    "empty length": (OK + b"Content-Length:\r\n\r\n" + HTML, "odd-content-length"),
    "negative length": (OK + b"Content-Length: -1\r\n\r\n" + HTML, "odd-content-length"),
    "signed length": (OK + b"Content-Length: +4\r\n\r\n" + HTML, "odd-content-length"),
    "length in words": (OK + b"Content-Length: (unknown)\r\n\r\n" + HTML, "odd-content-length"),
    "huge length": (OK + b"Content-Length: 9%s\r\n\r\n" % (b"9" * 40) + HTML, "odd-content-length"),
    "no transfer coding": (
        OK + b"Transfer-Encoding: identity\r\n" + REST,
        "odd-transfer-encoding",
    ),
    "unknown transfer coding": (OK + b"Transfer-Encoding: x\r\n" + REST, "odd-transfer-encoding"),
    "chunked twice": (
        OK + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(HTML),
        "odd-transfer-encoding",
    ),
    "chunked in HTTP/1.0": (
        b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(HTML),
        "odd-transfer-encoding",
    ),
    "chunked and a length": (
        OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(HTML),
        "odd-content-length",
    ),
    "not chunked": (OK + b"Transfer-Encoding: chunked\r\n\r\n" + HTML, "not-chunked"),
    "surplus": (OK + REST + b"<!-- more -->", "surplus-bytes"),
}


@pytest.mark.parametrize("kind", HEADS)
def test_odd_response_is_read_and_named(kind: str) -> None:
    block, code = HEADS[kind]
    message = ResponseMessage.read([block])
    assert (message.status, message.complete, message.malformed) == (200, True, None)
    assert message.entity.to_bytes() == HTML
    assert codes(message) == [code]
    assert not message.keep_alive


def te(framed: bytes) -> bytes:
    return OK + b"Transfer-Encoding: chunked\r\n\r\n" + framed


CHUNKS = {
    "spaces around sizes": (te(b" 5 \r\nwhole\r\n0\r\n\r\n"), b"whole", True),
    "leading zeros": (te(b"%s5\r\nwhole\r\n0\r\n\r\n" % (b"0" * 40)), b"whole", True),
    "bare line feeds": (te(b"5\nwhole\n0\n\n"), b"whole", True),
    "no line break behind a chunk": (te(b"5\r\nwhole2\r\nly\r\n0\r\n\r\n"), b"wholely", True),
    "blank line before a size": (te(b"\r\n5\r\nwhole\r\n0\r\n\r\n"), b"whole", True),
    "no last line": (te(b"5\r\nwhole\r\n0\r\n"), b"whole", True),
    "no last chunk": (te(b"5\r\nwhole\r\n"), b"whole", False),
    "text between": (te(b"5\r\nwhole\r\nWarning: x\r\n2\r\nly\r\n0\r\n\r\n"), b"whole", False),
    "immense size": (te(b"5\r\nwhole\r\n" + b"f" * 30 + b"\r\nx"), b"whole", False),
    "endless size": (te(b"5\r\nwhole\r\n1;" + b"x" * 20_000), b"whole", False),
}


@pytest.mark.parametrize("kind", CHUNKS)
def test_odd_chunks_are_read_as_far_as_they_go(kind: str) -> None:
    block, entity, complete = CHUNKS[kind]
    message = ResponseMessage.read([block])
    assert (message.entity.to_bytes(), message.complete) == (entity, complete)
    assert codes(message) == ([] if kind == "no last chunk" else ["odd-chunks"])


def test_chunk_extensions_and_trailers_are_in_order() -> None:
    message = ResponseMessage.read([te(b"5;a=1 ;b\r\nwhole\r\n0;last\r\nX-Sum: 1\r\nY: 2\r\n\r\n")])
    assert (message.entity.to_bytes(), message.complete, codes(message)) == (b"whole", True, [])


@pytest.mark.parametrize("status", [b"204 No Content", b"205 Reset Content", b"304 Not Modified"])
def test_body_of_a_status_without_one_is_surplus(status: bytes) -> None:
    message = ResponseMessage.read([b"HTTP/1.1 " + status + b"\r\n\r\n" + HTML])
    assert (message.complete, message.entity.size) == (True, 0)
    assert codes(message) == ["surplus-bytes"]


def test_values_survive_what_is_odd_about_their_lines() -> None:
    message = ResponseMessage.read(
        [OK + b"A : 1\r\nB: 2\r\n  3\r\nlost\r\n  4\r\nC: \0x\r\nD:y\xff \r\n\r\n"]
    )
    pairs = ((b"A", b"1"), (b"B", b"2 3"), (b"C", b"x"), (b"D", b"y\xff"))
    assert message.headers == pairs
    (problem,) = message.problems
    assert "line without a colon: b'lost'" in problem.detail


def test_more_lines_than_are_read_are_reported() -> None:
    lines = b"".join(b"X-%d: y\r\n" % number for number in range(MAX_HEADER_LINES + 5))
    message = ResponseMessage.read([OK + LENGTH + lines + b"\r\n" + HTML])
    assert len(message.headers) == MAX_HEADER_LINES
    assert (message.complete, codes(message)) == (True, ["too-many-headers"])


NO_RESPONSES = {
    "another protocol": b"220 mail.example ESMTP\r\n",
    "binary": bytes(range(256)) * 30,
    "request": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "endless headers": OK + b"X: y\r\n" * (MAX_HEAD_BYTES // 6),
    "one endless line": OK + b"X: " + b"y" * MAX_HEAD_BYTES,
    "flood of interim responses": b"HTTP/1.1 102 Processing\r\n\r\n" * 20_000 + OK + REST,
}


@pytest.mark.parametrize("kind", NO_RESPONSES)
def test_what_no_browser_shows_is_malformed(kind: str) -> None:
    message = ResponseMessage.read([NO_RESPONSES[kind]])
    assert message.malformed is not None
    assert not message.has_head


def test_interim_responses_are_skipped_and_counted() -> None:
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nbad line\r\n\r\n"
    message = ResponseMessage.read([interim + OK + REST])
    assert (message.status, message.interim_size) == (200, len(interim))
    assert (message.entity.to_bytes(), codes(message)) == (HTML, [])
    assert message.head_size == len(OK + TYPE + LENGTH) + 2


def lines_run(block: bytes, size: int) -> int:
    """Return how many lines of code parse a block that arrives in pieces."""
    count = 0

    def trace(_frame: object, event: str, _argument: object) -> object:
        nonlocal count
        count += event == "line"
        return trace

    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        ResponseMessage.read(block[at : at + size] for at in range(0, len(block), size))
    finally:
        sys.settrace(None)
    return count


FLOODS = {
    "interim responses": b"HTTP/1.1 102 A\r\n\r\n",
    "header lines": b"X: y\r\n",
    "odd header lines": b"x\r\n",
}


@pytest.mark.parametrize("kind", FLOODS)
def test_work_on_a_flood_grows_with_its_size(kind: str) -> None:
    begin = b"" if kind == "interim responses" else OK
    unit = FLOODS[kind]
    few, many = (lines_run(begin + unit * count + b"\r\n", 50) for count in (400, 1600))
    assert many < 5 * few


class Parsed(NamedTuple):
    """All that a parser says."""

    status: int
    version: str
    headers: tuple[tuple[bytes, bytes], ...]
    entity: bytes
    complete: bool
    malformed: str | None
    problems: tuple[object, ...]
    sizes: tuple[int, int]


def parsed(pieces: list[bytes]) -> Parsed:
    message = ResponseMessage.read(pieces)
    return Parsed(
        message.status,
        message.version,
        message.headers,
        message.entity.to_bytes(),
        message.complete,
        message.malformed,
        message.problems,
        (message.interim_size, message.head_size),
    )


BLOCKS = [
    *(block for block, _ in HEADS.values()),
    *(block for block, _, _ in CHUNKS.values() if len(block) < 2000),
    *(block if isinstance(block, bytes) else b"".join(block) for block in ODD_ANSWERS.values()),
    b"HTTP/1.1 100 Continue\r\n\r\n" + OK + REST,
    b"SSH-2.0-x\r\n",
    b"x\nHTTP/1.1 20",
]


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_bytes_that_arrive_one_by_one_are_parsed_equally(number: int) -> None:
    block = BLOCKS[number]
    assert parsed([block[at : at + 1] for at in range(len(block))]) == parsed([block])


SPLINTERS = [
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\0", b":", b" ", b"5\r\n", b"0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n", b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n",
    b"ffff;x\r\n", b"HTTP/1.1 103 H\r\n\r\n", b"HTTP", b"<html>", b"\xef\xbb\xbf",
    b"Content-Length: 3, 9\r\n", b"204", b"ICY 200 OK\r\n",
]  # fmt: skip


@settings(max_examples=400)
@given(
    st.sampled_from(BLOCKS),
    st.lists(
        st.tuples(st.integers(0, 400), st.sampled_from(SPLINTERS), st.integers(0, 9)), max_size=4
    ),
    st.lists(st.integers(0, 900), max_size=8),
)
def test_any_split_of_any_bytes_is_parsed_equally(
    block: bytes, edits: list[tuple[int, bytes, int]], cuts: list[int]
) -> None:
    for at, splinter, length in edits:
        block = block[:at] + splinter + block[at + length :]
    bounds = [0, *sorted(cut for cut in cuts if cut < len(block)), len(block)]
    pieces = [block[a:b] for a, b in pairwise(bounds)]
    assert parsed(pieces) == parsed([block])


class Llhttp:
    """The strict reading of llhttp."""

    def __init__(self, block: bytes) -> None:
        self.pairs: list[tuple[bytes, bytes]] = []
        self.body = b""
        self.complete = False
        self._has_head = False
        self._parser = httptools.HttpResponseParser(self)
        self._parser.feed_data(block)
        self.status = self._parser.get_status_code()

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._has_head:
            self.pairs.append((name, value.strip(b" \t")))

    def on_headers_complete(self) -> None:
        self._has_head = True

    def on_body(self, data: bytes) -> None:
        self.body += data

    def on_message_complete(self) -> None:
        self.complete = True


NAMES = st.sampled_from([b"X-Test", b"Link", b"server", b"a", b"Content-Type"])
VALUES = st.binary(max_size=20).map(
    lambda value: bytes(byte for byte in value if byte in b"\t" or (byte >= 32 and byte != 127))
)


@given(
    st.integers(200, 599).filter(lambda status: status != 205),  # RFC 9110: no body; llhttp: one
    st.lists(st.tuples(NAMES, VALUES), max_size=6),
    st.lists(st.binary(min_size=1, max_size=50), max_size=5),
    st.sampled_from(["chunked", "length"]),
)
@example(200, [(b"X", b"")], [], "chunked")
def test_strict_message_is_read_as_llhttp_reads_it(
    status: int, fields: list[tuple[bytes, bytes]], pieces: list[bytes], framing: str
) -> None:
    body = b"".join(pieces)
    if status in (204, 304):
        framed, field = b"", b""
    elif framing == "length":
        framed, field = body, b"Content-Length: %d\r\n" % len(body)
    else:
        chunks = b"".join(b"%X\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
        framed, field = chunks + b"0\r\n\r\n", b"Transfer-Encoding: chunked\r\n"
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in fields)
    block = b"HTTP/1.1 %d Reason\r\n" % status + lines + field + b"\r\n" + framed
    message, other = ResponseMessage.read([block]), Llhttp(block)
    assert (message.status, list(message.headers)) == (other.status, other.pairs)
    assert (message.entity.to_bytes(), message.complete) == (other.body, other.complete)
    assert message.problems == ()
