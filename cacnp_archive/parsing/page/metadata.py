"""What a page says of itself in its head: `meta` properties and JSON-LD."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from cacnp_archive.model.normalize import iso_moment
from cacnp_archive.parsing.select import Element, fold, tokens

_ARTICLE_TYPES = frozenset(
    {"Article", "BlogPosting", "NewsArticle", "Report", "ScholarlyArticle", "TechArticle"}
)
_STATED_LINKS = frozenset({"canonical", "shortlink"})
_SEPARATORS = "-–—|»·•:>"
_MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Metadata:
    """The head's statements on the page; nothing in it has been checked against the text."""

    properties: dict[str, str] = field(default_factory=dict)
    """`meta` by property or name, in lower case; the first of each."""
    article: dict[str, Any] = field(default_factory=dict)
    """The JSON-LD node of the article, else of the web page, else empty."""
    article_types: frozenset[str] = frozenset()
    """The `@type` values of that node."""
    canonical: str | None = None
    shortlink: str | None = None
    document_title: str | None = None
    """The text of `title`."""
    people: dict[str, str] = field(default_factory=dict)
    """Names of the JSON-LD nodes of persons, by their `@id`."""

    def property(self, name: str) -> str | None:
        """Return a `meta` value; None when it is missing or empty."""
        return fold(self.properties.get(name, "")) or None

    def moment(self, property_name: str, json_ld_name: str) -> str | None:
        """Return a date as the page's JSON-LD gives it, else as its `meta` does; ISO 8601.

        Seen on pages made by Yoast 15: "2020-04-12T15:45:01+00:00" in the `meta` and 14:45:01 in
        the JSON-LD of a British site. The `meta` is local time under the label of UTC; the JSON-LD
        is right. Later versions print the right one twice.
        """
        return iso_moment(self.article.get(json_ld_name)) or iso_moment(
            self.properties.get(property_name)
        )

    def words(self, json_ld_name: str) -> tuple[str, ...]:
        """Return the texts of a JSON-LD list, such as `keywords`."""
        value = self.article.get(json_ld_name)
        if isinstance(value, str):
            value = value.split(",")  # Yoast 15 joined what later versions list
        values = value if isinstance(value, list) else []
        words = (fold(unescape(word)) for word in values if isinstance(word, str))
        return tuple(word for word in words if word)


def read_metadata(root: Element) -> Metadata:
    """Read the head of a page."""
    properties: dict[str, str] = {}
    links: dict[str, str] = {}
    nodes: list[dict[str, Any]] = []
    title: str | None = None
    for element in root.iter("meta", "link", "script", "title"):
        tag = element.tag
        if tag == "meta":
            name = element.get("property") or element.get("name")
            if name:
                properties.setdefault(name.lower(), element.get("content", ""))
        elif tag == "link":
            rels = element.get("rel", "").lower()
            if "canonical" in rels or "shortlink" in rels:
                for rel in tokens(rels) & _STATED_LINKS:
                    links.setdefault(rel, element.get("href", ""))
        elif tag == "title":
            title = fold(element.text or "") if title is None else title
        elif element.get("type") == "application/ld+json":
            nodes += _nodes(element.text or "")
    described = next((node for node in nodes if types_of(node) & _ARTICLE_TYPES), None)
    if described is None:
        described = next((node for node in nodes if "WebPage" in types_of(node)), {})
    return Metadata(
        properties=properties,
        article=described,
        article_types=types_of(described),
        canonical=links.get("canonical"),
        shortlink=links.get("shortlink"),
        document_title=title,
        people=dict(_people(nodes)),
    )


def is_article_node(types: frozenset[str]) -> bool:
    """Whether JSON-LD types are those of an article."""
    return bool(types & _ARTICLE_TYPES)


def types_of(node: dict[str, Any]) -> frozenset[str]:
    """Return the types of a JSON-LD node."""
    value = node.get("@type")
    values = value if isinstance(value, list) else [value]
    return frozenset(item for item in values if isinstance(item, str))


def without_site_name(title: str, site_name: str) -> str:
    """Return a title from the head without the site's name at its end.

    >>> without_site_name("Duck and Cover - A Site", "A Site")
    'Duck and Cover'
    >>> without_site_name("Made by A Site", "A Site")
    'Made by A Site'
    """
    title = title.rstrip()
    if not site_name or not title.casefold().endswith(site_name.casefold()):
        return title
    bare = title[: len(title) - len(site_name)].rstrip()
    if bare and not bare.endswith(tuple(_SEPARATORS)):
        return title
    return bare.rstrip(f"{_SEPARATORS} ")


def _nodes(script: str) -> Iterator[dict[str, Any]]:
    try:
        data = json.loads(script)
    except (ValueError, RecursionError):
        return  # a plugin's broken block says nothing; the page's own markup still does
    yield from _flattened(data, _MAX_DEPTH)


def _people(nodes: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        identity, name = node.get("@id"), node.get("name")
        if "Person" in types_of(node) and isinstance(identity, str) and isinstance(name, str):
            yield identity, fold(unescape(name))


def _flattened(data: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth and isinstance(data, list):
        for item in data:
            yield from _flattened(item, depth - 1)
    elif depth and isinstance(data, dict):
        yield data
        yield from _flattened(data.get("@graph"), depth - 1)
