"""Learn layouts at the end of a crawl, and read again what could not be read well without them.

What an article says is known from its last reading, from the REST API, or from what its pages do
not share. Where pages of one look have it is a layout. Learning depends on nothing but the rows
and the captures, so that a live crawl and a rebuild learn the same.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cacnp_archive.ingest.stored import load_capture, read_watched
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import Capture
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.errors import StorageError
from cacnp_archive.model.layouts import KnownContent, Layout, LearnedLayout, PageSample
from cacnp_archive.model.records import Article, Reading
from cacnp_archive.storage.database import transaction
from cacnp_archive.storage.writing.articles import save_article
from cacnp_archive.storage.writing.capture_rows import save_problems
from cacnp_archive.storage.writing.content import save_further_part
from cacnp_archive.storage.writing.layout_rows import (
    Pending,
    content_of,
    guessed_captures,
    load_layouts,
    rest_captures,
    save_layout,
    unread_captures,
    waiting_captures,
)
from cacnp_archive.warc.reader import DamagedWarcError

if TYPE_CHECKING:  # SQLite is used in storage/
    from sqlite_utils import Database

logger = logging.getLogger(__name__)

MIN_COMPARED = 5
"""At least this many pages are compared: fewer may share a sentence by chance."""

MIN_PAGES = 3
"""At least this many pages that look alike and differ from their last readings are a redesign."""


@dataclass(slots=True)
class _Known:
    """A capture, and what its article is known to say."""

    pending: Pending
    content: KnownContent


class Relearning:
    """Learns from, and reads again, the captures of one site at the end of a crawl."""

    def __init__(self, database: "Database", archive: Archive, crawl: Crawl) -> None:
        self._database = database
        self._archive = archive
        self._site = crawl.site
        self._crawl_id = crawl.crawl_id

    def run(self) -> None:
        """Learn and read again; costs three queries when every capture was read well.

        A fault here costs no row: what waits goes on waiting, and the log reports it.
        """
        try:
            self._run()
        except StorageError:
            raise
        except Exception:
            logger.exception("no layouts can be learned from crawl %s", self._crawl_id)

    def _run(self) -> None:
        base = self._site.base_url
        waiting = waiting_captures(self._database, base)
        guessed = guessed_captures(self._database, base, self._crawl_id)
        unread = unread_captures(self._database, base, self._crawl_id)
        if not (waiting or guessed or unread):
            return
        with transaction(self._database) as database:
            before = load_layouts(database, base)
            self._learn_from_readings(waiting)
            listed = self._contents_in_rest() if guessed or unread else {}
            self._learn("rest", Layout.LEARNED, self._listed([*guessed, *unread], listed))
            layouts = load_layouts(database, base)
            self._settle([(item, self._read(item, layouts)) for item in waiting])
            still = [*guessed, *unread]
            if layouts != before:
                still = self._read_again(still, layouts)
            self._learn("comparison", Layout.COMPARED, _compared(database, still))
            compared = load_layouts(database, base)
            if compared != layouts:
                self._read_again(still, compared)

    def _read_again(
        self, pending: list[Pending], layouts: tuple[LearnedLayout, ...]
    ) -> list[Pending]:
        """Save what is not guessed any more; returns the rest."""
        guesses = []
        for item in pending:
            reading = self._read(item, layouts)
            if reading.article is None or reading.article.layout is Layout.GENERAL:
                guesses.append(item)
            else:
                self._save(item, reading)
        return guesses

    def _learn_from_readings(self, waiting: list[Pending]) -> None:
        known = [
            _Known(item, content_of(self._database, item.article_id))
            for item in waiting
            if item.article_id is not None and self._site.canonical(item.url) == item.article_url
        ]
        self._learn("earlier readings", Layout.LEARNED, known)

    def _listed(self, pending: list[Pending], listed: dict[str, KnownContent]) -> Iterator[_Known]:
        for item in pending:
            if item.article_url in listed:
                yield _Known(item, listed[item.article_url])

    def _contents_in_rest(self) -> dict[str, KnownContent]:
        from cacnp_archive.parsing.encodings import text_of
        from cacnp_archive.parsing.lists.rest_contents import rest_contents

        found: dict[str, KnownContent] = {}
        for item in rest_captures(self._database, self._site.base_url, self._crawl_id):
            capture = self._load(item)
            if capture is not None:
                found.update(rest_contents(text_of(capture).text, self._site))
        return found

    def _learn(self, source: str, layout: Layout, known: "Iterator[_Known] | list[_Known]") -> None:
        from cacnp_archive.parsing.layouts.learned import learn

        samples: list[PageSample] = []
        examples: dict[int, int] = {}
        for item in known:
            sample = self._sample(item)
            if sample is not None:
                examples.setdefault(id(sample), item.pending.capture_id)
                samples.append(sample)
        for learned, first in learn(samples, layout):
            capture_id = examples[id(first)]
            save_layout(self._database, self._site.base_url, learned, source, capture_id)

    def _sample(self, known: _Known) -> PageSample | None:
        from cacnp_archive.parsing.encodings import repaired_text
        from cacnp_archive.parsing.layouts.sampling import sample_page
        from cacnp_archive.parsing.tree import parse_html

        capture = self._load(known.pending)
        root = None if capture is None else parse_html(repaired_text(capture)[0])
        return None if root is None else sample_page(root, known.content)

    def _load(self, item: Pending) -> Capture | None:
        try:
            return replace(load_capture(self._archive, item.record), url=item.url)
        except (DamagedWarcError, OSError):
            return None

    def _read(self, item: Pending, layouts: tuple[LearnedLayout, ...]) -> Reading:
        capture = self._load(item)
        if capture is None:
            return Reading()
        return read_watched(capture, self._archive, self._site, layouts)

    def _settle(self, read: list[tuple[Pending, Reading]]) -> None:
        """Save what is now read by a layout, and what few pages say in a look that is known."""
        looks = Counter(
            reading.article.text_selector for _, reading in read if reading.article is not None
        )
        for item, reading in read:
            article, part = reading.article, reading.part
            is_few = article is not None and looks[article.text_selector] < MIN_PAGES
            if (
                (part is not None and part.layout.is_sure)
                or (article is not None and article.layout is Layout.LEARNED)
                or (article is not None and is_few and _is_whole(article))
            ):
                self._save(item, reading)

    def _save(self, item: Pending, reading: Reading) -> None:
        self._database.execute("DELETE FROM problems WHERE capture_id = ?", [item.capture_id])
        save_problems(self._database, item.capture_id, reading.problems)
        if reading.part is not None:
            save_further_part(
                self._database,
                self._site,
                reading.part,
                capture_id=item.capture_id,
                source_id=item.capture_id,
                seen_at=item.captured_at,
                is_settled=True,
            )
        elif reading.article is not None:
            save_article(
                self._database,
                self._site,
                reading.article,
                capture_id=item.capture_id,
                source_id=item.capture_id,
                seen_at=item.captured_at,
                is_settled=True,
            )


def _is_whole(article: Article) -> bool:
    return article.layout.is_sure and bool(article.title) and bool(article.body_text)


def _compared(database: "Database", guessed: list[Pending]) -> list[_Known]:
    """Return guesses without what their pages share."""
    ids = [item.article_id for item in guessed if item.article_id is not None]
    if len(ids) < MIN_COMPARED:
        return []
    contents = {id_: content_of(database, id_) for id_ in ids}
    counts = Counter(
        block for content in contents.values() for block in {*content.text.split("\n\n")}
    )
    shared = {block for block, count in counts.items() if 2 * count >= len(ids)}
    return [
        _Known(item, replace(content, text=_without(content.text, shared)))
        for item in guessed
        if item.article_id is not None and (content := contents[item.article_id])
    ]


def _without(text: str, shared: set[str]) -> str:
    return "\n\n".join(block for block in text.split("\n\n") if block not in shared)
