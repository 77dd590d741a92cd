"""`export`: tables taken out."""

from pathlib import Path

import click

from cacnp_archive.commands.options import archive_at
from cacnp_archive.commands.taking_out import export_rows, snapshot
from cacnp_archive.model.errors import UsageError


@click.command()
@click.argument("table", metavar="[TABLE]", required=False)
@click.option(
    "--format",
    "form",
    default="csv",
    show_default=True,
    type=click.Choice(["csv", "jsonl", "parquet", "sqlite"]),
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file.")
@click.option("--where", multiple=True, help="COLUMN=VALUE, also != < <= > >= and ~ for holds.")
@click.pass_obj
def export(
    data_dir: Path | None, table: str | None, form: str, out: Path | None, where: tuple[str, ...]
) -> None:
    """Take out a TABLE or view, whole or some of its rows; with `sqlite` the whole database.

    The SQLite snapshot is dated, has a data dictionary, and is never written over.
    """
    archive = archive_at(data_dir)
    if form == "sqlite":
        if table or where:
            raise UsageError("--format sqlite takes the whole database: name no table, no --where")
        click.echo(str(snapshot(archive, out)))
        return
    if table is None:
        raise UsageError("name a table or view: `posts`, say, or `bibliography`")
    count = export_rows(archive, table, form, out, where)
    if out is not None:
        click.echo(f"{out}: {count} rows")
