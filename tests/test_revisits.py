"""What has not changed is kept as a revisit, and replayed as the page that it was."""

import time
import urllib.request
from collections import Counter
from pathlib import Path

import pytest

from cacnp_archive.archive import Archive
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.storage.database import read_database
from cacnp_archive.verify import verify
from cacnp_archive.warc.reader import StoredRecord, read_records
from tests.conftest import BIN, SEED_PAGE, crawl, get, run
from tests.pywb import serve_with_pywb
from tests.raw_server import RawServer

POSTS = "SELECT * FROM posts ORDER BY url"
LINKS = "SELECT * FROM post_links ORDER BY url, target_url, anchor_text"


WITHOUT_VALIDATORS = {
    "/": b"<body class='home'><a href='/a'>a</a><img src='/p.png'></body>",
    "/a": b"<body class='single postid-7'><h1 class='entry-title'>A</h1></body>",
    "/p.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
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
            self.outputs.append(crawl(server.base_url, folder))
            self.second = self.rows(POSTS), self.rows(LINKS)
            self.statuses = Counter(entry.status for entry in server.log)
            self.seed_page = get(server.base_url + SEED_PAGE)
        answers = {
            path: b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
            % (b"image/png" if path.endswith("png") else b"text/html", len(body), body)
            for path, body in WITHOUT_VALIDATORS.items()
        }
        with RawServer(answers) as raw:
            self.outputs.append(crawl(raw.base_url, folder))
            time.sleep(1.1)
            self.outputs.append(crawl(raw.base_url, folder))

    def rows(self, sql: str) -> list[dict[str, object]]:
        database = read_database(self.archive.database_path)
        found = list(database.query(sql))
        database.close()
        return found

    def records(self) -> list[StoredRecord]:
        paths = sorted(self.archive.warc_folder.glob("*.warc.gz"))
        return [record for path in paths for record in read_records(path)]


@pytest.fixture(scope="module")
def recrawled(tmp_path_factory: pytest.TempPathFactory) -> Recrawled:
    recrawled = Recrawled(tmp_path_factory.mktemp("recrawled") / "data")
    for output in recrawled.outputs:
        assert output.returncode == 0, output.stderr
    return recrawled


def test_both_kinds_of_revisit_are_written(recrawled: Recrawled) -> None:
    profiles = Counter(
        record.field("WARC-Profile").rpartition("/")[2]
        for record in recrawled.records()
        if record.record_type == "revisit"
    )
    assert profiles["server-not-modified"] == recrawled.statuses[304] > 100
    assert profiles["identical-payload-digest"] >= len(WITHOUT_VALIDATORS)


def test_unchanged_site_reads_the_same(recrawled: Recrawled) -> None:
    assert recrawled.first == recrawled.second


def test_readings_come_from_records_that_have_the_bytes(recrawled: Recrawled) -> None:
    assert recrawled.rows(
        """SELECT DISTINCT record_type FROM articles JOIN captures ON captures.id = capture_id"""
    ) == [{"record_type": "response"}]


def test_revisit_of_not_modified_has_an_empty_block(recrawled: Recrawled) -> None:
    records = {record.record_id: record for record in recrawled.records()}
    metadata = {
        record.field("WARC-Concurrent-To").strip("<>"): record.block.to_bytes()
        for record in records.values()
        if record.record_type == "metadata"
    }
    revisits = [r for r in records.values() if r.field("WARC-Profile").endswith("not-modified")]
    for revisit in revisits:
        original = records[revisit.field("WARC-Refers-To").strip("<>")]
        assert revisit.block.size == 0
        assert revisit.field("WARC-Payload-Digest") == ""
        assert revisit.field("WARC-Refers-To-Target-URI") == original.field("WARC-Target-URI")
        assert revisit.field("WARC-Refers-To-Date") == original.field("WARC-Date")
        assert b"httpHeaderLine: HTTP/1.1 304 Not Modified" in metadata[revisit.record_id]
        assert b"\r\nhttpHeaderLine: ETag: " in metadata[revisit.record_id]


def test_revisit_of_a_payload_repeats_the_digest_to_the_letter(recrawled: Recrawled) -> None:
    records = {record.record_id: record for record in recrawled.records()}
    revisits = [r for r in records.values() if r.field("WARC-Profile").endswith("payload-digest")]
    for revisit in revisits:
        original = records[revisit.field("WARC-Refers-To").strip("<>")]
        assert original.record_type == "response"
        assert revisit.field("WARC-Payload-Digest") == original.field("WARC-Payload-Digest") != ""
        assert revisit.block.to_bytes().endswith(b"\r\n\r\n")


def test_rows_and_records_agree(recrawled: Recrawled) -> None:
    assert verify(recrawled.archive).findings == []


@pytest.mark.parametrize(
    "command", [("warcio", "check"), ("fastwarc", "check"), ("cdxj-indexer", "--sort")]
)
def test_outside_tools_accept_revisits(command: tuple[str, ...], recrawled: Recrawled) -> None:
    paths = sorted(recrawled.archive.warc_folder.glob("*.warc.gz"))
    for path in paths:
        result = run(BIN / command[0], *command[1:], path)
        assert result.returncode == 0, result.stdout + result.stderr


def test_pywb_replays_every_revisit_as_its_original(recrawled: Recrawled, tmp_path: Path) -> None:
    captures = recrawled.rows(
        """SELECT revisit.url AS url, revisit.captured_at AS at, original.url AS original_url,
            original.captured_at AS original_at, revisit.status AS status
        FROM captures AS revisit JOIN captures AS original ON original.id = revisit.original_id"""
    )
    assert len(captures) > 100
    with serve_with_pywb(recrawled.archive, tmp_path) as address:
        differing = [
            capture
            for capture in captures
            if replayed(address, capture["at"], capture["url"])
            != replayed(address, capture["original_at"], capture["original_url"])
        ]
        assert differing == []
        second = max(str(c["at"]) for c in captures if c["url"] == recrawled.base_url + SEED_PAGE)
        assert replayed(address, second, recrawled.base_url + SEED_PAGE)[1] == recrawled.seed_page


def replayed(address: str, moment: object, url: object) -> tuple[int, bytes]:
    timestamp = "".join(filter(str.isdigit, str(moment)))[:14]
    with urllib.request.urlopen(f"{address}{timestamp}id_/{url}", timeout=10) as response:
        return response.status, response.read()
