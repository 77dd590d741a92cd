"""The archive's folder: the paths of its files, and the lock that admits one writer at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cacnp_archive.model.durable_files import TEMPORARY_SUFFIX
from cacnp_archive.model.errors import (
    ArchiveError,
    ArchiveLockedError,
    NoArchiveError,
    UsageError,
)
from cacnp_archive.model.lock import LockedError, hold

READING_ENDS_SECONDS = 60.0
"""How long to wait for the ingest process of a crawl that was killed."""

DATA_DIR_VARIABLE = "CACNP_DATA_DIR"


def project_folder() -> Path:
    """Return the folder of the nearest scrapy.cfg, else the working directory."""
    here = Path.cwd()
    folders = (here, *here.parents)
    return next((folder for folder in folders if (folder / "scrapy.cfg").exists()), here)


def default_data_dir() -> Path:
    """Return `$CACNP_DATA_DIR`, else `data/` beside the nearest scrapy.cfg, else `./data`."""
    chosen = os.environ.get(DATA_DIR_VARIABLE)
    return Path(chosen) if chosen else project_folder() / "data"


@dataclass(frozen=True, slots=True)
class Archive:
    """A folder that holds one archive."""

    folder: Path

    @property
    def database_path(self) -> Path:
        """The SQLite database, derived from the WARC files; `rebuild` makes it again."""
        return self.folder / "archive.db"

    @property
    def warc_folder(self) -> Path:
        """The WARC files: the source of truth."""
        return self.folder / "warc"

    @property
    def index_folder(self) -> Path:
        """The CDXJ index: a sorted file per complete WARC file; pywb reads the whole folder."""
        return self.folder / "index"

    @property
    def manifest_path(self) -> Path:
        """The size and SHA-256 of each WARC file when it was completed."""
        return self.folder / "manifest.jsonl"

    @property
    def journal_path(self) -> Path:
        """The journal: what each crawl reports of itself when it ends."""
        return self.folder / "crawls.jsonl"

    @property
    def state_folder(self) -> Path:
        """Operational files that are no part of the archive: lock, status, log."""
        return self.folder / "state"

    @property
    def unread_path(self) -> Path:
        """What hung or killed a process that read it, and is passed over; may be deleted."""
        return self.state_folder / "unread.jsonl"

    @property
    def imported_folder(self) -> Path:
        """Imported WARC, WACZ and ARC files, byte for byte as they were."""
        return self.folder / "imported"

    @property
    def imported_manifest_path(self) -> Path:
        """The size and SHA-256 of each imported file."""
        return self.folder / "imported.jsonl"

    @property
    def _lock_path(self) -> Path:
        return self.state_folder / "crawl.lock"

    def warc_names(self) -> list[str]:
        """Return the names of all WARC files, complete or being written, sorted."""
        paths = (*self.warc_folder.glob("*.warc.gz"), *self.warc_folder.glob("*.warc.gz.open"))
        return sorted({path.name.removesuffix(".open") for path in paths})

    def imported_names(self) -> list[str]:
        """Return the names of all imported files, sorted."""
        paths = self.imported_folder.glob("*")
        return sorted(path.name for path in paths if path.suffix != TEMPORARY_SUFFIX)

    def warc_path(self, name: str) -> Path:
        """Return the path of a WARC file: complete, being written, or imported."""
        if self.is_imported(name):
            return self.imported_folder / name
        complete = self.warc_folder / name
        being_written = self.warc_folder / f"{name}.open"
        return being_written if being_written.exists() and not complete.exists() else complete

    def is_imported(self, name: str) -> bool:
        """Whether a file was imported; imported files never share a name with our own."""
        ours = self.warc_folder / name
        return not ours.exists() and (self.imported_folder / name).exists()

    def require_database(self) -> Path:
        """Return the database's path; raises ArchiveError when nothing was archived here yet."""
        self.require_folder()
        if not self.database_path.exists():
            raise ArchiveError(
                f"{self.folder} has WARC files but no database: `cacnp-archive repair` makes it"
            )
        return self.database_path

    def require_folder(self) -> None:
        """Raise ArchiveError when nothing was archived here yet."""
        if not self.warc_folder.exists():
            raise NoArchiveError(
                f"no archive in {self.folder}: run `scrapy crawl cacnp` first, "
                f"or name another folder with --data-dir"
            )

    def prepare(self) -> None:
        """Create the folders; raises UsageError when they are not writable."""
        try:
            for folder in (self.warc_folder, self.index_folder, self.state_folder):
                folder.mkdir(parents=True, exist_ok=True)
                probe = folder / f".probe-{os.getpid()}"
                probe.touch()
                probe.unlink()
        except OSError as error:
            raise UsageError(
                f"{DATA_DIR_VARIABLE}: cannot write to {self.folder.absolute()}: {error.strerror}"
            ) from error

    def is_locked(self) -> bool:
        """Whether a process is writing to the archive; needs no write permission.

        For some microseconds no crawl can take the lock, so call this only when one may be running.
        """
        try:
            with self._lock_path.open("rb") as stream:
                fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the archive for writing; raises ArchiveLockedError when another process holds it."""
        with ExitStack() as stack:
            try:
                stack.enter_context(hold(self._lock_path))
            except LockedError as error:
                holder = f" ({error.holder})" if error.holder else ""
                raise ArchiveLockedError(
                    f"another crawl{holder} is writing to {self.folder.absolute()}; "
                    "wait for it to end"
                ) from error
            with self.held_for_reading():
                pass  # the ingest process of a crawl that was killed has ended
            yield

    @contextmanager
    def held_for_reading(self) -> Iterator[None]:
        """Hold the database for the ingest process of the crawl that holds the archive.

        Raises ArchiveLockedError when the ingest process of an earlier crawl does not end.
        """
        try:
            with hold(self.state_folder / "reading.lock", seconds=READING_ENDS_SECONDS):
                yield
        except LockedError as error:
            holder = f" ({error.holder})" if error.holder else ""
            raise ArchiveLockedError(
                f"the ingest process of an earlier crawl{holder} is still writing to "
                f"{self.folder.absolute()}; wait for it to end"
            ) from error
