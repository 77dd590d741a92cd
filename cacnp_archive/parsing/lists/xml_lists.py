"""Parse sitemaps, sitemap indexes and feeds: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, Media RSS.

Elements are known by their local names: namespaces are often missing or wrong.
"""

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from lxml import etree

from cacnp_archive.model import urls
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import (
    ListEntry,
    ListName,
    Problem,
    Reading,
    Requisite,
    RequisiteKind,
)
from cacnp_archive.parsing.bounds import MAX_TERMS
from cacnp_archive.parsing.lists.list_text import UNKNOWN_REFERENCE, ListText
from cacnp_archive.parsing.page.wordpress import shortlink_id
from cacnp_archive.parsing.resolve import resolve
from cacnp_archive.parsing.select import Element, fold

_CONTAINERS = frozenset({"urlset", "sitemapindex", "rss", "feed", "RDF"})
_ENTRY_TAG = re.compile(r"<(?:[\w.-]+:)?(?:url|sitemap|item|entry)(?=[\s/>])")
_FEED_ROOTS = frozenset({"rss", "feed", "RDF"})
_ESCAPED_AMPERSAND = re.compile(r"&(?:amp|#0*38|#[xX]0*26);")
_IMAGE_FILES = frozenset({"thumbnail_loc", "thumbnail", "image"})
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


def parse_xml_list(listed: ListText, url: str) -> Reading:
    """Parse the documents of a list: entries, further lists, images, audio and video files.

    An entry whose URL is not certain gives none: a Problem tells how many there are.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(f"<lists>{listed.text}</lists>", parser)
    except etree.XMLSyntaxError:
        root = None
    parsed = _Parsed(url)
    for document in () if root is None else root:
        if _name(document) in _CONTAINERS:
            parsed.add(document)
    is_cut = listed.is_cut or parsed.entry_count < len(_ENTRY_TAG.findall(listed.text))
    return Reading(
        lists=tuple(parsed.lists),
        links=tuple(parsed.links),
        entries=tuple(parsed.entries.values()),
        requisites=tuple(parsed.requisites),
        next_page=parsed.next_page,
        problems=tuple(
            problems_of_list(
                is_cut=is_cut, unusable=parsed.unusable, is_repaired=listed.is_repaired
            )
        ),
    )


def problems_of_list(*, is_cut: bool, unusable: list[str], is_repaired: bool) -> Iterator[Problem]:
    """Yield what is wrong with a list that could be read."""
    if is_cut:
        detail = "it ends before its end, or is damaged: what is complete was read"
        yield Problem(code=ProblemCode.BROKEN_LIST, detail=detail)
    if unusable:
        detail = f"{len(unusable)} without a usable URL, first {unusable[0][:200]!r}"
        yield Problem(code=ProblemCode.BROKEN_LIST, detail=detail)
    if is_repaired:
        detail = "text before it, stray ampersands, entities or control characters"
        yield Problem(code=ProblemCode.REPAIRED_LIST, detail=detail)


class _Parsed:
    """What the documents of one list say."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.entries: dict[str, ListEntry] = {}
        self.lists: dict[str, None] = {}
        self.links: dict[str, None] = {}
        self.requisites: dict[Requisite, None] = {}
        self.next_page: str | None = None
        self.unusable: list[str] = []
        self.entry_count = 0
        """Elements that may be entries: as many as there are tags, if nothing is damaged."""

    def add(self, document: Element) -> None:
        """Add one sitemap, sitemap index or feed."""
        is_feed = _name(document) in _FEED_ROOTS
        for element in document.iter(etree.Element):
            name = _name(element)
            if name in ("url", "sitemap", "item", "entry"):
                self.entry_count += 1
            if is_feed:
                self._add_from_feed(element, name)
            elif name in ("url", "sitemap"):
                self._add_from_sitemap(element, is_index=name == "sitemap")
            elif name == "loc" and _name_above(element) in ("urlset", "sitemapindex"):
                self._add_from_sitemap(element, is_index=_name_above(element) == "sitemapindex")
            self._add_file(element, name)

    def _add_from_sitemap(self, item: Element, *, is_index: bool) -> None:
        locations = [item] if _name(item) == "loc" else _children(item, "loc")
        found = next(filter(None, map(self._location, locations)), None)
        if found is None:
            texts = ("".join(map(str, location.itertext())) for location in locations)
            self.unusable.append(next(texts, "").strip() or "an entry without loc")
        elif is_index:
            self.lists[found] = None
        else:
            modified_at = _time(_text(item, "lastmod"))
            entry = ListEntry(list_name=ListName.SITEMAP, url=found, modified_at=modified_at)
            self.entries.setdefault(found, entry)
        for link in _children(item, "link"):  # the page in other languages
            address = self._resolved(link, link.get("href"))
            if address is not None and link.get("rel") == "alternate":
                self.links[address] = None

    def _add_from_feed(self, element: Element, name: str) -> None:
        if name in ("item", "entry"):
            entry = self._feed_entry(element)
            if entry is not None:
                self.entries.setdefault(entry.url, entry)
        elif name == "link" and element.get("rel") == "next":
            self.next_page = self._resolved(element, element.get("href"))

    def _feed_entry(self, item: Element) -> ListEntry | None:
        guid = _text(item, "guid") or _text(item, "id") or ""
        links = [
            link.get("href") or _plain(link)
            for link in _children(item, "link")
            if link.get("rel", "alternate") == "alternate"
        ]
        if not any(map(_is_certain, links)):
            stated = next(iter(_children(item, "guid")), None)
            is_permalink = stated is not None and stated.get("isPermaLink", "true") == "true"
            if is_permalink and guid.startswith(("http://", "https://")):
                links.append(guid)
        found = next(filter(None, (self._resolved(item, link) for link in links)), None)
        if found is None:
            self.unusable += [link for link in links if link][:1]
            return None
        titles = _children(item, "title")
        own_first = sorted(titles, key=lambda one: bool(one.prefix) or ":title" in str(one.tag))
        title = next(iter(own_first), None)
        return ListEntry(
            list_name=ListName.FEED,
            url=found,
            wordpress_id=shortlink_id(guid),
            title=None if title is None else fold(_restored("".join(map(str, title.itertext())))),
            published_at=_first_time(item, "pubDate", "published", "issued", "date", "created"),
            modified_at=_first_time(item, "lastmod", "updated", "modified"),
            categories=tuple(
                fold(_restored(category.get("term") or _plain(category) or ""))
                for category in _children(item, "category")[:MAX_TERMS]
            ),
        )

    def _add_file(self, element: Element, name: str) -> None:
        """Add a file that an entry names: an image, or the audio or video of an enclosure."""
        above = _name_above(element)
        address: str | None = None
        kind = RequisiteKind.MEDIA
        if name == "loc" and above == "image":
            address, kind = _plain(element), RequisiteKind.IMAGE
        elif name in ("content_loc", "thumbnail_loc"):
            address = _plain(element)
        elif name == "enclosure" or (name in ("content", "thumbnail") and element.get("url")):
            address = element.get("url")
        elif (name == "link" and element.get("rel") == "enclosure") or name == "image":
            address = element.get("href")
        elif name == "url" and above == "image":
            address = _plain(element)
        if name in _IMAGE_FILES or above == "image" or "image" in _media_type(element):
            kind = RequisiteKind.IMAGE
        url = self._resolved(element, address)
        if url is not None:
            self.requisites[Requisite(url=url, kind=kind)] = None

    def _location(self, element: Element) -> str | None:
        return self._resolved(element, _plain(element))

    def _resolved(self, element: Element, reference: str | None) -> str | None:
        """Return the URL that is certainly meant, or None."""
        if reference is None or not _is_certain(reference):
            return None
        base = self._url
        for above in (*reversed(list(element.iterancestors())), element):
            stated = above.get(_XML_BASE)
            base = (resolve(base, stated) if stated else None) or base
        found = resolve(base, _ESCAPED_AMPERSAND.sub("&", reference.strip()))
        is_page = found is not None and not found.startswith("mailto:")
        return urls.without_fragment(found) if found and is_page else None


