"""The crawl's side of the ingest process (ingest/process.py)."""

import asyncio
import logging
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from multiprocessing.connection import Pipe
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast

from cacnp_archive.ingest.messages import (
    Command,
    IngestReply,
    Item,
    Message,
    OpenArchive,
    QueueMore,
    ReopenArchive,
    RepairSummary,
    Result,
    SaveResult,
    sendable,
)
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.errors import ArchiveError, StorageError
from cacnp_archive.storage.frontier import FrontierCounts

PROGRAM = (
    "from cacnp_archive.ingest.process import main; "
    "from cacnp_archive.maintenance.repair import repair; "
    "main(lambda archive: repair(archive).summary)"
)
"""What the ingest process runs."""

T = TypeVar("T")
Start: TypeAlias = OpenArchive | ReopenArchive

logger = logging.getLogger(__name__)


def start_process(descriptor: int) -> "subprocess.Popen[bytes]":
    """Start an ingest process, which serves over the socket with this file descriptor."""
    return subprocess.Popen(  # noqa: S603 - this program
        [sys.executable, "-c", PROGRAM, str(descriptor)],
        stdin=subprocess.PIPE,  # whose end tells it that the crawl is gone
        stdout=subprocess.DEVNULL,
        pass_fds=[descriptor],
        process_group=0,  # Ctrl-C is for the crawl, which stops in order
    )


class _Process:
    """An ingest process, and the thread that sends to it, since it may be slow to receive."""

    def __init__(self, start: Start, messages: Iterable[Message] = ()) -> None:
        self.connection, other_end = Pipe()
        self._popen = start_process(other_end.fileno())
        other_end.close()
        self.pid = self._popen.pid
        self._outbox: SimpleQueue[Start | Message | None] = SimpleQueue()
        for message in (start, *messages):
            self._outbox.put(message)
        self._sender = threading.Thread(target=self._send, name="ingest", daemon=True)
        self._sender.start()

    def put(self, message: Message) -> None:
        """Send a message as soon as those before it have been received."""
        self._outbox.put(message)

    def kill(self) -> None:
        """End it at once."""
        self._popen.kill()

    def close(self) -> int:
        """Wait until everything sent is done; returns the exit code."""
        self._outbox.put(None)
        self._sender.join()
        code = self._popen.wait()
        cast("Any", self._popen.stdin).close()
        self.connection.close()
        return code

    def _send(self) -> None:
        with suppress(OSError):  # it has ended: whoever receives will see it
            while (message := self._outbox.get()) is not None:
                self._send_one(message)
            self._send_one(None)

    def _send_one(self, message: Start | Message | None) -> None:
        self.connection.send(message)


class _Awaited(NamedTuple):
    """A message that has not been answered yet."""

    message: Message
    answer: "asyncio.Future[Any]"


