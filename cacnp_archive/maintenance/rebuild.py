"""Make the whole database again from the WARC files, and compare it with the one that was there."""

import gc
import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from cacnp_archive.ingest.relearning import Relearning
from cacnp_archive.ingest.warc_files import WarcFileReader
from cacnp_archive.ingest.watchdog import watchdog_of
from cacnp_archive.ingest.workers import Workers
from cacnp_archive.maintenance.importing import FileImport
from cacnp_archive.maintenance.repair import (
    RepairResult,
    copied_records,
    crawl_of,
    repair,
    repair_files,
)
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.crawl import KILLED, UNKNOWN, UNREAD, Crawl, crawl_id_of
from cacnp_archive.model.durable_files import fsync_folder
from cacnp_archive.model.errors import ArchiveError, DamagedDatabaseError
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.storage.database import (
    explained,
    fold_log,
    is_sound,
    open_database,
    read_database,
    without_safety,
)
from cacnp_archive.storage.journal import Account, read_journal
from cacnp_archive.storage.queries.database_diff import Difference, compare
from cacnp_archive.storage.writing.imports import Imports
from cacnp_archive.storage.writing.layout_rows import load_layouts
from cacnp_archive.storage.writing.recovery import Recovery
from cacnp_archive.warc.manifest import mend_manifest, read_manifest
from cacnp_archive.warc.reader import DamagedWarcError

OnProgress = Callable[[int, int], None]
"""Is called with how many bytes of the files have been read, and how many there are."""


@dataclass(slots=True)
class RebuildResult:
    """What was made."""

    capture_count: int = 0
    unreadable: list[str] = field(default_factory=list)
    """What is damaged, where and how; the rest of such a file is not read."""
    differences: list[Difference] | None = None
    """How it differs from the database that was there; None if there was none, or a damaged one."""
    damaged: Path | None = None
    """Where the damaged database is that was there."""


def rebuild(
    archive: Archive,
    *,
    jobs: int | None,
    dry_run: bool,
    retry: bool = False,
    on_progress: OnProgress,
) -> RebuildResult:
    """Make the database again, and replace the old one unless `dry_run`.

    The caller holds the lock. Crawls and imports are read in the order in which they were made;
    what no WARC file says of them comes from the journal, or from the old database, which stays
    whole until the last moment. A damaged one is not needed, and is kept under another name. What
    hung or killed the process that read it is passed over, unless `retry`. Raises ArchiveError if
    there is nothing to read.
    """
    if retry:
        watchdog_of(archive).pardon_all()
    path = archive.database_path
    process_count = jobs or os.cpu_count() or 1

    def made(old: Path | None) -> RebuildResult:
        return _rebuild(archive, old, process_count, dry_run=dry_run, on_progress=on_progress)

    if not path.exists():
        return made(None)
    try:
        if is_sound(path):
            return made(path)
    except Exception as error:
        if not isinstance(explained(error), DamagedDatabaseError):
            raise
    damaged = path if dry_run else _set_aside(path)
    result = made(None)
    result.damaged = damaged
    return result


def _rebuild(
    archive: Archive,
    old: Path | None,
    process_count: int,
    *,
    dry_run: bool,
    on_progress: OnProgress,
) -> RebuildResult:
    """Make the database again with the help of an old one, or without."""
    repaired = RepairResult()
    if old is not None:
        repaired = repair(archive)
    else:
        repair_files(archive, repaired)
    new_path = archive.database_path.with_suffix(".db.new")
    _remove(new_path)
    with (
        _collecting_seldom(),
        closing(Workers(process_count, _collect_seldom)) as workers,
    ):
        result = _Rebuild(archive, old, new_path, workers, 3 * process_count, on_progress).run()
    result.unreadable += repaired.lost
    if old is not None:
        result.differences = compare(old, new_path)
    if dry_run:
        _remove(new_path)
    else:
        if old is not None:
            fold_log(old)  # which must not be taken for the log of the new one
        new_path.replace(archive.database_path)
        fsync_folder(new_path.parent)
    return result


def _set_aside(path: Path) -> Path:
    """Rename a damaged database and its log; returns the new name."""
    aside = next(
        new
        for number in count(1)
        if not (new := path.with_name(f"{path.name}.damaged{number}")).exists()
    )
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    fsync_folder(path.parent)
    return aside


_COLLECTION = (5_000, 20, 50)
"""Thresholds of Python's garbage collector, which would find hardly anything here."""


def _collect_seldom() -> None:
    gc.freeze()
    gc.set_threshold(*_COLLECTION)


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(*_COLLECTION)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@dataclass(slots=True)
class _Run:
    """A crawl or an import, and its files."""

    id: str
    account: Account | None
    """None if neither the journal nor the old database has it."""
    paths: list[Path]
    is_import: bool

    def began(self) -> str:
        """Return when it began as digits, as exactly as it is known."""
        account = self.account
        text = self.id.partition("-")[0] if account is None else account.crawl["started_at"]
        return "".join(filter(str.isdecimal, text))


