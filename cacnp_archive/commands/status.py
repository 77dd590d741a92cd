"""`status`: how the archive stands."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from rich.console import Console

from cacnp_archive.commands.archive_status import gather_status, print_status
from cacnp_archive.commands.options import archive_at


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON document.")
@click.option(
    "--max-age-days",
    default=3.0,
    show_default=True,
    type=click.FloatRange(0),
    help="How old the last crawl may be.",
)
@click.pass_obj
def status(data_dir: Path | None, as_json: bool, max_age_days: float) -> None:
    """Tell how the archive stands: the last crawls, what it holds, what waits, what to do next.

    For monitoring: exits with 0 when the last crawl was complete, without alerts, and not too old,
    else with 1, and says why in its first line.
    """
    found = gather_status(archive_at(data_dir), datetime.now(UTC), timedelta(days=max_age_days))
    if as_json:
        click.echo(json.dumps(found.as_json()))
    else:
        print_status(found, Console())
    sys.exit(0 if found.is_ok else 1)
