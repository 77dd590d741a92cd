"""Read stored captures: the one way from a WARC record to its reading, whatever file it is in.

A stored capture has a record, in a file of this archive or in an imported one. Its bytes may be
here already, as after a request, or are loaded from the record; those of a revisit are loaded from
the record that it refers to.
"""

import gzip
import logging
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing
from copy import copy
from dataclasses import replace

from cacnp_archive.ingest.messages import sendable
from cacnp_archive.ingest.watchdog import passed_over, watchdog_of
from cacnp_archive.ingest.workers import Workers, result
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import NOT_MODIFIED, Capture, RecordPointer
from cacnp_archive.model.errors import ArchiveError
from cacnp_archive.model.layouts import LearnedLayout
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Problem, Reading
from cacnp_archive.model.site import Site
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.writing.layout_rows import load_layouts
from cacnp_archive.warc.captures import read_capture_at
from cacnp_archive.warc.foreign.foreign_captures import read_foreign_capture
from cacnp_archive.warc.reader import DamagedWarcError

GZIP_START = b"\x1f\x8b"

# Of a broken PDF, pypdf logs a warning per object; the reading has one problem instead.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def load_capture(archive: Archive, pointer: RecordPointer) -> Capture:
    """Return the capture of a response record, in a file of this archive or an imported one.

    Raises OSError or DamagedWarcError if the record cannot be read.
    """
    path = archive.warc_path(pointer.warc_file)
    if archive.is_imported(pointer.warc_file):
        return read_foreign_capture(path, pointer)
    return read_capture_at(path, pointer)


def load_record(archive: Archive, pointer: RecordPointer) -> bytes:
    """Return a record as it was written, uncompressed: its header and its block.

    Raises OSError or DamagedWarcError if it cannot be read.
    """
    path = archive.warc_path(pointer.warc_file)
    with path.open("rb") as stream:
        stream.seek(pointer.offset)
        data = stream.read(pointer.length)
    if len(data) < pointer.length:
        raise DamagedWarcError(f"{path.name}: no whole record at offset {pointer.offset}")
    if not data.startswith(GZIP_START):
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise DamagedWarcError(f"{path.name}: at offset {pointer.offset}: {error}") from error


def learned_layouts(archive: Archive, site: Site) -> tuple[LearnedLayout, ...]:
    """Return the layouts of a site that its crawls have learned; none without a database."""
    if not archive.database_path.exists():
        return ()
    try:
        with closing(read_database(archive.database_path)) as database:
            return load_layouts(database, site.base_url)
    except ArchiveError:
        return ()


def read_stored(
    capture: Capture, archive: Archive, site: Site, layouts: Sequence[LearnedLayout] = ()
) -> Reading:
    """Return the reading of a stored capture; an error on the way is a problem of that reading.

    Of a revisit it is what a visitor of the page would have read: the original, at this URL.
    """
    # Most callers have another process read, and the parsers take half a second to load.
    from cacnp_archive.parsing.read_capture import read_capture

    try:
        complete = _with_bytes(capture, archive)
    except (DamagedWarcError, OSError) as error:
        return _failed(ProblemCode.UNREADABLE, str(error))
    try:
        return read_capture(complete, site, layouts)
    except MemoryError:
        return passed_over(ProblemCode.PARSER_DIED)
    except Exception as error:  # a bug of a parser: the bytes are safe, a person must see it
        logging.getLogger(__name__).exception("cannot read %s", capture.url)
        return _failed(ProblemCode.PARSER_FAULT, repr(error))


def read_watched(
    capture: Capture, archive: Archive, site: Site, layouts: Sequence[LearnedLayout] = ()
) -> Reading:
    """Return the reading of a stored capture, as read_stored does, in a process that may die of it.

    What is known to hang or kill its reader is not read.
    """
    watchdog = watchdog_of(archive)
    if (code := watchdog.verdict(capture)) is not None:
        return passed_over(code)
    with watchdog.watching(capture):
        reading = read_stored(capture, archive, site, layouts)
    if any(problem.code == ProblemCode.PARSER_DIED for problem in reading.problems):
        watchdog.convict(capture)  # it needs more memory than there is
    return reading


class IsolatedReader:
    """Reads stored captures in other processes, since a page may kill the process that parses it.

    A fault in a parser's C code, running out of memory or an endless loop then costs one reading:
    that of the page, which has the problem `parser-died` or `parser-hung` instead.
    """

    def __init__(
        self,
        archive: Archive,
        site: Site,
        workers: Workers,
        layouts: Sequence[LearnedLayout] = (),
    ) -> None:
        self._archive = archive
        self._layouts = layouts
        self._site = site
        self._workers = workers
        self._alone = Workers(1)
        self._watchdog = watchdog_of(archive)
        self._watchdog.collect()

    def begin(self, captures: Sequence[Capture]) -> Callable[[], list[Reading]]:
        """Start reading captures; the returned function waits for their readings."""
        if not captures:
            return list
        sent = [sendable(capture) for capture in captures]
        future = self._workers.submit(_read_all, sent, self._archive, self._site, self._layouts)

        def readings() -> list[Reading]:
            found = result(future)
            if found is None:
                self._watchdog.collect()
                return [self.read(capture) for capture in sent]
            return found

        return readings

    def read(self, capture: Capture) -> Reading:
        """Return the reading of a capture by a process that reads nothing else at that time.

        A process that is killed from outside, which looks like one that ran out of the machine's
        memory, has a second try.
        """
        for _ in range(2):
            if (code := self._watchdog.verdict(capture)) is not None:
                return passed_over(code)
            arguments = ([sendable(capture)], self._archive, self._site, self._layouts)
            found = result(self._alone.submit(_read_all, *arguments))
            if found is not None:
                return found[0]
            self._watchdog.collect()
        return passed_over(self._watchdog.convict(capture))

    def close(self) -> None:
        """End the process that `read` uses; the workers are closed by whoever made them."""
        self._alone.close()


def _read_all(
    captures: list[Capture], archive: Archive, site: Site, layouts: Sequence[LearnedLayout]
) -> list[Reading]:
    return [read_watched(capture, archive, site, layouts) for capture in captures]


def _with_bytes(capture: Capture, archive: Archive) -> Capture:
    """Return a capture with all bytes that parsers need, so that they need not know of records."""
    if capture.message.entity.size:
        return capture
    if capture.original is not None:
        original = load_capture(archive, capture.original.record)
        if capture.status == NOT_MODIFIED:
            return replace(original, url=capture.url)
        message = copy(capture.message)
        message.entity = original.message.entity
        return replace(capture, message=message)
    if capture.block.size == 0 and capture.record is not None:
        stored = load_capture(archive, capture.record)
        return replace(capture, block=stored.block, message=stored.message)
    return capture


def _failed(code: ProblemCode, detail: str) -> Reading:
    return Reading(problems=(Problem(code=code, detail=detail),))
