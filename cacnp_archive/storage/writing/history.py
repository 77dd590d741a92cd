"""What changes over time: versions of articles, edits, moves, departures, returns."""

import hashlib
import json
from dataclasses import dataclass

from sqlite_utils import Database

from cacnp_archive.model.capture import REDIRECTS, Capture
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Article, Reading
from cacnp_archive.model.site import Site
from cacnp_archive.storage.database import insert, timestamp

PERMANENT = frozenset({301, 308})
"""The redirects that say that something has moved; others lead to a login, say, for now."""


@dataclass(frozen=True, slots=True)
class ContentFingerprint:
    """What an article says now, as its versions keep it."""

    digest: str
    """The SHA-256 of what it says: a new version is one where this differs.

    Of title, text, byline, date and link targets; not of categories, tags or anything of its frame.
    """
    title: str | None
    modified_at: str | None


def fingerprint_of(article: Article) -> ContentFingerprint:
    """Return what an article on one page says."""
    return ContentFingerprint(digest_of(article), article.title, article.modified_at)


def fingerprint_of_rows(database: Database, article_id: int) -> ContentFingerprint:
    """Return what the rows of an article say, which know all its pages."""
    *article, title, modified_at = database.execute(
        """SELECT title, body_text, coalesce(published_on, published_at), title, modified_at
        FROM articles WHERE id = ?""",
        [article_id],
    ).fetchone()
    bylines = database.execute(
        "SELECT printed FROM article_authors WHERE article_id = ? ORDER BY position", [article_id]
    ).fetchall()
    links = database.execute(
        "SELECT target_url FROM links WHERE article_id = ? ORDER BY position", [article_id]
    ).fetchall()
    return ContentFingerprint(_digest(article, bylines, links), title, modified_at)


def digest_of(article: Article) -> str:
    """Return the digest of what an article on one page says."""
    date = article.published_at if article.published_on is None else article.published_on
    return _digest(
        (article.title, article.body_text, date),
        [(author.printed,) for author in article.authors],
        [(link.target_url,) for link in article.links],
    )


def _digest(article: object, bylines: object, links: object) -> str:
    return hashlib.sha256(json.dumps([article, bylines, links]).encode()).hexdigest()


def save_version(
    database: Database,
    article_id: int,
    said: ContentFingerprint,
    capture_id: int,
    seen_at: str,
    earlier_text: str | None,
    *,
    completes: bool = False,
) -> None:
    """Note that an article was seen, and a new version when its content differs from the latest.

    `earlier_text` is the text that it had before, which the version that is no longer the latest
    keeps; None when it had none. What `completes` it makes no new version: a part that was missing.
    """
    latest = database.execute(
        """SELECT number, content_sha256, modified_at FROM versions WHERE article_id = ?
        ORDER BY number DESC LIMIT 1""",
        [article_id],
    ).fetchone()
    if latest is not None and (completes or latest[1] == said.digest):
        database.execute(
            """UPDATE versions SET last_seen_at = ?, content_sha256 = ?
            WHERE article_id = ? AND number = ?""",
            [seen_at, said.digest, article_id, latest[0]],
        )
        return
    is_silent = latest is not None and latest[2] == said.modified_at
    if latest is not None:
        database.execute(
            "UPDATE versions SET body_text = ? WHERE article_id = ? AND number = ?",
            [earlier_text, article_id, latest[0]],
        )
        kind = "edited silently" if is_silent else "edited"
        _note(database, article_id, capture_id, kind, f"version {latest[0] + 1}")
    insert(
        database,
        "versions",
        article_id=article_id,
        number=1 if latest is None else latest[0] + 1,
        content_sha256=said.digest,
        capture_id=capture_id,
        first_seen_at=seen_at,
        last_seen_at=seen_at,
        modified_at=said.modified_at,
        is_silent=int(is_silent),
        title=said.title,
    )


def note_return(database: Database, article_id: int, capture_id: int) -> None:
    """Note that an article that was gone is there again."""
    _note(database, article_id, capture_id, "returned", "")


