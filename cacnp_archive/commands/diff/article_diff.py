"""Compare two versions of an article: their titles, texts and fields."""

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from cacnp_archive.commands.diff.record import FieldDiff
from cacnp_archive.commands.diff.texts import Change, Run, TextDiff, compare, compare_line
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.errors import ArchiveError, UsageError
from cacnp_archive.model.site import Site
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries import by_url
from cacnp_archive.storage.queries.typed_url import resolve_typed_url
from cacnp_archive.storage.queries.versions import ArticleHistory, Version, versions_of

_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class ArticleDiff:
    """How an article changed from one of its versions to another."""

    article: ArticleHistory
    old: Version
    new: Version
    title: tuple[Run, ...]
    text: TextDiff
    fields: tuple[FieldDiff, ...] | None = None
    """What else differs; None when the records cannot be read."""

    @property
    def is_title_same(self) -> bool:
        """Whether both versions have the same title."""
        return all(run.change is Change.KEPT for run in self.title)

    @property
    def remark(self) -> str:
        """A sentence for versions with the same title and text; empty when one differs."""
        if not (self.is_title_same and self.text.is_same):
            return ""
        if self.old.content_sha256 == self.new.content_sha256:
            undone = ": the edits in between were undone" * (self.old.number != self.new.number)
            return f"Nothing differs{undone}."
        if self.fields:
            return "Title and text are the same."
        return "Title and text are the same: the byline, the date or the target of a link differs."

    def as_json(self) -> dict[str, Any]:
        """Return the diff as JSON values."""
        return history_as_json(self.article) | {
            "old": self.old.number,
            "new": self.new.number,
            "remark": self.remark,
            "title_diff": [asdict(run) for run in self.title],
            "field_diffs": None
            if self.fields is None
            else [asdict(field) for field in self.fields],
            "text_diff": [
                {
                    "change": paragraph.change or "changed",
                    "runs": [asdict(run) for run in paragraph.runs],
                }
                for paragraph in self.text.paragraphs
            ],
            "is_coarse": self.text.is_coarse,
        }


def history_as_json(article: ArticleHistory) -> dict[str, Any]:
    """Return an article and its versions as JSON values, without their texts."""
    names = ("url", "title", "kind", "gone_at", "gone_reason", "moved_to", "moved_from")
    return {name: getattr(article, name) for name in names} | {
        "versions": [version.to_dict() for version in article.versions]
    }


def find_article(archive: Archive, url: str) -> tuple[ArticleHistory, Site]:
    """Return the article at an address as a person types it, and its site.

    Raises ArchiveError when there is none.
    """
    with closing(read_database(archive.require_database())) as database:
        address = resolve_typed_url(database, url)
        article = versions_of(database, address.canonical)
        if article is None and by_url.captures_of(database, address.canonical):
            raise ArchiveError(
                f"{url} is archived, but is not an article: only articles have versions"
            )
    if article is None:
        raise ArchiveError(
            f"no article is known at {url}; `cacnp-archive search` finds articles by their words"
        )
    return article, address.site


def difference(article: ArticleHistory, old: str | None, new: str | None) -> ArticleDiff | None:
    """Compare two versions, each named by its number or by a day on which it was current.

    Without names, the last two are compared; without `new`, `old` and the last. None when the
    article has only one version; raises UsageError when no version has that name.
    """
    versions = article.versions
    if len(versions) == 1 and old is None:
        return None
    before = versions[-2] if old is None else _named(versions, old)
    after = versions[-1] if new is None else _named(versions, new)
    return ArticleDiff(
        article,
        before,
        after,
        compare_line(before.title or "", after.title or ""),
        compare(before.text, after.text),
    )


def _named(versions: Sequence[Version], name: str) -> Version:
    if _NUMBER.fullmatch(name):
        for version in versions:
            if version.number == int(name):
                return version
        raise UsageError(f"there is no version {name}, only 1 to {versions[-1].number}")
    try:
        day = date.fromisoformat(name).isoformat()
    except ValueError as error:
        raise UsageError(
            f"a version is named by its number or a day like 2024-01-31, not by {name!r}"
        ) from error
    seen = [version for version in versions if version.first_seen_at[:10] <= day]
    if not seen:
        first = versions[0].first_seen_at[:10]
        raise UsageError(f"there is no version of {name}: the article was first seen on {first}")
    return seen[-1]
