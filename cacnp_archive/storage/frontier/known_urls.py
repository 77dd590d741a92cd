"""The rows of `addresses`: each known URL is excluded, queued, or has the result of an attempt."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from cacnp_archive.model.hops import REDIRECT, extended, is_list, is_requisite
from cacnp_archive.model.site import Site
from cacnp_archive.model.traps import TrapGuard
from cacnp_archive.storage.database import insert

LISTS, PAGES, REQUISITES = range(3)
"""The queues in their order: what leads to pages, pages, page requisites."""

POSITIONS = 1 << 40
"""Positions per queue: those of queue number N begin at N times this."""

ROBOTS, TRAP = "robots", "trap"
"""Reasons of exclusion, in addition to the rules of `site.Verdict`."""

_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class FoundOn:
    """The page on which URLs are found."""

    page_id: int | None
    """Primary key in `addresses`; None for seeds."""
    hops: str
    at: str
    """When it was captured."""


@dataclass(frozen=True, slots=True)
class RequestedUrl:
    """A URL that was requested, and its state before."""

    id: int
    was_queued: bool = False
    was_checked: bool = False
    was_archived: bool = False


class KnownUrls:
    """Adds and queues URLs for one crawl, within the caller's transactions.

    It remembers ids, counts and traps in memory: after a rollback, `reload` must be called.
    """

    def __init__(self, database: Database, site: Site, started_at: str) -> None:
        self._database = database
        self._site = site
        self._started_at = started_at
        self.last_position = 0
        """The last position assigned in any queue, by earlier crawls too."""
        self.reload()

    def reload(self) -> None:
        """Read the committed state: at the start, and after a rollback."""
        self._remembered: tuple[dict[str, int | None], dict[str, int | None]] = ({}, {})
        (has_lists,) = self._database.execute(
            "SELECT count(*) > 0 FROM list_entries WHERE list != 'feed'"
        ).fetchone()
        self._traps = TrapGuard(has_lists=bool(has_lists))
        unlisted = self._database.execute(
            """SELECT url FROM addresses WHERE excluded IS NULL
            AND NOT EXISTS (SELECT 1 FROM list_entries
                WHERE list_entries.url = addresses.url AND list != 'feed')"""
        )
        for (url,) in unlisted:
            self._traps.admits(url)
        self.known_count, self.queued_count, last_position = self._database.execute(
            "SELECT count(*), count(queue_position), max(queue_position % ?) FROM addresses",
            [POSITIONS],
        ).fetchone()
        self.last_position = max(last_position or 0, self.last_position)

    def note_list(self) -> None:
        """Note that the site has a list other than a feed: traps are bounded more tightly."""
        self._traps.has_lists = True

    def find(
        self, url: str, on: FoundOn, step: str, *, is_listed: bool = False
    ) -> tuple[int | None, bool]:
        """Add a URL if it is new; returns its id and whether it is new and queued.

        The id is None for a URL outside the archive's scope that needs no row. `is_listed` means
        that a list of the site vouches for it: then it is no trap.
        """
        is_needed = is_requisite(on.hops + step)
        remembered = self._remembered[is_needed]
        if url in remembered and not is_listed:
            return remembered[url], False
        url_id, is_new = self._add(url, on, step, is_needed=is_needed, is_listed=is_listed)
        if len(remembered) >= _REMEMBERED:
            remembered.clear()
        remembered[url] = url_id
        return url_id, is_new

    def find_all(
        self, urls: Iterable[str], on: FoundOn, step: str
    ) -> tuple[list[int | None], bool]:
        """Add URLs as `find` does; returns their ids, and whether any is new and queued."""
        remembered = self._remembered[is_requisite(on.hops + step)]
        ids: list[int | None] = []
        has_new = False
        for url in urls:
            if url in remembered:
                ids.append(remembered[url])
            else:
                url_id, is_new = self.find(url, on, step)
                ids.append(url_id)
                has_new |= is_new
        return ids, has_new

    def seed(self, urls: Iterable[str]) -> list[int]:
        """Add URLs that were not found on a page; returns the ids of those in scope."""
        on = FoundOn(None, "", self._started_at)
        return [found for url in urls if (found := self.find(url, on, "")[0]) is not None]

    def queue(self, url_ids: Iterable[int]) -> int:
        """Queue the URLs that this crawl has not requested yet; returns how many it queued."""
        count = 0
        for url_id in url_ids:
            url, hops, is_due = self._database.execute(
                """SELECT url, hops, queue_position IS NULL AND (excluded IS NULL OR excluded = ?)
                    AND (checked_at IS NULL OR checked_at < ?)
                FROM addresses WHERE id = ?""",
                [ROBOTS, self._started_at, url_id],
            ).fetchone()
            position = self._next_position(self._queue_of(url, hops))
            if is_due:
                self._database.execute(
                    "UPDATE addresses SET queue_position = ? WHERE id = ?", [position, url_id]
                )
                count += 1
        self.queued_count += count
        return count

    def queue_variant(self, url_id: int, variant: str, hops: str) -> None:
        """Queue another variant of a URL, to which the requested one has redirected."""
        self._database.execute(
            """UPDATE addresses SET request_url = ?, via_id = id, hops = ?, queue_position = ?
            WHERE id = ?""",
            [variant, extended(hops, REDIRECT), self._next_position(LISTS), url_id],
        )
        self.queued_count += 1

    def requested(self, url: str, hops: str, at: str) -> RequestedUrl:
        """Return a requested URL with its state before; adds it if it is not known."""
        canonical = self._site.canonical(url)
        known = self._database.execute(
            """SELECT id, queue_position IS NOT NULL, checked_at IS NOT NULL,
                archived_at IS NOT NULL FROM addresses WHERE url = ?""",
            [canonical],
        ).fetchone()
        if known is not None:
            return RequestedUrl(*known)
        return RequestedUrl(self._insert(canonical, url, FoundOn(None, hops, at), hops))

    def settle(
        self,
        requested: RequestedUrl,
        checked_at: str,
        *,
        excluded: str | None = None,
        outcome: str | None = None,
        reason: str | None = None,
        archived_at: str | None = None,
    ) -> None:
        """Save the result of an attempt, and take the URL out of the queue."""
        self.queued_count -= requested.was_queued
        self._database.execute(
            """UPDATE addresses SET checked_at = ?, excluded = ?, outcome = ?, reason = ?,
                archived_at = coalesce(?, archived_at), queue_position = NULL WHERE id = ?""",
            [checked_at, excluded, outcome, reason, archived_at, requested.id],
        )

    def _add(
        self, url: str, on: FoundOn, step: str, *, is_needed: bool, is_listed: bool
    ) -> tuple[int | None, bool]:
        judge = self._site.requisite_verdict if is_needed else self._site.verdict
        verdict = judge(url)
        if verdict.rule in ("other-host", "other-scheme"):
            return None, False
        canonical = self._site.canonical(url)
        known = self._database.execute(
            "SELECT id, excluded FROM addresses WHERE url = ?", [canonical]
        ).fetchone()
        if known is not None:
            url_id, excluded = known
            if excluded == TRAP and is_listed:
                self._database.execute(
                    "UPDATE addresses SET excluded = NULL WHERE id = ?", [url_id]
                )
                return url_id, bool(self.queue([url_id]))
            return url_id, False
        excluded = None if verdict.in_scope else verdict.rule
        if excluded is None and not is_listed and not self._traps.admits(canonical):
            excluded = TRAP
        hops = extended(on.hops, step)
        position = None
        if excluded is None:
            position = self._next_position(self._queue_of(canonical, hops))
            self.queued_count += 1
        url_id = self._insert(canonical, self._site.address(url), on, hops, excluded, position)
        return url_id, excluded is None

    def _insert(
        self,
        canonical: str,
        request_url: str,
        on: FoundOn,
        hops: str,
        excluded: str | None = None,
        queue_position: int | None = None,
    ) -> int:
        self.known_count += 1
        return insert(
            self._database,
            "addresses",
            url=canonical,
            request_url=request_url,
            via_id=on.page_id,
            hops=hops,
            found_at=on.at,
            excluded=excluded,
            queue_position=queue_position,
        )

    def _queue_of(self, url: str, hops: str) -> int:
        if not hops or hops.endswith(REDIRECT) or is_list(hops) or self._site.is_list(url):
            return LISTS
        return REQUISITES if is_requisite(hops) else PAGES

    def _next_position(self, queue: int) -> int:
        self.last_position += 1
        return queue * POSITIONS + self.last_position
