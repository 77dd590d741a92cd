"""Describe the tables, views and columns of a database, from the comments that SQLite stores."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from cacnp_archive.storage.schema.column_descriptions import DESCRIPTIONS, SAME_AS
from cacnp_archive.storage.schema.migrations import migrations
from cacnp_archive.storage.schema.sql_comments import column_comments, table_comment


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table or a view."""

    name: str
    type: str
    """TEXT, INTEGER or REAL; empty for a column that a view computes."""
    is_required: bool
    """Whether it is never null."""
    description: str
    """Empty if there is none."""
    refers_to: str | None
    """The table that the foreign key refers to, or None."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table or a view."""

    name: str
    is_view: bool
    description: str
    columns: tuple[Column, ...]


def current_schema() -> list[Table]:
    """Return the tables and views of a new database."""
    database = Database(memory=True)
    migrations.apply(database)
    try:
        return read_schema(database)
    finally:
        database.close()


def read_schema(database: Database) -> list[Table]:
    """Return tables in order of creation, then views; the tables of full-text search are left out.

    Views come last because their columns repeat the descriptions of tables.
    """
    rows = database.execute(
        """SELECT name, type = 'view', sql FROM sqlite_schema
        WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
            AND name NOT GLOB '*_fts' AND name NOT GLOB '*_fts_*' AND name NOT GLOB '_sqlite*'
        ORDER BY type, rowid"""
    ).fetchall()
    tables: dict[str, Table] = {}
    for name, is_view, sql in rows:
        columns = tuple(_columns(database, name, sql, tables))
        tables[name] = Table(name, bool(is_view), table_comment(sql), columns)
    return list(tables.values())


def _columns(
    database: Database, table: str, sql: str, described: dict[str, Table]
) -> Iterator[Column]:
    comments = column_comments(sql) | DESCRIPTIONS.get(table, {})
    keys = database.execute('SELECT "from", "table" FROM pragma_foreign_key_list(?)', [table])
    targets = dict(keys.fetchall())
    rows = database.execute(
        'SELECT name, type, "notnull" OR pk FROM pragma_table_xinfo(?)', [table]
    ).fetchall()
    for name, kind, is_required in rows:
        target = targets.get(name)
        description = comments.get(name)
        same = _same_column(table, name, described)
        if description is None and same is not None:
            yield Column(name, same.type, same.is_required, same.description, same.refers_to)
            continue
        if description is None and target is not None:
            description = f"foreign key to {target}"
        if description is None and name == "id":
            description = "primary key"
        if table in SAME_AS:
            kind = ""
        yield Column(name, kind, bool(is_required), description or "", target)


def _same_column(view: str, column: str, described: dict[str, Table]) -> Column | None:
    """Return the column of a table that a view's column repeats."""
    for table in SAME_AS.get(view, ()):
        for found in described[table].columns:
            if found.name == column:
                return found
    return None
