"""Ask the database: full-text search, and what is known of one address."""

import sqlite3
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlite_utils import Database

from cacnp_archive.model.errors import UsageError

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that matches a search."""

    url: str
    title: str
    published_on: str | None
    kind: str
    snippet: str
    """Body text around the first matches, which stand between the marks given to `search`."""


@dataclass(frozen=True, slots=True)
class LinkingArticle:
    """An article that links to a document."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class DocumentHit:
    """A document of which a page matches a search."""

    url: str
    title: str
    """As its maker says, else the name of the file."""
    page_count: int
    page: int
    """The number of the page that matches best, from 1."""
    further_pages: tuple[int, ...]
    """The other pages that match, the best first."""
    snippet: str
    """Text of that page around the first matches, between the marks."""
    linked_from: tuple[LinkingArticle, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found, each list best first."""

    articles: list[Hit]
    documents: list[DocumentHit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What an article must be as well; a document passes when an article that links to it does."""

    kind: str | None = None
    """A kind of article, which no document is; or DOCUMENT, which no article is."""
    author: str | None = None
    """Part of a name in the byline, as printed or folded; upper and lower case are the same."""
    category: str | None = None
    """Name of a category, which holds those below it; upper and lower case are the same."""
    since: str | None = None
    """YYYY, YYYY-MM or YYYY-MM-DD, of publication; None for no bound."""
    until: str | None = None
    """Likewise; the whole year, month or day is within."""

    def as_sql(self) -> tuple[str, list[object]]:
        """Return a condition on `articles` with its parameters."""
        conditions: dict[str, object] = {}
        if self.kind not in (None, DOCUMENT):
            conditions["articles.kind = ?"] = self.kind
        if self.author is not None:
            conditions[_HAS_AUTHOR] = self.author
        if self.category is not None:
            conditions[_IN_CATEGORY] = self.category
        if self.since is not None:
            conditions[f"{_DATE} >= ?"] = self.since
        if self.until is not None:
            conditions[f"substr({_DATE}, 1, {len(self.until)}) <= ?"] = self.until
        return " AND ".join(["1", *conditions]), list(conditions.values())


_DATE = "coalesce(articles.published_on, substr(articles.published_at, 1, 10))"

_HAS_AUTHOR = """EXISTS (
    SELECT 1 FROM article_authors JOIN authors ON authors.id = author_id
    WHERE article_id = articles.id
        AND instr(lower(authors.name || char(10) || coalesce(person, '')), lower(?)))"""

_IN_CATEGORY = """articles.id IN (
    WITH RECURSIVE below(id) AS (
        SELECT id FROM categories WHERE lower(name) = lower(?)
        UNION SELECT categories.id FROM categories JOIN below ON parent_id = below.id)
    SELECT article_id FROM article_categories JOIN below ON below.id = category_id)"""

DOCUMENT = "document"
"""What is no article."""

LINKING = 5
"""Of the articles that link to a document so many are named."""


def search(
    database: Database,
    words: str,
    limit: int,
    marks: tuple[str, str] = ("[", "]"),
    filters: Filters | None = None,
) -> Found:
    """Return the articles, and the documents with a page, that hold all the words.

    The words are in FTS5's syntax, or plain. At most `limit` of each are returned. Raises
    UsageError when there is no word to look for, or no category of the name.
    """
    filters = filters or Filters()
    if filters.category is not None:
        _require_category(database, filters.category)
    try:
        articles = _search_articles(database, words, limit, marks, filters)
    except sqlite3.OperationalError:  # not FTS5 syntax: "U.S." or "what's"
        quoted = " ".join('"' + word.replace('"', '""') + '"' for word in words.split())
        try:
            articles = _search_articles(database, quoted, limit, marks, filters)
        except sqlite3.OperationalError as error:
            raise UsageError(f"cannot search for {words!r}: {error}") from error
        words = quoted
    if filters.kind == DOCUMENT:
        articles = []
    elif filters.kind is not None:
        return Found(articles, [])
    try:
        documents = _search_documents(database, words, limit, marks, filters)
    except sqlite3.OperationalError:  # asks for a column that articles alone have: "title: treaty"
        documents = []
    return Found(articles, documents)


def _search_articles(
    database: Database, words: str, limit: int, marks: tuple[str, str], filters: Filters
) -> list[Hit]:
    """Rank all, then make the snippets of the best alone: these cost most."""
    condition, parameters = filters.as_sql()
    rows = database.execute(
        f"""WITH best AS MATERIALIZED (
            SELECT articles.id, bm25(articles_fts, 5.0, 1.0) AS score
            FROM articles_fts JOIN articles ON articles.id = articles_fts.rowid
            WHERE articles_fts MATCH ? AND {condition} ORDER BY score, url LIMIT ?)
        SELECT url, coalesce(articles.title, ''), {_DATE}, kind,
            snippet(articles_fts, 1, ?, ?, '…', 24)
        FROM best CROSS JOIN articles ON articles.id = best.id
        CROSS JOIN articles_fts ON articles_fts.rowid = best.id AND articles_fts MATCH ?
        ORDER BY score, url""",
        [words, *parameters, limit, *marks, words],
    )
    return [Hit(*row) for row in rows]


def _search_documents(
    database: Database, words: str, limit: int, marks: tuple[str, str], filters: Filters
) -> list[DocumentHit]:
    """Return documents by their best page."""
    condition, parameters = filters.as_sql()
    linked = f"""document_id IN (
        SELECT documents.id FROM documents JOIN article_documents USING (url)
        JOIN articles ON articles.id = article_id WHERE {condition})"""
    rows = database.execute(
        f"""SELECT document_id, document_pages.id, number
        FROM document_pages_fts JOIN document_pages ON document_pages.id = document_pages_fts.rowid
        WHERE document_pages_fts MATCH ? AND {linked if parameters else "1"}
        ORDER BY bm25(document_pages_fts), document_id, number""",
        [words, *parameters],
    )
    pages: dict[int, list[tuple[int, int]]] = {}
    for document_id, page_id, number in rows:
        pages.setdefault(document_id, []).append((page_id, number))
    return [
        _document_hit(database, words, marks, document_id, found)
        for document_id, found in list(pages.items())[:limit]
    ]


def _document_hit(
    database: Database,
    words: str,
    marks: tuple[str, str],
    document_id: int,
    pages: list[tuple[int, int]],
) -> DocumentHit:
    (page_id, number), *further = pages
    url, title, page_count = database.execute(
        "SELECT url, title, page_count FROM documents WHERE id = ?", [document_id]
    ).fetchone()
    (snippet,) = database.execute(
        """SELECT snippet(document_pages_fts, 0, ?, ?, '…', 24) FROM document_pages_fts
        WHERE document_pages_fts MATCH ? AND rowid = ?""",
        [*marks, words, page_id],
    ).fetchone()
    return DocumentHit(
        url,
        title or file_name(url),
        page_count,
        number,
        tuple(number for _, number in further),
        snippet,
        tuple(articles_with(database, url, LINKING)),
    )


def file_name(url: str) -> str:
    """Return the name of the file at an address.

    >>> file_name("https://example.org/uploads/A%20letter.pdf?x=1")
    'A letter.pdf'
    """
    return unquote(urlsplit(url).path.rpartition("/")[2]) or url


def articles_with(database: Database, document_url: str, limit: int) -> list[LinkingArticle]:
    """Return the articles that link to a document, the newest first."""
    rows = database.execute(
        f"""SELECT DISTINCT articles.url, coalesce(title, '') FROM article_documents
        JOIN articles ON articles.id = article_id WHERE article_documents.url = ?
        ORDER BY {_DATE} DESC, articles.url LIMIT ?""",
        [document_url, limit],
    )
    return [LinkingArticle(*row) for row in rows]


def document_of(database: Database, canonical_url: str) -> Row | None:
    """Return the row of a document, with its text so far as it was read; None when it is none."""
    rows = _rows(database, "SELECT * FROM documents WHERE url = ?", [canonical_url])
    if not rows:
        return None
    pages = database.execute(
        "SELECT text FROM document_pages WHERE document_id = ? ORDER BY number", [rows[0]["id"]]
    )
    return rows[0] | {"pages": [text for (text,) in pages]}


def _require_category(database: Database, name: str) -> None:
    names = {known.lower(): known for (known,) in database.execute("SELECT name FROM categories")}
    if name.lower() not in names:
        near = [names[found] for found in get_close_matches(name.lower(), names)]
        hint = f"; there is {' and '.join(near)}" if near else ""
        raise UsageError(f"--category: none is called {name!r}{hint}")


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
        """SELECT addresses.hops, via.request_url AS via, ledger.* FROM addresses
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
