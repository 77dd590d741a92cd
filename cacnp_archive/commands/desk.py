"""`desk`: the research desk and the replay together."""

from pathlib import Path

import click

from cacnp_archive.commands.options import PORT, archive_at
from cacnp_archive.desk.replay import DEFAULT_PORT
from cacnp_archive.desk.serve import DEFAULT_PORT as DESK_PORT
from cacnp_archive.desk.serve import LOOPBACK, explore_with_replay


@click.command()
@click.option("--host", default=LOOPBACK, show_default=True, help="Where the desk listens.")
@click.option("--port", default=DESK_PORT, show_default=True, type=PORT, help="0 for any free one.")
@click.option(
    "--replay-port", default=DEFAULT_PORT, show_default=True, type=PORT, help="0 for any free one."
)
@click.pass_obj
def desk(data_dir: Path | None, host: str, port: int, replay_port: int) -> None:
    """Open the research desk together with the replay, so that each row leads to its page.

    Needs Datasette (`make desk`) and pywb (`make .venv-replay/installed`).
    """
    explore_with_replay(archive_at(data_dir), host, port, replay_port, click.echo)
