"""`rebuild`: the database made again."""

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from cacnp_archive.commands.options import archive_at
from cacnp_archive.maintenance.rebuild import rebuild as rebuild_database
from cacnp_archive.maintenance.rebuild import tell_of_rebuilding
from cacnp_archive.maintenance.repair import repair as repair_archive


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would differ.")
@click.option("--jobs", type=click.IntRange(1), help="Processes.  [default: one a core]")
@click.option("--json", "as_json", is_flag=True, help="Print all differences as one document.")
@click.pass_obj
def rebuild(data_dir: Path | None, dry_run: bool, jobs: int | None, as_json: bool) -> None:
    """Make the database again from the WARC files, and say what differs.

    After a parser has changed, or when the database is lost. The old one stays until the new one
    is whole.
    """
    archive = archive_at(data_dir)
    archive.require_folder()
    archive.prepare()
    with archive.locked(), Progress(console=Console(stderr=True), transient=True) as progress:
        repair_archive(archive)
        task = progress.add_task("reading WARC files", total=None)
        result = rebuild_database(
            archive,
            jobs=jobs,
            dry_run=dry_run,
            tell=lambda done, total: progress.update(task, completed=done, total=total),
        )
    tell_of_rebuilding(result, as_json=as_json)
    sys.exit(1 if result.unreadable else 0)
