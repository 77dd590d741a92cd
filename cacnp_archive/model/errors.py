"""What can go wrong, by what the reader of the message should do about it."""


class ArchiveError(Exception):
    """Raised for any trouble that a person can act on; the message says what, where, what to do."""

    exit_code = 1


class NoArchiveError(ArchiveError):
    """Raised when a command needs an archive and there is none in its folder."""


class UsageError(ArchiveError):
    """Raised when a setting or argument makes no sense; nothing was started."""

    exit_code = 2


class ArchiveLockedError(ArchiveError):
    """Raised when another crawl holds the data folder; this one did nothing."""

    exit_code = 3


class StorageError(ArchiveError):
    """Raised when the disk or a write failed; the crawl stops, what was safe stays safe."""

    exit_code = 4


class UnreadablePageError(ArchiveError):
    """Raised by a parser that finds no reading; the crawl stores a problem row and goes on."""
