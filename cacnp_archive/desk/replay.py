"""Serve the archived pages with pywb, straight from the archive's index and WARC files.

pywb looks into the folders at each request, so it also serves files that a crawl completes later.
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
from importlib.resources import files
from pathlib import Path
from types import FrameType

from cacnp_archive.model.archive import Archive, project_folder
from cacnp_archive.model.errors import ArchiveError, UsageError
from cacnp_archive.model.timestamps import timestamp_of
from cacnp_archive.storage.queries.embed_descriptions import embed_descriptions
from cacnp_archive.storage.queries.package_pages import Contents, StoredPage

REPLAY_PORT = 8080
LOOPBACK = "127.0.0.1"
COLLECTION = "cacnp"

WAYBACK_VARIABLE = "CACNP_WAYBACK"
REPLAY_ENVIRONMENT = ".venv-replay"
"""Beside scrapy.cfg. pywb needs its own: it depends on brotlipy, which shadows brotli."""

START_SECONDS = 60
STOP_SECONDS = 10
LOG_TAIL_CHARS = 2000


class NoReplayError(ArchiveError):
    """Raised when there is nothing to replay with or from: no pywb, or no complete WARC file."""


def serve_replay(archive: Archive, port: int, report: Callable[[str], None]) -> None:
    """Serve the archived pages until Ctrl-C or SIGTERM; port 0 is any free one.

    `report` is called with each line for the user once the pages can be opened. Raises
    NoReplayError when pywb or a complete WARC file is missing, ArchiveError when there is no
    archive or pywb fails, UsageError when the port is taken.
    """
    with stopped_by_signals(), suppress(KeyboardInterrupt), replay_running(archive, port) as replay:
        address, page = replay.address, replay.page
        report(f"The archive is served at {address}")
        if page is not None:
            report(f"A page to open: {address}{timestamp_of(page.captured_at)}/{page.url}")
        report(f"Any page at any time: {address}YYYYMMDDhhmmss/ADDRESS")
        report("Press Ctrl-C to stop.")
        sys.stdout.flush()
        replay.pywb.wait()
        raise ArchiveError(f"pywb stopped by itself; {_log_tail(replay.log)}")


@dataclass(frozen=True, slots=True)
class Replay:
    """A running replay."""

    address: str
    """To be followed by time and address: `20260117123045/https://armscontrolcenter.org/`."""
    page: StoredPage | None
    """A page to begin with; None when no page is archived."""
    pywb: "subprocess.Popen[bytes]"
    log: Path
    """What pywb prints."""


@contextmanager
def replay_running(archive: Archive, port: int) -> Iterator[Replay]:
    """Serve the archived pages while the block runs; raises as `serve_replay`."""
    page = _page_to_open(archive)
    wayback = find_wayback()
    port = _free_port(port)
    folder = _configure(archive)
    log = folder / f"log-{port}"  # other replays of the archive may run on other ports
    with _running(wayback, port, folder, log) as pywb:
        yield Replay(f"http://localhost:{port}/{COLLECTION}/", page, pywb, log)


def find_wayback() -> Path:
    """Return pywb's program: $CACNP_WAYBACK, else the checkout's, else the one on the PATH.

    The checkout is the folder of the nearest scrapy.cfg, or the one with this package. Raises
    NoReplayError that says how to install it.
    """
    if chosen := os.environ.get(WAYBACK_VARIABLE):
        program = shutil.which(chosen)
        if program is None:
            raise UsageError(f"{WAYBACK_VARIABLE}: {chosen} is not a program")
        return Path(program).absolute()
    for folder in (project_folder(), Path(__file__).parents[2]):
        wayback = folder / REPLAY_ENVIRONMENT / "bin" / "wayback"
        if (folder / "scrapy.cfg").exists() and wayback.exists():
            return wayback
    if found := shutil.which("wayback"):
        return Path(found).absolute()
    raise NoReplayError(
        "pywb is not installed: run `make replay` in the checkout, or put its program `wayback` on "
        f"the PATH or into ${WAYBACK_VARIABLE}"
    )


def _page_to_open(archive: Archive) -> StoredPage | None:
    contents = Contents(archive.require_database())
    try:
        complete = sorted(path.name for path in archive.warc_folder.glob("*.warc.gz"))
        complete += archive.imported_names()
        if not complete:
            raise NoReplayError(
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
            f"port {port} cannot be used for replay ({error.strerror}): choose another port"
        ) from error


def _configure(archive: Archive) -> Path:
    """Write pywb's configuration into the archive's state folder; returns the folder."""
    folder = archive.folder.absolute() / "state" / "replay"
    collection = {
        "index_paths": f"{archive.index_folder.absolute()}/",
        "archive_paths": [
            f"{folder.absolute()}/" for folder in (archive.warc_folder, archive.imported_folder)
        ],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # JSON is YAML, and quotes any character in a path.
        config = json.dumps({"collections": {COLLECTION: collection}}, indent=2)
        (folder / "config.yaml").write_text(config + "\n", encoding="utf-8")
        templates = folder / "templates"
        templates.mkdir(exist_ok=True)
        (templates / "not_found.html").write_text(_not_found_page(archive), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror}") from error
    return folder


def _not_found_page(archive: Archive) -> str:
    """Return pywb's template for what is not archived, which shows what is known of embeds."""
    embeds = json.dumps(embed_descriptions(archive.require_database()), ensure_ascii=False)
    template = files(__package__).joinpath("not_found.html").read_text("utf-8")
    # Jinja reads JSON as it is: all values are strings.
    return f'{{% set archived = "/{COLLECTION}/im_/" %}}{{% set embeds = {embeds} %}}{template}'


@contextmanager
def _running(
    wayback: Path, port: int, folder: Path, log: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    command = [str(wayback), "-b", LOOPBACK, "-p", str(port), "-d", str(folder)]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    with log.open("wb") as stream:
        # In its own session: Ctrl-C reaches this process only, which then stops pywb.
        pywb = subprocess.Popen(  # noqa: S603 - installed by the operator
            command, stdout=stream, stderr=stream, env=environment, start_new_session=True
        )
    try:
        _wait_until_served(pywb, port, log)
        yield pywb
    finally:
        pywb.terminate()
        try:
            pywb.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pywb.kill()
            pywb.wait()


def _wait_until_served(pywb: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and pywb.poll() is None:
        with suppress(OSError), socket.create_connection((LOOPBACK, port), 1):
            return
        time.sleep(0.1)
    raise ArchiveError(f"pywb did not start; {_log_tail(log)}")


def _log_tail(path: Path) -> str:
    text = path.read_text(encoding="utf-8", errors="replace")
    return f"the last lines of {path}:\n{text[-LOG_TAIL_CHARS:]}"


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Make SIGTERM stop this process as Ctrl-C does, so that pywb never outlives it."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
