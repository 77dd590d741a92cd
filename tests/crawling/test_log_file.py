"""The log of all crawls, in files of bounded size."""

import re
from pathlib import Path

from tests.conftest import CrawledReplica, crawl
from tests.support.raw_server import RawServer

SMALL_SITE = {"/": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p>A"}


def test_log_begins_and_ends_with_the_crawl_in_utc_and_the_terminal_stays_quiet(
    replica: CrawledReplica,
) -> None:
    lines = (replica.archive.state_folder / "crawl.log").read_text().splitlines()
    for line in (lines[0], lines[-1]):  # some of Scrapy's messages have several lines
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO ", line)
    assert f" of {replica.base_url} begins" in lines[0]
    summary = [line for line in lines if ": finished: " in line]
    assert len(summary) == 1
    assert "log_file: crawl " in lines[-1]
    assert " INFO " not in replica.output.stderr


def test_log_takes_no_more_room_than_it_may(tmp_path: Path) -> None:
    with RawServer(SMALL_SITE) as server:
        for _ in range(3):
            settings = {"CACNP_LOG_FILES": "2", "CACNP_LOG_MAX_BYTES": "1500"}
            assert crawl(server.base_url, tmp_path, **settings).returncode == 0
    logs = sorted((tmp_path / "state").glob("crawl.log*"))
    assert [path.name for path in logs] == ["crawl.log", "crawl.log.1"]
    assert all(path.stat().st_size <= 1500 for path in logs)


def test_log_that_cannot_be_written_does_not_stop_the_crawl(tmp_path: Path) -> None:
    (tmp_path / "state" / "crawl.log").mkdir(parents=True)
    with RawServer(SMALL_SITE) as server:
        result = crawl(server.base_url, tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stderr.count("the log file cannot be written: ") == 1


def test_no_log_is_kept_when_none_is_wanted(tmp_path: Path) -> None:
    crawl("http://127.0.0.1:1/", tmp_path, CACNP_LOG_FILES="0", RETRY_TIMES="0")
    assert not (tmp_path / "state" / "crawl.log").exists()
