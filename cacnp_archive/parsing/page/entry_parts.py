"""Select the parts of an entry: title, content, dates, authors, categories and tags."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import islice, takewhile

from cacnp_archive.model.layouts import Layout
from cacnp_archive.parsing.furniture import (
    is_entry,
    is_furniture,
    is_inside_furniture,
    is_theme,
)
from cacnp_archive.parsing.page.boundaries import restore_end
from cacnp_archive.parsing.page.theme_byline import AUTHOR_CLASSES
from cacnp_archive.parsing.select import (
    Element,
    body_of,
    classes,
    elements,
    tag_of,
    text_length,
    tokens,
)

_ENTRY_TAGS = ("article", "div", "li", "main", "section")
_MAINS = elements(
    "//main | //*[@role='main'] | //*[@id='content'] | //*[@id='genesis-content']"
    " | //div[contains(concat(' ', normalize-space(@class), ' '), ' content ')] | //body"
)

_TITLE = frozenset({"entry-title", "wp-block-post-title", "post-title", "page-title"})
_CONTENT = frozenset({"entry-content", "wp-block-post-content"})
_DATE = frozenset({"entry-time", "entry-date", "published", "posted-on", "wp-block-post-date"})
_MODIFIED = frozenset({"entry-modified-time", "updated", "wp-block-post-date__modified-date"})
_META = frozenset({"entry-meta", "post-info", "post-meta"})
_CATEGORIES = frozenset(
    {"entry-categories", "cat-links", "taxonomy-category", "categories", "post-categories"}
)
_TAGS = frozenset({"entry-tags", "tags-links", "taxonomy-post_tag", "tags", "tag-links"})
_TAG_ADDRESS = re.compile(r"/tag/|[?&]tag=")
_PERSON_ADDRESS = re.compile(r"/people/[^/?#]+/?$|[?&]people=")
_PEOPLE = frozenset({"entry-people", "taxonomy-people", "people-links", "post-people"})

_SKIPPED_TAGS = frozenset({"nav", "aside", "script", "style", "svg"})

MAX_ENTRIES = 200
"""At most this many entries of a page are examined; the site's listings have five."""


class _Taxonomy(Enum):
    """The taxonomy of the links in a container."""

    CATEGORIES = auto()
    TAGS = auto()
    PEOPLE = auto()
    UNKNOWN = auto()


@dataclass(slots=True)
class EntryParts:
    """The parts of an entry, found by their classes, `rel` and microdata."""

    entry: Element
    title: Element | None = None
    content: Element | None = None
    dates: list[Element] = field(default_factory=list)
    modified: list[Element] = field(default_factory=list)
    metas: list[Element] = field(default_factory=list)
    authors: list[Element] = field(default_factory=list)
    categories: list[Element] = field(default_factory=list)
    tags: list[Element] = field(default_factory=list)
    people: list[Element] = field(default_factory=list)
    images: list[Element] = field(default_factory=list)
    layout: Layout = Layout.KNOWN
    """How the text was found."""
    selector: str | None = None
    """Where the text was found, in the words of the theme; None without a text."""
    skipped: frozenset[Element] = frozenset()
    """Elements inside the content that are not part of it."""


_Walked = tuple[Element, frozenset[str], _Taxonomy, bool]
"""An element, its classes, the taxonomy of its links, and whether it is the content."""


def select_entries(root: Element) -> list[Element]:
    """Return the main entries of a page, without those in sidebars, comments or other entries."""
    return [
        element
        for element in islice(filter(is_entry, root.iter(*_ENTRY_TAGS)), MAX_ENTRIES)
        if not is_furniture(element) and not is_inside_furniture(element)
    ]


def select_entry_parts(root: Element, entry: Element | None) -> EntryParts:
    """Return the parts of an entry, or of the page's main element if `entry` is None.

    Parts that the entry lacks are taken from the same column of the page, outside of the entry (a
    date above the article), then from above the column (a banner with the title).
    """
    if entry is None:
        return _select_in(_main(root), None)
    parts = _select_in(entry, entry)
    if parts.content is not None and restore_end(entry, parts.content):
        parts = _select_in(entry, entry)
    if parts.title is None or not parts.dates or not parts.categories:
        around = _select_in(_column(entry), entry)
        parts.title = around.title if parts.title is None else parts.title
        parts.content = around.content if parts.content is None else parts.content
        parts.dates = parts.dates or around.dates
        parts.metas = parts.metas or around.metas
        parts.categories = parts.categories or around.categories
        parts.tags = parts.tags or around.tags
        parts.people = parts.people or around.people
        parts.authors = parts.authors or around.authors
    if parts.title is None or not parts.dates:
        above = _select_above(root, entry)
        parts.title = above.title if parts.title is None else parts.title
        parts.dates = parts.dates or above.dates
        parts.metas = parts.metas or above.metas
    return parts


