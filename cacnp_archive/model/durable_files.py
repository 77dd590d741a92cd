"""Files that a reader finds either as they were or as they became."""

import os
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Write a whole file, fsync it, and put it in the place of the former one.

    One process at a time may write to `path`. Raises OSError when the disk refuses; the former
    file is then as it was.
    """
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with unfinished.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
