"""The process that reads captures and keeps the database, so that the crawl has a core of its own.

The crawl hands over what is safe in a WARC file, in the order of the records, and hears of each
when it is saved. What came meanwhile is read and saved together, in one transaction. The process
ends with the crawl, however that ends.
"""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from logging.handlers import QueueHandler
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

from cacnp_archive.ingest.messages import Answer, Call, Message, RepairSummary, Saved, Stored
from cacnp_archive.ingest.warc_files import IsolatedReader, read_anew, read_stored
from cacnp_archive.maintenance.repair import repair
from cacnp_archive.model.capture import Capture, FailedExchange
from cacnp_archive.model.crawl import Crawl, CrawlCounts
from cacnp_archive.model.errors import ArchiveError, StorageError
from cacnp_archive.model.reading import ReadCapture
from cacnp_archive.storage.journal import append_to_journal
from cacnp_archive.storage.queries.crawl_metrics import Ending
from cacnp_archive.storage.writing.crawl_writer import CrawlWriter

BATCH = 16
"""So many captures are saved together at the most: with more the crawl would wait."""


class DatabaseWriter:
    """Reads captures and keeps the database of one crawl; begins with a repair.

    Raises ArchiveError when the archive cannot be used, OSError when the disk refuses.
    """

    def __init__(self, crawl: Crawl) -> None:
        repaired = repair(crawl.archive)
        self.repaired = RepairSummary(repaired.lines, is_damaged=bool(repaired.unreadable))
        self._archive = crawl.archive
        self._site = crawl.site
        self._writer = CrawlWriter.open(crawl)
        self._deadly = self._writer.deadly()
        self._apart = IsolatedReader(crawl.archive, crawl.site)

    @property
    def metrics(self) -> tuple[int, int]:
        """How many addresses the ledger knows, and how many of them wait."""
        return self._writer.counts

    def save(self, items: Sequence[Capture | Stored | FailedExchange]) -> list[Saved]:
        """Read and save what is safe; raises StorageError when the disk refuses."""
        saved = self._writer.save_many([self._read(item) for item in items])
        return [
            Saved()
            if isinstance(item, FailedExchange)
            else Saved(item.reading.article is not None, len(item.reading.problems))
            for item in saved
        ]

    def _read(self, item: Capture | Stored | FailedExchange) -> ReadCapture | FailedExchange:
        if isinstance(item, FailedExchange):
            return item
        capture = item if isinstance(item, Capture) else item.capture
        if capture.url in self._deadly:
            return ReadCapture(capture, self._apart.read(capture))
        read = read_anew if isinstance(item, Capture) else read_stored
        return ReadCapture(capture, read(capture, self._archive, self._site))

    def do(self, calls: Sequence[Call]) -> list[Any]:
        """Carry out calls; returns what they return."""
        return [getattr(self, call.name)(*call.arguments) for call in calls]

    def begin(self) -> None:
        """Note that the crawl has begun, and what it asks for first."""
        self._writer.begin()

    def more(self) -> bool:
        """Let the plan put more into the queue; False when nothing is left to do."""
        return self._writer.more()

    def end(self, reason: str, counts: CrawlCounts) -> Ending:
        """Note how the crawl ended, in the database and in the journal."""
        ending = self._writer.end(datetime.now(UTC), reason, counts)
        append_to_journal(self._archive.journal_path, self._writer.account())
        return ending

    def close(self) -> None:
        """Close the database."""
        self._apart.close()
        self._writer.close()


def answers(keeper: DatabaseWriter, messages: Sequence[Message]) -> list[Any]:
    """Return what comes of messages; those between two calls are saved together."""
    results: list[Any] = []
    for is_call, group in groupby(messages, lambda message: isinstance(message, Call)):
        if is_call:
            for call in group:
                results += _tried(keeper.do, [call])
        else:
            results += _tried(keeper.save, [*group])
    return results


def _tried(work: Callable[[list[Any]], list[Any]], messages: list[Any]) -> list[Any]:
    try:
        return work(messages)
    except ArchiveError as error:
        return [error] * len(messages)
    except OSError as error:
        return [StorageError(str(error))] * len(messages)


def serve(connection: Connection) -> None:
    """Take what the crawl hands over until it says None."""
    logged: SimpleQueue[logging.LogRecord] = SimpleQueue()
    logging.root.addHandler(QueueHandler(logged))
    logging.root.setLevel(logging.INFO)
    crawl: Crawl = connection.recv()
    with crawl.archive.held_for_reading():
        (keeper,) = _tried(lambda crawls: [DatabaseWriter(*crawls)], [crawl])
        if not isinstance(keeper, DatabaseWriter):
            connection.send(Answer([keeper]))
            return
        connection.send(Answer([keeper.repaired]))
        _keep(keeper, connection, logged)
        keeper.close()


def _keep(
    keeper: DatabaseWriter, connection: Connection, logged: SimpleQueue[logging.LogRecord]
) -> None:
    is_open = True
    while is_open:
        messages = [connection.recv()]
        while len(messages) < BATCH and connection.poll():
            messages.append(connection.recv())
        if messages[-1] is None:
            messages.pop()
            is_open = False
        results = answers(keeper, messages)
        records = [logged.get() for _ in range(logged.qsize())]
        if results:
            connection.send(Answer(results, *keeper.metrics, records))


def _end_with_crawl() -> None:
    """End at once when the crawl has gone without a word: the next start repairs what is left."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


def main() -> None:
    """Serve over the socket that the crawl has left open for us."""
    for stopping in (signal.SIGINT, signal.SIGTERM):  # the crawl ends in order, and this with it
        signal.signal(stopping, signal.SIG_IGN)
    threading.Thread(target=_end_with_crawl, daemon=True).start()
    serve(Connection(int(sys.argv[1])))
