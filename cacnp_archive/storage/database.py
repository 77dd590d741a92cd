"""Open the archive's database, new or old, at the current schema."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from sqlite_utils import Database

from cacnp_archive.model.errors import ArchiveError, StorageError
from cacnp_archive.storage.schema.migrations import migrations

BUSY_SECONDS = 10
"""How long a write waits for a reader (Datasette, say) that checkpoints at the same moment."""

STATEMENTS = 512
"""Prepared statements that are kept: more than there are kinds of them."""


def open_database(path: Path) -> Database:
    """Open for writing; makes the file, or brings it to the current schema.

    Raises ArchiveError when the file is not an archive's database, StorageError when the disk
    refuses.
    """
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, cached_statements=STATEMENTS)
    database = Database(connection)
    try:
        database.enable_wal()
        # NORMAL loses no commit when the process dies; after a power loss the WARC files, which
        # are fsynced, tell what the last rows were.
        database.execute("PRAGMA synchronous = NORMAL")
        # By default each 4 MB: the same pages would be written again and again, and fsynced.
        database.execute("PRAGMA wal_autocheckpoint = 4000")
        database.execute("PRAGMA foreign_keys = ON")
        migrations.apply(database)
    except sqlite3.OperationalError as error:
        connection.close()
        raise StorageError(f"{path} cannot be written: {error}") from error
    except sqlite3.DatabaseError as error:
        connection.close()
        raise ArchiveError(f"{path} cannot be used as an archive's database: {error}") from error
    return database


def without_safety(database: Database) -> None:
    """Let the database be as fast as it can: it is of no worth until it is complete."""
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA journal_mode = MEMORY")
    database.execute("PRAGMA cache_size = -100000")


def read_database(path: Path) -> Database:
    """Open for reading alone, also while a crawl writes; raises ArchiveError as open_database."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    database = Database(connection)
    try:
        if migrations.pending(database):
            connection.close()
            raise ArchiveError(f"{path} has an older schema: the next crawl brings it up to date")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise ArchiveError(f"{path} cannot be read as an archive's database: {error}") from error
    return database


def borrowed(connection: sqlite3.Connection) -> Database:
    """Return a connection that somebody else has opened, and closes, as a database."""
    return Database(connection)


@contextmanager
def transaction(database: Database) -> Iterator[Database]:
    """Commit what the block does, or nothing of it; raises StorageError when the disk refuses."""
    try:
        with database.atomic():
            yield database
    except sqlite3.OperationalError as error:
        raise StorageError(f"the database cannot be written: {error}") from error


def insert(database: Database, table: str, **values: object) -> int:
    """Insert a row; returns its rowid."""
    cursor = database.execute(_insertion(table, tuple(values)), list(values.values()))
    return cursor.lastrowid or 0


def insert_all(
    database: Database, table: str, columns: tuple[str, ...], rows: list[tuple[object, ...]]
) -> None:
    """Insert rows, all with the same columns."""
    if rows:
        database.conn.executemany(_insertion(table, columns), rows)


@lru_cache
def _insertion(table: str, columns: tuple[str, ...]) -> str:
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - ours


def timestamp(moment: datetime) -> str:
    """Return an aware time as the database keeps it: ISO 8601, UTC, microseconds, Z."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
