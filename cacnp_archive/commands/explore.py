"""`explore`: the research desk alone."""

from pathlib import Path

import click

from cacnp_archive.commands.options import PORT, archive_at
from cacnp_archive.desk.serve import DEFAULT_PORT as DESK_PORT
from cacnp_archive.desk.serve import LOOPBACK
from cacnp_archive.desk.serve import explore as serve_desk


@click.command()
@click.option("--host", default=LOOPBACK, show_default=True, help="Where it listens.")
@click.option("--port", default=DESK_PORT, show_default=True, type=PORT, help="0 for any free one.")
@click.option("--replay-at", help="Address of a replay that rows are linked to, of another pywb.")
@click.pass_obj
def explore(data_dir: Path | None, host: str, port: int, replay_at: str | None) -> None:
    """Open the research desk: search, read, ask, cite, in a browser; until Ctrl-C.

    Nothing can be changed through it, and it may run while a crawl writes. Needs Datasette:
    `make desk`.
    """
    serve_desk(archive_at(data_dir), host, port, click.echo, replay_at)
