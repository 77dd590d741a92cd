"""Load what the database holds of a page in the form in which the parsers return it."""

import json
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

Row = dict[str, Any]

_ARTICLE = """SELECT id, capture_id, kind, title, wordpress_id, published_at, published_on,
    modified_at, updated_note, language, body_language, part_count, body_text
    FROM articles WHERE url = ?"""

_NAMES = {
    "authors": """SELECT name, rank, role, printed, credit, found_in, has_asterisk AS asterisk,
        outlet, printed_date AS date FROM article_authors JOIN authors ON authors.id = author_id
        WHERE article_id = ? ORDER BY position""",
    "mentions": """SELECT name, person, kind, rank, role, outlet FROM mentions
        WHERE article_id = ? ORDER BY position""",
    "categories": """SELECT name, is_primary AS "primary" FROM article_categories
        JOIN categories ON categories.id = category_id WHERE article_id = ? ORDER BY position""",
    "tags": """SELECT slug FROM article_tags JOIN tags ON tags.id = tag_id
        WHERE article_id = ? ORDER BY position""",
    "people": """SELECT slug FROM article_people JOIN people ON people.id = person_id
        WHERE article_id = ? ORDER BY position""",
}
_CONTENT = {
    "links": """SELECT target_url, host, kind, anchor_text, context FROM links
        WHERE article_id = ? ORDER BY position""",
    "embeds": """SELECT url, provider, embed_id, title FROM embeds
        WHERE article_id = ? ORDER BY position""",
    "media": """SELECT url, kind, alt, caption FROM media WHERE article_id = ? ORDER BY position""",
    "documents": "SELECT url FROM article_documents WHERE article_id = ? ORDER BY position",
}


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as the database holds it."""

    values: Row
    """By the names of the parsers' fields; those that only the database has are left out."""
    capture_id: int
    """The capture that it was read from."""


def stored_article(database: Database, url: str) -> StoredRecord | None:
    """Return the article at a canonical address; of one on several pages, its first page."""
    row = _first(database, _ARTICLE, url)
    if row is None:
        return None
    article_id, capture_id = row.pop("id"), row.pop("capture_id")
    for name, sql in _NAMES.items():
        row[name] = list(database.query(sql, [article_id]))
    row["authors"] = [author | {"asterisk": bool(author["asterisk"])} for author in row["authors"]]
    row["categories"] = [item | {"primary": bool(item["primary"])} for item in row["categories"]]
    if row["part_count"] > 1:
        first = stored_part(database, url, 1)
        return StoredRecord(row | (first.values if first else {}), capture_id)
    for name, sql in _CONTENT.items():
        row[name] = list(database.query(sql, [article_id]))
    row["documents"] = [document["url"] for document in row["documents"]]
    return StoredRecord(row, capture_id)


def stored_part(database: Database, article_url: str, number: int) -> StoredRecord | None:
    """Return one page of an article that is printed on several."""
    row = _first(
        database,
        """SELECT body_text, content, capture_id FROM article_parts
        WHERE article_url = ? AND number = ?""",
        article_url,
        number,
    )
    if row is None:
        return None
    values = {"body_text": row["body_text"], **json.loads(row["content"])}
    return StoredRecord(values, row["capture_id"])


def stored_document(database: Database, url: str) -> StoredRecord | None:
    """Return the document at a canonical address."""
    row = _first(
        database,
        """SELECT id, capture_id, title, author, page_count, created_at, modified_at, language
        FROM documents WHERE url = ?""",
        url,
    )
    if row is None:
        return None
    pages = database.execute(
        "SELECT text FROM document_pages WHERE document_id = ? ORDER BY number", [row.pop("id")]
    )
    capture_id = row.pop("capture_id")
    return StoredRecord(row | {"pages": [text for (text,) in pages]}, capture_id)


def stored_audio_file(database: Database, url: str) -> StoredRecord | None:
    """Return the audio file at a canonical address."""
    row = _first(
        database, "SELECT capture_id, seconds, title, artist FROM audio_files WHERE url = ?", url
    )
    return None if row is None else StoredRecord(row, row.pop("capture_id"))


def stored_problems(database: Database, capture_id: int) -> list[Row]:
    """Return the problems of a capture."""
    sql = "SELECT code, detail FROM problems WHERE capture_id = ? ORDER BY id"
    return list(database.query(sql, [capture_id]))


def find_capture_by_record(database: Database, record_id: str) -> Row | None:
    """Return the row of `captures` with a WARC-Record-ID, without angle brackets."""
    return _first(database, "SELECT * FROM captures WHERE warc_record_id = ?", record_id)


def _first(database: Database, sql: str, *parameters: object) -> Row | None:
    return next(iter(database.query(sql, list(parameters))), None)
