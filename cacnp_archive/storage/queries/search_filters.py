"""Filters of a search: which articles and documents may be found.

The conditions on authors and categories are SQL texts that also stand in the desk's sample queries.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from sqlite_utils import Database

from cacnp_archive.model.errors import UsageError
from cacnp_archive.model.outlets import outlet_of
from cacnp_archive.model.records import Kind

DOCUMENT = "document"
"""The kind of what is not an article."""

KINDS = (*(kind.value for kind in Kind), DOCUMENT)

PERSONS = """SELECT coalesce(person, name) FROM authors
    WHERE lower(:author) IN (lower(name), lower(person))
        OR (instr(lower(name || char(10) || coalesce(person, '')), lower(:author))
            AND NOT EXISTS (SELECT 1 FROM authors
                WHERE lower(:author) IN (lower(name), lower(person))))"""
"""The persons that :author means: the one whose whole name it is, in any spelling, else all whose
name contains it."""

BY_AUTHOR = f"""articles.id IN (
    SELECT article_id FROM article_authors WHERE author_id IN (
        SELECT id FROM authors WHERE coalesce(person, name) IN ({PERSONS})))"""

IN_CATEGORY = """articles.id IN (
    WITH RECURSIVE below(id) AS (
        SELECT id FROM categories WHERE lower(name) = lower(:category)
        UNION SELECT categories.id FROM categories JOIN below ON parent_id = below.id)
    SELECT article_id FROM article_categories JOIN below ON below.id = category_id)"""

CATEGORIES_ABOVE = """
    namesakes(id, first_id) AS (
        SELECT id, min(id) OVER (PARTITION BY lower(name)) FROM categories),
    ancestors(id, ancestor_id) AS (
        SELECT id, id FROM categories
        UNION SELECT ancestors.id, parent_id FROM ancestors
        JOIN categories ON categories.id = ancestor_id WHERE parent_id IS NOT NULL),
    categories_above(id, above_id) AS MATERIALIZED (
        SELECT DISTINCT ancestors.id, first_id FROM ancestors
        JOIN namesakes ON namesakes.id = ancestor_id)"""
"""Common table expressions for WITH RECURSIVE: `categories_above` has each category with itself and
every category above it; the first row of `categories` stands for all of the same name."""

PUBLISHED_BY = """articles.id IN (
    SELECT article_id FROM mentions
    WHERE lower(:outlet) IN (lower(outlet), lower(canonical_outlet))
    UNION SELECT article_id FROM article_authors
    WHERE lower(:outlet) IN (lower(outlet), lower(canonical_outlet)))"""

_CONDITIONS = {
    "kind": "articles.kind = lower(:kind)",
    "author": BY_AUTHOR,
    "category": IN_CATEGORY,
    "outlet": PUBLISHED_BY,
    "since": "articles.day >= :since",
    "until": "articles.day <= :until || '~'",  # "~" comes after "-": 2017-10 includes 2017-10-31
}
_DATE = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What an article must also be; a document passes when an article that links to it does.

    Raises UsageError for a date or kind that does not exist, and for dates in the wrong order.
    """

    kind: str | None = None
    """One of KINDS, case-insensitive."""
    author: str | None = None
    """A name in any spelling, or part of one, case-insensitive."""
    category: str | None = None
    """The name of a category, case-insensitive; its subcategories are included."""
    outlet: str | None = None
    """An outlet that published the piece or quoted somebody, in any spelling, case-insensitive."""
    since: str | None = None
    """The first date of publication: YYYY, YYYY-MM or YYYY-MM-DD."""
    until: str | None = None
    """The last date, likewise; the whole of that year or month is included."""

    def __post_init__(self) -> None:
        if self.kind is not None:
            _require("kind", self.kind, KINDS)
        for name, text in (("from", self.since), ("to", self.until)):
            if text is not None and not _is_date(text):
                raise UsageError(f"{name} must be like 2024, 2024-01 or 2024-01-31, not {text!r}")
        if self.since and self.until and self.since[: len(self.until)] > self.until:
            raise UsageError(f"no date is both from {self.since} and to {self.until}")

    def __str__(self) -> str:
        """Return the filters in words; empty if there are none."""
        names = {"kind": self.kind, "author": self.author, "category": self.category,
                 "outlet": self.outlet}  # fmt: skip
        words = [f"{name} {value!r}" for name, value in names.items() if value is not None]
        dates = [f"{name} {value}" for name, value in (("from", self.since), ("to", self.until))
                 if value is not None]  # fmt: skip
        return ", ".join([*words, *dates])

    @property
    def finds_articles(self) -> bool:
        """Whether an article can pass."""
        return self.kind is None or self.kind.lower() != DOCUMENT

    @property
    def finds_documents(self) -> bool:
        """Whether a document can pass."""
        return self.kind is None or self.kind.lower() == DOCUMENT

    def conditions(self) -> tuple[str, dict[str, object]]:
        """Return an SQL condition on `articles`, empty if there is none, and its parameters."""
        values: dict[str, object] = {
            name: value for name in _CONDITIONS if (value := getattr(self, name)) is not None
        }
        if self.outlet is not None:
            values["outlet"] = outlet_of(self.outlet)
        if not self.finds_articles:
            del values["kind"]
        return " AND ".join(_CONDITIONS[name] for name in values), values


def require_category(database: Database, name: str) -> None:
    """Raise UsageError when there is no category of this name."""
    _require("category", name, [row[0] for row in database.execute("SELECT name FROM categories")])


def _require(what: str, value: str, known: Iterable[str]) -> None:
    names = {name.lower(): name for name in known}
    if value.lower() not in names:
        near = [names[name] for name in get_close_matches(value.lower(), names)]
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise UsageError(f"there is no {what} {value!r}{hint}")


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True
