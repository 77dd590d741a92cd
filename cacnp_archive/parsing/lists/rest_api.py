"""Parse responses of the WordPress REST API: posts, pages, media, categories, tags and users.

    [{"id": 464, "link": "https://…/a-slug/", "modified_gmt": "2016-12-22T15:03:11",
      "title": {"rendered": "…"}, "categories": [7], …}, …]

Only the fields of the items are used; the HTML in them is parsed from the pages instead.
"""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import unquote, urljoin

from lxml import etree, html

from cacnp_archive.model import urls
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import (
    ListEntry,
    ListName,
    Reading,
    Requisite,
    RequisiteKind,
    Tag,
    Term,
)
from cacnp_archive.model.site import Site
from cacnp_archive.parsing.bounds import MAX_ENTRIES, MAX_TERMS
from cacnp_archive.parsing.resolve import resolve
from cacnp_archive.parsing.select import fold

_NEXT_PAGE = re.compile(r'<([^>]+)>\s*;\s*rel="?next"?')
_COLLECTION = re.compile(r"/wp/v2/(\w+)")

MAX_VALUES = 500_000
"""Objects and arrays in a response; a hundred posts have some 20,000."""

Item = dict[str, Any]


def parse_rest(text: str, url: str, link_header: str, site: Site) -> Reading:
    """Parse a response; its Link header (RFC 8288) has the next page of the collection."""
    if text.count("{") + text.count("[") > MAX_VALUES:
        return Reading.with_problem(
            ProblemCode.TOO_LONG, f"more than {MAX_VALUES:,} objects and arrays"
        )
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Reading.with_problem(ProblemCode.UNREADABLE, f"JSON: {error}")
    rows = data if isinstance(data, list) else [data]
    items = [item for item in rows[: MAX_ENTRIES + 1] if isinstance(item, dict)]
    collection = _COLLECTION.search(url)
    name = collection[1] if collection else ""
    following = _NEXT_PAGE.search(link_header)
    pages = [item for item in items if "source_url" not in item]  # not media items
    return Reading(
        requisites=tuple(
            Requisite(url=found, kind=RequisiteKind.MEDIA)
            for found in dict.fromkeys(found for item in items for found in _files(item, url))
        ),
        entries=tuple(entry for item in pages if (entry := _entry(item, url))),
        tags=tuple(_tags(items, url, site)) if name == "tags" else (),
        categories=tuple(_categories(items, url, site)) if name == "categories" else (),
        next_page=resolve(url, following[1]) if following else None,
    )


def _entry(item: Item, base: str) -> ListEntry | None:
    address = _address(item, "link", base)
    if address is None:
        return None
    return ListEntry(
        list_name=ListName.REST,
        url=address,
        wordpress_id=_number(item.get("id")),
        title=_title(item),
        published_at=_time(item, "date"),
        modified_at=_time(item, "modified"),
        categories=tuple(_numbers(item.get("categories"))),
    )


def _title(item: Item) -> str | None:
    title = item.get("title")
    rendered = title.get("rendered") if isinstance(title, dict) else item.get("name")
    if not isinstance(rendered, str):
        return None
    try:
        return fold(html.fragment_fromstring(rendered, create_parent="b").text_content())
    except (etree.ParserError, ValueError):
        return fold(unescape(rendered))


def _time(item: Item, name: str) -> str | None:
    """Return a time: `…_gmt` is UTC without an offset; otherwise the site's local time is kept."""
    universal = item.get(f"{name}_gmt")
    if isinstance(universal, str) and universal[:4].isdigit():
        return f"{universal}Z"
    local = item.get(name)
    return local if isinstance(local, str) else None


def _files(item: Item, base: str) -> Iterator[str]:
    """Yield the file of a media item, its smaller sizes, and the original of a `-scaled` one."""
    source = _address(item, "source_url", base)
    if source is None:
        return
    yield source
    details = item.get("media_details")
    if not isinstance(details, dict):
        return
    original = details.get("original_image")
    if isinstance(original, str) and "/" not in original:
        yield urljoin(source, original)
    sizes = details.get("sizes")
    for size in sizes.values() if isinstance(sizes, dict) else ():
        if isinstance(size, dict) and (found := _address(size, "source_url", base)):
            yield found


def _tags(items: list[Item], base: str, site: Site) -> Iterator[Tag]:
    for item in items:
        name, slug = item.get("name"), item.get("slug")
        address = _address(item, "link", base)
        if isinstance(name, str) and isinstance(slug, str) and address:
            yield Tag(
                name=fold(unescape(name)),
                slug=unquote(slug),
                url=site.canonical(address),
                wordpress_id=_number(item.get("id")),
            )


def _categories(items: list[Item], base: str, site: Site) -> Iterator[Term]:
    for item in items:
        name, number = item.get("name"), _number(item.get("id"))
        address = _address(item, "link", base)
        if isinstance(name, str) and number is not None and address:
            yield Term(
                wordpress_id=number,
                name=fold(unescape(name)),
                url=site.canonical(address),
                parent_id=_number(item.get("parent")) or None,
            )


def _address(item: Item, name: str, base: str) -> str | None:
    value = item.get(name)
    found = resolve(base, value) if isinstance(value, str) else None
    is_page = found is not None and not found.startswith("mailto:")
    return urls.without_fragment(found) if found and is_page else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and 0 <= value < 1 << 63 else None


def _numbers(value: object) -> list[int]:
    found = [_number(item) for item in value[:MAX_TERMS]] if isinstance(value, list) else []
    return [number for number in found if number is not None]
