"""A crawl of a server that shares no code with us: what it sent is what the WARC files hold."""

import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from cacnp_archive.crawling.downloader import WAITING
from cacnp_archive.maintenance.repair import repair
from cacnp_archive.maintenance.verify import verify_archive
from cacnp_archive.model.archive import Archive
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.replica.assets.made_files import png
from cacnp_archive.storage.database import read_database
from cacnp_archive.warc.reader import StoredRecord, read_records
from tests.conftest import FAST, crawl
from tests.support.odd_answers import ODD_ANSWERS
from tests.support.raw_server import Answer, RawServer

HTML_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n"


def page(*targets: str) -> bytes:
    links = "".join(f'<a href="{target}">{target}</a>' for target in targets)
    body = f"<!DOCTYPE html><body class='home'>{links}</body>".encode()
    return HTML_HEAD % len(body) + body


def healing() -> Answer:
    answers = iter(
        [b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy", page("/healed")]
    )
    return lambda: next(answers)


def records_of(folder: Path) -> list[StoredRecord]:
    return [
        record
        for path in sorted((folder / "warc").glob("*.warc.gz"))
        for record in read_records(path)
    ]


def is_answer(record: StoredRecord) -> bool:
    return record.record_type in ("response", "revisit")


def whole(record: StoredRecord, records: list[StoredRecord]) -> bytes:
    """Return a response block; of a revisit, with the payload of its original."""
    block = record.block.to_bytes()
    if record.record_type == "response":
        return block
    refers_to = record.field("WARC-Refers-To").strip("<>")
    (original,) = (other for other in records if other.record_id == refers_to)
    assert original.field("WARC-Payload-Digest") == record.field("WARC-Payload-Digest")
    return block + original.block.to_bytes().split(b"\r\n\r\n", 1)[1]


@pytest.mark.parametrize("concurrency", ["1", "8"])
def test_everything_on_the_wire_is_recorded_byte_for_byte(concurrency: str, tmp_path: Path) -> None:
    robots = b"User-agent: *\nDisallow: /secret\n"
    answers: dict[str, Answer] = {
        **ODD_ANSWERS,
        "/": page(*ODD_ANSWERS, "/heals", "/secret"),
        "/robots.txt": b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(robots), robots),
        "/heals": healing(),
    }
    with RawServer(answers) as server:
        result = crawl(server.base_url, tmp_path, CONCURRENT_REQUESTS_PER_DOMAIN=concurrency)
    assert result.returncode == 0, result.stderr
    records = records_of(tmp_path)
    responses = [whole(record, records) for record in records if is_answer(record)]
    requests = [r.block.to_bytes() for r in records if r.record_type == "request"]
    assert Counter(responses) == Counter(sent for _, sent in server.sent)
    assert Counter(requests) == Counter(server.requests)
    paths = Counter(path for path, _ in server.sent)
    assert paths["/secret"] == 0
    assert paths["/heals"] == 2
    assert paths["/robots.txt"] == paths["/"] == paths["/moved"] == paths["/moved/"] == 1
    assert verify_archive(Archive(tmp_path)).findings == []


def test_each_request_is_tied_to_its_response(tmp_path: Path) -> None:
    with RawServer({"/": page("/a", "/b"), "/a": page(), "/b": page()}) as server:
        crawl(server.base_url, tmp_path)
    records = {record.record_id: record for record in records_of(tmp_path)}
    for record in records.values():
        if record.record_type in ("request", "metadata"):
            response = records[record.field("WARC-Concurrent-To").strip("<>")]
            assert is_answer(response)
            assert response.field("WARC-Target-URI") == record.field("WARC-Target-URI")
            assert response.field("WARC-Date") == record.field("WARC-Date")


def test_cut_body_is_kept_each_time_and_asked_for_again(tmp_path: Path) -> None:
    cut = b"CUTHTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99\r\n\r\n<p>cut"
    with RawServer({"/": page("/cut"), "/cut": cut}) as server:
        result = crawl(server.base_url, tmp_path, RETRY_TIMES="2")
    assert result.returncode == 1
    assert "could not be fetched: " in result.stderr
    database = read_database(tmp_path / "archive.db")
    truncated = [r["url"] for r in database.query("SELECT url FROM captures WHERE truncated != ''")]
    database.close()
    assert truncated == [server.base_url + "cut"] * 3


