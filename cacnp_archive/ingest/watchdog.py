"""Watch the reading of captures: no page may hold up the archive, or kill its reader again.

Before a capture is read, a mark names it in a file of the process that reads. Reading is bounded in
CPU time and memory. When a page ends its process, faulthandler, whose handlers also run while C
code is busy, writes why behind the mark. The next process to look finds the mark, and from then on
the page is passed over. So it is everywhere: in crawl, repair, rebuild and import.
"""

import faulthandler
import fcntl
import hashlib
import json
import logging
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from io import FileIO
from multiprocessing.util import Finalize
from pathlib import Path

from cacnp_archive import __version__
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import Capture
from cacnp_archive.model.durable_files import append_line
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Reading

SECONDS_VARIABLE = "CACNP_READING_SECONDS"
DEFAULT_SECONDS = 60.0
"""CPU time that reading one capture may take: ten times what any page or document needs that the
parsers' own limits admit, except for books of thousands of pages."""

MEMORY_BYTES = 192 * 1024 * 1024
"""Memory that reading one capture may take, beyond what its process has at the start."""

MARK_BYTES = 512
"""Size of a mark; behind it is what faulthandler wrote."""

STATM = Path("/proc/self/statm")
PAGE_BYTES = resource.getpagesize()

_FATAL = b"Fatal Python error"
"""How faulthandler begins for faults in C code; a hung page has the stack alone."""

DETAILS = {
    ProblemCode.PARSER_HUNG: "reading it took too much CPU time; its record has the bytes",
    ProblemCode.PARSER_DIED: "the process that read it died of it; its record has the bytes",
}
_CODES = {code.value: code for code in DETAILS}

logger = logging.getLogger(__name__)


def seconds_allowed() -> float:
    """Return the CPU time that reading one capture may take; nonsense gives the default."""
    try:
        seconds = float(os.environ.get(SECONDS_VARIABLE, ""))
    except ValueError:
        return DEFAULT_SECONDS
    return seconds if 0 < seconds < float("inf") else DEFAULT_SECONDS


def passed_over(code: ProblemCode) -> Reading:
    """Return what is saved of a capture that hung or killed the process that read it."""
    return Reading.with_problem(code, DETAILS[code])


def what_is_read(capture: Capture) -> str:
    """Return a name for what parsers see of a capture, at most MARK_BYTES long in UTF-8.

    It is a digest of the URL and of the entity, so that revisits have the same name; the URL
    follows for people.
    """
    source = capture.original or capture
    if source.digests is not None:
        content = source.digests.entity_sha256
    else:
        content = source.record.record_id if source.record else ""
    digest = hashlib.sha256(f"{capture.url} {content}".encode("utf-8", "replace")).hexdigest()
    return f"{digest} {capture.url}".encode("utf-8", "replace")[:MARK_BYTES].decode(errors="ignore")


