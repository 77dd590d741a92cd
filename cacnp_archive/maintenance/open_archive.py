"""The public Python API: open an archive for reading, from a notebook or a script.

Everything that `cacnp_archive` itself exports is public. Every other module is private: it may
change in any release.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from cacnp_archive.ingest.stored import learned_layouts, load_capture, load_record, read_stored
from cacnp_archive.model.archive import Archive, default_data_dir
from cacnp_archive.model.capture import Capture, RecordPointer
from cacnp_archive.model.errors import ArchiveError
from cacnp_archive.model.records import Reading
from cacnp_archive.model.site import Site
from cacnp_archive.storage.database import read_database, timestamp
from cacnp_archive.storage.queries.article_view import find_capture, good_capture
from cacnp_archive.storage.queries.by_url import base_urls
from cacnp_archive.storage.queries.search_filters import Filters
from cacnp_archive.storage.queries.search_selection import select
from cacnp_archive.storage.queries.typed_url import resolve_typed_url

Row = dict[str, Any]

_ORIGINAL = """SELECT original.* FROM captures JOIN captures AS original
    ON original.id = captures.original_id WHERE captures.id = ?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedCapture:
    """One HTTP response in the archive, without its bytes."""

    id: int
    """Primary key in the table `captures`."""
    url: str
    """As requested."""
    canonical_url: str
    """The one URL that stands for all variants of this address."""
    captured_at: datetime
    """When the request was sent, UTC."""
    status: int
    """HTTP status code."""
    media_type: str
    """Content-Type without parameters; empty if none was sent."""
    is_revisit: bool
    """Whether its record refers to an earlier capture, which has the bytes."""
    is_good: bool
    """Whether it shows what was requested, rather than an error or a redirect."""
    entity_sha256: str
    """SHA-256 (hex) of the body as transferred, content coding included."""
    record: RecordPointer
    """WARC file, offset, length and record ID."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedArticle:
    """One article, as its latest reading has it."""

    id: int
    """Primary key in the table `articles`."""
    url: str
    title: str | None
    kind: str
    """post, op-ed, fact sheet, ...: a value of `articles.kind`."""
    day: str | None
    """Date of publication, YYYY-MM-DD; None if unknown."""
    authors: tuple[str, ...]
    """Names in the byline's order, as printed."""
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    body_text: str
    """Blocks separated by an empty line."""
    word_count: int
    gone_at: str | None
    """When it was first captured as gone, ISO 8601 UTC; None if it is still on the site."""
    capture_id: int
    """The capture that this reading comes from: see `OpenArchive.capture`."""


