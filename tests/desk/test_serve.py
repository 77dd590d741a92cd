"""`desk` opens with and without replay, says what is missing, and stops when asked to."""

import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import BIN, CrawledReplica, get, run

COMMAND = BIN / "cacnp-archive"

WITHOUT_DATASETTE = """
import sys
sys.modules["datasette"] = None  # as Python itself marks what cannot be imported
from cacnp_archive.commands.cli import main
main(["--data-dir", sys.argv[1], "desk"])
"""

WITHOUT_PYWB = """
import os, sys
from cacnp_archive.commands.cli import main
from cacnp_archive.desk import replay
replay.REPLAY_ENVIRONMENT = ".venv-nowhere"
os.environ["PATH"] = ""
main(["--data-dir", sys.argv[1], "desk", "--port", "0", "--replay-port", "0"])
"""


@contextmanager
def running(*command: str | Path, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a desk, from the moment when it can be opened; it never outlives the test."""
    with log.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=stream)
    try:
        while "Ctrl-C" not in log.read_text():
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait()


def address_in(log: Path) -> str:
    """Return the desk's address, the last one that was printed."""
    return [word for word in log.read_text().split() if word.startswith("http")][-1]


def redirect_of(url: str) -> str:
    """Return where an address redirects to, without going there."""

    class Staying(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    opener = urllib.request.build_opener(Staying)
    with pytest.raises(urllib.error.HTTPError) as raised:
        opener.open(url)
    raised.value.close()
    return str(raised.value.headers["Location"])


def test_missing_datasette_is_one_line_that_says_how_to_install_it(
    replica: CrawledReplica,
) -> None:
    result = run(sys.executable, "-c", WITHOUT_DATASETTE, replica.archive.folder)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("cacnp-archive: the desk needs datasette, ")
    assert "make install" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("options", [(), ("--no-replay",)])
def test_folder_without_an_archive_is_a_clear_message(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    result = run(COMMAND, "--data-dir", tmp_path / "none", "desk", "--port", "0", *options)
    assert result.returncode == 1
    assert "no archive in" in result.stderr


def test_taken_port_is_a_clear_message(replica: CrawledReplica) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = run(COMMAND, "--data-dir", replica.archive.folder, "desk", "--port", port)
    assert (result.returncode, result.stdout) == (2, "")
    assert f"port {port}" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_desk_listens_to_this_machine_alone_until_a_signal_stops_it(
    number: signal.Signals, replica: CrawledReplica, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    words = ("desk", "--no-replay", "--port", "0")
    with running(COMMAND, "--data-dir", replica.archive.folder, *words, log=log) as process:
        address = address_in(log)
        assert b"missile" in get(f"{address}search?words=missile")
        port = int(address.rstrip("/").rpartition(":")[2])
        listening = Path("/proc/net/tcp").read_text().split()
        assert f"0100007F:{port:04X}" in listening
        assert f"00000000:{port:04X}" not in listening
        process.send_signal(number)
        assert process.wait(60) == 0, log.read_text()
        assert "Traceback" not in log.read_text()


def test_desk_without_pywb_opens_and_says_in_one_line_how_to_add_replay(
    replica: CrawledReplica, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with running(sys.executable, "-c", WITHOUT_PYWB, replica.archive.folder, log=log):
        first, second, *_ = log.read_text().splitlines()
        assert first.startswith("Without replay: pywb is not installed: run `make replay` ")
        assert second.startswith("The research desk is at ")
        assert redirect_of(f"{address_in(log)}capture/1").endswith("/captures/1")


def test_desk_opens_without_replay_while_no_warc_file_is_complete(
    replica: CrawledReplica, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(replica.archive.folder, tmp_path / "copy"))
    for path in (folder / "warc").iterdir():
        path.rename(path.with_name(f"{path.name}.open"))
    log = tmp_path / "log"
    words = ("desk", "--port", "0", "--replay-port", "0")
    with running(COMMAND, "--data-dir", folder, *words, log=log):
        assert "Without replay: " in log.read_text()
        assert "has no complete WARC file yet" in log.read_text()


def test_rows_lead_to_the_replay_that_is_named(replica: CrawledReplica, tmp_path: Path) -> None:
    log = tmp_path / "log"
    replay = "http://127.0.0.1:1/all/"
    words = ("desk", "--port", "0", "--replay-at", replay)
    with running(COMMAND, "--data-dir", replica.archive.folder, *words, log=log):
        assert redirect_of(f"{address_in(log)}capture/1").startswith(replay)
