"""Write files so that a crash or a power loss leaves each of them whole: old or new.

A file is written under a temporary name and fsynced, then renamed, and its folder is fsynced.
"""

import errno
import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

TEMPORARY_SUFFIX = ".part"
"""Added to the name of a file that is being written."""

COPY_BYTES = 1024 * 1024

_NO_HARD_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
"""What `link` answers on file systems without hard links (FAT, some network shares)."""


def replace_file(path: Path, content: bytes) -> None:
    """Write a whole file in place of the former one; raises as `replacing`."""
    with replacing(path) as stream:
        stream.write(content)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file, and put it in place of `path` when the block ends.

    When the block or the disk raises, the former file stays and the temporary file is removed.
    Raises BlockingIOError when another process is writing the same file.
    """
    with _temporary(path, lambda temporary: temporary.replace(path)) as stream:
        yield stream
    fsync_folder(path.parent)


@contextmanager
def creating(path: Path) -> Iterator[BinaryIO]:
    """Do as `replacing`, but raise FileExistsError when `path` is the name of another file."""
    with _temporary(path, lambda temporary: rename_new(temporary, path)) as stream:
        yield stream


@contextmanager
def _temporary(path: Path, publish: Callable[[Path], object]) -> Iterator[BinaryIO]:
    """Open a locked temporary file; fsync and publish it, or remove it.

    What a killed process left under the temporary name is overwritten.
    """
    temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
    with os.fdopen(os.open(temporary, os.O_RDWR | os.O_CREAT, 0o666), "r+b") as stream:
        _lock(stream, temporary)
        try:
            stream.truncate()
            yield stream
            fsync_file(stream)
            publish(temporary)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def _lock(stream: BinaryIO, path: Path) -> None:
    busy = BlockingIOError(errno.EAGAIN, "another process is writing it", str(path))
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_same = os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except (BlockingIOError, FileNotFoundError) as error:
        raise busy from error
    if not is_same:  # published by another process between our open and our lock
        raise busy


def rename_new(source: Path, target: Path) -> None:
    """Give a complete file its final name; raises FileExistsError when another file has it.

    A process that dies in between leaves the file under both names; another call finishes that.
    """
    try:
        os.link(source, target)
    except FileExistsError:
        if not source.samefile(target):
            raise
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        if target.exists():  # nobody can make it from here on: the caller holds the archive's lock
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from error
        source.rename(target)
    fsync_folder(target.parent)  # the new name must be on disk before the old one goes
    with suppress(FileNotFoundError):  # renamed
        source.unlink()
    fsync_folder(source.parent)


def append_line(path: Path, line: bytes) -> None:
    """Append a line, given without line feed, to a file that need not exist yet, and fsync.

    A last line that a crash has torn is ended first, so that this one stands alone. Raises OSError
    when the disk is full; the file is then cut back to what it was.
    """
    with path.open("ab", buffering=0) as stream:
        size = stream.tell()
        start = b"" if _ends_with_line_feed(path, size) else b"\n"
        try:
            write_all(stream, start + line + b"\n")
            fsync_file(stream)
        except OSError:
            with suppress(OSError):
                cut_file(stream, size)
            raise
    if size == 0:
        fsync_folder(path.parent)


def cut_torn_line(path: Path) -> bool:
    """Cut off a last line without line feed, and return whether there was one."""
    if not path.exists():
        return False
    whole, line_feed, torn = path.read_bytes().rpartition(b"\n")
    if torn:
        with path.open("r+b") as stream:
            cut_file(stream, len(whole + line_feed))
    return bool(torn)


def cut_file(stream: BinaryIO, size: int) -> None:
    """Cut a file that is open for writing back to `size` bytes, and fsync."""
    stream.truncate(size)
    fsync_file(stream)


def copy_bytes(source: BinaryIO, target: BinaryIO) -> str:
    """Copy a stream to its end, and return the SHA-256 of what was copied, in lower-case hex."""
    digest = hashlib.sha256()
    while chunk := source.read(COPY_BYTES):
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest()


def write_all(stream: BinaryIO, data: bytes | bytearray) -> None:
    """Write all bytes to an unbuffered stream, whose `write` may take only some of them."""
    rest = memoryview(bytes(data))
    while rest:
        rest = rest[stream.write(rest) :]


def fsync_file(stream: BinaryIO) -> None:
    """Flush a file and make its bytes survive a power loss."""
    stream.flush()
    os.fsync(stream.fileno())


def fsync_folder(folder: Path) -> None:
    """Make new, renamed and removed files of a folder survive a power loss."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _ends_with_line_feed(path: Path, size: int) -> bool:
    """Whether a file is empty or its last line is whole."""
    if size == 0:
        return True
    with path.open("rb") as stream:
        stream.seek(-1, os.SEEK_END)
        return stream.read() == b"\n"
