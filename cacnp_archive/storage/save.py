"""Save captures and their readings; what goes in comes out."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from cacnp_archive.capture import REDIRECTS, Capture, FailedExchange, RecordPointer
from cacnp_archive.crawl import SOFTWARE, Crawl
from cacnp_archive.errors import StorageError
from cacnp_archive.records import Article, Reading, Tag
from cacnp_archive.site import Site
from cacnp_archive.storage.database import open_database


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlCounts:
    """What a run came to; the columns of the same names in `crawls`."""

    request_count: int
    capture_count: int
    failure_count: int
    problem_count: int
    received_bytes: int
    throttled_count: int


class Saver:
    """Writes one crawl's rows. Every method is one transaction and raises StorageError."""

    def __init__(self, database: Database, site: Site) -> None:
        self._database = database
        self._site = site

    @classmethod
    def open(cls, path: Path, site: Site) -> "Saver":
        """Write into the database at `path`, which is made when it does not exist."""
        return cls(open_database(path), site)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def begin_crawl(self, crawl: Crawl) -> None:
        """Save that a crawl has begun."""
        with _transaction(self._database) as database:
            _insert(
                database,
                "crawls",
                id=crawl.crawl_id,
                base_url=crawl.site.base_url,
                started_at=timestamp(crawl.started_at),
                software=SOFTWARE,
                user_agent=crawl.user_agent,
                settings=json.dumps(crawl.settings, default=str, sort_keys=True),
            )

    def end_crawl(
        self, crawl: Crawl, finished_at: datetime, reason: str, counts: CrawlCounts
    ) -> None:
        """Save how a crawl ended."""
        minutes = (finished_at - crawl.started_at).total_seconds() / 60
        with _transaction(self._database) as database:
            database.execute(
                """UPDATE crawls SET finished_at = ?, finish_reason = ?, request_count = ?,
                capture_count = ?, failure_count = ?, problem_count = ?, received_bytes = ?,
                throttled_count = ?, requests_per_minute = ? WHERE id = ?""",
                [
                    timestamp(finished_at),
                    reason,
                    counts.request_count,
                    counts.capture_count,
                    counts.failure_count,
                    counts.problem_count,
                    counts.received_bytes,
                    counts.throttled_count,
                    round(counts.request_count / minutes, 1) if minutes else None,
                    crawl.crawl_id,
                ],
            )

    def save(self, crawl_id: str, capture: Capture, reading: Reading) -> None:
        """Save a capture that is safe in a WARC file, and all that was read in it."""
        with _transaction(self._database) as database:
            original_id = self._original_id(capture)
            capture_id = self._save_capture(database, crawl_id, capture, original_id)
            if reading.article is not None:
                # A reading comes from the record that has the bytes.
                source_id = original_id or capture_id
                _save_article(database, reading.article, source_id, capture.captured_at)
            for tag in reading.tags:
                _tag_id(database, tag)
            if reading.article is None:
                self._note_departure(database, capture, reading)
            for problem in reading.problems:
                _insert(
                    database,
                    "problems",
                    capture_id=capture_id,
                    code=problem.code,
                    detail=problem.detail,
                )

    def _note_departure(self, database: Database, capture: Capture, reading: Reading) -> None:
        """Note that an article is no longer where it was, and why; its last reading stays."""
        url = self._site.canonical(capture.url)
        reason, target = _departure(capture, reading, self._site)
        if reason is not None and target != url:
            database.execute(
                """UPDATE articles SET gone_at = ?, gone_reason = ?, moved_to = ?
                WHERE url = ? AND gone_at IS NULL""",
                [timestamp(capture.captured_at), reason, target, url],
            )

    def save_failure(self, crawl_id: str, failed: FailedExchange) -> None:
        """Save a failure that is safe in a WARC file."""
        if failed.record is None:
            raise ValueError(f"the failure of {failed.url} is not safe in a WARC file yet")
        with _transaction(self._database) as database:
            _insert(
                database,
                "failures",
                crawl_id=crawl_id,
                url=failed.url,
                canonical_url=self._site.canonical(failed.url),
                failed_at=timestamp(failed.failed_at),
                reason=failed.reason,
                detail=failed.detail,
                via=failed.via,
                hops=failed.hops,
                **_pointer(failed.record),
            )

    def _original_id(self, capture: Capture) -> int | None:
        if capture.original is None:
            return None
        row = self._database.execute(
            "SELECT id FROM captures WHERE warc_record_id = ?", [capture.original.record.record_id]
        ).fetchone()
        return int(row[0]) if row else None

    def _save_capture(
        self, database: Database, crawl_id: str, capture: Capture, original_id: int | None
    ) -> int:
        if capture.record is None or capture.digests is None:
            raise ValueError(f"the capture of {capture.url} is not safe in a WARC file yet")
        return _insert(
            database,
            "captures",
            crawl_id=crawl_id,
            url=capture.url,
            canonical_url=self._site.canonical(capture.url),
            captured_at=timestamp(capture.captured_at),
            method=capture.method,
            status=capture.status,
            media_type=capture.media_type,
            record_type="response" if capture.original is None else "revisit",
            original_id=original_id,
            block_digest=capture.digests.block,
            payload_digest=capture.digests.payload,
            entity_sha256=capture.digests.entity_sha256,
            entity_length=capture.digests.entity_length,
            etag=capture.message.value(b"etag") or None,
            last_modified=capture.message.value(b"last-modified") or None,
            truncated=capture.truncated,
            via=capture.via,
            hops=capture.hops,
            ip=capture.ip,
            fetch_ms=None if capture.fetch_seconds is None else round(capture.fetch_seconds * 1000),
            **_pointer(capture.record),
        )


