"""A process that archives, and dies when it is told to."""

import os
import random
import signal
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from cacnp_archive.maintenance.finalize import register
from cacnp_archive.maintenance.repair import repair
from cacnp_archive.maintenance.verify import verify_archive
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import Capture
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.parsing.read_capture import read_capture
from cacnp_archive.storage.writing.crawl_writer import CrawlWriter
from cacnp_archive.warc.reader import read_records
from cacnp_archive.warc.writer import WarcWriter
from tests.support.captures import MOMENT, make_capture

SITE = Site.at(HOME)


def die(*_: object, **__: object) -> None:
    """End as a killed process ends: at once, with nothing flushed or closed."""
    os.kill(os.getpid(), signal.SIGKILL)


def captures(seed: int) -> "list[Capture]":
    """Return captures of many sizes, some of them equal."""
    chance = random.Random(seed)
    found = []
    for number in range(60):
        words = " ".join(str(chance.random()) for _ in range(chance.choice([1, 20, 400])))
        if number % 5 == 0:
            words = "the same again"
        body = f"<body class='single postid-{number}'><h1 class='entry-title'>{words[:20]}</h1>"
        body += f"<div class='entry-content'><p>{words}</p></div>"
        url = f"{SITE.base_url}{seed}-{number}/"
        moment = MOMENT + timedelta(seconds=number)
        found.append(make_capture(url, body.encode(), captured_at=moment))
    return found


def archive_captures(
    folder: Path, seed: int, on_safe: Callable[[str], None], max_bytes: int = 20_000
) -> None:
    """Do what a crawl does with captures: repair, write, save, complete."""
    archive = Archive(folder)
    archive.prepare()
    repair(archive)
    crawl = Crawl.begin(SITE, archive, user_agent="victim", obeys_robots=True, settings={})
    crawl = replace(crawl, crawl_id=f"{crawl.crawl_id}{seed}")
    rows = CrawlWriter.open(crawl)
    rows.begin()
    writer = WarcWriter(
        archive.warc_folder,
        crawl.warc_prefix,
        crawl.warcinfo,
        max_bytes,
        on_complete=partial(register, archive),
    )
    for capture in captures(seed):
        (safe,) = writer.write([capture])
        assert isinstance(safe, Capture)
        assert safe.record is not None
        on_safe(safe.record.record_id)
        rows.save(safe, read_capture(safe, SITE))
    writer.close()
    rows.close()


def kill_in_child(
    work: Callable[[Callable[[str], None]], None], after: float | None, safe_before: int = 0
) -> list[str]:
    """Fork, work in the child, kill it; returns the ids of the records that it said were safe.

    It is killed so many seconds after it began, or after it said that so many records were safe.
    """
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        # Python 3.12 warns of threads, which here are the test runner's; the child asks for none.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            work(lambda record_id: os.write(writer, record_id.encode() + b"\n") and None)
        finally:
            os._exit(0)
    os.close(writer)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    safe: list[str] = []
    with os.fdopen(reader) as told:
        while True:
            if after is not None and len(safe) == safe_before:
                signal.setitimer(signal.ITIMER_REAL, after)
            if not (line := told.readline()):
                break
            safe.append(line.strip())
    signal.setitimer(signal.ITIMER_REAL, 0)  # before the child is no more
    os.waitpid(child, 0)
    return safe


def check(folder: Path, safe: list[str]) -> None:
    """Repair as the next start does; then nothing safe may be lost, and nothing stand twice."""
    archive = Archive(folder)
    repair(archive)
    assert list(archive.warc_folder.glob("*.open")) == []
    ids = [
        record.record_id
        for path in sorted(archive.warc_folder.glob("*.warc.gz"))
        for record in read_records(path)
    ]
    assert len(ids) == len(set(ids))
    assert set(safe) <= set(ids)
    assert verify_archive(archive).findings == []
    assert repair(archive).lines == []
