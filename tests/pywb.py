"""Serve an archive with a real pywb."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cacnp_archive.archive import Archive
from tests.conftest import BIN, ROOT, run

WAYBACK = ROOT / ".venv-replay" / "bin" / "wayback"


@contextmanager
def serve_with_pywb(archive: Archive, folder: Path) -> Iterator[str]:
    """Index the archive's files and serve them; yields the address of the collection."""
    assert WAYBACK.exists(), f"pywb is not installed: `make test` installs it into {WAYBACK.parent}"
    index = run(BIN / "cdxj-indexer", "--sort", *sorted(archive.warc_folder.glob("*.warc.gz")))
    assert index.returncode == 0, index.stderr
    (folder / "index.cdxj").write_text(index.stdout)
    (folder / "config.yaml").write_text(
        "collections:\n"
        "  cacnp:\n"
        f"    index_paths: {folder / 'index.cdxj'}\n"
        f"    archive_paths: {archive.warc_folder}/\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [WAYBACK, "-b", "127.0.0.1", "-p", str(port), "-d", folder],
            stdout=log,
            stderr=log,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
    try:
        wait_for(port, process, folder / "log")
        yield f"http://127.0.0.1:{port}/cacnp/"
    finally:
        process.terminate()
        process.wait(10)


def wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(300):
        assert process.poll() is None, log.read_text()
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text())
