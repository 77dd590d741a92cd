"""Find articles by words and by what they are, best first, with counts to narrow the search."""

import sqlite3
from collections import Counter
from dataclasses import dataclass

from sqlite_utils import Database

from cacnp_archive.model.errors import UsageError

MARKS = ("\x02", "\x03")
"""Stand before and behind each word that was looked for, in snippets."""

FACET_SIZE = 12
"""Of each facet the most frequent values are given."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is empty is not looked at."""

    words: str = ""
    """In FTS5's syntax or as plain words."""
    year: str = ""
    kind: str = ""
    author: str = ""
    """A person, in any of the spellings that are folded to one."""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One article of a result."""

    id: int
    title: str
    day: str | None
    kind: str
    authors: str
    """Names, separated by commas."""
    is_gone: bool
    snippet: str
    """Text around the first words that were looked for, between MARKS; else its beginning."""


@dataclass(frozen=True, slots=True)
class Result:
    """One page of what was found, and how all of it is distributed."""

    count: int
    """Of all articles that were found."""
    hits: tuple[Found, ...]
    facets: dict[str, list[tuple[str, int]]]
    """By the name of a field of Wanted: values and counts, the most frequent first; years in
    order of time."""


_CONDITIONS = {
    "year": "substr(coalesce(published_at, published_on), 1, 4) = :year",
    "kind": "kind = :kind",
    "author": """articles.id IN (SELECT article_id FROM article_authors
        JOIN authors ON authors.id = author_id
        WHERE person = (SELECT person FROM authors WHERE name = :author) OR name = :author
            OR person = :author)""",
    "category": """articles.id IN (SELECT article_id FROM article_categories
        JOIN categories ON categories.id = category_id WHERE name = :category)""",
}
_YEARS_AND_KINDS = """SELECT substr(coalesce(published_at, published_on), 1, 4), kind, count(*)
    FROM {} GROUP BY 1, 2"""
_AUTHORS_AND_CATEGORIES = """WITH found AS MATERIALIZED (SELECT articles.id FROM {})
    SELECT 'author', coalesce(person, name), count(DISTINCT found.id)
    FROM found JOIN article_authors ON article_id = found.id
    JOIN authors ON authors.id = author_id GROUP BY 2
    UNION ALL
    SELECT 'category', name, count(DISTINCT found.id)
    FROM found JOIN article_categories ON article_id = found.id
    JOIN categories ON categories.id = category_id GROUP BY 2"""


def find(database: Database, wanted: Wanted, limit: int, offset: int = 0) -> Result:
    """Return the articles that fit, best first; without words the latest first.

    Raises UsageError when there is nothing to look for in the words.
    """
    try:
        return _find(database, wanted, wanted.words, limit, offset)
    except sqlite3.OperationalError:  # not FTS5 syntax: "U.S." or "what's"
        quoted = " ".join('"' + word.replace('"', '""') + '"' for word in wanted.words.split())
        try:
            return _find(database, wanted, quoted, limit, offset)
        except sqlite3.OperationalError as error:
            raise UsageError(f"cannot search for {wanted.words!r}: {error}") from error


def _find(database: Database, wanted: Wanted, words: str, limit: int, offset: int) -> Result:
    parameters: dict[str, object] = {
        name: getattr(wanted, name) for name in _CONDITIONS if getattr(wanted, name)
    }
    conditions = [_CONDITIONS[name] for name in parameters]
    source = "articles"
    if words:
        source = "articles_fts JOIN articles ON articles.id = articles_fts.rowid"
        conditions.append("articles_fts MATCH :words")
        parameters["words"] = words
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    source += where
    years: Counter[str | None] = Counter()
    tallies: dict[str, Counter[str]] = {
        "kind": Counter(),
        "author": Counter(),
        "category": Counter(),
    }
    for year, kind, number in database.execute(_YEARS_AND_KINDS.format(source), parameters):
        years[year] += number
        tallies["kind"][kind] += number
    for name, value, number in database.execute(_AUTHORS_AND_CATEGORIES.format(source), parameters):
        tallies[name][value] = number
    facets = {"year": sorted((year, count) for year, count in years.items() if year is not None)}
    for name, tally in tallies.items():
        facets[name] = sorted(tally.items(), key=lambda item: (-item[1], item[0]))[:FACET_SIZE]
    hits = _page(database, source, parameters, limit, offset)
    return Result(years.total(), hits, facets)


def _page(
    database: Database, source: str, parameters: dict[str, object], limit: int, offset: int
) -> tuple[Found, ...]:
    """Rank all, then read the texts of those that are shown alone: a snippet costs most."""
    if "words" in parameters:
        snippet = "snippet(articles_fts, 1, :open, :close, '…', 32)"
        texts = "articles_fts ON articles_fts.rowid = best.id AND articles_fts MATCH :words"
        score, order = "bm25(articles_fts, 5.0, 1.0)", "score"
    else:
        snippet = "substr(body_text, 1, 240)"
        texts = "(SELECT 1)"
        score, order = "coalesce(published_at, published_on)", "score DESC"
    rows = database.execute(
        f"""WITH best AS MATERIALIZED (
            SELECT articles.id, {score} AS score FROM {source}
            ORDER BY {order}, articles.id LIMIT :limit OFFSET :offset)
        SELECT articles.id, coalesce(articles.title, ''),
            coalesce(published_on, substr(published_at, 1, 10)), kind,
            (SELECT group_concat(name, ', ') FROM (
                SELECT name FROM article_authors JOIN authors ON authors.id = author_id
                WHERE article_id = articles.id ORDER BY position)),
            gone_at IS NOT NULL, {snippet}
        FROM best CROSS JOIN articles ON articles.id = best.id CROSS JOIN {texts}
        ORDER BY {order}, best.id""",
        parameters | {"open": MARKS[0], "close": MARKS[1], "limit": limit, "offset": offset},
    )
    return tuple(
        Found(number, title, day, kind, authors or "", bool(is_gone), text)
        for number, title, day, kind, authors, is_gone, text in rows
    )
