"""`cacnp-archive import`: files of others enter the same history, and tell nothing of today."""

import gzip
import itertools
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http import client
from pathlib import Path
from typing import Any

import pytest
from warcio.capture_http import capture_http

from cacnp_archive.maintenance.verify import verify_archive
from cacnp_archive.model.archive import Archive
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.storage.database import read_database
from cacnp_archive.warc.manifest import file_sha256, read_manifest
from tests.conftest import SEED_PAGE, crawl, get, run
from tests.support.command import command
from tests.support.foreign_records import (
    HOME,
    OLD_PAGE,
    URL,
    arc,
    http,
    page,
    record,
    warcinfo,
    write,
)
from tests.support.pywb import WAYBACK, serve_with_pywb
from tests.support.raw_server import RawServer

ON_LOOPBACK = """
from warcprox.main import main
from warcprox.warcproxy import WarcProxyHandler
WarcProxyHandler.allow_localhost = True
main()
"""
"""Runs warcprox, which has no option for the hosts that a test may ask."""


def import_(
    folder: Path, *files: Path, site: str | None = None
) -> "subprocess.CompletedProcess[str]":
    options = [] if site is None else ["--site", site]
    return command("--data-dir", folder, "import", *options, *files)


def imported(folder: Path, *files: Path, site: str | None = None) -> str:
    """Import files that are good; returns what was printed."""
    output = import_(folder, *files, site=site)
    assert output.returncode == 0, output.stderr + output.stdout
    return output.stdout


def dump(folder: Path) -> list[str]:
    with closing(read_database(folder / "archive.db")) as database:
        return list(database.conn.iterdump())


def rows(folder: Path, sql: str, *values: object) -> list[dict[str, Any]]:
    database = read_database(folder / "archive.db")
    found = list(database.query(sql, list(values)))
    database.close()
    return found


def faults(folder: Path) -> list[str]:
    return [str(finding) for finding in verify_archive(Archive(folder)).findings]


def article(folder: Path, url: str = URL) -> dict[str, Any]:
    (row,) = rows(folder, "SELECT * FROM articles WHERE url = ?", url)
    return row


def versions(folder: Path) -> list[tuple[int, str, str, str | None]]:
    found = rows(folder, "SELECT * FROM versions ORDER BY number")
    return [
        (row["number"], row["first_seen_at"][:4], row["last_seen_at"][:4], row["body_text"])
        for row in found
    ]


def problems(folder: Path) -> list[str]:
    return [row["code"] for row in rows(folder, "SELECT code FROM problems ORDER BY id")]


def of_year(year: int, text: str) -> bytes:
    return record(http(page(text)), f"{year}-05-06T07:08:09Z")


# Real writers, on the replica.


@dataclass
class Recorded:
    """What wget recorded of the replica, imported; then a crawl of ours."""

    folder: Path
    base_url: str
    warc: Path
    output: str
    verified: list[str]
    posts: list[dict[str, Any]]
    crawl: "subprocess.CompletedProcess[str]"
    page_url: str
    """Of an article that wget fetched."""
    page: bytes


POSTS = "SELECT * FROM posts ORDER BY url"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    folder = tmp_path_factory.mktemp("wget")
    assert shutil.which("wget"), "wget is not installed: apt-get install wget"
    with ReplicaServer(build_site()) as server:
        options = ["--recursive", "-l", "2", "--page-requisites", "-q", "-e", "robots=off"]
        run("wget", "--warc-file", "site", *options, server.base_url, folder=folder)
        warc = folder / "site.warc.gz"
        data = folder / "data"
        output = imported(data, warc, site=server.base_url)
        verified = faults(data)
        posts = rows(data, POSTS)
        page_url = f"{server.base_url}the-npt-at-51/"
        body = get(page_url)
        crawled = crawl(server.base_url, data)
        return Recorded(
            data, server.base_url, warc, output, verified, posts, crawled, page_url, body
        )


