"""A crawl without a network: real pipelines and a real ingest process, killed at any moment.

The captures go through the pipelines that Scrapy's settings name, in the order of the product:
written to WARC files by group commit, sent to the ingest process in batches, parsed there and saved
in one transaction. Only the processes are started otherwise: forked, which takes milliseconds.
"""

import asyncio
import os
import random
import signal
import socket
import sys
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import pytest
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.pipelines import ItemPipelineManager
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector

import pipelines.read
import pipelines.warc
from cacnp_archive import settings as scrapy_settings
from cacnp_archive.crawling import ingest_client
from cacnp_archive.crawling.ingest_client import IngestClient
from cacnp_archive.crawling.start import open_session
from cacnp_archive.ingest import process, workers
from cacnp_archive.maintenance.repair import repair
from cacnp_archive.maintenance.verify import verify_archive
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import Capture
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.errors import ArchiveError
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.parsing import read_capture
from cacnp_archive.storage.database import read_database
from cacnp_archive.warc.reader import read_records
from spiders.cacnp import CacnpSpider
from tests.support.captures import MOMENT, make_capture

SITE = Site.at(HOME)

UNDER_WAY = 16
"""Captures that are in the pipelines at a time, as with that number of connections in a crawl."""

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its patterns have invalid escapes
    import surt

PRELOADED = (pipelines.read, pipelines.warc, read_capture, scrapy_settings, surt)
"""Modules that forked processes would otherwise load, each for itself."""


def die() -> None:
    """End as a killed process ends: at once, with nothing flushed or closed."""
    REPORTER.report("deaths", os.getpid())
    os.kill(os.getpid(), signal.SIGKILL)


