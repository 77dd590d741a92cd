"""Compare two texts by paragraphs, and changed paragraphs by words; nothing is ever left out.

All of the old text stands in what is kept and deleted, all of the new in what is kept and inserted.
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
"""Steps that one diff may cost, some seconds. What is beyond is told by whole paragraphs.

Ordinary articles, rewritten from end to end, stay far below.
"""

ALIKE = 0.45
"""Paragraphs that share this part of their words are one, changed; of two English ones that have
nothing to do with each other about a quarter is the same."""

_TOKEN = re.compile(r"\w+(?:['’.,]\w+)*|\s+|[^\w\s]")
_WORD = re.compile(r"\w+")


class Change(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text that is the same, or was deleted, or was inserted."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the old text, of the new, or of both."""

    change: Change | None
    """None when it was changed: then its runs tell how."""
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class TextDiff:
    """How a text became another."""

    paragraphs: tuple[Paragraph, ...]
    is_coarse: bool
    """Whether some of it was too much to be compared by words, or to be paired."""

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return all(paragraph.change is Change.KEPT for paragraph in self.paragraphs)


class _Budget:
    """What may still be spent on comparing."""

    def __init__(self) -> None:
        self.left = WORK
        self.is_spent = False

    def allows(self, cost: int) -> bool:
        """Take that many steps; False, and nothing is taken, when they are too many."""
        if cost > self.left:
            self.is_spent = True
            return False
        self.left -= cost
        return True


def _matching_cost(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many steps it takes at worst to match two sequences.

    To find one match costs as many as there are pairs of equal items, and there are at most as
    many matches as items.
    """
    counts = Counter(item for item in new if not _is_blank(item))
    pairs = sum(number * counts[item] for item, number in Counter(old).items())
    return (len(old) + pairs) * (1 + min(len(old), len(new)))


def compare(old: str, new: str) -> TextDiff:
    """Return how the old text became the new."""
    budget = _Budget()
    before, after = old.split(BREAK), new.split(BREAK)
    paragraphs: list[Paragraph] = []
    for kept, a, b in _stretches(before, after, budget):
        if kept:
            paragraphs += (_whole(Change.KEPT, text) for text in a)
        else:
            paragraphs += _replaced(a, b, budget)
    return TextDiff(tuple(paragraphs), budget.is_spent)


def compare_line(old: str, new: str) -> tuple[Run, ...]:
    """Return how a title or another short text became another, word by word."""
    return _by_words(old, new, _Budget())


def _stretches(
    old: Sequence[str], new: Sequence[str], budget: _Budget
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Yield what is the same in both, and what is not, in order."""
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
    """Whether something may stand in a match, but not make one: else spaces would cost most."""
    return item == "" or item.isspace()


def _replaced(old: Sequence[str], new: Sequence[str], budget: _Budget) -> Iterator[Paragraph]:
    """Yield the paragraphs of a stretch that differs, those that are alike as one."""
    i = j = 0
    for at_old, at_new in [*_pairs(old, new, budget), (len(old), len(new))]:
        yield from (_whole(Change.DELETED, text) for text in old[i:at_old])
        yield from (_whole(Change.INSERTED, text) for text in new[j:at_new])
        if at_old < len(old):
            yield Paragraph(None, _by_words(old[at_old], new[at_new], budget))
        i, j = at_old + 1, at_new + 1


def _pairs(old: Sequence[str], new: Sequence[str], budget: _Budget) -> list[tuple[int, int]]:
    """Return which old paragraph became which new one: the pairs, in order, that are most alike."""
    words_of_old, words_of_new = ([Counter(_WORD.findall(t)) for t in side] for side in (old, new))
    cost = len(new) * sum(map(len, words_of_old)) + len(old) * sum(map(len, words_of_new))
    if not budget.allows(cost + 10 * len(old) * len(new)):  # even an empty pair takes its time
        return []
    likeness = [[_likeness(a, b) for b in words_of_new] for a in words_of_old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + likeness[i][j])
    pairs, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if likeness[i][j] and best[i][j] == best[i + 1][j + 1] + likeness[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _likeness(old: Counter[str], new: Counter[str]) -> float:
    """Return which part of their words two paragraphs share; 0 when they are not alike."""
    total = old.total() + new.total()
    shared = 2 * (old & new).total() / total if total else 0.0
    return shared if shared >= ALIKE else 0.0


def _by_words(old: str, new: str, budget: _Budget) -> tuple[Run, ...]:
    runs: list[Run] = []
    stretches = _stretches(_TOKEN.findall(old), _TOKEN.findall(new), budget)
    for kept, deleted, inserted in _readable(
        [(k, "".join(a), "".join(b)) for k, a, b in stretches]
    ):
        if kept:
            runs.append(Run(Change.KEPT, deleted))
            continue
        if deleted:
            runs.append(Run(Change.DELETED, deleted))
        if inserted:
            runs.append(Run(Change.INSERTED, inserted))
    return tuple(runs)


def _readable(stretches: list[tuple[bool, str, str]]) -> list[tuple[bool, str, str]]:
    """Join changes with no more between them than they are long themselves.

    Else a sentence that was replaced would be told as crumbs around its every "the".
    """
    joined: list[tuple[bool, str, str]] = []
    for stretch in stretches:
        joined.append(stretch)
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