def test_page_that_no_parser_can_read_is_kept_with_a_problem(tmp_path: Path) -> None:
    bad = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n"
    bad += b"Content-Length: 8\r\n\r\nnot gzip"
    with RawServer({"/": page("/bad"), "/bad": bad}) as server:
        result = crawl(server.base_url, tmp_path)
    assert result.returncode == 0, result.stderr
    database = read_database(tmp_path / "archive.db")
    problems = list(
        database.query("SELECT url, detail FROM problems JOIN captures ON captures.id = capture_id")
    )
    database.close()
    assert {problem["url"] for problem in problems} == {server.base_url + "bad"}
    assert any("gzip" in problem["detail"] for problem in problems)


UNREACHABLE_ROBOTS = {
    "server error": b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n",
    "cut": b"CUT",
}


@pytest.mark.parametrize("case", UNREACHABLE_ROBOTS)
def test_no_robots_txt_means_no_crawl(case: str, tmp_path: Path) -> None:
    answers = {"/": page("/a"), "/robots.txt": UNREACHABLE_ROBOTS[case]}
    with RawServer(answers) as server:
        result = crawl(server.base_url, tmp_path, RETRY_TIMES="0")
    assert result.returncode == 1
    nothing, verdict, _ = result.stderr.splitlines()[-3:]
    assert nothing.startswith("nothing was archived: ")
    assert verdict == "needs attention: could not reach the site"
    assert "robots.txt could not be fetched" in result.stderr
    assert {path for path, _ in server.sent} == {"/robots.txt"}


def test_redirected_robots_txt_is_obeyed(tmp_path: Path) -> None:
    rules = b"User-agent: cacnp-archive\nDisallow: /a\n"
    answers = {
        "/": page("/a", "/b"),
        "/b": page(),
        "/robots.txt": b"HTTP/1.1 301 Moved\r\nLocation: /rules\r\nContent-Length: 0\r\n\r\n",
        "/rules": b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(rules), rules),
    }
    with RawServer(answers) as server:
        result = crawl(server.base_url, tmp_path)
    assert result.returncode == 0, result.stderr
    paths = {path for path, _ in server.sent}
    assert "/b" in paths
    assert "/a" not in paths


def test_redirects_leave_the_site_only_as_captures(tmp_path: Path) -> None:
    away = b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
    with RawServer({"/": page()}) as other:
        answers = {
            "/": page("/private", "/file", "/other", "/loop"),
            "/private": away % b"http://10.0.0.1/",
            "/file": away % b"file:///etc/passwd",
            "/other": away % other.base_url.encode(),
            "/loop": away % b"/loop",
        }
        with RawServer(answers) as server:
            result = crawl(server.base_url, tmp_path)
        assert other.requests == []
    assert result.returncode == 1, result.stderr
    assert "\nfailed: 1 redirect-loop\n" in result.stderr
    paths = Counter(path for path, _ in server.sent)
    assert all(paths[path] == 1 for path in answers)


def test_limit_on_pages_stops_with_its_exit_code(tmp_path: Path) -> None:
    links = [f"/{number}" for number in range(200)]
    with RawServer({"/": page(*links), **dict.fromkeys(links, page())}) as server:
        result = crawl(server.base_url, tmp_path, CLOSESPIDER_PAGECOUNT="5")
    assert result.returncode == 5
    assert "stopped before the end" in result.stderr
    under_way = WAITING * int(FAST["CONCURRENT_REQUESTS"])
    assert 5 <= len(server.requests) < 2 * under_way < len(links)
    assert verify_archive(Archive(tmp_path)).findings == []


def test_second_crawl_adds_to_the_archive(tmp_path: Path) -> None:
    with RawServer({"/": page("/a"), "/a": page()}) as server:
        crawl(server.base_url, tmp_path)
        first = {path.name: path.read_bytes() for path in (tmp_path / "warc").iterdir()}
        crawl(server.base_url, tmp_path)
    second = {path.name: path.read_bytes() for path in (tmp_path / "warc").iterdir()}
    assert len(second) == 2 * len(first) == 2
    assert first.items() <= second.items()
    assert verify_archive(Archive(tmp_path)).findings == []


