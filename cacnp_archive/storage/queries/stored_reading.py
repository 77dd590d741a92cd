"""Load what the database holds of a page in the form in which the parsers return it."""

import json
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

Row = dict[str, Any]

_ARTICLE = """SELECT id, capture_id, kind, title, wordpress_id, published_at, published_on,
    modified_at, updated_note, language, body_language, part_count, body_text,
    layout, text_selector FROM articles WHERE url = ?"""

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
    "links": """SELECT target_url, host, kind, anchor_text, context, is_furniture FROM links
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
    read_from: Row
    """The capture that it was read from: `captured_at` and `warc_record_id`."""


@dataclass(frozen=True, slots=True)
class StoredReading:
    """All that the database holds of a page in the form of the parsers' records."""

    article: StoredRecord | None
    """Of an article that is printed on several pages: of its first page."""
    part: StoredRecord | None
    document: StoredRecord | None
    audio_file: StoredRecord | None
    problems: list[Row] | None
    """None for a page that is no capture."""


def load_stored_reading(
    database: Database,
    canonical_url: str,
    *,
    article_url: str,
    part_number: int | None = None,
    capture_id: int | None = None,
) -> StoredReading:
    """Return what the database holds of a page at a canonical address.

    `article_url` is the address of the article that it shows; with a `part_number`, it is a
    further page of that article. Problems are those of the capture.
    """
    return StoredReading(
        _article(database, article_url) if part_number is None else None,
        None if part_number is None else _part(database, article_url, part_number),
        _document(database, canonical_url),
        _audio_file(database, canonical_url),
        None if capture_id is None else _problems(database, capture_id),
    )


def _article(database: Database, url: str) -> StoredRecord | None:
    """Return the article at a canonical address; of one on several pages, its first page."""
    row = _first(database, _ARTICLE, url)
    if row is None:
        return None
    article_id, read_from = row.pop("id"), _read_from(database, row)
    for name, sql in _NAMES.items():
        row[name] = list(database.query(sql, [article_id]))
    row["authors"] = [author | {"asterisk": bool(author["asterisk"])} for author in row["authors"]]
    row["categories"] = [item | {"primary": bool(item["primary"])} for item in row["categories"]]
    if row["part_count"] > 1:
        first = _part(database, url, 1)
        return StoredRecord(row | (first.values if first else {}), read_from)
    for name, sql in _CONTENT.items():
        row[name] = list(database.query(sql, [article_id]))
    row["documents"] = [document["url"] for document in row["documents"]]
    return StoredRecord(row, read_from)


def _part(database: Database, article_url: str, number: int) -> StoredRecord | None:
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
    return StoredRecord(values, _read_from(database, row))


def _document(database: Database, url: str) -> StoredRecord | None:
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
    read_from = _read_from(database, row)
    return StoredRecord(row | {"pages": [text for (text,) in pages]}, read_from)


def _audio_file(database: Database, url: str) -> StoredRecord | None:
    """Return the audio file at a canonical address."""
    row = _first(
        database, "SELECT capture_id, seconds, title, artist FROM audio_files WHERE url = ?", url
    )
    return None if row is None else StoredRecord(row, _read_from(database, row))


def _problems(database: Database, capture_id: int) -> list[Row]:
    """Return the problems of a capture."""
    sql = "SELECT code, detail FROM problems WHERE capture_id = ? ORDER BY id"
    return list(database.query(sql, [capture_id]))


def find_capture_by_record(database: Database, record_id: str) -> Row | None:
    """Return the row of `captures` with a WARC-Record-ID, without angle brackets."""
    return _first(database, "SELECT * FROM captures WHERE warc_record_id = ?", record_id)


def _read_from(database: Database, row: Row) -> Row:
    """Take the capture out of a row, and return what names it."""
    sql = "SELECT captured_at, warc_record_id FROM captures WHERE id = ?"
    return _first(database, sql, row.pop("capture_id")) or {}


def _first(database: Database, sql: str, *parameters: object) -> Row | None:
    return next(iter(database.query(sql, list(parameters))), None)
