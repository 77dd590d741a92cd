"""Clean the text of PDF pages: lines, ligatures and hyphenated words."""

import re

LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
"""Maps ligatures to their letters, for `str.translate`."""

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
"""Matches control characters except tab and line feed, noncharacters and surrogates."""

_BLANKS = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_HYPHENATED_WORD = re.compile(r"\b([^\W\d_]+)[-\u2010]\n([^\W\d_]+)\b")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def readable(pages: list[str]) -> tuple[str, ...]:
    r"""Return pages with lines as printed, ligatures spelled out and hyphenated words joined.

    A word that is hyphenated at the end of a line is joined if the document contains the whole word
    elsewhere and never contains it with that hyphen; otherwise the hyphen may belong to the word.

    >>> readable(["a sub-\nmarine is no\nsubmarine", "non-\nproliferation, e\ufb03cient"])
    ('a submarine is no\nsubmarine', 'non-\nproliferation, efficient')
    """
    clean = [_clean(page) for page in pages]
    words = {word.lower() for page in clean for word in _WORD.findall(page)}
    return tuple(_HYPHENATED_WORD.sub(lambda match: _joined(match, words), page) for page in clean)


def _clean(page: str) -> str:
    text = page.translate(LIGATURES).replace("\xad\n", "").replace("\xad", "")
    text = _BLANKS.sub(" ", UNPRINTABLE.sub("", text.replace("\r", "\n")))
    lines = "\n".join(line.strip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", lines).strip()


def _joined(match: re.Match[str], words: set[str]) -> str:
    before, after = match.groups()
    is_safe = (before + after).lower() in words and f"{before}-{after}".lower() not in words
    return f"{before}{after}" if is_safe else match.group()
