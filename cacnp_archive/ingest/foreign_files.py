"""Read and save the captures of an imported file, in the order in which they were made."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cacnp_archive.ingest.stored import IsolatedReader
from cacnp_archive.ingest.workers import Workers
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import Capture, Original
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Problem, Reading
from cacnp_archive.model.site import Site
from cacnp_archive.storage.writing.imports import ImportSaver
from cacnp_archive.warc.foreign.foreign_captures import foreign_capture, names_of, stated_payload
from cacnp_archive.warc.foreign.foreign_records import (
    ForeignRecord,
    moment_of,
    read_foreign_record,
)

PAGE_TYPES = (
    "",
    "text/html",
    "application/xhtml+xml",
    "text/xml",
    "application/xml",
    "application/rss+xml",
    "application/json",
    "text/plain",
    "application/pdf",
)
"""Media types of what may lead to pages, or is read like one; the rest are page requisites."""

AHEAD = 8
"""At most this many captures are being parsed while the one before them is saved."""

Readings = Callable[[], list[Reading]]
"""Waits for the reading of a capture."""


@dataclass(frozen=True, slots=True)
class _Begun:
    """A record, and its capture if that can be parsed before those before it are saved."""

    record: ForeignRecord
    capture: Capture | None
    readings: Readings


class ForeignFileReader:
    """Reads and saves the captures of one imported file."""

    def __init__(
        self, archive: Archive, site: Site, workers: Workers, saver: ImportSaver, sha256: str
    ) -> None:
        self._site = site
        self._isolated = IsolatedReader(archive, site, workers, saver.layouts())
        self._saver = saver
        self._sha256 = sha256
        self.known_count = 0
        """Records that are in another file, too, and have rows already."""

    def save(self, path: Path, offsets: Iterable[int]) -> Iterator[int]:
        """Save the records at these offsets; yields how many are done, before each and at the end.

        Raises OSError and DamagedWarcError when a record cannot be read.
        """
        done = 0
        with closing(self._isolated):
            for begun in self._begun(path, offsets):
                yield done
                self._save(begun, path.name)
                done += 1
        yield done

    def _begun(self, path: Path, offsets: Iterable[int]) -> Iterator[_Begun]:
        ahead: deque[_Begun] = deque()
        for offset in offsets:
            ahead.append(self._begin(read_foreign_record(path, offset), path.name))
            if len(ahead) > AHEAD:
                yield ahead.popleft()
        yield from ahead

    def _begin(self, record: ForeignRecord, name: str) -> _Begun:
        record_id, _ = names_of(record, self._sha256)
        if record.record_type == "revisit" or self._saver.is_taken(record_id):
            return _Begun(record, None, list)
        capture = foreign_capture(record, name, record_id, None)
        return _Begun(record, capture, self._start(capture))

    def _save(self, begun: _Begun, name: str) -> None:
        record, capture, readings = begun.record, begun.capture, begun.readings
        record_id, made_id = names_of(record, self._sha256)
        if self._saver.is_taken(record_id):
            moment = record.captured_at
            if moment is None or record_id == made_id:
                is_known = True
            else:
                is_known = self._saver.has(record_id, record.url, moment)
            if is_known:
                self.known_count += 1
                return
            record_id, capture = made_id, None
        if capture is None:
            original = self._original(record) if record.record_type == "revisit" else None
            capture = foreign_capture(record, name, record_id, original)
            readings = self._start(capture, is_revisit=record.record_type == "revisit")
        (reading,) = readings()
        is_file = capture.media_type not in PAGE_TYPES
        self._saver.save(capture, record.record_type, reading, is_file=is_file)

    def _original(self, record: ForeignRecord) -> Original | None:
        return self._saver.original(
            record.field("WARC-Refers-To").strip("<> "),
            record.field("WARC-Refers-To-Target-URI").strip("<> ") or record.url,
            moment_of(record.field("WARC-Refers-To-Date")),
            stated_payload(record),
        )

    def _start(self, capture: Capture, *, is_revisit: bool = False) -> Readings:
        """Start reading a capture; of other hosts nothing is read."""
        if not self._site.owns(capture.url):
            return lambda: [Reading()]
        if is_revisit and capture.original is None:
            problem = Problem(
                code=ProblemCode.NO_ORIGINAL, detail="what it repeats is not in the archive"
            )
            return lambda: [Reading(problems=(problem,))]
        return self._isolated.begin([capture])
