"""Processes that read, apart from the one that writes: one that dies costs what it was reading."""

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import parent_process
from typing import TypeVar

T = TypeVar("T")

START_METHOD = "forkserver"
"""The way of multiprocessing that is safe in a process with threads and starts fast."""

_READERS = ("cacnp_archive.parsing.read_capture", "cacnp_archive.ingest.warc_files")
_MAIN = "cacnp_archive.commands.cli"
"""Modules that are loaded once, for all processes to share; the last is what runs a command."""


class Workers:
    """At most `count` processes, which start with the first work and end with this process.

    When one dies all are replaced, and `result` returns None for each piece of work that was lost.
    """

    def __init__(self, count: int, initializer: Callable[[], None] | None = None) -> None:
        self._count = count
        self._initializer = initializer
        self._pool: ProcessPoolExecutor | None = None

    def _new_pool(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context(START_METHOD)
        context.set_forkserver_preload([*_READERS, *([_MAIN] if _MAIN in sys.modules else [])])
        return ProcessPoolExecutor(
            self._count, mp_context=context, initializer=_begin, initargs=(self._initializer,)
        )

    def submit(self, work: Callable[..., T], *arguments: object, **named: object) -> Future[T]:
        """Have a process do some work."""
        if self._pool is None:
            self._pool = self._new_pool()
        try:
            return self._pool.submit(work, *arguments, **named)
        except BrokenProcessPool:
            self._pool.shutdown()
            self._pool = self._new_pool()
            return self._pool.submit(work, *arguments, **named)

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def result(future: Future[T]) -> T | None:
    """Wait for some work and return its result; None if a process died, and the work with it."""
    try:
        return future.result()
    except BrokenProcessPool:
        return None


def _begin(initializer: Callable[[], None] | None) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if initializer is not None:
        initializer()


def _end_with_parent() -> None:
    """End at once when the process that submits the work was killed: nothing else reports it."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