class _Rebuild:
    """Fills a new database with everything that an archive has."""

    def __init__(
        self,
        archive: Archive,
        old_path: Path | None,
        new_path: Path,
        workers: Workers,
        ahead: int,
        on_progress: OnProgress,
    ) -> None:
        self._archive = archive
        self._workers = workers
        self._ahead = ahead
        self._on_progress = on_progress
        self._accounts = _accounts(archive, old_path)
        self._runs = _runs(archive, self._accounts)
        self._database = open_database(new_path)
        without_safety(self._database)
        self._recovery = Recovery(self._database)
        self._imports = Imports(self._database)
        self._result = RebuildResult()

    def run(self) -> RebuildResult:
        """Read everything; the result says what cannot be read."""
        paths = [path for run in self._runs for path in run.paths if path.exists()]
        total, done = sum(path.stat().st_size for path in paths), 0
        with closing(self._database):
            for run in self._runs:
                for path in run.paths:
                    (self._import if run.is_import else self._add)(path, run.account)
                    done += path.stat().st_size if path.exists() else 0
                    self._on_progress(done, total)
                if run.account is not None and not run.is_import:
                    self._relearn(run)
                    self._recovery.conclude(run.account)
            self._recovery.end_unfinished(KILLED, UNKNOWN, datetime.now(UTC), self._accounts)
        return self._result

    def _add(self, path: Path, account: Account | None) -> None:
        """Read a file of a crawl."""
        crawl = crawl_of(path, self._archive)
        if crawl is None:
            self._result.unreadable.append(f"{path.name}: no crawl of this archive wrote it")
            return
        if account is not None:  # whose start is exact to the microsecond
            started_at = datetime.fromisoformat(account.crawl["started_at"])
            crawl = replace(crawl, started_at=started_at)
        writer = self._recovery.writer(crawl)
        layouts = load_layouts(self._database, crawl.site.base_url)
        reader = WarcFileReader(
            self._archive, crawl.site, self._workers, ahead=self._ahead, layouts=layouts
        )
        copied = 0
        try:
            for batch in reader.read(path, self._recovery.original):
                new = self._recovery.unsaved(batch)
                writer.save_many(new)
                self._result.capture_count += len(new)
                copied += len(batch) - len(new)
        except (DamagedWarcError, OSError) as error:
            self._result.unreadable.append(str(error))
        if copied:
            self._result.unreadable.append(copied_records(path, copied))

    def _relearn(self, run: _Run) -> None:
        """Learn what the crawl learned at its end; one that was killed had none."""
        crawl = next((found for path in run.paths if (found := self._crawl_at(path))), None)
        assert run.account is not None  # noqa: S101 - the caller has looked
        reason = run.account.crawl["finish_reason"] or UNKNOWN
        if crawl is not None and not reason.endswith((KILLED, UNKNOWN, UNREAD)):
            Relearning(self._database, self._archive, crawl).run()

    def _crawl_at(self, path: Path) -> Crawl | None:
        return crawl_of(path, self._archive) if path.exists() else None

    def _import(self, path: Path, account: Account | None) -> None:
        """Import a file that is kept in `imported/`, of the site that it was imported for."""
        base_url = account.crawl["base_url"] if account else self._imports.base_url()
        site = Site.at(base_url or HOME)
        file_import = FileImport(
            self._archive, self._imports, self._workers, path, site, account=account
        )
        imported = file_import.run()
        self._result.capture_count += imported.capture_count
        if imported.failure is not None:
            self._result.unreadable.append(imported.failure)
        elif account is not None and not imported.was_known:
            self._recovery.restore_import(account)


def _accounts(archive: Archive, old_path: Path | None) -> dict[str, Account]:
    """Return what crawls and imports say of themselves: in the journal, else the old database."""
    accounts = read_journal(archive.journal_path)
    if old_path is not None:
        with closing(read_database(old_path)) as database:
            accounts = Recovery(database).accounts() | accounts
    return accounts


def _runs(archive: Archive, accounts: dict[str, Account]) -> list[_Run]:
    """Return the crawls and imports in the order in which they began, unknown imports last.

    Raises ArchiveError if there are none.
    """
    imported = {  # by file: of a file that was imported again, after its rows were lost, the last
        json.loads(account.crawl["source"])["file"]: account
        for account in accounts.values()
        if account.crawl.get("source")
    }
    paths: dict[str, list[Path]] = {
        crawl_id: [] for crawl_id, account in accounts.items() if not account.crawl.get("source")
    }
    for path in sorted(archive.warc_folder.glob("*.warc.gz")):
        paths.setdefault(crawl_id_of(path.name), []).append(path)
    mend_manifest(archive.imported_manifest_path)
    listed = [entry.file for entry in read_manifest(archive.imported_manifest_path)]
    unknown = [archive.imported_folder / file for file in listed if file not in imported]
    if not (any(paths.values()) or imported or unknown):
        raise ArchiveError(f"no WARC files in {archive.warc_folder}: there is nothing to read")
    runs = [
        *(_Run(id_, accounts.get(id_), files, is_import=False) for id_, files in paths.items()),
        *(
            _Run(account.crawl["id"], account, [archive.imported_folder / file], is_import=True)
            for file, account in imported.items()
        ),
    ]
    runs.sort(key=_Run.began)
    return [*runs, *(_Run("", None, [path], is_import=True) for path in unknown)]


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
