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

_LOADED_ONCE = ("cacnp_archive.ingest.warc_files", "cacnp_archive.commands.cli")
"""What the processes would each load anew: the readers, and what the main module has loaded."""


class Workers:
    """Up to `count` processes, which start with the first work; they end with this process.

    When one dies all are replaced, and `result` tells it of each piece of work that was lost.
    With a count of 0 this process does the work, when it is submitted.
    """

    def __init__(self, count: int, initializer: Callable[[], None] | None = None) -> None:
        self._count = count
        self._initializer = initializer
        self._pool: ProcessPoolExecutor | None = None

    def _new_pool(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([name for name in _LOADED_ONCE if name in sys.modules])
        return ProcessPoolExecutor(
            self._count, mp_context=context, initializer=_begin, initargs=(self._initializer,)
        )

    def submit(self, work: Callable[..., T], *arguments: object, **named: object) -> Future[T]:
        """Have something done."""
        if self._count == 0:
            done = Future[T]()
            done.set_result(work(*arguments, **named))
            return done
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
    """Return what came of some work; None when a process died and took it along."""
    try:
        return future.result()
    except BrokenProcessPool:
        return None


def _begin(initializer: Callable[[], None] | None) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if initializer is not None:
        initializer()


def _end_with_parent() -> None:
    """End at once when the process that gives the work was killed: nothing else would tell."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
