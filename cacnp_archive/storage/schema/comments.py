"""Keep the comments stored in existing databases as good as those of new ones.

SQLite stores the text of the statement that created a table or view, comments included. Migrations
change the structure of an existing database; this module replaces the text.
"""

from functools import lru_cache

from sqlite_utils import Database

from cacnp_archive.storage.schema.migrations import migrations
from cacnp_archive.storage.schema.sql_comments import without_comments

_STATEMENTS = "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('table', 'view')"


def refresh_comments(database: Database) -> None:
    """Store the current comments with each table and view whose structure is the current one.

    What differs in more than its comments is left alone, and so is everything if SQLite is in
    defensive mode, which forbids this.
    """
    current = _current_statements()
    stale = [
        (current[kind, name], kind, name)
        for kind, name, sql in database.execute(_STATEMENTS).fetchall()
        if (kind, name) in current
        and sql != current[kind, name]
        and without_comments(sql) == without_comments(current[kind, name])
    ]
    if stale:
        _replace(database, stale)


def _replace(database: Database, statements: list[tuple[str, str, str]]) -> None:
    with database.atomic():
        database.execute("PRAGMA writable_schema = ON")
        try:
            (is_writable,) = database.execute("PRAGMA writable_schema").fetchone()
            if is_writable:
                database.conn.executemany(
                    "UPDATE sqlite_schema SET sql = ? WHERE type = ? AND name = ?", statements
                )
                (version,) = database.execute("PRAGMA schema_version").fetchone()
                # So that every connection, this one included, parses the new text.
                database.execute(f"PRAGMA schema_version = {version + 1}")
        finally:
            database.execute("PRAGMA writable_schema = OFF")


@lru_cache(maxsize=1)
def _current_statements() -> dict[tuple[str, str], str]:
    """Return the statements of a new database by type and name."""
    database = Database(memory=True)
    migrations.apply(database)
    try:
        rows = database.execute(_STATEMENTS).fetchall()
        return {(kind, name): sql for kind, name, sql in rows}
    finally:
        database.close()
