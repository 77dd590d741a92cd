"""Parse the images, audio and video of an entry, with their captions."""

import re
from collections.abc import Iterable
from itertools import islice

from cacnp_archive.model.records import MediaItem, MediaKind
from cacnp_archive.parsing.bounds import MAX_LINKS
from cacnp_archive.parsing.files.styles import css_references
from cacnp_archive.parsing.furniture import shown_text
from cacnp_archive.parsing.resolve import resolve
from cacnp_archive.parsing.select import Element, classes, first_of, fold, tag_of
from cacnp_archive.parsing.srcset import parse_srcset

_URL_ATTRIBUTES = ("data-src", "data-lazy-src", "data-original", "data-orig-file", "src")
_SRCSET_ATTRIBUTES = ("data-srcset", "data-lazy-srcset", "srcset")
_FIGURE_CLASSES = frozenset({"wp-caption", "gallery-item", "wp-block-cover"})
_CAPTION_CLASSES = frozenset(
    {"wp-caption-text", "gallery-caption", "wp-element-caption", "image-credits"}
)
_CACHE_BUSTER = re.compile(r"\?_=\d+$")
_MAX_LEVELS_TO_FIGURE = 6
MAX_CAPTION_CHARS = 1000
MAX_LOOSE_CAPTION_CHARS = 300
"""A longer text after an image and a line break is a paragraph, not a caption."""


def parse_media(elements: Iterable[Element], base: str) -> tuple[MediaItem, ...]:
    """Return the media of an entry, without tracking pixels.

    Of an image in several sizes, the one in `src` is taken, or the one that a script would load.
    """
    captions = _Captions()
    first = islice(elements, MAX_LINKS + 1)
    found = (_media_item(element, base, captions) for element in first)
    return tuple(item for item in found if item is not None)


def _media_item(element: Element, base: str, captions: "_Captions") -> MediaItem | None:
    tag = tag_of(element)
    if tag == "img":
        return None if _is_tracking_pixel(element) else _image(element, base, captions)
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
    addresses = [*(image.get(name) for name in _URL_ATTRIBUTES), *_srcset_urls(image)]
    url = first_of(_resolved(base, address) for address in addresses)
    if url is None:
        return None
    return MediaItem(
        url=url, kind=MediaKind.IMAGE, alt=image.get("alt"), caption=captions.of(image)
    )


def _srcset_urls(image: Element) -> list[str]:
    return [url for name in _SRCSET_ATTRIBUTES for url in parse_srcset(image.get(name, ""))[-1:]]


def _background(element: Element, base: str) -> MediaItem | None:
    """Return the background image of a cover block or of an element with the role `img`."""
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
    url = resolve(base, _CACHE_BUSTER.sub("", address.strip()))
    return url if url and url.startswith("http") else None


def _is_tracking_pixel(image: Element) -> bool:
    return any(image.get(name, "").removesuffix("px") in ("0", "1") for name in ("width", "height"))


class _Captions:
    """Finds the captions of media; each figure is searched once."""

    def __init__(self) -> None:
        self._by_figure: dict[Element, str | None] = {}

    def of(self, element: Element) -> str | None:
        """Return the caption in the nearest figure, or the line under the element."""
        above = element
        for _ in range(_MAX_LEVELS_TO_FIGURE):
            parent = above.getparent()
            if parent is None:
                return None
            if tag_of(parent) == "figure" or not classes(parent).isdisjoint(_FIGURE_CLASSES):
                if parent not in self._by_figure:
                    self._by_figure[parent] = _caption_in(parent)
                return self._by_figure[parent]
            if tag_of(parent) == "p":
                return _line_under(above, parent)
            above = parent
        return None


def _caption_in(figure: Element) -> str | None:
    """Return the caption of a figure, ignoring figures within it."""
    stack = list(figure.iterchildren(reversed=True))
    while stack:
        item = stack.pop()
        tag = tag_of(item)
        if tag == "figcaption" or not classes(item).isdisjoint(_CAPTION_CLASSES):
            return shown_text(item)[:MAX_CAPTION_CHARS] or None
        if tag != "figure":
            stack.extend(item.iterchildren(reversed=True))
    return None


def _line_under(image: Element, paragraph: Element) -> str | None:
    """Return the line after an image and a line break, up to the end of the paragraph."""
    line_break = image.getnext()
    is_first = image.getprevious() is None and not (paragraph.text or "").strip()
    if (
        not is_first
        or line_break is None
        or tag_of(line_break) != "br"
        or (image.tail or "").strip()
    ):
        return None
    following = list(line_break.itersiblings())
    if any(tag_of(item) in ("br", "img") for item in following):
        return None
    parts = (part for item in following for part in (*item.itertext(), item.tail or ""))
    text = fold("".join([line_break.tail or "", *map(str, parts)]))
    return text if 0 < len(text) <= MAX_LOOSE_CAPTION_CHARS else None