def _pointer(record: RecordPointer) -> dict[str, object]:
    return {
        "warc_file": record.warc_file,
        "warc_offset": record.offset,
        "warc_length": record.length,
        "warc_record_id": record.record_id,
    }


def timestamp(moment: datetime) -> str:
    """Return an aware time as the database keeps it: ISO 8601, UTC, microseconds, Z."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


@contextmanager
def _transaction(database: Database) -> Iterator[Database]:
    try:
        with database.atomic():
            yield database
    except sqlite3.OperationalError as error:
        raise StorageError(f"the database cannot be written: {error}") from error


def _insert(database: Database, table: str, **values: object) -> int:
    columns = ", ".join(values)
    marks = ", ".join("?" * len(values))
    cursor = database.execute(
        f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608 - names are ours
        list(values.values()),
    )
    return cursor.lastrowid or 0


def _departure(capture: Capture, reading: Reading, site: Site) -> tuple[str | None, str | None]:
    """Return why a capture says that there is no article any more, and where it leads instead."""
    if capture.status in (404, 410):
        return str(capture.status), None
    if any(problem.code == "not-found-page" for problem in reading.problems):
        return "not-found-page", None
    if capture.status in REDIRECTS and reading.links:
        target = site.canonical(reading.links[0])
        return ("home" if target == site.base_url else "moved"), target
    return None, None


def _save_article(
    database: Database, article: Article, capture_id: int, captured_at: datetime
) -> None:
    seen_at = timestamp(captured_at)
    row = {
        "wordpress_id": article.wordpress_id,
        "kind": article.kind,
        "title": article.title,
        "published_at": article.published_at,
        "published_on": article.published_on,
        "modified_at": article.modified_at,
        "language": article.language,
        "body_text": article.body_text,
        "word_count": len(article.body_text.split()),
        "last_seen_at": seen_at,
        "gone_at": None,
        "gone_reason": None,
        "moved_to": None,
        "capture_id": capture_id,
    }
    known = database.execute("SELECT id FROM articles WHERE url = ?", [article.url]).fetchone()
    if known is None:
        article_id = _insert(database, "articles", url=article.url, first_seen_at=seen_at, **row)
    else:
        article_id = known[0]
        assignments = ", ".join(f"{name} = ?" for name in row)
        database.execute(
            f"UPDATE articles SET {assignments} WHERE id = ?",  # noqa: S608 - names are ours
            [*row.values(), article_id],
        )
        for table in ("article_authors", "article_categories", "article_tags", "links"):
            database.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])  # noqa: S608
    _save_parts(database, article_id, article)


def _save_parts(database: Database, article_id: int, article: Article) -> None:
    _insert_all(
        database,
        "article_authors",
        ("article_id", "position", "author_id", "role", "printed", "found_in"),
        (
            (
                article_id,
                n,
                _author_id(database, author.name),
                author.role,
                author.printed,
                author.found_in,
            )
            for n, author in enumerate(article.authors, 1)
        ),
    )
    for step in article.category_steps:
        category_id = _category_id(database, step.name, step.url)
        if step.parent_url is not None:
            database.execute(
                """UPDATE categories SET parent_id = (SELECT id FROM categories WHERE url = ?)
                WHERE id = ?""",
                [step.parent_url, category_id],
            )
    _insert_all(
        database,
        "article_categories",
        ("article_id", "position", "category_id", "is_primary"),
        (
            (
                article_id,
                n,
                _category_id(database, category.name, category.url),
                int(category.primary),
            )
            for n, category in enumerate(article.categories, 1)
        ),
    )
    _insert_all(
        database,
        "article_tags",
        ("article_id", "position", "tag_id"),
        ((article_id, n, _tag_id(database, tag)) for n, tag in enumerate(article.tags, 1)),
    )
    _insert_all(
        database,
        "links",
        ("article_id", "position", "target_url", "host", "kind", "anchor_text", "context"),
        (
            (article_id, n, link.target_url, link.host, link.kind, link.anchor_text, link.context)
            for n, link in enumerate(article.links, 1)
        ),
    )


def _insert_all(
    database: Database, table: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]
) -> None:
    marks = ", ".join("?" * len(columns))
    database.conn.executemany(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608
        list(rows),
    )


def _author_id(database: Database, name: str) -> int:
    known = database.execute("SELECT id FROM authors WHERE name = ?", [name]).fetchone()
    return int(known[0]) if known else _insert(database, "authors", name=name)


def _category_id(database: Database, name: str, url: str | None) -> int:
    if url is None:
        query, key = "SELECT id, name FROM categories WHERE url IS NULL AND name = ?", name
    else:
        query, key = "SELECT id, name FROM categories WHERE url = ?", url
    known = database.execute(query, [key]).fetchone()
    if known is None:
        category_id = _insert(database, "categories", name=name, url=url)
        if url is not None:
            _nest(database, category_id, url)
        return category_id
    if known[1] != name:  # renamed on the site: the latest page is right
        database.execute("UPDATE categories SET name = ? WHERE id = ?", [name, known[0]])
    return int(known[0])


def _nest(database: Database, category_id: int, url: str) -> None:
    """Hang a new category into the tree: the site nests their addresses as it nests them."""
    above = url.rstrip("/").rpartition("/")[0] + "/"
    database.execute(
        "UPDATE categories SET parent_id = (SELECT id FROM categories WHERE url = ?) WHERE id = ?",
        [above, category_id],
    )
    database.execute(
        """UPDATE categories SET parent_id = ?
        WHERE parent_id IS NULL AND url LIKE ? || '%/' AND rtrim(substr(url, ?), '/') NOT LIKE '%/%'
            AND url != ?""",
        [category_id, url, len(url) + 1, url],
    )


def _tag_id(database: Database, tag: Tag) -> int:
    known = database.execute("SELECT id, url FROM tags WHERE slug = ?", [tag.slug]).fetchone()
    if known is None:
        return _insert(database, "tags", slug=tag.slug, name=tag.name, url=tag.url)
    if tag.url is not None and known[1] != tag.url:  # a printed name beats one made from a slug
        database.execute(
            "UPDATE tags SET name = ?, url = ? WHERE id = ?", [tag.name, tag.url, known[0]]
        )
    return int(known[0])
