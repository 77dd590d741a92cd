"""Compare two databases of the same archive: what a changed parser changes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from cacnp_archive.storage.database import read_database


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that differs; None on the side that has none."""

    what: str
    """A key of `_QUERIES`."""
    key: str
    """What identifies the row: its URL, in most cases."""
    field: str
    """Empty if only one side has the row."""
    old: str | None
    new: str | None


_QUERIES = {
    "articles": """
        SELECT url, wordpress_id, kind, title, published_at, published_on, modified_at,
            updated_note, language, body_language, body_text, part_count, gone_reason, moved_to,
            (SELECT json_group_array(json_array(
                    name, role, printed, rank, credit, outlet, canonical_outlet)) FROM (
                SELECT name, role, printed, rank, credit, outlet, canonical_outlet
                FROM article_authors
                JOIN authors ON authors.id = author_id WHERE article_id = articles.id
                ORDER BY position)) AS authors,
            (SELECT json_group_array(json_array(
                    person, kind, role, outlet, canonical_outlet)) FROM (
                SELECT * FROM mentions WHERE article_id = articles.id ORDER BY position))
                AS mentions,
            (SELECT json_group_array(json_array(name, is_primary)) FROM (
                SELECT name, is_primary FROM article_categories
                JOIN categories ON categories.id = category_id WHERE article_id = articles.id
                ORDER BY position)) AS categories,
            (SELECT json_group_array(slug) FROM (
                SELECT slug FROM article_tags JOIN tags ON tags.id = tag_id
                WHERE article_id = articles.id ORDER BY position)) AS tags,
            (SELECT json_group_array(slug) FROM (
                SELECT slug FROM article_people JOIN people ON people.id = person_id
                WHERE article_id = articles.id ORDER BY position)) AS people,
            (SELECT json_group_array(json_array(
                    target_url, kind, anchor_text, context, is_furniture)) FROM (
                SELECT * FROM links WHERE article_id = articles.id ORDER BY position)) AS links,
            (SELECT json_group_array(json_array(url, provider)) FROM (
                SELECT * FROM embeds WHERE article_id = articles.id ORDER BY position)) AS embeds,
            (SELECT json_group_array(json_array(url, alt, caption)) FROM (
                SELECT * FROM media WHERE article_id = articles.id ORDER BY position)) AS media,
            (SELECT json_group_array(json_array(
                    field, source, extracted_value, reported_value)) FROM (
                SELECT * FROM disagreements WHERE article_id = articles.id ORDER BY position))
                AS disagreements
        FROM articles ORDER BY url""",
    "documents": """
        SELECT url, title, author, page_count, created_at, modified_at, language,
            (SELECT json_group_array(text) FROM (SELECT text FROM document_pages
                WHERE document_id = documents.id ORDER BY number)) AS pages
        FROM documents ORDER BY url""",
    "audio_files": "SELECT url, seconds, title, artist FROM audio_files ORDER BY url",
    "problems": """
        SELECT captures.warc_record_id || ' ' || captures.url AS key,
            json_group_array(json_array(code, detail)) AS problems
        FROM problems JOIN captures ON captures.id = capture_id GROUP BY 1 ORDER BY 1""",
    "captures": """
        SELECT warc_record_id || ' ' || url AS key, status, media_type, record_type, block_digest
        FROM captures ORDER BY 1""",
    "ledger": "SELECT url, state, reason FROM ledger ORDER BY url",
}
"""The first column is the key; rows are sorted by it."""


def compare(old_path: Path, new_path: Path) -> list[Difference]:
    """Return the differences, row by row and field by field."""
    old, new = read_database(old_path), read_database(new_path)
    try:
        return [
            difference
            for what, sql in _QUERIES.items()
            for difference in _compare(what, _rows(old, sql), _rows(new, sql))
        ]
    finally:
        old.close()
        new.close()


def _rows(database: Database, sql: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in database.query(sql):
        key, *_ = row.values()
        yield str(key), row


def _compare(
    what: str, old: Iterator[tuple[str, dict[str, Any]]], new: Iterator[tuple[str, dict[str, Any]]]
) -> Iterator[Difference]:
    """Compare rows that are sorted by their keys."""
    left, right = next(old, None), next(new, None)
    while left is not None or right is not None:
        if left is not None and (right is None or left[0] < right[0]):
            yield Difference(what, left[0], "", "there", None)
            left = next(old, None)
        elif right is not None and (left is None or right[0] < left[0]):
            yield Difference(what, right[0], "", None, "there")
            right = next(new, None)
        elif left is not None and right is not None:
            yield from _fields(what, left[0], left[1], right[1])
            left, right = next(old, None), next(new, None)


def _fields(what: str, key: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Difference]:
    for name, value in old.items():
        if new[name] != value:
            yield Difference(what, key, name, _shown(value), _shown(new[name]))


def _shown(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)
