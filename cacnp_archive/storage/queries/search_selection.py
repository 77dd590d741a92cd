"""What a search selects: a query and filters as SQL, for results and facets alike."""

from dataclasses import dataclass

from sqlite_utils import Database

from cacnp_archive.storage.queries.query_language import Query, parse_query
from cacnp_archive.storage.queries.search_filters import Filters, require_category

MARKS = ("\x02", "\x03")
"""Stand before and after each match in snippets, unless others are given."""

SNIPPET_WORDS = 32
BEGINNING_CHARS = 240
"""Without a query, a snippet is this much of the beginning."""

Parameters = dict[str, object]


@dataclass(frozen=True, slots=True)
class Selection:
    """A query and filters, checked."""

    query: Query | None
    """None selects by the filters alone."""
    filters: Filters

    def articles(self) -> tuple[str, Parameters]:
        """Return what is to stand behind FROM to select from `articles`, and its parameters."""
        condition, parameters = self.filters.conditions()
        if self.query is None:
            return f"articles{f' WHERE {condition}' if condition else ''}", parameters
        # CROSS JOIN matches the words first, once; SQLite would begin with a kind, and match often.
        source = """articles_fts CROSS JOIN articles ON articles.id = articles_fts.rowid
            WHERE articles_fts MATCH :query"""
        if condition:
            source += f" AND {condition}"
        return source, parameters | {"query": self.query.for_articles}

    def article_count(self) -> tuple[str, Parameters]:
        """Return the SQL that counts the articles, and its parameters."""
        source, parameters = self.articles()
        if self.query is not None and not self.filters.conditions()[0]:
            source = "articles_fts WHERE articles_fts MATCH :query"  # a join takes ten times longer
        return f"SELECT count(*) FROM {source}", parameters

    def documents(self) -> tuple[str, Parameters]:
        """Return the condition that the filters set to `documents`, and its parameters."""
        condition, parameters = self.filters.conditions()
        if not condition:
            return "1", {}
        linked_from_article = f"""documents.id IN (
            SELECT documents.id FROM documents JOIN article_documents USING (url)
            JOIN articles ON articles.id = article_id WHERE {condition})"""
        return linked_from_article, parameters


def select(database: Database, words: str, filters: Filters) -> Selection:
    """Return a checked selection; blank words leave it to the filters.

    Raises UsageError for words that are not understood, and for a category that does not exist.
    """
    if filters.category is not None:
        require_category(database, filters.category)
    return Selection(parse_query(words) if words.strip() else None, filters)
