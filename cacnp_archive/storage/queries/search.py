"""Full-text search over articles and documents: the one search of the command and the desk."""

import json
from dataclasses import dataclass

from sqlite_utils import Database

from cacnp_archive.storage.queries.search_documents import DocumentHit, find_documents
from cacnp_archive.storage.queries.search_filters import Filters
from cacnp_archive.storage.queries.search_selection import (
    BEGINNING_CHARS,
    MARKS,
    SNIPPET_WORDS,
    Selection,
    select,
)

SCORE = "bm25(articles_fts, 5.0, 1.0)"
"""SQL for the rank of an article, best lowest: a match in the title counts as five in the body."""

_SNIPPET = f"snippet(articles_fts, 1, :opening, :closing, '…', {SNIPPET_WORDS})"
_MATCH_AGAIN = (
    "CROSS JOIN articles_fts ON articles_fts.rowid = best.id AND articles_fts MATCH :query"
)
_NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class ArticleHit:
    """An article that was found."""

    id: int
    url: str
    title: str
    published_on: str | None
    """The day of publication, YYYY-MM-DD; None if unknown."""
    kind: str
    authors: tuple[str, ...]
    """Names as printed."""
    is_gone: bool
    """Whether it is no longer on the site."""
    snippet: str
    """Body text around the first matches."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of what was found."""

    articles: tuple[ArticleHit, ...]
    """The best first."""
    documents: tuple[DocumentHit, ...]
    """The best first."""
    article_count: int
    """How many articles were found in all."""
    document_count: int
    """How many documents were found in all."""


def run_search(
    database: Database,
    words: str,
    filters: Filters = _NO_FILTERS,
    *,
    limit: int,
    offset: int = 0,
    marks: tuple[str, str] = MARKS,
) -> SearchResult:
    """Return the articles and documents that match a query and pass filters.

    At most `limit` of each are returned, after the first `offset`. Without words, all that pass
    the filters are found, the latest articles first. Raises UsageError for words that are not
    understood, and for a category that does not exist.
    """
    selection = select(database, words, filters)
    articles: tuple[ArticleHit, ...] = ()
    documents: tuple[DocumentHit, ...] = ()
    article_count = document_count = 0
    if filters.finds_articles:
        articles, article_count = _find_articles(database, selection, limit, offset, marks)
    if filters.finds_documents:
        documents, document_count = find_documents(database, selection, limit, offset, marks)
    return SearchResult(articles, documents, article_count, document_count)


def _find_articles(
    database: Database, selection: Selection, limit: int, offset: int, marks: tuple[str, str]
) -> tuple[tuple[ArticleHit, ...], int]:
    """Rank all, then read the texts of only those returned: snippets cost the most."""
    (count,) = database.execute(*selection.article_count()).fetchone()
    source, parameters = selection.articles()
    if selection.query is not None:
        score, order, snippet, matches = SCORE, "score", _SNIPPET, _MATCH_AGAIN
    else:
        score, order = "day", "score DESC"
        snippet, matches = f"substr(body_text, 1, {BEGINNING_CHARS})", ""
    page = {"opening": marks[0], "closing": marks[1], "limit": limit, "offset": offset}
    rows = database.execute(
        f"""WITH best AS MATERIALIZED (
            SELECT articles.id, articles.url, {score} AS score FROM {source}
            ORDER BY {order}, articles.url LIMIT :limit OFFSET :offset)
        SELECT articles.id, articles.url, coalesce(articles.title, ''), day, kind,
            (SELECT json_group_array(name) FROM (
                SELECT name FROM article_authors JOIN authors ON authors.id = author_id
                WHERE article_id = articles.id ORDER BY position)),
            gone_at IS NOT NULL, {snippet}
        FROM best CROSS JOIN articles ON articles.id = best.id {matches}
        ORDER BY {order}, best.url""",
        parameters | page,
    )
    hits = tuple(
        ArticleHit(number, url, title, day, kind, tuple(json.loads(authors)), bool(is_gone), text)
        for number, url, title, day, kind, authors, is_gone, text in rows
    )
    return hits, count
