"""Find the title of a page: its heading, or what the page states in its head."""

import re
from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

from cacnp_archive.parsing.furniture import is_furniture, shown_text
from cacnp_archive.parsing.layouts.conventions import is_named_title
from cacnp_archive.parsing.page.metadata import Metadata, without_site_name
from cacnp_archive.parsing.select import Element, body_of, fold, tag_of

_OUTSIDE = frozenset({"nav", "aside", "footer", "script", "style", "form"})
_NOT_WORDS = re.compile(r"[\W_]+")
_SEPARATOR = re.compile(r"\s+[|–—·•»«:-]\s+|\s*[|»•]\s*")
_HEADING_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6")
MAX_TITLE_CHARS = 300


def stated_titles(metadata: Metadata, url: str) -> list[str]:
    """Return the titles that the head of a page states, best first, without the site's name.

    A title that is part of the host's name is that of the site.
    """
    host = urlsplit(url).netloc
    site_name = metadata.property("og:site_name") or ""
    headline = metadata.article.get("headline")
    values = (
        metadata.property("og:title"),
        headline if isinstance(headline, str) else None,
        metadata.property("twitter:title"),
        metadata.document_title,
    )
    found = (fold(without_site_name(fold(value), site_name)) for value in values if value)
    return list(
        dict.fromkeys(title for title in found if _plain(title).replace(" ", "") not in host)
    )


def select_heading(root: Element, metadata: Metadata, url: str) -> Element | None:
    """Return the heading that is the title of a page: the one that its head states, else an h1."""
    body = body_of(root)
    if body is None:
        return None
    stated = [_plain(title) for title in stated_titles(metadata, url)]
    site_name = _plain(metadata.property("og:site_name") or "")
    best: tuple[int, Element] | None = None
    for element in _headings(body):
        text = shown_text(element)
        if not text or len(text) > MAX_TITLE_CHARS or _plain(text) == site_name:
            continue
        rank = _rank(element, _plain(text), stated)
        if rank and (best is None or rank > best[0]):
            best = rank, element
    return None if best is None else best[1]


def innermost_heading(title: Element) -> Element:
    """Return the heading in an element that a theme names as the title, else that element.

    It may contain a date, a breadcrumb or the byline as well.
    """
    if tag_of(title) in _HEADING_TAGS:
        return title
    inside = list(title.iter(*_HEADING_TAGS))
    named = (item for item in inside if is_named_title(item) or tag_of(item) == "h1")
    return next(named, inside[0] if inside else title)


def head_title(metadata: Metadata, url: str) -> str | None:
    """Return the title that the head states, without what follows the last separator.

    Only the title of the document usually ends with the name of the site.
    """
    titles = stated_titles(metadata, url)
    if not titles:
        return None
    if metadata.property("og:title") or len(titles) > 1:
        return titles[0]
    parts = _SEPARATOR.split(titles[0])
    return fold(max(parts, key=len)) if len(parts) > 1 else titles[0]


def _headings(body: Element) -> Iterator[Element]:
    stack = [body]
    while stack:
        element = stack.pop()
        tag = tag_of(element)
        if tag in _OUTSIDE or tag == "" or (element is not body and is_furniture(element)):
            continue
        if tag in ("h1", "h2", "h3", "h4") or is_named_title(element):
            yield element
            if tag[:1] == "h":
                continue
        stack.extend(element.iterchildren(reversed=True))


def _rank(element: Element, text: str, stated: list[str]) -> int:
    tag = tag_of(element)
    level = {"h1": 4, "h2": 3, "h3": 2, "h4": 1}.get(tag, 2)
    is_link = _is_link(element)
    if text and text in stated:
        return 100 + level
    if len(text) >= 8 and any(map(partial(_covers, text), stated)):
        return 50 + level
    if is_link:
        return 0
    if stated and any(title.endswith(text) or title.startswith(text) for title in stated):
        return 0  # the name of the site or of a section
    return (20 if is_named_title(element) else 0) + (10 if tag == "h1" else 0)


def _covers(text: str, title: str) -> bool:
    """Whether a heading is most of a stated title, or the other way round."""
    shorter, longer = sorted((text, title), key=len)
    return shorter in longer and 2 * len(shorter) >= len(longer)


def _is_link(element: Element) -> bool:
    text = shown_text(element)
    return any(shown_text(link) == text for link in element.iter("a") if link.get("href"))


def _plain(text: str) -> str:
    return _NOT_WORDS.sub(" ", text.casefold()).strip()
