"""SIGKILL at any moment, of a crawl or of its ingest process, loses nothing that was safe."""

import os
import random
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cacnp_archive.ingest import process
from cacnp_archive.maintenance import finalize, repair
from cacnp_archive.maintenance.verify import verify_archive
from cacnp_archive.model.archive import Archive
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.storage.writing.crawl_writer import CrawlWriter
from cacnp_archive.warc import writer as writing
from tests.conftest import ROOT, crawl, crawl_command
from tests.crash.victim import Killed, archive_captures, check, die, kill_in_child

CRAWL_KILLS = 100
INGEST_KILLS = 30
DOUBLE_KILLS = 20
KILLED_CRAWLS = 12

REPORTS = 120
"""A crawl of the victim makes about as many: each capture is safe, and then saved."""


def kill_at_random(folder: Path, count: int, *targets: str) -> list[Killed]:
    """Kill crawls of one archive, one after the other, and check it now and then."""
    chance = random.Random(1)
    killed = []
    for seed in range(count):
        killed.append(
            kill_in_child(
                lambda seed=seed: archive_captures(folder, seed),
                after=chance.uniform(0, 0.03),
                reports=chance.randrange(REPORTS),
                targets=targets,
                processes=2 if targets == ("ingest",) else 1,
            )
        )
        if seed % 10 == 9:
            check(folder, killed)
    check(folder, killed)
    return killed


def test_kills_of_crawls_at_random_moments(tmp_path: Path) -> None:
    killed = kill_at_random(tmp_path, CRAWL_KILLS, "crawl")
    assert sum(len(one.safe) > len(one.saved) for one in killed) > CRAWL_KILLS / 2
    assert sum(bool(one.saved) for one in killed) > CRAWL_KILLS / 2


def test_kills_of_ingest_processes_at_random_moments(tmp_path: Path) -> None:
    killed = kill_at_random(tmp_path, INGEST_KILLS, "ingest")
    finished = [one for one in killed if one.exit_code == 0]
    assert len(finished) > INGEST_KILLS / 2
    assert {len(one.saved) for one in finished} == {60}


def test_kills_of_both_at_random_moments(tmp_path: Path) -> None:
    killed = kill_at_random(tmp_path, DOUBLE_KILLS, "ingest", "crawl")
    assert sum(len(one.safe) > len(one.saved) for one in killed) > DOUBLE_KILLS / 2


@pytest.fixture
def die_after_bytes(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Make the process die when it has written a number of bytes of WARC files."""

    def arrange(limit: int) -> None:
        left = limit

        def write(stream: "object", data: bytes | bytearray) -> None:
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
            killed = kill_in_child(lambda folder=folder: archive_captures(folder, 1))
        monkeypatch.undo()
        assert killed.exit_code < 0
        check(folder, [killed])


POINTS: dict[str, tuple[object, str, bool]] = {
    "between WARC and database": (CrawlWriter, "save_many", False),
    "within a transaction": (CrawlWriter, "_save", True),
    "after the rows": (CrawlWriter, "save_many", True),
    "before the file is complete": (writing, "rename_new", False),
    "while the file has both names": (os, "link", True),
    "after the file is complete": (writing, "rename_new", True),
    "before the index": (finalize, "_write_lines", False),
    "before the manifest": (finalize, "append_to_manifest", False),
    "after the manifest": (finalize, "append_to_manifest", True),
    "after the first fsync": (writing, "fsync_folder", False),
    "before the journal": (process, "append_to_journal", False),
    "after the journal": (process, "append_to_journal", True),
    "in a repair, before the rows": (repair, "_add_rows", False),
    "in a repair, after the rows": (repair, "_add_rows", True),
}


ONCE = ("before the journal", "after the journal", "in a repair, ")
"""Points that a crawl passes once."""

TRIALS = [(point, 1) for point in POINTS] + [
    (point, 3) for point in POINTS if not point.startswith(ONCE)
]


@pytest.mark.parametrize(("point", "times"), TRIALS)
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

    killed = [kill_in_child(lambda: archive_captures(tmp_path, 1))]
    assert killed[0].exit_code == 0
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, deadly)
        for seed in (2, 3, 4):
            one = kill_in_child(lambda seed=seed: archive_captures(tmp_path, seed), processes=6)
            killed.append(one)
    assert all(one.deaths for one in killed[1:])
    check(tmp_path, killed)


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
