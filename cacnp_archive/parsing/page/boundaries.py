"""Where the content of an entry ends, when tags in it that do not match have moved its end.

A `div` that is never closed pulls the theme's parts behind the content into it, for libxml2 does
not let `</article>` close a `div`; a `</div>` too many ends the content before its time.
"""

from cacnp_archive.parsing.select import Element, classes, tag_of, tokens

_FOOTER = "entry-footer"
_AFTER_CONTENT = frozenset(
    {
        *(_FOOTER, "widget-area", "sidebar-primary", "site-footer", "footer-widgets"),
        *("entry-comments", "adjacent-entry-pagination", "after-entry"),
    }
)
_PROSE = tokens("p h2 h3 h4 h5 ul ol blockquote table figure pre em strong")
_TAGS = ("aside", "div", "footer", "section")


def restore_end(entry: Element, content: Element) -> bool:
    """Put what stands behind the content of an entry where it belongs, in the tree itself.

    Returns whether there was anything to put.
    """
    swallowed = [item for item in content.iterdescendants(*_TAGS) if _is_after_content(item)]
    for item in reversed(swallowed):
        if content in item.iterancestors():
            content.addnext(item)
    return bool(swallowed) or _take_strays(entry, content)


def _take_strays(entry: Element, content: Element) -> bool:
    """Move all from the content's end to the entry's footer, where that was content."""
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
    """Whether a text goes on so: themes and plugins print nothing without a class."""
    if text and text.strip():
        return True
    return bool(elements) and tag_of(elements[0]) in _PROSE and not elements[0].get("class")


def _footer_outside(content: Element) -> Element | None:
    """Return the footer of an entry that ended before it; None when the next one is another's."""
    footer = next(filter(_is_footer, _following(content)), None)
    around = set(content.iterancestors())
    if footer is None or any(
        tag_of(above) == "article" and above not in around for above in footer.iterancestors()
    ):
        return None
    return footer


def _following(element: Element) -> list[Element]:
    found: list[Element] = []
    for item in (element, *element.iterancestors()):
        for sibling in item.itersiblings():
            if tag_of(sibling) == "footer":
                found.append(sibling)
            found += sibling.iterdescendants("footer")
    return found


def _between(element: Element, end: set[Element]) -> list[Element]:
    """Return the topmost elements between an element and the first of others."""
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
