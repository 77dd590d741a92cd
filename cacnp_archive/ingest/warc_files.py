"""Read WARC files of this archive again, on all cores, with the readings of the live crawl.

A file is read in segments, each by whichever process is free, which looks for the first exchange
in it by itself. It has found the right one if the segment before ends there, and the first segment
begins with the file; otherwise the segment is read again from where the one before has ended.
"""

from collections import ChainMap, deque
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

from cacnp_archive.ingest.messages import sendable, without_bytes
from cacnp_archive.ingest.stored import IsolatedReader, read_watched
from cacnp_archive.ingest.workers import Workers, result
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import Capture, FailedExchange, Original, RecordPointer
from cacnp_archive.model.layouts import LearnedLayout
from cacnp_archive.model.reading import ReadCapture
from cacnp_archive.model.site import Site
from cacnp_archive.warc.captures import StoredCapture, find_exchange, read_exchanges
from cacnp_archive.warc.reader import DamagedWarcError

SEGMENT_BYTES = 512 * 1024
"""Compressed, some 40 exchanges: few enough for all processes to have work until the end."""

Batch: TypeAlias = list[ReadCapture | FailedExchange]

FindOriginal = Callable[[str], Original | None]
"""Returns the original whose record has an id, if it is known."""


@dataclass(frozen=True, slots=True)
class _Segment:
    """The exchanges between two offsets of a file."""

    start: int | None
    """Where the first exchange begins; None if none does."""
    end: int = 0
    """Where the next segment begins."""
    items: tuple[ReadCapture | StoredCapture | FailedExchange, ...] = ()
    """A StoredCapture is still to be read."""
    error: DamagedWarcError | OSError | None = None
    """Why nothing behind these items can be read."""


class WarcFileReader:
    """Reads the files of one archive for one site.

    `ahead` is the number of segments that other processes read ahead of the one that is needed.
    With 0 this process looks through the file, and others parse what has no row yet: that suits
    files of which most is known.
    """

    def __init__(
        self,
        archive: Archive,
        site: Site,
        workers: Workers,
        *,
        ahead: int = 0,
        segment_bytes: int = SEGMENT_BYTES,
        layouts: Sequence[LearnedLayout] = (),
    ) -> None:
        self._layouts = layouts
        self._archive = archive
        self._site = site
        self._workers = workers
        self._ahead = ahead
        self._segment_bytes = segment_bytes

    def read(
        self, path: Path, find_original: FindOriginal, known_offsets: frozenset[int] = frozenset()
    ) -> Iterator[Batch]:
        """Yield what a file keeps, in order, except at known offsets; raises DamagedWarcError.

        The caller must save each batch before it takes the next one: originals are found by their
        rows, except those shortly before their revisits. The captures are without their bytes.
        """
        with closing(
            IsolatedReader(self._archive, self._site, self._workers, self._layouts)
        ) as isolated:
            waiting: Callable[[], Batch] = list
            recent: MutableMapping[str, Original] = {}
            for segment in self._segments(path, known_offsets):
                near = ChainMap[str, Original]({}, recent)
                begun = _begin(segment, isolated, near, find_original)
                yield waiting()
                waiting, recent = begun, near.maps[0]
                if segment.error is not None:
                    yield waiting()
                    raise segment.error
            yield waiting()

    def _segments(self, path: Path, known_offsets: frozenset[int]) -> Iterator[_Segment]:
        size = path.stat().st_size
        scan = partial(_read_segment, path, self._archive, self._site, self._layouts, known_offsets)
        bounds = iter(range(0, size, self._segment_bytes) if self._ahead else ())
        begun: deque[tuple[int, Future[_Segment]]] = deque()
        at = 0
        while at < size:
            while len(begun) <= self._ahead and (start := next(bounds, None)) is not None:
                end = start + self._segment_bytes
                begun.append((end, self._workers.submit(scan, start, end, is_exact=start == 0)))
            end, future = begun.popleft() if begun else (at + self._segment_bytes, None)
            if end <= at:  # the segment before was longer than its bound
                continue
            segment = None if future is None else result(future)
            if segment is None or segment.start != at:
                segment = scan(at, end, is_exact=True, parses=False)
            yield segment
            if segment.error is not None:
                return
            at = segment.end


def _begin(
    segment: _Segment,
    isolated: IsolatedReader,
    near: MutableMapping[str, Original],
    find_original: FindOriginal,
) -> Callable[[], Batch]:
    """Start reading what is unread of a segment; the returned function waits for all of it.

    `near` has the captures shortly before, by the ids of their records, and gets these.
    """
    items: list[ReadCapture | Capture | FailedExchange] = []
    for item in segment.items:
        if isinstance(item, FailedExchange):
            items.append(item)
            continue
        capture = item.capture
        if isinstance(item, StoredCapture) and item.refers_to is not None:
            original = near.get(item.refers_to) or find_original(item.refers_to)
            capture = replace(capture, original=original)
        items.append(item if isinstance(item, ReadCapture) else capture)
        near[_record_of(capture).record_id] = _as_original(capture)
    readings = isolated.begin([item for item in items if isinstance(item, Capture)])

    def batch() -> Batch:
        found = iter(readings())
        return [
            ReadCapture(without_bytes(item), next(found)) if isinstance(item, Capture) else item
            for item in items
        ]

    return batch


def _read_segment(
    path: Path,
    archive: Archive,
    site: Site,
    layouts: Sequence[LearnedLayout],
    known_offsets: frozenset[int],
    start: int,
    end: int,
    *,
    is_exact: bool,
    parses: bool = True,
) -> _Segment:
    """Read the exchanges that begin between two offsets; the first at `start` if that is exact.

    Revisits are left to be read when their originals are known, and everything if not `parses`.
    """
    found = start if is_exact else find_exchange(path, start, end)
    if found is None:
        return _Segment(None)
    items: list[ReadCapture | StoredCapture | FailedExchange] = []
    try:
        for item in read_exchanges(path, found):
            offset = 0 if item.record is None else item.record.offset
            if offset >= end:
                return _Segment(found, offset, tuple(items))
            if offset in known_offsets:
                continue
            if isinstance(item, FailedExchange):
                items.append(sendable(item))
            elif item.refers_to is not None or not parses:
                items.append(replace(item, capture=sendable(item.capture)))
            else:
                reading = read_watched(item.capture, archive, site, layouts)
                items.append(ReadCapture(without_bytes(item.capture), reading))
    except (DamagedWarcError, OSError) as error:
        return _Segment(found, end, tuple(items), error)
    return _Segment(found, path.stat().st_size, tuple(items))


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
