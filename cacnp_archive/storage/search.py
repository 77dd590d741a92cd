"""Ask the database: full-text search, and what is known of one address."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from cacnp_archive.errors import UsageError

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that matches a search, best first."""

    url: str
    title: str
    published_on: str | None
    kind: str
    snippet: str
    """Body text around the first matches, which stand between the marks given to `search`."""


def search(
    database: Database, words: str, limit: int, marks: tuple[str, str] = ("[", "]")
) -> list[Hit]:
    """Return the articles that hold all the words, in FTS5's syntax or as plain words.

    Raises UsageError when there is no word to look for.
    """
    query = """
        SELECT url, coalesce(articles.title, ''),
            coalesce(published_on, substr(published_at, 1, 10)), kind,
            snippet(articles_fts, 1, ?, ?, '…', 24)
        FROM articles_fts JOIN articles ON articles.id = articles_fts.rowid
        WHERE articles_fts MATCH ? ORDER BY bm25(articles_fts, 5.0, 1.0) LIMIT ?"""
    try:
        rows = database.execute(query, [*marks, words, limit]).fetchall()
    except sqlite3.OperationalError:  # not FTS5 syntax: "U.S." or "what's"
        quoted = " ".join('"' + word.replace('"', '""') + '"' for word in words.split())
        try:
            rows = database.execute(query, [*marks, quoted, limit]).fetchall()
        except sqlite3.OperationalError as error:
            raise UsageError(f"cannot search for {words!r}: {error}") from error
    return [Hit(*row) for row in rows]


def captures_of(database: Database, canonical_url: str) -> list[Row]:
    """Return the captures of an address and its variants, oldest first."""
    return _rows(
        database,
        "SELECT * FROM captures WHERE canonical_url = ? ORDER BY captured_at",
        [canonical_url],
    )


def exchanges_of(database: Database, canonical_url: str) -> list[Row]:
    """Return every attempt at an address and its variants, oldest first, failures too."""
    return _rows(
        database,
        """SELECT captures.captured_at AS at,
            captures.status || ' ' || captures.media_type AS outcome,
            captures.via, captures.truncated, captures.warc_file, captures.warc_offset,
            captures.warc_length, captures.warc_record_id,
            original.url || ' of ' || original.captured_at AS original
        FROM captures LEFT JOIN captures AS original ON original.id = captures.original_id
        WHERE captures.canonical_url = ?
        UNION ALL
        SELECT failed_at, reason || ': ' || detail, via, NULL, warc_file, warc_offset, warc_length,
            warc_record_id, NULL
        FROM failures WHERE canonical_url = ?
        ORDER BY at""",
        [canonical_url, canonical_url],
    )


def address_of(database: Database, canonical_url: str) -> Row | None:
    """Return what the ledger knows of an address, and on which page it was first found."""
    rows = _rows(
        database,
        """SELECT addresses.hops, via.asked_as AS via, ledger.* FROM addresses
        JOIN ledger USING (url) LEFT JOIN addresses AS via ON via.id = addresses.via_id
        WHERE addresses.url = ?""",
        [canonical_url],
    )
    return rows[0] if rows else None


def entries_of(database: Database, canonical_url: str) -> list[Row]:
    """Return what the site's lists say of an address."""
    return _rows(
        database, "SELECT * FROM list_entries WHERE url = ? ORDER BY list", [canonical_url]
    )


def linking_to(database: Database, target_url: str, limit: int) -> list[str]:
    """Return the articles whose text links to an address as it stands there."""
    rows = database.execute(
        """SELECT DISTINCT url FROM links JOIN articles ON articles.id = article_id
        WHERE target_url = ? ORDER BY url LIMIT ?""",
        [target_url, limit],
    )
    return [url for (url,) in rows]


def needing(database: Database, canonical_url: str, limit: int) -> list[tuple[str, str]]:
    """Return the pages that need a file, and as what."""
    return database.execute(
        "SELECT page_url, kind FROM requisites WHERE url = ? ORDER BY page_url LIMIT ?",
        [canonical_url, limit],
    ).fetchall()


def post_of(database: Database, canonical_url: str) -> Row | None:
    """Return the row of the view `posts` for an address, if it is an article's."""
    rows = _rows(database, "SELECT * FROM posts WHERE url = ?", [canonical_url])
    return rows[0] if rows else None


def links_of(database: Database, canonical_url: str) -> list[Row]:
    """Return the links of an article, in document order."""
    return _rows(database, "SELECT * FROM post_links WHERE url = ?", [canonical_url])


def problems_of(database: Database, canonical_url: str) -> list[Row]:
    """Return what could not be read in the captures of an address."""
    return _rows(
        database,
        """SELECT problems.code, problems.detail, captures.captured_at FROM problems
        JOIN captures ON captures.id = capture_id WHERE canonical_url = ? ORDER BY problems.id""",
        [canonical_url],
    )


def base_urls(database: Database) -> list[str]:
    """Return the sites that this archive is of: those crawled, the latest first, then imported."""
    rows = _rows(
        database,
        """SELECT base_url FROM crawls GROUP BY base_url
        ORDER BY max(source IS NULL) DESC, max(started_at) DESC""",
        [],
    )
    return [row["base_url"] for row in rows]


def counts(database: Database) -> dict[str, int]:
    """Return how many rows the tables that a person asks for hold."""
    tables = ("captures", "articles", "authors", "categories", "tags", "links", "problems")
    return {table: database.table(table).count for table in tables}


def _rows(database: Database, sql: str, parameters: list[object]) -> list[Row]:
    return list(database.query(sql, parameters))
