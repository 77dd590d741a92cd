"""Parse the sitemaps and feeds of a site, and the sitemaps that robots.txt names."""

import re
import zlib
from collections.abc import Iterable, Iterator
from email.utils import parsedate_to_datetime
from io import BytesIO
from itertools import islice

from lxml import etree

from cacnp_archive.model import urls
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import (
    ListEntry,
    ListName,
    Reading,
    Requisite,
    RequisiteKind,
)
from cacnp_archive.parsing.bounds import MAX_ENTRIES, MAX_LINKS, MAX_TERMS
from cacnp_archive.parsing.page.wordpress import shortlink_id
from cacnp_archive.parsing.resolve import resolve
from cacnp_archive.parsing.select import fold

MAX_LIST_BYTES = 64 * 1024 * 1024
"""Limit for a decompressed sitemap; sitemaps.org allows 50 MB, larger ones are bombs."""

_SITEMAP_LINE = re.compile(
    r"^[^\S\n]*+sitemap[^\S\n]*+:[^\S\n]*+(\S+)", re.IGNORECASE | re.MULTILINE
)
_ROOTS = frozenset({"urlset", "sitemapindex", "rss", "feed", "RDF"})


def parse_gzipped_list(data: bytes, url: str) -> Reading:
    """Parse a sitemap whose file is compressed (`.xml.gz`), as parse_xml_list does."""
    stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        decompressed = stream.decompress(data, MAX_LIST_BYTES)
    except zlib.error as error:
        return Reading.with_problem(ProblemCode.UNREADABLE, f"gzip: {error}")
    if stream.unconsumed_tail:
        return Reading.with_problem(ProblemCode.TOO_LONG, "decompresses beyond bounds")
    return parse_xml_list(decompressed, url)


def parse_xml_list(data: bytes, url: str) -> Reading:
    """Parse a sitemap, sitemap index, RSS or Atom feed: its entries, images and audio files.

    Entities are not expanded and nothing is fetched. Any other XML gives an empty Reading, since a
    site may serve any XML.
    """
    data = data.lstrip()
    try:
        _, root = next(iter(_elements(data, "start")))
        if _local_name(root) not in _ROOTS:
            return Reading()
        if _local_name(root) == "sitemapindex":
            locations = (item for _, item in _elements(data, "end", "{*}loc"))
            found = _addresses(islice(locations, MAX_ENTRIES + 1), url)
            return Reading(links=tuple(dict.fromkeys(found)))
        return _parse_entries(data, url)
    except StopIteration:
        return Reading.with_problem(ProblemCode.UNREADABLE, "XML without an element")
    except (etree.XMLSyntaxError, ValueError) as error:
        return Reading.with_problem(ProblemCode.UNREADABLE, f"XML: {error}")


def _elements(data: bytes, event: str, *tags: str) -> Iterator[tuple[str, etree._Element]]:
    """Yield the elements of an XML document while it is parsed, so that reading can stop."""
    yield from etree.iterparse(
        BytesIO(data),
        events=(event,),
        tag=tags or None,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=True,
        huge_tree=False,
    )


def _parse_entries(data: bytes, url: str) -> Reading:
    entries: dict[str, ListEntry] = {}
    requisites: dict[Requisite, None] = {}
    items = (item for _, item in _elements(data, "end", "{*}url", "{*}item", "{*}entry"))
    for item in islice(items, MAX_ENTRIES + 1):
        entry = _entry(item, url)
        if entry is not None:
            entries.setdefault(entry.url, entry)
        requisites.update(dict.fromkeys(_files(item, url)))
        parent, before = item.getparent(), item.getprevious()
        if parent is not None and before is not None and before.tag == item.tag:
            parent.remove(before)  # it is done with: free its memory
    return Reading(entries=tuple(entries.values()), requisites=tuple(requisites))


def parse_robots(text: str, url: str) -> Reading:
    """Return the sitemaps that robots.txt names; the crawler handles its rules."""
    found = (resolve(url, reference) for reference in _SITEMAP_LINE.findall(text))
    links = dict.fromkeys(item for item in islice(found, MAX_LINKS + 1) if item)
    return Reading(links=tuple(links))


def _local_name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _addresses(elements: Iterable[etree._Element], base: str) -> Iterator[str]:
    for element in elements:
        found = resolve(base, (element.text or "").strip())
        if found is not None and not found.startswith("mailto:"):
            yield urls.without_fragment(found)


def _entry(item: etree._Element, base: str) -> ListEntry | None:
    """Parse one entry: `url` of a sitemap, `item` of RSS, `entry` of Atom."""
    is_sitemap = _local_name(item) == "url"
    links = item.iterfind("{*}loc" if is_sitemap else "{*}link")
    references = (
        link.get("href") or link.text or ""
        for link in links
        if link.get("rel", "alternate") == "alternate"
    )
    found = next((found for text in references if (found := resolve(base, text.strip()))), None)
    if found is None or found.startswith("mailto:"):
        return None
    title = None if is_sitemap else item.find("{*}title")
    guid = _text(item, "{*}guid") or _text(item, "{*}id") or ""
    return ListEntry(
        list_name=ListName.SITEMAP if is_sitemap else ListName.FEED,
        url=urls.without_fragment(found),
        wordpress_id=shortlink_id(guid),
        title=None if title is None else fold("".join(map(str, title.itertext()))),
        published_at=_time(_text(item, "{*}pubDate") or _text(item, "{*}published")),
        modified_at=_time(_text(item, "{*}lastmod") or _text(item, "{*}updated")),
        categories=tuple(
            fold(category.get("term") or category.text or "")
            for category in islice(item.iterfind("{*}category"), MAX_TERMS)
        ),
    )


def _files(item: etree._Element, base: str) -> Iterator[Requisite]:
    for found in _addresses(item.iterfind("{*}image/{*}loc"), base):
        yield Requisite(url=found, kind=RequisiteKind.IMAGE)
    for enclosure in item.iterfind("{*}enclosure"):
        address = resolve(base, enclosure.get("url", ""))
        if address is not None and not address.startswith("mailto:"):
            yield Requisite(url=urls.without_fragment(address), kind=RequisiteKind.MEDIA)


def _text(item: etree._Element, path: str) -> str | None:
    text = item.findtext(path)
    return text.strip() if text and text.strip() else None


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