def note_arrival(database: Database, site: Site, article: Article) -> None:
    """Connect an article with what is gone elsewhere: WordPress's id survives a change of address.

    An address that led here without being the same article did not move: WordPress sends whoever
    asks for an unknown slug to a similar one.
    """
    if article.wordpress_id is None:
        return
    (is_concerned,) = database.execute(
        """SELECT EXISTS (SELECT 1 FROM articles WHERE moved_to = ? AND gone_reason = 'moved')
            OR EXISTS (SELECT 1 FROM articles WHERE wordpress_id = ? AND gone_at IS NOT NULL)""",
        [article.url, article.wordpress_id],
    ).fetchone()
    if not is_concerned:
        return
    database.execute(
        """UPDATE articles SET gone_reason = 'redirected'
        WHERE moved_to = ? AND gone_reason = 'moved' AND wordpress_id != ?""",
        [article.url, article.wordpress_id],
    )
    database.execute(
        """UPDATE articles SET gone_reason = 'moved', moved_to = ?
        WHERE wordpress_id = ? AND url != ? AND gone_at IS NOT NULL AND gone_reason != 'moved'
            AND substr(url, 1, ?) = ?""",
        [
            article.url,
            article.wordpress_id,
            article.url,
            len(site.base_url),
            site.base_url,
        ],
    )


def note_departure(
    database: Database, site: Site, capture: Capture, capture_id: int, reading: Reading
) -> None:
    """Note that an article is no longer where it was, and why; its last reading stays."""
    url = site.canonical(capture.url)
    reason, target = _departure(capture, reading, site)
    if reason is None or target == url:
        return
    article = database.execute(
        "SELECT id, wordpress_id FROM articles WHERE url = ? AND gone_at IS NULL", [url]
    ).fetchone()
    if article is None:
        return
    article_id, wordpress_id = article
    if target is None and wordpress_id is not None:
        target = _elsewhere(database, site, article_id, wordpress_id)
        reason = "moved" if target else reason
    elif reason == "moved" and wordpress_id is not None:
        there = database.execute(
            "SELECT wordpress_id FROM articles WHERE url = ?", [target]
        ).fetchone()
        if there is not None and there[0] not in (None, wordpress_id):
            reason = "redirected"
    database.execute(
        "UPDATE articles SET gone_at = ?, gone_reason = ?, moved_to = ? WHERE id = ?",
        [timestamp(capture.captured_at), reason, target, article_id],
    )
    kind = "moved" if reason == "moved" else "gone"
    _note(database, article_id, capture_id, kind, target if reason == "moved" else reason)


def _elsewhere(database: Database, site: Site, article_id: int, wordpress_id: int) -> str | None:
    """Return where an article of the site with the same WordPress id is now, or None."""
    row = database.execute(
        """SELECT url FROM articles WHERE wordpress_id = ? AND id != ? AND gone_at IS NULL
            AND substr(url, 1, ?) = ? ORDER BY last_seen_at DESC LIMIT 1""",
        [wordpress_id, article_id, len(site.base_url), site.base_url],
    ).fetchone()
    return row[0] if row else None


def _departure(capture: Capture, reading: Reading, site: Site) -> tuple[str | None, str | None]:
    """Return why a capture says that there is no article any more, and where it leads instead."""
    if capture.status in (404, 410):
        return str(capture.status), None
    if any(problem.code == ProblemCode.NOT_FOUND_PAGE for problem in reading.problems):
        return ProblemCode.NOT_FOUND_PAGE, None
    if capture.status in REDIRECTS and reading.links:
        target = site.canonical(reading.links[0])
        if target == site.base_url:
            return "home", target
        has_moved = capture.status in PERMANENT and site.owns(target)
        return ("moved" if has_moved else "redirected"), target
    return None, None


def _note(
    database: Database, article_id: int, capture_id: int, kind: str, detail: str | None
) -> None:
    insert(
        database,
        "changes",
        article_id=article_id,
        capture_id=capture_id,
        kind=kind,
        detail=detail or "",
    )
