"""What machines are told of a crawl: the status file and the metrics, of real crawls."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from cacnp_archive.crawling.monitoring.status_file import (
    ProgressCounts,
    RunStatus,
    read_status,
    write_status,
)
from cacnp_archive.crawling.monitoring.status_writer import record_refusal, record_verdict
from cacnp_archive.crawling.monitoring.verdict import CrawlEnd, judge
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.storage.database import read_database
from tests.conftest import (
    BIN,
    FAST,
    ROOT,
    CrawledReplica,
    crawl,
    crawl_command,
    run,
    with_small_files,
)
from tests.support.raw_server import RawServer

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
COMPLETE = judge(CrawlEnd(finish_reason="finished"))
NO_SPACE = judge(CrawlEnd(finish_reason="storage failed"))


def metrics_of(archive: Archive) -> dict[str, float]:
    """Return each sample of the metrics by its name and the value of its label, if any."""
    text = (archive.state_folder / "metrics.prom").read_text()
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def status_of(archive: Archive) -> RunStatus:
    status = read_status(archive)
    assert status is not None
    return status


def status(**values: Any) -> RunStatus:
    facts = {
        "crawl_id": "20261124033000-a1b2c3",
        "base_url": "https://armscontrolcenter.org/",
        "state": "running",
        "started_at": NOW,
        "updated_at": NOW,
        "captures_by_status_class": {"2xx": 3},
    }
    return RunStatus(**{**facts, **values})


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path / "data")
    archive.prepare()
    return archive


def test_status_of_a_finished_crawl_agrees_with_the_database(replica: CrawledReplica) -> None:
    told = status_of(replica.archive)
    database = read_database(replica.archive.database_path)
    (row,) = database.query("SELECT * FROM crawls")
    (last,) = database.execute("SELECT max(captured_at) FROM captures").fetchone()
    database.close()
    assert (told.crawl_id, told.reason, told.exit_code) == (row["id"], row["finish_reason"], 0)
    assert (told.state, told.started_at.isoformat()[:19]) == ("finished", row["started_at"][:19])
    assert told.counts.requests == row["request_count"]
    assert told.counts.captures == row["capture_count"]
    assert told.counts.received_bytes == row["received_bytes"]
    assert told.counts.articles == len(replica.truth["articles"])
    assert told.counts.waiting == 0
    assert told.last_capture_at is not None
    assert told.finished_at is not None
    assert datetime.fromisoformat(last) <= told.last_capture_at <= told.finished_at
    assert told.last_success_at == told.last_run_at == told.finished_at
    assert told.verdict == replica.output.stderr.splitlines()[-1]


def test_status_tells_nothing_of_the_machine(replica: CrawledReplica) -> None:
    text = (replica.archive.state_folder / "status.json").read_text()
    assert str(replica.archive.folder) not in text
    assert os.uname().nodename not in text
    assert "pid" not in text


def test_metrics_say_what_the_status_says(replica: CrawledReplica) -> None:
    told, metrics = status_of(replica.archive), metrics_of(replica.archive)
    assert told.last_success_at is not None
    assert told.last_capture_at is not None
    warc_bytes = sum(path.stat().st_size for path in replica.archive.warc_folder.iterdir())
    expected = {
        "running": 0,
        "last_exit_code": 0,
        "last_success_timestamp_seconds": told.last_success_at.timestamp(),
        "last_run_timestamp_seconds": told.last_success_at.timestamp(),
        "status_timestamp_seconds": told.updated_at.timestamp(),
        "last_capture_timestamp_seconds": told.last_capture_at.timestamp(),
        "captures_total 2xx": told.captures_by_status_class["2xx"],
        "captures_total 3xx": told.captures_by_status_class["3xx"],
        "captures_total 4xx": told.captures_by_status_class["4xx"],
        "captures_total 5xx": 0,
        "captures_total other": 0,
        "requests_total": told.counts.requests,
        "failures_total": told.counts.failures,
        "throttled_answers_total": 0,
        "received_bytes_total": told.counts.received_bytes,
        "articles": len(replica.truth["articles"]),
        "known_addresses": told.counts.known,
        "waiting_addresses": 0,
        "unavailable_addresses": 0,
        "warc_bytes": warc_bytes,
        "database_bytes": told.database_bytes,
        "free_disk_bytes": told.free_disk_bytes,
    }
    assert metrics == {f"cacnp_archive_{name}": value for name, value in expected.items()}
    assert told.captures_by_status_class["2xx"] > len(replica.truth["articles"])
    assert told.database_bytes >= replica.archive.database_path.stat().st_size


def test_names_of_metrics_follow_the_rules(replica: CrawledReplica) -> None:
    text = (replica.archive.state_folder / "metrics.prom").read_text()
    families = list(text_string_to_metric_families(text))
    assert len(families) >= 18
    for family in families:
        assert re.fullmatch(r"cacnp_archive_[a-z_]+", family.name)
        assert family.documentation
        for sample in family.samples:
            assert sample.name.endswith("_total") == (family.type == "counter")
            assert sample.timestamp is None  # node_exporter refuses files that have one


def test_files_are_readable_by_other_users_and_alone(replica: CrawledReplica) -> None:
    names = {path.name for path in replica.archive.state_folder.iterdir() if path.is_file()}
    assert {name for name in names if "status" in name or "metrics" in name} == {
        "status.json",
        "metrics.prom",
    }


@contextmanager
def running_crawl(
    base_url: str, archive: Archive, is_as_wanted: Callable[[RunStatus], bool]
) -> Iterator[subprocess.Popen[bytes]]:
    """Have a slow crawl run that has come to where it is wanted; it is killed at the end."""
    options = {**FAST, "CACNP_STATUS_SECONDS": "0.1", "CACNP_DATA_DIR": str(archive.folder)}
    options["DOWNLOAD_DELAY"] = "0.2"
    words = [word for name, value in options.items() for word in ("-s", f"{name}={value}")]
    command = [BIN / "scrapy", "crawl", "cacnp", "-a", f"base_url={base_url}", *words]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            former = read_status(archive)
            told = former
            while not (told and told != former and told.state == "running" and is_as_wanted(told)):
                assert process.poll() is None, "the crawl ended before it came to where it should"
                time.sleep(0.05)
                told = read_status(archive)
            yield process
        finally:
            process.kill()


def has_captured(told: RunStatus) -> bool:
    return told.counts.captures >= 3


def test_running_crawl_tells_how_far_it_is_and_keeps_what_is_known_of_earlier_runs(
    archive: Archive,
) -> None:
    write_status(archive, status().ended(0, "finished", NOW, COMPLETE))
    with (
        ReplicaServer(build_site()) as server,
        running_crawl(server.base_url, archive, has_captured) as process,
    ):
        told, metrics = status_of(archive), metrics_of(archive)
        assert told.counts.waiting > 0
        assert told.counts.known == told.counts.done + told.counts.waiting
        assert (told.exit_code, told.finished_at, told.reason) == (None, None, None)
        assert (told.last_success_at, told.last_exit_code) == (NOW, 0)
        assert metrics["cacnp_archive_running"] == 1
        assert metrics["cacnp_archive_last_success_timestamp_seconds"] == NOW.timestamp()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 5
    told, metrics = status_of(archive), metrics_of(archive)
    assert (told.state, told.exit_code, told.reason) == ("finished", 5, "shutdown")
    assert metrics["cacnp_archive_last_exit_code"] == 5
    assert metrics["cacnp_archive_running"] == 0
    assert metrics["cacnp_archive_last_success_timestamp_seconds"] == NOW.timestamp()
    assert metrics["cacnp_archive_last_run_timestamp_seconds"] > NOW.timestamp()


def test_second_crawl_leaves_the_status_of_the_running_one_alone(archive: Archive) -> None:
    with (
        ReplicaServer(build_site()) as server,
        running_crawl(server.base_url, archive, has_captured),
    ):
        crawl_id = status_of(archive).crawl_id
        assert crawl(server.base_url, archive.folder).returncode == 3
        assert crawl(server.base_url, archive.folder, DOWNLOAD_DELAY="-1").returncode == 2
        told = status_of(archive)
        assert (told.crawl_id, told.state, told.last_exit_code) == (crawl_id, "running", None)


def test_killed_crawl_stays_running_and_is_heard_of_no_more(archive: Archive) -> None:
    with (
        ReplicaServer(build_site()) as server,
        running_crawl(server.base_url, archive, has_captured) as process,
    ):
        process.kill()
        process.wait()
    told = status_of(archive)
    assert (told.state, told.finished_at, told.exit_code) == ("running", None, None)


def test_site_that_cannot_be_reached_is_a_run_but_no_success(archive: Archive) -> None:
    assert crawl("http://127.0.0.1:1/", archive.folder, RETRY_TIMES="0").returncode == 1
    told, metrics = status_of(archive), metrics_of(archive)
    assert (told.exit_code, told.reason, told.last_success_at) == (1, "site unreachable", None)
    assert metrics["cacnp_archive_last_success_timestamp_seconds"] == 0
    assert metrics["cacnp_archive_last_exit_code"] == 1


def test_throttling_answers_are_counted(archive: Archive) -> None:
    answers = iter(
        [b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"] * 2
    )
    whole = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi"
    with RawServer({"/": lambda: next(answers, whole)}) as server:
        crawl(server.base_url, archive.folder)
    metrics = metrics_of(archive)
    assert metrics["cacnp_archive_throttled_answers_total"] == 2
    assert metrics["cacnp_archive_captures_total 4xx"] >= 2


def test_usage_error_is_noted_where_there_is_an_archive(tmp_path: Path, archive: Archive) -> None:
    write_status(archive, status().ended(0, "finished", NOW, COMPLETE))
    assert crawl("http://127.0.0.1:1/", archive.folder, DOWNLOAD_DELAY="-1").returncode == 2
    told = status_of(archive)
    assert (told.crawl_id, told.exit_code, told.last_success_at) == (None, 2, NOW)
    assert told.reason == "DOWNLOAD_DELAY must be a number of at least 0, not '-1'"
    assert metrics_of(archive)["cacnp_archive_last_exit_code"] == 2
    none = tmp_path / "none"
    assert crawl("http://127.0.0.1:1/", none, DOWNLOAD_DELAY="-1").returncode == 2
    assert not none.exists()


def begun(archive: Archive) -> Crawl:
    return Crawl.begin(Site.at(HOME), archive, user_agent="test", obeys_robots=True, settings={})


def test_verdict_on_a_crawl_is_not_added_to_the_status_of_an_earlier_one(archive: Archive) -> None:
    former = status(counts=ProgressCounts(captures=7)).ended(0, "finished", NOW, COMPLETE)
    write_status(archive, former)
    crawl = begun(archive)
    record_verdict(crawl, "storage failed", NO_SPACE)
    told = status_of(archive)
    assert (told.crawl_id, told.exit_code, told.reason) == (crawl.crawl_id, 4, "storage failed")
    assert told.verdict == "needs attention: failed to write"
    assert (told.counts.captures, told.last_success_at) == (0, NOW)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"crawl_id": null}', "\x00" * 300])
def test_status_that_cannot_be_read_is_as_none(text: str, archive: Archive) -> None:
    (archive.state_folder / "status.json").write_text(text)
    assert read_status(archive) is None
    record_refusal(archive, 2, "why")
    assert status_of(archive).exit_code == 2


def test_status_comes_back_as_it_was_written(archive: Archive) -> None:
    ended = status().ended(0, "finished", NOW, COMPLETE)
    for written in (status(), ended, status(last_capture_at=NOW)):
        write_status(archive, written)
        assert status_of(archive) == written


CRAMPED = """
import resource, sys
from pathlib import Path
from cacnp_archive.model.archive import Archive
from cacnp_archive.crawling.monitoring.status_writer import record_verdict
from tests.crawling.test_status_writer import COMPLETE, begun
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
record_verdict(begun(Archive(Path(sys.argv[1]))), "finished", COMPLETE)
"""


@pytest.mark.parametrize("room", [0, 1, 500])
def test_full_disk_leaves_the_former_status_whole(room: int, archive: Archive) -> None:
    record_verdict(begun(archive), "storage failed", NO_SPACE)
    before = {path.name: path.read_bytes() for path in archive.state_folder.iterdir()}
    result = subprocess.run(
        [sys.executable, "-c", CRAMPED, archive.folder, str(room)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (result.returncode, result.stderr.count("\n")) == (0, 1), result.stderr
    assert result.stderr.startswith("the exit code cannot be recorded: ")
    assert {path.name: path.read_bytes() for path in archive.state_folder.iterdir()} == before


def test_status_that_cannot_be_written_does_not_stop_the_crawl(archive: Archive) -> None:
    (archive.state_folder / "status.json").mkdir()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 20\r\n\r\n"
    with RawServer({"/": (head, *[b"<" for _ in range(20)])}) as server:  # takes a second
        result = crawl(server.base_url, archive.folder, CACNP_STATUS_SECONDS="0.1")
    assert result.returncode == 0, result.stderr
    assert result.stderr.count("the status cannot be written: ") == 1
    assert result.stderr.count("the exit code cannot be recorded: ") == 1


def test_run_that_ended_for_a_full_disk_is_noted_as_far_as_there_is_room(archive: Archive) -> None:
    with ReplicaServer(build_site()) as server:
        result = run(*with_small_files(58, crawl_command(server.base_url, archive.folder)))
    assert result.returncode == 4, result.stderr
    told = status_of(archive)
    assert (told.state, told.exit_code, told.last_success_at) == ("finished", 4, None)
    assert metrics_of(archive)["cacnp_archive_last_exit_code"] == 4


def test_status_is_json_that_other_languages_read(replica: CrawledReplica) -> None:
    told = json.loads((replica.archive.state_folder / "status.json").read_bytes())
    assert told["state"] == "finished"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00", told["last_success_at"])
