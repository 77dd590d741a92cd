"""Lists of addresses that the site publishes for machines: sitemaps, feeds, robots.txt, REST."""

import json
import re
import zlib
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import unquote

from lxml import etree

from cacnp_archive import urls
from cacnp_archive.parsing.links import resolve
from cacnp_archive.parsing.select import fold
from cacnp_archive.records import Problem, Reading, Requisite, RequisiteKind, Tag
from cacnp_archive.site import Site

MAX_LIST_BYTES = 64 * 1024 * 1024
"""A sitemap may have 50 MB (sitemaps.org); a compressed one that grows beyond this is a bomb."""

_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_ROOTS = frozenset({"urlset", "sitemapindex", "rss", "feed", "RDF"})
_MAX_DEPTH = 6
_NEXT_ANSWER = re.compile(r'<([^>]+)>\s*;\s*rel="?next"?')
_TAGS_ADDRESS = re.compile(r"/wp/v2/tags\b")


def read_gzipped_list(data: bytes, url: str) -> Reading:
    """Read a sitemap whose file itself is compressed (`.xml.gz`), as read_xml_list does."""
    stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        plain = stream.decompress(data, MAX_LIST_BYTES)
    except zlib.error as error:
        return Reading(problems=(Problem(code="unreadable", detail=f"gzip: {error}"),))
    if stream.unconsumed_tail:
        return Reading(problems=(Problem(code="too-long", detail="decompresses beyond bounds"),))
    return read_xml_list(plain, url)


def read_xml_list(data: bytes, url: str) -> Reading:
    """Read a sitemap, sitemap index, RSS or Atom feed: the pages it names, their images and sounds.

    Entities are not expanded and nothing is fetched. XML that is none of these gives an empty
    reading: the site may serve any XML.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return Reading(problems=(Problem(code="unreadable", detail=f"XML: {error}"),))
    if root is None:
        return Reading(problems=(Problem(code="unreadable", detail="XML without an element"),))
    if _local_name(root) not in _ROOTS:
        return Reading()
    links: dict[str, None] = {}
    requisites: dict[Requisite, None] = {}
    for reference, kind in _references(root):
        found = resolve(url, reference)
        if found is None or found.startswith("mailto:"):
            continue
        found = urls.without_fragment(found)
        if kind is None:
            links[found] = None
        else:
            requisites[Requisite(url=found, kind=kind)] = None
    return Reading(links=tuple(links), requisites=tuple(requisites))


def read_robots(text: str, url: str) -> Reading:
    """Read the sitemaps that robots.txt names; its rules are for the crawler."""
    found = (resolve(url, reference) for reference in _SITEMAP_LINE.findall(text))
    return Reading(links=tuple(dict.fromkeys(item for item in found if item)))


def read_rest(text: str, url: str, link_header: str, site: Site) -> Reading:
    """Read an answer of WordPress's REST interface: pages, files of media, tags, the next answer.

    Only the `link` and `source_url` of the items themselves count, not what their HTML contains:
    the pages will tell that. The next answer is in the Link header (RFC 8288).
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Reading(problems=(Problem(code="unreadable", detail=f"JSON: {error}"),))
    items = [
        item for item in (data if isinstance(data, list) else [data]) if isinstance(item, dict)
    ]
    media = [found for item in items if (found := _address(item, "source_url", url))]
    pages = [item for item in items if "source_url" not in item]  # else the link is but a frame
    links = [found for item in pages if (found := _address(item, "link", url))]
    following = _NEXT_ANSWER.search(link_header)
    if following and (found := resolve(url, following[1])):
        links.append(found)
    return Reading(
        links=tuple(dict.fromkeys(links)),
        requisites=tuple(
            Requisite(url=found, kind=RequisiteKind.MEDIA) for found in dict.fromkeys(media)
        ),
        tags=tuple(_tags(items, url, site)) if _TAGS_ADDRESS.search(url) else (),
    )


def _tags(items: list[dict[str, Any]], base: str, site: Site) -> Iterator[Tag]:
    for item in items:
        name, slug = item.get("name"), item.get("slug")
        address = _address(item, "link", base)
        if isinstance(name, str) and isinstance(slug, str) and address:
            yield Tag(name=fold(unescape(name)), slug=unquote(slug), url=site.canonical(address))


def _address(item: dict[str, Any], name: str, base: str) -> str | None:
    value = item.get(name)
    found = resolve(base, value) if isinstance(value, str) else None
    return None if found is None else urls.without_fragment(found)


def _local_name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _references(root: etree._Element) -> Iterator[tuple[str, RequisiteKind | None]]:
    """Yield the addresses of a sitemap's or feed's items; None for pages."""
    for element in root.iter("{*}loc", "{*}link", "{*}enclosure", "{*}origLink"):
        name = _local_name(element)
        parent = element.getparent()
        holder = "" if parent is None else _local_name(parent)
        text = (element.text or "").strip()
        if name == "loc":
            yield text, RequisiteKind.IMAGE if holder == "image" else None
        elif name == "enclosure":
            yield element.get("url", ""), RequisiteKind.MEDIA
        elif holder == "item" and text:
            yield text, None
        elif holder == "entry" and element.get("rel", "alternate") == "alternate":
            yield element.get("href", ""), None