def test_busy_host_is_left_alone_as_long_as_it_asks(tmp_path: Path) -> None:
    busy = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 4\r\n\r\nbusy"
    times: list[float] = []

    def answer() -> bytes:
        times.append(time.monotonic())
        return busy if len(times) == 1 else page()

    links = [f"/page-{letter}" for letter in "abcdefgh"]
    answers = {"/": page("/busy", *links), "/busy": answer, **dict.fromkeys(links, page())}
    with RawServer(answers) as server:
        result = crawl(server.base_url, tmp_path, CONCURRENT_REQUESTS_PER_DOMAIN="1")
    assert result.returncode == 0, result.stderr
    assert len(times) == 2
    assert times[1] - times[0] >= 1.9
    order = [path for path, _ in server.sent]
    assert order.count("/busy") == 2
    pauses = [b - a for a, b in pairwise(server.times)]
    assert max(pauses) >= 1.9, "another request was sent while the host was to be left alone"
    assert server.times[order.index("/busy") + 1] - server.times[order.index("/busy")] >= 1.9
    database = read_database(tmp_path / "archive.db")
    (held,) = database.execute(
        "SELECT value FROM crawl_metrics WHERE topic = 'load' AND name = 'held_seconds'"
    ).fetchone()
    database.close()
    assert held == 2


def test_no_more_requests_at_a_time_than_the_setting_says(tmp_path: Path) -> None:
    with ReplicaServer(build_site(), latency=0.02) as server:
        crawl(
            server.base_url,
            tmp_path,
            CONCURRENT_REQUESTS="8",
            CONCURRENT_REQUESTS_PER_DOMAIN="2",
            CLOSESPIDER_PAGECOUNT="60",
        )
        at_once = max(entry.active for entry in server.log)
    assert at_once == 2


def test_header_without_a_media_type_harms_nothing(tmp_path: Path) -> None:
    odd = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: 5\r\n\r\nplain"
    types = {"/semicolon": b";", "/charset": b"; charset=x", "/comma": b",", "/nothing": b""}
    answers: dict[str, Answer] = {path: odd % value for path, value in types.items()}
    with RawServer({"/": page(*types), **answers}) as server:
        result = crawl(server.base_url, tmp_path, CACNP_WARC_MAX_BYTES="1024")
    assert result.returncode == 0, result.stderr
    assert verify_archive(Archive(tmp_path)).findings == []


ROBOTS = {
    "byte order mark": b"\xef\xbb\xbfUser-agent: *\nDisallow: /secret\n",
    "five megabytes": b"User-agent: *\nDisallow: /secret\n" + b"# padding\n" * 500_000,
    "our name": b"User-agent: cacnp-archive\nDisallow: /secret\n",
}


@pytest.mark.parametrize("case", ROBOTS)
def test_robots_txt_is_obeyed(case: str, tmp_path: Path) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(ROBOTS[case])
    answers = {"/": page("/secret", "/open"), "/open": page(), "/robots.txt": head + ROBOTS[case]}
    with RawServer(answers) as server:
        result = crawl(server.base_url, tmp_path)
    assert result.returncode == 0, result.stderr
    paths = {path for path, _ in server.sent}
    assert "/open" in paths
    assert "/secret" not in paths


def test_crawl_delay_is_kept_whatever_autothrottle_says(tmp_path: Path) -> None:
    rules = b"User-agent: *\nCrawl-delay: 1\n"
    links = [f"/{letter}" for letter in "abcd"]
    answers = {
        "/": page(*links),
        **dict.fromkeys(links, page()),
        "/robots.txt": b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(rules), rules),
    }
    with RawServer(answers) as server:
        crawl(
            server.base_url,
            tmp_path,
            AUTOTHROTTLE_ENABLED="True",
            AUTOTHROTTLE_START_DELAY="0",
            CACNP_MAX_REQUESTS="6",
        )
    gaps = [later - earlier for earlier, later in pairwise(server.times)]
    assert len(gaps) >= 5
    assert min(gaps) > 0.95


def test_redirect_in_raw_utf8_is_followed_as_it_was_meant(tmp_path: Path) -> None:
    moved = "HTTP/1.1 301 Moved\r\nLocation: /café/\r\nContent-Length: 0\r\n\r\n".encode()
    answers = {"/": page("/old"), "/old": moved, "/caf%C3%A9/": page()}
    with RawServer(answers) as server:
        crawl(server.base_url, tmp_path)
    assert "/caf%C3%A9/" in {path for path, _ in server.sent}


