"""Make the whole database again from the WARC files, and tell what a changed parser changes."""

import gc
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from cacnp_archive.display.printable import printable
from cacnp_archive.ingest.warc_files import WarcFileReader
from cacnp_archive.ingest.workers import Workers
from cacnp_archive.maintenance.importing import import_files
from cacnp_archive.maintenance.repair import crawl_of
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.crawl import FINISHED, KILLED, UNKNOWN, crawl_id_of
from cacnp_archive.model.errors import ArchiveError
from cacnp_archive.model.site import Site
from cacnp_archive.storage.database import open_database, read_database, without_safety
from cacnp_archive.storage.journal import Account, read_journal
from cacnp_archive.storage.queries.compare import Difference, compare
from cacnp_archive.storage.writing.recovery import Recovery
from cacnp_archive.warc.manifest import ManifestEntry, mend_manifest, read_manifest
from cacnp_archive.warc.reader import DamagedWarcError

Tell = Callable[[int, int], None]
"""Hears how many bytes of WARC files have been read, and of how many."""


@dataclass(slots=True)
class RebuildResult:
    """What was made."""

    capture_count: int = 0
    unreadable: list[str] = field(default_factory=list)
    """What is damaged: where and how. What stands behind it in the same file is not read."""
    differences: list[Difference] = field(default_factory=list)
    """What differs from the database that was there."""


def rebuild(archive: Archive, *, jobs: int | None, dry_run: bool, tell: Tell) -> RebuildResult:
    """Make the database again, and put it in the place of the old one unless `dry_run`.

    The caller holds the lock. Until the last moment the old database is there and whole; what a
    crawl says of itself comes from the journal, or from the old database. Raises ArchiveError
    when no WARC file is there.
    """
    paths = sorted(archive.warc_folder.glob("*.warc.gz"))
    if not paths:
        raise ArchiveError(f"no WARC files in {archive.warc_folder}: there is nothing to read")
    new_path = archive.database_path.with_suffix(".db.new")
    _remove(new_path)
    accounts = _accounts(archive)
    result = RebuildResult()
    count = jobs or os.cpu_count() or 1
    with _collecting_seldom(), closing(Workers(count, _collect_seldom)) as workers:
        start = partial(WarcFileReader, archive, workers=workers, ahead=3 * count)
        _fill(new_path, archive, paths, accounts, start, result, tell)
    _import_again(new_path, archive, result)
    if archive.database_path.exists():
        result.differences = compare(archive.database_path, new_path)
    if dry_run:
        _remove(new_path)
    else:
        _remove(archive.database_path)
        new_path.rename(archive.database_path)
    return result


_COLLECTION = (5_000, 20, 50)
"""Of what is read anew hardly anything is garbage: Python would look for it far too often."""


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


SHOWN = 20
"""So many differences are printed of each field; `--json` has all."""


def tell_of_rebuilding(result: RebuildResult, *, as_json: bool) -> None:
    """Print what was made and what differs."""
    if as_json:
        document = {
            "exchanges": result.capture_count,
            "unreadable": result.unreadable,
            "differences": [asdict(difference) for difference in result.differences],
        }
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    click.echo(f"{result.capture_count} exchanges read")
    for line in result.unreadable:
        click.echo(f"cannot be read: {printable(line)}")
    kinds = Counter((item.what, item.field) for item in result.differences)
    for (what, name), count in kinds.items():
        click.echo(f"{what}{f'.{name}' if name else ''}: {count} differ")
        chosen = [item for item in result.differences if (item.what, item.field) == (what, name)]
        for item in chosen[:SHOWN]:
            click.echo(f"  {printable(item.key)}: {_short(item.old)} -> {_short(item.new)}")
        if count > SHOWN:
            click.echo(f"  … and {count - SHOWN} more: --json has all")
    if not kinds:
        click.echo("no row differs from the database that was there")


def _short(value: str | None) -> str:
    text = "nothing" if value is None else printable(" ".join(value.split()))
    return text if len(text) <= 100 else f"{text[:99]}…"


def _fill(
    new_path: Path,
    archive: Archive,
    paths: list[Path],
    accounts: dict[str, Account],
    start: Callable[[Site], WarcFileReader],
    result: RebuildResult,
    tell: Tell,
) -> None:
    database = open_database(new_path)
    without_safety(database)
    recovery = Recovery(database)
    total, done = sum(path.stat().st_size for path in paths), 0
    files: dict[str, list[Path]] = {crawl_id: [] for crawl_id in accounts}
    for path in paths:
        files.setdefault(crawl_id_of(path.name), []).append(path)
    try:
        for crawl_id in sorted(files):
            account = accounts.get(crawl_id)
            for path in files[crawl_id]:
                _add(path, archive, recovery, account, start, result)
                done += path.stat().st_size
                tell(done, total)
            recovery.conclude(crawl_id, account, FINISHED)
        recovery.end_unfinished(KILLED, UNKNOWN, datetime.now(UTC), accounts)
    finally:
        database.close()


def _add(
    path: Path,
    archive: Archive,
    recovery: Recovery,
    account: Account | None,
    start: Callable[[Site], WarcFileReader],
    result: RebuildResult,
) -> None:
    crawl = crawl_of(path, archive)
    if crawl is None:
        result.unreadable.append(f"{path.name}: not a file of this archive's crawls")
        return
    if account is not None:  # whose start is exact to the microsecond
        started_at = datetime.fromisoformat(account.crawl["started_at"])
        crawl = replace(crawl, started_at=started_at)
    writer = recovery.writer(crawl)
    if not recovery.is_known(crawl.crawl_id):
        writer.begin()
        recovery.note_unknown(crawl.crawl_id)
    try:
        for batch in start(crawl.site).read(path, recovery.original):
            writer.save_many(batch)
            result.capture_count += len(batch)
    except (DamagedWarcError, OSError) as error:
        result.unreadable.append(str(error))


def _import_again(new_path: Path, archive: Archive, result: RebuildResult) -> None:
    """Import once more what had been imported from others."""
    kept = [archive.imported_folder / entry.file for entry in _imported(archive)]
    if not kept:
        return
    imported = import_files(
        archive,
        kept,
        None,
        on_file=lambda _: lambda *_: None,
        tell=lambda _: None,
        database_path=new_path,
    )
    result.capture_count += sum(one.capture_count for one in imported)
    result.unreadable += [one.failure for one in imported if one.failure is not None]


def _imported(archive: Archive) -> list[ManifestEntry]:
    mend_manifest(archive.imported_manifest_path)
    return read_manifest(archive.imported_manifest_path)


def _accounts(archive: Archive) -> dict[str, Account]:
    """Return what crawls say of themselves: by the journal, else by the old database."""
    accounts = read_journal(archive.journal_path)
    if archive.database_path.exists():
        try:
            database = read_database(archive.database_path)
        except ArchiveError:  # broken, which is why it is made again
            return accounts
        accounts = Recovery(database).accounts() | accounts
        database.close()
    return accounts


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
