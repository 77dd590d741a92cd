"""The ledger: every address that became known, whether it is asked for, what became of it.

It is kept in the transaction that saves the capture in which an address was found, so it is the
crawl's queue as well: what waits there survives whatever ends a crawl.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlite_utils import Database

from cacnp_archive.model.capture import (
    NOT_MODIFIED,
    REDIRECTS,
    Capture,
    FailedExchange,
    FailureReason,
)
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import ListEntry, ListName, Reading, Requisite
from cacnp_archive.model.site import Site
from cacnp_archive.model.traps import TrapGuard
from cacnp_archive.model.urls import without_fragment
from cacnp_archive.storage.database import insert, insert_all, timestamp

LISTS, PAGES, REQUISITES = range(3)
"""The queues, the first first: what leads to pages, pages, what pages need."""

QUEUE_PLACES = 1 << 40
"""Places of one queue: the number of the queue times this comes before each."""

MAX_HOPS = 50
"""Of a longer path from a seed the last so many steps are kept."""

MAX_REDIRECTS = 10
"""Redirects among the variants of one address (slash, scheme) that are followed."""

IMPORTED = "I"
"""A step that an import shows, in `hops`: no recall is measured by what only was once."""

ROBOTS, TRAP = "robots", "trap"
"""Reasons of exclusion, beside the rules of `site.Verdict`."""

_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class _Place:
    """Where addresses are being found."""

    page_id: int | None
    hops: str
    at: str

    def further(self, step: str) -> str:
        return (self.hops + step)[-MAX_HOPS:]


@dataclass(frozen=True, slots=True)
class _Asked:
    """An address that was asked for, and what was known of it before."""

    id: int
    was_waiting: bool = False
    was_checked: bool = False
    was_archived: bool = False


class Ledger:
    """Keeps the ledger for one crawl, within the transactions of its caller."""

    def __init__(self, database: Database, site: Site, started_at: datetime) -> None:
        self._database = database
        self._site = site
        self._started_at = timestamp(started_at)
        self.last_place = 0
        """The latest place in a queue that was given to an address, also by earlier crawls."""
        self.read()

    def read(self) -> None:
        """Take up what is committed: at the beginning, and when a transaction was rolled back."""
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
        self.known_count, self.waiting_count, last_place = self._database.execute(
            "SELECT count(*), count(queue_position), max(queue_position % ?) FROM addresses",
            [QUEUE_PLACES],
        ).fetchone()
        self.last_place = max(last_place or 0, self.last_place)

    def enter(self, capture_id: int, capture: Capture, reading: Reading) -> None:
        """Note what became of a capture's address, and all that its reading leads to."""
        at = timestamp(capture.captured_at)
        page = self._settle(capture, reading, at)
        here = _Place(page.id, capture.hops, at)
        step = "R" if capture.status in REDIRECTS else "L"
        found, has_news = self._find_all(reading.links, here, step)
        if self._site.is_list(capture.url):  # each crawl reads all lists that lists name
            named = zip(reading.links, found, strict=True)
            self.want(id_ for link, id_ in named if id_ and self._site.is_list(link))
        changed = []
        for entry in reading.entries:
            changed_id, is_news = self._take_entry(entry, here, capture_id)
            changed += [changed_id] if changed_id is not None else []
            has_news |= is_news
        of_sitemap = any(entry.list_name is ListName.SITEMAP for entry in reading.entries[:1])
        if not of_sitemap or is_credible(len(changed), len(reading.entries)):
            has_news |= bool(self.want(changed))
        else:
            self._note_incredible(capture_id, len(changed))
        if reading.next_page is not None:
            next_id, _ = self._find(reading.next_page, here, "L")
            if has_news and next_id is not None:
                self.want([next_id])
        if reading.requisites:
            self._save_requisites(reading.requisites, here, is_first=not page.was_checked)

    def enter_failure(self, failed: FailedExchange) -> None:
        """Note that an attempt brought no response, or that robots.txt forbids it."""
        at = timestamp(failed.failed_at)
        address = self._asked_for(failed.url, failed.hops, at)
        if failed.reason is FailureReason.ROBOTS_DENIED:
            self._end(address, at, excluded=ROBOTS)
        else:
            self._end(address, at, outcome="failed", reason=failed.reason)

    def enter_import(self, capture: Capture, reading: Reading, *, is_file: bool) -> None:
        """Note that an import has an address, and what it leads to: what is new waits, once.

        What came of an address when it was last asked for is left as it is: an import tells what
        was there, not what is. `is_file` tells what pages need from pages.
        """
        if not 200 <= capture.status < 400:
            return
        at = timestamp(capture.captured_at)
        step = "E" if is_file else IMPORTED
        address_id, _ = self._find(capture.url, _Place(None, "", at), step)
        if address_id is not None and _failure(capture) is None and capture.status in _GOOD:
            (is_later,) = self._database.execute(
                """UPDATE addresses SET archived_at = max(coalesce(archived_at, ''), :at)
                WHERE id = :id RETURNING checked_at < :at""",
                {"at": at, "id": address_id},
            ).fetchone()
            if is_later:
                self.want([address_id])
        here = _Place(address_id, step, at)
        for link in reading.links:
            self._find(link, here, IMPORTED)
        for entry in reading.entries:
            self._find(entry.url, here, IMPORTED, is_listed=True)
        for requisite in reading.requisites:
            self._find(requisite.url, here, "E")

    def seed(self, urls: Iterable[str]) -> list[int]:
        """Enter addresses that need not be found on a page; returns the ids of those in scope."""
        here = _Place(None, "", self._started_at)
        return [found for url in urls if (found := self._find(url, here, "")[0]) is not None]

    def want(self, address_ids: Iterable[int], queue: int | None = None) -> int:
        """Put addresses into the queue that this crawl has not looked at; returns how many."""
        count = 0
        for address_id in address_ids:
            url, hops, is_due = self._database.execute(
                """SELECT url, hops, queue_position IS NULL AND (excluded IS NULL OR excluded = ?)
                    AND (checked_at IS NULL OR checked_at < ?)
                FROM addresses WHERE id = ?""",
                [ROBOTS, self._started_at, address_id],
            ).fetchone()
            place = self._next_place(self._queue_of(url, hops) if queue is None else queue)
            if is_due:
                self._database.execute(
                    "UPDATE addresses SET queue_position = ? WHERE id = ?", [place, address_id]
                )
                count += 1
        self.waiting_count += count
        return count

    def _settle(self, capture: Capture, reading: Reading, at: str) -> _Asked:
        address = self._asked_for(capture.url, capture.hops, at)
        failure = _failure(capture) or _shut_out(address, capture)
        self._end(
            address,
            at,
            outcome="failed" if failure else "archived",
            reason=failure or str(capture.status),
            archived_at=at if not failure and capture.status in _GOOD else None,
        )
        variant = self._variant(capture, reading)
        if variant is not None:
            self._database.execute(
                """UPDATE addresses SET request_url = ?, via_id = id, hops = ?, queue_position = ?
                WHERE id = ?""",
                [
                    variant,
                    _Place(address.id, capture.hops, at).further("R"),
                    self._next_place(LISTS),
                    address.id,
                ],
            )
            self.waiting_count += 1
        return address

    def _variant(self, capture: Capture, reading: Reading) -> str | None:
        """Return the other variant of its own address that a redirect leads to, or None."""
        if capture.status not in REDIRECTS or not reading.links:
            return None
        target = without_fragment(reading.links[0])
        steps = len(capture.hops) - len(capture.hops.rstrip("R"))
        is_variant = self._site.canonical(target) == self._site.canonical(capture.url)
        return target if is_variant and target != capture.url and steps < MAX_REDIRECTS else None

    def _end(
        self,
        address: _Asked,
        checked_at: str,
        *,
        excluded: str | None = None,
        outcome: str | None = None,
        reason: str | None = None,
        archived_at: str | None = None,
    ) -> None:
        self.waiting_count -= address.was_waiting
        self._database.execute(
            """UPDATE addresses SET checked_at = ?, excluded = ?, outcome = ?, reason = ?,
                archived_at = coalesce(?, archived_at), queue_position = NULL WHERE id = ?""",
            [checked_at, excluded, outcome, reason, archived_at, address.id],
        )

    def _asked_for(self, url: str, hops: str, at: str) -> _Asked:
        """Return what is known of an address that was asked for, be it in the ledger or not."""
        canonical = self._site.canonical(url)
        known = self._database.execute(
            """SELECT id, queue_position IS NOT NULL, checked_at IS NOT NULL,
                archived_at IS NOT NULL FROM addresses WHERE url = ?""",
            [canonical],
        ).fetchone()
        return _Asked(*known) if known else _Asked(self._insert(canonical, url, None, hops, at))

    def _find_all(
        self, urls: Iterable[str], here: _Place, step: str
    ) -> tuple[list[int | None], bool]:
        """Enter addresses as `_find` does; returns their ids, and whether any is news."""
        remembered = self._remembered[is_requisite(here.hops + step)]
        ids: list[int | None] = []
        has_news = False
        for url in urls:
            if url in remembered:
                ids.append(remembered[url])
            else:
                address_id, is_news = self._find(url, here, step)
                ids.append(address_id)
                has_news |= is_news
        return ids, has_news

    def _find(
        self, url: str, here: _Place, step: str, *, is_listed: bool = False
    ) -> tuple[int | None, bool]:
        """Enter an address; returns its id, or None when it is no affair of ours, and its newness.

        News is what was unknown and is to be asked for.
        """
        is_needed = is_requisite(here.hops + step)
        remembered = self._remembered[is_needed]
        if url in remembered and not is_listed:
            return remembered[url], False
        address_id, is_news = self._enter(url, here, step, is_needed, is_listed)
        if len(remembered) >= _REMEMBERED:
            remembered.clear()
        remembered[url] = address_id
        return address_id, is_news

    def _enter(
        self, url: str, here: _Place, step: str, is_needed: bool, is_listed: bool
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
            address_id, excluded = known
            if excluded == TRAP and is_listed:  # the site itself vouches for it
                self._database.execute(
                    "UPDATE addresses SET excluded = NULL WHERE id = ?", [address_id]
                )
                return address_id, bool(self.want([address_id]))
            return address_id, False
        excluded = None if verdict.in_scope else verdict.rule
        if excluded is None and not is_listed and not self._traps.admits(canonical):
            excluded = TRAP
        hops = here.further(step)
        queue_position = None
        if excluded is None:
            queue_position = self._next_place(self._queue_of(canonical, hops))
            self.waiting_count += 1
        request_url = self._site.address(url)
        address_id = self._insert(
            canonical, request_url, here.page_id, hops, here.at, excluded, queue_position
        )
        return address_id, excluded is None

    def _insert(
        self,
        canonical: str,
        request_url: str,
        via_id: int | None,
        hops: str,
        at: str,
        excluded: str | None = None,
        queue_position: int | None = None,
    ) -> int:
        self.known_count += 1
        return insert(
            self._database,
            "addresses",
            url=canonical,
            request_url=request_url,
            via_id=via_id,
            hops=hops,
            found_at=at,
            excluded=excluded,
            queue_position=queue_position,
        )

    def _note_incredible(self, capture_id: int, count: int) -> None:
        insert(
            self._database,
            "problems",
            capture_id=capture_id,
            code=ProblemCode.INCREDIBLE_TIMES,
            detail=f"{count} addresses are said to have changed: they have their turn by age",
        )

    def _take_entry(
        self, entry: ListEntry, here: _Place, capture_id: int
    ) -> tuple[int | None, bool]:
        """Keep what a list says; returns the address if it is stated to have changed, and newness.

        A feed vouches for nothing: it names the newest alone, and every page may have its own.
        """
        is_listed = entry.list_name is not ListName.FEED
        address_id, is_news = self._find(entry.url, here, "L", is_listed=is_listed)
        if address_id is None:
            return None, False
        self._traps.has_lists |= is_listed
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
        has_changed = not is_news and self._has_changed(entry, address_id, before)
        return address_id if has_changed else None, is_news

    def _has_changed(
        self, entry: ListEntry, address_id: int, before: tuple[str | None] | None
    ) -> bool:
        """Whether a list states another time of change than before, or one after our capture."""
        if entry.modified_at is None:
            return False
        if before is not None:
            return before[0] != entry.modified_at
        (archived_at,) = self._database.execute(
            "SELECT archived_at FROM addresses WHERE id = ?", [address_id]
        ).fetchone()
        modified_at = _moment(entry.modified_at)
        archived = _moment(archived_at) if archived_at else None
        return archived is None or modified_at is None or modified_at > archived

    def _save_requisites(
        self, requisites: tuple[Requisite, ...], here: _Place, *, is_first: bool
    ) -> None:
        """Save what a page needs; a page that was never read before has no rows of that yet."""
        found, _ = self._find_all((requisite.url for requisite in requisites), here, "E")
        kinds: dict[int, str] = {}
        for requisite, requisite_id in zip(requisites, found, strict=True):
            if requisite_id is not None:
                kinds.setdefault(requisite_id, requisite.kind)
        if not is_first:
            rows = self._database.execute(
                "SELECT requisite_id, kind FROM page_requisites WHERE page_id = ?", [here.page_id]
            )
            if dict(rows.fetchall()) == kinds:
                return
            self._database.execute("DELETE FROM page_requisites WHERE page_id = ?", [here.page_id])
        insert_all(
            self._database,
            "page_requisites",
            ("page_id", "requisite_id", "kind"),
            [(here.page_id, requisite_id, kind) for requisite_id, kind in kinds.items()],
        )

    def _queue_of(self, url: str, hops: str) -> int:
        if not hops or hops.endswith("R") or self._site.is_list(url):
            return LISTS
        return REQUISITES if is_requisite(hops) else PAGES

    def _next_place(self, queue: int) -> int:
        self.last_place += 1
        return queue * QUEUE_PLACES + self.last_place


def is_requisite(hops: str) -> bool:
    """Whether an address is a file that a page needs: its last step, but for redirects, is E.

    >>> is_requisite("LLER"), is_requisite("LEL")
    (True, False)
    """
    return hops.rstrip("R").endswith("E")


FEW = 50
"""Up to so many changes of one list are believed whatever share of it they are."""


def is_credible(changes: int, entries: int) -> bool:
    """Whether so many changes of a list may have happened between two crawls.

    Some sitemaps state the moment at which they are made for every page; and one that is broken
    for a night names hardly any.
    """
    return changes <= FEW or changes * 2 <= entries


_GOOD = frozenset({200, 203, NOT_MODIFIED})


def _failure(capture: Capture) -> str | None:
    """Return why a capture is not what was asked for, so that it is tried again; None when it is.

    A body that our own limit has cut is as much as we want of it.
    """
    if capture.truncated in ("disconnect", "time"):
        return "truncated"
    if capture.status >= 500 or capture.status == 429:
        return str(capture.status)
    if capture.status == NOT_MODIFIED and capture.original is None:
        return str(capture.status)  # to a request without conditions: there are no bytes
    return None


def _shut_out(address: _Asked, capture: Capture) -> str | None:
    """Return the status when we are refused what we had before: a wall, and no change of it."""
    is_refused = capture.status in (401, 403)
    return str(capture.status) if is_refused and address.was_archived else None


def _moment(text: str) -> datetime | None:
    """Return an ISO 8601 time as an aware datetime; one without an offset is taken for UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
