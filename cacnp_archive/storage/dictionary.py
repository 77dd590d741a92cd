"""The data dictionary: every table, view and column of the database, described in words.

`make dictionary` writes it to docs/data-dictionary.md.
"""

import sys

from cacnp_archive.storage.schema.description import Column, Table, current_schema

_INTRODUCTION = """\
# Data dictionary

Made by `make dictionary` from the comments of the schema. Times are ISO 8601 in UTC unless a
column says otherwise; tables are `STRICT`, so a column holds what its type says or null.
"""


def markdown(tables: list[Table]) -> str:
    """Return the data dictionary as Markdown, views first: they are what most will want."""
    views = [table for table in tables if table.is_view]
    others = [table for table in tables if not table.is_view]
    parts = [_INTRODUCTION, "## Views\n", *map(_section, views)]
    return "\n".join([*parts, "## Tables\n", *map(_section, others)])


def _section(table: Table) -> str:
    lines = [
        f"### {table.name}",
        "",
        sentence(table.description),
        "",
        "| column | type | holds |",
        "|---|---|---|",
        *map(_line, table.columns),
        "",
    ]
    return "\n".join(lines)


def _line(column: Column) -> str:
    kind = column.type + ("" if column.is_required or not column.type else " or null")
    leads = f" → `{column.refers_to}`" if column.refers_to else ""
    words = column.description.replace("|", "\\|")
    return f"| `{column.name}` | {kind} | {words}{leads} |"


def sentence(words: str) -> str:
    """Return a comment as a sentence.

    >>> sentence("one row a PDF")
    'One row a PDF.'
    """
    return words[:1].upper() + words[1:] + "."


if __name__ == "__main__":
    sys.stdout.write(markdown(current_schema()))
