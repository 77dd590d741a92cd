"""Read the queue: the URLs that wait to be requested."""

from dataclasses import dataclass

from sqlite_utils import Database

from cacnp_archive.model.site import Site
from cacnp_archive.storage.frontier.known_urls import LISTS, PAGES, POSITIONS, REQUISITES


@dataclass(frozen=True, slots=True)
class QueuedUrl:
    """A URL that is to be requested."""

    url: str
    via: str | None
    """URL of the page on which it was found; None for a seed."""
    hops: str
    position: int
    was_cut: bool = False
    """Whether its last response was cut off."""


class Queue:
    """Hands out every queued URL once, those of lists first, then pages, then page requisites."""

    def __init__(self, database: Database, site: Site) -> None:
        self._database = database
        self._last_handed_out = [queue * POSITIONS - 1 for queue in (LISTS, PAGES, REQUISITES)]
        others = database.execute(
            "SELECT DISTINCT base_url FROM crawls WHERE base_url != ?", [site.base_url]
        ).fetchall()
        self._others = [value for (base_url,) in others for value in (base_url, base_url)]
        is_of_site = " AND substr(url, 1, length(?)) != ?" * len(others)
        self._query = f"""SELECT request_url,
                (SELECT request_url FROM addresses WHERE id = found.via_id),
                hops, queue_position, reason IS 'truncated'
            FROM addresses AS found
            WHERE queue_position > ? AND queue_position < ? {is_of_site}
            ORDER BY queue_position LIMIT ?"""

    def next_queued(self, limit: int) -> list[QueuedUrl]:
        """Return at most `limit` URLs of the first queue that has any which were not handed out.

        URLs of other sites in the same archive are left to crawls of those sites.
        """
        for queue, last in enumerate(self._last_handed_out):
            end = (queue + 1) * POSITIONS
            rows = self._database.execute(self._query, [last, end, *self._others, limit]).fetchall()
            if rows:
                queued = [QueuedUrl(*row) for row in rows]
                self._last_handed_out[queue] = queued[-1].position
                return queued
        return []
