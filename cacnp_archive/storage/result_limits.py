"""How large the result of a query of the desk may become: anybody may ask it any SQL.

Datasette limits the time and the rows, but few rows can fill the memory: `SELECT zeroblob(1e9)`.
"""

import sqlite3
from weakref import WeakKeyDictionary

MAX_VALUE_BYTES = 50_000_000
"""Of one value, also within a query, and of one row; the longest text that is archived has less."""

MAX_RESULT_BYTES = 100_000_000
"""Of all text and blobs that one query returns; text counts by its characters."""


def limit_results(connection: sqlite3.Connection) -> None:
    """Let a query that exceeds these limits end with an error that says so."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
    sizes: WeakKeyDictionary[sqlite3.Cursor, int] = WeakKeyDictionary()

    def counted(cursor: sqlite3.Cursor, values: tuple[object, ...]) -> sqlite3.Row:
        size = sum(len(value) for value in values if isinstance(value, str | bytes))
        sizes[cursor] = total = sizes.get(cursor, 0) + size
        if total > MAX_RESULT_BYTES:
            raise sqlite3.OperationalError(
                f"the result has more than {MAX_RESULT_BYTES // 1_000_000} MB: "
                "select fewer columns, or fewer rows with LIMIT"
            )
        return sqlite3.Row(cursor, values)

    connection.row_factory = counted
