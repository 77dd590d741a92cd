"""A full disk and a power loss: nothing safe is lost, and what is left is whole."""

import os
import random
from contextlib import suppress
from pathlib import Path

import pytest

from cacnp_archive.model.archive import Archive
from cacnp_archive.model.errors import StorageError
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.warc.reader import DamagedWarcError, read_records
from cacnp_archive.warc.writer import WarcWriter
from tests.conftest import crawl, crawl_command, run, with_small_files
from tests.crash.victim import Killed, archive_captures, check, kill_in_child
from tests.support.captures import make_capture
from tests.support.full_disk import no_file_larger_than

POWER_LOSSES = 40


def writer(folder: Path) -> WarcWriter:
    return WarcWriter(folder, "full", [("software", "test")], 1 << 30)


def test_disk_that_is_full_at_any_byte_of_a_capture_leaves_the_file_as_it_was(
    tmp_path: Path,
) -> None:
    measured = writer(tmp_path)
    measured.write([make_capture(body=b"kept")])
    path = tmp_path / "full-00001.warc.gz.open"
    before = path.stat().st_size
    measured.write([make_capture(body=b"lost " * 20)])
    after = path.stat().st_size
    measured.close()
    assert after - before > 1000
    for number, limit in enumerate(range(before, after - 8)):
        folder = tmp_path / str(number)
        folder.mkdir()
        warc = writer(folder)
        warc.write([make_capture(body=b"kept")])
        kept = (folder / path.name).read_bytes()
        refused = limit - before + len(kept)
        with no_file_larger_than(refused), pytest.raises(StorageError, match="File too large"):
            warc.write([make_capture(body=b"lost " * 20)])
        assert (folder / "full-00001.warc.gz").read_bytes() == kept
        assert len(list(folder.iterdir())) == 1
        (folder / "full-00001.warc.gz").unlink()


def test_disk_that_is_full_from_the_start_leaves_nothing_torn(tmp_path: Path) -> None:
    for limit in range(0, 400, 7):
        with no_file_larger_than(limit), pytest.raises(StorageError):
            writer(tmp_path).write([make_capture()])
        for path in tmp_path.iterdir():  # if the warcinfo found room, it stands there alone
            assert [record.record_type for record in read_records(path)] == ["warcinfo"]
            path.unlink()


def test_power_loss_keeps_what_was_fsynced(tmp_path: Path) -> None:
    chance = random.Random(3)
    safe: list[str] = []
    for seed in range(POWER_LOSSES):
        killed = kill_in_child(
            lambda seed=seed: archive_captures(tmp_path, seed, max_bytes=1 << 30),
            after=chance.uniform(0, 0.03),
            reports=chance.randrange(120),
            targets=("ingest", "crawl"),
        )
        safe += killed.safe
        lose_power(tmp_path, set(safe), chance)
        check(tmp_path, [Killed(0, safe)])  # of the rows some are lost, and made again
    assert len(safe) > POWER_LOSSES


def lose_power(folder: Path, safe: set[str], chance: random.Random) -> None:
    """Take away, or fill with zeros, some of what no fsync stands behind.

    Of WARC files that is all behind the last record that was said to be safe; of the database's
    log any part, for it is not fsynced at each commit.
    """
    archive = Archive(folder)
    for path in archive.warc_folder.glob("*.open"):
        with path.open("r+b") as stream:
            kept = end_of_safe_records(path, safe)
            size = os.fstat(stream.fileno()).st_size
            stream.truncate(chance.randint(kept, size))
            if chance.random() < 0.5:
                stream.truncate(size)
    log = archive.database_path.with_name("archive.db-wal")
    if log.exists():
        os.truncate(log, chance.randint(0, log.stat().st_size))


def end_of_safe_records(path: Path, safe: set[str]) -> int:
    """Return where the capture of the last safe record ends, its request and metadata included."""
    end = 0
    with suppress(DamagedWarcError):
        for record in read_records(path):
            concurrent = record.field("WARC-Concurrent-To").strip("<>")
            if record.record_type == "warcinfo" or {record.record_id, concurrent} & safe:
                end = record.offset + record.length
    return end


@pytest.mark.parametrize("kilobytes", [100, 400, 700, 1500])
def test_crawl_on_a_full_disk_stops_with_its_exit_code_and_is_mended(
    kilobytes: int, tmp_path: Path
) -> None:
    with ReplicaServer(build_site()) as server:
        words = crawl_command(server.base_url, tmp_path)
        result = run(*with_small_files(kilobytes, words))
        assert result.returncode == 4, result.stderr
        assert "Traceback" not in result.stderr
        again = crawl(server.base_url, tmp_path)
    assert again.returncode == 0, again.stderr
    check(tmp_path, [])
