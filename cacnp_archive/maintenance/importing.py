"""Import WARC, WACZ and ARC files of others: they enter the same history.

A file is kept byte for byte in `imported/`, and its captures get rows and readings like those of
our own crawls. They tell what was there once: never that something is gone, never an alert.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cacnp_archive.ingest.originals import with_entity
from cacnp_archive.maintenance.finalize import register_imported
from cacnp_archive.maintenance.verify import check_foreign
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import Capture
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.durable_files import copy_bytes, creating
from cacnp_archive.model.errors import ArchiveError, StorageError
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Problem, Reading
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.parsing.read_capture import read_capture
from cacnp_archive.storage.writing.imports import Imports, ImportSaver, Source
from cacnp_archive.warc.checking.findings import FileReport, Finding, Severity
from cacnp_archive.warc.checking.record_links import Links
from cacnp_archive.warc.foreign.foreign_captures import (
    foreign_capture,
    is_kept,
    names_of,
    stated_payload,
)
from cacnp_archive.warc.foreign.foreign_records import (
    ForeignRecord,
    info_fields,
    moment_of,
    read_foreign_record,
    read_foreign_records,
)
from cacnp_archive.warc.manifest import (
    BrokenManifestError,
    file_sha256,
    mend_manifest,
    read_manifest,
)
from cacnp_archive.warc.reader import DamagedWarcError

FATAL = {
    "unreadable",
    "empty",
    "not-warc",
    "cut",
    "gzip",
    "garbage",
    "length",
    "unknown-version",
    "zip",
    "deflated",
}
"""Findings of the checker with which a file is not imported: what it holds can't be told."""

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
"""Media types of what may lead to pages, or is read like one; the rest is what pages need."""

SHA256_CHARS = 12
"""So much of a file's SHA-256 is added to a name that is taken."""

Steps = Callable[[int, int], None]
"""Hears how many captures of a file are done, and how many there are."""


@dataclass(slots=True)
class ImportResult:
    """What became of one file."""

    path: Path
    """As it was given."""
    name: str | None = None
    """Its name in `imported/`; None when it is not there."""
    was_known: bool = False
    """Whether it had been imported before, or is a file of this archive: nothing was changed."""
    capture_count: int = 0
    known_count: int = 0
    """Records that another file brought before."""
    passed_count: int = 0
    """Records that tell no capture: requests, metadata, conversions, what is not of the web."""
    problem_count: int = 0
    warnings: list[Finding] = field(default_factory=list)
    """What is not as the standard wants it; the file was imported all the same."""
    failure: str | None = None
    """Why it was not imported, and what to do; None when it was."""


def import_files(
    archive: Archive,
    paths: list[Path],
    site: Site | None,
    *,
    on_file: Callable[[Path], Steps],
    tell: Callable[[ImportResult], None],
    database_path: Path | None = None,
) -> list[ImportResult]:
    """Import files, one after the other; the caller holds the archive's lock.

    `site` is what they are captures of: when None, the site of the archive's last crawl, else the
    real one. `on_file` hears of each file before it is read; `tell` hears what became of it. A
    file that can't be imported is told of, and the others go on. Raises StorageError when the
    disk refuses: what was told of is safe. `database_path` is another database than the archive's
    own, which is being made again.
    """
    archive.imported_folder.mkdir(exist_ok=True)
    mend_manifest(archive.imported_manifest_path)
    results = []
    with Imports.of(database_path or archive.database_path) as imports:
        chosen = site or Site.at(imports.base_url() or HOME)
        for path in paths:
            result = ImportResult(path)
            try:
                _FileImport(archive, imports, chosen, result, on_file(path)).run()
            except StorageError:
                raise
            except BrokenManifestError as error:
                what = "a manifest is broken, `cacnp-archive verify` tells where"
                result.failure = f"{path}: {what}: {error}"
            except ArchiveError as error:
                result.failure = str(error)
            except OSError as error:
                result.failure = f"{path}: {error.strerror or error}"
            tell(result)
            results.append(result)
    return results


