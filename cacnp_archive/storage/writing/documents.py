"""Save documents with the text of their pages, and audio files."""

from sqlite_utils import Database

from cacnp_archive.model.records import AudioFile, Document
from cacnp_archive.model.site import Site
from cacnp_archive.storage.database import insert, insert_all, update


def save_document(
    database: Database, site: Site, document: Document, *, source_id: int, seen_at: str
) -> None:
    """Save a document; its text is replaced if it comes from another capture than before."""
    url = site.canonical(document.url)
    known = database.execute("SELECT id, capture_id FROM documents WHERE url = ?", [url]).fetchone()
    if known is not None and known[1] == source_id:
        database.execute("UPDATE documents SET last_seen_at = ? WHERE id = ?", [seen_at, known[0]])
        return
    row = {
        "title": document.title,
        "author": document.author,
        "page_count": document.page_count,
        "created_at": document.created_at,
        "modified_at": document.modified_at,
        "language": document.language,
        "last_seen_at": seen_at,
        "capture_id": source_id,
    }
    if known is None:
        document_id = insert(database, "documents", url=url, first_seen_at=seen_at, **row)
    else:
        document_id = known[0]
        update(database, "documents", document_id, row)
        database.execute("DELETE FROM document_pages WHERE document_id = ?", [document_id])
    insert_all(
        database,
        "document_pages",
        ("document_id", "number", "text"),
        [(document_id, number, text) for number, text in enumerate(document.pages, 1)],
    )


def save_audio_file(
    database: Database, site: Site, audio_file: AudioFile, *, source_id: int, seen_at: str
) -> None:
    """Save the metadata of an audio file."""
    url = site.canonical(audio_file.url)
    row = {
        "seconds": audio_file.seconds,
        "title": audio_file.title,
        "artist": audio_file.artist,
        "last_seen_at": seen_at,
        "capture_id": source_id,
    }
    known = database.execute("SELECT id FROM audio_files WHERE url = ?", [url]).fetchone()
    if known is None:
        insert(database, "audio_files", url=url, first_seen_at=seen_at, **row)
    else:
        update(database, "audio_files", known[0], row)
