"""The addresses in a page, collected in one walk: its links and its page requisites.

Page requisites are the files that make a page look and work as it did: images, styles, scripts,
fonts, media.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice

from lxml import etree

from cacnp_archive.model import urls
from cacnp_archive.model.records import Requisite, RequisiteKind
from cacnp_archive.model.site import DOCUMENT_FILE, MEDIA_FILE, Site
from cacnp_archive.parsing.bounds import MAX_LINKS
from cacnp_archive.parsing.files.styles import css_kind, css_requisites, path_of
from cacnp_archive.parsing.resolve import MAX_REFERENCE_CHARS, base_for, resolve
from cacnp_archive.parsing.select import Element, tokens
from cacnp_archive.parsing.srcset import parse_srcset

References = Iterator[tuple[str, RequisiteKind]]

_LINK_TAGS = frozenset({"a", "area"})
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


def select_addresses(
    root: Element, base: str, site: Site, *, with_feeds: bool
) -> tuple[tuple[str, ...], tuple[Requisite, ...]]:
    """Return the links and the requisites of a page, each once, in document order.

    Links are those of `a` and `area`, and of `link` for the next, previous and canonical page;
    links within the page are left out. Feeds are followed from listings only (`with_feeds`): an
    article names the feed of its comments, which would cost one more request per article.

    Documents and media that the page links to are requisites if they are on the site itself; links
    to other hosts are stored but not requested. Requisites of the page's styles come last.
    """
    links: dict[str, None] = {}
    requisites: dict[Requisite, None] = {}
    for element in root.iter("a", "area", *_REQUISITE_SELECTORS):
        tag = str(element.tag)
        if len(links) > MAX_LINKS and tag in _LINK_TAGS:
            continue
        if tag in _LINK_TAGS or (tag == "link" and _is_followed(element, with_feeds=with_feeds)):
            link, requisite = _resolve_link(element.get("href", "#"), base)
            if link is not None:
                links[link] = None
            if requisite is not None and tag == "a" and site.owns(requisite.url):
                requisites[requisite] = None
        if tag in _REQUISITE_SELECTORS and len(requisites) <= MAX_LINKS:
            for reference, kind in islice(_REQUISITE_SELECTORS[tag](element), MAX_LINKS):
                requisite = _requisite(reference.strip(), kind, base)
                if requisite is not None:
                    requisites[requisite] = None
    for css in _styles(root):
        room = MAX_LINKS + 1 - len(requisites)
        requisites.update(dict.fromkeys(islice(css_requisites(css, base), max(room, 0))))
    return tuple(links), tuple(requisites)


def _resolve_link(href: str, base: str) -> tuple[str | None, Requisite | None]:
    """Return the target of a link, and the same target as a requisite if it is a file."""
    if href.startswith("#") or len(href) > MAX_REFERENCE_CHARS:
        return None, None
    return _cached_link(href, base_for(href, base))


def _requisite(reference: str, kind: RequisiteKind, base: str) -> Requisite | None:
    if len(reference) > MAX_REFERENCE_CHARS:
        return None
    return _cached_requisite(reference, kind, base_for(reference, base))


# Links that are on every page, such as those of a menu, are resolved once.


@lru_cache(maxsize=urls.REMEMBERED)
def _cached_link(href: str, base: str) -> tuple[str | None, Requisite | None]:
    url = resolve(base, href)
    link = None if url is None or url.startswith("mailto:") else urls.without_fragment(url)
    kind = _kind_of_link(href)
    return link, None if kind is None else _requisite(href.strip(), kind, base)


@lru_cache(maxsize=urls.REMEMBERED)
def _cached_requisite(reference: str, kind: RequisiteKind, base: str) -> Requisite | None:
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


def _attribute_values(element: Element, names: tuple[str, ...]) -> Iterator[str]:
    return (value for name in names if (value := element.get(name)))


def _images(element: Element) -> References:
    for value in _attribute_values(element, _SOURCE_ATTRIBUTES):
        yield value, RequisiteKind.IMAGE
    for value in _attribute_values(element, _SET_ATTRIBUTES):
        for url in parse_srcset(value):
            yield url, RequisiteKind.IMAGE


def _source(element: Element) -> References:
    for value in _attribute_values(element, ("src", "data-src")):
        yield value, RequisiteKind.MEDIA
    for value in _attribute_values(element, _SET_ATTRIBUTES):
        for url in parse_srcset(value):
            yield url, RequisiteKind.IMAGE


def _player(element: Element) -> References:
    for value in _attribute_values(element, ("src", "data-src")):
        yield value, RequisiteKind.MEDIA
    for value in _attribute_values(element, ("poster",)):
        yield value, RequisiteKind.IMAGE


def _script(element: Element) -> References:
    for value in _attribute_values(element, ("src",)):
        yield value, RequisiteKind.SCRIPT


def _input(element: Element) -> References:
    if element.get("type", "").lower() == "image":
        for value in _attribute_values(element, ("src",)):
            yield value, RequisiteKind.IMAGE


def _background(element: Element) -> References:
    for value in _attribute_values(element, ("background",)):
        yield value, RequisiteKind.IMAGE


def _svg_image(element: Element) -> References:
    for value in _attribute_values(element, ("href", "xlink:href")):
        if not value.startswith("#"):
            yield value, RequisiteKind.IMAGE


def _meta(element: Element) -> References:
    name = element.get("property") or element.get("name") or ""
    if name.lower() in _META_IMAGES:
        for value in _attribute_values(element, ("content",)):
            yield value, RequisiteKind.IMAGE


def _link(element: Element) -> References:
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


_REQUISITE_SELECTORS: dict[str, Callable[[Element], References]] = {
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
    "image": _svg_image,
    "use": _svg_image,
    "meta": _meta,
    "link": _link,
}
