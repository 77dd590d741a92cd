"""Find the element of a page that holds its prose, whatever the theme.

Prose is running text: blocks with more words outside of links than in them. What themes print
around a text (menus, teasers, share buttons) has little of it, and what has much of it (comments,
boxes about the author) says so in its class names.
"""

import re
from dataclasses import dataclass, field

from cacnp_archive.parsing.furniture import is_entry, is_form, is_furniture, is_link_box
from cacnp_archive.parsing.select import Element, fold, tag_of, tokens

MIN_BLOCK_CHARS = 40
"""Shorter blocks are not counted as prose: labels, dates, captions."""

MIN_PROSE_CHARS = 140
"""A page with less prose has no article that could be found by its prose."""

_MOST = 0.75
"""The part of an element's prose that a child must have to be the text rather than it."""

_FURTHER = 80
"""What stands beside a text continues it with so much prose, in characters."""

_MINOR = 0.4
"""An element named like something around a text is that only with less of the page's prose."""

_INLINE = tokens(
    "a abbr acronym b bdi bdo big cite code del dfn em font i img ins kbd label mark nobr q s samp"
    " small span strike strong sub sup time tt u var wbr br"
)
_NEVER = tokens(
    "nav aside footer script style noscript template svg button select option textarea input"
    " iframe object embed canvas head audio video dialog menu"
) | {""}
_SWALLOWING = frozenset({"nav", "aside", "footer", "header"})
_AROUND = re.compile(
    r"(?<![a-z])(?:comments?|kommentare?|comentarios|commentlist|commentlisting|pinglist|pings"
    r"|respond|disqus"
    r"|related|relateds?posts?|similar|recommend(?:ed|ations?)?|shar(?:e|es|ed|er|ing)|social(?:s|links)?"
    r"|shariff|authors?|authorbox|autor|writer|bio|byline|meta|postmeta|postmetadata|entrymeta|metadata"
    r"|taglist|breadcrumbs?|crumbs?|nav|navi|navigation|navbar|menu|submenu|pagination|pager|paging"
    r"|widgets?|sidebar|footer|entryfooter|foot|newsletter|subscribe|subscription|signup|optin|cookies?"
    r"|consent|gdpr|popup|modal|lightbox|promo|promotion|sponsor(?:ed)?|ads?|adv|advert|adverts"
    r"|advertisement|advertising|anzeige|werbung|publicidad|banner|donat(?:e|ion)|rating|ratings|votes?"
    r"|likes?|popular|trending|teasers?|carousel|copyright|login|search|feedback|readmore|upnext"
    r"|screen-reader-text|skip-link|masthead|topbar|toolbar|credits|kicker"
    r"|previous|prev|next|postnav|postnavi|latest|recent|cta|paywall-teaser|jp-post-flair"
    r"|tags|post-?tags|entry-?tags|categories|category-list|printfriendly|outbrain|taboola)(?![a-z])"
)
_COMMENTS = re.compile(
    r"(?<![a-z])(?:comments?|kommentare?|comentarios|commentlist|respond)(?![a-z])"
)
_BOXES = frozenset({"div", "section", "ul", "ol", "table", "header", "dl", "figure"})
_LISTS = frozenset({"ul", "ol", "table", "dl"})
_HEADINGS = ("h1", "h2", "h3", "h4")


@dataclass(slots=True)
class Prose:
    """How much prose each element of a page holds, in characters, and what stands around it."""

    held: dict[Element, int] = field(default_factory=dict)
    """Prose in an element and all below it; an element without any is missing."""
    around: set[Element] = field(default_factory=set)
    """Elements that are not part of a text, with everything in them."""

    def of(self, element: Element) -> int:
        """Return the prose that an element holds."""
        return self.held.get(element, 0)


def measure_prose(scope: Element, own: Element | None = None) -> Prose:
    """Measure the prose of an element; other entries than `own` stand around."""
    full = _measured(scope, own, {scope})
    total = full.of(scope)
    spared = {scope}
    suspects = [element for element in full.held if _is_named_around(element)]
    for element in suspects:
        names = _names(element)
        is_major = full.of(element) > _MINOR * total and not _COMMENTS.search(names)
        if is_major or (_has_title(element) and full.of(element) > _MINOR * total):
            spared.add(element)
    return _measured(scope, own, spared, named=True)


def select_prose(scope: Element, prose: Prose) -> Element | None:
    """Return the smallest element that holds most of the prose; None if there is too little."""
    if prose.of(scope) < MIN_PROSE_CHARS:
        return None
    current = scope
    while True:
        children = [child for child in current if child in prose.held]
        best = max(children, key=prose.of, default=None)
        if best is None or prose.of(best) < _MOST * prose.of(current) or tag_of(best) == "p":
            return current
        current = best


