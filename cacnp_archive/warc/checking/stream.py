"""Check any WARC file record by record, strictly and with bounded memory.

Other checkers are lenient: `warcio check` exits with 0 for a file that is cut anywhere, FastWARC
for one whose last gzip trailer is cut. Deviations from our own conventions are notes in files of
others and errors in our archive.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from cacnp_archive.warc.checking.blocks import BlockCheck
from cacnp_archive.warc.checking.fields import field_damage, latest_date
from cacnp_archive.warc.checking.findings import Damage, FileReport
from cacnp_archive.warc.checking.record_links import Links
from cacnp_archive.warc.checking.scanner import RecordReader, ScannedRecord
from cacnp_archive.warc.checking.tape import MAGIC, RAW_BYTES, RECORD_START, Source, Tape, open_tape

ARC_START = b"filedesc://"

PACKED_FORMATS = {
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"\x5d\x2a\x4d\x18": "Zstandard with a dictionary",
    b"\x04\x22\x4d\x18": "LZ4",
}
"""Compressions that are not read, by the first bytes of a file."""

UNREADABLE = {"cut", "gzip", "garbage", "length"}
"""Records with such damage have no reliable block, so no other fault is reported."""


@dataclass(frozen=True, slots=True)
class CheckedRecord:
    """A complete record, for checks of references to it."""

    scanned: ScannedRecord
    block_digest: str
    """SHA-1 of the block, or "" when it was not computed."""


def check_stream(
    stream: IO[bytes],
    report: FileReport,
    links: Links,
    *,
    hashed: bool = False,
    on_record: Callable[[CheckedRecord], None] = lambda _: None,
) -> Source:
    """Check a WARC file and add findings to a report; returns the source, read to its end.

    `links` collects references to this file or others; the caller calls its `end`. With `hashed`
    the source computes the file's SHA-256. Raises OSError when reading fails.
    """
    source = Source(stream, hashed=hashed)
    head = source.read(RAW_BYTES)
    start = _plain_start(head)
    if not head:
        report.add(Damage("empty", "the file is empty"))
    elif start.startswith(ARC_START):
        report.add(Damage("arc", "an ARC file, the format before WARC: not checked"))
    elif packed := PACKED_FORMATS.get(head[:4]):
        what = f"the file is compressed with {packed}, which is not read here: not checked"
        report.add(Damage("not-read", what))
    else:
        if not RECORD_START.startswith(start[: len(RECORD_START)]):
            report.add(Damage("not-warc", "the file does not begin with a WARC record"), 0)
        _Checker(open_tape(source, head), report, links, on_record).run()
        links.end_file()
    source.drain()
    return source


def _plain_start(head: bytes) -> bytes:
    if not head.startswith(MAGIC):
        return head[: len(ARC_START)]
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, len(ARC_START))
    except zlib.error:
        return b""


class _Checker:
    def __init__(
        self,
        tape: Tape,
        report: FileReport,
        links: Links,
        on_record: Callable[[CheckedRecord], None],
    ) -> None:
        self._report = report
        self._links = links
        self._on_record = on_record
        self._is_gzip = tape.is_gzip
        self._reader = RecordReader(tape)
        self._latest = latest_date()
        self._warcinfo_ids: set[str] = set()
        self._is_first = True
        self._all_alone = True

    def run(self) -> None:
        """Check all records."""
        for record in self._reader:
            self._take_stray()
            self._check(record)
        self._take_stray()
        report = self._report
        if not (report.record_count or report.being_written or report.faults):
            report.add(Damage("empty", "the file holds no record"))

    def _take_stray(self) -> None:
        for offset, record_id, damage in self._reader.stray:
            self._report.add(damage, offset, record_id)
        self._reader.stray.clear()

    def _check(self, record: ScannedRecord) -> None:
        block = BlockCheck(record, always_sha1=self._report.ours)
        for piece in self._reader.block(record):
            block.feed(piece)
        self._take_stray()
        damage = [
            *record.damage,
            *field_damage(record, self._latest),
            *self._warcinfo_damage(record),
        ]
        self._is_first = False
        missing = None
        if is_whole := UNREADABLE.isdisjoint(one.code for one in record.damage):
            self._report.record_count += 1
            damage += [*block.damage(), *self._packing_damage(record)]
            missing = block.missing
        for one in damage:
            self._report.add(one, record.offset, record.record_id)
        self._links.add(record, self._report, missing, is_head=block.asks_with_head)
        if is_whole:
            self._on_record(CheckedRecord(record, block.digest))

    def _warcinfo_damage(self, record: ScannedRecord) -> Iterator[Damage]:
        if record.record_type == "warcinfo":
            if self._report.ours:
                filename = record.value("warc-filename")
                if filename != self._report.file:
                    yield Damage("warcinfo", f"the warcinfo is of a file {filename[:200]!r}")
                if not self._is_first:
                    yield Damage("warcinfo", "a warcinfo that is not the first record")
            self._warcinfo_ids.add(record.value("warc-record-id"))
            return
        if self._is_first:
            yield Damage("warcinfo", "the first record is not a warcinfo")
        named = record.value("warc-warcinfo-id")
        if named and named not in self._warcinfo_ids:
            yield Damage("warcinfo-id", f"no warcinfo before it has the id {named[:80]}")

    def _packing_damage(self, record: ScannedRecord) -> Iterator[Damage]:
        """Yield, once per file, that records are not separate gzip members."""
        if self._all_alone and not record.alone:
            self._all_alone = False
            if self._is_gzip:
                what = "the record is not a gzip member by itself, so replay can't seek to it"
                yield Damage("shared-member", what)
            else:
                yield Damage("member", "the file is not compressed")
