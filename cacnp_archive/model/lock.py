"""The lock on an archive: one writer at a time, and others learn who holds it."""

import contextlib
import json
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from cacnp_archive.model.durable_files import replace_file


class LockedError(Exception):
    """Raised when another process holds the lock; `holder` is None when unknown."""

    def __init__(self, holder: "Holder | None") -> None:
        super().__init__(str(holder))
        self.holder = holder


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The process that holds a lock."""

    pid: int
    started_at: str
    """When it took the lock: ISO 8601, UTC."""
    command: str
    """Its command line, quoted for a shell."""

    def __str__(self) -> str:
        since = self.started_at.replace("T", " ").removesuffix("+00:00")
        return f"process {self.pid}, since {since} UTC"


@contextmanager
def hold(lock_path: Path, *, seconds: float = 0) -> Iterator[None]:
    """Hold a lock until the block ends; raises LockedError if it is not free within `seconds`.

    The kernel releases it when its holder dies. The holder is noted in a file beside it, since the
    lock file's own content is lost when a second process opens it.
    """
    lock = FileLock(lock_path)
    note_path = lock_path.with_name(f"{lock_path.name}.json")
    try:
        lock.acquire(timeout=seconds)
    except Timeout as error:
        raise LockedError(_read_holder(note_path)) from error
    try:
        with contextlib.suppress(OSError):  # on a full disk the lock is held all the same
            note_path.unlink(missing_ok=True)  # of a dead holder
            replace_file(note_path, json.dumps(asdict(_this_process())).encode())
        yield
    finally:
        with contextlib.suppress(OSError):
            note_path.unlink(missing_ok=True)
        lock.release()


def _this_process() -> Holder:
    name, *arguments = sys.argv
    return Holder(
        pid=os.getpid(),
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        command=shlex.join([Path(name).name, *arguments]),
    )


def _read_holder(note_path: Path) -> Holder | None:
    """Return the holder, or None when it was not noted or has died since."""
    try:
        holder = Holder(**json.loads(note_path.read_bytes()))
        os.kill(holder.pid, 0)
    except PermissionError:  # it is alive and belongs to another user
        return holder
    except (OSError, ValueError, TypeError):
        return None
    return holder
