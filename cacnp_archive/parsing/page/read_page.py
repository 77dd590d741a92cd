"""A page to a Reading: what it is, by its markup, and what it leads to and needs."""

import re
from enum import Enum, auto

from cacnp_archive.model.records import NOT_FOUND_PAGE, Problem, Reading
from cacnp_archive.model.site import Site
from cacnp_archive.parsing.addresses import read_addresses
from cacnp_archive.parsing.page.article import parse_article, parse_part
from cacnp_archive.parsing.page.entry_parts import entries_of
from cacnp_archive.parsing.page.layout import is_wordpress
from cacnp_archive.parsing.page.metadata import Metadata, is_article_node, read_metadata
from cacnp_archive.parsing.page.parts import part_class_number, read_place
from cacnp_archive.parsing.page.taxonomy import read_person_archive, read_tag_archive
from cacnp_archive.parsing.page.wordpress import wordpress_id
from cacnp_archive.parsing.select import Element, body_of, classes
from cacnp_archive.parsing.text.links import next_page
from cacnp_archive.parsing.tree import MAX_HTML_CHARS, base_url, parse_html


class PageType(Enum):
    """What a page is."""

    POST = auto()
    PAGE = auto()
    LISTING = auto()
    NOT_FOUND = auto()
    """Says that there is nothing, whatever its status."""
    OTHER = auto()


_TOLD_BY_HEAD = frozenset({PageType.POST, PageType.PAGE, PageType.OTHER})
"""What a page without a class of WordPress may be taken for."""

_LISTING_CLASSES = frozenset(
    {"home", "blog", "archive", "category", "tag", "author", "date", "search", "search-results"}
)
_TAXONOMY_CLASS = re.compile(r"(?:tax|term|post-type-archive)-")
_BLOG_TEMPLATE = re.compile(r"page-template-page_blog")


def read_page(text: str, url: str, site: Site) -> Reading:
    """Read an HTML page; `url` is where it was found."""
    if len(text) > MAX_HTML_CHARS:
        return Reading(problems=(Problem(code="too-long", detail=f"{len(text)} characters"),))
    root = parse_html(text)
    if root is None:
        return Reading(problems=(Problem(code="empty-page", detail="no element in the page"),))
    base = base_url(root, url)
    metadata = read_metadata(root)
    entries = entries_of(root)
    names = _body_classes(root)
    page_type = page_type_of(root, entries, metadata)
    article = part = None
    problems: list[Problem] = []
    if page_type in _TOLD_BY_HEAD and not is_wordpress(root):
        page_type = PageType.OTHER
        problems = [Problem(code="unknown-layout", detail="nothing in the page is WordPress's")]
    if page_type in (PageType.POST, PageType.PAGE):
        entry = _own_entry(root, entries)
        stated = part_class_number(names)
        scope = root if entry is None else entry
        place = read_place(scope, stated, url=url, base=base, site=site)
        if place is not None and place.number > 1:
            part, problems = parse_part(
                root, entry, place=place, base=base, metadata=metadata, site=site
            )
        elif stated is None:
            article, problems = parse_article(
                root,
                entry,
                url=url,
                base=base,
                is_page=page_type is PageType.PAGE,
                metadata=metadata,
                site=site,
                part_count=1 if place is None else place.part_count,
            )
    elif page_type is PageType.NOT_FOUND:
        problems = [Problem(code=NOT_FOUND_PAGE, detail="the page says that it is not found")]
    is_listing = page_type is PageType.LISTING
    links, requisites = read_addresses(root, base, site, with_feeds=is_listing)
    return Reading(
        article=article,
        part=part,
        links=links,
        requisites=requisites,
        problems=tuple(problems),
        tags=read_tag_archive(root, url, site) if "tag" in names else (),
        people=read_person_archive(root, url, site) if "tax-people" in names else (),
        next_page=next_page(url, links) if is_listing else None,
    )


def page_type_of(root: Element, entries: list[Element], metadata: Metadata) -> PageType:
    """Tell what a page is: by the classes of its body, failing these by its entries and head.

    The address tells nothing: posts, pages and category archives share one namespace.
    """
    names = _body_classes(root)
    if "error404" in names:
        return PageType.NOT_FOUND
    if "attachment" in names:
        return PageType.OTHER
    if any(name.startswith("postid-") for name in names):
        return PageType.POST
    is_static_front_page = "home" in names and _has_own_entry(entries)
    if not is_static_front_page and (
        names & _LISTING_CLASSES or any(map(_TAXONOMY_CLASS.match, names))
    ):
        return PageType.LISTING
    if "page" in names or any(name.startswith("page-id-") for name in names):
        return PageType.LISTING if _is_blog(names, entries) else PageType.PAGE
    if "single" in names:
        return PageType.POST
    return _type_without_body_class(entries, metadata)


def _body_classes(root: Element) -> frozenset[str]:
    body = body_of(root)
    return frozenset() if body is None else classes(body)


def _has_own_entry(entries: list[Element]) -> bool:
    return any("type-page" in classes(entry) for entry in entries)


def _is_blog(names: frozenset[str], entries: list[Element]) -> bool:
    """Whether a page is only the place of a loop of posts (Genesis' blog template)."""
    if _has_own_entry(entries):
        return False
    return any(map(_BLOG_TEMPLATE.match, names)) or len(entries) > 1


def _type_without_body_class(entries: list[Element], metadata: Metadata) -> PageType:
    if len(entries) > 1:
        return PageType.LISTING
    types = frozenset[str]().union(*map(classes, entries))
    if "type-page" in types:
        return PageType.PAGE
    is_article = (metadata.property("og:type") or "").lower() == "article" or is_article_node(
        metadata.article_types
    )
    if is_article or ("type-post" in types and metadata.property("og:type") != "website"):
        return PageType.POST
    return PageType.OTHER


def _own_entry(root: Element, entries: list[Element]) -> Element | None:
    body = body_of(root)
    number = None if body is None else wordpress_id(body.get("class", ""))
    if number is not None:
        for entry in entries:
            if wordpress_id(entry.get("id", "")) == number or f"post-{number}" in classes(entry):
                return entry
    return entries[0] if entries else None
