"""Select elements from a tree, by compiled XPath and by class, and normalise their text."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from lxml import etree

from cacnp_archive.model.normalize import fold as fold

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the type
"""An element of a tree; lxml.html's own class would cost one Python call per element."""


def elements(path: str) -> Callable[[Element], list[Element]]:
    """Compile an XPath that selects elements; they are returned in document order."""
    compiled = etree.XPath(path)

    def select(node: Element) -> list[Element]:
        found = compiled(node)
        if not isinstance(found, list):
            raise TypeError(f"{path} must select elements")
        return [item for item in found if isinstance(item, Element)]

    return select


def tag_of(element: Element) -> str:
    """Return the tag name; "" for comments and processing instructions."""
    return element.tag if isinstance(element.tag, str) else ""


def body_of(root: Element) -> Element | None:
    """Return the `body` of a page; None when there is none, as in a frameset."""
    return next(root.iterchildren("body"), None)


@lru_cache(maxsize=4096)
def tokens(value: str) -> frozenset[str]:
    """Return the words of an attribute that is a list of words, such as `class` or `rel`.

    >>> sorted(tokens(" entry  type-post "))
    ['entry', 'type-post']
    """
    return frozenset(value.split())


def attributes_of(element: Element) -> list[tuple[str, str]]:
    """Return all attributes of an element, which is faster than three look-ups by name."""
    return element.items()  # type: ignore[return-value]  # the stubs allow bytes


def classes(element: Element) -> frozenset[str]:
    """Return the classes of an element."""
    value = element.get("class")
    return tokens(value) if value else frozenset()


def first_of(values: Iterable[str | None]) -> str | None:
    """Return the first text that is neither None nor empty; None when there is none.

    >>> first_of([None, "", "a", "b"])
    'a'
    """
    return next((value for value in values if value), None)


def text_length(element: Element) -> int:
    """Return how many characters stand in an element, white space at the ends left out."""
    return sum(len(str(text).strip()) for text in element.itertext())
