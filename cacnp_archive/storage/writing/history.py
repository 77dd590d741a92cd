"""Save how articles change: versions, edits, moves, departures and returns."""

import hashlib
import json
from dataclasses import dataclass

from sqlite_utils import Database

from cacnp_archive.model.capture import REDIRECTS, Capture
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Article, ChangeKind, Reading
from cacnp_archive.model.site import Site
from cacnp_archive.storage.database import insert, timestamp, update
from cacnp_archive.storage.writing.replaced import keep_replaced
from cacnp_archive.storage.writing.waiting import let_wait

PERMANENT = frozenset({301, 308})
"""Redirects that mean a page has moved; a temporary one may lead to a login page, say."""


@dataclass(frozen=True, slots=True)
class ContentFingerprint:
    """What tells one version of an article from another."""

    digest: str
    """SHA-256 of title, text, byline, date and link targets; a new version has another digest.

    Categories, tags and page furniture do not count.
    """
    title: str | None
    modified_at: str | None


def fingerprint_of(article: Article) -> ContentFingerprint:
    """Return the fingerprint of an article that is printed on one page."""
    return ContentFingerprint(digest_of(article), article.title, article.modified_at)


def fingerprint_of_rows(database: Database, article_id: int) -> ContentFingerprint:
    """Return the fingerprint of an article from its rows, which hold all its pages."""
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
    """Return the digest of the content of an article that is printed on one page."""
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
    fingerprint: ContentFingerprint,
    capture_id: int,
    seen_at: str,
    text_before: str | None,
    *,
    completes: bool = False,
) -> None:
    """Save that an article was seen, with a new version if its content differs from the latest.

    `text_before` is the article's text so far, or None: it goes into the row of the version that
    is no longer the latest. A page that was missing `completes` the version, and makes no new one.
    """
    latest = database.execute(
        """SELECT number, content_sha256, modified_at FROM versions WHERE article_id = ?
        ORDER BY number DESC LIMIT 1""",
        [article_id],
    ).fetchone()
    if latest is not None and (completes or latest[1] == fingerprint.digest):
        database.execute(
            """UPDATE versions SET last_seen_at = ?, content_sha256 = ?
            WHERE article_id = ? AND number = ?""",
            [seen_at, fingerprint.digest, article_id, latest[0]],
        )
        return
    is_silent = latest is not None and latest[2] == fingerprint.modified_at
    if latest is not None:
        database.execute(
            "UPDATE versions SET body_text = ? WHERE article_id = ? AND number = ?",
            [text_before, article_id, latest[0]],
        )
        kind = ChangeKind.EDITED_SILENTLY if is_silent else ChangeKind.EDITED
        _save_change(database, article_id, capture_id, kind, f"version {latest[0] + 1}")
    insert(
        database,
        "versions",
        article_id=article_id,
        number=1 if latest is None else latest[0] + 1,
        content_sha256=fingerprint.digest,
        capture_id=capture_id,
        first_seen_at=seen_at,
        last_seen_at=seen_at,
        modified_at=fingerprint.modified_at,
        is_silent=int(is_silent),
        title=fingerprint.title,
    )


def note_return(database: Database, article_id: int, capture_id: int) -> None:
    """Save that an article which was gone has returned."""
    _save_change(database, article_id, capture_id, ChangeKind.RETURNED, "")


def note_arrival(database: Database, site: Site, article: Article) -> None:
    """Link an article with the URL from which it moved: its WordPress id stays the same.

    A URL that redirects to another article has not moved: WordPress redirects requests for an
    unknown slug to a similar one.
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
    database: Database,
    site: Site,
    capture: Capture,
    capture_id: int,
    source_id: int,
    reading: Reading,
) -> None:
    """Save that an article is gone or has moved, and why; its last content stays.

    A page that should show an article and has none waits until its layout is known.
    """
    url = site.canonical(capture.url)
    reason, target = _departure(capture, reading, site)
    if reason is None and _should_show(capture):
        _note_unread(database, url, capture, capture_id, source_id)
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
    keep_replaced(database, article_id, capture_id)
    gone_at = timestamp(capture.captured_at)
    values = {"gone_at": gone_at, "gone_reason": reason, "moved_to": target}
    update(database, "articles", article_id, values)
    if reason == "moved":
        _save_change(database, article_id, capture_id, ChangeKind.MOVED, target or "")
    else:
        _save_change(database, article_id, capture_id, ChangeKind.GONE, reason)


def _should_show(capture: Capture) -> bool:
    return capture.status in (200, 203, 304) and capture.truncated is None


def _note_unread(
    database: Database, url: str, capture: Capture, capture_id: int, source_id: int
) -> None:
    row = database.execute(
        """SELECT id FROM articles WHERE url = ? AND gone_at IS NULL
            AND EXISTS (SELECT 1 FROM captures WHERE id = ? AND is_good
                AND media_type IN ('text/html', 'application/xhtml+xml'))""",
        [url, source_id],
    ).fetchone()
    if row is not None:
        keep_replaced(database, row[0], capture_id)
        update(database, "articles", row[0], {"last_seen_at": timestamp(capture.captured_at)})
        let_wait(database, row[0], source_id)


def _elsewhere(database: Database, site: Site, article_id: int, wordpress_id: int) -> str | None:
    """Return the URL of an article of the site with the same WordPress id, or None."""
    row = database.execute(
        """SELECT url FROM articles WHERE wordpress_id = ? AND id != ? AND gone_at IS NULL
            AND substr(url, 1, ?) = ? ORDER BY last_seen_at DESC LIMIT 1""",
        [wordpress_id, article_id, len(site.base_url), site.base_url],
    ).fetchone()
    return row[0] if row else None


def _departure(capture: Capture, reading: Reading, site: Site) -> tuple[str | None, str | None]:
    """Return why a capture shows that an article is gone, and the target of its redirect."""
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


def _save_change(
    database: Database, article_id: int, capture_id: int, kind: ChangeKind, detail: str
) -> None:
    insert(
        database,
        "changes",
        article_id=article_id,
        capture_id=capture_id,
        kind=kind,
        detail=detail,
    )
