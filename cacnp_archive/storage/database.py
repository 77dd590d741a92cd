"""Open the archive's database at the current schema, and the few statements that all modules use.

A database that an older version made is migrated when it is opened for writing.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from cacnp_archive import __version__
from cacnp_archive.model.errors import ArchiveError, StorageError, UsageError
from cacnp_archive.storage.schema.comments import refresh_comments
from cacnp_archive.storage.schema.migrations import migrations

BUSY_SECONDS = 10
"""How long a write waits while a reader, such as Datasette, runs a checkpoint."""

STATEMENTS = 512
"""Prepared statements kept per connection: more than there are different statements."""


def open_database(path: Path) -> Database:
    """Open a database for writing; creates the file, or migrates it to the current schema.

    Raises ArchiveError when the file is not an archive's database, UsageError when a newer version
    of this program has migrated it, StorageError when the disk refuses.
    """
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, cached_statements=STATEMENTS)
    database = Database(connection)
    try:
        _refuse_newer(database, path)
        database.enable_wal()
        # NORMAL loses no commit when the process dies. After a power failure the last rows are
        # restored from the WARC files, which are fsynced.
        database.execute("PRAGMA synchronous = NORMAL")
        # The default is 4 MB: the same pages would be written and fsynced again and again.
        database.execute("PRAGMA wal_autocheckpoint = 4000")
        database.execute("PRAGMA foreign_keys = ON")
        migrations.apply(database)
        refresh_comments(database)
    except sqlite3.OperationalError as error:
        connection.close()
        raise StorageError(f"{path} cannot be written: {error}") from error
    except sqlite3.DatabaseError as error:
        connection.close()
        raise ArchiveError(f"{path} cannot be used as an archive's database: {error}") from error
    except ArchiveError:
        connection.close()
        raise
    return database


def without_safety(database: Database) -> None:
    """Trade safety for speed: for a database that is worthless until it is complete."""
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA journal_mode = MEMORY")
    database.execute("PRAGMA cache_size = -100000")


def read_database(path: Path) -> Database:
    """Open a database for reading only, also while a crawl writes.

    Raises ArchiveError when the file is not an archive's database or has an older schema,
    UsageError when a newer version of this program has migrated it.
    """
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    database = Database(connection)
    try:
        _refuse_newer(database, path)
        if migrations.pending(database):
            raise ArchiveError(
                f"{path} has an older schema: `cacnp-archive repair` brings it up to date, and so "
                "does the next crawl"
            )
    except sqlite3.DatabaseError as error:
        connection.close()
        raise ArchiveError(f"{path} cannot be read as an archive's database: {error}") from error
    except ArchiveError:
        connection.close()
        raise
    return database


def _refuse_newer(database: Database, path: Path) -> None:
    applied = {migration.name for migration in migrations.applied(database)}
    if applied - _known_migrations():
        raise UsageError(
            f"{path} was made by a newer version of cacnp-archive than this one ({__version__}): "
            "upgrade the program"
        )


@lru_cache(maxsize=1)
def _known_migrations() -> frozenset[str]:
    empty = Database(memory=True)
    try:
        return frozenset(migration.name for migration in migrations.pending(empty))
    finally:
        empty.close()


def borrowed(connection: sqlite3.Connection) -> Database:
    """Return a database on a connection that another component has opened and will close."""
    return Database(connection)


@contextmanager
def transaction(database: Database) -> Iterator[Database]:
    """Commit all that the block does, or nothing; raises StorageError when the disk refuses."""
    try:
        with database.atomic():
            yield database
    except sqlite3.OperationalError as error:
        raise StorageError(f"the database cannot be written: {error}") from error


def insert(database: Database, table: str, **values: object) -> int:
    """Insert a row; returns its rowid."""
    cursor = database.execute(_insertion(table, tuple(values)), list(values.values()))
    return cursor.lastrowid or 0


def insert_returning(
    database: Database, table: str, returning: tuple[str, ...], **values: object
) -> tuple[Any, ...]:
    """Insert a row; returns some of its columns, generated ones too."""
    sql = f"{_insertion(table, tuple(values))} RETURNING {', '.join(returning)}"
    (row,) = database.execute(sql, list(values.values())).fetchall()
    return tuple(row)


def insert_all(
    database: Database, table: str, columns: tuple[str, ...], rows: list[tuple[object, ...]]
) -> None:
    """Insert rows that all have the same columns."""
    if rows:
        database.conn.executemany(_insertion(table, columns), rows)


def update(database: Database, table: str, row_id: int | str, values: Mapping[str, object]) -> None:
    """Set columns of the row with a primary key `id`."""
    database.execute(_updating(table, tuple(values)), [*values.values(), row_id])


@lru_cache
def _insertion(table: str, columns: tuple[str, ...]) -> str:
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"


@lru_cache
def _updating(table: str, columns: tuple[str, ...]) -> str:
    assignments = ", ".join(f"{column} = ?" for column in columns)
    return f"UPDATE {table} SET {assignments} WHERE id = ?"


def timestamp(moment: datetime) -> str:
    """Return an aware time as the database stores it: ISO 8601, UTC, microseconds, Z."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
