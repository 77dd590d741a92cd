"""The query language in the SQL of the desk: functions for sample queries and table searches."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cacnp_archive.desk.sample_queries import SAMPLE_QUERIES
from cacnp_archive.model.errors import UsageError
from cacnp_archive.storage.queries.query_language import MATCHES_NOTHING, parse_query

if TYPE_CHECKING:
    import sqlite3

_WITH_WORDS = {query.name for query in SAMPLE_QUERIES if "words" in dict(query.example)}


def add_search_functions(connection: "sqlite3.Connection") -> None:
    """Add the functions that translate words to FTS5: `search_query` and `page_query`.

    `escape_fts` is Datasette's, which searches tables with it: it now takes the same language.
    """
    for name, function in (
        ("search_query", _search_query),
        ("page_query", _page_query),
        ("escape_fts", _search_query),
    ):
        connection.create_function(name, 1, function, deterministic=True)


def search_problem(path: str, arguments: Mapping[str, str], database_name: str) -> str | None:
    """Return why a page cannot be shown: words in its arguments that are not understood.

    SQLite reports the error of a function without its message, so this looks before a query runs.
    """
    place, _, name = path.strip("/").partition("/")
    if place.partition(".")[0] != database_name:
        return None
    if name.partition(".")[0] in _WITH_WORDS or "_query(:words)" in arguments.get("sql", ""):
        searches = [arguments.get("words", "")]
    elif arguments.get("_searchmode") == "raw":
        return None
    else:
        searches = [text for name, text in arguments.items() if name.startswith("_search")
                    and name != "_searchmode"]  # fmt: skip
    try:
        for text in filter(str.strip, searches):
            parse_query(text)
    except UsageError as error:
        return str(error)
    return None


def _search_query(words: str | None) -> str:
    return parse_query(words).for_articles if words and words.strip() else MATCHES_NOTHING


def _page_query(words: str | None) -> str:
    return parse_query(words).for_pages if words and words.strip() else MATCHES_NOTHING
