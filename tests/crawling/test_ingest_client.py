"""Reading and saving have a process of their own, which ends with the crawl."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cacnp_archive.crawling.ingest_client import IngestClient
from cacnp_archive.ingest.messages import BeginCrawl, RepairSummary, SaveResult
from cacnp_archive.maintenance.verify import verify_archive
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import FailedExchange, FailureReason
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.errors import ArchiveError, StorageError
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.model.spool import IN_MEMORY_BYTES
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.storage.database import read_database
from cacnp_archive.warc.writer import WarcWriter
from tests.conftest import BIN, ROOT, crawl
from tests.support.captures import make_capture

PAGE = b"<body class='single postid-7'><h1 class='entry-title'>One</h1><p>two"


def started(crawl: Crawl) -> IngestClient:
    process = IngestClient(crawl)
    assert process.repaired() == RepairSummary([], is_damaged=False)
    process.attach()
    return process


@pytest.fixture
def writer(begun: Crawl) -> Iterator[WarcWriter]:
    """A writer whose file stays open during the test."""
    with closing(WarcWriter(begun.archive.warc_folder, "cacnp-1-1", [], 10**9)) as writer:
        yield writer


def rows(archive: Archive, question: str) -> list[tuple[Any, ...]]:
    database = read_database(archive.database_path)
    found: list[tuple[Any, ...]] = database.execute(question).fetchall()
    database.close()
    return found


@pytest.fixture
def begun(tmp_path: Path) -> Crawl:
    archive = Archive(tmp_path)
    archive.prepare()
    return Crawl.begin(Site.at(HOME), archive, user_agent="test", obeys_robots=True, settings={})


def test_captures_are_saved_in_order_with_calls_between(begun: Crawl, writer: WarcWriter) -> None:
    pages = [make_capture(f"{HOME}{number}/", PAGE) for number in range(5)]

    async def work() -> list[SaveResult]:
        process = started(begun)
        process.ask(BeginCrawl())
        found = await asyncio.gather(*(process.save(item) for item in writer.write(pages)))
        assert process.frontier.known > 5
        process.close()
        return found

    assert asyncio.run(work()) == [SaveResult(is_article=True, problem_count=2)] * 5
    saved = rows(begun.archive, "SELECT url FROM captures ORDER BY id")
    assert saved == [(page.url,) for page in pages]


def test_capture_too_large_to_hand_over_is_read_from_its_record(
    begun: Crawl, writer: WarcWriter
) -> None:
    filler = b"<!--" + b"x" * IN_MEMORY_BYTES + b"-->"
    page = replace(make_capture(f"{HOME}large/", PAGE + filler), via=HOME, hops="L")

    async def work() -> SaveResult:
        process = started(begun)
        process.ask(BeginCrawl())
        (record,) = writer.write([page])
        saved = await process.save(record)
        process.close()
        return saved

    assert asyncio.run(work()).is_article
    assert rows(begun.archive, "SELECT warc_file, via, hops, entity_length FROM captures") == [
        ("cacnp-1-1-00001.warc.gz", HOME, "L", len(PAGE + filler))
    ]
    assert rows(begun.archive, "SELECT title FROM articles") == [("One",)]


def test_end_of_the_process_is_an_error_of_all_that_wait(begun: Crawl) -> None:
    failed = FailedExchange(
        url=HOME, failed_at=begun.started_at, reason=FailureReason.DNS, detail="no such host"
    )

    async def work() -> None:
        process = started(begun)
        os.kill(process.pid, signal.SIGKILL)
        for _ in range(2):  # what waits, and what comes afterwards
            with pytest.raises(StorageError, match="SIGKILL"):
                await process.save(failed)
        process.close()

    asyncio.run(work())


@contextmanager
def crawling(base_url: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Crawl, slowly, in another process."""
    settings = {"CACNP_DATA_DIR": str(folder), "DOWNLOAD_DELAY": "0.05"}
    settings |= {"AUTOTHROTTLE_ENABLED": "False"}
    words = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    command = [str(BIN / "scrapy"), "crawl", "cacnp", "-a", f"base_url={base_url}", *words]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def reading_process_in(folder: Path) -> int:
    """Return the id of the process that reads for the crawl of an archive."""
    note = Archive(folder).state_folder / "reading.lock.json"
    return int(json.loads(note.read_bytes())["pid"])


def wait_for_rows(folder: Path) -> None:
    for _ in range(200):
        time.sleep(0.1)
        with suppress(ArchiveError, sqlite3.OperationalError):
            if rows(Archive(folder), "SELECT count(*) FROM captures")[0][0] > 20:
                return
    raise AssertionError("nothing was saved")


def test_crawl_whose_ingest_process_is_killed_goes_on_with_another(tmp_path: Path) -> None:
    with ReplicaServer(build_site()) as server, crawling(server.base_url, tmp_path) as process:
        wait_for_rows(tmp_path)
        os.kill(reading_process_in(tmp_path), signal.SIGKILL)
        _, output = process.communicate()
    assert process.returncode == 1  # an error was logged: a person should look
    assert "the ingest process was killed (SIGKILL): another one goes on" in output
    assert "complete: " in output
    assert "Traceback" not in output
    assert verify_archive(Archive(tmp_path)).findings == []


def test_reading_process_ends_with_a_killed_crawl(tmp_path: Path) -> None:
    with ReplicaServer(build_site()) as server, crawling(server.base_url, tmp_path) as process:
        wait_for_rows(tmp_path)
        reading = reading_process_in(tmp_path)
        process.send_signal(signal.SIGKILL)
        with Archive(tmp_path).held_for_reading():
            pass
        for _ in range(100):
            time.sleep(0.05)
            if not Path(f"/proc/{reading}").exists():
                break
        else:
            raise AssertionError("the reading process has outlived its crawl")


def test_crawl_that_is_interrupted_while_it_begins_ends(tmp_path: Path) -> None:
    extensions = json.dumps({"tests.crawling.interrupting.InterruptAtOpening": 1})
    with ReplicaServer(build_site(first=8)) as server:
        result = crawl(server.base_url, tmp_path, EXTENSIONS=extensions)
    assert result.returncode == 5, result.stderr
    assert "stopped before the end" in result.stderr
