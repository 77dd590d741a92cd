"""`verify`: a strict check of the archive, or of any WARC and WACZ files."""

import json
import sys
from pathlib import Path

import click
from rich.console import Console

from cacnp_archive.commands.options import ANY_FILE, archive_at
from cacnp_archive.maintenance.verify import verify_archive, verify_files


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=ANY_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print all findings as one JSON document.")
@click.pass_obj
def verify(data_dir: Path | None, files: tuple[Path, ...], as_json: bool) -> None:
    """Check every byte of the archive, or of any WARC and WACZ FILEs.

    In the archive, each record is compared with its row and each row with its record, and the
    index and the manifest with the files. Exits with 1 when there is an error; warnings and notes
    do not count.
    """
    with Console(stderr=True).status("verifying") as status:

        def on_file(name: str) -> None:
            status.update(f"verifying {name}")

        if files:
            result = verify_files(files, on_file)
        else:
            result = verify_archive(archive_at(data_dir), on_file)
    for line in [json.dumps(result.as_json())] if as_json else result.lines():
        click.echo(line)
    sys.exit(1 if result.fault_count else 0)
