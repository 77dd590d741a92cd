"""`rebuild`: make the database again."""

import json
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from cacnp_archive.commands.options import archive_at
from cacnp_archive.display.printable import printable
from cacnp_archive.maintenance.rebuild import RebuildResult
from cacnp_archive.maintenance.rebuild import rebuild as rebuild_database
from cacnp_archive.storage.queries.database_diff import Difference

MAX_SHOWN = 20
"""At most this many differences of a field are printed; `--json` prints all."""

MAX_CHARS = 100
"""Longer values are cut."""


@click.command()
@click.option("--dry-run", is_flag=True, help="Only report what would differ.")
@click.option("--jobs", type=click.IntRange(1), help="Processes.  [default: one per core]")
@click.option("--retry", is_flag=True, help="Also read what hung or killed its reader before.")
@click.option("--json", "as_json", is_flag=True, help="Print all differences as one document.")
@click.pass_obj
def rebuild(
    data_dir: Path | None, dry_run: bool, jobs: int | None, retry: bool, as_json: bool
) -> None:
    """Make the database again from the WARC files, and report what differs.

    For use after a parser has changed, or when the database is lost. The old database stays until
    the new one is complete; one that is damaged is kept under another name. Exits with 1 if a file
    is missing or cannot be read, and with --dry-run also if a row differs.
    """
    archive = archive_at(data_dir)
    archive.require_folder()
    archive.prepare()
    with archive.locked(), Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading WARC files", total=None)
        result = rebuild_database(
            archive,
            jobs=jobs,
            dry_run=dry_run,
            retry=retry,
            on_progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    if as_json:
        click.echo(json.dumps(_as_json(result), ensure_ascii=False))
    else:
        _print_result(result)
    sys.exit(1 if result.unreadable or (dry_run and result.differences) else 0)


def _as_json(result: RebuildResult) -> dict[str, object]:
    return {
        "exchanges": result.capture_count,
        "unreadable": result.unreadable,
        "damaged": None if result.damaged is None else str(result.damaged),
        "differences": [asdict(difference) for difference in result.differences or []],
    }


def _print_result(result: RebuildResult) -> None:
    click.echo(f"{result.capture_count} exchanges read")
    for line in result.unreadable:
        click.echo(f"cannot be read: {printable(line)}")
    if result.damaged is not None:
        click.echo(f"the database was damaged, and was not compared: it is {result.damaged}")
    elif result.differences is None:
        click.echo("there was no database to compare with")
    elif result.differences:
        _print_differences(result.differences)
    else:
        click.echo("no row differs from the database that was there")


def _print_differences(differences: list[Difference]) -> None:
    for (what, name), count in Counter((item.what, item.field) for item in differences).items():
        click.echo(f"{what}{f'.{name}' if name else ''}: {count} differ")
        chosen = [item for item in differences if (item.what, item.field) == (what, name)]
        for item in chosen[:MAX_SHOWN]:
            click.echo(f"  {printable(item.key)}: {_short(item.old)} -> {_short(item.new)}")
        if count > MAX_SHOWN:
            click.echo(f"  … and {count - MAX_SHOWN} more: --json prints all")


def _short(value: str | None) -> str:
    text = "nothing" if value is None else printable(" ".join(value.split()))
    return text if len(text) <= MAX_CHARS else f"{text[: MAX_CHARS - 1]}…"
