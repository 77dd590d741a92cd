"""Ask the database how articles changed: their versions, and the list of all changes."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from cacnp_archive.model.capture import RecordPointer


@dataclass(frozen=True, slots=True)
class Version:
    """An article as it read for a while, and the capture that showed it first."""

    number: int
    title: str | None
    text: str
    first_seen_at: str
    last_seen_at: str
    modified_at: str | None
    """As the page stated it."""
    is_silent: bool
    """Whether the content was changed while the stated time of modification was not."""
    content_sha256: str
    """Of title, text, byline, date and link targets."""
    capture_url: str
    warc_record_id: str
    warc_file: str
    source: RecordPointer
    """The record that has the bytes: the capture's own, or of a revisit the original's."""

    def told(self) -> dict[str, Any]:
        """Return all but the text, for JSON."""
        return {name: value for name, value in asdict(self).items() if name != "text"}


@dataclass(frozen=True, slots=True)
class ArticleHistory:
    """An article and all its versions, the first one first."""

    url: str
    title: str | None
    kind: str
    gone_at: str | None
    gone_reason: str | None
    moved_to: str | None
    moved_from: tuple[str, ...]
    """Where it was before, and its earlier versions are."""
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """A change of an article, and what showed it."""

    at: str
    kind: str
    """added, edited, edited silently, moved, gone, returned"""
    url: str
    title: str | None
    """Of the latest reading."""
    detail: str
    """The number of the version, the new address, or the reason; empty when there is none."""
    warc_record_id: str
    """The capture that showed it."""


def versions_of(database: Database, url: str) -> ArticleHistory | None:
    """Return the versions of the article at a canonical address; None when there is none."""
    article = database.execute(
        "SELECT id, url, title, kind, gone_at, gone_reason, moved_to FROM articles WHERE url = ?",
        [url],
    ).fetchone()
    if article is None:
        return None
    rows = database.query(
        """SELECT number, versions.title AS title, versions.first_seen_at AS first_seen_at,
            coalesce(versions.body_text, iif(number = max(number) OVER (), articles.body_text, ''))
                AS text,
            versions.last_seen_at AS last_seen_at, versions.modified_at AS modified_at, is_silent,
            content_sha256, captures.url AS capture_url,
            captures.warc_record_id AS warc_record_id, captures.warc_file AS warc_file,
            source.warc_file AS file, source.warc_offset AS offset, source.warc_length AS length,
            source.warc_record_id AS record_id
        FROM versions
        JOIN articles ON articles.id = article_id
        JOIN captures ON captures.id = versions.capture_id
        JOIN captures AS source ON source.id = coalesce(captures.original_id, captures.id)
        WHERE article_id = ? ORDER BY number""",
        [article[0]],
    )
    told = []
    for row in rows:
        place = [row.pop(name) for name in ("file", "offset", "length", "record_id")]
        is_silent = bool(row.pop("is_silent"))
        told.append(Version(**row, is_silent=is_silent, source=RecordPointer(*place)))
    moved_from = database.execute(
        "SELECT url FROM articles WHERE moved_to = ? AND gone_reason = 'moved' ORDER BY gone_at",
        [url],
    )
    earlier = tuple(address for (address,) in moved_from)
    _, address, title, kind, gone_at, gone_reason, moved_to = article
    return ArticleHistory(
        address, title, kind, gone_at, gone_reason, moved_to, earlier, tuple(told)
    )


def changes_since(
    database: Database, since: str | None = None, kinds: Sequence[str] = ()
) -> list[ArticleChange]:
    """Return what crawls noticed of articles, newest first.

    `since` is a day, YYYY-MM-DD, or None for all; `kinds` are those of `ArticleChange`, or empty
    for all.
    """
    rows = database.execute(
        f"""SELECT * FROM (
            SELECT versions.first_seen_at AS at, 'added' AS kind, articles.url, articles.title,
                '', warc_record_id
            FROM versions
            JOIN articles ON articles.id = article_id
            JOIN captures ON captures.id = versions.capture_id
            WHERE number = 1
            UNION ALL
            SELECT captured_at, changes.kind, articles.url, title, detail, warc_record_id
            FROM changes
            JOIN articles ON articles.id = article_id
            JOIN captures ON captures.id = changes.capture_id
        ) WHERE at >= ? AND (? OR kind IN ({", ".join("?" * len(kinds))}))
        ORDER BY at DESC, url""",
        [since or "", not kinds, *kinds],
    )
    return [ArticleChange(*row) for row in rows]
