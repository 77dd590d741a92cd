"""The manifest: size and SHA-256 of each complete WARC file, as a hash chain.

One JSON object per line. `previous` is the SHA-256 of the previous line including its line feed, so
no line can be changed or removed without changing all that follow.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from cacnp_archive.model.durable_files import append_line, cut_torn_line


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One complete file."""

    file: str
    size: int
    """Bytes."""
    sha256: str
    """SHA-256 of the whole file in lower-case hex."""
    previous: str
    """SHA-256 of the previous line of the manifest; "" for the first."""


class BrokenManifestError(ValueError):
    """Raised when a line is no entry or breaks the chain; says which line."""


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file in lower-case hex, with bounded memory."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_manifest(path: Path) -> list[ManifestEntry]:
    """Return the entries, oldest first; a missing manifest has none.

    Raises BrokenManifestError.
    """
    if not path.exists():
        return []
    entries = []
    previous = ""
    for number, line in enumerate(path.read_bytes().splitlines(keepends=True), 1):
        try:
            entry = ManifestEntry(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise BrokenManifestError(f"line {number} is no entry: {error}") from error
        if entry.previous != previous:
            raise BrokenManifestError(f"line {number} does not follow line {number - 1}")
        entries.append(entry)
        previous = hashlib.sha256(line).hexdigest()
    return entries


def append_to_manifest(path: Path, file: Path) -> None:
    """Add the entry of a complete file, and fsync; raises OSError when the disk refuses."""
    mend_manifest(path)
    last = path.read_bytes().splitlines(keepends=True)[-1:] if path.exists() else []
    entry = {
        "file": file.name,
        "size": file.stat().st_size,
        "sha256": file_sha256(file),
        "previous": hashlib.sha256(last[0]).hexdigest() if last else "",
    }
    append_line(path, json.dumps(entry).encode("ascii"))


def mend_manifest(path: Path) -> bool:
    """Cut off a last line that was torn by a crash, and return whether there was one."""
    return cut_torn_line(path)
