"""What the crawl hands to the process that reads and saves, and what it hears from it.

Apart from both, so that the crawl need not load the parsers.
"""

import logging
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cacnp_archive.model.capture import Capture, FailedExchange


class Stored(NamedTuple):
    """A capture without its entity, which is too large to hand over: it is read from its record."""

    capture: Capture


@dataclass(frozen=True, slots=True)
class Call:
    """Something that is to be done once all that was handed over before is saved."""

    name: str
    """A method of `reading_process.Keeper`."""
    arguments: tuple[object, ...] = ()


Message = Capture | Stored | FailedExchange | Call


@dataclass(frozen=True, slots=True)
class RepairSummary:
    """What a repair came to; the answer to the first message, which is the crawl."""

    lines: list[str]
    is_damaged: bool
    """Whether something could not be repaired."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a capture or failure."""

    is_article: bool = False
    problem_count: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of the messages of one batch, in their order."""

    results: list[Any]
    """Of a Call what it returned, else Saved; an ArchiveError in place of what failed."""
    known_count: int = 0
    waiting_count: int = 0
    """The figures of the ledger."""
    logged: list[logging.LogRecord] = field(default_factory=list)