class _FileImport:
    """The import of one file."""

    def __init__(
        self, archive: Archive, imports: Imports, site: Site, result: ImportResult, on_step: Steps
    ) -> None:
        self._archive = archive
        self._imports = imports
        self._site = site
        self._result = result
        self._on_step = on_step

    def run(self) -> None:
        """Import the file; raises ArchiveError and OSError, and then nothing has been changed."""
        path = self._result.path
        sha256 = file_sha256(path)
        if self._is_ours(sha256):
            self._result.was_known = True
            return
        name = self._imports.file_of(sha256)
        self._result.was_known = name is not None
        if name is None:
            self._check(path)
            places, info = self._survey(path)
            name = _free_name(self._archive, path.name, sha256)
            is_new = _keep(self._archive, path, name, sha256)
            try:
                self._save(name, sha256, places, info)
            except BaseException:
                if is_new:  # no row points to it
                    (self._archive.imported_folder / name).unlink()
                raise
        else:
            _keep(self._archive, path, name, sha256)
        self._result.name = name
        register_imported(self._archive, name, self._imports.rows_of(name))

    def _is_ours(self, sha256: str) -> bool:
        entries = read_manifest(self._archive.manifest_path)
        return any(entry.sha256 == sha256 for entry in entries)

    def _check(self, path: Path) -> None:
        links = Links(ours=False)
        reports = check_foreign(path, links)
        links.end()
        for report in reports:
            _refuse_damaged(path, report)
            self._result.warnings += [
                finding for finding in report.findings if finding.severity is not Severity.NOTE
            ]

    def _survey(self, path: Path) -> tuple[list[tuple[datetime, int]], dict[str, str]]:
        """Return when and where the file's captures are, in order of time, and its warcinfo."""
        places = []
        info: dict[str, str] = {}
        for record in read_foreign_records(path):
            if is_kept(record) and record.captured_at is not None:
                places.append((record.captured_at, record.offset))
            else:
                self._result.passed_count += 1
                for name, value in info_fields(record):
                    info.setdefault(name.lower(), value)
        return sorted(places), info

    def _save(
        self, name: str, sha256: str, places: list[tuple[datetime, int]], info: dict[str, str]
    ) -> None:
        path = self._archive.imported_folder / name
        user_agent = info.get("http-header-user-agent", "")
        crawl = Crawl.begin(
            self._site, self._archive, user_agent=user_agent, obeys_robots=False, settings={}
        )
        source = Source(
            file=name,
            name=self._result.path.name,
            size=path.stat().st_size,
            sha256=sha256,
            software=info.get("software"),
            operator=info.get("operator"),
            description=info.get("description"),
        )
        with self._imports.begin(crawl, source, user_agent) as saver:
            for done, (_, offset) in enumerate(places):
                self._on_step(done, len(places))
                self._save_record(saver, read_foreign_record(path, offset), name, sha256)
        self._on_step(len(places), len(places))
        self._result.capture_count = saver.capture_count
        self._result.problem_count = saver.problem_count

    def _save_record(
        self, saver: ImportSaver, record: ForeignRecord, name: str, sha256: str
    ) -> None:
        record_id, made_id = names_of(record, sha256)
        if saver.is_taken(record_id):
            moment = record.captured_at
            if moment is None or record_id == made_id or saver.has(record_id, record.url, moment):
                self._result.known_count += 1
                return
            record_id = made_id
        original = None
        if record.record_type == "revisit":
            original = saver.original(
                record.field("WARC-Refers-To").strip("<> "),
                record.field("WARC-Refers-To-Target-URI").strip("<> ") or record.url,
                moment_of(record.field("WARC-Refers-To-Date")),
                stated_payload(record),
            )
        capture = foreign_capture(record, name, record_id, original)
        saver.save(
            capture,
            record.record_type,
            self._read(capture, is_revisit=record.record_type == "revisit"),
            is_file=capture.media_type not in PAGE_TYPES,
        )

    def _read(self, capture: Capture, *, is_revisit: bool) -> Reading:
        """Return the reading of a capture; of other hosts nothing is read."""
        if not self._site.owns(capture.url):
            return Reading()
        if is_revisit and capture.original is None:
            what = "what it repeats is not in the archive"
            return Reading(problems=(Problem(code=ProblemCode.NO_ORIGINAL, detail=what),))
        try:
            return read_capture(with_entity(capture, self._archive), self._site)
        except Exception as error:  # a fault of ours: the bytes are safe, a person must see it
            return Reading(problems=(Problem(code=ProblemCode.PARSER_FAULT, detail=repr(error)),))


def _refuse_damaged(path: Path, report: FileReport) -> None:
    fatal = next((finding for finding in report.faults if finding.code in FATAL), None)
    if fatal is not None:
        raise DamagedWarcError(
            f"{fatal}; {path} is not imported: get it anew from where it came, or let "
            "`warcio recompress` save what is whole and import that"
        )


def _free_name(archive: Archive, name: str, sha256: str) -> str:
    """Return a name for a file that no other file of the archive has."""
    stem, dot, suffixes = name.partition(".")
    for candidate in (name, f"{stem}-{sha256[:SHA256_CHARS]}{dot}{suffixes}"):
        taken = archive.imported_folder / candidate
        is_free = not taken.exists() or file_sha256(taken) == sha256
        if is_free and candidate not in archive.warc_names():
            return candidate
    raise ArchiveError(f"{name}: the name is taken in {archive.imported_folder}: rename the file")


def _keep(archive: Archive, path: Path, name: str, sha256: str) -> bool:
    """Copy a file into the archive, unless it is there; returns whether it was not.

    Raises StorageError on a full disk.
    """
    kept = archive.imported_folder / name
    if kept.exists():
        return False
    with path.open("rb") as source:
        try:
            with creating(kept) as target:
                if copy_bytes(source, target) != sha256:
                    raise ArchiveError(
                        f"{path} changes while it is read: import it when it is complete"
                    )
        except OSError as error:
            raise StorageError(f"cannot copy {path} to {kept}: {error.strerror}") from error
    return True
