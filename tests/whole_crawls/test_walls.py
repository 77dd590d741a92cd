"""Crawls of servers that answer with walls, and of the same servers when they are well again."""

import itertools
import sqlite3
from contextlib import closing
from pathlib import Path

from cacnp_archive.maintenance.verify import verify_archive
from cacnp_archive.model.archive import Archive
from tests.conftest import BIN, crawl, run
from tests.support.raw_server import Answer, RawServer

COUNT = 5
WHOLE = {"CACNP_RECHECK_DAYS": "0", "RETRY_TIMES": "1"}


def answer(body: str, *headers: str, status: str = "200 OK", kind: str = "text/html") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode()


def post(number: int) -> bytes:
    return answer(
        f'<!DOCTYPE html><html lang="en"><head><title>Post {number}</title></head>'
        f'<body class="single single-post postid-{number}"><article class="post-{number} entry">'
        f'<h1 class="entry-title">Post {number}</h1><div class="entry-content">'
        f"<p>The text of post {number}.</p></div></article></body></html>",
        f'ETag: "{number}"',
    )


def healthy() -> dict[str, Answer]:
    paths = {f"/post-{number}/": post(number) for number in range(1, COUNT + 1)}
    links = "".join(f'<a href="{path}">{path}</a>' for path in paths)
    return {
        "/robots.txt": answer("User-agent: *\nDisallow: /secret/\n", kind="text/plain"),
        "/": answer(f'<!DOCTYPE html><html><body class="home blog">{links}</body></html>'),
        **paths,
    }


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "archive.db")) as database:
        return database.execute(sql).fetchall()


ARTICLES = "SELECT url, title, body_text, gone_at, last_seen_at FROM articles ORDER BY url"


def tool(folder: Path, *words: str) -> str:
    return run(BIN / "cacnp-archive", "--data-dir", folder, *words).stdout


def test_wall_that_nobody_knows_changes_nothing_and_leaves_no_trace(tmp_path: Path) -> None:
    with RawServer(healthy()) as server:
        assert crawl(server.base_url, tmp_path, **WHOLE).returncode == 0
        before = rows(tmp_path, ARTICLES)
        tokens = itertools.count(7_000_001)

        def refusal() -> bytes:
            return answer(f"<html><body><p>Not today. Number {next(tokens)}x.</p></body></html>")

        server.answers |= dict.fromkeys((f"/post-{n}/" for n in range(1, COUNT + 1)), refusal)
        walled = crawl(server.base_url, tmp_path, **WHOLE)
        assert walled.returncode == 1, walled.stderr
        assert f"failed: {COUNT} same-answer" in walled.stderr
        assert "ALERT walls" in walled.stderr
        assert rows(tmp_path, ARTICLES) == before
        assert rows(tmp_path, "SELECT * FROM changes") == []
        assert "ALERT walls" in tool(tmp_path, "status")
        assert "the same answer as at" in tool(tmp_path, "why", f"{server.base_url}post-1/")
        assert "no row differs" in tool(tmp_path, "rebuild", "--dry-run")
        server.answers = healthy()
        assert crawl(server.base_url, tmp_path, **WHOLE).returncode == 0
    assert rows(tmp_path, "SELECT * FROM changes") == []
    assert rows(tmp_path, "SELECT 1 FROM versions WHERE number > 1") == []
    originals = """SELECT 1 FROM captures JOIN captures AS original
        ON original.id = captures.original_id WHERE original.wall IS NOT NULL"""
    assert rows(tmp_path, originals) == []
    assert verify_archive(Archive(tmp_path)).findings == []


def test_walled_robots_txt_allows_nothing_and_the_next_crawl_goes_on(tmp_path: Path) -> None:
    wall = answer("<html></html>", "CF-Mitigated: challenge", status="403 Forbidden")
    with RawServer(healthy() | {"/robots.txt": wall}) as server:
        walled = crawl(server.base_url, tmp_path)
        assert walled.returncode == 1
        assert {path for path, _ in server.sent} == {"/robots.txt"}
        assert "CF-Mitigated: challenge" in walled.stderr
        assert "ALERT walls" in tool(tmp_path, "status")
        server.answers = healthy()
        assert crawl(server.base_url, tmp_path).returncode == 0
    assert len(rows(tmp_path, ARTICLES)) == COUNT


def test_hostile_server_ends_by_itself_and_all_good_pages_are_there(tmp_path: Path) -> None:
    steps = itertools.count()

    def longer() -> bytes:
        return answer("", f"Location: /go/{'x' * next(steps)}y/", status="302 Found")

    class Endless(dict[str, Answer]):
        """Redirects whatever is below /go/ to a longer address each time."""

        def get(self, path: str, default: Answer = b"") -> Answer:  # type: ignore[override]
            return longer if path.startswith("/go/") else super().get(path, default)

    good = healthy()
    front = answer(
        '<!DOCTYPE html><html><body class="home blog">'
        + "".join(
            f'<a href="{path}">a</a>'
            for path in ("/go/", "/cookie/", "/ping/", "/busy/", *good, "/slow.txt")
        )
        + "</body></html>"
    )
    far = "Retry-After: Mon, 01 Jan 99999999999999999999 00:00:00 GMT"
    slow = answer("a steady file of many pieces", kind="text/plain")
    hostile = good | {
        "/": front,
        "/cookie/": answer("", "Set-Cookie: a=1", "Location: /cookie/", status="302 Found"),
        "/ping/": answer("", "Location: /pong/", status="302 Found"),
        "/pong/": answer("", "Location: /ping/", status="302 Found"),
        "/busy/": answer("", far, status="503 Busy"),
        "/slow.txt": tuple(slow[at : at + 1] for at in range(len(slow))),
    }
    with RawServer({}) as server:
        server.answers = Endless(hostile)
        limits = {"DOWNLOAD_TIMEOUT": "1", "CACNP_MIN_BYTES_PER_SECOND": "2", "RETRY_TIMES": "1"}
        result = crawl(server.base_url, tmp_path, **limits)
        assert result.returncode == 1, result.stderr
        assert len([path for path, _ in server.sent if path.startswith("/go/")]) == 21
        assert len(rows(tmp_path, ARTICLES)) == COUNT
        failed = rows(tmp_path, "SELECT url, reason FROM ledger WHERE state = 'failed'")
        reasons = {str(url).removeprefix(server.base_url): reason for url, reason in failed}
        assert sorted(reasons.values()) == ["503", *["redirect-loop"] * 4]
        assert reasons.keys() >= {"cookie/", "ping/", "pong/", "busy/"}
        busy = rows(tmp_path, "SELECT count(*) FROM captures WHERE status = 503")
        assert busy == [(2,)]
        slow_row = "SELECT truncated, entity_length FROM captures WHERE url LIKE '%slow.txt'"
        assert rows(tmp_path, slow_row) == [(None, len("a steady file of many pieces"))]
        server.answers = good
        assert crawl(server.base_url, tmp_path, **WHOLE).returncode == 0
    assert verify_archive(Archive(tmp_path)).findings == []
