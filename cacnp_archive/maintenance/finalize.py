"""Finalize complete WARC files: write their index and their entry in the manifest."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from cacnp_archive.model.archive import Archive
from cacnp_archive.model.durable_files import replacing
from cacnp_archive.warc.cdxj import SUFFIX, cdxj_lines, index_line
from cacnp_archive.warc.manifest import append_to_manifest, mend_manifest, read_manifest
from cacnp_archive.warc.reader import DamagedWarcError

if TYPE_CHECKING:  # a crawl must not load it
    from cacnp_archive.storage.writing.imports import IndexedRow


def register(archive: Archive, path: Path, lines: Iterable[str] | None = None) -> None:
    """Index a complete file and add it to the manifest.

    `lines` are its sorted index lines; without them the file is read. Raises OSError when the disk
    refuses, DamagedWarcError when the file cannot be read.
    """
    _write_lines(_index_path(archive, path), cdxj_lines(path) if lines is None else lines)
    append_to_manifest(archive.manifest_path, path)


def register_missing(archive: Archive, tell: Callable[[str], None]) -> list[str]:
    """Index and register complete files that a crash left out; returns their names.

    `tell` is called with a message for each unreadable file, which stays as it is.
    """
    mend_manifest(archive.manifest_path)
    known = {entry.file for entry in read_manifest(archive.manifest_path)}
    registered = []
    for path in sorted(archive.warc_folder.glob("*.warc.gz")):
        try:
            if path.name not in known:
                register(archive, path)
            elif not _index_path(archive, path).exists():
                _write_lines(_index_path(archive, path), cdxj_lines(path))
            else:
                continue
        except DamagedWarcError as error:
            tell(str(error))
        else:
            registered.append(path.name)
    return registered


def register_imported(archive: Archive, name: str, rows: "Iterable[IndexedRow]") -> bool:
    """Index an imported file from its rows, and add it to its manifest, unless that was done.

    Returns whether something was missing. Raises OSError when the disk refuses.
    """
    path = archive.imported_folder / name
    index_path = _index_path(archive, path)
    has_index = index_path.exists()
    if not has_index:
        lines = sorted(
            index_line(
                url=row.url,
                captured_at=row.captured_at,
                is_revisit=row.record_type == "revisit",
                status=row.status,
                media_type=row.media_type,
                digest=row.payload_digest,
                place=(row.offset, row.length, name),
            )
            for row in rows
        )
        _write_lines(index_path, lines)
    known = {entry.file for entry in read_manifest(archive.imported_manifest_path)}
    if name not in known:
        append_to_manifest(archive.imported_manifest_path, path)
    return not has_index or name not in known


def _index_path(archive: Archive, path: Path) -> Path:
    return archive.index_folder / (path.name + SUFFIX)


def _write_lines(index_path: Path, lines: Iterable[str]) -> None:
    with replacing(index_path) as stream:
        stream.writelines(map(str.encode, lines))
