"""What the site's own lists say about its URLs, and which URLs they report as changed."""

import json
from collections import Counter
from datetime import UTC, datetime

from sqlite_utils import Database

from cacnp_archive.model.hops import LINK
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import ListEntry, ListName
from cacnp_archive.model.site import Site
from cacnp_archive.storage.database import insert
from cacnp_archive.storage.frontier.known_urls import FoundOn, KnownUrls

FEW = 50
"""Up to this many changes in one list are believed, whatever share of the list they are."""


class ListEntries:
    """Saves the entries of lists and queues what they report as changed."""

    def __init__(self, database: Database, site: Site, urls: KnownUrls) -> None:
        self._database = database
        self._site = site
        self._urls = urls

    def save(self, entries: tuple[ListEntry, ...], on: FoundOn, capture_id: int) -> bool:
        """Save the entries of one capture of a list; returns whether it has news."""
        changed = []
        has_news = False
        for entry in entries:
            changed_id, is_new = self._save_entry(entry, on, capture_id)
            changed += [changed_id] if changed_id is not None else []
            has_news |= is_new
        is_sitemap = any(entry.list_name is ListName.SITEMAP for entry in entries[:1])
        if is_sitemap and not is_credible(len(changed), len(entries)):
            self._note_incredible(capture_id, len(changed))
            return has_news
        return bool(self._urls.queue(changed)) or has_news

    def _save_entry(
        self, entry: ListEntry, on: FoundOn, capture_id: int
    ) -> tuple[int | None, bool]:
        """Save an entry; returns the URL's id if the list reports a change, and whether it is new.

        A feed vouches for nothing: it names only the latest posts, and every page may have one.
        """
        is_listed = entry.list_name is not ListName.FEED
        url_id, is_new = self._urls.find(entry.url, on, LINK, is_listed=is_listed)
        if url_id is None:
            return None, False
        if is_listed:
            self._urls.note_list()
        url = self._site.canonical(entry.url)
        before = self._database.execute(
            "SELECT modified_at FROM list_entries WHERE list = ? AND url = ?",
            [entry.list_name, url],
        ).fetchone()
        self._database.execute(
            """INSERT OR REPLACE INTO list_entries (list, url, wordpress_id, title, published_at,
            modified_at, categories, capture_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
            [
                entry.list_name,
                url,
                entry.wordpress_id,
                entry.title,
                entry.published_at,
                entry.modified_at,
                json.dumps(entry.categories) if entry.categories else None,
                capture_id,
            ],
        )
        has_changed = not is_new and self._has_changed(entry, url_id, before)
        return url_id if has_changed else None, is_new

    def _has_changed(self, entry: ListEntry, url_id: int, before: tuple[str | None] | None) -> bool:
        """Whether the stated time of change differs from the last one or follows our capture."""
        if entry.modified_at is None:
            return False
        if before is not None:
            return before[0] != entry.modified_at
        (archived_at,) = self._database.execute(
            "SELECT archived_at FROM addresses WHERE id = ?", [url_id]
        ).fetchone()
        modified_at = _moment(entry.modified_at)
        archived = _moment(archived_at) if archived_at else None
        return archived is None or modified_at is None or modified_at > archived

    def _note_incredible(self, capture_id: int, count: int) -> None:
        insert(
            self._database,
            "problems",
            capture_id=capture_id,
            code=ProblemCode.INCREDIBLE_TIMES,
            detail=f"{count} URLs are said to have changed: they are checked when they are due",
        )


def is_credible(changes: int, entries: int) -> bool:
    """Whether this number of changes of a list may have happened between two crawls.

    Some sitemaps give every page the time at which the sitemap was generated, and a sitemap that
    is broken for a night names hardly any page.
    """
    return changes <= FEW or changes * 2 <= entries


def forget_dropped(database: Database, crawl_id: str) -> list[int]:
    """Forget what sitemaps no longer name, if this crawl has read them; returns the URLs' ids.

    A sitemap that has lost an incredible number of entries is taken for broken: nothing of it is
    forgotten.
    """
    with database.atomic():
        rows = database.execute(
            """SELECT addresses.id, entry.url, naming.canonical_url FROM list_entries AS entry
            JOIN captures AS naming ON naming.id = entry.capture_id
            JOIN addresses ON addresses.url = entry.url
            WHERE list = 'sitemap' AND naming.crawl_id != :crawl AND EXISTS (
                SELECT 1 FROM captures AS again WHERE again.crawl_id = :crawl
                    AND again.canonical_url = naming.canonical_url
                    AND again.is_good AND again.truncated IS NULL AND NOT EXISTS (
                        SELECT 1 FROM problems
                        WHERE capture_id = again.id AND code IN (:not_a_list, :broken_list)))
            ORDER BY addresses.id""",
            {
                "crawl": crawl_id,
                "not_a_list": ProblemCode.NOT_A_LIST,
                "broken_list": ProblemCode.BROKEN_LIST,
            },
        ).fetchall()
        lost = Counter(sitemap for *_, sitemap in rows)
        left = dict(
            database.execute(
                """SELECT naming.canonical_url, count(*) FROM list_entries AS entry
                JOIN captures AS naming ON naming.id = entry.capture_id
                WHERE list = 'sitemap' GROUP BY 1"""
            ).fetchall()
        )
        dropped = [
            (url_id, url)
            for url_id, url, sitemap in rows
            if is_credible(lost[sitemap], left[sitemap])
        ]
        database.conn.executemany(
            "DELETE FROM list_entries WHERE list = 'sitemap' AND url = ?",
            [(url,) for _, url in dropped],
        )
    return [url_id for url_id, _ in dropped]


def _moment(text: str) -> datetime | None:
    """Return an ISO 8601 time as an aware datetime; UTC is assumed if it has no offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
