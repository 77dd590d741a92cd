"""One process at a time writes to an archive; the others are told which."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cacnp_archive.model.archive import Archive
from cacnp_archive.model.errors import ArchiveLockedError
from tests.conftest import BIN, ROOT, run

HOLDER = """
import resource, sys
from pathlib import Path
from cacnp_archive.model.archive import Archive
if limit := sys.argv[2:]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit[0]), int(limit[0])))
with Archive(Path(sys.argv[1])).locked():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path)
    archive.prepare()
    return archive


@contextmanager
def held_by_another(archive: Archive, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Have another process hold the archive until the block ends."""
    command = [sys.executable, "-c", HOLDER, str(archive.folder), *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        yield holder


def refusal(archive: Archive) -> str:
    with pytest.raises(ArchiveLockedError) as caught, archive.locked():
        pass
    return str(caught.value)


def note_path(archive: Archive) -> Path:
    return archive.state_folder / "crawl.lock.json"


def test_second_process_is_told_which_holds_the_archive_and_since_when(archive: Archive) -> None:
    with held_by_another(archive) as holder:
        assert re.fullmatch(
            rf"another crawl \(process {holder.pid}, since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC\) "
            rf"is writing to {archive.folder}; wait for it to end",
            refusal(archive),
        )
        assert json.loads(note_path(archive).read_bytes())["command"] == f"-c {archive.folder}"


def test_asking_twice_changes_nothing(archive: Archive) -> None:
    with held_by_another(archive):
        assert refusal(archive) == refusal(archive)


def test_archive_is_free_when_its_holder_has_ended(archive: Archive) -> None:
    with held_by_another(archive):
        pass
    assert not note_path(archive).exists()
    with archive.locked():
        pass


def test_archive_is_free_when_its_holder_was_killed(archive: Archive) -> None:
    with held_by_another(archive) as killed:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert json.loads(note_path(archive).read_bytes())["pid"] == killed.pid
        with held_by_another(archive) as holder:
            assert f"(process {holder.pid}, " in refusal(archive)
    with archive.locked():
        assert json.loads(note_path(archive).read_bytes())["pid"] == os.getpid()


def test_note_of_a_dead_holder_is_never_taken_for_the_living_ones(archive: Archive) -> None:
    stale = {"pid": os.getpid(), "started_at": "2026-01-01T00:00:00+00:00", "command": "old"}
    note_path(archive).write_text(json.dumps(stale))
    with held_by_another(archive, "0"):  # it can write no note: not a byte fits on its disk
        assert refusal(archive).startswith("another crawl is writing to ")
    note_path(archive).write_text("{")
    with archive.locked():
        assert json.loads(note_path(archive).read_bytes())["pid"] == os.getpid()


def test_note_whose_process_is_no_more_names_nobody(archive: Archive) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    with held_by_another(archive):
        note = json.loads(note_path(archive).read_bytes())
        note_path(archive).write_text(json.dumps({**note, "pid": ended.pid}))
        assert refusal(archive).startswith("another crawl is writing to ")


def test_crawl_that_finds_the_archive_taken_ends_with_3_and_says_by_whom(archive: Archive) -> None:
    with held_by_another(archive) as holder:
        result = run(
            BIN / "scrapy", "crawl", "cacnp", "-s", f"CACNP_DATA_DIR={archive.folder}",
            "-a", "base_url=http://127.0.0.1:1/",
        )  # fmt: skip
    assert result.returncode == 3
    assert result.stderr.startswith(f"cacnp-archive: another crawl (process {holder.pid}, since ")
