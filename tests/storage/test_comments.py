"""An archive of an older version shows the same descriptions as a new one."""

import sqlite3
from pathlib import Path

from sqlite_utils import Database

from cacnp_archive.storage.database import open_database
from cacnp_archive.storage.schema.comments import refresh_comments
from cacnp_archive.storage.schema.description import current_schema, read_schema
from tests.support.old_database import make_old_database


def descriptions(database: Database) -> dict[str, str]:
    tables = read_schema(database)
    own = {table.name: table.description for table in tables}
    return own | {f"{t.name}.{c.name}": c.description for t in tables for c in t.columns}


def test_database_of_an_older_version_gets_todays_descriptions(tmp_path: Path) -> None:
    make_old_database(tmp_path / "archive.db")
    with sqlite3.connect(tmp_path / "archive.db") as old:
        (before,) = old.execute("SELECT sql FROM sqlite_schema WHERE name = 'links'").fetchone()
    old.close()
    assert "one row per link" not in before
    database = open_database(tmp_path / "archive.db")
    assert read_schema(database) == current_schema()
    assert descriptions(database)["links"] == "one row per link in an article's text"


def test_database_is_sound_after_its_comments_are_replaced(tmp_path: Path) -> None:
    make_old_database(tmp_path / "archive.db")
    open_database(tmp_path / "archive.db").close()
    database = open_database(tmp_path / "archive.db")
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert list(database.query("SELECT url, year, day FROM bibliography")) == [
        {"url": "https://example.org/a/", "year": "2013", "day": "2013-12-31"}
    ]
    database.execute("UPDATE articles SET title = 'Other', body_text = 'Two treaties.'")
    words = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH "
    assert database.execute(f"{words} 'treaties'").fetchall() == [(1,)]
    assert database.execute(f"{words} 'missile'").fetchall() == []
    (queued,) = database.execute("SELECT url FROM addresses WHERE queue_position = 7").fetchone()
    assert queued == "https://example.org/next/"
    database.close()


def test_comments_are_replaced_once(tmp_path: Path) -> None:
    make_old_database(tmp_path / "archive.db")
    versions = []
    for _ in range(2):
        database = open_database(tmp_path / "archive.db")
        versions += database.execute("PRAGMA schema_version").fetchall()
        database.close()
    assert versions[0] == versions[1]


def test_table_that_somebody_has_altered_keeps_its_text(tmp_path: Path) -> None:
    extra = "ALTER TABLE links ADD COLUMN my_note TEXT; CREATE TABLE mine (a TEXT -- of my own\n);"
    make_old_database(tmp_path / "archive.db", extra=extra)
    database = open_database(tmp_path / "archive.db")
    found = descriptions(database)
    assert found["links"] == "the links in the articles' bodies"
    assert found["mine.a"] == "of my own"
    assert found["embeds"] == descriptions(open_database(tmp_path / "new.db"))["embeds"]
    (columns,) = database.execute("SELECT count(my_note) FROM links").fetchone()
    assert columns == 0
    database.close()


def test_database_whose_schema_cannot_be_written_is_left_alone(tmp_path: Path) -> None:
    def forbid(action: int, name: str | None, value: str | None, *_: str | None) -> int:
        """Ignore the switch, as SQLite does in defensive mode."""
        is_switch = action == sqlite3.SQLITE_PRAGMA and (name, value) == ("writable_schema", "ON")
        return sqlite3.SQLITE_IGNORE if is_switch else sqlite3.SQLITE_OK

    path = tmp_path / "archive.db"
    open_database(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_schema SET sql = replace(sql, 'one row per link', 'links')")
    connection.commit()
    connection.close()
    database = Database(sqlite3.connect(path))
    database.conn.set_authorizer(forbid)
    refresh_comments(database)
    assert descriptions(database)["links"] == "links in an article's text"
    database.close()
    database = open_database(path)
    assert descriptions(database)["links"] == "one row per link in an article's text"
    database.close()
