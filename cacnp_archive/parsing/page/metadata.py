"""Select the metadata in the head of a page: `meta` properties, links and JSON-LD."""

import json
import re
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
_DECODER = json.JSONDecoder(strict=False)
_BETWEEN_VALUES = re.compile(r"[\s;\ufeff]*+")
# Strings, which are kept, and what search engines overlook: comments, wrappers, needless commas.
_TOLERATED = re.compile(
    r'"(?:[^"\\]|\\.)*+"'
    r"|<!--|-->|<!\[CDATA\[|\]\]>|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/"
    r"|,(?=(?:\s|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/)*+[\]}])",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata of a page as stated; nothing has been checked against the text."""

    properties: dict[str, str] = field(default_factory=dict)
    """`meta` contents by property or name in lower case; the first of each."""
    article: dict[str, Any] = field(default_factory=dict)
    """The JSON-LD node of the article, else of the web page, else an empty dict."""
    article_types: frozenset[str] = frozenset()
    """The `@type` values of that node."""
    canonical: str | None = None
    """`href` of the `canonical` link."""
    shortlink: str | None = None
    """`href` of the `shortlink` link."""
    document_title: str | None = None
    """The text of `title`."""
    people: dict[str, str] = field(default_factory=dict)
    """Names of the JSON-LD `Person` nodes by their `@id`."""

    def property(self, name: str) -> str | None:
        """Return the content of a `meta` property; None when it is missing or empty."""
        return fold(self.properties.get(name, "")) or None

    def time(self, property_name: str, json_ld_name: str) -> str | None:
        """Return a time from the JSON-LD, else from the `meta` property; ISO 8601.

        Seen on a British site with Yoast 15: "2020-04-12T15:45:01+00:00" in the `meta` property and
        14:45:01 in the JSON-LD. The `meta` property is local time labelled as UTC; the JSON-LD is
        right. Later versions print the right time in both.
        """
        return iso_moment(self.article.get(json_ld_name)) or iso_moment(
            self.properties.get(property_name)
        )

    def words(self, json_ld_name: str) -> tuple[str, ...]:
        """Return the items of a JSON-LD list of texts, such as `keywords`."""
        value = self.article.get(json_ld_name)
        if isinstance(value, str):
            value = value.split(",")  # Yoast 15 joined what later versions list
        values = value if isinstance(value, list) else []
        words = (fold(unescape(word)) for word in values if isinstance(word, str))
        return tuple(word for word in words if word)


def select_metadata(root: Element) -> Metadata:
    """Return the metadata of a page."""
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
        elif _media_type(element.get("type", "")) == "application/ld+json":
            nodes += _nodes(element.text or "")
    article = next((node for node in nodes if types_of(node) & _ARTICLE_TYPES), None)
    if article is None:
        article = next((node for node in nodes if "WebPage" in types_of(node)), {})
    return Metadata(
        properties=properties,
        article=article,
        article_types=types_of(article),
        canonical=links.get("canonical"),
        shortlink=links.get("shortlink"),
        document_title=title,
        people=dict(_people(nodes)),
    )


def _media_type(value: str) -> str:
    return value.partition(";")[0].strip().lower()


def is_article_node(types: frozenset[str]) -> bool:
    """Whether JSON-LD types are those of an article."""
    return bool(types & _ARTICLE_TYPES)


def types_of(node: dict[str, Any]) -> frozenset[str]:
    """Return the `@type` values of a JSON-LD node."""
    value = node.get("@type")
    values = value if isinstance(value, list) else [value]
    names = (item for item in values if isinstance(item, str))
    return frozenset(re.split(r"[/#:]", name)[-1] for name in names)


def without_site_name(title: str, site_name: str) -> str:
    """Return a title from the head without the name of the site at its end.

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
        values = list(_json_values(script))
    except (ValueError, RecursionError):
        try:
            values = list(_json_values(_TOLERATED.sub(_without_error, script)))
        except (ValueError, RecursionError):
            return  # a plugin printed broken JSON; the markup of the page is still parsed
    yield from _flattened(values, _MAX_DEPTH)


def _json_values(script: str) -> Iterator[Any]:
    """Yield the values of a script, which may be several; they may have line breaks in strings."""
    position = 0
    while space := _BETWEEN_VALUES.match(script, position):
        position = space.end()
        if position == len(script):
            return
        value, position = _DECODER.raw_decode(script, position)
        yield value


def _without_error(match: re.Match[str]) -> str:
    """Return a string as it is; nothing for comments and needless commas."""
    return match[0] if match[0].startswith('"') else ""


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
