"""Score the result of any tool against the truth."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

NAMES = ("title", "date", "authors", "categories", "tags")
"""The fields that are right or wrong; the body is also scored by words."""

_SINGLE, _DOUBLE, _DASHES = "‘’‛`´", "“”„‟«»", "‐‑‒–—"
_SIGNS = str.maketrans(
    dict.fromkeys(_SINGLE, "'") | dict.fromkeys(_DOUBLE, '"') | dict.fromkeys(_DASHES, "-")
)
_ZERO_WIDTH = re.compile("[\u200b\u2060\ufeff\u00ad]")
_LIST_MARK = re.compile(r"^[^\S\n]*(?:[-*•‣]|\d+\.)[^\S\n]+", re.MULTILINE)
_RULE_OF_TABLE = re.compile(r"^[ |:-]*\|[ |:-]*$", re.MULTILINE)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts in a page, true or as read by a tool; None for unsupported fields."""

    title: str | None = None
    date: str | None = None
    """The day in ISO 8601, or ""."""
    authors: frozenset[str] | None = None
    categories: frozenset[str] | None = None
    tags: frozenset[str] | None = None
    body: str | None = None


@dataclass(slots=True)
class YearCount:
    """Numbers of correct results and pages, for all pages and for those with a value."""

    right: int = 0
    asked: int = 0
    right_where_any: int = 0
    asked_where_any: int = 0

    def add(self, *, is_right: bool, has_any: bool) -> None:
        """Count one page."""
        self.right += is_right
        self.asked += 1
        self.right_where_any += is_right and has_any
        self.asked_where_any += has_any


@dataclass(slots=True)
class Score:
    """The score of a tool."""

    fields: dict[str, YearCount] = field(default_factory=dict)
    """By field; unsupported fields are missing."""
    word_f1: list[float] = field(default_factory=list)
    """One per body."""

    def add(self, found: Facts, truth: Facts, site_name: str = "") -> None:
        """Count one page; `site_name` may be at the end of the title."""
        if found.title and site_name:
            found = replace(found, title=without_site_name(found.title, site_name))
        for name in (*NAMES, "body"):
            value, wanted = folded(getattr(found, name)), folded(getattr(truth, name))
            if value is not None and wanted is not None:
                tally = self.fields.setdefault(name, YearCount())
                tally.add(is_right=value == wanted, has_any=bool(wanted))
        if found.body is not None and truth.body is not None:
            self.word_f1.append(word_f1(found.body, truth.body))


def folded(value: str | Iterable[str] | None) -> str | frozenset[str] | None:
    """Normalize a text, or each name in a set, for comparison."""
    if value is None:
        return None
    if isinstance(value, str):
        return fold(value)
    return frozenset(fold(name).casefold() for name in value if fold(name))


def fold(text: str) -> str:
    r"""Normalize white space, quotation marks and dashes; remove list and table markup.

    >>> fold("“Duck\u00a0and  Cover” – a film")
    '"Duck and Cover" - a film'
    >>> fold("- one\n- two\n| a | b |\n|---|---|\n| c | d |")
    'one two a b c d'
    """
    text = _LIST_MARK.sub("", _RULE_OF_TABLE.sub("", _ZERO_WIDTH.sub("", text)))
    return " ".join(text.replace("|", " ").translate(_SIGNS).split())


def without_site_name(title: str, site_name: str) -> str:
    """Return a title without the site name at its end.

    >>> without_site_name("Duck and Cover - A Site", "A Site")
    'Duck and Cover'
    """
    bare = title.rstrip().removesuffix(site_name)
    return title if bare == title.rstrip() else bare.rstrip(" -–—|»·")


def word_f1(found: str, truth: str) -> float:
    """Return the F1 score of words, counting repetitions.

    >>> word_f1("one two two", "two three")
    0.4
    >>> word_f1("", "")
    1.0
    """
    words, wanted = (Counter(_WORD.findall(fold(text).casefold())) for text in (found, truth))
    if not words and not wanted:
        return 1.0
    return 2 * (words & wanted).total() / (words.total() + wanted.total())