class Watchdog:
    """Knows what may not be read in one archive, and watches what this process reads."""

    def __init__(self, archive: Archive) -> None:
        self._folder = archive.state_folder
        self._ledger_path = archive.unread_path
        self._mark: FileIO | None = None
        self._sizes: FileIO | None = None
        self._unread = dict(_read_ledger(self._ledger_path))
        self._seconds = seconds_allowed()
        self._pid = 0
        """The process that was prepared: another one after a fork."""

    def verdict(self, capture: Capture) -> ProblemCode | None:
        """Return how a capture is known to end a process that reads it; None if it is not."""
        return self._unread.get(what_is_read(capture)) if self._unread else None

    @contextmanager
    def watching(self, capture: Capture) -> Iterator[None]:
        """Mark a capture as being read, and bound what is done in this block.

        Too much CPU time ends this process by SIGPROF. Too much memory raises MemoryError.
        """
        if self._pid != os.getpid():
            self._begin()
        self._set_mark(what_is_read(capture))
        before = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, self._memory_limits(*before))
        signal.setitimer(signal.ITIMER_PROF, self._seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            resource.setrlimit(resource.RLIMIT_DATA, before)
            self._set_mark("")

    def pardon(self, capture: Capture) -> None:
        """Let a capture be read again."""
        if self.verdict(capture) is not None:
            self._note(what_is_read(capture), None)

    def pardon_all(self) -> None:
        """Let everything be read again."""
        self._unread.clear()
        self._ledger_path.unlink(missing_ok=True)

    def collect(self) -> None:
        """Learn from the marks of processes that have died."""
        for path in sorted(self._folder.glob("reading-*.mark")):
            with suppress(OSError), path.open("r+b") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)  # else it is alive
                self._learn(stream.read())
                path.unlink(missing_ok=True)

    def convict(self, capture: Capture) -> ProblemCode:
        """Pass over a capture that ended each process that read it, without a word from them."""
        what = what_is_read(capture)
        code = self._unread.get(what)
        if code is None:
            code = ProblemCode.PARSER_DIED
            self._note(what, code)
        return code

    def _note(self, what: str, code: ProblemCode | None) -> None:
        self._unread[what] = code
        line = {"what": what, "code": code, "version": __version__}
        with suppress(OSError):  # a full disk: it is only read once more
            append_line(self._ledger_path, json.dumps(line).encode())

    def _learn(self, mark: bytes) -> None:
        what, end = mark[:MARK_BYTES].decode("utf-8", "replace").rstrip(), mark[MARK_BYTES:]
        if not what or not end:  # it was between two captures, or was killed from outside
            return
        code = ProblemCode.PARSER_DIED if _FATAL in end else ProblemCode.PARSER_HUNG
        logger.warning("%s: %s\n%s", code, what, end.decode("utf-8", "replace").rstrip())
        self._note(what, code)

    def _begin(self) -> None:
        """Prepare this process: its mark, and the handlers that write behind it."""
        self._pid = os.getpid()
        self._sizes = None
        with suppress(OSError):  # not Linux
            self._sizes = STATM.open("rb", buffering=0)
        path = self._folder / f"reading-{os.getpid()}.mark"
        try:
            self._mark = path.open("w+b", buffering=0)
            fcntl.flock(self._mark, fcntl.LOCK_EX)
            self._mark.write(b" " * MARK_BYTES)
        except OSError:  # a full or read-only disk: the limits hold without a mark
            self._mark = None
        Finalize(self, _end, (path, self._mark, self._sizes), exitpriority=0)
        if self._mark is None:
            return
        witness = _witness_of(self._mark)
        faulthandler.enable(witness, all_threads=False)
        faulthandler.register(signal.SIGPROF, witness, all_threads=False, chain=True)

    def _set_mark(self, what: str) -> None:
        if self._mark is not None:
            data = what.encode("utf-8", "replace")[:MARK_BYTES].ljust(MARK_BYTES)
            os.pwrite(self._mark.fileno(), data, 0)

    def _memory_limits(self, soft: int, hard: int) -> tuple[int, int]:
        """Return limits of this process's own memory that leave MEMORY_BYTES to a reading."""
        if self._sizes is None:
            return soft, hard
        pages = int(os.pread(self._sizes.fileno(), 200, 0).split()[5])
        limits = (soft, hard, pages * PAGE_BYTES + MEMORY_BYTES)
        return min(limit for limit in limits if limit != resource.RLIM_INFINITY), hard


_witnesses: list[int] = []
"""The one descriptor to which faulthandler of this process writes, once there is one."""


def _witness_of(mark: FileIO) -> int:
    """Return the descriptor of this process for faulthandler, which now writes to this mark.

    faulthandler must not be given the mark itself: its descriptor may be closed, and then be that
    of another file.
    """
    if _witnesses:
        os.dup2(mark.fileno(), _witnesses[0], inheritable=False)
    else:
        _witnesses.append(os.dup(mark.fileno()))
    return _witnesses[0]


def _end(path: Path, *streams: FileIO | None) -> None:
    """Remove the mark of a watchdog that is no longer needed, and close what it had open."""
    path.unlink(missing_ok=True)
    for stream in streams:
        if stream is not None:
            stream.close()


@lru_cache(maxsize=1)
def watchdog_of(archive: Archive) -> Watchdog:
    """Return the watchdog of this process for an archive."""
    return Watchdog(archive)


def _read_ledger(path: Path) -> Iterator[tuple[str, ProblemCode | None]]:
    """Yield what this version of the program may not read, or may read again (None)."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        # A crash may have torn a line.
        with suppress(ValueError, KeyError, TypeError):
            entry = json.loads(line)
            if entry["version"] == __version__:
                yield entry["what"], _CODES.get(entry["code"])
