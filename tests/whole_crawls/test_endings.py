"""However a crawl ends, its last lines, `status`, `report` and the status file say the same."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families

from cacnp_archive.commands.cli import main
from cacnp_archive.crawling.monitoring.status_file import RunStatus, read_status
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.exit_codes import ExitCode
from tests.conftest import crawl, crawl_command, run, with_small_files
from tests.support.raw_server import Answer, RawServer

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
BUSY = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"

Answers = dict[str, Answer]
Crawl = subprocess.CompletedProcess[str]


def page(*targets: str, filler: bytes = b"") -> bytes:
    links = "".join(f'<a href="{target}">{target}</a>' for target in targets).encode()
    body = b"<!DOCTYPE html><body class='home'>" + links + filler
    return HEAD % (b"text/html", len(body)) + body


def complete(folder: Path) -> Crawl:
    with RawServer({"/": page("/a"), "/a": page()}) as server:
        return crawl(server.base_url, folder)


def with_failures(folder: Path) -> Crawl:
    answers: Answers = {"/": page("/a", "/b"), "/a": BUSY, "/b": BUSY}
    with RawServer(answers) as server:
        return crawl(server.base_url, folder, RETRY_TIMES="0")


def with_an_alert(folder: Path) -> Crawl:
    with RawServer({"/": page()}) as server:
        server.answers["/sitemap_index.xml"] = sitemap(server.base_url, 10)
        crawl(server.base_url, folder)
        server.answers["/sitemap_index.xml"] = sitemap(server.base_url, 2)
        return crawl(server.base_url, folder)


def sitemap(base_url: str, count: int) -> bytes:
    urls = "".join(f"<url><loc>{base_url}page-{'abcdefghij'[n]}/</loc></url>" for n in range(count))
    body = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>".encode()
    return HEAD % (b"text/xml", len(body)) + body


def with_damage(folder: Path) -> Crawl:
    (folder / "warc").mkdir(parents=True)
    (folder / "warc" / "foreign.warc.gz").write_bytes(b"not a WARC file at all")
    return complete(folder)


def stopped(folder: Path) -> Crawl:
    with RawServer({"/": page("/a", "/b"), "/a": page(), "/b": page()}) as server:
        return crawl(server.base_url, folder, CACNP_MAX_REQUESTS="2")


def unreachable(folder: Path) -> Crawl:
    return crawl("http://127.0.0.1:1/", folder, RETRY_TIMES="0")


def warc_file_failed(folder: Path) -> Crawl:
    links = [f"/{letter}" for letter in "abcdefgh"]
    large = {link: page(filler=os.urandom(200_000).hex().encode()) for link in links}
    return on_a_small_disk(folder, 500_000, {"/": page(*links), **large})


def database_failed(folder: Path) -> Crawl:
    links = [f"/{number}/" for number in range(150)]
    return on_a_small_disk(folder, 1000, {"/": page(*links), **dict.fromkeys(links, page())})


def manifest_failed(folder: Path) -> Crawl:
    """Crawl an archive whose last WARC file cannot be completed."""

    def answer() -> bytes:
        (folder / "manifest.jsonl").mkdir(exist_ok=True)
        return page()

    with RawServer({"/": answer}) as server:
        return crawl(server.base_url, folder)


def on_a_small_disk(folder: Path, room: int, answers: Answers) -> Crawl:
    """Crawl a second time, when no file may become larger than the database and some room."""
    with RawServer({"/": page()}) as server:
        crawl(server.base_url, folder)
        server.answers |= answers
        kilobytes = ((folder / "archive.db").stat().st_size + room) // 1024
        return run(*with_small_files(kilobytes, crawl_command(server.base_url, folder)))


@dataclass(frozen=True)
class Ending:
    """A crawl, and what is to be said of it."""

    make: Callable[[Path], Crawl]
    exit_code: ExitCode
    state: str
    reason: str
    is_success: bool
    """Whether all there was to fetch was fetched."""


ENDINGS = [
    Ending(complete, ExitCode.OK, "complete", "completed with ", True),
    Ending(
        with_failures, ExitCode.FAULTS, "with failures", "finished with 2 failed addresses", True
    ),
    Ending(with_an_alert, ExitCode.FAULTS, "with alerts", "finished with 1 alert", True),
    Ending(
        with_damage,
        ExitCode.FAULTS,
        "with failures",
        "finished with damaged files in the archive",
        True,
    ),
    Ending(
        stopped, ExitCode.STOPPED, "stopped", "stopped before the end (limit: 2 requests)", False
    ),
    Ending(unreachable, ExitCode.FAULTS, "unreachable", "could not reach the site", False),
    Ending(warc_file_failed, ExitCode.WRITE_FAILED, "write failed", "failed to write", False),
    Ending(manifest_failed, ExitCode.WRITE_FAILED, "write failed", "failed to write", False),
    Ending(database_failed, ExitCode.WRITE_FAILED, "write failed", "failed to write", False),
]


@dataclass
class Archived:
    """An archive that is asked about its last crawl in every way."""

    folder: Path
    status: dict[str, Any] = field(init=False)
    report: dict[str, Any] = field(init=False)
    status_lines: list[str] = field(init=False)
    report_text: str = field(init=False)
    status_file: RunStatus = field(init=False)
    metrics: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        self.status = json.loads(self._ask("status", "--json"))
        self.report = json.loads(self._ask("report", "--json"))
        self.status_lines = self._ask("status").splitlines()
        self.report_text = self._ask("report")
        found = read_status(Archive(self.folder))
        assert found is not None
        self.status_file = found
        text = (self.folder / "state" / "metrics.prom").read_text()
        families = text_string_to_metric_families(text)
        self.metrics = {
            sample.name.removeprefix("cacnp_archive_"): sample.value
            for family in families
            for sample in family.samples
        }

    def _ask(self, *words: str) -> str:
        command = ["--data-dir", str(self.folder), *words]
        return CliRunner().invoke(main, command, env={"COLUMNS": "300"}).stdout


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: ending.make.__name__)
def test_all_that_report_on_a_crawl_say_the_same(ending: Ending, tmp_path: Path) -> None:
    result = ending.make(tmp_path)
    assert result.returncode == ending.exit_code, result.stderr
    asked = Archived(tmp_path)
    verdict = asked.report["verdict"]
    assert verdict["state"] == ending.state
    assert verdict["reason"].startswith(ending.reason)
    mark = "OK" if ending.exit_code == ExitCode.OK else "needs attention"
    line, next_line = f"{mark}: {verdict['reason']}", f"next: {verdict['next_step']}"

    lines = result.stderr.splitlines()
    assert lines[-1:] == [line] if mark == "OK" else lines[-2:] == [line, next_line]

    assert (asked.status["is_ok"], asked.status["state"]) == (mark == "OK", ending.state)
    assert asked.status["reason"].endswith(f" UTC {verdict['reason']}")
    assert asked.status_lines[:2] == [f"{mark}: {asked.status['reason']}", next_line]

    assert f"\n{line}\n" in asked.report_text
    assert asked.report["alerts"] == asked.status["alerts"]

    status_file, metrics = asked.status_file, asked.metrics
    assert status_file.verdict == line
    assert status_file.exit_code == metrics["last_exit_code"] == ending.exit_code
    assert (status_file.last_success_at == status_file.last_run_at) == ending.is_success
    last_success, last_run = (
        metrics[f"last_{name}_timestamp_seconds"] for name in ("success", "run")
    )
    assert (last_success == last_run) == ending.is_success


def test_running_and_then_killed_crawl_is_called_so_by_all(tmp_path: Path) -> None:
    links = [f"/{number}" for number in range(200)]
    with RawServer({"/": page(*links), **dict.fromkeys(links, page())}) as server:
        command = crawl_command(server.base_url, tmp_path, DOWNLOAD_DELAY="0.5")
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            try:
                while len(server.requests) < 5:
                    assert process.poll() is None
                    time.sleep(0.05)
                running = Archived(tmp_path)
            finally:
                process.send_signal(signal.SIGKILL)
    with Archive(tmp_path).held_for_reading():  # the ingest process has ended as well
        killed = Archived(tmp_path)
    for asked, state, reason in (
        (running, "running", "is running"),
        (killed, "killed", "was killed"),
    ):
        assert asked.status["state"] == asked.report["verdict"]["state"] == state
        assert not asked.status["is_ok"]
        assert asked.status["reason"].endswith(f" UTC {reason}")
        assert f"\nneeds attention: {reason}\n" in asked.report_text
        assert (asked.status_file.verdict, asked.status_file.exit_code) == (None, None)
    assert running.status["is_running"]
    assert not killed.status["is_running"]
