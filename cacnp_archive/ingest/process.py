"""The ingest process: it parses captures and writes the database, so that the crawl has a core.

The crawl sends what is safe in a WARC file, in the order of the records, and is answered when it
is saved. What has arrived in the meantime is parsed and saved together, in one transaction. The
process ends with the crawl, however that ends.
"""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from logging.handlers import QueueHandler
from multiprocessing.connection import Connection
from queue import SimpleQueue

from cacnp_archive.ingest.messages import (
    BeginCrawl,
    CrawlCommand,
    EndCrawl,
    IngestReply,
    Item,
    Message,
    OpenArchive,
    QueueMore,
    ReopenArchive,
    RepairSummary,
    Result,
    SaveResult,
)
from cacnp_archive.ingest.relearning import Relearning
from cacnp_archive.ingest.stored import IsolatedReader, read_watched
from cacnp_archive.ingest.workers import Workers
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import Capture, FailedExchange
from cacnp_archive.model.errors import ArchiveError, StorageError
from cacnp_archive.model.problem_codes import DEADLY
from cacnp_archive.model.reading import ReadCapture
from cacnp_archive.storage.database import open_database
from cacnp_archive.storage.frontier import FrontierCounts
from cacnp_archive.storage.journal import append_to_journal
from cacnp_archive.storage.writing.crawl_writer import CrawlWriter
from cacnp_archive.storage.writing.layout_rows import load_layouts
from cacnp_archive.storage.writing.recovery import Recovery

MAX_BATCH = 16
"""At most this many messages are answered together: with more, the crawl would wait for them."""

Repair = Callable[[Archive], RepairSummary]


class IngestServer:
    """Answers the messages of one crawl, in the database of its archive.

    Raises ArchiveError if the archive cannot be used, OSError if the disk refuses.
    """

    def __init__(self, start: OpenArchive | ReopenArchive) -> None:
        crawl = start.crawl
        self._archive = crawl.archive
        self._site = crawl.site
        self._database = open_database(crawl.archive.database_path)
        self._recovery = Recovery(self._database)
        self._writer = CrawlWriter(self._database, crawl)
        self._layouts = load_layouts(self._database, crawl.site.base_url)
        self._isolated = IsolatedReader(crawl.archive, crawl.site, Workers(1), self._layouts)
        self._relearning = Relearning(self._database, crawl.archive, crawl)
        self._deadly_urls = self._writer.deadly()
        self._resent_count = 0
        if isinstance(start, ReopenArchive):
            self._resent_count = start.resent_count
            self._writer.resume(start.frontier)

    @property
    def frontier(self) -> FrontierCounts:
        """The state of the frontier now."""
        return self._writer.counts

    def answer(self, messages: Sequence[Message]) -> list[Result]:
        """Return the answers to messages; captures and failures in a row are saved together."""
        results: list[Result] = []
        items: list[Item] = []
        for message in messages:
            if isinstance(message, Capture | FailedExchange):
                items.append(message)
            else:
                results += _attempt(partial(self._save, items), len(items))
                results += _attempt(partial(self._carry_out, message), 1)
                items = []
        return results + _attempt(partial(self._save, items), len(items))

    def close(self) -> None:
        """Close the database."""
        self._isolated.close()
        self._database.close()

    def _save(self, items: list[Item]) -> list[Result]:
        """Parse and save what is safe; raises StorageError when the disk refuses."""
        resent = items[: self._resent_count]
        results: list[Result] = [self._save_resent(item) for item in resent]
        read = [self._read(item) for item in items[len(resent) :]]
        return results + [_result(item) for item in self._writer.save_many(read)]

    def _save_resent(self, item: Item) -> SaveResult:
        """Save what the process that died may have saved, or have died of."""
        self._resent_count -= 1
        saved = self._recovery.saved(item.record.record_id) if item.record else None
        if saved is not None:
            return SaveResult(*saved)
        return _result(self._writer.save_item(self._read(item, is_suspect=True)))

    def _read(self, item: Item, *, is_suspect: bool = False) -> ReadCapture | FailedExchange:
        if isinstance(item, FailedExchange):
            return item
        if not is_suspect and item.url not in self._deadly_urls:
            reading = read_watched(item, self._archive, self._site, self._layouts)
            return ReadCapture(item, reading)
        reading = self._isolated.read(item)
        if any(problem.code in DEADLY for problem in reading.problems):
            self._deadly_urls.add(item.url)
        return ReadCapture(item, reading)

    def _carry_out(self, command: CrawlCommand) -> list[Result]:
        match command:
            case BeginCrawl():
                self._writer.begin()
                return [None]
            case QueueMore():
                return [self._writer.more()]
            case EndCrawl(reason, counts):
                self._relearning.run()
                ending = self._writer.end(datetime.now(UTC), reason, counts)
                append_to_journal(self._archive.journal_path, self._writer.account())
                return [ending]


def _result(item: ReadCapture | FailedExchange) -> SaveResult:
    if isinstance(item, FailedExchange):
        return SaveResult()
    reading = item.reading
    return SaveResult(reading.article is not None, len(reading.problems), reading.wall)


def _attempt(work: Callable[[], list[Result]], count: int) -> list[Result]:
    """Return the answers to `count` messages: the error for each of them if there is one."""
    try:
        return work()
    except (ArchiveError, OSError) as error:
        return [_as_archive_error(error)] * count


def _as_archive_error(error: ArchiveError | OSError) -> ArchiveError:
    return error if isinstance(error, ArchiveError) else StorageError(str(error))


def serve(connection: Connection, repair: Repair) -> None:
    """Answer the messages of a crawl until it sends None."""
    logged: SimpleQueue[logging.LogRecord] = SimpleQueue()
    logging.root.addHandler(QueueHandler(logged))
    logging.root.setLevel(logging.INFO)
    start: OpenArchive | ReopenArchive = connection.recv()
    archive = start.crawl.archive
    with archive.held_for_reading():
        try:
            summary = repair(archive) if isinstance(start, OpenArchive) else None
            server = IngestServer(start)
        except (ArchiveError, OSError) as error:
            connection.send(IngestReply([_as_archive_error(error)], FrontierCounts()))
            return
        connection.send(IngestReply([summary], server.frontier))
        with suppress(EOFError, ConnectionError):  # the crawl was killed
            _answer_all(server, connection, logged)
        server.close()


def _answer_all(
    server: IngestServer, connection: Connection, logged: SimpleQueue[logging.LogRecord]
) -> None:
    is_open = True
    while is_open:
        messages: list[Message | None] = [connection.recv()]
        while len(messages) < MAX_BATCH and connection.poll():
            messages.append(connection.recv())
        is_open = messages[-1] is not None
        results = server.answer([message for message in messages if message is not None])
        records = [logged.get() for _ in range(logged.qsize())]
        if results:
            connection.send(IngestReply(results, server.frontier, records))


def _end_with_crawl() -> None:
    """End at once if the crawl is gone without a word: the next start repairs what is left."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


def main(repair: Repair) -> None:
    """Serve over the socket that the crawl has left open; `repair` is what is done first."""
    for stopping in (signal.SIGINT, signal.SIGTERM):  # the crawl stops in order, then this ends
        signal.signal(stopping, signal.SIG_IGN)
    threading.Thread(target=_end_with_crawl, daemon=True).start()
    serve(Connection(int(sys.argv[1])), repair)
