"""A wall in an imported file is marked, and says nothing about the page that it stands for."""

from contextlib import closing
from pathlib import Path

from cacnp_archive.model.site import HOME
from cacnp_archive.storage.database import read_database
from tests.conftest import BIN, run
from tests.support.foreign_records import http, page, record, write

URL = f"{HOME}rockets/"
CHALLENGE = b"<html><head><title>Just a moment...</title></head><body>Wait.</body></html>"
SUSPECT = b"<html><body><script>check()</script></body></html>"


def test_imported_walls_are_marked_and_the_article_stays(tmp_path: Path) -> None:
    blocks = {
        "2016": http(page("Words.", "Rockets")),
        "2017": http(CHALLENGE),
        "2018": http(b"", "Location: " + URL, status="HTTP/1.1 302 Found"),
        "2019": http(b"Denied", "cf-mitigated: challenge", status="HTTP/1.1 403 Forbidden"),
        "2020": http(page("Words.", "Rockets")),
    }
    records = [
        record(block, f"{year}-05-06T07:08:09Z", URL) for year, block in sorted(blocks.items())
    ]
    path = write(tmp_path / "old.warc", records)
    later = write(tmp_path / "later.warc", [record(http(SUSPECT), "2021-05-06T07:08:09Z", URL)])
    command = (BIN / "cacnp-archive", "--data-dir", tmp_path / "data")
    imported = run(*command, "import", "--site", HOME, path, later)
    assert imported.returncode == 0, imported.stderr
    with closing(read_database(tmp_path / "data" / "archive.db")) as database:
        walls = database.execute("SELECT wall, is_good FROM captures ORDER BY captured_at")
        assert walls.fetchall() == [
            (None, 1),
            ("challenge", 0),
            ("redirect-loop", 0),
            ("challenge", 0),
            (None, 1),
            ("challenge", 0),
        ]
        columns = "title, body_text, first_seen_at, last_seen_at"
        ((title, text, first, last),) = database.execute(f"SELECT {columns} FROM articles")
        assert (title, text, first[:4], last[:4]) == ("Rockets", "Words.", "2016", "2020")
        assert database.execute("SELECT count(*) FROM versions").fetchone() == (1,)
    assert "no row differs" in run(*command, "rebuild", "--dry-run").stdout
