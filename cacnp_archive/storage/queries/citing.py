"""Gather the data for a citation of an article, or of any captured URL."""

from sqlite_utils import Database

from cacnp_archive.model.citation import Citation
from cacnp_archive.storage.queries.article_view import find_article, good_capture, title_at


def cite(database: Database, canonical_url: str, until: str | None = None) -> Citation | None:
    """Return a citation of the last good capture of a URL up to a moment.

    `until` is ISO 8601; None means now. If all captures are later, the first one is cited. Returns
    None if there is no good capture.
    """
    capture = good_capture(database, canonical_url, until)
    if capture is None:
        return None
    article_id = find_article(database, canonical_url)
    title, day, authors = capture["url"], None, ()
    if article_id is not None:
        title, day = database.execute(
            "SELECT coalesce(title, url), day FROM articles WHERE id = ?", [article_id]
        ).fetchone()
        title = title_at(database, article_id, capture["captured_at"]) or title
        rows = database.execute(
            """SELECT name FROM article_authors JOIN authors ON authors.id = author_id
            WHERE article_id = ? AND credit = 'author' ORDER BY position""",
            [article_id],
        )
        authors = tuple(name for (name,) in rows)
    return Citation(
        title=title,
        authors=authors,
        published_on=day,
        url=capture["url"],
        captured_at=capture["captured_at"],
        record_id=capture["warc_record_id"],
        warc_file=capture["warc_file"],
        digest=capture["entity_sha256"],
    )
