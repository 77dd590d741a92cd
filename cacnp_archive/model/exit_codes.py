"""The exit codes of every command; schedules rely on their values."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit code of `scrapy crawl` and of the `cacnp-archive` commands.

    0, 1 and 4 mean the same for all of them; 5 is for crawls alone.
    """

    OK = 0
    """Done. A crawl is complete: the ledger balances."""
    FAULTS = 1
    """A crawl finished with failures or alerts. Other commands found faults, or found nothing."""
    USAGE = 2
    """Bad usage or settings; nothing was started."""
    LOCKED = 3
    """Another process is writing to the archive."""
    WRITE_FAILED = 4
    """A write failed; the command stopped, and nothing was lost."""
    STOPPED = 5
    """A person or a limit stopped the crawl; the next one resumes it."""
