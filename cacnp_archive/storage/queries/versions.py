"""The versions of an article: how its content read over time."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from cacnp_archive.model.capture import RecordPointer


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article's content, and the first capture that showed it."""

    number: int
    title: str | None
    text: str
    first_seen_at: str
    last_seen_at: str
    modified_at: str | None
    """As the page stated it."""
    is_silent: bool
    """Whether the content changed and the stated date of modification did not."""
    content_sha256: str
    """Digest of title, text, byline, date and link targets."""
    capture_url: str
    warc_record_id: str
    warc_file: str
    source: RecordPointer
    """The record that has the bytes: the capture's own, or its original's if it is a revisit."""

    def to_dict(self) -> dict[str, Any]:
        """Return all fields except the text, for JSON."""
        return {name: value for name, value in asdict(self).items() if name != "text"}


@dataclass(frozen=True, slots=True)
class ArticleHistory:
    """An article and all its versions, in order of time."""

    url: str
    title: str | None
    kind: str
    gone_at: str | None
    gone_reason: str | None
    moved_to: str | None
    moved_from: tuple[str, ...]
    """URLs from which it moved: they have its earlier versions."""
    versions: tuple[Version, ...]


def versions_of(database: Database, url: str) -> ArticleHistory | None:
    """Return the versions of the article at a canonical URL, or None if there is no article."""
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
    versions = []
    for row in rows:
        place = [row.pop(name) for name in ("file", "offset", "length", "record_id")]
        is_silent = bool(row.pop("is_silent"))
        versions.append(Version(**row, is_silent=is_silent, source=RecordPointer(*place)))
    moved_from = database.execute(
        "SELECT url FROM articles WHERE moved_to = ? AND gone_reason = 'moved' ORDER BY gone_at",
        [url],
    )
    _, _, title, kind, gone_at, gone_reason, moved_to = article
    return ArticleHistory(
        url=url,
        title=title,
        kind=kind,
        gone_at=gone_at,
        gone_reason=gone_reason,
        moved_to=moved_to,
        moved_from=tuple(old_url for (old_url,) in moved_from),
        versions=tuple(versions),
    )
