"""Bounds for what is read out of one capture, so that no answer costs work without end.

They count entries, elements and characters, never seconds, so that the same bytes give the same
reading everywhere. Each is far beyond what a page of a site needs. What is beyond a bound is left
out, and the reading says so; the bytes are in the record.

Parsers stop one beyond a bound; `bounded` then leaves out that one, and adds the Problem.
"""

import re
from dataclasses import fields, replace
from itertools import islice
from typing import Any, TypeVar

from cacnp_archive.model.capture import MAX_FIELD_CHARS, Capture
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Article, ArticlePart, Problem, Reading

MAX_TAGS = 150_000
"""Of a page with more tags, those before are read. Long pages of the site have some 5,000."""

MAX_LINKS = 10_000
"""Links, page requisites, media and embeds of one page, each."""

MAX_ENTRIES = 50_000
"""Entries of one list: the limit of the sitemap protocol (sitemaps.org), also for an index."""

MAX_TERMS = 1_000
"""Categories of an entry in a list."""

MAX_TEXT_CHARS = 4_000_000
"""Characters of the text of an article, of a style sheet, or of one page of the REST API."""

MAX_LINE_CHARS = 10_000
"""Characters of a title."""

_FIELDS = (b"content-type", b"etag", b"last-modified")
_BOUNDS = {
    "links": MAX_LINKS,
    "requisites": MAX_LINKS,
    "media": MAX_LINKS,
    "embeds": MAX_LINKS,
    "documents": MAX_LINKS,
    "entries": MAX_ENTRIES,
    "tags": MAX_ENTRIES,
    "categories": MAX_ENTRIES,
    "title": MAX_LINE_CHARS,
    "body_text": MAX_TEXT_CHARS,
}
"""By field of Reading, Article and ArticlePart."""

T = TypeVar("T", Reading, Article, ArticlePart)


def bounded(reading: Reading, *, max_links: int = MAX_LINKS) -> Reading:
    """Return a reading without what is beyond the bounds, with a Problem for each of them."""
    bounds = _BOUNDS | {"links": max_links}
    problems: list[Problem] = []
    found = _cut(reading, bounds, problems)
    if found.article is not None and (article := _cut(found.article, bounds, problems)):
        found = found if article is found.article else replace(found, article=article)
    if found.part is not None and (part := _cut(found.part, bounds, problems)):
        found = found if part is found.part else replace(found, part=part)
    if not problems:
        return found
    return replace(found, problems=tuple(dict.fromkeys((*found.problems, *problems))))


def first_tags(text: str) -> tuple[str, list[Problem]]:
    """Return a page up to its first MAX_TAGS tags, and a Problem if it has more."""
    if text.count("<") <= MAX_TAGS:
        return text, []
    beyond = next(islice(re.finditer("<", text), MAX_TAGS, None))
    return text[: beyond.start()], [_too_many("tags", MAX_TAGS)]


def first_chars(text: str, what: str) -> tuple[str, list[Problem]]:
    """Return the first MAX_TEXT_CHARS of a text, and a Problem if it has more."""
    if len(text) <= MAX_TEXT_CHARS:
        return text, []
    return text[:MAX_TEXT_CHARS], [_too_many(f"characters of {what}", MAX_TEXT_CHARS)]


def long_fields(capture: Capture) -> list[Problem]:
    """Return a Problem for each header field that is too long to be stored in a row."""
    return [
        _too_many(f"characters of {name.decode()}", MAX_FIELD_CHARS)
        for name in _FIELDS
        if len(capture.message.value(name)) > MAX_FIELD_CHARS
    ]


def _cut(record: T, bounds: dict[str, int], problems: list[Problem]) -> T:
    changed: dict[str, Any] = {}
    for field in fields(record):
        value, most = getattr(record, field.name), bounds.get(field.name)
        if most is not None and value is not None and len(value) > most:
            changed[field.name] = value[:most]
            is_text = isinstance(value, str)
            problems.append(
                _too_many(f"characters of {field.name}" if is_text else field.name, most)
            )
    return replace(record, **changed) if changed else record


def _too_many(what: str, most: int) -> Problem:
    detail = f"more than {most:,} {what}; what follows is left out"
    return Problem(code=ProblemCode.TOO_MANY, detail=detail)
