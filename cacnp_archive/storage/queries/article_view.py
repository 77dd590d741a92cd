"""All that the archive holds about one article, and the captures that prove it."""

from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

Row = dict[str, Any]

CAPTURES = 50
"""At most this many captures are returned."""

_PARTS = {
    "authors": """SELECT name, person, rank, role, printed, credit, outlet, has_asterisk
        FROM article_authors JOIN authors ON authors.id = author_id
        WHERE article_id = ? ORDER BY position""",
    "categories": """SELECT name, is_primary FROM article_categories
        JOIN categories ON categories.id = category_id WHERE article_id = ? ORDER BY position""",
    "tags": """SELECT name FROM article_tags JOIN tags ON tags.id = tag_id
        WHERE article_id = ? ORDER BY position""",
    "mentions": """SELECT name, person, kind, rank, role, outlet FROM mentions
        WHERE article_id = ? ORDER BY position""",
    "links": """SELECT target_url, host, kind, anchor_text, context FROM links
        WHERE article_id = ? ORDER BY position""",
    "documents": """SELECT article_documents.url, documents.id, documents.title, page_count
        FROM article_documents LEFT JOIN documents ON documents.url = article_documents.url
        WHERE article_id = ? ORDER BY position""",
    "embeds": "SELECT url, provider, title FROM embeds WHERE article_id = ? ORDER BY position",
    "media": "SELECT url, kind, alt, caption FROM media WHERE article_id = ? ORDER BY position",
    "versions": """SELECT number, first_seen_at, last_seen_at, modified_at, is_silent, title,
        capture_id FROM versions WHERE article_id = ? ORDER BY number DESC""",
    "changes": """SELECT changes.kind, detail, captured_at, capture_id FROM changes
        JOIN captures ON captures.id = capture_id WHERE article_id = ? ORDER BY changes.id DESC""",
    "disagreements": """SELECT field, source, extracted_value, reported_value FROM disagreements
        WHERE article_id = ? ORDER BY position""",
}


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article and what belongs to it; the rows have the columns of their tables."""

    article: Row
    capture: Row
    """The capture that the reading comes from."""
    captures: tuple[Row, ...]
    """Of its URL, latest first, at most CAPTURES."""
    parts: dict[str, tuple[Row, ...]]
    """authors, categories, tags, mentions, links, documents, embeds, media, versions, ..."""


def load_article_view(database: Database, article_id: int) -> ArticleView | None:
    """Return an article by its primary key, or None."""
    article = _first(database, "SELECT * FROM articles WHERE id = ?", article_id)
    if article is None:
        return None
    capture = _first(database, "SELECT * FROM captures WHERE id = ?", article["capture_id"])
    captures = database.query(
        """SELECT id, url, captured_at, status, record_type, entity_sha256 FROM captures
        WHERE canonical_url = ? ORDER BY captured_at DESC LIMIT ?""",
        [article["url"], CAPTURES],
    )
    parts = {name: tuple(database.query(sql, [article_id])) for name, sql in _PARTS.items()}
    return ArticleView(article, capture or {}, tuple(captures), parts)


def find_article(database: Database, canonical_url: str) -> int | None:
    """Return the primary key of the article at a canonical URL, or None."""
    row = database.execute("SELECT id FROM articles WHERE url = ?", [canonical_url]).fetchone()
    return row[0] if row else None


def find_capture(database: Database, capture_id: int) -> Row | None:
    """Return a row of `captures`, or None."""
    return _first(database, "SELECT * FROM captures WHERE id = ?", capture_id)


def good_capture(database: Database, canonical_url: str, until: str | None) -> Row | None:
    """Return the last good capture of a URL up to a moment, else the first one after it.

    `until` is ISO 8601; None means now.
    """
    good = "FROM captures WHERE canonical_url = ? AND is_good"
    latest = _first(
        database,
        f"SELECT * {good} AND captured_at <= coalesce(?, '9999') ORDER BY captured_at DESC LIMIT 1",
        canonical_url,
        until,
    )
    return latest or _first(
        database, f"SELECT * {good} ORDER BY captured_at LIMIT 1", canonical_url
    )


def title_at(database: Database, article_id: int, moment: str) -> str | None:
    """Return the title that an article had at a moment, or None if no version is that old."""
    row = database.execute(
        """SELECT title FROM versions WHERE article_id = ? AND first_seen_at <= ?
        ORDER BY number DESC LIMIT 1""",
        [article_id, moment],
    ).fetchone()
    return row[0] if row else None


def _first(database: Database, sql: str, *parameters: object) -> Row | None:
    return next(iter(database.query(sql, list(parameters))), None)
