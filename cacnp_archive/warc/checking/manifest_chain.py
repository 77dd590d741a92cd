"""Check the manifest: its hash chain, and the size and digest of each complete WARC file."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from cacnp_archive.warc.checking.findings import Damage, FileReport
from cacnp_archive.warc.manifest import ManifestEntry


class FileFacts(NamedTuple):
    """The current size and digest of a complete file."""

    size: int
    sha256: str


def check_manifest(
    path: Path,
    files: Mapping[str, FileFacts],
    report: FileReport,
    *,
    mended_by: str = "`cacnp-archive repair`",
) -> None:
    """Compare the manifest with the complete files; findings have the offset of the line.

    `mended_by` is the command that adds files that a crash kept out of the manifest.
    Raises OSError when the manifest cannot be read; a missing one counts as empty.
    """
    listed: set[str] = set()
    offset, previous = 0, ""
    for line in path.read_bytes().splitlines(keepends=True) if path.exists() else []:
        for what in _line_damage(line, previous, listed, files):
            report.add(Damage("manifest", what), offset)
        previous = hashlib.sha256(line).hexdigest()
        offset += len(line)
    for name in sorted(files.keys() - listed):
        what = f"{name} is complete but not listed: {mended_by}, if a crash did it"
        report.add(Damage("manifest", what))


def _line_damage(
    line: bytes, previous: str, listed: set[str], files: Mapping[str, FileFacts]
) -> list[str]:
    try:
        entry = ManifestEntry(**json.loads(line))
        is_entry = isinstance(entry.file, str) and line.endswith(b"\n")
    except (ValueError, TypeError, RecursionError):
        is_entry = False
    if not is_entry:
        return ["the line is no entry"]
    found = []
    if entry.previous != previous:
        found.append("the line does not follow the line before it: one was changed or taken out")
    if entry.file in listed:
        found.append(f"{entry.file} is listed a second time")
    listed.add(entry.file)
    facts = files.get(entry.file)
    if facts is None:
        found.append(f"{entry.file} is listed but missing")
    elif facts.size != entry.size:
        found.append(f"{entry.file} has {facts.size} bytes, had {entry.size} when completed")
    elif facts.sha256 != entry.sha256:
        found.append(f"{entry.file} has changed: its SHA-256 is {facts.sha256}")
    return found
