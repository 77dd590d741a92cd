"""The images, sounds and films of an entry, with what is printed under them."""

import re
from collections.abc import Iterable

from cacnp_archive.model.records import MediaItem, MediaKind
from cacnp_archive.parsing.addresses import parse_srcset
from cacnp_archive.parsing.files.styles import css_references
from cacnp_archive.parsing.page.furniture import shown_text
from cacnp_archive.parsing.select import Element, classes, first_of, fold, tag_of
from cacnp_archive.parsing.text.links import resolve

_SOURCES = ("data-src", "data-lazy-src", "data-original", "data-orig-file", "src")
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_HOLDERS = frozenset({"wp-caption", "gallery-item", "wp-block-cover"})
_CAPTIONS = frozenset({"wp-caption-text", "gallery-caption", "wp-element-caption", "image-credits"})
_CACHE_MARK = re.compile(r"\?_=\d+$")
_HEIGHT_TO_HOLDER = 6
MAX_CAPTION_CHARS = 1000
MAX_LOOSE_CAPTION_CHARS = 300
"""A longer text behind an image and a line break is a paragraph, no caption."""


def parse_media(elements: Iterable[Element], base: str) -> tuple[MediaItem, ...]:
    """Return the media of an entry; pixels that count readers are none.

    Of a picture in several sizes it is the one in `src`, or where a script loads it later, the one
    that it would load.
    """
    captions = _Captions()
    found = (_medium(element, base, captions) for element in elements)
    return tuple(medium for medium in found if medium is not None)


def _medium(element: Element, base: str, captions: "_Captions") -> MediaItem | None:
    tag = tag_of(element)
    if tag == "img":
        return None if _is_pixel(element) else _image(element, base, captions)
    if tag in ("audio", "video"):
        address = first_of(
            item.get(name)
            for item in (element, *element.iterchildren("source"))
            for name in ("src", "data-src")
        )
        url = _resolved(base, address)
        if url is None:
            return None
        return MediaItem(url=url, kind=MediaKind(tag), caption=captions.of(element))
    return _background(element, base)


def _image(image: Element, base: str, captions: "_Captions") -> MediaItem | None:
    addresses = [*(image.get(name) for name in _SOURCES), *_set(image)]
    url = first_of(_resolved(base, address) for address in addresses)
    if url is None:
        return None
    return MediaItem(
        url=url, kind=MediaKind.IMAGE, alt=image.get("alt"), caption=captions.of(image)
    )


def _set(image: Element) -> list[str]:
    return [url for name in _SETS for url in parse_srcset(image.get(name, ""))[-1:]]


def _background(element: Element, base: str) -> MediaItem | None:
    """Read an image that a style puts behind a block: the cover block, and what says `img`."""
    if element.get("role") != "img" and "wp-block-cover" not in element.get("class", ""):
        return None
    references = (reference for reference, _ in css_references(element.get("style", "")))
    url = _resolved(base, next(references, None))
    if url is None:
        return None
    caption = shown_text(element)[:MAX_CAPTION_CHARS] or None
    alt = element.get("aria-label")
    return MediaItem(url=url, kind=MediaKind.IMAGE, alt=alt, caption=caption)


def _resolved(base: str, address: str | None) -> str | None:
    if not address:
        return None
    url = resolve(base, _CACHE_MARK.sub("", address.strip()))
    return url if url and url.startswith("http") else None


def _is_pixel(image: Element) -> bool:
    return any(image.get(name, "").removesuffix("px") in ("0", "1") for name in ("width", "height"))


class _Captions:
    """What is printed under media; each figure is looked through once."""

    def __init__(self) -> None:
        self._by_holder: dict[Element, str | None] = {}

    def of(self, element: Element) -> str | None:
        """Return what the nearest figure says of an element, or the line under it."""
        above = element
        for _ in range(_HEIGHT_TO_HOLDER):
            parent = above.getparent()
            if parent is None:
                return None
            if tag_of(parent) == "figure" or not classes(parent).isdisjoint(_HOLDERS):
                if parent not in self._by_holder:
                    self._by_holder[parent] = _caption_in(parent)
                return self._by_holder[parent]
            if tag_of(parent) == "p":
                return _line_under(above, parent)
            above = parent
        return None


def _caption_in(holder: Element) -> str | None:
    """Return the caption of a figure, not that of a figure in it."""
    stack = list(holder.iterchildren(reversed=True))
    while stack:
        item = stack.pop()
        tag = tag_of(item)
        if tag == "figcaption" or not classes(item).isdisjoint(_CAPTIONS):
            return shown_text(item)[:MAX_CAPTION_CHARS] or None
        if tag != "figure":
            stack.extend(item.iterchildren(reversed=True))
    return None


def _line_under(image: Element, paragraph: Element) -> str | None:
    """Return the line that follows an image and a line break to the end of the paragraph."""
    mark = image.getnext()
    is_first = image.getprevious() is None and not (paragraph.text or "").strip()
    if not is_first or mark is None or tag_of(mark) != "br" or (image.tail or "").strip():
        return None
    following = list(mark.itersiblings())
    if any(tag_of(item) in ("br", "img") for item in following):
        return None
    parts = (part for item in following for part in (*item.itertext(), item.tail or ""))
    text = fold("".join([mark.tail or "", *map(str, parts)]))
    return text if 0 < len(text) <= MAX_LOOSE_CAPTION_CHARS else None