def test_file_of_wget_is_kept_byte_for_byte_and_verifies(recorded: Recorded) -> None:
    (entry,) = read_manifest(Archive(recorded.folder).imported_manifest_path)
    kept = recorded.folder / "imported" / "site.warc.gz"
    assert kept.read_bytes() == recorded.warc.read_bytes()
    assert (entry.file, entry.sha256) == ("site.warc.gz", file_sha256(recorded.warc))
    assert recorded.verified == []


def test_import_has_a_row_that_tells_who_recorded_it(recorded: Recorded) -> None:
    (row,) = rows(recorded.folder, "SELECT * FROM crawls WHERE source IS NOT NULL")
    source = json.loads(row["source"])
    assert row["software"].startswith("import: Wget/")
    assert row["finish_reason"] == "imported"
    assert (source["file"], source["sha256"]) == ("site.warc.gz", file_sha256(recorded.warc))


def test_pages_of_wget_are_read_as_our_own_captures_are(recorded: Recorded) -> None:
    assert len(recorded.posts) > 50
    crawled = {row["url"]: row for row in rows(recorded.folder, POSTS)}
    for row in (*recorded.posts, *crawled.values()):  # a tag's own page spells its name
        row["tags"] = row["tags"].lower()
    differing = [row["url"] for row in recorded.posts if row != crawled[row["url"]]]
    assert differing == []
    edits = rows(recorded.folder, "SELECT * FROM changes WHERE kind LIKE 'edited%'")
    assert edits == []


def test_crawl_after_an_import_is_complete_and_verifies(recorded: Recorded) -> None:
    assert recorded.crawl.returncode == 0, recorded.crawl.stderr
    assert faults(recorded.folder) == []
    assert rows(recorded.folder, "SELECT url FROM ledger WHERE state = 'waiting'") == []


def test_crawl_never_leans_on_an_import(recorded: Recorded) -> None:
    leaning = rows(
        recorded.folder,
        """SELECT revisit.url FROM captures AS revisit
        JOIN captures AS original ON original.id = revisit.original_id
        JOIN crawls ON crawls.id = original.crawl_id
        WHERE source IS NOT NULL AND revisit.crawl_id != original.crawl_id""",
    )
    assert leaning == []


def test_status_and_report_tell_of_crawls_and_not_of_imports(recorded: Recorded) -> None:
    status = command("--data-dir", recorded.folder, "status", "--json")
    assert status.returncode == 0, status.stdout
    assert [row["finish_reason"] for row in json.loads(status.stdout)["crawls"]] == ["finished"]


def test_commands_go_on_working_on_imported_captures(recorded: Recorded) -> None:
    url = recorded.page_url
    for words in (("search", "treaty"), ("show", url), ("why", url)):
        output = command("--data-dir", recorded.folder, *words)
        assert output.returncode == 0, output.stderr
    assert "imported/site.warc.gz" in command(
        "--data-dir", recorded.folder, "show", url
    ).stdout.replace("\n", "")


def test_pywb_replays_an_imported_page(recorded: Recorded) -> None:
    url = recorded.page_url
    (row,) = rows(
        recorded.folder,
        "SELECT captured_at FROM captures WHERE url = ? AND warc_file = 'site.warc.gz'",
        url,
    )
    timestamp = "".join(filter(str.isdigit, row["captured_at"]))[:14]
    with serve_with_pywb(Archive(recorded.folder)) as address:
        assert get(f"{address}{timestamp}id_/{url}") == recorded.page


def test_package_holds_the_imported_file_and_can_be_imported(
    recorded: Recorded, tmp_path: Path
) -> None:
    package = tmp_path / "all.wacz"
    output = command("--data-dir", recorded.folder, "wacz", "--out", package)
    assert output.returncode == 0, output.stderr
    with zipfile.ZipFile(package) as opened:
        assert "archive/site.warc.gz" in opened.namelist()
    imported(tmp_path / "data", package, site=recorded.base_url)
    assert faults(tmp_path / "data") == []
    count = "SELECT count(*) AS n FROM captures"
    assert rows(tmp_path / "data", count) == rows(recorded.folder, count)
    # A list gives categories their numbers; what wget did not fetch only the crawl did.
    assert len(rows(tmp_path / "data", POSTS)) == len(rows(recorded.folder, POSTS))


