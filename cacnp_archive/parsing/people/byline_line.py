"""A line of text that is parsed word by word."""

import re
from collections.abc import Collection, Iterator

from cacnp_archive.parsing.people.byline_publication import DATE, MAX_LINE_CHARS, OUTLET, iso_date
from cacnp_archive.parsing.people.byline_words import LABEL, OTHER_WORK, VERBS
from cacnp_archive.parsing.people.names import RETIRED, plain

_DATE_AT = re.compile(rf"[(\[]?\s*(?:(?-i:on)\s+)?{DATE}[)\]]?[.,]?(?=\s|$)", re.IGNORECASE)
_CONTACT_MARK = re.compile(
    r"\s*(?:\[contact information\]|\((?:[^()\s@]{1,64})?@[^()\s]{1,80}\)|,? et al\b\.?)(,?)",
    re.IGNORECASE,
)
_RETIRED_MARK = re.compile(rf"(?:{RETIRED.pattern})(,?)", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_CUT = re.compile(
    r"(?<=[^\W\d_])(?=/[^\W\d_])|(?<=[^\W\d_]/)(?=[^\W\d_])|(?<=[^\W\d_][,;])(?=[^\W\d_])"
)
"""Matches where a word ends without a space: `Roe/Doe`, `Roe,Doe`."""

_WIDE_MARKS = str.maketrans("、，；：／｜", ",,;:/|")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")


class BylineLine:
    """The words of a line that `clean_line` returned; positions are indexes of words."""

    def __init__(self, text: str, certain: Collection[str] = ()) -> None:
        self._printed = text
        self._certain = certain
        # Marks that do not concern the name become spaces, so that offsets stay valid.
        for marks in (_CONTACT_MARK, _RETIRED_MARK):
            text = marks.sub(_spaces_for, text)
        label = LABEL.match(text)
        if label is not None:
            by = "by".rjust(len(label["label"]))
            text = text[: label.start("label")] + by + text[label.end() :]
        self._text = text.translate(_WIDE_MARKS)
        self._spans = [match.span() for match in _WORD.finditer(self._text)]
        cuts = {cut.start() for cut in _CUT.finditer(self._text)}
        if label is not None:
            cuts.add(label.end())
        if cuts:
            self._spans = [part for span in self._spans for part in _cut(*span, cuts)]
        self._words = [self._text[start:end] for start, end in self._spans]
        if label is not None:  # what is printed includes the label
            first = next(n for n, (_, end) in enumerate(self._spans) if end >= label.end())
            self._spans[first] = (label.start("label"), self._spans[first][1])

    def _is_line_start(self, position: int) -> bool:
        """Whether a line of its own starts at this word, after another one."""
        if not 0 < position < len(self._spans):
            return False
        return "\n" in self._text[self._spans[position - 1][1] : self._spans[position][0]]

    def _before(self, position: int) -> str:
        return self._text[: self._spans[position][0]]

    def opens_part(self, position: int) -> bool:
        """Whether "by", or a verb and "by", is at this position."""
        word = self._word(position)
        return (
            self._is_by(position)
            or (plain(word) in VERBS | OTHER_WORK and self._is_by(position + 1))
            or (plain(word) in OTHER_WORK and word.endswith(":"))
        )

    def _is_by(self, position: int) -> bool:
        return self._word(position).lower().lstrip("*–—―-(").rstrip(":") == "by"

    def _is_outlet(self, position: int) -> bool:
        return OUTLET.match(self._text, self._spans[position][0]) is not None

    def _after_date(self, position: int) -> int:
        if position >= len(self._words):
            return position
        match = _DATE_AT.match(self._text, self._spans[position][0])
        while (
            match is not None
            and position < len(self._words)
            and self._spans[position][1] <= match.end()
        ):
            position += 1
        return position

    def _date(self, start: int, end: int) -> str | None:
        return iso_date(self._slice(start, end)) if end > start else None

    def _word(self, position: int) -> str:
        return self._words[position] if 0 <= position < len(self._words) else ""

    def _slice(self, first: int, end: int) -> str:
        return self._printed[self._spans[first][0] : self._spans[end - 1][1]]


def _cut(start: int, end: int, cuts: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield the parts of a span."""
    for cut in range(start + 1, end):
        if cut in cuts:
            yield start, cut
            start = cut
    yield start, end


def clean_line(line: str) -> str:
    """Return the first MAX_LINE_CHARS characters of a line without invisible characters."""
    return _INVISIBLE.sub("", line[:MAX_LINE_CHARS])


def _spaces_for(match: re.Match[str]) -> str:
    """Return a comma if the mark ends in one, then spaces up to the length of the mark."""
    return (match[1] + " " * len(match[0]))[: len(match[0])]