def captures(seed: int, count: int = 60) -> list[Capture]:
    """Return captures of many sizes, some of them equal."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        words = " ".join(str(chance.random()) for _ in range(chance.choice([1, 20, 400])))
        if number % 5 == 0:
            words = "the same again"
        body = f"<body class='single postid-{number}'><h1 class='entry-title'>{words[:20]}</h1>"
        body += f"<div class='entry-content'><p>{words}</p></div>"
        url = f"{SITE.base_url}{seed}-{number}/"
        moment = MOMENT + timedelta(seconds=number)
        found.append(make_capture(url, body.encode(), captured_at=moment))
    return found


class ForkedProcess:
    """An ingest process like that of `start_process`, forked from one that has loaded it all.

    It is forked before the crawl has threads, which may hold locks, and then waits for its socket.
    """

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        stdin, other_end = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            with _exit_code():
                os.dup2(stdin, 0)
                kept = sorted((2, theirs.fileno(), REPORTER.descriptor, 4096))
                for below, above in pairwise(kept):
                    os.closerange(below + 1, above)
                _, descriptors, _, _ = socket.recv_fds(theirs, 1, 1)
                if descriptors:  # the crawl has not been killed meanwhile
                    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - it ends with the process
                    sys.argv[1:] = map(str, descriptors)
                    process.main(lambda archive: repair(archive).summary)
        os.close(stdin)
        theirs.close()
        self._socket = ours
        self.stdin: BinaryIO = os.fdopen(other_end, "wb")
        self._code: int | None = None

    def serve(self, descriptor: int) -> None:
        socket.send_fds(self._socket, [b"-"], [descriptor])
        self._socket.close()

    def wait(self) -> int:
        if self._code is None:
            self._code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._code

    def kill(self) -> None:
        if self._code is None:
            os.kill(self.pid, signal.SIGKILL)


@contextmanager
def _forked_processes(count: int) -> Iterator[None]:
    """Have a crawl use processes that are forked now, as many as it may come to need."""
    forked = [ForkedProcess() for _ in range(count)]

    def start(descriptor: int) -> ForkedProcess:
        if not forked:
            raise BlockingIOError("as fork fails when there are too many processes")
        forked[0].serve(descriptor)
        return forked.pop(0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest_client, "start_process", start)
        yield
    for unused in forked:
        unused.kill()
        unused.wait()


class Reporter:
    """Reports on a pipe what has happened to captures, a line each."""

    descriptor = -1

    def report(self, what: str, which: object) -> None:
        os.write(self.descriptor, f"{what} {which}\n".encode())


REPORTER = Reporter()


class ReportSafe:
    """A pipeline behind the one that writes WARC files."""

    def process_item(self, item: Capture) -> Capture:
        assert item.record is not None
        REPORTER.report("safe", item.record.record_id)
        return item


class ReportSaved:
    """A pipeline behind the one that has captures saved."""

    def process_item(self, item: Capture) -> Capture:
        assert item.record is not None
        REPORTER.report("saved", item.record.record_id)
        return item


def archive_captures(folder: Path, seed: int, max_bytes: int = 20_000) -> None:
    """Archive captures as `scrapy crawl` does: repair, write, parse, save, complete."""
    archive = Archive(folder)
    archive.prepare()
    with archive.locked():
        crawl = Crawl.begin(SITE, archive, user_agent="victim", obeys_robots=True, settings={})
        crawl = replace(crawl, crawl_id=f"{crawl.crawl_id}{seed}")
        with closing(IngestClient(crawl)) as ingest:
            REPORTER.report("ingest", ingest.pid)
            ingest.repaired()
            asyncio.run(_archive(crawl, ingest, seed, max_bytes))


async def _archive(crawl: Crawl, ingest: IngestClient, seed: int, max_bytes: int) -> None:
    settings = Settings()
    settings.setmodule("cacnp_archive.settings")
    settings.set("CACNP_WARC_MAX_BYTES", max_bytes)
    reporting = {ReportSafe: 150, ReportSaved: 250}
    settings.set("ITEM_PIPELINES", settings.getdict("ITEM_PIPELINES") | reporting)
    crawler = Crawler(CacnpSpider, settings)
    crawler.stats = MemoryStatsCollector(crawler)
    crawler.spider = CacnpSpider()
    open_session(crawler, crawl, ingest)
    processor = ItemPipelineManager.from_crawler(crawler)
    await processor.open_spider_async()
    connections = asyncio.Semaphore(UNDER_WAY)

    async def archive(capture: Capture) -> None:
        async with connections:
            await processor.process_item_async(capture)

    results = await asyncio.gather(*map(archive, captures(seed)), return_exceptions=True)
    await processor.close_spider_async()
    crawler.signals.send_catch_log(signals.spider_closed, spider=crawler.spider, reason="finished")
    for error in filter(None, results):
        raise error


@dataclass
class Killed:
    """What a process reported before it was killed, or came to its end."""

    exit_code: int
    """Negative: the signal that killed it. FAILED: an error that a person would be told."""
    safe: list[str] = field(default_factory=list)
    """Ids of the records that were safe."""
    saved: list[str] = field(default_factory=list)
    """Ids of the records that were saved as well."""
    deaths: list[str] = field(default_factory=list)
    """Ids of the processes that have killed themselves."""


FAILED = 4


@contextmanager
def _exit_code() -> Iterator[None]:
    """End a forked process with its exit code, and never return into the test."""
    code = 1
    try:
        yield
        code = 0
    except ArchiveError:
        code = FAILED
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def kill_in_child(
    work: Callable[[], None],
    *,
    after: float | None = None,
    reports: int = 0,
    targets: tuple[str, ...] = ("crawl",),
    processes: int = 1,
) -> Killed:
    """Fork, work in the child, and kill it, its ingest process, or both.

    That happens some seconds after a number of reports; without `after` nothing is killed.
    `processes` is how many ingest processes there can be, one after the other.
    """
    reader, REPORTER.descriptor = os.pipe()
    with _forking():
        child = os.fork()
    if child == 0:
        with _exit_code(), _forking(), _forked_processes(processes):
            os.close(reader)
            work()
    os.close(REPORTER.descriptor)
    pids = {"crawl": child}
    signal.signal(
        signal.SIGALRM,
        lambda *_: [os.kill(pids[target], signal.SIGKILL) for target in targets if target in pids],
    )
    killed = Killed(0)
    with os.fdopen(reader) as lines:
        for number, line in enumerate(lines):
            what, which = line.split()
            if what == "ingest":
                pids[what] = int(which)
            else:
                getattr(killed, what).append(which)
            if after is not None and number >= reports:
                signal.setitimer(signal.ITIMER_REAL, after)
                after = None
    signal.setitimer(signal.ITIMER_REAL, 0)  # before the child is no more
    killed.exit_code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert killed.exit_code != 1, "an error that nobody expects"
    return killed


@contextmanager
def _forking() -> Iterator[None]:
    """Fork workers too, and let Python 3.12 not warn that a process with threads forks."""
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore", DeprecationWarning)
        patch.setattr(workers, "START_METHOD", "fork")
        yield


def saved_ids(archive: Archive) -> set[str]:
    """Return the ids of all records that have a row."""
    with closing(read_database(archive.database_path)) as database:
        return {name for (name,) in database.execute("SELECT warc_record_id FROM captures")}


def check(folder: Path, killed: Iterable[Killed]) -> None:
    """Repair as the next start does; then nothing safe may be lost, and nothing stand twice."""
    archive = Archive(folder)
    archive.prepare()
    killed = list(killed)
    with archive.locked(), _forking():  # once an ingest process has ended whose crawl was killed
        if archive.database_path.exists():
            assert {record_id for one in killed for record_id in one.saved} <= saved_ids(archive)
        repair(archive)
        assert list(archive.warc_folder.glob("*.open")) == []
        ids = [
            record.record_id
            for path in sorted(archive.warc_folder.glob("*.warc.gz"))
            for record in read_records(path)
        ]
        assert len(ids) == len(set(ids))
        assert {record_id for one in killed for record_id in one.safe} <= set(ids)
        assert verify_archive(archive).findings == []
        assert repair(archive).lines == []
