"""What is done with a WARC file once it is complete: its index and its entry in the manifest."""

import os
from pathlib import Path

from cacnp_archive.archive import Archive
from cacnp_archive.warc.cdxj import SUFFIX, cdxj_lines
from cacnp_archive.warc.manifest import append_to_manifest, mend_manifest, read_manifest


def register(archive: Archive, path: Path) -> None:
    """Index a complete file and enter it into the manifest; both can be done again."""
    index_path = archive.index_folder / (path.name + SUFFIX)
    unfinished = index_path.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8") as stream:
        stream.writelines(cdxj_lines(path))
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.rename(index_path)
    append_to_manifest(archive.manifest_path, path)


def register_missing(archive: Archive) -> list[str]:
    """Register the complete files that a crash kept from it; returns their names."""
    mend_manifest(archive.manifest_path)
    known = {entry.file for entry in read_manifest(archive.manifest_path)}
    missing = [
        path for path in sorted(archive.warc_folder.glob("*.warc.gz")) if path.name not in known
    ]
    for path in missing:
        register(archive, path)
    return [path.name for path in missing]
