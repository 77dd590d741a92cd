"""The benchmark of searching fills an archive the same each time, and reckons rightly."""

import sqlite3
import subprocess
import sys
from pathlib import Path

from benchmarks.filled import fill
from benchmarks.prose import Prose
from benchmarks.searching import Asked, fastest
from cacnp_archive.archive import Archive
from cacnp_archive.storage.database import read_database
from tests.conftest import ROOT


def test_benchmark_tells_how_it_is_used() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.searching", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "python -m benchmarks.searching" in told.stdout


def test_prose_of_one_seed_is_the_same_and_its_words_are_unevenly_frequent() -> None:
    text = Prose(1).paragraph(2000).lower()
    assert text == Prose(1).paragraph(2000).lower() != Prose(2).paragraph(2000).lower()
    words = Prose(0).words
    assert text.count(f" {words[0]} ") > 10 * text.count(f" {words[400]} ")


def test_archive_is_filled_the_same_each_time_and_has_changes(tmp_path: Path) -> None:
    archives = [Archive(tmp_path / name) for name in "ab"]
    for archive in archives:
        fill(archive, 1)
    one, other = (read_database(archive.database_path) for archive in archives)
    for query in (
        "SELECT url, title, body_text, gone_at FROM articles ORDER BY id",
        "SELECT kind, detail FROM changes ORDER BY id",
        "SELECT url, text FROM document_pages JOIN documents ON documents.id = document_id",
    ):
        rows = one.execute(query).fetchall()
        assert rows
        assert rows == other.execute(query).fetchall()
    kinds = {kind for (kind,) in one.execute("SELECT kind FROM changes")}
    assert {"edited", "edited silently", "gone", "moved"} <= kinds
    one.close()
    other.close()


def test_goal_is_missed_reached_or_reached_by_what_must_be_read() -> None:
    def ends(seconds: float, least: float) -> str:
        asked = Asked("x", seconds, 3, 0.001, "rows to count: 9", least)
        return asked.line().split(" | ")[-1]

    assert ends(0.01, 0) == "yes |"
    assert ends(0.05, 0.004) == "with these |"
    assert ends(0.05, 0.003) == "no |"


def test_fastest_select_gives_the_rows_of_the_query() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE numbers AS SELECT value FROM json_each('[1, 2, 3]')")
    sql = "SELECT value FROM numbers WHERE value > :least"
    count, seconds = fastest(connection, sql, {"least": 1})
    assert (count, seconds > 0) == (2, True)
    connection.close()
