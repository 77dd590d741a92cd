"""Open the archive's database at the current schema, and the few statements that all modules use.

A database that an older version made is migrated when it is opened for writing.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from cacnp_archive import __version__
from cacnp_archive.model.errors import ArchiveError, DamagedDatabaseError, StorageError, UsageError
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
    except sqlite3.DatabaseError as error:
        connection.close()
        raise explained(error, path) or ArchiveError(
            f"{path} cannot be used as an archive's database: {error}"
        ) from error
    except ArchiveError:
        connection.close()
        raise
    return database


_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_IN_USE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DISK = {
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
}  # fmt: skip


def explained(error: Exception, path: Path | None = None) -> ArchiveError | None:
    """Return the message for an error of the database: what is wrong, and what to do.

    Text that is not UTF-8 is damage, because nothing else is ever written. None stands for errors
    of another kind, such as a wrong statement.
    """
    if isinstance(error, ArchiveError):
        return error
    place = path or "archive.db"
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    is_decoding = isinstance(error, UnicodeDecodeError | sqlite3.OperationalError) and (
        isinstance(error, UnicodeDecodeError) or "decode to UTF-8" in str(error)
    )
    if is_decoding or code in _DAMAGE:
        return DamagedDatabaseError(
            f"{place} is damaged ({error}): `cacnp-archive rebuild` makes it again from the WARC "
            "files, and keeps the damaged one"
        )
    if code in _IN_USE:
        return StorageError(
            f"{place} is locked by another program that writes to it: end that, and try again"
        )
    if code in _DISK:
        return StorageError(f"{place} cannot be used: {error}")
    return None


def is_sound(path: Path) -> bool:
    """Whether SQLite finds no damage in a database; raises its error where it cannot even look."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as opened:
        return opened.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]


def fold_log(path: Path) -> None:
    """Write the log of a database into it, and remove the log; nobody may be writing.

    Raises StorageError when another program has it open.
    """
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as database:
        ((is_busy, *_),) = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    if is_busy:
        raise StorageError(f"{path} is open in another program: end that, and try again")
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


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
        raise explained(error, path) or ArchiveError(
            f"{path} cannot be used as an archive's database: {error}"
        ) from error
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
    """Commit all that the block does, or nothing.

    Raises StorageError when the disk refuses, ArchiveError when the database is damaged.
    """
    try:
        with database.atomic():
            yield database
    except sqlite3.DatabaseError as error:
        if known := explained(error):
            raise known from error
        if isinstance(error, sqlite3.OperationalError):
            raise StorageError(f"the database cannot be written: {error}") from error
        raise


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
