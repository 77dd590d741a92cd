"""Words of others, made fit to be shown: nothing in them may steer a terminal or turn a line."""

import unicodedata

_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks by which right-to-left text begins and ends: in an address they hide where it leads."""


def printable(text: str) -> str:
    r"""Return a text with every control character, line end and bidirectional mark spelt out.

    >>> printable("Treaty \x1b[2J\u202egnp.exe")
    'Treaty \\x1b[2J\\u202egnp.exe'
    """
    return "".join(
        ascii(character)[1:-1] if _steers(character) else character for character in text
    )


def printable_lines(text: str) -> str:
    r"""Return a text made printable, but with its line feeds.

    >>> printable_lines("One\nTwo\r\x07")
    'One\nTwo\\r\\x07'
    """
    return "\n".join(printable(line) for line in text.split("\n"))


def _steers(character: str) -> bool:
    return character in _TURNING or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
