"""Read the names in the byline that a theme prints around an entry."""

import re
from collections.abc import Sequence

from cacnp_archive.parsing.furniture import shown_text
from cacnp_archive.parsing.people.byline_grammar import parse_byline
from cacnp_archive.parsing.people.names import is_person
from cacnp_archive.parsing.select import Element, classes, tokens

AUTHOR_CLASSES = tokens(
    "author author-link author-name byline coauthors entry-author entry-author-name entry-byline "
    "post-author post-byline posted-by wp-block-post-author wp-block-post-author-name "
    "wp-block-post-author__name"
)
"""Classes of a byline and of the names in it, in the default and other widespread themes."""

_NAME_CLASSES = tokens("author-name entry-author-name fn wp-block-post-author__name")
_AUTHOR_ADDRESS = re.compile(r"/(?:author|people|staff)/[^/?#]+/?$|[?&]author=")
_MAX_CHARS = 300
_BY = re.compile(r"(?:[\w ]{0,20}\b)?by\b", re.IGNORECASE)
_NO_NAME = frozenset({"archive", "author", "by", "contact", "email", "more", "posts", "website"})


def is_author_address(address: str) -> bool:
    """Whether a URL is that of an author's archive or page."""
    return _AUTHOR_ADDRESS.search(address) is not None


def theme_names(elements: Sequence[Element]) -> list[str]:
    """Return the names in the first byline of a theme, as shown.

    A name that an element of its own marks may have any form, such as that of a user name. Later
    bylines count only beside the first, since they are often those of related posts.
    """
    found: dict[str, None] = {}
    place: Element | None = None
    for element in elements:
        if any(above in elements for above in element.iterancestors()):
            continue
        if place is not None and _place_of(element) is not place:
            continue
        if names := _names_in(element):
            place = _place_of(element)
            found.update(dict.fromkeys(names))
    return list(found)


def _place_of(element: Element) -> Element | None:
    """Return the parent, or that of the list if each author is an item."""
    parent = element.getparent()
    return parent.getparent() if parent is not None and parent.tag == "li" else parent


def _names_in(element: Element) -> list[str]:
    marked = [
        name
        for item in element.iter("*")
        if _marks_name(item) and _may_be_name(name := shown_text(item))
    ]
    text = shown_text(element)[: _MAX_CHARS + 1]
    if len(text) > _MAX_CHARS:
        return marked
    byline = text if _BY.match(text) else f"By {text}"
    parsed = [author.name for author in parse_byline(byline, frozenset(marked))]
    if len(parsed) >= len(set(marked)) and parsed:
        return parsed
    bare = _BY.sub("", text, count=1).strip(" :") if _BY.match(text) else text
    return marked or ([bare] if _may_be_name(bare) else [])


def _marks_name(element: Element) -> bool:
    return (
        not classes(element).isdisjoint(_NAME_CLASSES)
        or element.get("itemprop") == "name"
        or (
            element.tag == "a"
            and (
                "author" in tokens(element.get("rel", ""))
                or is_author_address(element.get("href", ""))
            )
        )
    )


def _may_be_name(text: str) -> bool:
    is_word = bool(text) and " " not in text and text.casefold() not in _NO_NAME
    return is_word or is_person(text)