def _select_above(root: Element, entry: Element) -> EntryParts:
    """Return the parts above the entry, outside of its column."""
    body = body_of(root)
    parts = EntryParts(entry)
    if body is not None:
        _collect(parts, takewhile(lambda walked: walked[0] is not entry, _walk(body, entry)))
    return parts


def _main(root: Element) -> Element:
    mains = _MAINS(root)
    narrow = [element for element in mains if tag_of(element) != "body"]
    return (narrow or mains or [root])[0]


def _column(entry: Element) -> Element:
    for above in entry.iterancestors():
        if tag_of(above) == "main" or above.get("role") == "main" or above.get("id") == "content":
            return above
        if "content" in classes(above) or tag_of(above) == "body":
            return above
    return entry


def _select_in(scope: Element, entry: Element | None) -> EntryParts:
    parts = EntryParts(scope if entry is None else entry)
    _collect(parts, _walk(scope, entry))
    return parts


def _collect(parts: EntryParts, walked: Iterable[_Walked]) -> None:
    for element, names, taxonomy, is_content in walked:
        tag = element.tag
        if not names.isdisjoint(_TITLE) or element.get("itemprop") == "headline":
            parts.title = element if parts.title is None else parts.title
        elif tag == "time" or not names.isdisjoint(_DATE):
            is_modified = not names.isdisjoint(_MODIFIED) and "published" not in names
            (parts.modified if is_modified else parts.dates).append(element)
        elif (
            not names.isdisjoint(AUTHOR_CLASSES)
            or (tag == "a" and "author" in tokens(element.get("rel", "")))
            or element.get("itemprop") == "author"
        ):
            parts.authors.append(element)
        elif tag == "a":
            _add_link(parts, element, taxonomy)
        elif tag == "img":
            parts.images.append(element)
        if not names.isdisjoint(_META):
            parts.metas.append(element)
        if is_content:  # a theme may print the excerpt in the same way
            both = [element] if parts.content is None else [parts.content, element]
            parts.content = both[0] if len(both) == 1 else max(both, key=text_length)


def _walk(scope: Element, entry: Element | None) -> Iterator[_Walked]:
    """Yield the elements of an entry, except those within its content, furniture and menus."""
    stack = [(scope, _Taxonomy.UNKNOWN)]
    while stack:
        element, taxonomy = stack.pop()
        if element.tag in _SKIPPED_TAGS:
            continue
        if element is not scope and (
            (is_entry(element) and element is not entry)
            or is_furniture(element)
            or is_theme(element)
        ):
            continue
        names = classes(element)
        taxonomy = _taxonomy_of(names) or taxonomy
        is_content = _is_content(element, names)
        yield element, names, taxonomy, is_content
        if not is_content:
            stack.extend((child, taxonomy) for child in element.iterchildren(reversed=True))


def _is_content(element: Element, names: frozenset[str]) -> bool:
    return not names.isdisjoint(_CONTENT) or element.get("itemprop") in (
        "text",
        "articleBody",
    )


def _taxonomy_of(names: frozenset[str]) -> _Taxonomy | None:
    if not names.isdisjoint(_CATEGORIES):
        return _Taxonomy.CATEGORIES
    if not names.isdisjoint(_PEOPLE):
        return _Taxonomy.PEOPLE
    return None if names.isdisjoint(_TAGS) else _Taxonomy.TAGS


def _add_link(parts: EntryParts, link: Element, taxonomy: _Taxonomy) -> None:
    rel = tokens(link.get("rel", ""))
    address = link.get("href", "")
    is_person = _PERSON_ADDRESS.search(address) is not None
    if is_person and (taxonomy is _Taxonomy.PEOPLE or "tag" in rel):
        parts.people.append(link)
    elif "category" in rel or ("tag" in rel and taxonomy is _Taxonomy.CATEGORIES):
        parts.categories.append(link)
    elif "tag" in rel and (taxonomy is _Taxonomy.TAGS or _TAG_ADDRESS.search(address)):
        parts.tags.append(link)
