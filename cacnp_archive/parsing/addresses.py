"""The addresses in a page, in one walk: where it leads, and the files that it needs.

These are what makes it look and work as it did: images, styles, scripts, fonts, media.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from lxml import etree

from cacnp_archive.model import urls
from cacnp_archive.model.records import Requisite, RequisiteKind
from cacnp_archive.model.site import DOCUMENT_FILE, MEDIA_FILE, Site
from cacnp_archive.parsing.files.styles import css_kind, css_requisites, path_of
from cacnp_archive.parsing.select import Element, tokens
from cacnp_archive.parsing.text.links import MAX_REFERENCE_CHARS, base_for, resolve

Found = Iterator[tuple[str, RequisiteKind]]

_LINKS = frozenset({"a", "area"})
_FOLLOWED_RELS = frozenset({"next", "prev", "canonical"})
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml"})
_IMAGE_FILE = re.compile(r"\.(jpe?g|png|gif|webp|avif|svg|bmp|tiff?|ico)$", re.IGNORECASE)
_SOURCE_ATTRIBUTES = ("src", "data-src", "data-lazy-src", "data-original")
_SET_ATTRIBUTES = ("srcset", "data-srcset", "data-lazy-srcset")
_ICON_RELS = frozenset({"icon", "apple-touch-icon", "apple-touch-icon-precomposed", "mask-icon"})
_META_IMAGES = frozenset(
    {
        "og:image",
        "og:image:url",
        "og:image:secure_url",
        "twitter:image",
        "twitter:image:src",
        "msapplication-tileimage",
    }
)
_PRELOADED = {
    "style": RequisiteKind.STYLE,
    "script": RequisiteKind.SCRIPT,
    "font": RequisiteKind.FONT,
    "image": RequisiteKind.IMAGE,
    "audio": RequisiteKind.MEDIA,
    "video": RequisiteKind.MEDIA,
    "track": RequisiteKind.MEDIA,
}
_STYLED = etree.XPath("//@style[contains(., 'url') or contains(., 'URL')]")

# `[\s,]*(\S+)`: the address; then its descriptors up to a comma that no parenthesis holds.
_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*)")
_DESCRIPTORS = re.compile(r"(?:\([^)]*\)?|[^,(])*,?")


def select_addresses(
    root: Element, base: str, site: Site, *, with_feeds: bool
) -> tuple[tuple[str, ...], tuple[Requisite, ...]]:
    """Return where a page leads, and the files that it needs, in document order, each once.

    It leads where `a` and `area` do, and `link` for the next, previous and canonical page; not to
    a place in the page itself. The feeds that a page names are followed for listings alone: an
    article names the feed of its comments, which would be one more request for each article.

    Documents and media that the page links to are needed where they lie on the site itself: links
    to other hosts are rows, not requests. What its styles need comes last.
    """
    steps: dict[str, None] = {}
    files: dict[Requisite, None] = {}
    for element in root.iter("a", "area", *_READERS):
        tag = str(element.tag)
        if tag in _LINKS or (tag == "link" and _is_followed(element, with_feeds=with_feeds)):
            step, file = _meaning(element.get("href", "#"), base)
            if step is not None:
                steps[step] = None
            if file is not None and tag == "a" and site.owns(file.url):
                files[file] = None
        if tag in _READERS:
            for reference, kind in _READERS[tag](element):
                file = _file(reference.strip(), kind, base)
                if file is not None:
                    files[file] = None
    for css in _styles(root):
        files.update(dict.fromkeys(css_requisites(css, base)))
    return tuple(steps), tuple(files)


def parse_srcset(value: str) -> list[str]:
    """Return the addresses of a `srcset` (HTML standard, section 4.8.4.2.2).

    >>> parse_srcset("a.jpg 300w, https://cdn.example/w_600,h_400/b.jpg 2x,c.jpg, d.jpg")
    ['a.jpg', 'https://cdn.example/w_600,h_400/b.jpg', 'c.jpg', 'd.jpg']
    """
    found = []
    position = 0
    while candidate := _CANDIDATE.match(value, position):
        url = candidate.group(1)
        position = candidate.end()
        if not url.endswith(","):
            descriptors = _DESCRIPTORS.match(value, position)
            position = position if descriptors is None else descriptors.end()
        found.append(url.rstrip(","))
    return found


def _meaning(href: str, base: str) -> tuple[str | None, Requisite | None]:
    """Return where a link leads, and the same as a file, if its address is that of one."""
    if href.startswith("#") or len(href) > MAX_REFERENCE_CHARS:
        return None, None
    return _known_meaning(href, base_for(href, base))


def _file(reference: str, kind: RequisiteKind, base: str) -> Requisite | None:
    if len(reference) > MAX_REFERENCE_CHARS:
        return None
    return _known_file(reference, kind, base_for(reference, base))


# What stands on every page, such as a menu, is read once.


@lru_cache(maxsize=urls.REMEMBERED)
def _known_meaning(href: str, base: str) -> tuple[str | None, Requisite | None]:
    url = resolve(base, href)
    step = None if url is None or url.startswith("mailto:") else urls.without_fragment(url)
    kind = _kind_of_link(href)
    return step, None if kind is None else _file(href.strip(), kind, base)


@lru_cache(maxsize=urls.REMEMBERED)
def _known_file(reference: str, kind: RequisiteKind, base: str) -> Requisite | None:
    url = resolve(base, reference)
    if url is None or url.startswith("mailto:"):
        return None
    return Requisite(url=urls.without_fragment(url), kind=kind)


def _kind_of_link(href: str) -> RequisiteKind | None:
    path = path_of(href)
    if DOCUMENT_FILE.search(path):
        return RequisiteKind.DOCUMENT
    if _IMAGE_FILE.search(path):
        return RequisiteKind.IMAGE
    return RequisiteKind.MEDIA if MEDIA_FILE.search(path) else None


def _is_followed(link: Element, *, with_feeds: bool) -> bool:
    rel = tokens(link.get("rel", "").lower())
    return not rel.isdisjoint(_FOLLOWED_RELS) or (
        with_feeds and "alternate" in rel and link.get("type", "").lower() in _FEED_TYPES
    )


def _styles(root: Element) -> Iterator[str]:
    for style in root.iter("style"):
        yield style.text or ""
    attributes = _STYLED(root)
    if isinstance(attributes, list):
        yield from map(str, attributes)


def _attributes(element: Element, names: tuple[str, ...]) -> Iterator[str]:
    return (value for name in names if (value := element.get(name)))


def _images(element: Element) -> Found:
    for value in _attributes(element, _SOURCE_ATTRIBUTES):
        yield value, RequisiteKind.IMAGE
    for value in _attributes(element, _SET_ATTRIBUTES):
        for url in parse_srcset(value):
            yield url, RequisiteKind.IMAGE


def _source(element: Element) -> Found:
    for value in _attributes(element, ("src", "data-src")):
        yield value, RequisiteKind.MEDIA
    for value in _attributes(element, _SET_ATTRIBUTES):
        for url in parse_srcset(value):
            yield url, RequisiteKind.IMAGE


def _player(element: Element) -> Found:
    for value in _attributes(element, ("src", "data-src")):
        yield value, RequisiteKind.MEDIA
    for value in _attributes(element, ("poster",)):
        yield value, RequisiteKind.IMAGE


def _script(element: Element) -> Found:
    for value in _attributes(element, ("src",)):
        yield value, RequisiteKind.SCRIPT


def _input(element: Element) -> Found:
    if element.get("type", "").lower() == "image":
        for value in _attributes(element, ("src",)):
            yield value, RequisiteKind.IMAGE


def _background(element: Element) -> Found:
    for value in _attributes(element, ("background",)):
        yield value, RequisiteKind.IMAGE


def _drawing(element: Element) -> Found:
    for value in _attributes(element, ("href", "xlink:href")):
        if not value.startswith("#"):
            yield value, RequisiteKind.IMAGE


def _meta(element: Element) -> Found:
    name = element.get("property") or element.get("name") or ""
    if name.lower() in _META_IMAGES:
        for value in _attributes(element, ("content",)):
            yield value, RequisiteKind.IMAGE


def _link(element: Element) -> Found:
    href = element.get("href")
    rel = tokens(element.get("rel", "").lower())
    if not href:
        return
    if "stylesheet" in rel:
        yield href, RequisiteKind.STYLE
    elif rel & _ICON_RELS:
        yield href, RequisiteKind.IMAGE
    elif "modulepreload" in rel:
        yield href, RequisiteKind.SCRIPT
    elif "manifest" in rel:
        yield href, RequisiteKind.DOCUMENT
    elif "preload" in rel:
        kind = _PRELOADED.get(element.get("as", "").lower())
        yield href, kind or css_kind(href)
        for url in parse_srcset(element.get("imagesrcset", "")):
            yield url, RequisiteKind.IMAGE


_READERS: dict[str, Callable[[Element], Found]] = {
    "img": _images,
    "source": _source,
    "video": _player,
    "audio": _player,
    "track": _player,
    "script": _script,
    "input": _input,
    "body": _background,
    "table": _background,
    "td": _background,
    "image": _drawing,
    "use": _drawing,
    "meta": _meta,
    "link": _link,
}
