"""What is known of embeds that were not archived themselves, to be shown in their place."""

from pathlib import Path

from cacnp_archive.model import urls
from cacnp_archive.storage.database import read_database


def embed_descriptions(path: Path) -> dict[str, dict[str, str]]:
    """Return title, provider, page and archived picture of missing embeds, by URL without scheme.

    A value is "" where nothing is known.
    """
    database = read_database(path)
    try:
        rows = database.execute(
            """SELECT url, title, provider, coalesce(page_url, url), coalesce(poster_url, '')
            FROM embed_states WHERE state != 'archived' ORDER BY state DESC"""
        ).fetchall()
    finally:
        database.close()
    return {
        urls.without_fragment(url).partition("://")[2]: dict(
            zip(("title", "provider", "page", "poster"), known, strict=True)
        )
        for url, *known in rows
    }
