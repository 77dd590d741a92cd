"""The benchmark of searching fills an archive with what is asked for, and reckons rightly."""

import sqlite3
import subprocess
import sys
from pathlib import Path

from benchmarks.filled import PARAGRAPH_WORDS, PARAGRAPHS, fill
from benchmarks.prose import Prose
from benchmarks.searching import Asked, fastest
from cacnp_archive.model.archive import Archive
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


def test_archive_is_filled_with_articles_documents_and_changes(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    fill(archive, 1)
    database = read_database(archive.database_path)
    (shortest,) = database.execute("SELECT min(word_count) FROM articles").fetchone()
    assert shortest >= PARAGRAPHS[0] * PARAGRAPH_WORDS
    kinds = {kind for (kind,) in database.execute("SELECT kind FROM changes")}
    assert {"edited", "edited silently", "gone", "moved"} <= kinds
    assert database.execute("SELECT count(*) FROM document_pages").fetchone()[0] > 10
    database.close()


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
