"""What is taken out is what is in, whatever the form."""

import csv
import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from cacnp_archive.commands.export import export_rows
from tests.conftest import CrawledReplica
from tests.support.command import command

TABLES = (
    "posts",
    "bibliography",
    "articles",
    "links",
    "captures",
    "document_pages",
    "crawl_metrics",
)


def rows_of(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(path) as database:
        return database.execute(sql).fetchall()


def export(replica: CrawledReplica, *words: str | Path) -> Any:
    return command("--data-dir", replica.archive.folder, "export", *words)


@pytest.mark.parametrize("table", TABLES)
def test_all_forms_hold_the_same_rows(table: str, replica: CrawledReplica, tmp_path: Path) -> None:
    want = rows_of(replica.archive.database_path, f"SELECT * FROM {table}")
    for form in ("csv", "jsonl", "parquet"):
        assert export_rows(replica.archive, table, form, tmp_path / form, ()) == len(want)
    with (tmp_path / "csv").open(encoding="utf-8", newline="") as stream:
        lines = list(csv.reader(stream))
    objects = [
        json.loads(line) for line in (tmp_path / "jsonl").read_text("utf-8").split("\n")[:-1]
    ]
    parquet = pyarrow.parquet.read_table(tmp_path / "parquet")
    as_text = [["" if v is None else str(v) for v in row] for row in want]
    assert sorted(lines[1:]) == sorted(as_text)
    assert lines[0] == list(objects[0]) == parquet.schema.names
    assert sorted(map(repr, (tuple(o.values()) for o in objects))) == sorted(map(repr, want))
    assert [tuple(row.values()) for row in parquet.to_pylist()] == [
        tuple(o.values()) for o in objects
    ]


def test_rows_can_be_chosen(replica: CrawledReplica) -> None:
    made = export(replica, "bibliography", "--format", "jsonl", "--where", "kind=op-ed",
                  "--where", "year>=2012", "--where", "title~OP-ED")  # fmt: skip
    found = [json.loads(line) for line in made.stdout.splitlines()]
    want = rows_of(
        replica.archive.database_path,
        """SELECT id FROM bibliography
        WHERE kind = 'op-ed' AND year >= '2012' AND lower(title) LIKE '%op-ed%'""",
    )
    assert sorted(row["id"] for row in found) == sorted(number for (number,) in want)
    assert found


def test_numbers_are_compared_as_numbers(replica: CrawledReplica) -> None:
    made = export(replica, "articles", "--format", "jsonl", "--where", "word_count<9")
    assert all(json.loads(line)["word_count"] < 9 for line in made.stdout.splitlines())
    assert made.stdout


@pytest.mark.parametrize(
    "words",
    [["nothing"], ["posts", "--where", "none=1"], ["posts", "--where", "kind"],
     ["posts", "--where", "kind=1 OR 1"], ["posts; DROP TABLE articles"], [],
     ["posts", "--format", "parquet"], ["posts", "--format", "sqlite"]],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(words: list[str], replica: CrawledReplica) -> None:
    made = export(replica, *words)
    if "kind=1 OR 1" in words:  # a value, and no SQL
        assert (made.returncode, made.stdout.count("\n")) == (0, 1)
    else:
        assert (made.returncode, made.stdout) == (2, "")


def test_snapshot_is_whole_frozen_and_explains_itself(
    replica: CrawledReplica, tmp_path: Path
) -> None:
    path = tmp_path / "snapshot.db"
    made = export(replica, "--format", "sqlite", "--out", path)
    assert made.stdout.strip() == str(path), made.stderr
    for table in TABLES:
        sql = f"SELECT * FROM {table}"
        assert rows_of(path, sql) == rows_of(replica.archive.database_path, sql)
    assert rows_of(path, "PRAGMA integrity_check") == [("ok",)]
    assert rows_of(path, "PRAGMA journal_mode") == [("delete",)]
    ((made_at,),) = rows_of(path, "SELECT value FROM snapshot WHERE name = 'made_at'")
    assert made_at.endswith("Z")
    ((words,),) = rows_of(
        path,
        """SELECT description FROM data_dictionary
        WHERE table_name = 'articles' AND column_name = 'word_count'""",
    )
    assert words == "words in body_text, separated by white space"
    assert path.stat().st_mode & 0o222 == 0
    assert export(replica, "--format", "sqlite", "--out", path).returncode == 2


@pytest.mark.parametrize(
    ("name", "begin"),
    [("a.csv", b"id,"), ("a.jsonl", b'{"id"'), ("a.PARQUET", b"PAR1"), ("a", b"id,")],
)
def test_format_follows_the_name_of_the_file(
    name: str, begin: bytes, replica: CrawledReplica, tmp_path: Path
) -> None:
    made = export(replica, "bibliography", "--out", tmp_path / name)
    assert made.returncode == 0, made.stderr
    assert (tmp_path / name).read_bytes().startswith(begin)


def test_snapshot_may_be_asked_for_by_its_ending(replica: CrawledReplica, tmp_path: Path) -> None:
    assert export(replica, "--out", tmp_path / "a.sqlite").returncode == 0
    assert (tmp_path / "a.sqlite").read_bytes().startswith(b"SQLite format 3")


@pytest.mark.parametrize("words", [["--out", "a.xlsx"], ["--out", "a.csv", "--format", "jsonl"]])
def test_ending_that_fits_no_format_is_refused(
    words: list[str], replica: CrawledReplica, tmp_path: Path
) -> None:
    path = tmp_path / words[1]
    made = export(replica, "posts", "--out", path, *words[2:])
    assert made.returncode == 2
    assert ".parquet (parquet)" in made.stderr
    assert not path.exists()


def test_unknown_table_is_told_the_tables_and_views(replica: CrawledReplica) -> None:
    said = export(replica, "nothing").stderr
    assert "articles" in said
    assert "bibliography" in said


def test_reader_that_has_enough_ends_the_export_quietly(replica: CrawledReplica) -> None:
    words = ["--data-dir", str(replica.archive.folder), "export", "captures", "--format", "jsonl"]
    with subprocess.Popen(
        [sys.executable, "-m", "cacnp_archive", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as made:
        assert made.stdout is not None
        assert made.stderr is not None
        head = subprocess.run(["head", "-1"], stdin=made.stdout, capture_output=True, check=True)
        made.stdout.close()
        said = made.stderr.read()
    assert json.loads(head.stdout)["id"]
    assert (made.returncode, said) == (141, b"")
