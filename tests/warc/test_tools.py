"""The tools of the field must accept our files."""

import subprocess
import sys
from pathlib import Path

import pytest

from cacnp_archive.warc.writer import WarcWriter
from tests.support.fetching import fetch_all
from tests.support.odd_answers import ODD_ANSWERS
from tests.support.raw_server import RawServer

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def odd_warc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd")
    with RawServer(ODD_ANSWERS) as server:
        captures = fetch_all([server.base_url.rstrip("/") + path for path in ODD_ANSWERS])
    writer = WarcWriter(folder, "odd", [("software", "test")], 1 << 30)
    writer.write(captures)
    writer.close()
    return folder / "odd-00001.warc.gz"


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "command",
    [
        ("gzip", "-t"),
        (BIN / "warcio", "check", "-v"),
        (BIN / "fastwarc", "check"),
        (BIN / "cdxj-indexer", "--sort"),
    ],
    ids=["gzip", "warcio", "fastwarc", "cdxj-indexer"],
)
def test_outside_tools_accept_the_file(command: tuple[str | Path, ...], odd_warc: Path) -> None:
    result = run(*command, odd_warc)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "error" not in result.stderr.lower()


def test_indexer_finds_every_response(odd_warc: Path) -> None:
    lines = run(BIN / "cdxj-indexer", "--sort", odd_warc).stdout.splitlines()
    assert len(lines) == len(ODD_ANSWERS)
