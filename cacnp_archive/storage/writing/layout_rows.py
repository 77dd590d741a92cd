"""Save and load learned layouts, and find the captures that are read again with them."""

from dataclasses import dataclass

from sqlite_utils import Database

from cacnp_archive.model.capture import RecordPointer
from cacnp_archive.model.layouts import KnownContent, Layout, LearnedLayout


@dataclass(frozen=True, slots=True)
class Pending:
    """A capture to be read again."""

    capture_id: int
    url: str
    captured_at: str
    record: RecordPointer
    article_id: int | None
    """The article that it shows; None if none was found in it."""
    article_url: str


_CAPTURE = """captures.id, captures.url, captures.captured_at, captures.warc_file,
    captures.warc_offset, captures.warc_length, captures.warc_record_id"""
_OF_SITE = "substr(captures.canonical_url, 1, length(:base)) = :base"


def load_layouts(database: Database, base_url: str) -> tuple[LearnedLayout, ...]:
    """Return the layouts of a site: the surest first, of these the last that was learned."""
    rows = database.execute(
        f"""SELECT paths, page_count FROM layouts WHERE base_url = ?
        ORDER BY layout = '{Layout.LEARNED}' DESC, id DESC""",
        [base_url],
    ).fetchall()
    return tuple(LearnedLayout.from_json(paths, page_count) for paths, page_count in rows)


def save_layout(
    database: Database, base_url: str, layout: LearnedLayout, source: str, capture_id: int
) -> None:
    """Save a layout with its evidence; `capture_id` is the first capture that shows it."""
    database.execute(
        """INSERT INTO layouts
            (base_url, layout, source, paths, page_count, first_seen_at, capture_id)
        SELECT ?, ?, ?, ?, ?, captured_at, id FROM captures WHERE id = ?
        ON CONFLICT DO UPDATE SET page_count = max(page_count, excluded.page_count)""",
        [base_url, layout.layout, source, layout.as_json(), layout.page_count, capture_id],
    )


def waiting_captures(database: Database, base_url: str) -> list[Pending]:
    """Return the captures of a site that wait, in the order of their records."""
    return _pending(
        database,
        f"""SELECT {_CAPTURE}, articles.id, articles.url FROM waiting_readings
        JOIN captures ON captures.id = waiting_readings.capture_id
        JOIN articles ON articles.id = article_id
        WHERE {_OF_SITE} ORDER BY captures.id""",
        base=base_url,
    )


def guessed_captures(database: Database, base_url: str, crawl_id: str) -> list[Pending]:
    """Return the captures of a crawl whose text was guessed, in the order of their records."""
    return _pending(
        database,
        f"""SELECT {_CAPTURE}, articles.id, articles.url FROM articles
        JOIN captures ON captures.id = articles.capture_id
        WHERE layout IN ('{Layout.GENERAL}', '{Layout.COMPARED}') AND crawl_id = :crawl
            AND {_OF_SITE} ORDER BY captures.id""",
        base=base_url,
        crawl=crawl_id,
    )


def unread_captures(database: Database, base_url: str, crawl_id: str) -> list[Pending]:
    """Return the pages of a crawl that no article was found in although REST lists them as one.

    Only articles have a date there; lists of posts have none.
    """
    return _pending(
        database,
        f"""SELECT {_CAPTURE}, NULL, captures.canonical_url FROM captures
        WHERE crawl_id = :crawl AND is_good AND record_type = 'response'
            AND media_type = 'text/html' AND {_OF_SITE}
            AND EXISTS (SELECT 1 FROM list_entries
                WHERE list_entries.url = captures.canonical_url AND list = 'rest'
                    AND published_at IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM articles WHERE articles.url = captures.canonical_url)
        ORDER BY captures.id""",
        base=base_url,
        crawl=crawl_id,
    )


def rest_captures(database: Database, base_url: str, crawl_id: str) -> list[Pending]:
    """Return the captures that have the replies of REST which a crawl received."""
    return _pending(
        database,
        f"""SELECT DISTINCT {_CAPTURE}, NULL, '' FROM captures AS seen
        JOIN captures ON captures.id = coalesce(seen.original_id, seen.id)
        WHERE seen.crawl_id = :crawl AND seen.is_good AND {_OF_SITE}
            AND instr(captures.url, 'wp-json/wp/v2/') ORDER BY captures.id""",
        base=base_url,
        crawl=crawl_id,
    )


def _pending(database: Database, sql: str, **values: str) -> list[Pending]:
    rows = database.execute(sql, values).fetchall()
    return [
        Pending(id_, url, at, RecordPointer(file, offset, length, record_id), article_id, about)
        for id_, url, at, file, offset, length, record_id, article_id, about in rows
    ]


def content_of(database: Database, article_id: int) -> KnownContent:
    """Return what an article's last reading says."""
    title, text, day = database.execute(
        "SELECT title, body_text, day FROM articles WHERE id = ?", [article_id]
    ).fetchone()

    def names(sql: str) -> tuple[str, ...]:
        return tuple(name for (name,) in database.execute(sql, [article_id]).fetchall())

    return KnownContent(
        title=title,
        text=text,
        day=day,
        authors=names(
            """SELECT name FROM article_authors JOIN authors ON authors.id = author_id
            WHERE article_id = ? AND found_in = 'entry-meta' ORDER BY position"""
        ),
        categories=names(
            """SELECT name FROM article_categories JOIN categories ON categories.id = category_id
            WHERE article_id = ? ORDER BY position"""
        ),
        tags=names(
            """SELECT name FROM article_tags JOIN tags ON tags.id = tag_id
            WHERE article_id = ? ORDER BY position"""
        ),
    )
