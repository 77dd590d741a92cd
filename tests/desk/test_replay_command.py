"""`cacnp-archive replay` serves the archive as it is, to this machine alone."""

import shutil
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from cacnp_archive.desk import replay
from cacnp_archive.model.errors import ArchiveError
from tests.conftest import BIN, ROOT, SEED_PAGE, CrawledReplica, get, run
from tests.support.pywb import serve_with_pywb, start_replay
from tests.support.recrawled import Recrawled

COMMAND = BIN / "cacnp-archive"


@pytest.fixture(scope="module")
def address(recrawled: Recrawled) -> Iterator[str]:
    with serve_with_pywb(recrawled.archive) as address:
        yield address


def test_seed_page_is_served_at_both_times(address: str, recrawled: Recrawled) -> None:
    url = recrawled.base_url + SEED_PAGE
    first, second = recrawled.timestamps(url)
    assert first < second
    for timestamp in (first, second):
        assert get(f"{address}{timestamp}id_/{url}") == recrawled.seed_page
        assert b"What is to be done?" in get(f"{address}{timestamp}mp_/{url}")


def test_images_are_served_at_both_times(address: str, recrawled: Recrawled) -> None:
    images = recrawled.images
    assert len(images) > 10
    for url, body in images.items():
        times = recrawled.timestamps(url)
        assert len(times) == 2
        for timestamp in times:
            assert get(f"{address}{timestamp}id_/{url}") == body


def test_page_that_was_never_captured_is_not_found(address: str, recrawled: Recrawled) -> None:
    with pytest.raises(urllib.error.HTTPError) as raised:
        get(f"{address}2026mp_/{recrawled.base_url}never/")
    assert raised.value.code == 404
    raised.value.close()


def test_only_this_machine_is_served(address: str) -> None:
    port = int(address.split(":")[2].split("/")[0])
    sockets = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = [place for _, place, _, state, *_ in sockets if state == "0A"]
    assert [place for place in listening if place.endswith(f":{port:04X}")] == [
        f"0100007F:{port:04X}"
    ]


def test_nothing_is_copied(address: str, recrawled: Recrawled) -> None:
    get(f"{address}mp_/{recrawled.base_url}")
    folder = recrawled.archive.folder / "state" / "replay"
    names = {path.name for path in folder.rglob("*") if not path.name.startswith("log-")}
    assert names == {"config.yaml", "templates", "not_found.html"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_it_and_pywb(number: signal.Signals, replica: CrawledReplica) -> None:
    with start_replay(replica.archive) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(4)]
        port = int(lines[0].split(":")[2].split("/")[0])
        page = lines[1].split()[-1]
        assert page.endswith(f"/{replica.base_url}")
        with urllib.request.urlopen(page) as response:
            assert response.status == 200
        process.send_signal(number)
        assert process.wait() == 0
        assert process.stdout.read() == ""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_taken_port_is_a_clear_message(replica: CrawledReplica) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = run(COMMAND, "--data-dir", replica.archive.folder, "replay", "--port", str(port))
    assert result.returncode == 2
    assert result.stderr.startswith(f"cacnp-archive: port {port} cannot be used")
    assert result.stderr.count("\n") == 1


def test_no_archive_yet_is_a_clear_message(tmp_path: Path) -> None:
    result = run(COMMAND, "--data-dir", tmp_path, "replay")
    assert result.returncode == 1
    assert result.stderr.startswith(f"cacnp-archive: no archive in {tmp_path}: ")


def test_nothing_complete_is_a_clear_message(replica: CrawledReplica, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(replica.archive.folder, tmp_path / "copy"))
    for path in (folder / "warc").iterdir():
        path.rename(path.with_name(f"{path.name}.open"))
    result = run(COMMAND, "--data-dir", folder, "replay")
    assert result.returncode == 1
    assert "has no complete WARC file yet" in result.stderr


def test_missing_pywb_is_a_clear_message(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(replay, "REPLAY_ENVIRONMENT", ".venv-nowhere")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ArchiveError, match="pywb is not installed: run `make replay`"):
        replay.find_wayback()


def test_program_of_the_environment_goes_first(replica: CrawledReplica, tmp_path: Path) -> None:
    program = tmp_path / "wayback"
    program.write_text("#!/bin/sh\necho no luck today\nexit 3\n")
    program.chmod(0o755)
    command = (COMMAND, "--data-dir", replica.archive.folder, "replay", "--port", "0")
    result = run(*command, environment={"CACNP_WAYBACK": str(program)})
    assert result.returncode == 1
    assert "pywb did not start" in result.stderr
    assert "no luck today" in result.stderr
    result = run(*command, environment={"CACNP_WAYBACK": "/no/such/program"})
    assert result.returncode == 2
    assert "CACNP_WAYBACK: /no/such/program is not a program" in result.stderr


def test_pywb_is_found_beside_scrapy_cfg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT / "tests")
    assert replay.find_wayback() == ROOT / ".venv-replay" / "bin" / "wayback"
    (tmp_path / "scrapy.cfg").touch()
    program = tmp_path / ".venv-replay" / "bin" / "wayback"
    program.parent.mkdir(parents=True)
    program.touch()
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert replay.find_wayback() == program
