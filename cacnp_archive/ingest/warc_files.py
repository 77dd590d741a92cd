"""Read WARC files of ours anew, over all cores: the same readings as when they were captured.

A file is read in stretches, each by the process that has time: it finds a place to begin by
itself. That it found the right one is proved before anything of it is used, for the stretch
before must end there, and the first begins with the file.

A page may kill the process that reads it, by a fault of a parser's C code or by all the memory
there is. Then its stretch is read again, each page apart, and the one has a problem row.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from cacnp_archive.ingest.originals import stored_capture, with_entity
from cacnp_archive.ingest.workers import Workers, result
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import Capture, FailedExchange, Original, RecordPointer
from cacnp_archive.model.reading import ReadCapture
from cacnp_archive.model.records import PARSER_DIED, PARSER_FAULT, Problem, Reading
from cacnp_archive.model.site import Site
from cacnp_archive.model.spool import Spool
from cacnp_archive.parsing.read_capture import read_capture
from cacnp_archive.warc.captures import find_exchange, read_exchanges
from cacnp_archive.warc.reader import DamagedWarcError

STRETCH_BYTES = 512 * 1024
"""Of a compressed file, some 40 exchanges: little enough for all to have work until the end."""

FindOriginal = Callable[[str], Original | None]
"""Returns the original whose record has an id, if it is known."""


@dataclass(frozen=True, slots=True)
class _Revisit:
    """A revisit, whose original has to be found before it can be read."""

    capture: Capture
    refers_to: str


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What stands between two offsets of a file."""

    start: int | None
    """Where the first exchange begins; None when none does."""
    end: int = 0
    """Where the next stretch goes on."""
    items: tuple[ReadCapture | _Revisit | FailedExchange, ...] = ()
    fault: DamagedWarcError | OSError | None = None
    """Why nothing behind these items can be read."""


@dataclass(frozen=True, slots=True)
class _Begun:
    """A stretch whose revisits are being read."""

    items: list[ReadCapture | Capture | FailedExchange]
    """A Capture is a revisit."""
    readings: Callable[[], list[Reading]]
    """Returns the readings of the revisits."""

    def finished(self) -> list[ReadCapture | FailedExchange]:
        readings = iter(self.readings())
        return [
            ReadCapture(item, next(readings)) if isinstance(item, Capture) else item
            for item in self.items
        ]


class WarcFileReader:
    """Reads the files of one archive for one site.

    `ahead` tells how many stretches are begun before one is needed.
    """

    def __init__(
        self,
        archive: Archive,
        site: Site,
        workers: Workers,
        *,
        ahead: int = 0,
        stretch_bytes: int = STRETCH_BYTES,
    ) -> None:
        self._archive = archive
        self._site = site
        self._workers = workers
        self._ahead = ahead
        self._stretch_bytes = stretch_bytes

    def read(
        self, path: Path, find_original: FindOriginal, known_offsets: frozenset[int] = frozenset()
    ) -> Iterator[list[ReadCapture | FailedExchange]]:
        """Yield what a file keeps, in order, but for the known offsets; raises DamagedWarcError.

        It comes in batches, each of which must have its rows before the next is taken: by these
        originals are found, but for those that stand shortly before their revisits. The captures
        are without their bytes, which have been read.
        """
        with closing(IsolatedReader(self._archive, self._site)) as apart:
            waiting: _Begun | None = None
            earlier: dict[str, Original] = {}
            for stretch in self._stretches(path, known_offsets, apart):
                recent: dict[str, Original] = {}
                begun = self._begin(stretch, earlier, recent, find_original, apart)
                if waiting is not None:
                    yield waiting.finished()
                waiting, earlier = begun, recent
                if stretch.fault is not None:
                    yield waiting.finished()
                    raise stretch.fault
            if waiting is not None:
                yield waiting.finished()

    def _stretches(
        self, path: Path, known_offsets: frozenset[int], apart: "IsolatedReader"
    ) -> Iterator[_Stretch]:
        size = path.stat().st_size
        read = partial(_read_stretch, path, self._site, known_offsets)
        bounds = iter(range(0, size, self._stretch_bytes))
        begun: deque[tuple[int, Future[_Stretch]]] = deque()
        at = 0
        while at < size:
            while len(begun) <= self._ahead and (start := next(bounds, None)) is not None:
                end = start + self._stretch_bytes
                begun.append((end, self._workers.submit(read, start, end, is_exact=start == 0)))
            end, future = begun.popleft() if begun else (at + self._stretch_bytes, None)
            if end <= at:  # the one before was longer than its bound
                continue
            stretch = None if future is None else result(future)
            if stretch is None or stretch.start != at:
                stretch = result(self._workers.submit(read, at, end, is_exact=True))
            if stretch is None:
                stretch = read(at, end, is_exact=True, read=apart.read)
            yield stretch
            if stretch.fault is not None:
                return
            at = stretch.end

    def _begin(
        self,
        stretch: _Stretch,
        earlier: dict[str, Original],
        recent: dict[str, Original],
        find_original: FindOriginal,
        apart: "IsolatedReader",
    ) -> _Begun:
        items: list[ReadCapture | Capture | FailedExchange] = []
        for item in stretch.items:
            if isinstance(item, FailedExchange):
                items.append(item)
                continue
            capture = item.capture
            if isinstance(item, _Revisit):
                name = item.refers_to
                original = recent.get(name) or earlier.get(name) or find_original(name)
                capture = replace(capture, original=original)
            items.append(item if isinstance(item, ReadCapture) else capture)
            recent[_record_of(capture).record_id] = _as_original(capture)
        revisits = [item for item in items if isinstance(item, Capture)]
        if not revisits:
            return _Begun(items, list)
        begun = self._workers.submit(_read_revisits, self._archive, self._site, revisits)

        def readings() -> list[Reading]:
            found = result(begun)
            if found is not None:
                return found
            return [apart.read(capture) for capture in revisits]

        return _Begun(items, readings)


