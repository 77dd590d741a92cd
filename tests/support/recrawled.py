"""Two crawls of a site that did not change, which several tests look at."""

import time
from collections import Counter
from pathlib import Path

import pytest

from cacnp_archive.model.archive import Archive
from cacnp_archive.model.timestamps import timestamp_of
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.replica.assets.made_files import png
from cacnp_archive.storage.database import read_database
from cacnp_archive.warc.reader import StoredRecord, read_records
from tests.conftest import SEED_PAGE, crawl, get
from tests.support.made_once import made_once
from tests.support.raw_server import RawServer

POSTS = "SELECT * FROM posts ORDER BY url"
LINKS = "SELECT * FROM post_links ORDER BY url, target_url, anchor_text"

WITHOUT_VALIDATORS = {
    "/": b"<body class='home'><a href='/a'>a</a><img src='/p.png'></body>",
    "/a": b"<body class='single postid-7'><h1 class='entry-title'>A</h1></body>",
    "/p.png": png("picture"),
}


class Recrawled:
    """An archive of two crawls of a site that did not change.

    To the replica, which answers 304, comes a page of a server without validators.
    """

    def __init__(self, folder: Path) -> None:
        self.archive = Archive(folder)
        with ReplicaServer(build_site()) as server:
            self.base_url = server.base_url
            self.outputs = [crawl(server.base_url, folder)]
            self.first = self.rows(POSTS), self.rows(LINKS)
            time.sleep(1.1)  # replay tells captures apart by the second
            self.outputs.append(crawl(server.base_url, folder, CACNP_RECHECK_DAYS="0"))
            self.second = self.rows(POSTS), self.rows(LINKS)
            self.statuses = Counter(entry.status for entry in server.log)
            self.seed_page = get(server.base_url + SEED_PAGE)
            self.images = {
                url: get(url) for url in server.truth["requisites"] if url.endswith(".png")
            }
        answers = {
            path: b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
            % (b"image/png" if path.endswith("png") else b"text/html", len(body), body)
            for path, body in WITHOUT_VALIDATORS.items()
        }
        with RawServer(answers) as raw:
            self.raw_url = raw.base_url
            self.outputs.append(crawl(raw.base_url, folder))
            time.sleep(1.1)
            self.outputs.append(crawl(raw.base_url, folder, CACNP_RECHECK_DAYS="0"))

    def rows(self, sql: str) -> list[dict[str, object]]:
        database = read_database(self.archive.database_path)
        found = list(database.query(sql))
        database.close()
        return found

    def timestamps(self, url: str) -> list[str]:
        """Return when an address was captured, as replay writes times; oldest first."""
        rows = self.rows("SELECT url, captured_at FROM captures ORDER BY captured_at")
        return [timestamp_of(str(row["captured_at"])) for row in rows if row["url"] == url]

    def records(self) -> list[StoredRecord]:
        paths = sorted(self.archive.warc_folder.glob("*.warc.gz"))
        return [record for path in paths for record in read_records(path)]


def recrawled_site(folder: Path) -> Recrawled:
    """Make the archive."""
    recrawled = Recrawled(folder / "data")
    for output in recrawled.outputs:
        assert output.returncode == 0, output.stderr
    return recrawled


@pytest.fixture(scope="session")
def recrawled(tmp_path_factory: pytest.TempPathFactory) -> Recrawled:
    """Return the archive, which is made once for all tests."""
    return made_once(tmp_path_factory, "recrawled", recrawled_site)
