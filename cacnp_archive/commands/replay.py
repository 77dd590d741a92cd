"""`replay`: the archived pages served."""

from pathlib import Path

import click

from cacnp_archive.commands.options import archive_at
from cacnp_archive.desk.replay import DEFAULT_PORT, serve


@click.command()
@click.option(
    "--port",
    default=DEFAULT_PORT,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Where it is served; 0 for any free one.",
)
@click.pass_obj
def replay(data_dir: Path | None, port: int) -> None:
    """Serve the archived pages to the browsers of this machine, until Ctrl-C.

    Needs pywb: `make .venv-replay/installed`, or name its program in $CACNP_WAYBACK.
    """
    serve(archive_at(data_dir), port, click.echo)
