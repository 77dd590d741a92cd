"""Resolve Content-Type as browsers do: the Fetch and MIME Sniffing standards.

Fetch ("extract a MIME type") takes the last valid type of all headers and lists, and leaves out
`*/*`; MIME Sniffing says how each is parsed.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

UNKNOWN_TYPES = frozenset({"", "unknown/unknown", "application/unknown", "*/*"})
"""Types that say nothing (MIME Sniffing section 7): the bytes decide."""

_WORD = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_TYPE = re.compile(rf"[\t\n\r ]*({_WORD}/{_WORD})[\t\n\r ]*(?:;|$)")
_PARTS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[^",]++|,')
_CHARSET = re.compile(
    r'"(?:[^"\\]|\\.)*+"?|;[\t\n\r ]*charset=(?:"((?:[^"\\]|\\.)*+)"?|([^;]*))', re.IGNORECASE
)
_STRICT = re.compile(
    rf'{_WORD}/{_WORD}(?:[ \t]*;(?:[ \t]*{_WORD}=(?:{_WORD}|"(?:[^"\\]|\\.)*+"))?)*[ \t]*'
)


class ContentType(NamedTuple):
    """What the headers say of a body."""

    media_type: str
    """Type and subtype in lower case; "" when no header names one that is valid."""
    charset: str
    """The label of the encoding, as written; "" when none is given."""
    is_odd: bool
    """Whether it is anything but one header with one valid type."""


def content_type_of(values: Sequence[bytes]) -> ContentType:
    """Return what the values of all Content-Type headers say.

    >>> content_type_of([b"*/*", b"text/html, text/html;charset=utf-8"])[:2]
    ('text/html', 'utf-8')
    """
    fields = [value.decode("latin-1") for value in values if value.strip()]
    media_type = charset = ""
    for part in _split(fields):
        found = _TYPE.match(part)
        if found is None or found[1] == "*/*":
            continue
        essence, label = found[1].lower(), _charset(part[found.end(1) :])
        # A type that is repeated without a charset keeps the one it had.
        charset = label or (charset if essence == media_type else "")
        media_type = essence
    is_odd = len(fields) > 1 or (bool(fields) and not _STRICT.fullmatch(fields[0]))
    return ContentType(media_type, charset, is_odd)


def _split(fields: list[str]) -> list[str]:
    """Split at commas outside of quotes (Fetch, "get, decode, and split")."""
    parts = [""]
    for piece in _PARTS.findall(",".join(fields)):
        if piece == ",":
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _charset(parameters: str) -> str:
    """Return the first charset parameter, outside of the quotes of others."""
    for found in _CHARSET.finditer(parameters):
        quoted, bare = found.groups()
        if quoted is not None:
            return re.sub(r"\\(.)", r"\1", quoted)
        if bare is not None and bare.strip():
            return bare.strip()
    return ""
