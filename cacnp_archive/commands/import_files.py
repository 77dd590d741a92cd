"""`import`: import third-party WARC, WACZ and ARC files."""

import sys
from collections.abc import Callable
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from cacnp_archive.commands.options import ANY_FILE, archive_at
from cacnp_archive.maintenance.importing import ImportResult
from cacnp_archive.maintenance.importing import import_files as import_into
from cacnp_archive.maintenance.repair import repair as repair_archive
from cacnp_archive.model.site import Site

MAX_WARNINGS = 10
"""At most this many warnings of a file are printed."""


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=ANY_FILE)
@click.option("--site", "base_url", help="The site they are captures of: its front page's URL.")
@click.pass_obj
def import_files(data_dir: Path | None, files: tuple[Path, ...], base_url: str | None) -> None:
    """Import third-party WARC, WACZ and ARC FILEs into the archive, byte for byte.

    Their captures enter the history of the site by their own dates. Exits with 1 if a file cannot
    be imported; the others still are.
    """
    archive = archive_at(data_dir)
    site = None if base_url is None else Site.at(base_url)
    archive.prepare()
    with archive.locked():
        for line in repair_archive(archive).lines:
            click.echo(line)
        with Progress(console=Console(stderr=True), transient=True) as progress:

            def begin(path: Path) -> Callable[[int, int], None]:
                task = progress.add_task(path.name, total=None)
                return lambda done, count: progress.update(task, completed=done, total=count)

            results = import_into(archive, files, site, on_file=begin, report=_print_result)
    sys.exit(1 if any(result.failure for result in results) else 0)


def _print_result(result: ImportResult) -> None:
    for warning in result.warnings[:MAX_WARNINGS]:
        click.echo(str(warning), err=True)
    hidden = len(result.warnings) - MAX_WARNINGS
    if hidden > 0:
        click.echo(f"... and {hidden} more; `cacnp-archive verify FILE` prints all", err=True)
    if result.failure is not None:
        click.echo(f"cacnp-archive: {result.failure}", err=True)
    elif result.was_known:
        click.echo(f"{result.path}: imported before, nothing was changed")
    else:
        known = f", {result.known_count} known from other files" if result.known_count else ""
        click.echo(
            f"{result.path}: {result.capture_count} captures{known}, "
            f"{result.problem_count} problems in reading, {result.passed_count} other records; "
            f"kept as imported/{result.name}"
        )
