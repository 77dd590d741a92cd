"""Repair an archive after a crash, so that nothing complete is lost or saved twice.

A crawl that was killed, or whose machine lost power, may leave a file that ends in `.open` with a
torn record at its end, records that have no row yet, and a crawl without an end. Every crawl
begins with a repair; `cacnp-archive repair` does it by hand.
"""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

from cacnp_archive.ingest.messages import RepairSummary
from cacnp_archive.ingest.warc_files import WarcFileReader
from cacnp_archive.ingest.workers import Workers
from cacnp_archive.maintenance.finalize import register_imported, register_missing
from cacnp_archive.maintenance.importing import journal_import
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.crawl import KILLED, UNKNOWN, Crawl, crawl_id_of
from cacnp_archive.model.durable_files import (
    COPY_BYTES,
    copy_bytes,
    cut_file,
    fsync_folder,
    rename_new,
    replacing,
)
from cacnp_archive.model.errors import UsageError
from cacnp_archive.model.site import Site
from cacnp_archive.model.timestamps import parse_timestamp
from cacnp_archive.storage.database import open_database
from cacnp_archive.storage.journal import read_journal
from cacnp_archive.storage.writing.imports import Imports
from cacnp_archive.storage.writing.recovery import Recovery
from cacnp_archive.warc.captures import read_warcinfo
from cacnp_archive.warc.complete_files import lost_files
from cacnp_archive.warc.manifest import BrokenManifestError, mend_manifest
from cacnp_archive.warc.reader import DamagedWarcError, read_records
from cacnp_archive.warc.writer import OPEN_SUFFIX

TORN_SUFFIX = ".torn"
COPY_SUFFIX = ".copy"
"""Of an older copy of a complete file, as it was when it was still open."""


@dataclass(slots=True)
class RepairResult:
    """What was repaired."""

    completed: list[str] = field(default_factory=list)
    """Names of files that were left open."""
    torn: dict[str, int] = field(default_factory=dict)
    """Bytes of torn records that were cut off, by file; they are kept next to it."""
    rows_added: int = 0
    """Records that had no row."""
    crawls_ended: list[str] = field(default_factory=list)
    """Crawls that had no end."""
    set_aside: dict[str, str] = field(default_factory=dict)
    """New names of older copies of complete files, by the name that they had."""
    registered: list[str] = field(default_factory=list)
    """Files that had no index or no entry in the manifest."""
    lost: list[str] = field(default_factory=list)
    """Complete files that are missing or have another size."""
    unreadable: list[str] = field(default_factory=list)
    """What is damaged, and stays as it is: where and how."""

    @property
    def lines(self) -> list[str]:
        """What was done, for a person; empty if there was nothing to do."""
        return [
            *(f"{name}: {size} torn bytes cut off and kept" for name, size in self.torn.items()),
            *(f"{name}: completed" for name in self.completed),
            *(
                f"{name}: the beginning of a complete file, now called {new}; it is not needed"
                for name, new in self.set_aside.items()
            ),
            *([f"{self.rows_added} rows added"] if self.rows_added else []),
            *(f"crawl {crawl_id}: its end was noted" for crawl_id in self.crawls_ended),
            *(f"{name}: indexed and entered into the manifest" for name in self.registered),
            *(f"cannot be repaired: {what}" for what in dict.fromkeys(self.damage)),
        ]

    @property
    def damage(self) -> list[str]:
        """What stays wrong, for a person."""
        return [*self.lost, *self.unreadable]

    @property
    def summary(self) -> RepairSummary:
        """What a crawl needs to know of it."""
        return RepairSummary(self.lines, is_damaged=bool(self.damage))


def repair(archive: Archive) -> RepairResult:
    """Repair the archive; the caller holds its lock.

    Raises OSError or StorageError when the disk refuses: then nothing is worse than before.
    """
    result = RepairResult()
    repair_files(archive, result)
    _add_rows(archive, result)
    _register_imports(archive, result)
    return result


def repair_files(archive: Archive, result: RepairResult) -> None:
    """Complete, index and enter into the manifest what crawls have left; no rows are added.

    What the manifest has is compared with what is there, by size.
    """
    for path in sorted(archive.warc_folder.glob(f"*.warc.gz{OPEN_SUFFIX}")):
        complete = path.with_name(path.name.removesuffix(OPEN_SUFFIX))
        if complete.exists() and not complete.samefile(path):  # a crash leaves both names
            _set_aside(path, complete, result)
        else:
            _complete(path, result)
    try:
        result.registered = register_missing(archive, result.unreadable.append)
        result.lost += lost_files(archive.manifest_path, archive.warc_folder)
        result.lost += lost_files(archive.imported_manifest_path, archive.imported_folder)
    except BrokenManifestError as error:
        result.unreadable.append(f"the manifest: {error}; `cacnp-archive verify` checks all files")


