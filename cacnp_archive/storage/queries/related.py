"""Find articles on the same subject as a given one.

The words that are typical of the article are searched with FTS5 and ranked by its bm25.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass

from sqlite_utils import Database

_WORD = re.compile(r"[^\W\d_]{4,}")
_CANDIDATES, _TERMS = 40, 14
"""How many of an article's most frequent words are weighed, and how many of these searched."""

_TITLE_WEIGHT = 3
_READ_CHARS = 20_000
"""The rest of a longer text adds nothing to its subject."""


@dataclass(frozen=True, slots=True)
class Related:
    """An article on a similar subject."""

    id: int
    title: str
    day: str | None
    kind: str


def related(database: Database, article_id: int, limit: int) -> list[Related]:
    """Return the articles most similar to one, best first; articles that are gone are left out."""
    terms = typical_words(database, article_id)
    if not terms:
        return []
    rows = database.execute(
        """SELECT articles.id, coalesce(articles.title, ''), day, kind
        FROM articles_fts JOIN articles ON articles.id = articles_fts.rowid
        WHERE articles_fts MATCH ? AND articles.id != ? AND gone_at IS NULL
        ORDER BY bm25(articles_fts, 5.0, 1.0), articles.id LIMIT ?""",
        [" OR ".join(f'"{term}"' for term in terms), article_id, limit],
    )
    return [Related(*row) for row in rows]


def typical_words(database: Database, article_id: int) -> list[str]:
    """Return the words that are frequent in an article and rare in others, best first."""
    row = database.execute(
        "SELECT coalesce(title, ''), substr(body_text, 1, ?) FROM articles WHERE id = ?",
        [_READ_CHARS, article_id],
    ).fetchone()
    if row is None:
        return []
    title, text = row
    frequency = Counter(_WORD.findall(text.lower()))
    for word in _WORD.findall(title.lower()):
        frequency[word] += _TITLE_WEIGHT
    (total,) = database.execute("SELECT count(*) FROM articles").fetchone()
    weights = {}
    for word, times in frequency.most_common(_CANDIDATES):
        (known,) = database.execute(
            "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?", [f'"{word}"']
        ).fetchone()
        if known > 1:
            weights[word] = (1 + math.log(times)) * math.log(total / known)
    return sorted(weights, key=lambda word: (-weights[word], word))[:_TERMS]
