"""What can go wrong, by what the reader of the message should do about it."""

from cacnp_archive.model.exit_codes import ExitCode


class ArchiveError(Exception):
    """Raised for any trouble that a person can act on; the message says what, where, what to do."""

    exit_code = ExitCode.FAULTS


class NoArchiveError(ArchiveError):
    """Raised when a command needs an archive and there is none in its folder."""


class DamagedDatabaseError(ArchiveError):
    """Raised when the bytes of the database are wrong; it can be made again from the WARC files."""


class UsageError(ArchiveError):
    """Raised when a setting or argument makes no sense; nothing was started."""

    exit_code = ExitCode.USAGE


class ArchiveLockedError(ArchiveError):
    """Raised when another process is writing to the archive; this one did nothing."""

    exit_code = ExitCode.LOCKED


class StorageError(ArchiveError):
    """Raised when a write failed; the crawl stops, and what was already written stays safe."""

    exit_code = ExitCode.WRITE_FAILED
