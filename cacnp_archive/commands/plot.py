"""`plot`: charts of the archive as files."""

from contextlib import closing
from pathlib import Path

import click

from cacnp_archive.commands.options import NEW_FILE, archive_at
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.errors import UsageError
from cacnp_archive.model.extras import require_libraries
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.statistics import Statistics

CHART_NAMES = ("kinds", "topics", "authors", "hosts", "growth", "links")
"""The charts of `display.charts`, which takes a second to import: too long for `--help`."""


@click.command()
@click.argument("name", type=click.Choice(CHART_NAMES))
@click.argument("words", nargs=-1)
@click.option("--out", required=True, type=NEW_FILE, help="The file to write: .svg or .png.")
@click.pass_obj
def plot(data_dir: Path | None, name: str, words: tuple[str, ...], out: Path) -> None:
    """Draw a chart of the archive as SVG or PNG.

    Only `topics` takes WORDS: each is a line of the chart.
    """
    draw_chart(archive_at(data_dir), name, words, out)
    click.echo(str(out))


def draw_chart(archive: Archive, name: str, words: tuple[str, ...], out: Path) -> None:
    """Write a chart as SVG or PNG, by the file's name.

    Raises UsageError for a bad name, and MissingLibraryError when a library is not installed.
    """
    if out.suffix not in (".svg", ".png"):
        raise UsageError(f"--out: {out} must end in .svg or .png")
    require_libraries("a chart", "altair", "vl_convert")
    from cacnp_archive.display.charts import png_of, svg_of

    with closing(read_database(archive.require_database())) as database:
        statistics = Statistics(database)
        try:
            if out.suffix == ".svg":
                out.write_text(svg_of(statistics, name, words), "utf-8")
            else:
                out.write_bytes(png_of(statistics, name, words))
        except OSError as error:
            raise UsageError(f"--out: cannot write {out}: {error.strerror}") from error
