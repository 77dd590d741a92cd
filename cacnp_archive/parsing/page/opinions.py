"""Second opinions: what the head of a page says about its article.

An opinion is what one source says about one field. Feeds and the REST API give opinions of the same
form; `storage/disagreements.py` compares them with the article.
"""

from collections.abc import Iterator
from html import unescape
from typing import Any

from cacnp_archive.model.records import Opinion
from cacnp_archive.parsing.page.metadata import Metadata, without_site_name
from cacnp_archive.parsing.select import fold

_PROPERTIES = (
    ("open-graph", "title", "og:title"),
    ("open-graph", "published_at", "article:published_time"),
    ("open-graph", "modified_at", "article:modified_time"),
    ("open-graph", "categories", "article:section"),
    ("meta", "title", "twitter:title"),
    ("meta", "authors", "author"),
)
_JSON_LD_FIELDS = (
    ("title", "headline"),
    ("published_at", "datePublished"),
    ("modified_at", "dateModified"),
)


def parse_opinions(metadata: Metadata) -> tuple[Opinion, ...]:
    """Return what the head of a page says about its article.

    Titles are without the name of the site, if the head states it. A JSON-LD author that is a
    reference counts only if the page has a node with its name.
    """
    site_name = metadata.property("og:site_name") or ""
    found = [*_in_json_ld(metadata), *_in_properties(metadata)]
    if metadata.document_title:
        found.append(Opinion(source="title", field="title", value=metadata.document_title))
    opinions = (
        Opinion(source=item.source, field="title", value=without_site_name(item.value, site_name))
        if item.field == "title" and site_name
        else item
        for item in found
    )
    return tuple(opinion for opinion in dict.fromkeys(opinions) if opinion.value)


def _in_json_ld(metadata: Metadata) -> Iterator[Opinion]:
    node = metadata.article
    for field, name in _JSON_LD_FIELDS:
        value = node.get(name)
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, str):
            yield Opinion(source="json-ld", field=field, value=fold(unescape(value)))
    for name in metadata.words("articleSection"):
        yield Opinion(source="json-ld", field="categories", value=name)
    for name in metadata.words("keywords"):
        yield Opinion(source="json-ld", field="tags", value=name)
    authors = node.get("author")
    for author in authors if isinstance(authors, list) else [authors]:
        named = _name_of(author, metadata)
        if named:
            yield Opinion(source="json-ld", field="authors", value=named)


def _name_of(author: Any, metadata: Metadata) -> str:
    if isinstance(author, dict):
        name = author.get("name") or metadata.people.get(str(author.get("@id")))
        return fold(unescape(name)) if isinstance(name, str) else ""
    return fold(unescape(author)) if isinstance(author, str) and "//" not in author else ""


def _in_properties(metadata: Metadata) -> Iterator[Opinion]:
    for source, field, name in _PROPERTIES:
        value = metadata.property(name)
        if value is not None:
            yield Opinion(source=source, field=field, value=value)
    writer = metadata.property("twitter:data1")
    if writer and metadata.property("twitter:label1") == "Written by":
        yield Opinion(source="meta", field="authors", value=writer)
