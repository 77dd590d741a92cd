"""`repair`: repair the archive after a crash."""

import sys
from pathlib import Path

import click

from cacnp_archive.commands.options import archive_at
from cacnp_archive.maintenance.repair import repair as repair_archive


@click.command()
@click.pass_obj
def repair(data_dir: Path | None) -> None:
    """Repair the archive after a crash; every crawl begins with this.

    Exits with 1 if something is damaged and cannot be repaired.
    """
    archive = archive_at(data_dir)
    archive.require_folder()
    archive.prepare()
    with archive.locked():
        result = repair_archive(archive)
    for line in result.lines or ["nothing to repair"]:
        click.echo(line)
    sys.exit(1 if result.damage else 0)
