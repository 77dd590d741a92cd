"""Select from a tree, by compiled XPath and by class, and read texts as a person sees them."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from lxml import etree

from cacnp_archive.model.normalize import fold as fold

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the type
"""An element of a tree; not lxml.html's own class, which costs a call in Python each."""


def elements(path: str) -> Callable[[Element], list[Element]]:
    """Compile an XPath that yields elements; they come in document order."""
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
    """Return the `body` of a page; None when it has none, as a frameset."""
    return next(root.iterchildren("body"), None)


@lru_cache(maxsize=4096)
def tokens(value: str) -> frozenset[str]:
    """Return the words of an attribute that lists words, such as `class` or `rel`.

    >>> sorted(tokens(" entry  type-post "))
    ['entry', 'type-post']
    """
    return frozenset(value.split())


def attributes_of(element: Element) -> list[tuple[str, str]]:
    """Return the attributes of an element; to ask for three of them by name takes longer."""
    return element.items()  # type: ignore[return-value]  # the stubs allow for bytes


def classes(element: Element) -> frozenset[str]:
    """Return the classes of an element."""
    value = element.get("class")
    return tokens(value) if value else frozenset()


def first_of(values: Iterable[str | None]) -> str | None:
    """Return the first text that is there and not empty; None when there is none.

    >>> first_of([None, "", "a", "b"])
    'a'
    """
    return next((value for value in values if value), None)
