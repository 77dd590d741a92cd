"""Whatever a server answers, the crawl ends by itself, and its good pages are captured and read."""

import gzip
import json
from pathlib import Path

from cacnp_archive.maintenance.verify import verify_archive
from cacnp_archive.model.archive import Archive
from cacnp_archive.storage.database import read_database
from tests.conftest import BIN, crawl, run
from tests.model.test_http_message import CHUNKS, HEADS
from tests.support.raw_server import Answer, RawServer

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def coded(coding: bytes, body: bytes) -> bytes:
    return OK + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (coding, len(body)) + body


FLOODS: dict[str, bytes] = {
    "/members": coded(b"gzip", gzip.compress(b"") * 100_000),
    "/members-in-members": coded(b"gzip, gzip", gzip.compress(gzip.compress(b"") * 500_000)),
    "/one-emoji": coded(b"gzip", gzip.compress("\U0001f600".encode() + b"a" * 120_000_000)),
    "/tags": coded(b"gzip", gzip.compress(b"<!doctype html>" + b"<p>x" * 9_000_000)),
    "/interim": b"CUT" + b"HTTP/1.1 102 Processing\r\n\r\n" * 60_000,
    "/one-header": b"CUT" + OK + b"X: y\r\n" * 40_000 + b"\r\n<p>x",
    "/odd-header": b"CUT" + OK + b"x\r\n" * 80_000 + b"\r\n<p>x",
    "/chunks": OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 200_000 + b"0\r\n\r\n",
}
ODD = {f"/odd-{number}": b"CUT" + block for number, (block, _) in enumerate(HEADS.values())}
ODD_CHUNKS = {f"/chunk-{number}": b"CUT" + one[0] for number, one in enumerate(CHUNKS.values())}


def test_hostile_answers_neither_hold_the_crawl_nor_the_reading(tmp_path: Path) -> None:
    good = [f"/good-{number}" for number in range(5)]
    links = "".join(f"<a href={path}>x</a>" for path in [*FLOODS, *ODD, *ODD_CHUNKS, *good])
    front = b"<!DOCTYPE html><body class=home>" + links.encode()
    answers: dict[str, Answer] = {
        "/": OK + b"Content-Length: %d\r\n\r\n" % len(front) + front,
        "/robots.txt": coded(b"gzip, gzip", gzip.compress(gzip.compress(b"") * 500_000)),
        **FLOODS,
        **ODD,
        **ODD_CHUNKS,
        **dict.fromkeys(good, OK + b"Content-Length: 4\r\n\r\n<p>x"),
    }
    with RawServer(answers) as server:
        result = crawl(server.base_url, tmp_path, RETRY_TIMES="0")
    assert result.returncode == 1, result.stderr  # /interim is a failure, and some chunks break off
    database = read_database(tmp_path / "archive.db")
    rows = database.execute("SELECT url, status FROM captures").fetchall()
    found = database.execute("SELECT code FROM problems").fetchall()
    failed = database.execute("SELECT url, reason FROM failures").fetchall()
    database.close()
    kept = {"/" + url.split("/", 3)[3]: status for url, status in rows}
    expected = [*FLOODS, *ODD, *ODD_CHUNKS, *good]
    assert {path for path in expected if kept.get(path) != 200} == {"/interim"}
    assert [(url.rpartition("/")[2], reason) for url, reason in failed] == [
        ("interim", "malformed")
    ]
    assert {code for _, code in HEADS.values()} <= {code for (code,) in found}
    assert {"too-long", "too-many", "odd-coding", "too-many-headers", "odd-chunks"} <= {
        c for (c,) in found
    }
    assert verify_archive(Archive(tmp_path)).findings == []
    rebuilt = run(BIN / "cacnp-archive", "--data-dir", tmp_path, "rebuild", "--dry-run", "--json")
    assert json.loads(rebuilt.stdout)["differences"] == []
