"""Write WACZ 1.1.1 packages: WARC files, index, pages and digests in a ZIP file.

https://specs.webrecorder.net/wacz/1.1.1/. WARC files are stored uncompressed, so that readers can
seek to a record: offset of the member's data plus offset in the WARC file.
"""

import hashlib
import heapq
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from cacnp_archive.model.durable_files import fsync_file, replacing
from cacnp_archive.model.errors import ArchiveError, StorageError, UsageError
from cacnp_archive.warc.manifest import ManifestEntry

VERSION = "1.1.1"
SUFFIX = ".wacz"

CHUNK_BYTES = 1024 * 1024
INDEX_CHUNK_BYTES = 16 * 1024
"""How much of each index is read at a time while thousands may be merged."""


FILE_MODE = 0o100644
"""Permissions of extracted members: readable by all, writable by the owner."""


@dataclass(frozen=True, slots=True)
class WaczFile:
    """A complete WARC file for a package."""

    path: Path
    index_path: Path
    entry: ManifestEntry
    """Size and digest of the file when it was completed, which must not have changed."""


@dataclass(frozen=True, slots=True)
class WaczPage:
    """A page in the list of pages."""

    url: str
    captured_at: datetime
    title: str | None
    page_id: str
    text: str | None
    """None in a package without text."""

    @property
    def ts(self) -> str:
        """The capture time to the second in RFC 3339, as in the index."""
        return f"{self.captured_at:%Y-%m-%dT%H:%M:%SZ}"

    def line(self) -> bytes:
        """Return the page as a JSON line."""
        fields: dict[str, object] = {"id": self.page_id, "url": self.url, "ts": self.ts}
        if self.title:
            fields["title"] = self.title
        if self.text is not None:
            fields["text"] = self.text
        return _json_line(fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaczContent:
    """The content of a package."""

    title: str
    description: str
    """Markdown."""
    created: datetime
    software: str
    files: list[WaczFile]
    pages: Iterable[WaczPage]
    """Viewers open with the first one."""
    has_text: bool
    crawls: Iterable[dict[str, object]]
    """JSON objects for the log."""


@dataclass(frozen=True, slots=True)
class WrittenWacz:
    """The size of a written package."""

    size: int
    """Bytes."""
    page_count: int


def write_wacz(
    content: WaczContent, path: Path, on_file: Callable[[str], None] = lambda _: None
) -> WrittenWacz:
    """Write a package, read it back, and then give it its name.

    `on_file` is called with the name of each member before it is written. An existing file is
    replaced. Raises StorageError when the disk refuses, ArchiveError when a WARC file has changed
    since it was completed, UsageError when another process writes the same package. Then nothing
    is left behind.
    """
    try:
        with replacing(path) as stream:
            pages = _PageLines(content)
            resources = _write_members(stream, content, pages, on_file)
            fsync_file(stream)
            _check(stream, resources)
            size = stream.seek(0, os.SEEK_END)
    except BlockingIOError as error:
        raise UsageError(f"another process is writing {path}; wait for it to end") from error
    except OSError as error:
        raise StorageError(
            f"cannot write {path}: {error.strerror or error}; nothing was left behind, the archive "
            "is as it was: make room and try again"
        ) from error
    return WrittenWacz(size, pages.count)


def merged_index(paths: Iterable[Path]) -> Iterator[bytes]:
    """Merge sorted index files, and yield their lines sorted by bytes (like `LC_ALL=C sort`)."""
    return heapq.merge(*(_lines(path) for path in paths))


def _lines(path: Path) -> Iterator[bytes]:
    """Yield a file's lines without keeping it open: there may be too many files."""
    position = 0
    while True:
        with path.open("rb") as stream:
            stream.seek(position)
            lines = stream.readlines(INDEX_CHUNK_BYTES)
            position = stream.tell()
        if not lines:
            return
        yield from lines


class _Members:
    """Adds members to a ZIP file, and collects their entries in the list of resources."""

    def __init__(self, package: zipfile.ZipFile, created: datetime) -> None:
        self.resources: list[dict[str, object]] = []
        self._package = package
        self._date_time = created.timetuple()[:6]

    def add(
        self, name: str, chunks: Iterable[bytes], *, size: int = 0, compress: bool = True
    ) -> None:
        """Add a member; `size` is required when it may exceed 2 GB."""
        info = zipfile.ZipInfo(name, self._date_time)
        info.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        info.external_attr = FILE_MODE << 16
        info.file_size = size
        digest = hashlib.sha256()
        with self._package.open(info, "w") as member:
            for chunk in chunks:
                digest.update(chunk)
                member.write(chunk)
        self.resources.append(
            {
                "name": name.rpartition("/")[2].lower(),
                "path": name,
                "hash": f"sha256:{digest.hexdigest()}",
                "bytes": info.file_size,
            }
        )


def _write_members(
    stream: BinaryIO, content: WaczContent, pages: "_PageLines", on_file: Callable[[str], None]
) -> list[dict[str, object]]:
    """Write the ZIP file; returns name, digest and size of every member."""
    with zipfile.ZipFile(stream, "w") as package:
        members = _Members(package, content.created)
        for file in content.files:
            name = f"archive/{file.path.name}"
            on_file(name)
            members.add(name, _chunks(file.path), size=file.entry.size, compress=False)
            if members.resources[-1]["hash"] != f"sha256:{file.entry.sha256}":
                raise ArchiveError(
                    f"{file.path} is not what it was when it was completed: "
                    "`cacnp-archive verify` tells more; no package was made"
                )
        index_paths = [file.index_path for file in content.files]
        size = sum(path.stat().st_size for path in index_paths)
        on_file("indexes/index.cdxj")
        members.add("indexes/index.cdxj", merged_index(index_paths), size=size)
        on_file("pages/pages.jsonl")
        members.add("pages/pages.jsonl", pages)
        members.add("logs/crawls.jsonl", map(_json_line, content.crawls))
        package_json = _datapackage(content, members.resources, pages.main)
        members.add("datapackage.json", [package_json])
        digest = {"path": "datapackage.json", "hash": members.resources[-1]["hash"]}
        members.add("datapackage-digest.json", [json.dumps(digest, indent=2).encode("ascii")])
    return members.resources


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk


class _PageLines:
    """The lines of the list of pages; after iteration, also their number and the first page."""

    def __init__(self, content: WaczContent) -> None:
        self.main: WaczPage | None = None
        self.count = 0
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        header = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
        yield _json_line(header | ({"hasText": True} if self._content.has_text else {}))
        for page in self._content.pages:
            self.main = self.main or page
            self.count += 1
            yield page.line()


def _datapackage(
    content: WaczContent, resources: list[dict[str, object]], main_page: WaczPage | None
) -> bytes:
    fields: dict[str, object] = {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": content.title,
        "description": content.description,
        "created": f"{content.created:%Y-%m-%dT%H:%M:%SZ}",
        "software": content.software,
    }
    if main_page is not None:
        fields |= {"mainPageUrl": main_page.url, "mainPageDate": main_page.ts}
    return json.dumps({**fields, "resources": resources}, indent=2).encode("ascii")


def _json_line(fields: dict[str, object]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _check(stream: BinaryIO, resources: list[dict[str, object]]) -> None:
    """Read a package back and compare CRC, size and SHA-256; raises StorageError."""
    try:
        with zipfile.ZipFile(stream) as package:
            names = package.namelist()
            digests = [_sha256_of(package, name) for name in names]
    except zipfile.BadZipFile as error:
        raise StorageError(f"the package cannot be read back: {error}") from error
    if names != [member["path"] for member in resources]:
        raise StorageError("the package does not hold the members that were written into it")
    for member, digest in zip(resources, digests, strict=True):
        if member["hash"] != digest:
            raise StorageError(f"the package's {member['path']} is not what was written")


def _sha256_of(package: zipfile.ZipFile, name: str) -> str:
    with package.open(name) as member:
        return f"sha256:{hashlib.file_digest(member, 'sha256').hexdigest()}"  # type: ignore[arg-type]
