"""Make a WACZ package of the archive, or of one crawl."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cacnp_archive.model.archive import Archive
from cacnp_archive.model.crawl import SOFTWARE
from cacnp_archive.model.errors import ArchiveError, UsageError
from cacnp_archive.storage.queries.package_pages import Contents, StoredPage
from cacnp_archive.warc import wacz
from cacnp_archive.warc.cdxj import SUFFIX as INDEX_SUFFIX
from cacnp_archive.warc.manifest import BrokenManifestError, ManifestEntry, read_manifest

WARC_SUFFIXES = (".warc", ".warc.gz")
"""The names of files that a package can hold (WACZ 1.1.1 section 5.1)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which files a package holds, and why."""

    crawl_id: str | None
    """None for the whole archive."""
    files: list[str]
    """Names of WARC files, sorted."""
    for_originals: list[str]
    """Those of them that another crawl wrote, and that hold what this crawl's revisits repeat."""
    unfinished: list[str]
    """Names of files that would belong to it and are not complete."""
    unpackable: list[str]
    """Names of imported files that are no WARC files: packages can't hold packages, nor ARC."""


@dataclass(frozen=True, slots=True)
class PackageResult:
    """A package that was made."""

    path: Path
    written: wacz.WrittenWacz
    choice: Choice


def package_archive(
    archive: Archive,
    *,
    crawl_id: str | None = None,
    out: Path | None = None,
    with_text: bool = False,
    force: bool = False,
    on_file: Callable[[str], None] = lambda _: None,
) -> PackageResult:
    """Make a package of the archive or of a crawl, and check it; see `write_wacz`.

    Raises UsageError for an unknown crawl or a bad `out`, ArchiveError when there is nothing to
    package.
    """
    contents = Contents(archive.require_database())
    try:
        if not contents.crawls():
            raise ArchiveError(f"{archive.database_path} knows of no crawl: nothing to package")
        entries = _complete_files(archive)
        choice = _choose(archive, contents, entries, crawl_id)
        path = _target(archive, contents, choice, out, force=force)
        files = [_wacz_file(archive, entries[name]) for name in choice.files]
        crawls = [row for row in contents.crawls() if choice.crawl_id in (None, row["id"])]
        pages = contents.pages(choice.files, choice.crawl_id)
        content = wacz.WaczContent(
            title=_title(crawls),
            description=_description(crawls, choice),
            created=datetime.now(UTC),
            software=SOFTWARE,
            files=files,
            pages=(_page(page, with_text=with_text) for page in pages),
            has_text=with_text,
            crawls=crawls,
        )
        written = wacz.write_wacz(content, path, on_file)
    finally:
        contents.close()
    return PackageResult(path, written, choice)


def _complete_files(archive: Archive) -> dict[str, ManifestEntry]:
    """Return the manifest's entries by file name, of the files that have an index."""
    try:
        entries = read_manifest(archive.manifest_path)
        entries += read_manifest(archive.imported_manifest_path)
    except BrokenManifestError as error:
        raise ArchiveError(f"{archive.manifest_path}: {error}") from error
    return {entry.file: entry for entry in entries if _index_path(archive, entry.file).exists()}


def _index_path(archive: Archive, name: str) -> Path:
    return archive.index_folder / (name + INDEX_SUFFIX)


def _choose(
    archive: Archive, contents: Contents, entries: dict[str, ManifestEntry], crawl_id: str | None
) -> Choice:
    for_originals: list[str] = []
    if crawl_id is None:
        wanted = sorted({*archive.warc_names(), *entries})
    else:
        crawl_id = contents.find_crawl(crawl_id)
        wanted = contents.files_of_crawl(crawl_id)
        for_originals = contents.files_of_originals(wanted)
        wanted = sorted([*wanted, *for_originals])
    unpackable = [
        name for name in wanted if archive.is_imported(name) and not name.endswith(WARC_SUFFIXES)
    ]
    wanted = [name for name in wanted if name not in unpackable]
    files = [name for name in wanted if name in entries]
    if not files:
        what = f"of crawl {crawl_id}" if crawl_id else f"in {archive.warc_folder}"
        raise ArchiveError(
            f"there is no complete WARC file {what}: wait for the crawl to end, "
            "or run `cacnp-archive repair` after a crash"
        )
    unfinished = [name for name in wanted if name not in entries]
    return Choice(crawl_id, files, for_originals, unfinished, unpackable)


def _target(
    archive: Archive, contents: Contents, choice: Choice, out: Path | None, *, force: bool
) -> Path:
    if out is None:
        name = choice.crawl_id or f"all-{contents.crawls()[-1]['id']}"
        out = archive.folder / "wacz" / f"cacnp-{name}{wacz.SUFFIX}"
        try:
            out.parent.mkdir(exist_ok=True)
        except OSError as error:
            raise UsageError(f"cannot write to {out.parent}: {error.strerror}") from error
    if out.suffix != wacz.SUFFIX:
        raise UsageError(f"--out must end in {wacz.SUFFIX}, as viewers expect; not {out}")
    if not out.parent.is_dir():
        raise UsageError(f"--out: there is no folder {out.parent}")
    if out.exists() and not force:
        raise UsageError(f"{out} is there already: --force replaces it, --out names another file")
    return out


def _wacz_file(archive: Archive, entry: ManifestEntry) -> wacz.WaczFile:
    path = archive.warc_path(entry.file)
    if not path.exists():
        raise ArchiveError(f"{path} is missing: `cacnp-archive verify` tells what pointed to it")
    return wacz.WaczFile(path, _index_path(archive, entry.file), entry)


def _page(page: StoredPage, *, with_text: bool) -> wacz.WaczPage:
    title = page.title
    if title is None and page.is_front:
        title = f"Front page of {urlsplit(page.url).netloc}"
    return wacz.WaczPage(
        url=page.url,
        captured_at=datetime.fromisoformat(page.captured_at),
        title=title,
        page_id=page.record_id,
        text=page.text if with_text else None,
    )


def _title(crawls: list[dict[str, Any]]) -> str:
    hosts = dict.fromkeys(urlsplit(row["base_url"]).netloc for row in crawls)
    return f"{', '.join(hosts)} as of {crawls[-1]['started_at'][:10]}"


def _description(crawls: list[dict[str, Any]], choice: Choice) -> str:
    sites = dict.fromkeys(row["base_url"] for row in crawls)
    days = sorted({row["started_at"][:10] for row in crawls})
    if choice.crawl_id is None:
        when = f"from {days[0]} to {days[-1]}" if len(days) > 1 else f"on {days[0]}"
        lines = [f"{len(crawls)} crawls of {', '.join(sites)} {when}."]
    else:
        lines = [f"Crawl {choice.crawl_id} of {', '.join(sites)}, begun on {days[0]}."]
    if choice.for_originals:
        lines.append(
            "What had not changed since an earlier crawl is a revisit record; the originals lie in "
            f"{', '.join(choice.for_originals)}."
        )
    if choice.unfinished:
        lines.append(f"Not complete, and left out: {', '.join(choice.unfinished)}.")
    return "\n\n".join(lines)
