"""The frontier: every known URL, which of them are queued, and what was captured before.

`Frontier` is for the process that writes the database, `FrontierReader` for the crawl that fetches
meanwhile. Both work on the tables `addresses`, `list_entries` and `page_requisites`. The queue is a
column of `addresses`, written in the transaction that saves the capture in which a URL was found:
whatever ends a crawl, the next one continues with what is left.
"""

from cacnp_archive.model.hops import is_requisite
from cacnp_archive.storage.frontier.frontier_reader import FrontierReader
from cacnp_archive.storage.frontier.frontier_writer import Frontier, FrontierCounts, SavedCapture
from cacnp_archive.storage.frontier.queue import QueuedUrl

__all__ = [
    "Frontier",
    "FrontierCounts",
    "FrontierReader",
    "QueuedUrl",
    "SavedCapture",
    "is_requisite",
]
