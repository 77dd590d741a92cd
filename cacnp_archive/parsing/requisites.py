"""The files that a page needs to look and work as it did: images, styles, scripts, fonts, media."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from lxml import etree

from cacnp_archive import urls
from cacnp_archive.parsing.links import MAX_REFERENCE_CHARS, base_for, resolve
from cacnp_archive.parsing.select import Element, tokens
from cacnp_archive.parsing.styles import css_kind, path_of, style_requisites
from cacnp_archive.records import Requisite, RequisiteKind
from cacnp_archive.site import DOCUMENT_FILE, MEDIA_FILE, Site

Found = Iterator[tuple[str, RequisiteKind]]

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


def read_requisites(root: Element, base: str, site: Site) -> tuple[Requisite, ...]:
    """Return every file that a page needs, each once, in document order, then those of its styles.

    Documents and media that the page links to count where they lie on the site itself: links to
    other hosts are rows, not requests.
    """
    found: dict[Requisite, None] = {}
    for element in root.iter("a", *_READERS):
        if element.tag == "a":
            file = _linked_file(element.get("href", ""), base)
            if file is not None and site.owns(file.url):
                found[file] = None
        else:
            for reference, kind in _READERS[str(element.tag)](element):
                file = _file(reference.strip(), kind, base)
                if file is not None:
                    found[file] = None
    for css in _styles(root):
        found.update(dict.fromkeys(style_requisites(css, base)))
    return tuple(found)


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


def _file(reference: str, kind: RequisiteKind, base: str) -> Requisite | None:
    if len(reference) > MAX_REFERENCE_CHARS:
        return None
    return _known_file(reference, kind, base_for(reference, base))


def _linked_file(href: str, base: str) -> Requisite | None:
    """Return a link as a requisite, if its address is that of a file."""
    kind = _kind_of_link(href) if len(href) <= MAX_REFERENCE_CHARS else None
    return None if kind is None else _file(href.strip(), kind, base)


# What stands on every page, such as a menu, is read once.


@lru_cache(maxsize=65536)
def _known_file(reference: str, kind: RequisiteKind, base: str) -> Requisite | None:
    url = resolve(base, reference)
    if url is None or url.startswith("mailto:"):
        return None
    return Requisite(url=urls.without_fragment(url), kind=kind)


@lru_cache(maxsize=65536)
def _kind_of_link(href: str) -> RequisiteKind | None:
    path = path_of(href)
    if DOCUMENT_FILE.search(path):
        return RequisiteKind.DOCUMENT
    if _IMAGE_FILE.search(path):
        return RequisiteKind.IMAGE
    return RequisiteKind.MEDIA if MEDIA_FILE.search(path) else None


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
