"""Compare two texts by paragraphs, and changed paragraphs by words.

Nothing is lost: the kept and deleted runs make up the old text, the kept and inserted ones the new.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

BREAK = "\n\n"
"""What separates paragraphs, as in `Article.body_text`."""

WORK = 40_000_000
"""Steps that one diff may take, some seconds; the rest is compared by whole paragraphs.

Ordinary articles, even rewritten from end to end, stay far below.
"""

MIN_SIMILARITY = 0.45
"""Paragraphs that share at least this part of their words count as one that changed.

Two unrelated English paragraphs share about a quarter of their words.
"""

_TOKEN = re.compile(r"\w+(?:['’.,]\w+)*|\s+|[^\w\s]")
_WORD = re.compile(r"\w+")


class Change(StrEnum):
    """What happened to a piece of text."""

    KEPT = "kept"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text that was kept, deleted or inserted."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the old text, of the new, or of both."""

    change: Change | None
    """None when it was changed: its runs show how."""
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class TextDiff:
    """The difference between two texts."""

    paragraphs: tuple[Paragraph, ...]
    is_coarse: bool
    """Whether some of it was too long to be compared word by word, or to be paired."""

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return all(paragraph.change is Change.KEPT for paragraph in self.paragraphs)


class _Budget:
    """The steps that may still be spent on comparing."""

    def __init__(self) -> None:
        self.left = WORK
        self.is_spent = False

    def allows(self, cost: int) -> bool:
        """Spend steps; when there are too few left, spend none and return False."""
        if cost > self.left:
            self.is_spent = True
            return False
        self.left -= cost
        return True


def _matching_cost(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many steps matching two sequences takes at worst.

    Finding one match takes as many steps as there are pairs of equal items, and there are at most
    as many matches as items.
    """
    counts = Counter(item for item in new if not _is_blank(item))
    pairs = sum(number * counts[item] for item, number in Counter(old).items())
    return (len(old) + pairs) * (1 + min(len(old), len(new)))


def compare(old: str, new: str) -> TextDiff:
    """Return how two texts differ."""
    budget = _Budget()
    before, after = old.split(BREAK), new.split(BREAK)
    paragraphs: list[Paragraph] = []
    for kept, a, b in _segments(before, after, budget):
        if kept:
            paragraphs += (_whole(Change.KEPT, text) for text in a)
        else:
            paragraphs += _replaced(a, b, budget)
    return TextDiff(tuple(paragraphs), budget.is_spent)


def compare_line(old: str, new: str) -> tuple[Run, ...]:
    """Return how two short texts differ, word by word."""
    return _by_words(old, new, _Budget())


def _segments(
    old: Sequence[str], new: Sequence[str], budget: _Budget
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Yield the parts that are equal and those that differ, in order."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    if head:
        yield True, old[:head], new[:head]
    if a and b and budget.allows(_matching_cost(a, b)):
        matcher = SequenceMatcher(_is_blank, a, b, autojunk=False)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            yield tag == "equal", a[i1:i2], b[j1:j2]
    elif a or b:
        yield False, a, b
    if tail:
        yield True, old[len(old) - tail :], new[len(new) - tail :]


def _is_blank(item: str) -> bool:
    """Whether an item cannot start a match: matching spaces would take most of the time."""
    return item == "" or item.isspace()


def _replaced(old: Sequence[str], new: Sequence[str], budget: _Budget) -> Iterator[Paragraph]:
    """Yield the paragraphs of a part that differs; similar old and new ones become one."""
    i = j = 0
    for at_old, at_new in [*_pairs(old, new, budget), (len(old), len(new))]:
        yield from (_whole(Change.DELETED, text) for text in old[i:at_old])
        yield from (_whole(Change.INSERTED, text) for text in new[j:at_new])
        if at_old < len(old):
            yield Paragraph(None, _by_words(old[at_old], new[at_new], budget))
        i, j = at_old + 1, at_new + 1


def _pairs(old: Sequence[str], new: Sequence[str], budget: _Budget) -> list[tuple[int, int]]:
    """Return which old paragraph became which new one: the most similar pairs, in order."""
    words_of_old, words_of_new = ([Counter(_WORD.findall(t)) for t in side] for side in (old, new))
    cost = len(new) * sum(map(len, words_of_old)) + len(old) * sum(map(len, words_of_new))
    if not budget.allows(cost + 10 * len(old) * len(new)):  # an empty pair takes time too
        return []
    similarity = [[_similarity(a, b) for b in words_of_new] for a in words_of_old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + similarity[i][j])
    pairs, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if similarity[i][j] and best[i][j] == best[i + 1][j + 1] + similarity[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _similarity(old: Counter[str], new: Counter[str]) -> float:
    """Return which part of their words two paragraphs share; 0 when it is below MIN_SIMILARITY."""
    total = old.total() + new.total()
    shared = 2 * (old & new).total() / total if total else 0.0
    return shared if shared >= MIN_SIMILARITY else 0.0


def _by_words(old: str, new: str, budget: _Budget) -> tuple[Run, ...]:
    runs: list[Run] = []
    segments = _segments(_TOKEN.findall(old), _TOKEN.findall(new), budget)
    for kept, deleted, inserted in _readable([(k, "".join(a), "".join(b)) for k, a, b in segments]):
        if kept:
            runs.append(Run(Change.KEPT, deleted))
            continue
        if deleted:
            runs.append(Run(Change.DELETED, deleted))
        if inserted:
            runs.append(Run(Change.INSERTED, inserted))
    return tuple(runs)


def _readable(segments: list[tuple[bool, str, str]]) -> list[tuple[bool, str, str]]:
    """Join changes that are longer than the kept text between them.

    Otherwise a replaced sentence would be shown as fragments around each common "the".
    """
    joined: list[tuple[bool, str, str]] = []
    for segment in segments:
        joined.append(segment)
        while len(joined) >= 3 and not joined[-1][0] and joined[-2][0] and not joined[-3][0]:
            first, between, last = joined[-3:]
            if len(between[1]) > min(max(len(c[1]), len(c[2])) for c in (first, last)):
                break
            joined[-3:] = [
                (False, first[1] + between[1] + last[1], first[2] + between[2] + last[2])
            ]
    return joined


def _whole(change: Change, text: str) -> Paragraph:
    return Paragraph(change, (Run(change, text),))
