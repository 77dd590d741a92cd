"""SIGKILL at any moment loses nothing that was safe."""

import os
import random
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cacnp_archive.maintenance import finalize as registry
from cacnp_archive.maintenance import repair
from cacnp_archive.maintenance.verify import verify_archive
from cacnp_archive.model.archive import Archive
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.storage.writing.crawl_writer import CrawlWriter
from cacnp_archive.warc import writer as writing
from tests.conftest import ROOT, crawl, crawl_command
from tests.crash.victim import archive_captures, check, die, kill_in_child

RANDOM_KILLS = 150
KILLED_CRAWLS = 12


def test_kills_at_random_moments(tmp_path: Path) -> None:
    chance = random.Random(1)
    safe: list[str] = []
    for seed in range(RANDOM_KILLS):
        safe += kill_in_child(
            lambda tell, seed=seed: archive_captures(tmp_path, seed, tell),
            after=chance.uniform(0.001, 0.05),
            safe_before=chance.randrange(8),
        )
        if seed % 10 == 9:
            check(tmp_path, safe)
    check(tmp_path, safe)
    assert len(safe) > RANDOM_KILLS


@pytest.fixture
def die_after_bytes(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Make the process die when it has written so many bytes of WARC files."""

    def arrange(limit: int) -> None:
        left = limit

        def write(stream: "object", data: bytearray) -> None:
            nonlocal left
            part = bytes(data[:left])
            stream.write(part)  # type: ignore[attr-defined]
            left -= len(part)
            if left == 0:
                die()

        monkeypatch.setattr(writing, "write_all", write)

    return arrange


def test_kill_at_every_byte_of_the_first_records(
    tmp_path: Path, die_after_bytes: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, limit in enumerate(range(1, 3000, 23)):
        folder = tmp_path / str(number)
        with monkeypatch.context():
            die_after_bytes(limit)
            safe = kill_in_child(
                lambda tell, folder=folder: archive_captures(folder, 1, tell), after=None
            )
        monkeypatch.undo()
        check(folder, safe)


POINTS: dict[str, tuple[object, str, bool]] = {
    "between WARC and database": (CrawlWriter, "save", False),
    "after the row": (CrawlWriter, "save", True),
    "before the file is complete": (writing, "rename_new", False),
    "while the file has both names": (os, "link", True),
    "after the file is complete": (writing, "rename_new", True),
    "before the index": (registry, "_write_lines", False),
    "before the manifest": (registry, "append_to_manifest", False),
    "after the manifest": (registry, "append_to_manifest", True),
    "after the first fsync": (writing, "fsync_folder", False),
    "in a repair, before the rows": (repair, "_add_rows", False),
    "in a repair, after the rows": (repair, "_add_rows", True),
}


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("times", [1, 3])
def test_kill_at_a_chosen_point(
    point: str, times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, name, afterwards = POINTS[point]
    real = getattr(owner, name)
    calls = 0

    def deadly(*arguments: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        result = real(*arguments, **named) if afterwards or calls < times else None
        if calls == times:
            die()
        return result

    safe = kill_in_child(lambda tell: archive_captures(tmp_path, 1, tell), after=None)
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, deadly)
        for seed in (2, 3, 4):
            safe += kill_in_child(
                lambda tell, seed=seed: archive_captures(tmp_path, seed, tell), after=None
            )
    assert safe
    check(tmp_path, safe)


def kills() -> Iterator[float]:
    chance = random.Random(2)
    for _ in range(KILLED_CRAWLS):
        yield chance.uniform(0.9, 3.5)


def test_killed_crawls_go_on_and_end_whole(tmp_path: Path) -> None:
    with ReplicaServer(build_site()) as server:
        words = crawl_command(server.base_url, tmp_path, CACNP_WARC_MAX_BYTES="200000")
        for seconds in kills():
            process = subprocess.Popen(
                words,
                cwd=ROOT,
                stderr=subprocess.DEVNULL,
            )
            with suppress(subprocess.TimeoutExpired):  # when it has nothing left to do
                process.wait(seconds)
            process.kill()
            process.wait()
        result = crawl(server.base_url, tmp_path, CACNP_WARC_MAX_BYTES="200000")
        truth = server.truth
    assert result.returncode == 0, result.stderr
    check(tmp_path, [])
    assert verify_archive(Archive(tmp_path)).row_count > len(truth["articles"])
