"""Look up what the database holds on one URL.

All functions take canonical URLs, as `Site.canonical` returns them.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlite_utils import Database

Row = dict[str, Any]

LINKING = 5
"""At most this many of the articles that link to a document are named."""


@dataclass(frozen=True, slots=True)
class LinkingArticle:
    """An article that links to a document."""

    id: int
    url: str
    title: str


def captures_of(database: Database, canonical_url: str) -> list[Row]:
    """Return the captures of a URL and its variants, the oldest first."""
    return _rows(
        database,
        "SELECT * FROM captures WHERE canonical_url = ? ORDER BY captured_at",
        [canonical_url],
    )


def exchanges_of(database: Database, canonical_url: str) -> list[Row]:
    """Return all requests for a URL and its variants, failed ones too, the oldest first."""
    return _rows(
        database,
        """SELECT captures.captured_at AS at,
            captures.status || ' ' || captures.media_type AS outcome,
            captures.via, captures.truncated,
            captures.wall || coalesce(': ' || captures.wall_evidence, '') AS wall,
            captures.warc_file, captures.warc_offset,
            captures.warc_length, captures.warc_record_id,
            original.url || ' of ' || original.captured_at AS original
        FROM captures LEFT JOIN captures AS original ON original.id = captures.original_id
        WHERE captures.canonical_url = ?
        UNION ALL
        SELECT failed_at, reason || ': ' || detail, via, NULL, NULL, warc_file, warc_offset,
            warc_length, warc_record_id, NULL
        FROM failures WHERE canonical_url = ?
        ORDER BY at""",
        [canonical_url, canonical_url],
    )


def address_of(database: Database, canonical_url: str) -> Row | None:
    """Return the row of the ledger for a URL, with the page where it was first found."""
    rows = _rows(
        database,
        """SELECT addresses.hops, via.request_url AS via, ledger.* FROM addresses
        JOIN ledger USING (url) LEFT JOIN addresses AS via ON via.id = addresses.via_id
        WHERE addresses.url = ?""",
        [canonical_url],
    )
    return rows[0] if rows else None


def entries_of(database: Database, canonical_url: str) -> list[Row]:
    """Return the entries for a URL in the site's sitemaps, feeds and other lists."""
    return _rows(
        database, "SELECT * FROM list_entries WHERE url = ? ORDER BY list", [canonical_url]
    )


def linking_to(database: Database, target_url: str, limit: int) -> list[str]:
    """Return the URLs of articles that link to exactly this URL."""
    rows = database.execute(
        """SELECT DISTINCT url FROM links JOIN articles ON articles.id = article_id
        WHERE target_url = ? ORDER BY url LIMIT ?""",
        [target_url, limit],
    )
    return [url for (url,) in rows]


def needing(database: Database, canonical_url: str, limit: int) -> list[tuple[str, str]]:
    """Return the pages that require a file, each with the kind of requisite."""
    return database.execute(
        "SELECT page_url, kind FROM requisites WHERE url = ? ORDER BY page_url LIMIT ?",
        [canonical_url, limit],
    ).fetchall()


def post_of(database: Database, canonical_url: str) -> Row | None:
    """Return the row of the view `posts` for a URL; None if it is not an article."""
    rows = _rows(database, "SELECT * FROM posts WHERE url = ?", [canonical_url])
    return rows[0] if rows else None


def links_of(database: Database, canonical_url: str) -> list[Row]:
    """Return the links of an article, in the order of its text."""
    return _rows(database, "SELECT * FROM post_links WHERE url = ?", [canonical_url])


def problems_of(database: Database, canonical_url: str) -> list[Row]:
    """Return the problems that parsing the captures of a URL met."""
    return _rows(
        database,
        """SELECT problems.code, problems.detail, captures.captured_at FROM problems
        JOIN captures ON captures.id = capture_id WHERE canonical_url = ? ORDER BY problems.id""",
        [canonical_url],
    )


def base_urls(database: Database) -> list[str]:
    """Return the base URLs of the sites in this archive.

    Crawled ones come first, the latest crawl first, then imported ones.
    """
    rows = _rows(
        database,
        """SELECT base_url FROM crawls GROUP BY base_url
        ORDER BY max(source IS NULL) DESC, max(started_at) DESC""",
        [],
    )
    return [row["base_url"] for row in rows]


def file_name(url: str) -> str:
    """Return the name of the file at a URL.

    >>> file_name("https://example.org/uploads/A%20letter.pdf?x=1")
    'A letter.pdf'
    """
    return unquote(urlsplit(url).path.rpartition("/")[2]) or url


def articles_with(database: Database, document_url: str, limit: int) -> list[LinkingArticle]:
    """Return the articles that link to a document, the newest first."""
    rows = database.execute(
        """SELECT DISTINCT articles.id, articles.url, coalesce(title, '') FROM article_documents
        JOIN articles ON articles.id = article_id WHERE article_documents.url = ?
        ORDER BY articles.day DESC, articles.url LIMIT ?""",
        [document_url, limit],
    )
    return [LinkingArticle(*row) for row in rows]


def document_of(database: Database, canonical_url: str) -> Row | None:
    """Return the row of a document with `pages`, their texts; None if it is not a document."""
    rows = _rows(database, "SELECT * FROM documents WHERE url = ?", [canonical_url])
    if not rows:
        return None
    pages = database.execute(
        "SELECT text FROM document_pages WHERE document_id = ? ORDER BY number", [rows[0]["id"]]
    )
    return rows[0] | {"pages": [text for (text,) in pages]}


def _rows(database: Database, sql: str, parameters: list[object]) -> list[Row]:
    return list(database.query(sql, parameters))
