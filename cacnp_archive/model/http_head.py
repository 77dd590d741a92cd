"""Parse the head of an HTTP response: strictly, or else as browsers do.

A head that follows the grammar of RFC 9112 is taken as it is. Of any other, each oddity is a
Problem and is resolved as browsers resolve it, mostly as Chromium does: a line that is no field is
skipped, white space before a colon is ignored, a folded line continues its field, a version that is
no version counts as 1.0, a missing status as 200.
"""

import re
from collections import Counter
from typing import NamedTuple

from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Problem

HeaderPairs = tuple[tuple[bytes, bytes], ...]

MAX_HEADER_LINES = 5_000
"""Further lines are not read; curl refuses such a response, and Chromium limits bytes alone."""

SHOWN_BYTES = 60
"""A detail quotes at most this much of an odd line."""

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]"
_TEXT = rb"[\t\x20-\x7e\x80-\xff]"
_STRICT_HEAD = re.compile(
    rb"HTTP/(1\.[01]) (\d{3}) (" + _TEXT + rb"*+)\r\n"
    rb"(?:" + _TOKEN + rb"++:" + _TEXT + rb"*+\r\n)*+\r\n"
)
"""RFC 9112 sections 4 and 5; possessive, so that no head takes more than linear time."""
_LINE_END = re.compile(rb"\r*\n")
_ODD_LINE_END = re.compile(rb"\r\r+\n|(?<!\r)\n")
_STATUS_LINE = re.compile(
    rb"(?:HTTP|ICY)(?P<version>/[^ \t]*)?[ \t]*(?P<status>\d{1,9})?\d*[ \t]*(?P<reason>.*)",
    re.IGNORECASE | re.DOTALL,
)
_VERSION = re.compile(rb"/(\d)\.(\d)")
_FIELD_NAME = re.compile(_TOKEN + rb"+")
_CONTROLS = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")


class Head(NamedTuple):
    """The status line and the fields of a response."""

    status: int
    reason: bytes
    version: str
    """`1.1` or `1.0`; any later version counts as the first, any other as the second."""
    headers: HeaderPairs
    """Names and values in the order and case of the wire, white space around values removed."""
    problems: tuple[Problem, ...] = ()


def parse_head(head: bytes) -> Head:
    r"""Return the head of a response, from its status line to its blank line.

    >>> parse_head(b"HTTP/1.1 200 OK\r\nA: 1\r\nno colon\r\n\r\n").headers
    ((b'A', b'1'),)
    """
    strict = _STRICT_HEAD.fullmatch(head)
    if strict is None:
        return _parse_as_browsers_do(head)
    lines = head[strict.end(3) : -2].split(b"\r\n")
    if len(lines) > MAX_HEADER_LINES:
        return _parse_as_browsers_do(head)
    pairs = []
    for line in lines[1:-1]:
        name, _, value = line.partition(b":")
        pairs.append((name, value.strip(b" \t")))
    version, status, reason = strict.groups()
    return Head(int(status), reason.strip(b" \t"), version.decode(), tuple(pairs))


class _Oddities:
    """Counts oddities by kind, and keeps the first of each kind to quote."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[ProblemCode, str]] = Counter()
        self._first: dict[tuple[ProblemCode, str], bytes] = {}

    def note(self, code: ProblemCode, what: str, line: bytes = b"") -> None:
        self._counts[code, what] += 1
        self._first.setdefault((code, what), line[:SHOWN_BYTES])

    def problems(self) -> tuple[Problem, ...]:
        """Return one Problem for each code that was noted."""
        details: dict[ProblemCode, list[str]] = {}
        for (code, what), count in self._counts.items():
            line = self._first[code, what]
            times = f" ({count} times)" if count > 1 else ""
            details.setdefault(code, []).append(f"{what}{times}" + (f": {line!r}" if line else ""))
        return tuple(Problem(code=code, detail="; ".join(found)) for code, found in details.items())


def _parse_as_browsers_do(head: bytes) -> Head:
    oddities = _Oddities()
    if odd := _ODD_LINE_END.search(head):
        oddities.note(ProblemCode.ODD_LINE_BREAK, f"{odd[0]!r} ends a line")
    status_line, *lines = _LINE_END.split(head.rstrip(b"\r\n"))
    status, reason, version = _status_line(status_line, oddities)
    if len(lines) > MAX_HEADER_LINES:
        what = f"{len(lines)} lines, of which {MAX_HEADER_LINES} are read"
        oddities.note(ProblemCode.TOO_MANY_HEADERS, what)
    pairs = _fields(lines[:MAX_HEADER_LINES], oddities)
    return Head(status, reason, version, pairs, oddities.problems())


def _status_line(line: bytes, oddities: _Oddities) -> tuple[int, bytes, str]:
    found = _STATUS_LINE.match(line)
    if found is None:
        raise ValueError(f"no status line: {line[:SHOWN_BYTES]!r}")
    if not re.fullmatch(rb"HTTP/1\.[01] \d{3} " + _TEXT + rb"*", line):
        oddities.note(ProblemCode.ODD_STATUS_LINE, "status line", line)
    version = _VERSION.fullmatch(found["version"] or b"")
    is_later = version is not None and version.groups() >= (b"1", b"1")
    reason = found["reason"].replace(b"\0", b"").strip(b" \t\r")
    return int(found["status"] or 200), reason, "1.1" if is_later else "1.0"


def _fields(lines: list[bytes], oddities: _Oddities) -> HeaderPairs:
    """Return the fields of header lines, as Chromium reads them (`HttpUtil::HeadersIterator`)."""
    code = ProblemCode.ODD_HEADER_LINE
    fields: list[tuple[bytes, list[bytes]]] = []
    is_field = False
    for line in lines:
        if line[:1] in (b" ", b"\t"):
            oddities.note(code, "folded line" if is_field else "line begins with a space", line)
            if is_field:
                fields[-1][1].append(line)
            continue
        if _CONTROLS.search(line):
            oddities.note(code, "control character", line)
            line = line.replace(b"\0", b"").replace(b"\r", b" ")
        name, colon, value = line.partition(b":")
        bare_name = name.rstrip(b" \t")
        is_field = bool(colon) and _FIELD_NAME.fullmatch(bare_name) is not None
        if not is_field:
            oddities.note(code, "name that is no token" if colon else "line without a colon", line)
            continue
        if bare_name != name:
            oddities.note(code, "space before the colon", line)
        fields.append((bare_name, [value]))
    return tuple((name, b" ".join(part.strip(b" \t") for part in parts)) for name, parts in fields)