class OpenArchive:
    """An archive that is open for reading, also while a crawl writes to it.

    It is a context manager. Each method raises ArchiveError, or its subclass UsageError for
    arguments that make no sense; the message says what to do.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        """Open the archive in a folder, by default the one that the commands use."""
        self._archive = Archive(default_data_dir() if folder is None else Path(folder))
        self._database = read_database(self._archive.require_database())

    def __enter__(self) -> "OpenArchive":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    @property
    def folder(self) -> Path:
        """The folder of the archive."""
        return self._archive.folder

    def captures(
        self, url: str | None = None, *, good_only: bool = False
    ) -> Iterator[ArchivedCapture]:
        """Yield captures by time, the oldest first: all, or those of one URL and its variants.

        `url` may be a path of the site, such as `/about/`.
        """
        conditions = ["is_good"] if good_only else []
        parameters: list[object] = []
        if url is not None:
            conditions.append("canonical_url = ?")
            parameters.append(resolve_typed_url(self._database, url).canonical)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        sql = f"SELECT * FROM captures {where} ORDER BY captured_at, id"  # noqa: S608 - constants
        for row in self.query(sql, parameters):
            yield _capture(row)

    def capture(self, which: int | str, at: datetime | None = None) -> ArchivedCapture:
        """Return one capture: by its ID, or the latest good one of a URL.

        With `at`, an aware time, it is the latest one up to then, else the first one after it.
        """
        if isinstance(which, int):
            row = find_capture(self._database, which)
        else:
            canonical = resolve_typed_url(self._database, which).canonical
            until = None if at is None else timestamp(at.astimezone(UTC))
            row = good_capture(self._database, canonical, until)
        if row is None:
            raise ArchiveError(f"there is no good capture of {which}")
        return _capture(row)

    def body(self, capture: ArchivedCapture) -> bytes:
        """Return the body of a response, with transfer and content codings removed.

        A revisit has the body of the capture that it refers to. What cannot be decoded is left as
        it was sent. Raises OSError if the WARC file is missing.
        """
        return self._load(capture).body

    def record_bytes(self, capture: ArchivedCapture) -> bytes:
        """Return the WARC record of a capture, uncompressed: its headers and its block.

        Raises OSError if the WARC file is missing.
        """
        return load_record(self._archive, capture.record)

    def parse(self, which: ArchivedCapture | str) -> Reading:
        """Return what today's parser reads in a capture, or in the latest good one of a URL.

        It does not change the database, and raises for no page: what cannot be read is a problem
        of the reading.
        """
        capture = self.capture(which) if isinstance(which, str) else which
        site = self._site_of(capture.url)
        layouts = learned_layouts(self._archive, site)
        return read_stored(self._load(capture), self._archive, site, layouts)

    def articles(
        self,
        query: str = "",
        *,
        kind: str | None = None,
        author: str | None = None,
        category: str | None = None,
        outlet: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Iterator[ArchivedArticle]:
        """Yield the articles that match a query and pass filters, by date, the oldest first.

        Query and filters are those of `cacnp-archive search`; without any, all articles are found.
        """
        filters = Filters(
            kind=kind, author=author, category=category, outlet=outlet, since=since, until=until
        )
        source, parameters = select(self._database, query, filters).articles()
        sql = f"""SELECT articles.id AS id, articles.url AS url, articles.title AS title,
                articles.kind AS kind, day, authors, categories, tags,
                articles.body_text AS body_text, word_count, gone_at, capture_id
            FROM posts JOIN articles ON articles.url = posts.url
            WHERE articles.id IN (SELECT articles.id FROM {source})
            ORDER BY day, articles.id"""  # noqa: S608 - composed of constants
        for row in self.query(sql, parameters):
            lists = {
                name: tuple(json.loads(row[name])) for name in ("authors", "categories", "tags")
            }
            yield ArchivedArticle(**row | lists)

    def query(
        self, sql: str, parameters: Sequence[object] | dict[str, object] = ()
    ) -> Iterator[Row]:
        """Yield the rows of an SQL query as dictionaries; the database cannot be changed."""
        return iter(self._database.query(sql, parameters))

    def _load(self, capture: ArchivedCapture) -> Capture:
        """Return a capture with its bytes; a revisit has those of its original, at its own URL."""
        pointer = capture.record
        if capture.is_revisit:
            original = next(self.query(_ORIGINAL, [capture.id]), None)
            if original is None:
                raise ArchiveError(f"the archive lacks the original of the capture {capture.id}")
            pointer = _pointer(original)
        return replace(load_capture(self._archive, pointer), url=capture.url)

    def _site_of(self, url: str) -> Site:
        sites = [Site.at(base_url) for base_url in base_urls(self._database)]
        return next((site for site in sites if site.owns(url)), sites[0])


def open_archive(folder: str | Path | None = None) -> OpenArchive:
    """Open the archive in a folder for reading, by default the one that the commands use.

    Raises ArchiveError if there is none, or its database cannot be read.
    """
    return OpenArchive(folder)


def _capture(row: Row) -> ArchivedCapture:
    return ArchivedCapture(
        id=row["id"],
        url=row["url"],
        canonical_url=row["canonical_url"],
        captured_at=datetime.fromisoformat(row["captured_at"]),
        status=row["status"],
        media_type=row["media_type"],
        is_revisit=row["record_type"] == "revisit",
        is_good=bool(row["is_good"]),
        entity_sha256=row["entity_sha256"],
        record=_pointer(row),
    )


def _pointer(row: Row) -> RecordPointer:
    return RecordPointer(
        row["warc_file"], row["warc_offset"], row["warc_length"], row["warc_record_id"]
    )