def _register_imports(archive: Archive, result: RepairResult) -> None:
    """Complete the imports that have their rows."""
    names = archive.imported_names()
    if not names:
        return
    mend_manifest(archive.imported_manifest_path)
    journaled = {*read_journal(archive.journal_path)}
    with Imports.of(archive.database_path) as imports:
        for name in names:
            if imports.has(name):
                if register_imported(archive, name, imports.rows_of(name)):
                    result.registered.append(name)
                journal_import(archive, imports, name, journaled)


def _set_aside(path: Path, complete: Path, result: RepairResult) -> None:
    """Rename a file left open that is the beginning of a complete one: a copy, made meanwhile.

    A file that differs stays as it is, for a person to look at.
    """
    if not _is_beginning(path, complete):
        result.unreadable.append(
            f"{path.name}: {complete.name} is there as well, and differs from it; keep both, and "
            "look at them with `cacnp-archive verify FILE`"
        )
        return
    aside = _unused(path.with_name(path.name + COPY_SUFFIX))
    rename_new(path, aside)
    result.set_aside[path.name] = aside.name


def _unused(path: Path) -> Path:
    """Return the path, or one with a number behind it, that no file has."""
    names = chain([path.name], (f"{path.name}{number}" for number in count(2)))
    return next(found for name in names if not (found := path.with_name(name)).exists())


def _is_beginning(path: Path, complete: Path) -> bool:
    with path.open("rb") as part, complete.open("rb") as whole:
        while data := part.read(COPY_BYTES):
            if whole.read(len(data)) != data:
                return False
    return True


def _complete(path: Path, result: RepairResult) -> None:
    """Cut off what follows the last whole record of a file left open, and give it its name."""
    name = path.name.removesuffix(OPEN_SUFFIX)
    end = _end_of_whole_records(path)
    with path.open("r+b") as stream:
        torn_size = stream.seek(0, os.SEEK_END) - end
        if torn_size:
            stream.seek(end)
            with replacing(_unused(path.with_name(name + TORN_SUFFIX))) as torn:
                copy_bytes(stream, torn)
            cut_file(stream, end)
            result.torn[name] = torn_size
    if end == 0:
        path.unlink()
        fsync_folder(path.parent)
        return
    rename_new(path, path.with_name(name))
    result.completed.append(name)


def _end_of_whole_records(path: Path) -> int:
    end = 0
    try:
        for record in read_records(path):
            end = record.offset + record.length
    except DamagedWarcError:
        pass
    return end


def _add_rows(archive: Archive, result: RepairResult) -> None:
    database = open_database(archive.database_path)
    workers = Workers(1)
    try:
        recovery = Recovery(database)
        for path in sorted(archive.warc_folder.glob("*.warc.gz")):
            if recovery.is_finished(crawl_id_of(path.name)):
                continue
            try:
                added, copied = _add_rows_of(path, archive, recovery, workers)
                result.rows_added += added
                if copied:
                    result.unreadable.append(copied_records(path, copied))
            except (DamagedWarcError, OSError) as error:
                result.unreadable.append(str(error))
        result.crawls_ended = recovery.end_unfinished(
            KILLED, UNKNOWN, datetime.now(UTC), read_journal(archive.journal_path)
        )
    finally:
        workers.close()
        database.close()


def copied_records(path: Path, count: int) -> str:
    """Return the message about records that another file has as well."""
    return (
        f"{path.name}: {count} of its records are in another file as well, as in a copy of it: "
        "remove the one that is not needed"
    )


def _add_rows_of(
    path: Path, archive: Archive, recovery: Recovery, workers: Workers
) -> tuple[int, int]:
    """Return how many rows were added, and how many records are in other files as well."""
    crawl = crawl_of(path, archive)
    if crawl is None:
        return 0, 0
    writer = recovery.writer(crawl)
    added = copied = 0
    known = frozenset(recovery.offsets(path.name))
    layouts = recovery.layouts(crawl.site.base_url)
    reader = WarcFileReader(archive, crawl.site, workers, layouts=layouts)
    for batch in reader.read(path, recovery.original, known):
        new = recovery.unsaved(batch)
        writer.save_many(new)
        added += len(new)
        copied += len(batch) - len(new)
    return added, copied


def crawl_of(path: Path, archive: Archive) -> Crawl | None:
    """Return the crawl that a file's warcinfo names; None if no crawl of this archive wrote it."""
    info = dict(read_warcinfo(path))
    try:
        crawl_id = info["isPartOf"]
        started_at = parse_timestamp(crawl_id.partition("-")[0])
        site = Site.at(info["seed"])
    except (KeyError, ValueError, UsageError):
        return None
    return Crawl(
        crawl_id=crawl_id,
        started_at=started_at,
        site=site,
        archive=archive,
        user_agent=info.get("http-header-user-agent", ""),
        obeys_robots=info.get("robots") == "obey",
        settings={},
    )
