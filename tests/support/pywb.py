"""Serve an archive with a real pywb, as `cacnp-archive replay` does."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from cacnp_archive.model.archive import Archive
from tests.conftest import BIN, ROOT

WAYBACK = ROOT / ".venv-replay" / "bin" / "wayback"


@contextmanager
def serve_with_pywb(archive: Archive) -> Iterator[str]:
    """Run the command; yields the address of the collection."""
    assert WAYBACK.exists(), f"pywb is not installed: `make test` installs it into {WAYBACK.parent}"
    with start_replay(archive) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("The archive is served at "), line
        yield line.split()[-1].replace("localhost", "127.0.0.1")
        process.terminate()
        assert process.wait() == 0


@contextmanager
def start_replay(archive: Archive) -> Iterator["subprocess.Popen[str]"]:
    """Start the command on a free port; it never outlives the test."""
    with subprocess.Popen(
        [BIN / "cacnp-archive", "--data-dir", archive.folder, "replay", "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
