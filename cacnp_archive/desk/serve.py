"""Start the desk: Datasette on the archive's database, for the browsers of this machine."""

import ipaddress
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from cacnp_archive.desk.datasette_metadata import SETTINGS, metadata
from cacnp_archive.desk.replay import ended_by_signals, replaying
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.errors import ArchiveError, UsageError
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.schema.description import read_schema

DEFAULT_PORT = 8001
LOOPBACK = "127.0.0.1"
_HERE = Path(__file__).parent

MISSING = (
    "the desk needs Datasette, which is not installed: run `make desk` in the checkout, or "
    "`pip install 'cacnp-archive[desk]'`"
)


def application(archive: Archive, replay_address: str | None) -> Any:
    """Return the desk as a Datasette instance; raises ArchiveError when it is not installed.

    `replay_address` is where captures are replayed, up to the time of capture; None: nowhere.
    """
    try:
        from datasette.app import Datasette
        from datasette.plugins import pm

        from cacnp_archive.desk.plugin import Desk
    except ImportError as error:
        raise ArchiveError(MISSING) from error
    path = archive.require_database()
    database = read_database(path)
    tables = read_schema(database)
    database.close()
    # Before Datasette is made, for it makes its routes at once.
    earlier = pm.get_plugin(Desk.__module__)
    if earlier is not None:
        pm.unregister(earlier)
    pm.register(Desk(path.stem, replay_address), name=Desk.__module__)
    return Datasette(
        [str(path)],
        metadata=metadata(path.stem, tables),
        settings=SETTINGS,
        template_dir=str(_HERE / "templates"),
        static_mounts=[("desk-static", str(_HERE / "static"))],
    )


def explore(
    archive: Archive,
    host: str,
    port: int,
    tell: Callable[[str], None],
    replay_address: str | None = None,
) -> None:
    """Serve the desk until this process is interrupted or told to end; port 0 is any free one.

    `tell` hears the address once it can be opened. Raises ArchiveError when Datasette is not
    installed or there is no archive; UsageError when the port is taken.
    """
    datasette = application(archive, replay_address)
    import uvicorn

    try:
        listener = socket.create_server((host, port), family=_family(host))
    except OSError as error:
        raise UsageError(
            f"port {port} of {host} cannot be used ({error.strerror}): choose another with --port"
        ) from error
    with listener:
        shown = "localhost" if host == LOOPBACK else host
        tell(f"The research desk is at http://{shown}:{listener.getsockname()[1]}/")
        tell("Ctrl-C ends it.")
        config = uvicorn.Config(datasette.app(), log_level="warning", lifespan="on", workers=1)
        with ended_by_signals(), suppress(KeyboardInterrupt):
            uvicorn.Server(config).run([listener])


def explore_with_replay(
    archive: Archive, host: str, port: int, replay_port: int, tell: Callable[[str], None]
) -> None:
    """Serve the desk and, for this machine alone, the replay that its rows are linked to.

    Raises as `explore` and `replaying`.
    """
    with ended_by_signals(), suppress(KeyboardInterrupt), replaying(archive, replay_port) as replay:
        tell(f"Its pages as they were archived are at {replay.address}")
        explore(archive, host, port, tell, replay.address)


def _family(host: str) -> socket.AddressFamily:
    try:
        version = ipaddress.ip_address(host).version
    except ValueError:
        return socket.AF_INET
    return socket.AF_INET6 if version == 6 else socket.AF_INET
