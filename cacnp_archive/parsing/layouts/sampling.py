"""Find in one page what its article is known to say: the first half of learning a layout."""

import re
from collections.abc import Iterator

from cacnp_archive.model.layouts import KnownContent, PageSample, Path, Step
from cacnp_archive.parsing.furniture import shown_text
from cacnp_archive.parsing.layouts.printed_dates import parse_any_date
from cacnp_archive.parsing.select import Element, body_of, classes, tag_of

_SPACE = re.compile(r"\s+")
_SILENT = frozenset({"script", "style", "noscript", "template", ""})
_MIN_BLOCK = 12
"""Shorter blocks, without white space, may stand in a page by chance."""
_MOST = 0.8
"""A page that shows less of what is known says something else now, or in another way."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MAX_FURNITURE = 40


def sample_page(root: Element, known: KnownContent) -> PageSample | None:
    """Return where a page has what it is known to say; None if it does not show most of it."""
    body = body_of(root)
    if body is None:
        return None
    text, spans = _spans(body)
    places = list(_places(text, known.text))
    wanted = sum(len(block) for block in _blocks(known.text))
    found = sum(end - start for start, end in places)
    if not wanted or found < _MOST * wanted:
        return None
    content = _smallest(body, spans, places)
    if content is body:
        return None
    return PageSample(
        content=path_to(body, content),
        parts={
            name: path_to(body, element)
            for name, element in _parts(body, content, known)
            if element is not body
        },
        furniture=tuple(path_to(content, item) for item in _strange(content, spans, places)),
    )


def path_to(above: Element, element: Element) -> Path:
    """Return the path from an element to one below it."""
    steps: list[Step] = []
    current: Element | None = element
    while current is not None and current is not above:
        tag = tag_of(current)
        index = sum(1 for _ in current.itersiblings(tag, preceding=True))
        steps.append(Step(tag, tuple(sorted(classes(current))), index))
        current = current.getparent()
    return tuple(reversed(steps))


_Spans = dict[Element, tuple[int, int]]


def _spans(body: Element) -> tuple[str, _Spans]:
    """Return the text of a page without white space, and which part of it each element has."""
    parts: list[str] = []
    length = 0
    spans: _Spans = {}

    def add(text: str | None) -> None:
        nonlocal length
        if text:
            plain = _SPACE.sub("", text)
            parts.append(plain)
            length += len(plain)

    stack: list[tuple[Element, int | None]] = [(body, None)]
    while stack:
        element, start = stack.pop()
        if start is not None:
            spans[element] = start, length
            add(element.tail)
            continue
        stack.append((element, length))
        if tag_of(element) not in _SILENT:
            add(element.text)
            stack.extend((child, None) for child in element.iterchildren(reversed=True))
    return "".join(parts), spans


def _blocks(text: str) -> list[str]:
    blocks = (_SPACE.sub("", block) for block in text.split("\n\n"))
    return [block for block in blocks if len(block) >= _MIN_BLOCK]


def _places(page: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where the blocks of a text stand in a page: together, since excerpts repeat some."""
    blocks = _blocks(text)
    best: list[tuple[int, int]] = []
    start = page.find(blocks[0]) if blocks else -1
    tries = 0
    while start >= 0 and tries < 5:
        at, found = start, []
        for block in blocks:
            place = page.find(block, at)
            if place >= 0:
                found.append((place, place + len(block)))
                at = place + len(block)
        if sum(end - begin for begin, end in found) > sum(end - begin for begin, end in best):
            best = found
        start = page.find(blocks[0], start + 1)
        tries += 1
    yield from best


def _smallest(body: Element, spans: _Spans, places: list[tuple[int, int]]) -> Element:
    """Return the smallest element that holds all the places."""
    first, last = min(start for start, _ in places), max(end for _, end in places)
    current = body
    while True:
        inside = (
            child
            for child in current
            if child in spans and spans[child][0] <= first and spans[child][1] >= last
        )
        child = next(inside, None)
        if child is None or tag_of(child) in ("p", *_HEADINGS):
            return current
        current = child


def _strange(content: Element, spans: _Spans, places: list[tuple[int, int]]) -> Iterator[Element]:
    """Yield the topmost elements inside a text that show words which it is known not to have."""
    stack = [content]
    count = 0
    while stack and count < _MAX_FURNITURE:
        for child in stack.pop():
            if child not in spans or tag_of(child) in _SILENT:
                continue
            start, end = spans[child]
            if any(begin < end and start < stop for begin, stop in places):
                if any(start > begin or end < stop for begin, stop in places):
                    stack.append(child)
            elif end - start >= _MIN_BLOCK and tag_of(child) in ("div", "section", "ul", "aside"):
                count += 1
                yield child


def _parts(body: Element, content: Element, known: KnownContent) -> Iterator[tuple[str, Element]]:
    outside = list(_outside(body, content))
    texts = [(element, shown_text(element)) for element in outside if _is_short(element)]
    if known.title:
        titled = [item for item, text in texts if _plain(text) == _plain(known.title)]
        heads = [item for item in titled if tag_of(item) in _HEADINGS] or titled[-1:]
        yield from (("title", item) for item in heads[:1])
    if known.day:
        dated = [
            item
            for item, text in texts
            if 6 <= len(text) < 60 and parse_any_date(text) == known.day
        ]
        times = [item for item in dated if tag_of(item) == "time"] or dated[:1]
        yield from (("date", _innermost(item, dated)) for item in times[:1])
    if known.authors:
        named = [item for item, text in texts if text in known.authors]
        yield from (("author", item) for item in named[-1:])
    for name, terms in (("categories", known.categories), ("tags", known.tags)):
        yield from ((name, item) for item in _listing(texts, terms))


def _listing(texts: list[tuple[Element, str]], terms: tuple[str, ...]) -> list[Element]:
    """Return the last element that links to all of these terms, and to nothing else; else none.

    A breadcrumb, which comes first, may do so by chance.
    """
    linked = (item for item, text in reversed(texts) if tag_of(item) == "a" and text in terms)
    above = (item.getparent() for item in linked)
    return [
        item
        for item in above
        if item is not None and {shown_text(link) for link in item.iter("a")} == {*terms}
    ][:1]


def _outside(body: Element, content: Element) -> Iterator[Element]:
    stack = [body]
    while stack:
        element = stack.pop()
        if element is content or tag_of(element) in _SILENT or tag_of(element) == "nav":
            continue
        yield element
        stack.extend(element.iterchildren(reversed=True))


def _is_short(element: Element) -> bool:
    return sum(1 for _ in element.iterdescendants()) <= 12


def _innermost(element: Element, found: list[Element]) -> Element:
    inner = [item for item in found if element in item.iterancestors()]
    return inner[-1] if inner else element


def _plain(text: str) -> str:
    return _SPACE.sub("", text).casefold()
