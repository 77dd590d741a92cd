"""Export tables and views row by row, and the whole database as a dated snapshot."""

import csv
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlite_utils import Database

from cacnp_archive.model.errors import StorageError, UsageError
from cacnp_archive.storage.schema.description import Table, read_schema

_CONDITION = re.compile(r"(\w+)(!=|<=|>=|=|<|>|~)(.*)", re.DOTALL)
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows of one table or view to export, in a stable order of rows and columns."""

    table: Table
    sql: str
    parameters: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in the order of the schema."""
        return tuple(column.name for column in self.table.columns)


def select_rows(database: Database, name: str, conditions: tuple[str, ...] = ()) -> Selection:
    """Return a selection of the rows of a table or view that meet all conditions.

    A condition is COLUMN, then one of = != < <= > >= or ~ (contains the text, case-insensitive),
    then a value. Raises UsageError for an unknown name or a condition of another form.
    """
    tables = {table.name: table for table in read_schema(database)}
    if name not in tables:
        raise UsageError(f"there is no table or view {name!r}; there are: {', '.join(tables)}")
    table = tables[name]
    columns = [column.name for column in table.columns]
    clauses, parameters = [], []
    for condition in conditions:
        found = _CONDITION.fullmatch(condition)
        if found is None or found[1] not in columns:
            raise UsageError(
                f"{condition!r} is no condition on {name}: write COLUMN=VALUE, also with "
                f"!= < <= > >= ~; the columns are: {', '.join(columns)}"
            )
        column, operator, value = found.groups()
        if operator == "~":
            clauses.append(f"instr(lower({column}), lower(?)) > 0")
        else:
            clauses.append(f"{column} {operator} CAST(? AS {_affinity(table, column)})")
        parameters.append(value)
    where = f" WHERE {' AND '.join(clauses)}" if clauses else ""
    order = "" if table.is_view else f" ORDER BY {_key(database, name)}"
    sql = f"SELECT {', '.join(columns)} FROM {name}{where}{order}"
    return Selection(table, sql, tuple(parameters))


def write_csv(database: Database, selection: Selection, stream: IO[str]) -> int:
    """Write rows as CSV with a header line, null as an empty field; returns the number of rows."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(selection.columns)
    return _written(database, selection, writer.writerows)


def write_jsonl(database: Database, selection: Selection, stream: IO[str]) -> int:
    """Write rows as JSON objects, one per line; returns the number of rows."""

    def write(rows: list[tuple[Any, ...]]) -> None:
        for row in rows:
            values = dict(zip(selection.columns, row, strict=True))
            stream.write(json.dumps(values, ensure_ascii=False) + "\n")

    return _written(database, selection, write)


def batches(database: Database, selection: Selection) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows in lists of limited length, so that memory does not grow with the table."""
    cursor = database.execute(selection.sql, list(selection.parameters))
    while rows := cursor.fetchmany(_BATCH):
        yield rows


def freeze(database: Database, path: Path, about: dict[str, str]) -> None:
    """Write a snapshot of the database into a new, read-only file that documents itself.

    The snapshot has two more tables: `data_dictionary`, and `snapshot` with the values of `about`.
    Raises UsageError when the file exists, StorageError when the disk refuses.
    """
    if path.exists():
        raise UsageError(f"{path} is there already: a snapshot is never written over")
    try:
        database.execute("VACUUM INTO ?", [str(path)])
        copy = sqlite3.connect(path)
        with copy:
            copy.execute("CREATE TABLE snapshot (name TEXT PRIMARY KEY, value TEXT) STRICT")
            copy.executemany("INSERT INTO snapshot VALUES (?, ?)", about.items())
            copy.execute(
                """CREATE TABLE data_dictionary (
                    table_name TEXT, column_name TEXT, type TEXT, description TEXT) STRICT"""
            )
            copy.executemany(
                "INSERT INTO data_dictionary VALUES (?, ?, ?, ?)",
                [
                    (table.name, column, kind, words)
                    for table in read_schema(database)
                    for column, kind, words in (
                        (None, "view" if table.is_view else "table", table.description),
                        *((c.name, c.type, c.description) for c in table.columns),
                    )
                ],
            )
        copy.close()
        path.chmod(0o444)
    except (sqlite3.Error, OSError) as error:
        path.unlink(missing_ok=True)
        raise StorageError(f"{path} cannot be written: {error}") from error


def _written(
    database: Database, selection: Selection, write: Callable[[list[tuple[Any, ...]]], Any]
) -> int:
    count = 0
    for rows in batches(database, selection):
        write(rows)
        count += len(rows)
    return count


def _affinity(table: Table, column: str) -> str:
    return next(found.type for found in table.columns if found.name == column) or "TEXT"


def _key(database: Database, name: str) -> str:
    return ", ".join(database.table(name).pks)
