"""Check an archive, and that its database, files, index and manifest agree; or any WARC or WACZ."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cacnp_archive.model.archive import Archive
from cacnp_archive.model.urls import without_fragment
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.record_pointers import StoredPointer, pointers_by_file
from cacnp_archive.warc.cdxj import SUFFIX
from cacnp_archive.warc.checking.findings import Damage, FileReport, Finding, Severity
from cacnp_archive.warc.checking.findings_report import report_json, report_lines
from cacnp_archive.warc.checking.index import IndexedFile, check_index, report_unseen
from cacnp_archive.warc.checking.manifest_chain import FileFacts, check_manifest
from cacnp_archive.warc.checking.record_links import Links
from cacnp_archive.warc.checking.scanner import ScannedRecord
from cacnp_archive.warc.checking.stream import CheckedRecord, check_stream
from cacnp_archive.warc.checking.wacz_package import check_wacz
from cacnp_archive.warc.compose import sha1
from cacnp_archive.warc.foreign.foreign_captures import names_of
from cacnp_archive.warc.foreign.foreign_records import ZIP_START, read_foreign_record
from cacnp_archive.warc.manifest import file_sha256
from cacnp_archive.warc.reader import DamagedWarcError
from cacnp_archive.warc.writer import OPEN_SUFFIX

Pointers = dict[int, StoredPointer]


@dataclass(slots=True)
class Verification:
    """What was looked at, and what was found."""

    file_count: int
    """WARC or WACZ files."""
    row_count: int | None
    """None when there was no database to compare with."""
    reports: list[FileReport] = field(default_factory=list)

    @property
    def record_count(self) -> int:
        """How many whole records were read."""
        return sum(report.record_count for report in self.reports)

    @property
    def findings(self) -> list[Finding]:
        """The faults, without warnings and notes; of very many of a kind, some."""
        return [finding for report in self.reports for finding in report.faults]

    @property
    def fault_count(self) -> int:
        """How many faults there are, kept or not."""
        return self.counts[Severity.ERROR]

    def lines(self) -> Iterator[str]:
        """Yield what a person should read: the findings, and at last what was looked at."""
        for report in self.reports:
            yield from report_lines(report)
        verdict = f"{self.fault_count} faults" if self.fault_count else "all good"
        looked_at = f"{self.record_count} records in {self.file_count} "
        looked_at += "files" if self.row_count is None else f"WARC files, {self.row_count} rows"
        others = [
            f"{self.counts[severity]} {severity}s"
            for severity in (Severity.WARNING, Severity.NOTE)
            if self.counts[severity]
        ]
        yield "; ".join(filter(None, [f"{verdict}: {looked_at}", ", ".join(others)]))

    def as_json(self) -> dict[str, Any]:
        """Return all of it as JSON has it."""
        return {
            "files": [report_json(report) for report in self.reports],
            "rows": self.row_count,
            "faults": self.fault_count,
        }

    @property
    def counts(self) -> Counter[Severity]:
        """How many findings of each severity there are."""
        return sum((report.counts for report in self.reports), Counter())


def verify(archive: Archive, on_file: Callable[[str], None] = lambda _: None) -> Verification:
    """Check every record, row, index line and manifest entry of an archive.

    `on_file` hears the name of each file before it is read. Raises ArchiveError when there is no
    archive.
    """
    database = read_database(archive.require_database())
    try:
        rows = pointers_by_file(database)
    finally:
        database.close()
    imported = archive.imported_names()
    names = [*archive.warc_names(), *imported]
    result = Verification(len(names), sum(len(pointers) for pointers in rows.values()))
    check = _ArchiveCheck(archive)
    for name in sorted({*names, *rows}):
        on_file(name)
        check_one = check.check_imported if name in imported else check.check_file
        result.reports.append(check_one(name, rows.get(name, {})))
    result.reports += check.end()
    return result


def verify_files(paths: Iterable[Path], on_file: Callable[[str], None]) -> Verification:
    """Check WARC and WACZ files of any make; what one refers to may lie in another.

    `on_file` hears the name of each file before it is read.
    """
    result = Verification(0, None)
    links = Links(ours=False)
    for path in paths:
        on_file(str(path))
        result.file_count += 1
        result.reports += check_foreign(path, links)
    links.end()
    return result


def needs_row(record: ScannedRecord) -> bool:
    """Whether a record must have a row: a response, a revisit, or a failure's metadata."""
    if record.record_type == "metadata":
        return not record.value("warc-concurrent-to")
    return record.record_type in ("response", "revisit")


def check_foreign(path: Path, links: Links) -> list[FileReport]:
    """Check a WARC or WACZ file of any make; `links` gathers what may lie in another."""
    report = FileReport(str(path), ours=False)
    try:
        with path.open("rb") as stream:
            start = stream.read(len(ZIP_START))
            stream.seek(0)
            if start == ZIP_START or path.suffix == ".wacz":
                return check_wacz(stream, str(path), links)
            check_stream(stream, report, links)
    except OSError as error:
        report.add(Damage("unreadable", f"the file cannot be read: {error.strerror or error}"))
    return [report]


