"""The query language of every search: understand a query, and translate it to SQLite's FTS5.

EXAMPLES shows all that it can do. Operators are in capitals; a lower-case `or` is a word. OR binds
less than the AND between words, and NOT excludes only the word, phrase or group that follows it.

The index has words only, without signs, reduced to their stems. So `U.S.`, `C-17` and `AT&T` are
searched for as phrases of their letters and digits, alone or inside of an operator.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cacnp_archive.model.errors import UsageError
from cacnp_archive.storage.queries.query_parser import AllOf, AnyOf, Near, Node, Phrase, parse

EXAMPLES = (
    ("missile defense", "all the words, in any form: also missiles, defended"),
    ('"missile defense"', "the phrase"),
    ("Iran OR Israel", "at least one of them"),
    ("treaty -Iran", "not the second; also: treaty NOT Iran"),
    ("(Iran OR Israel) treaty", "parentheses group"),
    ("prolif*", "words that begin with this"),
    ("title:triad", "only in titles; body: only in texts"),
    ("NEAR(Iran inspectors, 5)", "with at most 5 words between them; without a number, 10"),
)
"""Queries and what they find: the whole language, as help texts show it."""

MAX_CHARS = 1_000

MATCHES_NOTHING = '""'
"""An FTS5 query that is valid and matches nothing."""

_ARTICLE_COLUMNS = {"title": "title", "body": "body_text"}
_PAGE_COLUMNS = {"body": "text"}
"""The columns of the language and of the index; the pages of documents have no titles."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood."""

    text: str
    """As a person typed it."""
    root: Node

    @property
    def for_articles(self) -> str:
        """The FTS5 query for `articles_fts`."""
        return _fts5(self.root, _ARTICLE_COLUMNS) or MATCHES_NOTHING

    @property
    def for_pages(self) -> str:
        """The FTS5 query for `document_pages_fts`."""
        return _fts5(self.root, _PAGE_COLUMNS) or MATCHES_NOTHING


def parse_query(text: str) -> Query:
    """Return a query as a person typed it; raises UsageError when it is not understood.

    >>> parse_query("U.S. OR anti-miss*").for_articles
    '"U.S." OR "anti-miss" *'
    >>> parse_query('title:(Iran OR "New START") -what’s').for_articles
    '(title : "Iran" OR title : "New START") NOT "what’s"'
    >>> parse_query("title:triad OR budget").for_pages
    '"budget"'
    """
    if len(text) > MAX_CHARS:
        raise UsageError(f"a search may have {MAX_CHARS:,} characters; this one has {len(text):,}")
    return Query(text, parse(text))


def split_queries(text: str) -> list[str]:
    """Return the queries in a text that separates them by commas.

    >>> split_queries('"Iran, again", NEAR(inspectors Iran, 5), , treaty')
    ['"Iran, again"', 'NEAR(inspectors Iran, 5)', 'treaty']
    """
    parts, depth, is_quoted = [""], 0, False
    for character in text:
        if character in '"“”':
            is_quoted = not is_quoted
        elif not is_quoted:
            depth += (character == "(") - (character == ")")
        if character == "," and depth <= 0 and not is_quoted:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]


def _fts5(node: Node, columns: Mapping[str, str]) -> str | None:
    """Return the FTS5 query of a node; None when an index with these columns cannot match it."""
    match node:
        case Phrase():
            return _in_column(node.column, columns, _quoted(node))
        case Near():
            distance = "" if node.distance is None else f", {node.distance}"
            near = f"NEAR({' '.join(map(_quoted, node.phrases))}{distance})"
            return _in_column(node.column, columns, near)
        case AnyOf():
            known = [_grouped(part, columns) for part in node.alternatives]
            return " OR ".join(part for part in known if part) or None
        case AllOf():
            required = [_grouped(part, columns) for part in node.required]
            if None in required:
                return None
            excluded = [part for part in (_grouped(n, columns) for n in node.excluded) if part]
            found = " AND ".join(filter(None, required))
            if not excluded:
                return found
            if len(required) > 1:
                found = f"({found})"
            hidden = " OR ".join(excluded)
            return f"{found} NOT {f'({hidden})' if len(excluded) > 1 else hidden}"


def _grouped(node: Node, columns: Mapping[str, str]) -> str | None:
    """Return the FTS5 query of a node, in parentheses if it has operators."""
    found = _fts5(node, columns)
    return f"({found})" if found and isinstance(node, AnyOf | AllOf) else found


def _in_column(column: str | None, columns: Mapping[str, str], found: str) -> str | None:
    if column is None:
        return found
    return f"{columns[column]} : {found}" if column in columns else None


def _quoted(phrase: Phrase) -> str:
    """Return a phrase as FTS5 reads it; a phrase of the language has no quotation marks."""
    return f'"{phrase.text}"{" *" if phrase.is_prefix else ""}'
