"""Read the frontier while another process writes it."""

from collections.abc import Container
from functools import cached_property
from pathlib import Path

from sqlite_utils import Database

from cacnp_archive.model.capture import Original
from cacnp_archive.model.site import Site
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.frontier.prior_captures import (
    Validators,
    original_with_payload,
    validators_of,
)
from cacnp_archive.storage.frontier.queue import Queue, QueuedUrl


class FrontierReader:
    """Reads the queue and earlier captures over a connection of its own, for one thread.

    The connection is opened when it is first needed, by the thread that uses it.
    """

    def __init__(self, path: Path, site: Site) -> None:
        self._path = path
        self._site = site
        self._opened: Database | None = None

    def next_queued(self, limit: int) -> list[QueuedUrl]:
        """Return the next queued URLs, at most `limit`; each is returned once."""
        return self._queue.next_queued(limit)

    def original_with_payload(self, payload_digest: str, files: Container[str]) -> Original | None:
        """Return the first capture in these files that a revisit may refer to, or None."""
        return original_with_payload(self._database, payload_digest, files)

    def validators(self, url: str, files: Container[str]) -> Validators | None:
        """Return the validators of a URL's last good capture in these files, or None."""
        return validators_of(self._database, url, files)

    def close(self) -> None:
        """Close the connection, in the thread that used it."""
        if self._opened is not None:
            self._opened.close()

    @property
    def _database(self) -> Database:
        if self._opened is None:
            self._opened = read_database(self._path)
        return self._opened

    @cached_property
    def _queue(self) -> Queue:
        return Queue(self._database, self._site)
