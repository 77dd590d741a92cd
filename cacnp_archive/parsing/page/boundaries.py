"""Repair the end of an entry's content where unbalanced tags have moved it.

A `div` that is never closed pulls the parts of the theme after the content into it, because libxml2
does not let `</article>` close a `div`. A surplus `</div>` ends the content too early.
"""

from cacnp_archive.parsing.select import Element, classes, tag_of, tokens

_FOOTER = "entry-footer"
_AFTER_CONTENT = frozenset(
    {
        *(_FOOTER, "widget-area", "sidebar-primary", "site-footer", "footer-widgets"),
        *("entry-comments", "adjacent-entry-pagination", "after-entry"),
    }
)
_PROSE_TAGS = tokens("p h2 h3 h4 h5 ul ol blockquote table figure pre em strong")
_AFTER_CONTENT_TAGS = ("aside", "div", "footer", "section")


def restore_end(entry: Element, content: Element) -> bool:
    """Move elements across the end of the content to where they belong, in the tree itself.

    Returns whether anything was moved.
    """
    swallowed = [
        item for item in content.iterdescendants(*_AFTER_CONTENT_TAGS) if _is_after_content(item)
    ]
    for item in reversed(swallowed):
        if content in item.iterancestors():
            content.addnext(item)
    return bool(swallowed) or _add_strays(entry, content)


def _add_strays(entry: Element, content: Element) -> bool:
    """Move everything between content and footer of the entry into the content, if it is prose."""
    end = next(filter(_is_footer, entry.iterdescendants("footer")), None)
    if end is not None:
        strays = _between(content, {end, *end.iterancestors()})
        if not _is_prose(content.tail, strays):
            return False
    else:
        end = _footer_outside(content)
        if end is None:
            return False
        strays = _between(content, {end, *end.iterancestors()})
    _append_text(content, content.tail)
    content.tail = None
    for stray in strays:
        content.append(stray)
    content.addnext(end)
    return True


def _is_prose(text: str | None, elements: list[Element]) -> bool:
    """Whether this continues the content: themes and plugins print no elements without a class."""
    if text and text.strip():
        return True
    return bool(elements) and tag_of(elements[0]) in _PROSE_TAGS and not elements[0].get("class")


def _footer_outside(content: Element) -> Element | None:
    """Return the footer of an entry that was closed before it; None if it is another entry's."""
    footer = next(filter(_is_footer, _following_footers(content)), None)
    around = set(content.iterancestors())
    if footer is None or any(
        tag_of(above) == "article" and above not in around for above in footer.iterancestors()
    ):
        return None
    return footer


def _following_footers(element: Element) -> list[Element]:
    found: list[Element] = []
    for item in (element, *element.iterancestors()):
        for sibling in item.itersiblings():
            if tag_of(sibling) == "footer":
                found.append(sibling)
            found += sibling.iterdescendants("footer")
    return found


def _between(element: Element, end: set[Element]) -> list[Element]:
    """Return the topmost elements after an element and before the first element of `end`."""
    found: list[Element] = []
    for item in (element, *element.iterancestors()):
        for sibling in item.itersiblings():
            if sibling in end:
                return found
            found.append(sibling)
    return found


def _append_text(element: Element, text: str | None) -> None:
    if not text:
        return
    if len(element):
        element[-1].tail = f"{element[-1].tail or ''}{text}"
    else:
        element.text = f"{element.text or ''}{text}"


def _is_after_content(element: Element) -> bool:
    return not classes(element).isdisjoint(_AFTER_CONTENT)


def _is_footer(element: Element) -> bool:
    return _FOOTER in classes(element)
