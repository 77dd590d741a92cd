"""A database of version 0.1 becomes one of today, with no loss."""

from pathlib import Path
from typing import Any

import pytest

from cacnp_archive.storage.database import open_database
from tests.support.old_database import make_old_database

REVISIT = {"status": 200, "record_type": "revisit"}

VERDICTS: list[tuple[dict[str, Any], str | None, int]] = [
    ({"status": 200}, None, 1),
    ({"status": 203}, None, 1),
    ({"status": 200, "truncated": "length"}, None, 1),
    ({"status": 200, "truncated": "disconnect"}, "truncated", 0),
    ({"status": 500, "truncated": "time"}, "truncated", 0),
    ({"status": 304}, "304", 0),
    ({"status": 304, "record_type": "revisit", "original_id": 1}, None, 1),
    (REVISIT, "200", 0),
    (REVISIT | {"original_id": 1}, None, 1),
    ({"status": 204}, None, 0),
    ({"status": 301}, None, 0),
    ({"status": 404}, None, 0),
    ({"status": 429}, "429", 0),
    ({"status": 503}, "503", 0),
]


def test_captures_of_an_older_database_get_their_verdicts(tmp_path: Path) -> None:
    captures = [capture for capture, _, _ in VERDICTS]
    make_old_database(tmp_path / "archive.db", *captures)
    database = open_database(tmp_path / "archive.db")
    rows = database.execute("SELECT failure, is_good FROM captures ORDER BY id").fetchall()
    database.close()
    assert rows == [(failure, is_good) for _, failure, is_good in VERDICTS]


@pytest.mark.parametrize("status", [401, 403])
def test_older_database_gets_walls_only_before_what_was_archived(
    status: int, tmp_path: Path
) -> None:
    statuses = (404, status, 200, status)
    make_old_database(tmp_path / "archive.db", *({"status": one} for one in statuses))
    database = open_database(tmp_path / "archive.db")
    rows = database.execute("SELECT wall, failure FROM captures ORDER BY id").fetchall()
    database.close()
    assert rows == [(None, None)] * 3 + [("access-denied", "access-denied")]


def test_problems_of_an_older_database_read_as_those_of_today(tmp_path: Path) -> None:
    extra = """INSERT INTO problems (capture_id, code, detail) VALUES
        (1, 'broken-sound', 'no frames'),
        (1, 'incredible-times',
            '80 addresses are said to have changed: they have their turn by age')"""
    make_old_database(tmp_path / "archive.db", extra=extra)
    database = open_database(tmp_path / "archive.db")
    rows = database.execute("SELECT code, detail FROM problems ORDER BY id").fetchall()
    database.close()
    assert rows == [
        ("broken-audio", "no frames"),
        (
            "incredible-times",
            "80 URLs are said to have changed: they are checked when they are due",
        ),
    ]
