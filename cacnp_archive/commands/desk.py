"""`desk`: the research desk in a browser, with replay."""

from pathlib import Path

import click

from cacnp_archive.commands.options import PORT, archive_at
from cacnp_archive.desk.replay import LOOPBACK, REPLAY_PORT
from cacnp_archive.desk.serve import DESK_PORT, serve_desk


@click.command()
@click.option("--host", default=LOOPBACK, show_default=True, help="Address to listen at.")
@click.option(
    "--name",
    "names",
    metavar="HOST",
    multiple=True,
    help="Name or IP address at which others open the desk; repeatable.  [default: localhost]",
)
@click.option("--port", default=DESK_PORT, show_default=True, type=PORT, help="0: any free port.")
@click.option(
    "--replay/--no-replay",
    "with_replay",
    default=True,
    help="Also serve the archived pages, so that each row leads to its page.  [default: replay]",
)
@click.option(
    "--replay-port", default=REPLAY_PORT, show_default=True, type=PORT, help="0: any free port."
)
@click.option(
    "--replay-at", metavar="ADDRESS", help="Link to a pywb collection that is already served."
)
@click.pass_obj
def desk(
    data_dir: Path | None,
    host: str,
    names: tuple[str, ...],
    port: int,
    with_replay: bool,
    replay_port: int,
    replay_at: str | None,
) -> None:
    """Open the research desk in a browser: search, read, ask, cite.

    Runs until Ctrl-C. The desk is read-only and can be used while a crawl writes. Replay needs
    pywb (`make replay`); without it, the desk opens alone.
    """
    serve_desk(
        archive_at(data_dir),
        host,
        port,
        click.echo,
        replay_port=replay_port if with_replay and replay_at is None else None,
        replay_address=replay_at,
        names=names,
    )