def test_second_import_says_so_and_changes_nothing(recorded: Recorded, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    imported(folder, recorded.warc, site=recorded.base_url)
    before = dump(folder)
    renamed = shutil.copy(recorded.warc, tmp_path / "another-name.warc.gz")
    assert "imported before" in imported(folder, Path(renamed), site=recorded.base_url)
    assert dump(folder) == before
    assert [path.name for path in (folder / "imported").iterdir()] == ["site.warc.gz"]


def test_file_of_warcio_s_recorder_is_imported(tmp_path: Path) -> None:
    warc = tmp_path / "recorded.warc.gz"
    with ReplicaServer(build_site()) as server:
        with capture_http(str(warc)):
            host = server.base_url.removeprefix("http://").rstrip("/")
            for path in ("/", f"/{SEED_PAGE}", f"/{SEED_PAGE}"):
                connection = client.HTTPConnection(host)
                connection.request("GET", path)
                connection.getresponse().read()
                connection.close()
        imported(tmp_path / "data", warc, site=server.base_url)
        assert article(tmp_path / "data", server.base_url + SEED_PAGE)["title"]
    assert faults(tmp_path / "data") == []


def test_file_of_warcprox_with_revisits_is_imported(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    proxy = subprocess.Popen(
        [
            *(WAYBACK.with_name("python"), "-c", ON_LOOPBACK),
            *("-b", "127.0.0.1", "-p", str(port), "-z", "-d", tmp_path / "warcs"),
        ],
        cwd=tmp_path,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, proxy)
        with ReplicaServer(build_site()) as server:
            url = server.base_url + SEED_PAGE
            handler = urllib.request.ProxyHandler({"http": f"http://127.0.0.1:{port}"})
            opener = urllib.request.build_opener(handler)
            for _ in range(2):
                with opener.open(url) as response:
                    response.read()
                time.sleep(1.5)  # it writes, and knows duplicates, in a thread of its own
    finally:
        proxy.terminate()
        proxy.wait()
    files = sorted((tmp_path / "warcs").glob("*.warc.gz"))
    assert files
    imported(tmp_path / "data", *files, site=server.base_url)
    assert faults(tmp_path / "data") == []
    captured = rows(tmp_path / "data", "SELECT record_type FROM captures ORDER BY captured_at")
    assert [row["record_type"] for row in captured] == ["response", "revisit"]
    assert problems(tmp_path / "data") == []
    assert article(tmp_path / "data", url)["title"]


def _wait_for(port: int, proxy: subprocess.Popen[bytes]) -> None:
    while True:
        assert proxy.poll() is None, "warcprox ended"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return


# Order of time.


@pytest.mark.parametrize("order", [*itertools.permutations([2012, 2014, 2016])])
def test_history_is_the_same_in_whatever_order_files_come(
    order: tuple[int, ...], tmp_path: Path
) -> None:
    texts = {2012: "One thing.", 2014: "Another thing.", 2016: "One thing."}
    files = [
        write(tmp_path / f"{year}.warc.gz", [warcinfo(), of_year(year, texts[year])])
        for year in order
    ]
    folder = tmp_path / "data"
    imported(folder, *files)
    assert versions(folder) == [
        (1, "2012", "2012", "One thing."),
        (2, "2014", "2014", "Another thing."),
        (3, "2016", "2016", None),
    ]
    row = article(folder)
    assert row["body_text"] == "One thing."
    assert (row["first_seen_at"][:4], row["last_seen_at"][:4]) == ("2012", "2016")
    assert faults(folder) == []


def test_version_that_did_not_change_only_lasts_longer(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    for year in (2016, 2012, 2014):
        imported(folder, write(tmp_path / f"{year}.warc", [of_year(year, "The same.")]))
    assert versions(folder) == [(1, "2012", "2016", None)]


def _answer(block: bytes) -> bytes:
    head, _, body = block.partition(b"\r\n\r\n")
    return head + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body


@pytest.fixture
def crawled(tmp_path: Path) -> Iterator[tuple[RawServer, Path]]:
    home = b"<body class='home'><a href='/a-post/'>a</a></body>"
    answers = {"/": _answer(http(home)), "/a-post/": _answer(http(page("What it says today.")))}
    with RawServer(answers) as server:
        assert crawl(server.base_url, tmp_path / "data").returncode == 0
        yield server, tmp_path / "data"


def test_older_import_never_overwrites_what_a_crawl_read(
    crawled: tuple[RawServer, Path], tmp_path: Path
) -> None:
    server, folder = crawled
    url = f"{server.base_url}a-post/"
    old = record(http(page("What it said once.")), "2012-01-02T03:04:05Z", url)
    imported(folder, write(tmp_path / "old.warc.gz", [old]))
    row = article(folder, url)
    assert row["body_text"] == "What it says today."
    assert row["first_seen_at"].startswith("2012-01-02T03:04:05")
    assert [text for *_, text in versions(folder)] == ["What it said once.", None]
    assert rows(folder, "SELECT * FROM changes") == []
    assert crawl(server.base_url, folder, CACNP_RECHECK_DAYS="0").returncode == 0
    assert len(versions(folder)) == 2
    assert faults(folder) == []


def test_imported_404_changes_nothing(crawled: tuple[RawServer, Path], tmp_path: Path) -> None:
    server, folder = crawled
    url = f"{server.base_url}a-post/"
    before = article(folder, url), rows(folder, "SELECT * FROM addresses")
    for name, date in (("old", "2016-01-01T00:00:00Z"), ("new", "2036-01-01T00:00:00Z")):
        gone = record(http(b"gone", status="HTTP/1.1 404 Not Found"), date, url)
        imported(folder, write(tmp_path / f"{name}.warc.gz", [gone]))
    assert (article(folder, url), rows(folder, "SELECT * FROM addresses")) == before


def test_article_that_only_imports_know_waits_and_the_next_crawl_tells(
    crawled: tuple[RawServer, Path], tmp_path: Path
) -> None:
    server, folder = crawled
    url = f"{server.base_url}lost/"
    lost = page("What is lost.").replace(b"postid-7", b"postid-8").replace(b"post-7", b"post-8")
    old = record(http(lost), "2012-01-02T03:04:05Z", url)
    imported(folder, write(tmp_path / "old.warc.gz", [old, of_year(2013, "elsewhere")]))
    assert article(folder, url)["gone_at"] is None
    waiting = rows(folder, "SELECT url FROM ledger WHERE state = 'waiting'")
    assert [row["url"] for row in waiting] == [url]
    asked = len([one for one in server.requests if b"/lost/" in one])
    output = crawl(server.base_url, folder)
    assert "ALERT" not in output.stderr + output.stdout
    assert len([one for one in server.requests if b"/lost/" in one]) == asked + 1
    assert article(folder, url)["gone_reason"] == "404"
    assert article(folder, url)["body_text"] == "What is lost."


def test_links_of_an_old_page_wait_once(crawled: tuple[RawServer, Path], tmp_path: Path) -> None:
    server, folder = crawled
    body = b"<body class='single postid-8'><a href='/about/board'>b</a><img src='/old.png'></body>"
    files = [
        write(
            tmp_path / f"{year}.warc",
            [record(http(body), f"{year}-01-01T00:00:00Z", f"{server.base_url}{year}/")],
        )
        for year in (2008, 2009)
    ]
    imported(folder, *files)
    waiting = rows(folder, "SELECT url FROM ledger WHERE state = 'waiting' ORDER BY url")
    names = [row["url"].removeprefix(server.base_url) for row in waiting]
    assert "old.png" in names
    assert names.count("2008/") == names.count("2009/") == 1


# What others write.


@pytest.mark.parametrize("version", ["WARC/0.18", "WARC/1.0", "WARC/1.1"])
@pytest.mark.parametrize("suffix", [".warc", ".warc.gz"])
def test_every_version_is_read_compressed_or_not(version: str, suffix: str, tmp_path: Path) -> None:
    block = http(page("Words."))
    file = write(tmp_path / f"a{suffix}", [warcinfo(), record(block, version=version)])
    imported(tmp_path / "data", file)
    assert article(tmp_path / "data")["body_text"] == "Words."
    assert faults(tmp_path / "data") == []
    (row,) = rows(tmp_path / "data", "SELECT * FROM crawls")
    assert row["software"] == "import: Recorder/9"
    assert json.loads(row["source"])["operator"] == "A library"


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


@pytest.mark.parametrize(
    "block",
    [
        http(chunked(page("Words.")), "Transfer-Encoding: chunked"),
        http(page("Words."), "Transfer-Encoding: chunked"),
        http(page("Words."), "Content-Encoding: gzip", "Content-Length: 20"),
        http(page("Words."), "Content-Encoding: br"),
        http(chunked(page("Words.")), "Transfer-Encoding: chunked", "Content-Encoding: gzip"),
        http(gzip.compress(page("Words.")), "Content-Encoding: gzip"),
        http(page("Words."), status="HTTP/2 200"),
        http(page("Words."), status="HTTP/1.0 200 OK"),
    ],
    ids=["chunked", "dechunked", "unpacked", "unpacked br", "both", "gzip", "HTTP/2", "HTTP/1.0"],
)
def test_body_is_read_whatever_its_stale_headers_say(block: bytes, tmp_path: Path) -> None:
    imported(tmp_path / "data", write(tmp_path / "a.warc.gz", [record(block)]))
    assert article(tmp_path / "data")["body_text"] == "Words."
    assert problems(tmp_path / "data") == []
    assert faults(tmp_path / "data") == []


@pytest.mark.parametrize(
    ("block", "code"),
    [
        (http(page("Words."), "no colon here"), "odd-header-line"),
        (http(page("Words."), "Content-Length: 9999", "Content-Length: x"), "odd-content-length"),
        (http(page("Words."), status="HTTP/1.1 200"), "odd-status-line"),
        (http(page("Words."), "Content-Encoding: none"), "unknown-coding"),
    ],
)
def test_odd_response_is_read_as_one_from_the_wire(block: bytes, code: str, tmp_path: Path) -> None:
    imported(tmp_path / "data", write(tmp_path / "a.warc.gz", [record(block)]))
    assert article(tmp_path / "data")["body_text"] == "Words."
    assert problems(tmp_path / "data") == [code]


def test_variants_of_an_address_are_one_page(tmp_path: Path) -> None:
    records = [
        record(http(page("Words.")), date, url)
        for date, url in (
            ("2012-01-01T00:00:00Z", "http://www.armscontrolcenter.org/a-post"),
            ("2013-01-01T00:00:00Z", "<http://armscontrolcenter.org/a-post/?utm_source=x>"),
            ("2014-01-01T00:00:00Z", URL),
        )
    ]
    imported(tmp_path / "data", write(tmp_path / "a.warc.gz", records))
    assert versions(tmp_path / "data") == [(1, "2012", "2014", None)]
    assert faults(tmp_path / "data") == []


def test_revisit_is_read_as_the_original_that_another_file_brought(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = record(http(page("Words.")), "2012-01-01T00:00:00Z")
    by_date = record(
        http(b""),
        "2014-01-01T00:00:00Z",
        URL,
        "revisit",
        "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest",
        f"WARC-Refers-To-Target-URI: {URL}",
        "WARC-Refers-To-Date: 2012-01-01T00:00:00Z",
    )
    empty = record(
        b"",
        "2015-01-01T00:00:00Z",
        URL,
        "revisit",
        "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/server-not-modified",
        f"WARC-Refers-To-Target-URI: {URL}",
        "WARC-Refers-To-Date: 2012-01-01T00:00:00Z",
    )
    imported(folder, write(tmp_path / "a.warc.gz", [first]))
    imported(folder, write(tmp_path / "b.warc.gz", [by_date, empty]))
    assert versions(folder) == [(1, "2012", "2015", None)]
    assert problems(folder) == []
    assert faults(folder) == []


def test_revisit_without_original_is_a_row_and_a_problem(tmp_path: Path) -> None:
    lost = record(http(b""), "2014-01-01T00:00:00Z", URL, "revisit", "WARC-Payload-Digest: sha1:A")
    imported(tmp_path / "data", write(tmp_path / "a.warc.gz", [lost]))
    assert problems(tmp_path / "data") == ["no-original"]
    assert rows(tmp_path / "data", "SELECT * FROM articles") == []
    assert faults(tmp_path / "data") == []


def test_resource_is_a_capture_and_a_conversion_is_none(tmp_path: Path) -> None:
    html = "Content-Type: text/html"
    records = [
        record(page("Words."), "2014-01-01T00:00:00Z", URL, "resource", html),
        record(b"words", "2015-01-01T00:00:00Z", URL, "conversion", "Content-Type: text/plain"),
        record(b"a: b\r\n", "2015-01-01T00:00:00Z", URL, "metadata", html),
    ]
    imported(tmp_path / "data", write(tmp_path / "a.warc.gz", records))
    assert article(tmp_path / "data")["body_text"] == "Words."
    (row,) = rows(tmp_path / "data", "SELECT record_type FROM captures")
    assert row["record_type"] == "resource"
    assert faults(tmp_path / "data") == []


def test_other_hosts_give_rows_without_readings(tmp_path: Path) -> None:
    records = [
        record(http(page()), url="https://other.example.com/a-post/"),
        record(b"20160101 192.0.2.1", url="dns:other.example.com"),
    ]
    imported(tmp_path / "data", write(tmp_path / "a.warc.gz", records))
    (row,) = rows(tmp_path / "data", "SELECT url FROM captures")
    assert row["url"] == "https://other.example.com/a-post/"
    assert rows(tmp_path / "data", "SELECT * FROM articles") == []
    assert rows(tmp_path / "data", "SELECT * FROM addresses") == []


def test_cut_body_is_told(tmp_path: Path) -> None:
    cut = record(
        http(page("Words.")[:-20]),
        "2014-01-01T00:00:00Z",
        URL,
        "response",
        "WARC-Truncated: unspecified",
    )
    imported(tmp_path / "data", write(tmp_path / "a.warc.gz", [cut]))
    (row,) = rows(tmp_path / "data", "SELECT truncated FROM captures")
    assert row["truncated"] == "disconnect"


def test_wrong_digest_of_others_is_a_warning(tmp_path: Path) -> None:
    wrong = "WARC-Payload-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    bad = record(http(page("Words.")), "2014-01-01T00:00:00Z", URL, "response", wrong)
    output = import_(tmp_path / "data", write(tmp_path / "a.warc.gz", [bad]))
    assert output.returncode == 0
    assert "digest" in output.stderr
    assert faults(tmp_path / "data") == []


@pytest.mark.parametrize("name", ["old.arc", "old.arc.gz"])
def test_arc_is_read(name: str, tmp_path: Path) -> None:
    captures = [
        (URL, "20070304050607", http(page("Words of old."))),
        (f"{HOME}b/", "20070304050608", http(page("Other words."))),
    ]
    data = arc(captures)
    file = tmp_path / name
    if name.endswith(".gz"):
        first, *others = (
            data.split(b"\n\n", 1)[0],
            *[arc([one]).split(b"\n\n", 1)[1] for one in captures],
        )
        file.write_bytes(b"".join(map(gzip.compress, [first + b"\n\n", *others])))
    else:
        file.write_bytes(data)
    imported(tmp_path / "data", file)
    assert article(tmp_path / "data")["body_text"] == "Words of old."
    assert article(tmp_path / "data")["first_seen_at"].startswith("2007-03-04T05:06:07")
    assert len(rows(tmp_path / "data", "SELECT * FROM captures")) == 2
    assert faults(tmp_path / "data") == []


def test_old_layout_gives_a_problem_and_no_article(tmp_path: Path) -> None:
    old = record(http(OLD_PAGE.encode()), "2012-01-01T00:00:00Z", f"{HOME}press/pr/")
    imported(tmp_path / "data", write(tmp_path / "a.warc.gz", [old]))
    assert problems(tmp_path / "data") == ["unknown-layout"]
    assert rows(tmp_path / "data", "SELECT * FROM articles") == []


# Trouble.


def test_damaged_file_is_refused_and_the_others_are_imported(tmp_path: Path) -> None:
    good = write(tmp_path / "good.warc.gz", [of_year(2012, "Words.")])
    cut = write(tmp_path / "cut.warc.gz", [of_year(2013, "One."), of_year(2014, "Two.")])
    cut.write_bytes(cut.read_bytes()[:-30])
    text = tmp_path / "notes.txt"
    text.write_text("no WARC at all")
    empty = tmp_path / "empty.warc.gz"
    empty.touch()
    package = tmp_path / "broken.wacz"
    package.write_bytes(b"PK\x03\x04 and no more")
    torn_arc = tmp_path / "torn.arc"
    torn_arc.write_bytes(arc([(URL, "20070304050607", http(page()))])[:-40])
    folder = tmp_path / "data"
    bad = [cut, text, empty, package, torn_arc]
    output = import_(folder, *bad, good)
    assert output.returncode == 1
    for file in bad:
        assert f"{file.name}" in output.stderr
    assert "Traceback" not in output.stderr
    assert [path.name for path in (folder / "imported").iterdir()] == ["good.warc.gz"]
    assert article(folder)["body_text"] == "Words."
    assert len(rows(folder, "SELECT * FROM crawls")) == 1
    assert faults(folder) == []


def test_import_that_broke_off_is_completed_by_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    file = write(tmp_path / "a.warc.gz", [of_year(2012, "Words.")])
    imported(folder, file)
    (folder / "imported.jsonl").unlink()
    (folder / "index" / "a.warc.gz.cdxj").unlink()
    assert len(faults(folder)) == 2
    imported(folder, file)
    assert faults(folder) == []


def test_repair_completes_an_import_that_has_its_rows(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    imported(folder, write(tmp_path / "a.warc.gz", [of_year(2012, "Words.")]))
    (folder / "imported.jsonl").unlink()
    (folder / "index" / "a.warc.gz.cdxj").unlink()
    output = command("--data-dir", folder, "repair")
    assert "a.warc.gz: indexed and entered into the manifest" in output.stdout
    assert faults(folder) == []


def test_import_that_can_not_be_saved_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    imported(folder, write(tmp_path / "a.warc.gz", [of_year(2012, "Words.")]))
    database = sqlite3.connect(folder / "archive.db")
    database.execute(
        """CREATE TRIGGER full BEFORE INSERT ON captures WHEN new.url LIKE '%/full/'
        BEGIN SELECT RAISE(ABORT, 'no room'); END"""
    )
    database.close()
    file = write(
        tmp_path / "b.warc.gz",
        [
            of_year(2013, "More words."),
            record(http(page()), "2014-01-01T00:00:00Z", f"{HOME}full/"),
        ],
    )
    with pytest.raises(sqlite3.IntegrityError, match="no room"):
        import_(folder, file)
    assert [path.name for path in (folder / "imported").iterdir()] == ["a.warc.gz"]
    assert versions(folder) == [(1, "2012", "2012", None)]
    assert faults(folder) == []


def test_rows_of_imports_can_be_made_anew_of_what_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    imported(folder, write(tmp_path / "a.warc.gz", [of_year(2012, "Words.")]))
    for path in folder.glob("archive.db*"):
        path.unlink()
    imported(folder, folder / "imported" / "a.warc.gz")
    assert article(folder)["body_text"] == "Words."
    assert faults(folder) == []


def test_name_that_is_taken_gets_the_start_of_the_digest(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    files = []
    for year in (2012, 2013):
        (tmp_path / str(year)).mkdir()
        files.append(write(tmp_path / str(year) / "a.warc.gz", [of_year(year, f"Of {year}.")]))
    imported(folder, *files)
    names = {path.name for path in (folder / "imported").iterdir()}
    assert names == {"a.warc.gz", f"a-{file_sha256(files[1])[:12]}.warc.gz"}
    assert len(versions(folder)) == 2
    assert faults(folder) == []


def test_changed_byte_of_an_imported_file_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    imported(folder, write(tmp_path / "a.warc", [of_year(2012, "Words.")]))
    kept = folder / "imported" / "a.warc"
    kept.write_bytes(kept.read_bytes().replace(b"Words.", b"Wards."))
    found = faults(folder)
    assert any("SHA-256" in finding for finding in found)
    assert any("block digest" in finding for finding in found)


def test_our_own_file_is_known(crawled: tuple[RawServer, Path], tmp_path: Path) -> None:
    _, folder = crawled
    (warc,) = (folder / "warc").glob("*.warc.gz")
    copy = shutil.copy(warc, tmp_path / "copy.warc.gz")
    assert "imported before" in imported(folder, Path(copy))
    assert list((folder / "imported").iterdir()) == []


def test_import_waits_for_no_crawl(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "data")
    archive.prepare()
    file = write(tmp_path / "a.warc.gz", [of_year(2012, "Words.")])
    with archive.locked():
        output = import_(archive.folder, file)
    assert output.returncode == 3
    assert not archive.database_path.exists()


def test_site_must_be_the_address_of_a_front_page(tmp_path: Path) -> None:
    file = write(tmp_path / "a.warc.gz", [of_year(2012, "Words.")])
    assert import_(tmp_path / "data", file, site="nonsense").returncode == 2


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.arc", "a.wacz"])
def test_versions_of_imported_files_are_compared_by_their_records(
    name: str, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    for year, target in ((2012, "one"), (2014, "two")):
        text = f'Read <a href="https://example.org/{target}">this</a>.'
        source = tmp_path / f"{year}-{name}"
        if name.endswith(".arc"):
            source.write_bytes(arc([(URL, f"{year}0506070809", http(page(text)))]))
        elif name.endswith(".wacz"):
            warc = write(tmp_path / f"{year}.warc.gz", [of_year(year, text)])
            with zipfile.ZipFile(source, "w") as package:
                package.write(warc, f"archive/{warc.name}")
                package.writestr("datapackage.json", "{}")
        else:
            write(source, [of_year(year, text)])
        imported(folder, source)
    output = command("--data-dir", folder, "diff", URL)
    assert output.returncode == 0, output.stderr
    assert "link: [-https://example.org/one-]\nlink: {+https://example.org/two+}\n" in output.stdout


def test_rebuild_reads_an_import_of_another_site_as_that_site(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    url = "https://another.example/a-post/"
    file = write(tmp_path / "a.warc", [record(http(page("Words.")), url=url)])
    imported(folder, file, site="https://another.example/")
    assert article(folder, url)["body_text"] == "Words."
    dry = command("--data-dir", folder, "rebuild", "--dry-run")
    assert (dry.returncode, "no row differs" in dry.stdout) == (0, True), dry.stdout + dry.stderr
    for path in folder.glob("archive.db*"):
        path.unlink()
    rebuilt = command("--data-dir", folder, "rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert article(folder, url)["body_text"] == "Words."
