"""Read WARC files of ours anew, over all cores: the same readings as when they were captured."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import replace
from itertools import islice
from pathlib import Path

from cacnp_archive.archive import Archive
from cacnp_archive.capture import (
    NOT_MODIFIED,
    Capture,
    FailedExchange,
    Original,
    RecordPointer,
)
from cacnp_archive.parsing import read_capture
from cacnp_archive.reading import ReadCapture
from cacnp_archive.records import Problem, Reading
from cacnp_archive.revisits import with_entity
from cacnp_archive.site import Site
from cacnp_archive.warc.captures import StoredCapture, read_capture_at, read_exchanges
from cacnp_archive.warc.reader import DamagedWarcError

BATCH = 200
"""Exchanges that are read by the other processes while those before are saved."""

_Begun = tuple[Capture, Future[Reading] | None] | FailedExchange
FindOriginal = Callable[[str], Original | None]
"""Returns the original whose record has an id, if it is known."""


class Rereader:
    """Reads the files of one archive for one site."""

    def __init__(self, archive: Archive, site: Site, executor: Executor | None = None) -> None:
        self._archive = archive
        self._site = site
        self._executor = executor

    def read(
        self, path: Path, find_original: FindOriginal, known_offsets: frozenset[int] = frozenset()
    ) -> Iterator[list[ReadCapture | FailedExchange]]:
        """Yield what a file keeps, in order, but for the known offsets; raises DamagedWarcError.

        It comes in batches, each of which must have its rows before the next is taken: by these
        originals are found, but for those that stand shortly before their revisits.
        """
        items = (
            item
            for item in read_exchanges(path)
            if item.record is not None and item.record.offset not in known_offsets
        )
        waiting: list[_Begun] = []
        earlier: dict[str, Original] = {}
        while True:
            batch = [*islice(items, BATCH)]
            recent = dict(earlier)
            begun = [self._begin(item, recent, find_original) for item in batch]
            if waiting:
                yield [*map(self._finish, waiting)]
            waiting = begun
            earlier = {name: recent[name] for name in recent.keys() - earlier.keys()}
            if not batch:
                return

    def _begin(
        self,
        item: StoredCapture | FailedExchange,
        recent: dict[str, Original],
        find_original: FindOriginal,
    ) -> _Begun:
        if isinstance(item, FailedExchange):
            return item
        original = None
        if item.refers_to is not None:
            original = recent.get(item.refers_to) or find_original(item.refers_to)
        capture = replace(item.capture, original=original)
        recent[item.record.record_id] = _as_original(capture, item.record)
        return capture, self._submit(capture, is_revisit=item.refers_to is not None)

    def _submit(self, capture: Capture, *, is_revisit: bool) -> Future[Reading] | None:
        """Let another process read a capture; None when this one must: it has the revisit."""
        source = None if is_revisit else capture.record
        if capture.original is not None and capture.status == NOT_MODIFIED:
            source = capture.original.record
        if self._executor is None or source is None:
            return None
        path = self._archive.warc_path(source.warc_file)
        return self._executor.submit(_read_record, path, source, capture.url, self._site)

    def _finish(self, begun: _Begun) -> ReadCapture | FailedExchange:
        if isinstance(begun, FailedExchange):
            return begun
        capture, future = begun
        if future is None:
            return read_anew(capture, self._archive, self._site)
        try:
            return ReadCapture(capture, future.result())
        except (DamagedWarcError, OSError) as error:
            return ReadCapture(capture, unreadable(error))


def read_anew(capture: Capture, archive: Archive, site: Site) -> ReadCapture:
    """Return a capture with its reading; an original that cannot be read is a problem."""
    try:
        return ReadCapture(capture, read_safely(with_entity(capture, archive), site))
    except (DamagedWarcError, OSError) as error:
        return ReadCapture(capture, unreadable(error))


def unreadable(error: Exception) -> Reading:
    """Return what is saved of a capture whose bytes cannot be read."""
    return Reading(problems=(Problem(code="unreadable", detail=str(error)),))


def read_safely(capture: Capture, site: Site) -> Reading:
    """Return the reading of a capture; a fault of a parser is a problem, and logged."""
    try:
        return read_capture(capture, site)
    except Exception as error:  # a fault of ours: the bytes are safe, a person must see it
        logging.getLogger(__name__).exception("cannot read %s", capture.url)
        return Reading(problems=(Problem(code="parser-fault", detail=repr(error)),))


def _read_record(path: Path, pointer: RecordPointer, url: str, site: Site) -> Reading:
    return read_safely(replace(read_capture_at(path, pointer), url=url), site)


def _as_original(capture: Capture, record: RecordPointer) -> Original:
    assert capture.digests is not None  # noqa: S101 - a stored capture has them
    return Original(
        url=capture.url,
        captured_at=capture.captured_at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        record=record,
        digests=capture.digests,
    )