def _is_certain(reference: str | None) -> bool:
    """Whether a text is one URL and nothing else; white space may surround it.

    Spaces within are right in an absolute URL alone: anything else is a message.
    """
    reference = (reference or "").strip()
    if not reference or UNKNOWN_REFERENCE in reference or "\ufffd" in reference:
        return False
    if reference.lower().startswith(("http://", "https://")):
        return not re.search(r"[<>]|\s(?:https?:|in /)", reference)
    return not re.search(r"[\s<>]", reference)


def _plain(element: Element) -> str | None:
    """Return the text of an element; None when it has elements, such as a message of PHP."""
    return None if len(element) else element.text


def _restored(text: str) -> str:
    return text.replace(UNKNOWN_REFERENCE, "&")


def _name(element: Element) -> str:
    """Return the local name, also of an element whose prefix nothing declares."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def _name_above(element: Element) -> str:
    above = element.getparent()
    return "" if above is None else _name(above)


def _children(item: Element, name: str) -> list[Element]:
    return [child for child in item if _name(child) == name]


def _text(item: Element, name: str) -> str | None:
    texts = (_restored(child.text or "").strip() for child in _children(item, name))
    return next(filter(None, texts), None)


def _media_type(element: Element) -> str:
    return element.get("medium") or element.get("type") or ""


def _first_time(item: Element, *names: str) -> str | None:
    return next(filter(None, (_time(_text(item, name)) for name in names)), None)


def _time(text: str | None) -> str | None:
    """Return a time of a feed (RFC 5322) as ISO 8601; ISO 8601 is returned unchanged.

    >>> _time("Thu, 22 Dec 2016 15:03:11 +0000")
    '2016-12-22T15:03:11+00:00'
    """
    if text is None or text[:4].isdigit():
        return text
    try:
        return parsedate_to_datetime(text).isoformat()
    except ValueError:
        return None