class IngestClient:
    """Has another process parse and save captures, and carry out commands.

    That process begins with a repair of the archive. Messages are answered in their order, whenever
    the event loop has time. If a page kills the process, another one takes over: it has processes
    of its own parse what was unanswered, so that only the page itself is not parsed.
    """

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl
        self._process = _Process(OpenArchive(crawl))
        self.frontier = FrontierCounts()
        self._awaited: deque[_Awaited] = deque()
        self._is_opening = True
        """Whether the process repairs the archive, or takes over from one that was killed."""
        self._has_answered = False
        """Whether the process has answered anything else."""
        self.has_left_unread = False
        """Whether something was left to the repair at the next start."""
        self._stuck: _Awaited | None = None
        self._lost: ArchiveError | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._descriptor: int | None = None
        """What the event loop watches."""

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def repaired(self) -> RepairSummary:
        """Wait for the repair; raises ArchiveError when the archive cannot be used."""
        try:
            reply: IngestReply = self._process.connection.recv()
        except (EOFError, OSError):
            raise self._lose(self._process.close()) from None
        return cast("RepairSummary", self._opened(reply))

    def _opened(self, reply: IngestReply) -> Result:
        self._is_opening = False
        self.frontier = reply.frontier
        (result,) = reply.results
        if isinstance(result, ArchiveError):
            raise result
        return result

    def attach(self) -> None:
        """Receive answers from now on whenever the running event loop has time."""
        self._loop = asyncio.get_running_loop()
        self._descriptor = self._process.connection.fileno()
        self._loop.add_reader(self._descriptor, self._receive)

    async def save(self, item: Item) -> SaveResult:
        """Have something that is safe parsed and saved; raises StorageError if it cannot be."""
        return cast("SaveResult", await self._put(sendable(item)))

    def ask(self, command: Command[T]) -> T:
        """Return the answer to a command, once everything before it is saved."""
        answer = self._put(cast("Message", command))
        while not answer.done():
            self._receive()
        return cast("T", answer.result())

    def leave_stuck(self) -> None:
        """Leave what is unanswered to the repair at the next start, if reading has got stuck.

        That is so if the message that is to be answered next is the same as at the last call.
        """
        first = self._awaited[0] if self._awaited else None
        if first is not None and first is self._stuck:
            self.has_left_unread = True
            self._process.kill()
        self._stuck = first

    def close(self) -> None:
        """End the process, if it has not ended yet; it is harmless to break off a repair."""
        if self._is_opening:
            self._process.kill()
        self._detach()
        self._process.close()

    def _detach(self) -> None:
        if self._loop is not None and self._descriptor is not None:
            self._loop.remove_reader(self._descriptor)
            self._descriptor = None

    def _put(self, message: Message) -> "asyncio.Future[Any]":
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self._lost is not None:
            answer.set_exception(self._lost)
        else:
            self._awaited.append(_Awaited(message, answer))
            self._process.put(message)
        return answer

    def _receive(self) -> None:
        try:
            reply: IngestReply = self._process.connection.recv()
        except (EOFError, OSError):
            self._detach()
            self._replace(self._process.close())
            return
        if self._is_opening:
            try:
                self._opened(reply)
            except ArchiveError as error:  # it ends, which is received next
                logger.error("%s", error)
            return
        for record in reply.logged:
            log = logging.getLogger(record.name)
            if log.isEnabledFor(record.levelno):
                log.handle(record)
        self.frontier = reply.frontier
        self._has_answered = True
        for result in reply.results:
            answer = self._awaited.popleft().answer
            if answer.done():  # cancelled
                continue
            if isinstance(result, Exception):
                answer.set_exception(result)
            else:
                answer.set_result(result)

    def _replace(self, exit_code: int) -> None:
        """Start another process in place of one that was killed; give up if that cannot help."""
        if self.has_left_unread:
            self._leave_unread()
        unanswered = [awaited.message for awaited in self._awaited]
        items = [message for message in unanswered if not isinstance(message, Command)]
        can_resend = all(isinstance(message, QueueMore | Item) for message in unanswered)
        is_futile = exit_code >= 0 or not (self._has_answered or self.has_left_unread)
        if is_futile or not can_resend:
            self._lose(exit_code)
            return
        start = ReopenArchive(self._crawl, self.frontier, len(items))
        try:
            self._process = _Process(start, unanswered)
        except OSError as error:  # no memory is left, for example
            logger.error("no other ingest process can be started: %s", error)
            self._lose(exit_code)
            return
        if self.has_left_unread:
            logger.warning("the crawl does not wait for what is being read: it is safe")
        else:
            logger.error("the ingest process was killed (%s): another one goes on", _how(exit_code))
        self._is_opening, self._has_answered = True, False
        if self._loop is not None:
            self.attach()

    def _leave_unread(self) -> None:
        while self._awaited and not isinstance(self._awaited[0].message, Command):
            awaited = self._awaited.popleft()
            if not awaited.answer.done():
                awaited.answer.set_result(SaveResult())

    def _lose(self, exit_code: int) -> ArchiveError:
        """Have all that is unanswered fail, and all that follows."""
        self._is_opening = False
        self._lost = StorageError(
            f"the ingest process has ended ({_how(exit_code)}); the crawl stops, all captures are "
            "safe: start it again"
        )
        while self._awaited:
            awaited = self._awaited.popleft()
            if not awaited.answer.done():
                awaited.answer.set_exception(self._lost)
        return self._lost


def _how(exit_code: int) -> str:
    return signal.Signals(-exit_code).name if exit_code < 0 else f"exit code {exit_code}"
