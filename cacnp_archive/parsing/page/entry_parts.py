"""The frame of an entry: title, date, filing, byline of the theme; all but the content."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import islice, takewhile

from cacnp_archive.parsing.page.boundaries import restore_end
from cacnp_archive.parsing.page.furniture import (
    is_entry,
    is_furniture,
    is_inside_furniture,
    is_theme,
)
from cacnp_archive.parsing.select import Element, body_of, classes, elements, tag_of, tokens

_ENTRY_TAGS = ("article", "div", "li", "main", "section")
_MAINS = elements(
    "//main | //*[@role='main'] | //*[@id='content'] | //*[@id='genesis-content']"
    " | //div[contains(concat(' ', normalize-space(@class), ' '), ' content ')] | //body"
)

_TITLE = frozenset({"entry-title", "wp-block-post-title", "post-title", "page-title"})
_CONTENT = frozenset({"entry-content", "wp-block-post-content"})
_OLD_CONTENT = frozenset({"post-content", "post-body", "entry"})
_DATE = frozenset({"entry-time", "entry-date", "published", "posted-on", "wp-block-post-date"})
_MODIFIED = frozenset({"entry-modified-time", "updated", "wp-block-post-date__modified-date"})
_META = frozenset({"entry-meta", "post-info", "post-meta"})
_AUTHOR = frozenset({"entry-author-name"})
_CATEGORIES = frozenset(
    {"entry-categories", "cat-links", "taxonomy-category", "categories", "post-categories"}
)
_TAGS = frozenset({"entry-tags", "tags-links", "taxonomy-post_tag", "tags", "tag-links"})
_TAG_ADDRESS = re.compile(r"/tag/|[?&]tag=")
_PERSON_ADDRESS = re.compile(r"/people/[^/?#]+/?$|[?&]people=")
_PEOPLE = frozenset({"entry-people", "taxonomy-people", "people-links", "post-people"})

_NOT_IN_FRAME = frozenset({"nav", "aside", "script", "style", "svg"})

MAX_ENTRIES = 200
"""Of more entries than this the rest are not looked at: the site's lists have five a page."""


class _Terms(Enum):
    """What the holder of a link lists."""

    CATEGORIES = auto()
    TAGS = auto()
    PEOPLE = auto()
    UNTOLD = auto()


@dataclass(slots=True)
class EntryParts:
    """The parts of an entry, by the classes, `rel` and microdata that themes give them."""

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


_Found = tuple[Element, frozenset[str], _Terms, bool]
"""An element of the frame, its classes, what its holder lists, and whether it is the content."""


def select_entries(root: Element) -> list[Element]:
    """Return the entries that are the page's matter: none in sidebars, comments, other entries."""
    return [
        element
        for element in islice(filter(is_entry, root.iter(*_ENTRY_TAGS)), MAX_ENTRIES)
        if not is_furniture(element) and not is_inside_furniture(element)
    ]


def select_entry_parts(root: Element, entry: Element | None) -> EntryParts:
    """Find the parts of an entry; None when the theme marks none, then the page's main part is it.

    What the theme prints outside the entry but in the same column (a date above the article)
    fills what the entry lacks.
    """
    if entry is None:
        frame = _read(_main(root), None)
        if frame.content is None:
            frame.content = _content(frame.entry, _OLD_CONTENT)
        return frame
    frame = _read_entry(entry)
    if frame.content is not None and restore_end(entry, frame.content):
        frame = _read_entry(entry)
    if frame.title is None or not frame.dates or not frame.categories:
        around = _read(_column(entry), entry)
        frame.title = around.title if frame.title is None else frame.title
        frame.content = around.content if frame.content is None else frame.content
        frame.dates = frame.dates or around.dates
        frame.metas = frame.metas or around.metas
        frame.categories = frame.categories or around.categories
        frame.tags = frame.tags or around.tags
        frame.people = frame.people or around.people
    if frame.title is None or not frame.dates:
        above = _read_above(root, entry)
        frame.title = above.title if frame.title is None else frame.title
        frame.dates = frame.dates or above.dates
        frame.metas = frame.metas or above.metas
    return frame


def _read_entry(entry: Element) -> EntryParts:
    frame = _read(entry, entry)
    if frame.content is None:
        frame.content = _content(entry, _OLD_CONTENT)
    return frame


def _read_above(root: Element, entry: Element) -> EntryParts:
    """Read what stands above the entry, outside its column: a banner with the title in it."""
    body = body_of(root)
    frame = EntryParts(entry)
    if body is not None:
        _collect(frame, takewhile(lambda found: found[0] is not entry, _walk(body, entry)))
    return frame


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


def _content(entry: Element, names: frozenset[str]) -> Element | None:
    return next((item for item in entry.iterdescendants("div") if classes(item) & names), None)


def _read(scope: Element, entry: Element | None) -> EntryParts:
    frame = EntryParts(scope if entry is None else entry)
    _collect(frame, _walk(scope, entry))
    return frame


def _collect(frame: EntryParts, found: Iterable[_Found]) -> None:
    for element, names, terms, is_content in found:
        tag = element.tag
        if not names.isdisjoint(_TITLE) or element.get("itemprop") == "headline":
            frame.title = element if frame.title is None else frame.title
        elif tag == "time" or not names.isdisjoint(_DATE):
            is_modified = not names.isdisjoint(_MODIFIED) and "published" not in names
            (frame.modified if is_modified else frame.dates).append(element)
        elif not names.isdisjoint(_AUTHOR) or (
            tag == "a" and "author" in tokens(element.get("rel", ""))
        ):
            frame.authors.append(element)
        elif tag == "a":
            _sort_term(frame, element, terms)
        elif tag == "img":
            frame.images.append(element)
        if not names.isdisjoint(_META):
            frame.metas.append(element)
        if frame.content is None and is_content:
            frame.content = element


def _walk(scope: Element, entry: Element | None) -> Iterator[_Found]:
    """Yield the elements of the frame.

    What lies in the content, in furniture or in a menu is not in the frame.
    """
    stack = [(scope, _Terms.UNTOLD)]
    while stack:
        element, terms = stack.pop()
        if element.tag in _NOT_IN_FRAME:
            continue
        if element is not scope and (
            (is_entry(element) and element is not entry)
            or is_furniture(element)
            or is_theme(element)
        ):
            continue
        names = classes(element)
        terms = _terms_of(names) or terms
        is_content = _is_content(element, names)
        yield element, names, terms, is_content
        if not is_content:
            stack.extend((child, terms) for child in element.iterchildren(reversed=True))


def _is_content(element: Element, names: frozenset[str]) -> bool:
    return not names.isdisjoint(_CONTENT) or element.get("itemprop") in (
        "text",
        "articleBody",
    )


def _terms_of(names: frozenset[str]) -> _Terms | None:
    if not names.isdisjoint(_CATEGORIES):
        return _Terms.CATEGORIES
    if not names.isdisjoint(_PEOPLE):
        return _Terms.PEOPLE
    return None if names.isdisjoint(_TAGS) else _Terms.TAGS


def _sort_term(frame: EntryParts, link: Element, terms: _Terms) -> None:
    rel = tokens(link.get("rel", ""))
    address = link.get("href", "")
    is_person = _PERSON_ADDRESS.search(address) is not None
    if is_person and (terms is _Terms.PEOPLE or "tag" in rel):
        frame.people.append(link)
    elif "category" in rel or ("tag" in rel and terms is _Terms.CATEGORIES):
        frame.categories.append(link)
    elif "tag" in rel and (terms is _Terms.TAGS or _TAG_ADDRESS.search(address)):
        frame.tags.append(link)
