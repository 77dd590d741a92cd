"""Which complete files are still what the manifest says, as far as existence and size tell."""

from collections.abc import Iterator
from pathlib import Path

from cacnp_archive.warc.manifest import BrokenManifestError, read_manifest


def lost_files(manifest: Path, folder: Path) -> Iterator[str]:
    """Yield a message for each file of a manifest that is missing or has another size.

    It reads no file. Raises BrokenManifestError.
    """
    for name, size in _sizes(manifest).items():
        path = folder / name
        try:
            found = path.stat().st_size
        except OSError:
            yield f"{name} is missing; it had {size} bytes: restore it from a backup"
            continue
        if found != size:
            yield f"{name} has {found} bytes, had {size} when completed: restore it from a backup"


class CompleteFiles:
    """Knows where the original of a revisit may be, for the time of one crawl.

    That is in a complete file of the size that the manifest has, or in a file of the crawl itself,
    whose names begin with `prefix`. With a broken manifest only the crawl's own files are sure.
    """

    def __init__(self, manifest: Path, folder: Path, prefix: str) -> None:
        self._folder = folder
        self._prefix = prefix
        self._known: dict[str, bool] = {}
        try:
            self._sizes = _sizes(manifest)
        except BrokenManifestError:
            self._sizes = {}

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        if name.startswith(self._prefix):
            return True
        is_there = self._known.get(name)
        if is_there is None:
            is_there = self._known[name] = self._has_its_size(name)
        return is_there

    def _has_its_size(self, name: str) -> bool:
        try:
            return (self._folder / name).stat().st_size == self._sizes.get(name)
        except OSError:
            return False


def _sizes(manifest: Path) -> dict[str, int]:
    return {entry.file: entry.size for entry in read_manifest(manifest)}
