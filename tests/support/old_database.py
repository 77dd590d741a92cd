"""A database as version 0.1 left it, with a few rows."""

import sqlite3
from contextlib import closing
from pathlib import Path

SCHEMA = Path(__file__).with_name("schema-0.1.sql")

ROWS = """
INSERT INTO crawls (id, base_url, started_at, software, user_agent, settings)
    VALUES ('c1', 'https://example.org/', '2026-01-01T00:00:00Z', 's', 'u', '{}');
INSERT INTO addresses (url, asked_as, hops, found_at, waiting)
    VALUES ('https://example.org/next/', 'https://example.org/next/', 'L', '2026', 7);
"""

CAPTURE = """INSERT INTO captures (id, crawl_id, url, canonical_url, captured_at, method, status,
    media_type, record_type, original_id, block_digest, entity_sha256, entity_length, truncated,
    hops, warc_file, warc_offset, warc_length, warc_record_id)
    VALUES (:id, 'c1', :url, :url, :id, 'GET', :status, 'text/html', :record_type, :original_id,
        'sha1:A', 'sha256:a', 1, :truncated, '', 'c.warc.gz', :id, 1, 'urn:uuid:' || :id)"""

ARTICLE = """INSERT INTO articles (url, kind, title, published_at, published_on, body_text,
    word_count, first_seen_at, last_seen_at, capture_id)
    VALUES ('https://example.org/a/', 'post', 'Title', '2014-01-01T03:30:00+00:00', '2013-12-31',
        'One missile.', 2, '2026', '2026', 1)"""


def make_old_database(path: Path, *captures: dict[str, object], extra: str = "") -> None:
    """Write a database with captures (`status` and what else differs) and one article."""
    plain = {"record_type": "response", "original_id": None, "truncated": None}
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SCHEMA.read_text("utf-8"))
        connection.executescript(ROWS)
        for number, capture in enumerate(captures or ({"status": 200},), 1):
            url = "https://example.org/a/"
            connection.execute(CAPTURE, {"id": number, "url": url, **plain, **capture})
        connection.execute(ARTICLE)
        connection.executescript(extra)
        connection.commit()
