"""Split a text into sentences."""

import re
from bisect import bisect_left, bisect_right

from cacnp_archive.parsing.select import tokens

_ABBREVIATIONS = tokens(
    "adm amb apr aug capt cmdr cf co col corp dec dept dr ed eds e.g eg est etc feb fig gen"
    " gov hon i.e inc jan jr lt ltd maj mar mr mrs ms no nos nov oct p para pp prof pt rep reps"
    " ret rev sec secs sen sens sept sgt spec sr st univ v vol vs"
)
_TITLES = tokens(
    "adm amb apr aug capt cmdr col dec dr feb fig gen gov hon jan lt maj mar mr mrs ms no nos"
    " nov oct p pp prof rep reps rev sec sen sens sept sgt spec st vol vs"
)
_SENTENCE_STARTS = tokens(
    "a after all although an and as at but for he however if in it its now of on she since so"
    " that the their there these they this those though to we what when while with you"
)
_END = re.compile(
    r"[.!?…]+[\"'”’)\]»]*(?:\[\d+\])?[ ]+(?=[\"'“‘(\[«¿¡]*[^\W_a-zà-ÿ])|[。！？]+[」』”]?|[\n]+"
)
_LAST_WORD = re.compile(r"[^\s(\[“‘\"]+$")
_NEXT_WORD = re.compile(r"[^\w]*(\w+)")
_ACRONYM = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]|[A-Z]")
_MAX_WORD_CHARS = 40


class Sentences:
    """The sentences of a block of text; a line break also ends a sentence."""

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._ends = [end.end() for end in _END.finditer(text) if _is_end(text, end)]

    def around(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the sentence or sentences that contain a part of the text.

        >>> text = "Gen. A. Roe wrote in the U.S. Army. He was wrong. So was she."
        >>> begin, end = Sentences(text).around(20, 24)
        >>> text[begin:end]
        'Gen. A. Roe wrote in the U.S. Army. '
        """
        before = bisect_right(self._ends, start)
        after = bisect_left(self._ends, max(end, start + 1))
        first = self._ends[before - 1] if before else 0
        last = self._ends[after] if after < len(self._ends) else self._length
        return first, last


def _is_end(text: str, end: re.Match[str]) -> bool:
    if not end[0].startswith(".") or end[0].startswith(".."):
        return True
    before = _LAST_WORD.search(text, max(0, end.start() - _MAX_WORD_CHARS), end.start())
    word = before[0].strip("”’\"'") if before else ""
    if word.lower() in _TITLES:
        return False
    if word.lower() in _ABBREVIATIONS or _ACRONYM.fullmatch(word):
        following = _NEXT_WORD.match(text, end.end())
        return following is not None and following[1].lower() in _SENTENCE_STARTS
    return True
