"""Start the desk: Datasette on the archive's database, for browsers on this machine."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any

from cacnp_archive.desk.datasette_metadata import SETTINGS, metadata
from cacnp_archive.desk.replay import (
    LOOPBACK,
    NoReplayError,
    replay_running,
    stopped_by_signals,
)
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.errors import UsageError
from cacnp_archive.model.extras import require_libraries
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.schema.description import read_schema

DESK_PORT = 8001
_HERE = Path(__file__).parent


def application(archive: Archive, replay_address: str | None, names: Sequence[str] = ()) -> Any:
    """Return the desk as a Datasette instance; raises ArchiveError when it is not installed.

    `replay_address` is the address of a replay, up to the capture's time; None when there is none.
    `names` are names at which it can be opened besides those of this machine.
    """
    require_libraries("the desk", "datasette")
    from datasette.app import Datasette
    from datasette.plugins import pm

    from cacnp_archive.desk.known_hosts import KnownHosts
    from cacnp_archive.desk.plugin import Desk

    path = archive.require_database()
    with closing(read_database(path)) as database:
        tables = read_schema(database)
    # Register before Datasette is made: it collects its routes then.
    earlier = pm.get_plugin(Desk.__module__)
    if earlier is not None:
        pm.unregister(earlier)
    pm.register(Desk(path.stem, replay_address, KnownHosts(names)), name=Desk.__module__)
    return Datasette(
        [str(path)],
        metadata=metadata(path.stem, tables),
        settings=SETTINGS,
        template_dir=str(_HERE / "templates"),
        static_mounts=[("desk-static", str(_HERE / "static"))],
    )


def serve_desk(
    archive: Archive,
    host: str,
    port: int,
    report: Callable[[str], None],
    *,
    replay_port: int | None = None,
    replay_address: str | None = None,
    names: Sequence[str] = (),
) -> None:
    """Serve the desk until Ctrl-C or SIGTERM; port 0 is any free one.

    With a `replay_port` the archived pages are served there, to this machine only; when that is
    not possible, the desk is served alone. `replay_address` links rows to another replay.
    Requests for a name other than this machine's, the `host` and `names` are refused.
    `report` is called with each line for the user, the address when it can be opened. Raises
    ArchiveError when Datasette or the archive is missing, UsageError when a port is taken.
    """
    require_libraries("the desk", "datasette", "uvicorn")
    import uvicorn

    archive.require_database()
    with ExitStack() as stack:
        stack.enter_context(stopped_by_signals())
        stack.enter_context(suppress(KeyboardInterrupt))
        listener = stack.enter_context(_listener(host, port))
        if replay_port is not None:
            replay_address = _start_replay(stack, archive, replay_port, report)
        config = uvicorn.Config(
            application(archive, replay_address, [host, *names]).app(),
            log_level="warning",
            lifespan="on",
            workers=1,
        )
        shown = "localhost" if host == LOOPBACK else host
        report(f"The research desk is at http://{shown}:{listener.getsockname()[1]}/")
        report("Press Ctrl-C to stop.")
        uvicorn.Server(config).run([listener])


def _start_replay(
    stack: ExitStack, archive: Archive, port: int, report: Callable[[str], None]
) -> str | None:
    """Start the replay, which ends with the stack; returns its address, None when there is none."""
    try:
        replay = stack.enter_context(replay_running(archive, port))
    except NoReplayError as error:
        report(f"Without replay: {error}")
        return None
    report(f"The archived pages are at {replay.address}")
    return replay.address


def _listener(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=_family(host))
    except OSError as error:
        raise UsageError(
            f"port {port} of {host} cannot be used ({error.strerror}): choose another with --port"
        ) from error


def _family(host: str) -> socket.AddressFamily:
    try:
        version = ipaddress.ip_address(host).version
    except ValueError:
        return socket.AF_INET
    return socket.AF_INET6 if version == 6 else socket.AF_INET
