"""The benchmark of `verify` writes what it says, and reckons rightly."""

import subprocess
import sys
from itertools import islice
from pathlib import Path

from benchmarks.crawls.measuring import Used
from benchmarks.verifying import (
    LARGE_BYTES,
    Pair,
    large_pictures,
    large_texts,
    row,
    small_pages,
    write_set,
)
from cacnp_archive.maintenance.verify import verify_files
from tests.conftest import ROOT


def test_benchmark_tells_how_it_is_used() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.verifying", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "python -m benchmarks.verifying" in told.stdout


def test_bodies_are_the_same_each_time_and_of_the_sizes_that_are_told() -> None:
    for make in (small_pages, large_texts, large_pictures):
        assert list(islice(make(), 3)) == list(islice(make(), 3))
    assert {len(data) for _, data in islice(large_texts(), 3)} == {LARGE_BYTES}
    assert all(1_000 < len(data) < 50_000 for _, data in islice(small_pages(), 50))


def test_set_lies_in_as_many_files_as_asked_for_and_is_whole(tmp_path: Path) -> None:
    paths = write_set(tmp_path, small_pages(), 400_000, 2)
    assert len(paths) == 2
    result = verify_files(paths, lambda _: None)
    assert result.record_count > 2 * 10
    assert result.findings == []


def test_half_the_time_is_twice_as_fast() -> None:
    pair = Pair(Used(5, 6, 300, 0), Used(10, 8, 200, 0))
    assert row("x", 2_000_000, [pair]) == (
        "| x | 2 | 2.00 (2.00-2.00) | 0.75 (0.75-0.75) | 1.50 (1.50-1.50) |"
    )
