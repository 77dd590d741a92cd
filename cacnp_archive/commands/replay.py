"""`replay`: the archived pages in a browser."""

from pathlib import Path

import click

from cacnp_archive.commands.options import PORT, archive_at
from cacnp_archive.desk.replay import REPLAY_PORT, serve_replay


@click.command()
@click.option("--port", default=REPLAY_PORT, show_default=True, type=PORT, help="0: any free port.")
@click.pass_obj
def replay(data_dir: Path | None, port: int) -> None:
    """Serve the archived pages to browsers on this machine.

    Runs until Ctrl-C. Needs pywb: `make replay` installs it; $CACNP_WAYBACK can name its program
    `wayback`.
    """
    serve_replay(archive_at(data_dir), port, click.echo)
