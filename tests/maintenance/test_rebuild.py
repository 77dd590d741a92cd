"""The database made again from the WARC files equals the live one, row for row."""

import json
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cacnp_archive.maintenance.rebuild import rebuild
from cacnp_archive.maintenance.verify import verify_archive
from cacnp_archive.model.archive import Archive
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.storage.database import read_database
from tests.conftest import BIN, crawl, run

Tables = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an archive of four crawls, one of them stopped, of a changing site."""
    folder = tmp_path_factory.mktemp("lived") / "data"
    site = build_site(misbehave=True)
    with ReplicaServer(site) as server:
        crawl(server.base_url, folder, CACNP_MAX_REQUESTS="300", DOWNLOAD_TIMEOUT="8")
        crawl(server.base_url, folder, DOWNLOAD_TIMEOUT="8")
        paths = [post.path for post in site.posts if post.in_lists][10:20]
        now = datetime.now(UTC).replace(microsecond=0)
        site.edit(paths[0], text="Edited, for all to see.", modified_at=now)
        site.edit(paths[1], text="Edited in silence.")
        site.delete(paths[2])
        site.move(paths[3], "moved-elsewhere")
        site.soft_delete(paths[4], "home")
        site.validators = False
        site.shake()
        crawl(server.base_url, folder, DOWNLOAD_TIMEOUT="8")
        crawl(server.base_url, folder, CACNP_RECHECK_DAYS="0", DOWNLOAD_TIMEOUT="8")
    return folder


def tables(folder: Path) -> Tables:
    """Return every row of every table, shadow tables of the search index left out."""
    database = read_database(folder / "archive.db")
    names = [
        name
        for name in database.table_names()
        if "_fts" not in name and not name.startswith(("sqlite_", "_sqlite"))
    ]
    found = {
        name: sorted(database.execute(f"SELECT * FROM [{name}]").fetchall(), key=repr)
        for name in names
    }
    for name in ("articles", "document_pages"):
        rows = database.execute(
            f"SELECT rowid FROM {name}_fts WHERE {name}_fts MATCH 'nuclear OR page OR the'"
        )
        found[f"{name} with a word"] = sorted(rows.fetchall())
    database.close()
    return found


def assert_equal(one: Tables, other: Tables) -> None:
    assert one.keys() == other.keys()
    for name, rows in one.items():
        assert other[name] == rows, name


def test_rebuilt_database_equals_the_live_one_row_for_row(lived: Path) -> None:
    before = tables(lived)
    assert {name for name, rows in before.items() if not rows} <= {
        *("article_parts", "embed_cards", "layouts", "replaced_articles", "waiting_readings")
    }
    result = run(BIN / "cacnp-archive", "--data-dir", lived, "rebuild")
    assert result.returncode == 0, result.stderr
    assert "no row differs" in result.stdout
    assert_equal(before, tables(lived))
    assert verify_archive(Archive(lived)).fault_count == 0


def test_lost_database_is_made_again(lived: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(lived, folder)
    for path in folder.glob("archive.db*"):
        path.unlink()
    result = run(BIN / "cacnp-archive", "--data-dir", folder, "rebuild", "--jobs", "1")
    assert result.returncode == 0, result.stderr
    assert_equal(tables(lived), tables(folder))


def test_dry_run_says_what_differs_and_changes_nothing(lived: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(lived, folder)
    database = read_database(folder / "archive.db")
    (url, title) = database.execute(
        "SELECT url, title FROM articles WHERE title != '' ORDER BY url LIMIT 1"
    ).fetchone()
    database.close()
    connection = sqlite3.connect(folder / "archive.db")
    connection.execute(
        "UPDATE articles SET title = 'as an older parser read it' WHERE url = ?", [url]
    )
    connection.commit()
    connection.close()
    before = tables(folder)
    result = run(BIN / "cacnp-archive", "--data-dir", folder, "rebuild", "--dry-run", "--json")
    (difference,) = json.loads(result.stdout)["differences"]
    assert difference == {
        "what": "articles",
        "key": url,
        "field": "title",
        "old": "as an older parser read it",
        "new": title,
    }
    assert_equal(before, tables(folder))
    assert list(folder.glob("archive.db.new*")) == []


def test_damaged_file_is_told_and_the_rest_is_read(lived: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(lived, folder)
    first, *_ = sorted((folder / "warc").glob("*.warc.gz"))
    data = first.read_bytes()
    first.write_bytes(data[: len(data) // 2] + b"x" * 100 + data[len(data) // 2 + 100 :])
    result = rebuild(Archive(folder), jobs=2, dry_run=True, on_progress=lambda *_: None)
    assert len(result.unreadable) == 1
    assert first.name in result.unreadable[0]
    assert result.capture_count > 300


def test_files_of_others_are_imported_again(lived: Path, tmp_path: Path) -> None:
    folder, other = tmp_path / "data", tmp_path / "other"
    shutil.copytree(lived, folder)
    shutil.copytree(lived, other)
    latest = max((lived / "warc").glob("*.warc.gz"))
    for path in (*other.glob("archive.db*"), *(other / "warc").glob(latest.name)):
        path.unlink()
    (other / "manifest.jsonl").unlink()
    for command in (("repair",), ("import", latest), ("rebuild",)):
        result = run(BIN / "cacnp-archive", "--data-dir", other, *command)
        assert result.returncode == 0, result.stderr
    assert "no row differs" in result.stdout
    database = read_database(other / "archive.db")
    (count,) = database.execute(
        "SELECT count(*) FROM captures JOIN crawls ON crawls.id = crawl_id WHERE source NOT NULL"
    ).fetchone()
    database.close()
    assert count > 500
