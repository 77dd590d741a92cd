"""Serve the archive with pywb as it is: its own index and WARC files, nothing is copied.

What a crawl completes meanwhile is served too, for pywb looks into the folders at each request.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from cacnp_archive.model.archive import Archive
from cacnp_archive.model.errors import ArchiveError, UsageError
from cacnp_archive.model.timestamps import timestamp_of
from cacnp_archive.storage.queries.package_pages import Contents, StoredPage

DEFAULT_PORT = 8080
LOOPBACK = "127.0.0.1"
COLLECTION = "cacnp"

WAYBACK_VARIABLE = "CACNP_WAYBACK"
REPLAY_ENVIRONMENT = ".venv-replay"
"""Beside scrapy.cfg; pywb can't share ours, for it needs brotlipy."""

START_SECONDS = 60
STOP_SECONDS = 10
LOG_TAIL_CHARS = 2000


def serve(archive: Archive, port: int, tell: Callable[[str], None]) -> None:
    """Serve until this process is interrupted or told to end; port 0 is any free one.

    `tell` hears the addresses once they can be opened. Raises ArchiveError when there is no
    archive, nothing complete in it, or no pywb; UsageError when the port is taken.
    """
    with ended_by_signals(), suppress(KeyboardInterrupt), replaying(archive, port) as replay:
        address, page = replay.address, replay.page
        tell(f"The archive is served at {address}")
        if page is not None:
            tell(f"A page to open: {address}{timestamp_of(page.captured_at)}/{page.url}")
        tell(f"Any page, any time: {address}YYYYMMDDhhmmss/ADDRESS")
        tell("Ctrl-C ends it.")
        sys.stdout.flush()
        replay.pywb.wait()
        raise ArchiveError(f"pywb has ended by itself; {_log_tail(replay.folder)}")


@dataclass(frozen=True, slots=True)
class Replay:
    """A replay that can be opened."""

    address: str
    """A capture's time and address follow: `20260117123045/https://armscontrolcenter.org/`."""
    page: StoredPage | None
    """One to begin with."""
    pywb: "subprocess.Popen[bytes]"
    folder: Path
    """Of pywb's configuration and log."""


@contextmanager
def replaying(archive: Archive, port: int) -> Iterator[Replay]:
    """Serve the archive while the block runs; port 0 is any free one. Raises as `serve`."""
    page = _page_to_open(archive)
    wayback = find_wayback()
    port = _free_port(port)
    folder = _configure(archive)
    with _running(wayback, port, folder) as pywb:
        yield Replay(f"http://localhost:{port}/{COLLECTION}/", page, pywb, folder)


def find_wayback() -> Path:
    """Return pywb's program: $CACNP_WAYBACK, else of the checkout, else on the PATH.

    The checkout is the folder of the nearest scrapy.cfg, or the one this package lies in. Raises
    ArchiveError that says how to install it.
    """
    if chosen := os.environ.get(WAYBACK_VARIABLE):
        program = shutil.which(chosen)
        if program is None:
            raise UsageError(f"{WAYBACK_VARIABLE}: {chosen} is not a program")
        return Path(program).absolute()
    here = Path.cwd()
    for folder in (here, *here.parents, Path(__file__).parents[2]):
        wayback = folder / REPLAY_ENVIRONMENT / "bin" / "wayback"
        if (folder / "scrapy.cfg").exists() and wayback.exists():
            return wayback
    if found := shutil.which("wayback"):
        return Path(found).absolute()
    raise ArchiveError(
        f"pywb is not installed: run `make {REPLAY_ENVIRONMENT}/installed` in the checkout, or put "
        f"its program `wayback` on the PATH or into ${WAYBACK_VARIABLE}"
    )


def _page_to_open(archive: Archive) -> StoredPage | None:
    contents = Contents(archive.require_database())
    try:
        complete = sorted(path.name for path in archive.warc_folder.glob("*.warc.gz"))
        complete += archive.imported_names()
        if not complete:
            raise ArchiveError(
                f"{archive.warc_folder} has no complete WARC file yet: wait for the crawl to end, "
                "or run `cacnp-archive repair` after a crash"
            )
        return next(contents.pages(complete), None)
    finally:
        contents.close()


def _free_port(port: int) -> int:
    try:
        with socket.create_server((LOOPBACK, port)) as probe:
            return int(probe.getsockname()[1])
    except OSError as error:
        raise UsageError(
            f"port {port} cannot be used ({error.strerror}): choose another with --port"
        ) from error


def _configure(archive: Archive) -> Path:
    """Write pywb's configuration into a folder of the archive, and return the folder."""
    folder = archive.folder.absolute() / "state" / "replay"
    collection = {
        "index_paths": f"{archive.index_folder.absolute()}/",
        "archive_paths": [
            f"{folder.absolute()}/" for folder in (archive.warc_folder, archive.imported_folder)
        ],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # JSON is YAML, and quotes whatever stands in a path.
        config = json.dumps({"collections": {COLLECTION: collection}}, indent=2)
        (folder / "config.yaml").write_text(config + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror}") from error
    return folder


@contextmanager
def _running(wayback: Path, port: int, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    command = [str(wayback), "-b", LOOPBACK, "-p", str(port), "-d", str(folder)]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    with (folder / "log").open("wb") as log:
        # In a session of its own: Ctrl-C reaches us alone, and we end it in order.
        pywb = subprocess.Popen(  # noqa: S603 - the program that the operator installed
            command, stdout=log, stderr=log, env=environment, start_new_session=True
        )
    try:
        _wait_until_served(pywb, port, folder)
        yield pywb
    finally:
        pywb.terminate()
        try:
            pywb.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pywb.kill()
            pywb.wait()


def _wait_until_served(pywb: "subprocess.Popen[bytes]", port: int, folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and pywb.poll() is None:
        with suppress(OSError), socket.create_connection((LOOPBACK, port), 1):
            return
        time.sleep(0.1)
    raise ArchiveError(f"pywb does not start; {_log_tail(folder)}")


def _log_tail(folder: Path) -> str:
    path = folder / "log"
    text = path.read_text(encoding="utf-8", errors="replace")
    return f"the end of {path}:\n{text[-LOG_TAIL_CHARS:]}"


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Make SIGTERM end us as Ctrl-C does, so that pywb never outlives us."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
