"""Count what a search finds by year, kind, author and category, to narrow it by these."""

from collections import Counter

from sqlite_utils import Database

from cacnp_archive.storage.queries.search_filters import CATEGORIES_ABOVE, DOCUMENT, Filters
from cacnp_archive.storage.queries.search_selection import Parameters, Selection, select

FACET_SIZE = 12
"""At most this many kinds, authors and categories are returned; all years are."""

Facets = dict[str, list[tuple[str, int]]]
"""By the name of the facet: values, and how much is found with each."""

_FOUND = "WITH RECURSIVE found(item, article_id, year, kind) AS MATERIALIZED ({}), "
_COUNTS = {
    "year": "SELECT 'year', year, kind, count(DISTINCT item) FROM found GROUP BY year, kind",
    "author": """SELECT 'author', max(coalesce(person, name)), NULL, count(DISTINCT item)
        FROM found CROSS JOIN article_authors USING (article_id)
        CROSS JOIN authors ON authors.id = author_id
        GROUP BY lower(coalesce(person, name))""",
    "category": """SELECT 'category', (SELECT name FROM categories WHERE id = above_id), NULL,
        count(DISTINCT item) FROM found CROSS JOIN article_categories USING (article_id)
        CROSS JOIN categories_above ON categories_above.id = category_id GROUP BY above_id""",
}
"""Years are counted by kind, which saves another pass to count kinds. CROSS JOIN begins with what
was found: SQLite would begin with all categories."""

_HAS_MATCHING_PAGE = """documents.id IN (
    SELECT document_id FROM document_pages_fts
    JOIN document_pages ON document_pages.id = document_pages_fts.rowid
    WHERE document_pages_fts MATCH :query)"""


def count_facets(database: Database, words: str, filters: Filters) -> Facets:
    """Return the facets of a search: how much is found when a value is added to the filters.

    Kind, author and category can be filters only once, so a facet that is one already is left out.
    Articles are counted or, when only documents are searched for, documents. Raises UsageError as
    `run_search` does.
    """
    selection = select(database, words, filters)
    source, parameters = _articles(selection) if filters.finds_articles else _documents(selection)
    facets = {
        name: Counter[str]()
        for name in ("year", "kind", "author", "category")
        if name == "year" or getattr(filters, name) is None
    }
    counts = [sql for name, sql in _COUNTS.items() if name in facets]
    sql = _FOUND.format(source) + CATEGORIES_ABOVE + " UNION ALL ".join(counts)
    for name, value, kind, count in database.execute(sql, parameters):
        if value is not None:
            facets[name][value] += count
        if kind is not None and "kind" in facets:
            facets["kind"][kind] += count
    if "kind" in facets and (count := _count_documents(database, selection)):
        facets["kind"][DOCUMENT] = count
    return {
        name: sorted(counts.items()) if name == "year" else _most_frequent(counts)
        for name, counts in facets.items()
    }


def _articles(selection: Selection) -> tuple[str, Parameters]:
    source, parameters = selection.articles()
    return f"SELECT articles.id, articles.id, year, articles.kind FROM {source}", parameters


def _documents(selection: Selection) -> tuple[str, Parameters]:
    """Return each document with each article that links to it and passes the filters."""
    condition, parameters = selection.filters.conditions()
    conditions = [condition] if condition else []
    if selection.query is not None:
        conditions.append(_HAS_MATCHING_PAGE)
        parameters["query"] = selection.query.for_pages
    source = """SELECT documents.id, articles.id, year, NULL FROM documents
        JOIN article_documents USING (url) JOIN articles ON articles.id = article_id"""
    return source + (f" WHERE {' AND '.join(conditions)}" if conditions else ""), parameters


def _count_documents(database: Database, selection: Selection) -> int:
    condition, parameters = selection.documents()
    if selection.query is not None:
        condition = f"{_HAS_MATCHING_PAGE} AND {condition}"
        parameters |= {"query": selection.query.for_pages}
    (count,) = database.execute(
        f"SELECT count(*) FROM documents WHERE {condition}", parameters
    ).fetchone()
    return int(count)


def _most_frequent(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:FACET_SIZE]
