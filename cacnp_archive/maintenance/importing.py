"""Import third-party WARC, WACZ and ARC files into the history of the site.

A file is kept byte for byte in `imported/`, and its captures get rows and readings like those of
this archive's crawls. They show what was there once: never that something is gone, never an alert.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from cacnp_archive.ingest.foreign_files import ForeignFileReader
from cacnp_archive.ingest.workers import Workers
from cacnp_archive.maintenance.finalize import register_imported
from cacnp_archive.maintenance.verify import check_foreign
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.durable_files import copy_bytes, creating
from cacnp_archive.model.errors import ArchiveError, StorageError
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.storage.journal import Account, append_to_journal, read_journal
from cacnp_archive.storage.writing.imports import Imports, Source
from cacnp_archive.warc.checking.findings import FileReport, Finding, Severity
from cacnp_archive.warc.checking.record_links import Links
from cacnp_archive.warc.foreign.foreign_captures import is_kept
from cacnp_archive.warc.foreign.foreign_records import info_fields, read_foreign_records
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
    "not-read",
    "cut",
    "gzip",
    "garbage",
    "length",
    "unknown-version",
    "zip",
    "deflated",
}
"""Codes of findings with which a file is not imported: what it holds is not certain."""

SHA256_CHARS = 12
"""How much of a file's SHA-256 is added to a name that is taken."""

OnStep = Callable[[int, int], None]
"""Is called with how many captures of a file are done, and how many there are."""


@dataclass(slots=True)
class ImportResult:
    """What became of one file."""

    path: Path
    """As it was given."""
    name: str | None = None
    """Its name in `imported/`; None if it is not there."""
    was_known: bool = False
    """Whether it was imported before, or is a file of this archive: nothing was changed."""
    capture_count: int = 0
    known_count: int = 0
    """Records that another file has brought before."""
    passed_count: int = 0
    """Records that are no captures: requests, metadata, conversions, what is not of the web."""
    problem_count: int = 0
    warnings: list[Finding] = field(default_factory=list)
    """Where it deviates from the standard; the file was imported nevertheless."""
    failure: str | None = None
    """Why it was not imported, and what to do; None if it was."""


def import_files(
    archive: Archive,
    paths: Sequence[Path],
    site: Site | None,
    *,
    on_file: Callable[[Path], OnStep],
    report: Callable[[ImportResult], None],
) -> list[ImportResult]:
    """Import files, one after the other; the caller holds the archive's lock.

    `site` is the site they are captures of: if None, that of the archive's last crawl, else the
    real one. `on_file` is called before each file is read, `report` with what became of it. If a
    file cannot be imported, the others still are. Raises StorageError when the disk refuses; the
    files that were reported are safe.
    """
    archive.imported_folder.mkdir(exist_ok=True)
    mend_manifest(archive.imported_manifest_path)
    results = []
    with (
        Imports.of(archive.database_path) as imports,
        closing(Workers(os.cpu_count() or 1)) as workers,
    ):
        chosen = site or Site.at(imports.base_url() or HOME)
        journaled = {*read_journal(archive.journal_path)}
        for path in paths:
            result = FileImport(archive, imports, workers, path, chosen, on_file(path)).run()
            if result.name is not None:
                journal_import(archive, imports, result.name, journaled)
            report(result)
            results.append(result)
    return results


def journal_import(archive: Archive, imports: Imports, name: str, journaled: set[str]) -> None:
    """Enter an import into the journal, unless `journaled` has its id, which is then added.

    So `rebuild` knows its site and its time. Raises StorageError when the disk refuses.
    """
    account = imports.account_of(name)
    crawl_id = account.crawl["id"]
    if crawl_id in journaled:
        return
    try:
        append_to_journal(archive.journal_path, account)
    except OSError as error:
        raise StorageError(f"{archive.journal_path} cannot be written: {error}") from error
    journaled.add(crawl_id)


class FileImport:
    """The import of one file.

    `account` is what the journal says of the import if the file was imported before and its rows
    are lost: it keeps its id and its time.
    """

    def __init__(
        self,
        archive: Archive,
        imports: Imports,
        workers: Workers,
        path: Path,
        site: Site,
        on_step: OnStep = lambda *_: None,
        account: Account | None = None,
    ) -> None:
        self._archive = archive
        self._imports = imports
        self._workers = workers
        self._site = site
        self._on_step = on_step
        self._account = account
        self._result = ImportResult(path)

    def run(self) -> ImportResult:
        """Import the file completely or not at all; raises StorageError when the disk refuses."""
        path = self._result.path
        try:
            self._run(path)
        except StorageError:
            raise
        except BrokenManifestError as error:
            what = "a manifest is broken, `cacnp-archive verify` says where"
            self._result.failure = f"{path}: {what}: {error}"
        except ArchiveError as error:
            self._result.failure = str(error)
        except OSError as error:
            self._result.failure = f"{path}: {error.strerror or error}"
        return self._result

    def _run(self, path: Path) -> None:
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
        """Return time and offset of the file's captures, in order of time, and its warcinfo."""
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
        crawl = self._begin(user_agent)
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
            reader = ForeignFileReader(self._archive, self._site, self._workers, saver, sha256)
            for done in reader.save(path, [offset for _, offset in places]):
                self._on_step(done, len(places))
        self._result.capture_count = saver.capture_count
        self._result.problem_count = saver.problem_count
        self._result.known_count = reader.known_count

    def _begin(self, user_agent: str) -> Crawl:
        crawl = Crawl.begin(
            self._site, self._archive, user_agent=user_agent, obeys_robots=False, settings={}
        )
        if self._account is None:
            return crawl
        row = self._account.crawl
        started_at = datetime.fromisoformat(row["started_at"])
        return replace(crawl, crawl_id=row["id"], started_at=started_at)


def _refuse_damaged(path: Path, report: FileReport) -> None:
    fatal = next((finding for finding in report.faults if finding.code in FATAL), None)
    if fatal is not None:
        raise DamagedWarcError(
            f"{fatal}; {path} is not imported: get it again from where it came, or let "
            "`warcio recompress` save what is whole and import that"
        )


def _free_name(archive: Archive, name: str, sha256: str) -> str:
    """Return a name for a file, one that no other file of the archive has."""
    stem, dot, suffixes = name.partition(".")
    for candidate in (name, f"{stem}-{sha256[:SHA256_CHARS]}{dot}{suffixes}"):
        taken = archive.imported_folder / candidate
        is_free = not taken.exists() or file_sha256(taken) == sha256
        if is_free and candidate not in archive.warc_names():
            return candidate
    raise ArchiveError(f"{name}: the name is taken in {archive.imported_folder}: rename the file")


def _keep(archive: Archive, path: Path, name: str, sha256: str) -> bool:
    """Copy a file into the archive, and return True, unless it is there.

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
