"""The types of the site's content: posts and pages, categories, bylines, mentions."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from cacnp_archive.replica.source import block_facts
from cacnp_archive.replica.source.body_blocks import Block
from cacnp_archive.replica.source.inline import Inline, folded
from cacnp_archive.replica.source.markup import parse_body

KINDS = (
    "post",
    "media mention",
    "op-ed",
    "press release",
    "fact sheet",
    "podcast",
    "video",
    "newsletter",
    "page",
)

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def printed_date(day: date) -> str:
    """Return the date as the theme prints it.

    >>> printed_date(date(2012, 1, 11))
    'January 11, 2012'
    """
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def slugify(text: str) -> str:
    """Return WordPress's slug: apostrophes are removed, other marks become hyphens.

    >>> slugify("We’ve been “talking” about P5+1")
    'weve-been-talking-about-p51'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "").replace("+", "")).strip("-")


@dataclass(frozen=True, slots=True)
class Author:
    """One name of a byline.

    `name` is the name as spelt in the byline, `person` the person's canonical name, `printed` the
    byline from "by" on, `role` position and term, `credit` author, prepared or updated.
    """

    name: str
    person: str
    printed: str
    role: str | None = None
    credit: str = "author"
    pattern: int | None = None
    found_in: str = "body"


@dataclass(frozen=True, slots=True)
class Mention:
    """A person who is reported as quoted, interviewed or writing elsewhere."""

    person: str
    role: str | None
    outlet: str
    kind: str


@dataclass(frozen=True, slots=True)
class Category:
    """A category; `path` has no leading or trailing slash."""

    wordpress_id: int
    name: str
    path: str

    @property
    def slug(self) -> str:
        """The last segment of the path."""
        return self.path.rpartition("/")[2]

    @property
    def parent_path(self) -> str:
        """The path of the parent, empty at the top."""
        return self.path.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Comment:
    """A reader's comment below the article."""

    wordpress_id: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """A post or a page.

    `title` is HTML; times have the site's UTC offset, and `modified_at` is None when the page
    states none; `body` returns the markup of the body.
    """

    wordpress_id: int
    path: str
    title: str
    kind: str
    published_at: datetime
    modified_at: datetime | None
    body: Callable[[], str]
    categories: tuple[str, ...] = ()
    primary: str | None = None
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()
    mentions: tuple[Mention, ...] = ()
    patterns: tuple[int, ...] = ()
    lookalike: str | None = None
    updated_note: str | None = None
    body_language: str = "en"
    teaser: str | None = None
    share: bool = False
    print_tags: bool = False
    in_lists: bool = True
    featured_image: str | None = None
    analysis_of: str | None = None
    comments: tuple[Comment, ...] = ()

    @property
    def is_page(self) -> bool:
        """Whether it is a page, not a post."""
        return self.kind == "page"

    @property
    def slug(self) -> str:
        """The last segment of the path."""
        return self.path.rpartition("/")[2]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The body, block by block."""
        return parse_body(self.body())

    @property
    def inline_title(self) -> Inline:
        """The title as text with inline markup."""
        return Inline(self.title)

    @property
    def plain_title(self) -> str:
        """The title as plain text with white space collapsed."""
        return folded(self.inline_title.text())

    @property
    def changed_at(self) -> datetime:
        """When it was last changed, UTC."""
        return (self.modified_at or self.published_at).astimezone(UTC)

    @property
    def requisites(self) -> list[str]:
        """The paths of the files that it shows and of the documents that it links to."""
        found = [path for block in self.blocks for path in block_facts.requisites(block)]
        found = [path for path in found if path.startswith("/wp-content/")]
        found += [
            link.href.partition("#")[0]
            for block in self.blocks
            for link in block_facts.links(block)
            if link.href.startswith("/wp-content/")
        ]
        if self.featured_image:
            found.append(self.featured_image)
        return list(dict.fromkeys(found))

    @property
    def images(self) -> list[str]:
        """The paths of its images, as written: the featured one, then those of the body."""
        found = [self.featured_image] if self.featured_image else []
        for block in self.blocks:
            found += [m.path for m in block_facts.media(block) if m.alt is not None]
        return found
