"""Find documents by their pages."""

from dataclasses import dataclass

from sqlite_utils import Database

from cacnp_archive.storage.queries.by_url import LINKING, LinkingArticle, articles_with, file_name
from cacnp_archive.storage.queries.search_selection import (
    BEGINNING_CHARS,
    SNIPPET_WORDS,
    Selection,
)

_MATCHING_PAGES = """SELECT documents.id, document_pages.id, number FROM document_pages_fts
    JOIN document_pages ON document_pages.id = document_pages_fts.rowid
    JOIN documents ON documents.id = document_id
    WHERE document_pages_fts MATCH :query AND {}
    ORDER BY bm25(document_pages_fts), documents.url, number"""
_FIRST_PAGES = """SELECT documents.id, document_pages.id, 1 FROM documents
    LEFT JOIN document_pages ON document_id = documents.id AND number = 1
    WHERE {} ORDER BY documents.url"""


@dataclass(frozen=True, slots=True)
class DocumentHit:
    """A document that was found by one of its pages."""

    id: int
    url: str
    title: str
    """From its metadata, else the name of the file."""
    page_count: int
    page: int
    """The number of the page that matches best, from 1."""
    further_pages: tuple[int, ...]
    """The numbers of the other pages that match, the best first."""
    snippet: str
    """Text of that page around the first matches."""
    linked_from: tuple[LinkingArticle, ...]
    """The articles that link to it, the newest first, at most LINKING."""


def find_documents(
    database: Database, selection: Selection, limit: int, offset: int, marks: tuple[str, str]
) -> tuple[tuple[DocumentHit, ...], int]:
    """Return one page of the documents in a selection, and how many there are in all."""
    condition, parameters = selection.documents()
    if selection.query is None:
        rows = database.execute(_FIRST_PAGES.format(condition), parameters)
    else:
        parameters |= {"query": selection.query.for_pages}
        rows = database.execute(_MATCHING_PAGES.format(condition), parameters)
    pages: dict[int, list[tuple[int, int]]] = {}
    for document_id, page_id, number in rows:
        pages.setdefault(document_id, []).append((page_id, number))
    shown = list(pages.items())[offset : offset + limit]
    return tuple(_hit(database, selection, *found, marks) for found in shown), len(pages)


def _hit(
    database: Database,
    selection: Selection,
    document_id: int,
    pages: list[tuple[int, int]],
    marks: tuple[str, str],
) -> DocumentHit:
    (page_id, number), *further = pages
    url, title, page_count = database.execute(
        "SELECT url, title, page_count FROM documents WHERE id = ?", [document_id]
    ).fetchone()
    return DocumentHit(
        document_id,
        url,
        title or file_name(url),
        page_count,
        number,
        tuple(number for _, number in further),
        _snippet(database, selection, page_id, marks),
        tuple(articles_with(database, url, LINKING)),
    )


def _snippet(
    database: Database, selection: Selection, page_id: int | None, marks: tuple[str, str]
) -> str:
    if selection.query is None:
        row = database.execute(
            "SELECT substr(text, 1, ?) FROM document_pages WHERE id = ?",
            [BEGINNING_CHARS, page_id],
        ).fetchone()
    else:
        row = database.execute(
            """SELECT snippet(document_pages_fts, 0, ?, ?, '…', ?) FROM document_pages_fts
            WHERE document_pages_fts MATCH ? AND rowid = ?""",
            [*marks, SNIPPET_WORDS, selection.query.for_pages, page_id],
        ).fetchone()
    return str(row[0]) if row else ""
