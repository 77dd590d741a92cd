"""`explore` and `desk` say what they lack, and end when they are told to."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import BIN, CrawledReplica, get, run

WITHOUT_DATASETTE = """
import sys
sys.modules["datasette.app"] = None  # as Python itself marks what cannot be imported
from cacnp_archive.commands.cli import main
main(["--data-dir", sys.argv[1], "explore"])
"""


def test_missing_datasette_is_said_with_how_to_install_it(replica: CrawledReplica) -> None:
    said = run(sys.executable, "-c", WITHOUT_DATASETTE, replica.archive.folder)
    assert said.returncode == 1
    assert "make desk" in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize("command", ["explore", "desk"])
def test_folder_without_an_archive_is_said(command: str, tmp_path: Path) -> None:
    said = run(BIN / "cacnp-archive", "--data-dir", tmp_path / "none", command, "--port", "0")
    assert said.returncode == 1
    assert "no archive in" in said.stderr


def test_taken_port_is_said(replica: CrawledReplica) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = run(
            BIN / "cacnp-archive", "--data-dir", replica.archive.folder, "explore", "--port", port
        )
    assert said.returncode == 2
    assert f"port {port}" in said.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_explore_listens_to_this_machine_alone_until_it_is_told_to_end(
    number: signal.Signals, replica: CrawledReplica, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    command = [
        BIN / "cacnp-archive",
        "--data-dir",
        replica.archive.folder,
        "explore",
        "--port",
        "0",
    ]
    with log.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=stream)
    try:
        while "Ctrl-C" not in log.read_text():
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        address = next(word for word in log.read_text().split() if word.startswith("http"))
        assert b"Questions to begin with" in get(address)
        port = int(address.rstrip("/").rpartition(":")[2])
        listening = Path("/proc/net/tcp").read_text().split()
        assert f"0100007F:{port:04X}" in listening
        assert f"00000000:{port:04X}" not in listening
        process.send_signal(number)
        assert process.wait(20) == 0, log.read_text()
        assert "Traceback" not in log.read_text()
    finally:
        process.kill()
        process.wait()
