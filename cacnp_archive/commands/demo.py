"""`demo`: the whole archive tried out on a replica."""

import sys
from pathlib import Path

import click

from cacnp_archive.commands.run_demo import DEMO_PORT, run_demo
from cacnp_archive.model.archive import Archive, default_data_dir


@click.command()
@click.option(
    "--port",
    default=DEMO_PORT,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Where the replica is served.",
)
@click.pass_obj
def demo(data_dir: Path | None, port: int) -> None:
    """Archive a small replica of the site, served by this machine, and verify the result."""
    sys.exit(run_demo(Archive(data_dir or default_data_dir().parent / "demo"), port))
