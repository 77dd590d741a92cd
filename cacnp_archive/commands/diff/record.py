"""Compare what the database has of the latest version only: byline, date and links.

Those of earlier versions are read again from the WARC files.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cacnp_archive.commands.diff.texts import Change, Run, compare_line
from cacnp_archive.ingest.stored import learned_layouts, load_capture, read_stored
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.records import Article
from cacnp_archive.model.site import Site
from cacnp_archive.storage.queries.versions import Version
from cacnp_archive.warc.reader import DamagedWarcError


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """How one field of an article differs, or which link only one version has."""

    name: str
    """byline, date, link"""
    runs: tuple[Run, ...]


def compare_records(
    archive: Archive, site: Site, old: Version, new: Version
) -> tuple[FieldDiff, ...] | None:
    """Return what differs besides title and text; None if a record cannot be read.

    The links of an article on several pages are not compared: a record has those of one page.
    """
    before, after = _article(archive, site, old), _article(archive, site, new)
    if before is None or after is None:
        return None
    return tuple(_differences(before, after))


def _article(archive: Archive, site: Site, version: Version) -> Article | None:
    try:
        capture = load_capture(archive, version.source)
    except (OSError, DamagedWarcError):
        return None
    return read_stored(capture, archive, site, learned_layouts(archive, site)).article


def _differences(old: Article, new: Article) -> Iterator[FieldDiff]:
    for name, before, after in (
        ("byline", _byline(old), _byline(new)),
        ("date", _date(old), _date(new)),
    ):
        if before != after:
            yield FieldDiff(name, compare_line(before, after))
    if max(old.part_count, new.part_count) > 1:
        return
    before_links, after_links = (Counter(k.target_url for k in side.links) for side in (old, new))
    for url in (before_links - after_links).elements():
        yield FieldDiff("link", (Run(Change.DELETED, url),))
    for url in (after_links - before_links).elements():
        yield FieldDiff("link", (Run(Change.INSERTED, url),))


def _byline(article: Article) -> str:
    return "; ".join(dict.fromkeys(author.printed for author in article.authors))


def _date(article: Article) -> str:
    return article.published_on or article.published_at or ""
