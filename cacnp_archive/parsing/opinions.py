"""Second opinions: what a page's head says of its article, and who says something else.

An opinion is one statement of one source on one field. Those of the head come from here; entries of
feeds and answers of REST give opinions of the same form, and `disagreements` takes any.

It compares fairly: white space, entities, markup, the shapes of quotes and dashes, the name of the
site behind a title, and the same instant in another time zone are no disagreement.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

from cacnp_archive.parsing.metadata import Metadata, iso_moment, without_site_name
from cacnp_archive.parsing.select import fold
from cacnp_archive.records import Article, Disagreement, Opinion

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
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\ufeff", None),
        "…": "...",
    }
)
_MARKUP = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_DASHES = re.compile(r"\s*-+\s*")
_LISTS = frozenset({"authors", "categories", "tags", "people"})
_MINUTE = timedelta(minutes=1)


def read_opinions(metadata: Metadata) -> tuple[Opinion, ...]:
    """Return what the head of a page says of its article; what it doesn't say is no opinion.

    Titles come without the name of the site where the head tells it. An author of JSON-LD that is
    a reference counts only where the page has a name for it.
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


def disagreements(article: Article, opinions: Iterable[Opinion]) -> tuple[Disagreement, ...]:
    """Return where sources say something else than the article's own reading, in their order.

    A source that names one of several authors, categories or tags agrees when it is among ours. A
    date without a time is compared by its day, in our time zone. A modification that is none is
    what WordPress gives for an article that never changed. An opinion on a field that articles
    don't have raises ValueError.
    """
    found = []
    for opinion in opinions:
        ours = _ours(article, opinion.field)
        if not _agrees(article, opinion, ours):
            shown = ", ".join(ours) or None if isinstance(ours, tuple) else ours
            found.append(
                Disagreement(
                    field=opinion.field, source=opinion.source, ours=shown, theirs=opinion.value
                )
            )
    return tuple(found)


def _in_json_ld(metadata: Metadata) -> Iterator[Opinion]:
    node = metadata.article
    for field, name in _JSON_LD_FIELDS:
        value = node.get(name)
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


def _ours(article: Article, field: str) -> str | tuple[str, ...] | None:
    if field in _LISTS:
        return tuple(item.name for item in getattr(article, field))
    value = getattr(article, field, _MISSING)
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"nobody can have an opinion on {field!r}")


_MISSING = object()


def _agrees(article: Article, opinion: Opinion, ours: str | tuple[str, ...] | None) -> bool:
    if isinstance(ours, tuple):
        return plain(opinion.value) in map(plain, ours)
    if opinion.field == "modified_at" and ours is None:
        published = article.published_at
        return published is not None and not _is_later(opinion.value, published)
    if ours is not None and iso_moment(ours) and iso_moment(opinion.value):
        return _is_same_moment(ours, opinion.value)
    return ours is not None and plain(ours) == plain(opinion.value)


def plain(text: str) -> str:
    """Return what is left of a text when its typography is taken away.

    >>> plain("‘Gap’ &#8211; in <em>the</em>\u00a0Plan")
    "'gap' - in the plan"
    """
    text = _MARKUP.sub("", unescape(text)).translate(_PLAIN)
    return fold(_DASHES.sub(" - ", text)).casefold()


def _is_same_moment(ours: str, theirs: str) -> bool:
    """Compare by instant, failing that by the clock's face, failing a time by the day.

    Yoast 15 called local time UTC; a minute may be printed without its seconds.
    """
    one, other = datetime.fromisoformat(ours), datetime.fromisoformat(theirs)
    if len(ours) <= 10 or len(theirs) <= 10:
        if one.tzinfo and other.tzinfo:
            other = other.astimezone(one.tzinfo)
        return one.date() == other.date()
    by_face = abs(one.replace(tzinfo=None) - other.replace(tzinfo=None)) < _MINUTE
    return by_face or (
        one.tzinfo is not None and other.tzinfo is not None and abs(one - other) < _MINUTE
    )


def _is_later(value: str, published: str) -> bool:
    if iso_moment(value) is None or iso_moment(published) is None:
        return True
    one, other = datetime.fromisoformat(value), datetime.fromisoformat(published)
    if one.tzinfo is None or other.tzinfo is None:
        return one.replace(tzinfo=None) - other.replace(tzinfo=None) >= _MINUTE
    return one.astimezone(UTC) - other.astimezone(UTC) >= _MINUTE
