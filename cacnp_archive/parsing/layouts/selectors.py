"""Name an element by a selector that other pages of the same look share."""

import re
from functools import lru_cache

from cacnp_archive.parsing.select import Element, tag_of

_OF_ONE_PAGE = re.compile(
    r".*\d|(?:category|tag|people|status|format|has|author|css|sc|jsx|svelte|emotion)-|post$|page$"
    r"|.*[-_][a-z]*[A-Z]+[a-z]*[A-Z]|\W"
)
"""Classes that differ between pages of one look: of one post, or generated."""

_MAX_CLASSES = 3


def selector_of(element: Element) -> str:
    """Return a selector of an element and its parent, without what differs between pages.

    `<article class="post-7 type-post entry"><div class="entry-content">` gives
    `article.type-post.entry > div.entry-content`.
    """
    above = element.getparent()
    steps = [element] if above is None else [above, element]
    return " > ".join(_step(tag_of(item), item.get("class") or "") for item in steps)


@lru_cache(maxsize=4096)
def stable_classes(names: str) -> tuple[str, ...]:
    """Return the classes that other pages of the same look share, as printed."""
    return tuple(name for name in names.split() if not _OF_ONE_PAGE.match(name))


@lru_cache(maxsize=4096)
def _step(tag: str, names: str) -> str:
    return ".".join((tag, *stable_classes(names)[:_MAX_CLASSES]))