def select_whole(content: Element, prose: Prose, limit: Element) -> Element:
    """Return the element that also holds what continues the text beside `content`.

    `limit` is the largest element that may be returned.
    """
    current = content
    while current is not limit and (above := current.getparent()) is not None:
        beside = [child for child in above if child is not current and child in prose.held]
        if any(prose.of(child) >= _FURTHER and not is_teaser(child) for child in beside):
            return above
        if beside:
            return content
        current = above
    return content


def select_strange(content: Element, prose: Prose, *, is_exact: bool) -> set[Element]:
    """Return the elements in a text that are not part of it: links, teasers, what precedes.

    Only boxes without prose are; a theme prints them between, before and after blocks of prose.
    An element that a convention names `is_exact`: it has no title or date before the text.
    """
    found: set[Element] = set()
    stack = [content]
    while stack:
        element = stack.pop()
        has_begun = False
        children = list(element)
        last = max((n for n, child in enumerate(children) if child in prose.held), default=-1)
        for n, child in enumerate(children):
            if child in prose.around or tag_of(child) not in _BOXES:
                has_begun = has_begun or child in prose.held
                continue
            if child in prose.held:
                has_begun = True
                if is_teaser(child) and prose.of(child) < _MINOR * prose.of(content):
                    found.add(child)
                else:
                    stack.append(child)
            elif (
                is_teaser(child)
                or (
                    not is_exact
                    and is_link_box(child)
                    and not (tag_of(child) in _LISTS and has_begun and n < last)
                )
                or (
                    not is_exact
                    and element is content
                    and (not has_begun or n > last)
                    and not _has_media(child)
                )
            ):
                found.add(child)
    return found


def _has_media(element: Element) -> bool:
    return next(element.iter("img", "iframe", "video", "audio", "table"), None) is not None


def is_teaser(element: Element) -> bool:
    """Whether an element is made to lead elsewhere: its heading is a link."""
    for heading in element.iter(*_HEADINGS):
        link = next(heading.iter("a"), None)
        if link is None:
            link = next((above for above in heading.iterancestors("a")), None)
        if link is not None and (link.get("href") or "").strip("#"):
            return True
    return False


def _measured(
    scope: Element, own: Element | None, spared: set[Element], *, named: bool = False
) -> Prose:
    prose = Prose()
    stack: list[tuple[Element, bool]] = [(scope, False)]
    while stack:
        element, is_left = stack.pop()
        if is_left:
            held = _own_prose(element) + sum(prose.of(child) for child in element)
            if held:
                prose.held[element] = held
            continue
        tag = tag_of(element)
        if tag in _INLINE and element is not scope:
            stack.extend((child, False) for child in element)
            stack.append((element, True)) if _has_block(element) else None
            continue
        if element is not scope and _is_around(element, tag, own, spared, named=named):
            prose.around.add(element)
            continue
        stack.append((element, True))
        stack.extend((child, False) for child in element)
    return prose


def _has_block(element: Element) -> bool:
    return any(tag_of(item) not in _INLINE for item in element.iterdescendants())


def _is_around(
    element: Element, tag: str, own: Element | None, spared: set[Element], *, named: bool
) -> bool:
    if tag in _NEVER or (tag == "form" and is_form(element)):
        # a tag that is never closed swallows the text
        return tag not in _SWALLOWING or next(element.iter("h1", "article"), None) is None
    if is_furniture(element) and element not in spared:
        return True
    if is_entry(element) and element is not own and own is not None:
        return own not in element.iterdescendants(own.tag)
    return named and element not in spared and _is_named_around(element)


def _own_prose(element: Element) -> int:
    """Return the characters of running text that stand in an element itself, not in blocks."""
    plain, linked = [element.text or ""], 0
    for child in element:
        tag = tag_of(child)
        if tag == "a":
            linked += len(fold("".join(map(str, child.itertext()))))
        elif tag in _INLINE:
            for part in child.iter():
                if tag_of(part) == "a":
                    linked += len(fold("".join(map(str, part.itertext()))))
            plain.append("".join(map(str, child.itertext())) if not _has_block(child) else "")
        plain.append(child.tail or "")
    count = len(fold("".join(plain)))
    return count if count >= MIN_BLOCK_CHARS and count > linked else 0


def _names(element: Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower()


def _is_named_around(element: Element) -> bool:
    if tag_of(element) in ("p", "body", "html", "article", "main", "h2", "h3", "td", "table"):
        return False
    names = _names(element)
    return names != " " and _AROUND.search(names) is not None


def _has_title(element: Element) -> bool:
    return next(element.iter("h1"), None) is not None
