"""Check a WACZ package (1.1.1): ZIP structure, data package, pages, indexes and WARC files.

Members are streamed, not extracted.
"""

import gzip
import json
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, cast

from cacnp_archive.model.timestamps import timestamp_of
from cacnp_archive.warc.checking.findings import Damage, FileReport
from cacnp_archive.warc.checking.index import (
    INDEXED,
    MAX_LINE_BYTES,
    IndexedFile,
    check_index,
    report_unseen,
)
from cacnp_archive.warc.checking.manifest_chain import FileFacts
from cacnp_archive.warc.checking.record_links import Links
from cacnp_archive.warc.checking.stream import CheckedRecord, check_stream
from cacnp_archive.warc.checking.tape import Source

MAX_JSON_BYTES = 64 * 1024 * 1024
DATAPACKAGE = "datapackage.json"
DATAPACKAGE_DIGEST = "datapackage-digest.json"
PAGES = "pages/pages.jsonl"

_INDEX = re.compile(r"indexes/.*\.cdxj?(\.gz)?")
_PAGES = re.compile(r"pages/.*\.jsonl")
_LOCAL_HEADER = struct.Struct("<26xHH")

ZIP_TROUBLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What zipfile raises for members that are broken, encrypted, oddly compressed or missing."""


@dataclass(slots=True)
class _Window:
    """The bytes of an uncompressed member; zipfile would stop at a wrong CRC."""

    stream: IO[bytes]
    begin: int
    size: int
    position: int = 0

    def read(self, size: int) -> bytes:
        """Return the next bytes of the member."""
        self.stream.seek(self.begin + self.position)
        data = self.stream.read(max(0, min(size, self.size - self.position)))
        self.position += len(data)
        return data

    def seek(self, offset: int) -> int:
        """Go to an offset in the member."""
        self.position = offset
        return offset


def check_wacz(stream: IO[bytes], name: str, links: Links) -> list[FileReport]:
    """Check a package; returns its report and those of WARC files and faulty members."""
    report = FileReport(name, ours=False)
    try:
        package = zipfile.ZipFile(stream)
    except ZIP_TROUBLE as error:
        report.add(Damage("zip", f"not a complete ZIP file: {error}"))
        return [report]
    with package:
        check = _WaczCheck(package, stream, report, links)
        check.run()
    return [report, *check.members]


MULTI_WACZ = "multi-wacz-package"
"""The profile of a package of packages, as Browsertrix gives for several items."""


class _WaczCheck:
    def __init__(
        self, package: zipfile.ZipFile, stream: IO[bytes], report: FileReport, links: Links
    ) -> None:
        self._package = package
        self._stream = stream
        self._report = report
        self._links = links
        self._infos = {info.filename: info for info in package.infolist() if not info.is_dir()}
        self._reports: dict[str, FileReport] = {}
        self._facts: dict[str, FileFacts] = {}
        self._files: dict[str, IndexedFile] = {}
        """By the name that index lines use: without the folder."""
        self._warcs: dict[str, str] = {}
        self._captured: dict[str, set[str]] = {}

    @property
    def members(self) -> list[FileReport]:
        """Return the reports of members."""
        return list(self._reports.values())

    def run(self) -> None:
        """Check all members, WARC files first, since indexes and pages are compared with them."""
        if len(self._infos) < sum(not info.is_dir() for info in self._package.infolist()):
            self._add("zip", "a name is repeated in the zip")
        package = self._json(DATAPACKAGE)
        if package and package.get("profile") == MULTI_WACZ:
            what = "a multi-WACZ, which is not read here: unpack it, and check the packages in it"
            self._add("not-read", what)
            return
        warcs = [name for name in self._infos if name.endswith((".warc", ".warc.gz"))]
        indexes = [name for name in self._infos if _INDEX.fullmatch(name)]
        pages = [name for name in self._infos if _PAGES.fullmatch(name)]
        if not any(name.startswith("archive/") for name in warcs):
            self._add("datapackage", "there is no WARC file in archive/")
        if not indexes:
            self._add("index", "there is no index in indexes/")
        if PAGES not in self._infos:
            self._add("pages", f"{PAGES} is missing")
        for name in self._infos:
            self._try(name, self._check_warc if name in warcs else self._check_member)
        for name in indexes:
            self._try(name, self._check_index)
        for name, file in self._files.items():
            report_unseen(file, self._of(self._warcs[name]))
        for name in pages:
            self._try(name, self._check_pages)
        self._check_datapackage()

    def _add(self, code: str, what: str) -> None:
        self._report.add(Damage(code, what))

    def _of(self, name: str) -> FileReport:
        if name not in self._reports:
            self._reports[name] = FileReport(f"{self._report.file}!{name}", ours=False)
        return self._reports[name]

    def _try(self, name: str, check: Callable[[str], None]) -> None:
        try:
            check(name)
        except ZIP_TROUBLE as error:
            self._of(name).add(Damage("zip", f"the member is broken: {error}"))

    @contextmanager
    def _open(self, name: str) -> Iterator[IO[bytes]]:
        info = self._infos[name]
        with self._package.open(info) as member:
            if info.compress_type != zipfile.ZIP_STORED:
                yield member
                return
            self._stream.seek(info.header_offset)
            *_, name_size, extra_size = _LOCAL_HEADER.unpack(self._stream.read(_LOCAL_HEADER.size))
            begin = info.header_offset + _LOCAL_HEADER.size + name_size + extra_size
            yield cast("IO[bytes]", _Window(self._stream, begin, info.file_size))

    def _check_member(self, name: str) -> None:
        with self._open(name) as stream:
            source = Source(stream, hashed=True)
            source.drain()
        self._note(name, source)

    def _check_warc(self, name: str) -> None:
        if self._infos[name].compress_type != zipfile.ZIP_STORED:
            what = "the WARC file is not stored as it is, but compressed: replay can't seek in it"
            self._of(name).add(Damage("deflated", what))
        filename = name.rpartition("/")[2]
        self._warcs[filename] = name
        file = self._files[filename] = IndexedFile()

        def take(record: CheckedRecord) -> None:
            file.add(record)
            if record.scanned.record_type in INDEXED:
                times = self._captured.setdefault(record.scanned.url, set())
                times.add(record.scanned.timestamp)

        with self._open(name) as stream:
            source = check_stream(stream, self._of(name), self._links, hashed=True, on_record=take)
        self._note(name, source)

    def _note(self, name: str, source: Source) -> None:
        info = self._infos[name]
        if (source.size, source.crc) != (info.file_size, info.CRC):
            self._of(name).add(Damage("zip", "the member's size or CRC is not what the zip says"))
        self._facts[name] = FileFacts(source.size, source.sha256)

    def _check_index(self, name: str) -> None:
        with self._package.open(self._infos[name]) as member:
            try:
                if name.endswith(".gz"):
                    with gzip.GzipFile(fileobj=member) as unzipped:
                        check_index(cast("IO[bytes]", unzipped), self._files, self._of(name))
                else:
                    check_index(member, self._files, self._of(name))
            except gzip.BadGzipFile as error:
                self._of(name).add(Damage("index", f"the index is not a gzip file: {error}"))

    def _check_pages(self, name: str) -> None:
        captured = {_comparable(url) for url in self._captured}
        with self._package.open(self._infos[name]) as member:
            offset = 0
            while line := member.readline(MAX_LINE_BYTES):
                for damage in self._page_damage(line, offset, captured):
                    self._of(name).add(damage, offset)
                offset += len(line)

    def _page_damage(self, line: bytes, offset: int, captured: set[str]) -> Iterator[Damage]:
        try:
            page = json.loads(line)
        except (ValueError, RecursionError):
            page = None
        if not isinstance(page, dict):
            yield Damage("pages", "the line is not a JSON object")
            return
        if offset == 0 and "url" not in page and "format" in page:
            return
        url, time = page.get("url"), page.get("ts")
        if not (isinstance(url, str) and isinstance(time, str)):
            yield Damage("pages", "the page lacks url or ts")
            return
        times = self._captured.get(url)
        if times is None and _comparable(url) not in captured:
            yield Damage("pages", f"there is no capture of the page {url[:200]}")
        elif timestamp_of(time) not in (times or ()):
            yield Damage("page-time", f"there is no capture of {url[:200]} at {time[:40]}")

    def _check_datapackage(self) -> None:
        package = self._json(DATAPACKAGE)
        resources = package.get("resources") if package else None
        if not isinstance(resources, list):
            self._add("datapackage", f"{DATAPACKAGE} is missing or lists no resources")
            return
        for name in ("profile", "wacz_version"):
            if package and not package.get(name):
                self._add("datapackage", f"{DATAPACKAGE} lacks {name}")
        listed = {DATAPACKAGE, DATAPACKAGE_DIGEST}
        for resource in resources:
            if not isinstance(resource, dict) or not isinstance(resource.get("path"), str):
                self._add("datapackage", "a resource has no path")
                continue
            path = resource["path"]
            listed.add(path)
            self._check_resource(path, resource)
        for name in sorted(self._infos.keys() - listed):
            self._of(name).add(Damage("resource", f"{DATAPACKAGE} does not list the member"))
        if DATAPACKAGE_DIGEST in self._infos and (digest := self._json(DATAPACKAGE_DIGEST)):
            self._check_resource(DATAPACKAGE, digest)
            if "signedData" in digest:
                self._of(DATAPACKAGE_DIGEST).add(Damage("signature", "the signature: not checked"))

    def _check_resource(self, path: str, stated: dict[str, Any]) -> None:
        if path not in self._infos:
            self._add("resource", f"the resource {path[:200]} is missing")
            return
        facts = self._facts.get(path)
        if facts is None:
            return  # broken and reported
        if str(stated.get("hash", "")).lower() != f"sha256:{facts.sha256}":
            self._of(path).add(Damage("resource", f"its hash is sha256:{facts.sha256}"))
        if stated.get("bytes", facts.size) != facts.size:
            self._of(path).add(Damage("resource", f"its size is {facts.size}"))

    def _json(self, name: str) -> dict[str, Any] | None:
        if name not in self._infos:
            return None
        try:
            with self._package.open(self._infos[name]) as member:
                value = json.loads(member.read(MAX_JSON_BYTES))
        except (*ZIP_TROUBLE, RecursionError) as error:
            self._of(name).add(Damage("datapackage", f"it can't be read: {error}"))
            return None
        return value if isinstance(value, dict) else None


def _comparable(url: str) -> str:
    """Normalize a URL for comparison, ignoring what browsers add or drop."""
    return url.partition("#")[0].rstrip("/").lower()