def test_variant_without_a_robots_txt_does_not_stop_the_crawl(tmp_path: Path) -> None:
    with RawServer({}) as server:
        secure = server.base_url.replace("http://", "https://")
        moved = f"HTTP/1.1 301 Moved\r\nLocation: {secure}a\r\nContent-Length: 0\r\n\r\n"
        server.answers |= {"/": page("/a", "/b"), "/a": moved.encode(), "/b": page()}
        result = crawl(server.base_url, tmp_path, RETRY_TIMES="0", DOWNLOAD_TIMEOUT="3")
    assert result.returncode == 1
    assert "finished: " in result.stderr
    assert "/b" in {path for path, _ in server.sent}


def test_damaged_file_is_told_and_does_not_stop_the_crawl(tmp_path: Path) -> None:
    (tmp_path / "warc").mkdir()
    (tmp_path / "warc" / "foreign.warc.gz").write_bytes(b"not a WARC file at all")
    with RawServer({"/": page("/a"), "/a": page()}) as server:
        result = crawl(server.base_url, tmp_path)
    assert result.returncode == 1
    assert "cannot be repaired: foreign.warc.gz" in result.stderr
    assert "finished: " in result.stderr


def test_lost_index_and_lost_database_are_made_again(tmp_path: Path) -> None:
    with RawServer({"/": page("/a", "/gone"), "/a": page()}) as server:
        crawl(server.base_url, tmp_path)
        crawl(server.base_url, tmp_path)
    queries = ("SELECT url, status, warc_offset, record_type, via, hops FROM captures ORDER BY id",
               "SELECT * FROM posts", "SELECT id FROM crawls ORDER BY id")  # fmt: skip

    def rows() -> list[list[dict[str, object]]]:
        database = read_database(tmp_path / "archive.db")
        found = [list(database.query(query)) for query in queries]
        database.close()
        return found

    before = rows()
    index = {path.name: path.read_bytes() for path in (tmp_path / "index").iterdir()}
    for path in (*(tmp_path / "index").iterdir(), *tmp_path.glob("archive.db*")):
        path.unlink()
    manifest = (tmp_path / "manifest.jsonl").read_bytes()
    repair(Archive(tmp_path))
    assert rows() == before
    assert {path.name: path.read_bytes() for path in (tmp_path / "index").iterdir()} == index
    assert (tmp_path / "manifest.jsonl").read_bytes() == manifest
    assert verify_archive(Archive(tmp_path)).findings == []


@pytest.mark.parametrize("loss", ["missing", "cut"])
def test_what_a_lost_file_had_is_archived_whole_again(loss: str, tmp_path: Path) -> None:
    """A revisit of an original that is gone would throw away bytes that the site gave again."""
    picture = png("the same each time")
    head = b'HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nETag: "1"\r\nContent-Length: %d\r\n\r\n'
    answers = {
        "/": page("/p.png", "/q.png"),
        **dict.fromkeys(("/p.png", "/q.png"), head % len(picture) + picture),
    }
    with RawServer(answers) as server:
        assert crawl(server.base_url, tmp_path).returncode == 0
        (lost,) = (tmp_path / "warc").glob("*.warc.gz")
        if loss == "missing":
            lost.unlink()
        else:
            lost.write_bytes(lost.read_bytes()[:-50])
        for _ in range(2):
            result = crawl(server.base_url, tmp_path, CACNP_RECHECK_DAYS="0")
            assert result.returncode == 1, result.stderr
            assert f"cannot be repaired: {lost.name}" in result.stderr
    again, later = sorted(path for path in (tmp_path / "warc").glob("*.warc.gz") if path != lost)
    types = Counter(record.record_type for record in read_records(again))
    assert types["response"] >= 2  # of the two pictures, one is the original of the other
    assert {
        record.field("WARC-Target-URI"): record.record_type
        for record in read_records(again)
        if is_answer(record) and record.field("WARC-Target-URI").endswith("p.png")
    } == {f"{server.base_url}p.png": "response"}
    assert Counter(record.record_type for record in read_records(later))["revisit"] >= 2
    messages = [str(finding) for finding in verify_archive(Archive(tmp_path)).findings]
    assert messages != []
    assert all(lost.name in message or "manifest" in message for message in messages), messages