class _ArchiveCheck:
    """Checks the files of an archive one after the other, then what ties them together."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._links = Links(ours=True)
        self._complete: dict[str, FileFacts] = {}
        self._imported: dict[str, FileFacts] = {}

    def check_file(self, name: str, rows: Pointers) -> FileReport:
        """Check a file, its rows and its index."""
        path = self._archive.warc_path(name)
        is_open = path.name.endswith(OPEN_SUFFIX)
        report = FileReport(name, ours=True, being_written=is_open)
        unseen = dict(rows)
        index = IndexedFile()

        def take(record: CheckedRecord) -> None:
            index.add(record)
            _compare(record, unseen.pop(record.scanned.offset, None), report)

        try:
            with path.open("rb") as stream:
                source = check_stream(
                    stream, report, self._links, hashed=not is_open, on_record=take
                )
        except FileNotFoundError:
            what = f"the file is missing; {len(rows)} rows point to it"
            report.add(Damage("missing-file", what))
            return report
        except OSError as error:
            report.add(Damage("unreadable", f"the file cannot be read: {error.strerror or error}"))
        else:
            if is_open:
                what = "the file is being written, or was left so by a crash: `repair` completes it"
                report.add(Damage("open", what))
            else:
                self._complete[name] = FileFacts(source.size, source.sha256)
                self._check_index(name, index, report)
        for row in unseen.values():
            what = f"no record for the row of {row.url}"
            report.add(Damage("missing-record", what), row.offset, row.record_id)
        return report

    def check_imported(self, name: str, rows: Pointers) -> FileReport:
        """Check a file of others: that its records are what rows and index say.

        What the standard says of it is a warning at most: it is kept as it came.
        """
        path = self._archive.imported_folder / name
        report = FileReport(name, ours=False)
        try:
            facts = FileFacts(path.stat().st_size, file_sha256(path))
        except OSError as error:
            report.add(Damage("unreadable", f"the file cannot be read: {error.strerror or error}"))
            return report
        self._imported[name] = facts
        links = Links(ours=False)
        for found in check_foreign(path, links):
            report.absorb_as_warnings(found)
        index = IndexedFile()
        for row in rows.values():
            _compare_foreign(path, row, facts.sha256, index, report)
        self._check_index(name, index, report)
        return report

    def end(self) -> list[FileReport]:
        """Check what ties the files together."""
        self._links.end()
        manifests = [
            _manifest_report(self._archive.manifest_path, self._complete, "`cacnp-archive repair`"),
            _manifest_report(
                self._archive.imported_manifest_path,
                self._imported,
                "`cacnp-archive import` of the file",
            ),
        ]
        return [*manifests, *self._orphans()]

    def _check_index(self, name: str, index: IndexedFile, report: FileReport) -> None:
        path = self._archive.index_folder / (name + SUFFIX)
        index_report = FileReport(path.name, ours=True)
        try:
            with path.open("rb") as stream:
                check_index(stream, {name: index}, index_report)
        except OSError as error:
            what = f"its index cannot be read: {error.strerror}; after a crash, `repair` makes it"
            report.add(Damage("index", what))
            return
        report_unseen(index, report)
        report.absorb(index_report)

    def _orphans(self) -> Iterable[FileReport]:
        for path in sorted(self._archive.index_folder.glob("*" + SUFFIX)):
            if path.name.removesuffix(SUFFIX) not in {*self._complete, *self._imported}:
                report = FileReport(path.name, ours=True)
                report.add(Damage("index", "the index is of a file that is not here"))
                yield report
        for path in sorted(self._archive.warc_folder.iterdir()):
            if not path.name.endswith((".warc.gz", ".warc.gz" + OPEN_SUFFIX)):
                report = FileReport(path.name, ours=True)
                what = "the torn end of a file that a crash left" if path.suffix == ".torn" else ""
                report.add(Damage("torn", what or "a file that is no part of the archive"))
                yield report


def _manifest_report(path: Path, files: dict[str, FileFacts], mended_by: str) -> FileReport:
    report = FileReport(path.name, ours=True)
    try:
        check_manifest(path, files, report, mended_by=mended_by)
    except OSError as error:
        report.add(Damage("unreadable", f"the file cannot be read: {error.strerror}"))
    return report


def _compare_foreign(
    path: Path, row: StoredPointer, sha256: str, index: IndexedFile, report: FileReport
) -> None:
    """Report how a record of others and its row differ, and note what its index must say."""
    try:
        record = read_foreign_record(path, row.offset)
    except (DamagedWarcError, OSError) as error:
        what = f"no record for the row of {row.url}: {error}"
        report.add(Damage("missing-record", what), row.offset, row.record_id)
        return
    url = without_fragment(record.url)
    moment = record.captured_at
    index.records[row.offset] = (record.length, url, f"{moment:%Y%m%d%H%M%S}" if moment else "")
    index.unseen.add(row.offset)
    facts = (
        ("type", record.record_type, row.record_type),
        ("length", record.length, row.length),
        ("block digest", sha1(record.block.chunks()), row.block_digest),
        ("address", url, row.url),
    )
    for fact, stored, expected in facts:
        if stored != expected:
            what = f"the {fact} is {stored}, the row says {expected}"
            report.add(Damage("row", what), row.offset, row.record_id)
    if row.record_id not in names_of(record, sha256):
        what = f"the record id is {record.record_id}, the row says {row.record_id}"
        report.add(Damage("row", what), row.offset, row.record_id)


def _compare(record: CheckedRecord, row: StoredPointer | None, report: FileReport) -> None:
    """Report how a record and its row differ."""
    scanned = record.scanned
    if row is None:
        if needs_row(scanned):
            what = f"no row for the {scanned.record_type} of {scanned.url}"
            report.add(Damage("missing-row", what), scanned.offset, scanned.record_id)
        return
    facts = (
        ("type", scanned.record_type, row.record_type),
        ("record id", scanned.record_id, row.record_id),
        ("length", scanned.length, row.length),
        ("block digest", record.block_digest, row.block_digest or record.block_digest),
        ("address", scanned.url, row.url),
    )
    for fact, stored, expected in facts:
        if stored != expected:
            what = f"the {fact} is {stored}, the row says {expected}"
            report.add(Damage("row", what), scanned.offset, scanned.record_id)
