"""Write rows as Parquet; pyarrow is an optional extra."""

from pathlib import Path
from typing import Any

from sqlite_utils import Database

from cacnp_archive.model.extras import require_libraries
from cacnp_archive.storage.queries.export import Selection, batches


def write_parquet(database: Database, selection: Selection, path: Path) -> int:
    """Write rows with the types and descriptions of columns; returns the number of rows.

    Raises MissingLibraryError when pyarrow is not installed.
    """
    require_libraries("Parquet", "pyarrow")
    import pyarrow
    from pyarrow import parquet

    types = {"INTEGER": pyarrow.int64(), "REAL": pyarrow.float64()}
    schema = pyarrow.schema(
        [
            pyarrow.field(
                column.name,
                types.get(column.type, pyarrow.string()),
                metadata={"description": column.description},
            )
            for column in selection.table.columns
        ]
    )
    count = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for rows in batches(database, selection):
            writer.write_batch(_batch(pyarrow, rows, schema))
            count += len(rows)
    return count


def _batch(pyarrow: Any, rows: list[tuple[Any, ...]], schema: Any) -> Any:
    columns = [
        pyarrow.array(values, type=field.type)
        for values, field in zip(zip(*rows, strict=True), schema, strict=True)
    ]
    return pyarrow.record_batch(columns, schema=schema)
