"""Escape untrusted text for display: nothing in it may control a terminal or reorder a line."""

import unicodedata

_BIDIRECTIONAL = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""Marks that start and end right-to-left text: in an address they can hide where it leads."""


def printable(text: str) -> str:
    r"""Return a text with every control character, line end and bidirectional mark escaped.

    >>> printable("Treaty \x1b[2J\u202egnp.exe")
    'Treaty \\x1b[2J\\u202egnp.exe'
    """
    return "".join(
        ascii(character)[1:-1] if _is_unsafe(character) else character for character in text
    )


def printable_lines(text: str) -> str:
    r"""Return a printable text that keeps its line feeds.

    >>> printable_lines("One\nTwo\r\x07")
    'One\nTwo\\r\\x07'
    """
    return "\n".join(printable(line) for line in text.split("\n"))


def _is_unsafe(character: str) -> bool:
    return character in _BIDIRECTIONAL or unicodedata.category(character) in (
        "Cc",
        "Cs",
        "Zl",
        "Zp",
    )
