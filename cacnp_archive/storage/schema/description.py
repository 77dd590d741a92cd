"""Read the schema with the comments that SQLite keeps: what every table, view and column holds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from cacnp_archive.storage.schema.column_descriptions import SAME_AS, WORDS
from cacnp_archive.storage.schema.migrations import migrations

_TOKEN = re.compile(
    r"--(?P<line>[^\n]*)|/\*(?P<block>.*?)\*/|(?P<text>'(?:[^']|'')*'|[A-Za-z_]\w*|.)", re.DOTALL
)
_CONSTRAINTS = {"PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "CONSTRAINT"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table or a view."""

    name: str
    type: str
    """TEXT, INTEGER or REAL; empty where a view's column repeats none of a table."""
    is_required: bool
    """Whether it is never null."""
    description: str
    """Empty when nothing describes it."""
    refers_to: str | None
    """The table to whose rows it leads, or None."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table or a view."""

    name: str
    is_view: bool
    description: str
    columns: tuple[Column, ...]


def current_schema() -> list[Table]:
    """Return the tables and views of an archive that the migrations have just made."""
    database = Database(memory=True)
    migrations.apply(database)
    try:
        return read_schema(database)
    finally:
        database.close()


def read_schema(database: Database) -> list[Table]:
    """Return the tables, by their making, then the views; without those of full-text search."""
    rows = database.execute(
        """SELECT name, type = 'view', sql FROM sqlite_schema
        WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
            AND name NOT GLOB '*_fts' AND name NOT GLOB '*_fts_*' AND name NOT GLOB '_sqlite*'
        ORDER BY type, rowid"""
    ).fetchall()
    tables: dict[str, Table] = {}
    for name, is_view, sql in rows:
        columns = tuple(_columns(database, name, sql, tables))
        tables[name] = Table(name, bool(is_view), _first_comment(sql), columns)
    return list(tables.values())


def comments_of(sql: str) -> dict[str, str]:
    """Return the comments of a table's columns by their names, "likewise" spelt out.

    SQLite writes a column that was added later before the comment of the one that was last.

    >>> comments_of('''CREATE TABLE t (  -- a table
    ...     a TEXT,  -- the first
    ...     b TEXT, d TEXT /* added */,  -- the second
    ...     PRIMARY KEY (a)
    ... )''')
    {'a': 'the first', 'b': 'the second', 'd': 'added'}
    """
    found: dict[str, str] = {}
    first = ""
    for name, comment in _raw_comments(sql):
        if comment.startswith("likewise"):
            comment = first + comment.removeprefix("likewise")
        else:
            first = comment
        found[name] = comment
    return found


def _raw_comments(sql: str) -> Iterator[tuple[str, str]]:
    names: list[str] = []
    comments: dict[str, str] = {}
    depth = 0
    is_first_word = False
    for token in _TOKEN.finditer(sql):
        text = token["text"]
        if text is None:
            comment = " ".join((token["line"] or token["block"]).split())
            # A comment without a column of its own belongs to the last that has none.
            silent = [name for name in names if name not in comments]
            if silent and token["line"]:
                comments[silent[-1]] = comment
            elif names and token["block"]:
                comments[names[-1]] = comment
        elif text in "()":
            depth += 1 if text == "(" else -1
            is_first_word = is_first_word or (depth == 1 and text == "(")
        elif text == "," and depth == 1:
            is_first_word = True
        elif is_first_word and not text.isspace():
            is_first_word = False
            if text.upper() not in _CONSTRAINTS:
                names.append(text)
    return ((name, comments[name]) for name in names if name in comments)


def _first_comment(sql: str) -> str:
    found = re.search(r"--([^\n]*)", sql.partition("\n")[0])
    return found[1].strip() if found else ""


def _columns(
    database: Database, table: str, sql: str, earlier: dict[str, Table]
) -> Iterator[Column]:
    comments = comments_of(sql) | WORDS.get(table, {})
    keys = database.execute('SELECT "from", "table" FROM pragma_foreign_key_list(?)', [table])
    targets = dict(keys.fetchall())
    rows = database.execute(
        'SELECT name, type, "notnull" OR pk FROM pragma_table_xinfo(?)', [table]
    ).fetchall()
    for name, kind, is_required in rows:
        target = targets.get(name)
        words = comments.get(name)
        same = _origin(table, name, earlier)
        if words is None and same is not None:
            yield Column(name, same.type, same.is_required, same.description, same.refers_to)
            continue
        if words is None and target is not None:
            words = f"the row of {target} that it belongs to"
        if words is None and name == "id":
            words = "number of the row"
        if table in SAME_AS:
            kind = ""
        yield Column(name, kind, bool(is_required), words or "", target)


def _origin(view: str, column: str, earlier: dict[str, Table]) -> Column | None:
    """Return the column of a table that a view's column repeats."""
    for table in SAME_AS.get(view, ()):
        for found in earlier[table].columns:
            if found.name == column:
                return found
    return None
