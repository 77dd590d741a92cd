"""The crawl's side of the process that reads and saves (reading_process.py)."""

import asyncio
import logging
import signal
import subprocess
import sys
import threading
from collections import deque
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Pipe
from queue import SimpleQueue
from typing import Any, cast

from cacnp_archive.ingest.messages import Answer, Call, Message, RepairSummary, Saved, Stored
from cacnp_archive.model.capture import Capture, FailedExchange
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.errors import ArchiveError, StorageError
from cacnp_archive.model.http_message import MAX_HEAD_BYTES, ResponseMessage
from cacnp_archive.model.spool import IN_MEMORY_BYTES, Spool
from cacnp_archive.warc.compose import head_size_of

PROGRAM = "from cacnp_archive.ingest.process import main; main()"
"""What the other process runs."""


class ReadingProcess:
    """Has captures read and saved by another process, and tells when each is.

    That one begins with a repair of the archive. Messages leave by a thread, for it takes them only
    when it has time; answers come in their order, whenever the event loop has time.
    """

    def __init__(self, crawl: Crawl) -> None:
        self._connection, theirs = Pipe()
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-c", PROGRAM, str(theirs.fileno())],
            stdin=subprocess.PIPE,  # whose end tells it that we are gone
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            process_group=0,  # Ctrl-C is for the crawl, which ends in order
        )
        theirs.close()
        self.pid = self._process.pid
        self.known_count = self.waiting_count = 0
        self._outbox: SimpleQueue[Crawl | Message | None] = SimpleQueue()
        self._sender = threading.Thread(target=self._send, name="reading", daemon=True)
        self._sender.start()
        self._awaited: deque[asyncio.Future[Any]] = deque()
        self._is_repairing = True
        self._lost: StorageError | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._died_path = crawl.archive.reader_died_path
        self._outbox.put(crawl)

    def repaired(self) -> RepairSummary:
        """Wait for the repair; raises ArchiveError when the archive cannot be used."""
        try:
            (result,) = cast("Answer", self._connection.recv()).results
        except (EOFError, OSError):
            raise self._lose() from None
        self._is_repairing = False
        if isinstance(result, ArchiveError):
            raise result
        return cast("RepairSummary", result)

    def attach(self) -> None:
        """Take answers from now on whenever the running event loop has time."""
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._connection.fileno(), self._receive)

    async def save(self, item: Capture | FailedExchange) -> Saved:
        """Have something that is safe read and saved; raises StorageError when it cannot be."""
        return cast("Saved", await self._put(_portable(item)))

    def call(self, name: str, *arguments: object) -> Any:
        """Return what a method of `DatabaseWriter` returns, once everything before is saved."""
        return self._wait_for(self._put(Call(name, arguments)))

    def close(self) -> None:
        """End the process, if it has not ended yet; breaking off a repair harms nothing."""
        if self._connection.closed:
            return
        if self._is_repairing:
            self._process.kill()
        self._detach()
        self._outbox.put(None)
        self._sender.join()
        self._process.wait()
        cast("Any", self._process.stdin).close()
        self._connection.close()

    def _detach(self) -> None:
        if self._loop is not None:
            self._loop.remove_reader(self._connection.fileno())

    def _put(self, message: Message) -> asyncio.Future[Any]:
        result: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self._lost is not None:
            result.set_exception(self._lost)
        else:
            self._awaited.append(result)
            self._outbox.put(message)
        return result

    def _wait_for(self, result: asyncio.Future[Any]) -> Any:
        while not result.done():
            self._receive()
        return result.result()

    def _send(self) -> None:
        with suppress(OSError):  # the other process has ended: `_receive` sees it
            while (message := self._outbox.get()) is not None:
                self._send_one(message)
            self._send_one(None)

    def _send_one(self, message: Crawl | Message | None) -> None:
        self._connection.send(message)

    def _receive(self) -> None:
        try:
            answer: Answer = self._connection.recv()
        except (EOFError, OSError):
            self._lose()
            return
        for record in answer.logged:
            logger = logging.getLogger(record.name)
            if logger.isEnabledFor(record.levelno):
                logger.handle(record)
        self.known_count, self.waiting_count = answer.known_count, answer.waiting_count
        for result in answer.results:
            awaited = self._awaited.popleft()
            if awaited.done():  # cancelled
                continue
            if isinstance(result, Exception):
                awaited.set_exception(result)
            else:
                awaited.set_result(result)

    def _lose(self) -> StorageError:
        self._detach()
        with suppress(OSError):  # a full disk
            self._died_path.touch()
        code = self._process.wait()
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        self._lost = StorageError(
            f"the process that reads and saves has ended ({how}); the crawl stops, all captures "
            "are safe: start it again"
        )
        while self._awaited:
            awaited = self._awaited.popleft()
            if not awaited.done():
                awaited.set_exception(self._lost)
        return self._lost


def _portable(item: Capture | FailedExchange) -> Message:
    """Return what can be handed to another process and is all that it needs."""
    if isinstance(item, FailedExchange):
        return replace(item, request_block=None, received=None)
    if item.block.size <= IN_MEMORY_BYTES:
        return replace(item, request_block=None)
    start = item.block.head(MAX_HEAD_BYTES)
    head = start[: head_size_of(start)]
    message = ResponseMessage.read([head], "HEAD")
    return Stored(replace(item, request_block=None, block=Spool(head), message=message))
