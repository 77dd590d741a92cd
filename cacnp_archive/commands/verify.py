"""`verify`: the archive, or any files, checked strictly."""

import json
import sys
from pathlib import Path

import click
from rich.console import Console

from cacnp_archive.commands.options import ANY_FILE, archive_at
from cacnp_archive.maintenance.verify import verify as verify_archive
from cacnp_archive.maintenance.verify import verify_files


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=ANY_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print all findings as one JSON document.")
@click.pass_obj
def verify(data_dir: Path | None, files: tuple[Path, ...], as_json: bool) -> None:
    """Check the archive strictly, or any WARC and WACZ FILEs.

    Of the archive, every row is compared with its record and the other way round, and the index
    and the manifest with the files. Exits with 1 when there is an error; warnings and notes are
    no errors.
    """
    with Console(stderr=True).status("verifying") as status:

        def tell(name: str) -> None:
            status.update(f"verifying {name}")

        result = verify_files(files, tell) if files else verify_archive(archive_at(data_dir), tell)
    for line in [json.dumps(result.as_json())] if as_json else result.lines():
        click.echo(line)
    sys.exit(1 if result.fault_count else 0)
