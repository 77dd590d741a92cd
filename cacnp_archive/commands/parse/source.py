"""Parse a stored capture or a saved page, in a process of its own: the parser may crash."""

import mimetypes
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from cacnp_archive.ingest.stored import IsolatedReader, learned_layouts, read_stored
from cacnp_archive.ingest.watchdog import watchdog_of
from cacnp_archive.ingest.workers import Workers, result
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import Capture, RecordPointer
from cacnp_archive.model.errors import UsageError
from cacnp_archive.model.http_message import ResponseMessage
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Problem, Reading
from cacnp_archive.model.site import Site
from cacnp_archive.model.spool import CHUNK_BYTES, Spool

Row = dict[str, Any]

_CAPTURE_FACTS = (
    "captured_at",
    "status",
    "media_type",
    "record_type",
    "warc_record_id",
    "warc_file",
    "warc_offset",
    "warc_length",
)


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A page and what today's parser reads from it."""

    url: str
    site: Site
    source: dict[str, Any]
    """The page's origin, as JSON values: a capture or a file."""
    reading: Reading
    capture_id: int | None = None
    """The row of `captures`; None for a file."""


def parse_capture(archive: Archive, site: Site, row: Row, original: Row | None) -> ParsedPage:
    """Parse a stored capture; `original` is the row of the capture that a revisit repeats."""
    capture = Capture(
        url=row["url"],
        captured_at=datetime.fromisoformat(row["captured_at"]),
        block=Spool(),  # the reader takes the bytes from the record
        message=ResponseMessage(),
        truncated=row["truncated"],
        record=_pointer(original or row),
    )
    watchdog_of(archive).pardon(capture)  # a person asks: the parser may be mended
    layouts = learned_layouts(archive, site)
    with closing(IsolatedReader(archive, site, Workers(1), layouts)) as reader:
        reading = reader.read(capture)
    facts = {name: row[name] for name in _CAPTURE_FACTS}
    return ParsedPage(row["url"], site, facts, reading, row["id"])


def parse_file(path: Path, url: str, content_type: str | None, site: Site) -> ParsedPage:
    """Parse a saved page as if it had been the response at an address.

    Without a Content-Type the file's name suggests one. Raises UsageError when the file cannot be
    read, or the Content-Type cannot stand in a header.
    """
    header = mimetypes.guess_type(path.name)[0] or "" if content_type is None else content_type
    if not (header.isascii() and (header.isprintable() or not header)):
        raise UsageError(f"--content-type must be like text/html; charset=utf-8, not {header!r}")
    with closing(Workers(1)) as workers:
        try:
            found = result(workers.submit(_parse_saved, path.absolute(), url, header, site))
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    if found is None:
        detail = "the process that parsed it died"
        found = Reading(problems=(Problem(code=ProblemCode.PARSER_DIED, detail=detail),))
    return ParsedPage(url, site, {"file": str(path), "content_type": header}, found)


def address_of_file(path: Path) -> str:
    """Return a path on the site for a saved page whose address was not given.

    >>> address_of_file(Path("saved/The treaty.html")), address_of_file(Path("letter.pdf"))
    ('/The%20treaty/', '/letter.pdf')
    """
    is_page = path.suffix.lower() in ("", ".html", ".htm")
    return quote(f"/{path.stem}/" if is_page else f"/{path.name}")


def site_of(url: str) -> Site:
    """Return the site of an address that is of no site of the archive.

    Raises UsageError when it is not a web address.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        raise UsageError(f"--url must be a web address, not {url!r}")
    return Site.at(f"{parts.scheme}://{parts.netloc}/")


def _parse_saved(path: Path, url: str, content_type: str, site: Site) -> Reading:
    header = f"Content-Type: {content_type}\r\n" if content_type else ""
    head = f"HTTP/1.1 200 OK\r\n{header}Content-Length: {path.stat().st_size}\r\n\r\n"
    block = Spool(head.encode("ascii"))
    with path.open("rb") as stream:
        for chunk in iter(partial(stream.read, CHUNK_BYTES), b""):
            block.append(chunk)
    capture = Capture(
        url=url,
        captured_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        block=block,
        message=ResponseMessage.read(block.chunks()),
    )
    return read_stored(capture, Archive(path.parent), site)  # its bytes are here


def _pointer(row: Row) -> RecordPointer:
    return RecordPointer(
        row["warc_file"], row["warc_offset"], row["warc_length"], row["warc_record_id"]
    )
