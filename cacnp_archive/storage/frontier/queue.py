"""The queue: what waits in the ledger, for whoever asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from cacnp_archive.model.site import Site
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.frontier.ledger import QUEUE_PLACES


@dataclass(frozen=True, slots=True)
class Waiting:
    """An address that is to be asked for."""

    url: str
    via: str | None
    """The page on which it was found."""
    hops: str
    place: int


class Queue:
    """Reads what waits, by a connection of its own or a borrowed one."""

    def __init__(self, database: Database, site: Site) -> None:
        self._database = database
        rows = database.execute(
            "SELECT DISTINCT base_url FROM crawls WHERE base_url != ?", [site.base_url]
        )
        self._others = [value for (base_url,) in rows for value in (base_url, base_url)]
        is_ours = "".join(
            " AND substr(url, 1, length(?)) != ?" for _ in range(len(self._others) // 2)
        )
        self._query = f"""SELECT request_url,
                (SELECT request_url FROM addresses WHERE id = found.via_id),
                hops, queue_position
            FROM addresses AS found WHERE queue_position > ? AND queue_position < ? {is_ours}
            ORDER BY queue_position LIMIT ?"""

    @classmethod
    def open(cls, path: Path, site: Site) -> "Queue":
        """Read the queue of a database while another process writes it."""
        return cls(read_database(path), site)

    def next_waiting(self, after: Sequence[int], limit: int) -> list[Waiting]:
        """Return the first that wait, of the first queue that has any.

        `after` tells for each queue up to which place it has been handed out. What waits of other
        sites in the same archive is left to their own crawls.
        """
        for queue, place in enumerate(after):
            rows = self._database.execute(
                self._query, [place, (queue + 1) * QUEUE_PLACES, *self._others, limit]
            ).fetchall()
            if rows:
                return [Waiting(*row) for row in rows]
        return []

    def close(self) -> None:
        """Close the connection."""
        self._database.close()
