"""A database of another version of the program is named as such, by every command."""

from pathlib import Path

import pytest

from cacnp_archive.model.archive import Archive
from cacnp_archive.model.errors import ArchiveError, UsageError
from cacnp_archive.storage.database import insert, open_database, read_database, update
from tests.conftest import BIN, crawl, run
from tests.support.old_database import make_old_database

COMMAND = BIN / "cacnp-archive"


@pytest.fixture
def newer(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path / "newer")
    archive.prepare()
    database = open_database(archive.database_path)
    database.table("_sqlite_migrations").insert(
        {"migration_set": "cacnp_archive", "name": "m999_of_tomorrow", "applied_at": ""}
    )
    database.close()
    return archive


@pytest.fixture
def older(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path / "older")
    archive.prepare()
    make_old_database(archive.database_path)
    return archive


@pytest.mark.parametrize(
    "words", [["status"], ["search", "treaty"], ["changes"], ["repair"], ["rebuild", "--dry-run"]]
)
def test_command_refuses_a_database_of_a_newer_version_in_one_line(
    words: list[str], newer: Archive
) -> None:
    before = newer.database_path.read_bytes()
    result = run(COMMAND, "--data-dir", newer.folder, *words)
    assert (result.returncode, result.stdout) == (2, "")
    (line,) = filter(str.strip, result.stderr.splitlines())
    assert str(newer.database_path) in line
    assert "was made by a newer version" in line
    assert newer.database_path.read_bytes() == before


def test_crawl_refuses_a_database_of_a_newer_version_in_one_line(newer: Archive) -> None:
    result = crawl("http://127.0.0.1:9/", newer.folder)
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert "was made by a newer version" in line
    assert newer.warc_names() == []


def test_reading_command_names_the_command_that_migrates_an_older_database(older: Archive) -> None:
    result = run(COMMAND, "--data-dir", older.folder, "changes")
    assert (result.returncode, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert "has an older schema: `cacnp-archive repair` brings it up to date" in line
    assert run(COMMAND, "--data-dir", older.folder, "repair").returncode == 0
    result = run(COMMAND, "--data-dir", older.folder, "export", "posts", "--where", "title=Title")
    assert (result.returncode, result.stderr) == (0, "")
    assert "https://example.org/a/" in result.stdout


def test_program_tells_newer_databases_from_files_that_are_none(
    newer: Archive, tmp_path: Path
) -> None:
    (tmp_path / "text.db").write_text(
        "This is a text, and longer than the header of a database. " * 9
    )
    for opened in (open_database, read_database):
        with pytest.raises(UsageError, match="newer version"):
            opened(newer.database_path)
        with pytest.raises(ArchiveError, match=r"is damaged .file is not a database"):
            opened(tmp_path / "text.db")


def test_update_changes_the_columns_of_one_row(tmp_path: Path) -> None:
    database = open_database(tmp_path / "archive.db")
    for name in ("Ann First", "Zoe Last"):
        insert(database, "authors", name=name)
    update(database, "authors", 2, {"name": "Zoe Late", "person": "Zoe Last"})
    assert database.execute("SELECT * FROM authors").fetchall() == [
        (1, "Ann First", None),
        (2, "Zoe Late", "Zoe Last"),
    ]
    database.close()
