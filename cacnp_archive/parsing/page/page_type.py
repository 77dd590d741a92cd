"""Classify an HTML page by its markup: post, page, listing, not found, or other."""

import re
from enum import Enum, auto

from cacnp_archive.parsing.page.metadata import Metadata, is_article_node
from cacnp_archive.parsing.page.wordpress import rest_collection
from cacnp_archive.parsing.select import Element, body_of, classes


class PageType(Enum):
    """The type of a page."""

    POST = auto()
    PAGE = auto()
    LISTING = auto()
    NOT_FOUND = auto()
    """The page says "not found", with any HTTP status."""
    OTHER = auto()
    UNCLEAR = auto()
    """Nothing in the markup tells; the page may be an article."""


_LISTING_CLASSES = frozenset(
    {"home", "blog", "archive", "category", "tag", "author", "date", "search", "search-results"}
)
_TAXONOMY_CLASS = re.compile(r"(?:tax|term|post-type-archive)-")
_BLOG_TEMPLATE = re.compile(r"page-template-page_blog")


def page_type_of(root: Element, entries: list[Element], metadata: Metadata) -> PageType:
    """Return the type of a page by the classes of its body, else by its entries and head.

    The URL does not help: posts, pages and category archives share one namespace.
    """
    names = body_classes(root)
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
    return _type_without_body_class(root, entries, metadata)


def body_classes(root: Element) -> frozenset[str]:
    """Return the classes of the `body` element; WordPress puts the type of the page there."""
    body = body_of(root)
    return frozenset() if body is None else classes(body)


def _has_own_entry(entries: list[Element]) -> bool:
    return any("type-page" in classes(entry) for entry in entries)


def _is_blog(names: frozenset[str], entries: list[Element]) -> bool:
    """Whether a page only contains a list of posts (the blog template of Genesis)."""
    if _has_own_entry(entries):
        return False
    return any(map(_BLOG_TEMPLATE.match, names)) or len(entries) > 1


_LISTS_IN_REST = frozenset({"categories", "tags", "users"})


def _type_without_body_class(root: Element, entries: list[Element], metadata: Metadata) -> PageType:
    collection = rest_collection(root)
    if collection in ("posts", "pages"):
        return PageType.POST if collection == "posts" else PageType.PAGE
    is_dated = metadata.property("article:published_time") is not None
    if len(entries) > 1 and not (is_dated or is_article_node(metadata.article_types)):
        return PageType.LISTING
    types = frozenset[str]().union(*map(classes, entries))
    if "type-page" in types:
        return PageType.PAGE
    is_article = (metadata.property("og:type") or "").lower() == "article" or is_article_node(
        metadata.article_types
    )
    if is_article or ("type-post" in types and metadata.property("og:type") != "website"):
        return PageType.POST
    return PageType.LISTING if collection in _LISTS_IN_REST else PageType.UNCLEAR