class IsolatedReader:
    """Reads stored captures by a process of its own, which may die of one: that is a problem."""

    def __init__(self, archive: Archive, site: Site) -> None:
        self._archive = archive
        self._site = site
        self._workers = Workers(1)

    def read(self, capture: Capture) -> Reading:
        """Return the reading of a capture that has a record."""
        if capture.original is None:
            capture = _without_bytes(capture)
        found = result(self._workers.submit(read_stored, capture, self._archive, self._site))
        if found is not None:
            return found
        detail = "the process that read it died of it; the bytes are safe in their record"
        return Reading(problems=(Problem(code=PARSER_DIED, detail=detail),))

    def close(self) -> None:
        """End the process."""
        self._workers.close()


def read_anew(capture: Capture, archive: Archive, site: Site) -> Reading:
    """Return the reading of a capture; an original that cannot be read is a problem."""
    try:
        return read_safely(with_entity(capture, archive), site)
    except (DamagedWarcError, OSError) as error:
        return _unreadable(error)


def read_stored(capture: Capture, archive: Archive, site: Site) -> Reading:
    """Return the reading of a capture that is here without its bytes, from its record."""
    try:
        if capture.original is None:
            stored = stored_capture(archive, _record_of(capture))
            capture = replace(capture, block=stored.block, message=stored.message)
    except (DamagedWarcError, OSError) as error:
        return _unreadable(error)
    return read_anew(capture, archive, site)


def _unreadable(error: Exception) -> Reading:
    return Reading(problems=(Problem(code="unreadable", detail=str(error)),))


def read_safely(capture: Capture, site: Site) -> Reading:
    """Return the reading of a capture; a fault of a parser is a problem, and logged."""
    try:
        return read_capture(capture, site)
    except Exception as error:  # a fault of ours: the bytes are safe, a person must see it
        logging.getLogger(__name__).exception("cannot read %s", capture.url)
        return Reading(problems=(Problem(code=PARSER_FAULT, detail=repr(error)),))


def _read_stretch(
    path: Path,
    site: Site,
    known_offsets: frozenset[int],
    start: int,
    end: int,
    *,
    is_exact: bool,
    read: Callable[[Capture], Reading] | None = None,
) -> _Stretch:
    """Read the exchanges that begin between two offsets; the first at `start` if that is exact."""
    found = start if is_exact else find_exchange(path, start, end)
    if found is None:
        return _Stretch(None)
    items: list[ReadCapture | _Revisit | FailedExchange] = []
    try:
        for item in read_exchanges(path, found):
            offset = 0 if item.record is None else item.record.offset
            if offset >= end:
                return _Stretch(found, offset, tuple(items))
            if offset in known_offsets:
                continue
            if isinstance(item, FailedExchange):
                items.append(replace(item, request_block=None, received=None))
            elif item.refers_to is not None:
                items.append(_Revisit(replace(item.capture, request_block=None), item.refers_to))
            else:
                reading = read(item.capture) if read else read_safely(item.capture, site)
                items.append(ReadCapture(_without_bytes(item.capture), reading))
    except (DamagedWarcError, OSError) as error:
        return _Stretch(found, end, tuple(items), error)
    return _Stretch(found, path.stat().st_size, tuple(items))


def _read_revisits(archive: Archive, site: Site, captures: list[Capture]) -> list[Reading]:
    return [read_anew(capture, archive, site) for capture in captures]


def _without_bytes(capture: Capture) -> Capture:
    capture.message.entity = Spool()
    return replace(capture, block=Spool(), request_block=None)


def _record_of(capture: Capture) -> RecordPointer:
    assert capture.record is not None  # noqa: S101 - a stored capture has one
    return capture.record


def _as_original(capture: Capture) -> Original:
    assert capture.digests is not None  # noqa: S101 - a stored capture has them
    return Original(
        url=capture.url,
        captured_at=capture.captured_at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        record=_record_of(capture),
        digests=capture.digests,
    )
