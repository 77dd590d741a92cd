"""Write the frontier: what each capture leads to, and the result of each attempt."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from sqlite_utils import Database

from cacnp_archive.model.capture import REDIRECTS, Capture, FailedExchange, FailureReason
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.hops import (
    IMPORTED,
    LINK,
    MANIFEST,
    MAX_REDIRECTS,
    REDIRECT,
    REQUISITE,
    is_list,
    redirect_count,
)
from cacnp_archive.model.records import Reading, Requisite
from cacnp_archive.model.urls import without_fragment
from cacnp_archive.storage.database import insert_all, timestamp, transaction
from cacnp_archive.storage.frontier.known_urls import ROBOTS, FoundOn, KnownUrls, RequestedUrl
from cacnp_archive.storage.frontier.list_entries import ListEntries
from cacnp_archive.storage.frontier.plan import Plan


@dataclass(frozen=True, slots=True)
class SavedCapture:
    """The row of a capture, with the verdict that the schema derives from it."""

    id: int
    failure: str | None
    """Why it is not what was requested, so that the next crawl tries again; else None."""
    is_good: bool
    """Whether it shows what was requested."""


class FrontierCounts(NamedTuple):
    """How many URLs there are, and how far the queue has been filled."""

    known: int = 0
    queued: int = 0
    last_position: int = 0
    """The last position in the queue that was assigned."""


class Frontier:
    """The frontier of one crawl or import; every method works in the caller's transaction.

    Only `begin`, `more` and `transaction` commit by themselves.
    """

    def __init__(self, database: Database, crawl: Crawl) -> None:
        self._database = database
        self._site = crawl.site
        self._urls = KnownUrls(database, crawl.site, timestamp(crawl.started_at))
        self._entries = ListEntries(database, crawl.site, self._urls)
        self._plan = Plan(database, self._urls, crawl)

    @property
    def counts(self) -> FrontierCounts:
        """The number of URLs now."""
        urls = self._urls
        return FrontierCounts(urls.known_count, urls.queued_count, urls.last_position)

    def resume(self, counts: FrontierCounts) -> None:
        """Continue after the positions that a writer which was killed had assigned."""
        self._urls.last_position = max(counts.last_position, self._urls.last_position)

    def begin(self) -> None:
        """Queue what every crawl requests first: the site's lists, and what failed last time."""
        with self.transaction():
            self._plan.begin()

    def more(self) -> bool:
        """Queue what else is due, when the queue is empty; False if nothing is left to do."""
        with self.transaction():
            return self._plan.more()

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """Commit all that the block does, or nothing, and keep the frontier's memory in step.

        Raises StorageError when the disk refuses.
        """
        last_position = self._urls.last_position
        try:
            with transaction(self._database) as database:
                yield database
        except Exception:
            self._urls.last_position = last_position
            self.reload()
            raise

    def reload(self) -> None:
        """Read the committed state again, after the caller has rolled back."""
        self._urls.reload()

    def enter(self, saved: SavedCapture, capture: Capture, reading: Reading) -> None:
        """Enter the result of a capture, and all URLs that its reading leads to."""
        at = timestamp(capture.captured_at)
        page = self._settle(saved, capture, reading, at)
        on = FoundOn(page.id, capture.hops, at)
        step = REDIRECT if capture.status in REDIRECTS else LINK
        found, has_news = self._urls.find_all(reading.links, on, step)
        lists = [self._urls.find(url, on, MANIFEST, is_listed=True)[0] for url in reading.lists]
        if step == REDIRECT and (self._site.list_name(capture.url) or is_list(capture.hops)):
            lists += found
        self._urls.queue(id_ for id_ in lists if id_ is not None)  # every crawl reads all lists
        if reading.entries:
            has_news |= self._entries.save(reading.entries, on, saved.id)
        if reading.next_page is not None:
            next_id, _ = self._urls.find(reading.next_page, on, LINK)
            if has_news and next_id is not None:
                self._urls.queue([next_id])
        if reading.requisites:
            self._save_requisites(reading.requisites, on, is_first=not page.was_checked)

    def enter_failure(self, failed: FailedExchange) -> None:
        """Enter an attempt without a response; robots.txt excludes a URL, all else has failed."""
        at = timestamp(failed.failed_at)
        requested = self._urls.requested(failed.url, failed.hops, at)
        if failed.reason is FailureReason.ROBOTS_DENIED:
            self._urls.settle(requested, at, excluded=ROBOTS)
        else:
            self._urls.settle(requested, at, outcome="failed", reason=failed.reason)

    def enter_wall(self, capture_id: int, url: str) -> None:
        """Enter that an earlier capture of a canonical URL is a wall, as its row says by now."""
        self._database.execute(
            """UPDATE addresses SET
                archived_at = (SELECT max(captured_at) FROM captures
                    WHERE canonical_url = addresses.url AND is_good),
                outcome = iif(checked_at = captured_at, 'failed', outcome),
                reason = iif(checked_at = captured_at, failure, reason)
            FROM (SELECT captured_at, failure FROM captures WHERE id = ?) WHERE url = ?""",
            [capture_id, url],
        )
        self._database.execute(
            """DELETE FROM page_requisites
            WHERE page_id = (SELECT id FROM addresses WHERE url = ?)""",
            [url],
        )

    def enter_import(
        self, saved: SavedCapture, capture: Capture, reading: Reading, *, is_file: bool
    ) -> None:
        """Enter an imported capture and what it leads to; URLs that are new are queued once.

        The result of the last attempt stays as it is: an import shows what existed in the past.
        `is_file` tells page requisites from pages.
        """
        if not 200 <= capture.status < 400:
            return
        at = timestamp(capture.captured_at)
        step = REQUISITE if is_file else IMPORTED
        url_id, _ = self._urls.find(capture.url, FoundOn(None, "", at), step)
        if url_id is not None and saved.is_good:
            (is_later,) = self._database.execute(
                """UPDATE addresses SET archived_at = max(coalesce(archived_at, ''), :at)
                WHERE id = :id RETURNING checked_at < :at""",
                {"at": at, "id": url_id},
            ).fetchone()
            if is_later:
                self._urls.queue([url_id])
        on = FoundOn(url_id, step, at)
        for link in (*reading.links, *reading.lists):
            self._urls.find(link, on, IMPORTED)
        for entry in reading.entries:
            self._urls.find(entry.url, on, IMPORTED, is_listed=True)
        for requisite in reading.requisites:
            self._urls.find(requisite.url, on, REQUISITE)

    def _settle(
        self, saved: SavedCapture, capture: Capture, reading: Reading, at: str
    ) -> RequestedUrl:
        requested = self._urls.requested(capture.url, capture.hops, at)
        self._urls.settle(
            requested,
            at,
            outcome="failed" if saved.failure else "archived",
            reason=saved.failure or str(capture.status),
            archived_at=at if saved.is_good else None,
        )
        variant = self._variant(capture, reading)
        if variant is not None:
            self._urls.queue_variant(requested.id, variant, capture.hops)
        return requested

    def _variant(self, capture: Capture, reading: Reading) -> str | None:
        """Return the other variant of its own URL to which a capture redirects, or None."""
        if capture.status not in REDIRECTS or not reading.links:
            return None
        target = without_fragment(reading.links[0])
        is_variant = self._site.canonical(target) == self._site.canonical(capture.url)
        is_new = target != capture.url and redirect_count(capture.hops) < MAX_REDIRECTS
        return target if is_variant and is_new else None

    def _save_requisites(
        self, requisites: tuple[Requisite, ...], on: FoundOn, *, is_first: bool
    ) -> None:
        """Save what a page needs; a page that was never checked before has no such rows yet."""
        found, _ = self._urls.find_all((requisite.url for requisite in requisites), on, REQUISITE)
        kinds: dict[int, str] = {}
        for requisite, requisite_id in zip(requisites, found, strict=True):
            if requisite_id is not None:
                kinds.setdefault(requisite_id, requisite.kind)
        if not is_first:
            rows = self._database.execute(
                "SELECT requisite_id, kind FROM page_requisites WHERE page_id = ?", [on.page_id]
            )
            if dict(rows.fetchall()) == kinds:
                return
            self._database.execute("DELETE FROM page_requisites WHERE page_id = ?", [on.page_id])
        insert_all(
            self._database,
            "page_requisites",
            ("page_id", "requisite_id", "kind"),
            [(on.page_id, requisite_id, kind) for requisite_id, kind in kinds.items()],
        )
