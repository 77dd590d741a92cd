"""The messages between a crawl and its ingest process (process.py), and the answers.

A module apart from both, since the crawl must not load the parsers.
"""

import logging
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Generic, TypeAlias, TypeVar, overload

from cacnp_archive.model.capture import Capture, FailedExchange
from cacnp_archive.model.crawl import Crawl, CrawlCounts
from cacnp_archive.model.errors import ArchiveError
from cacnp_archive.model.spool import IN_MEMORY_BYTES, Spool
from cacnp_archive.model.wall import Wall
from cacnp_archive.storage.frontier import FrontierCounts
from cacnp_archive.storage.queries.crawl_metrics import Ending

T = TypeVar("T")

Item: TypeAlias = Capture | FailedExchange
"""What is read and saved: it is safe in a WARC file."""


class Command(Generic[T]):
    """A message that is answered with a T, once everything sent before it is saved."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class RepairSummary:
    """What a repair did."""

    lines: list[str]
    is_damaged: bool
    """Whether something could not be repaired."""


@dataclass(frozen=True, slots=True)
class OpenArchive(Command[RepairSummary]):
    """Repair the archive and open its database: the first message."""

    crawl: Crawl


@dataclass(frozen=True, slots=True)
class ReopenArchive(Command[None]):
    """Go on with a crawl whose ingest process has died: the first message to the next one."""

    crawl: Crawl
    frontier: FrontierCounts
    """The last one that the process reported."""
    resent_count: int
    """How many of the messages that follow were sent to that process: one of them may be why it
    died, and any of them may be saved already."""


@dataclass(frozen=True, slots=True)
class BeginCrawl(Command[None]):
    """Save that the crawl has begun, and queue its first requests."""


@dataclass(frozen=True, slots=True)
class QueueMore(Command[bool]):
    """Queue further requests; answered with False if there is nothing left to request."""


@dataclass(frozen=True, slots=True)
class EndCrawl(Command[Ending]):
    """Save how the crawl ended, in the database and in the journal."""

    reason: str
    counts: CrawlCounts


CrawlCommand: TypeAlias = BeginCrawl | QueueMore | EndCrawl
Message: TypeAlias = Item | CrawlCommand
"""What follows the first message."""


@dataclass(frozen=True, slots=True)
class SaveResult:
    """What was saved of a capture or failure."""

    is_article: bool = False
    problem_count: int = 0
    wall: Wall | None = None
    """What was answered in place of the page."""


Result: TypeAlias = SaveResult | RepairSummary | Ending | bool | ArchiveError | None


@dataclass(frozen=True, slots=True)
class IngestReply:
    """The answers to the messages of one batch."""

    results: list[Result]
    """In the order of the messages; an ArchiveError for a message that could not be carried out."""
    frontier: FrontierCounts
    logged: list[logging.LogRecord] = field(default_factory=list)


@overload
def sendable(item: Capture) -> Capture: ...
@overload
def sendable(item: FailedExchange) -> FailedExchange: ...
def sendable(item: Item) -> Item:
    """Return what another process needs of something that is safe in a WARC file.

    Large captures are sent without their bytes, which the other process loads from the record.
    """
    if isinstance(item, FailedExchange):
        return replace(item, request_block=None, received=None)
    if item.block.size > IN_MEMORY_BYTES:
        return without_bytes(item)
    return replace(item, request_block=None)


def without_bytes(capture: Capture) -> Capture:
    """Return a capture whose bytes are in its record alone; status and headers remain."""
    message = copy(capture.message)
    message.entity = Spool()
    return replace(capture, message=message, block=Spool(), request_block=None)
