"""Who says something else of an article than its own reading: its head, REST, feeds, sitemaps.

It compares fairly: white space, entities, markup, the shapes of quotes and dashes, and the same
instant in another time zone are no disagreement.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

from cacnp_archive.model.records import Article, Disagreement, ListEntry, ListName, Opinion
from cacnp_archive.parsing.page.metadata import iso_moment
from cacnp_archive.parsing.select import fold

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


def opinions_of(entry: ListEntry, category_names: Iterable[str]) -> Iterator[Opinion]:
    """Yield what an entry of a list says; its categories by name, for REST gives numbers.

    A sitemap's time of change is that of whatever its maker counts as one, and is no opinion.
    """
    statements = [
        ("title", entry.title),
        ("published_at", entry.published_at),
        ("modified_at", None if entry.list_name is ListName.SITEMAP else entry.modified_at),
        *(("categories", name) for name in category_names),
    ]
    for field, value in statements:
        if value:
            yield Opinion(source=entry.list_name, field=field, value=value)


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
                    field=opinion.field,
                    source=opinion.source,
                    extracted_value=shown,
                    reported_value=opinion.value,
                )
            )
    return tuple(found)


def _ours(article: Article, field: str) -> str | tuple[str, ...] | None:
    if field in _LISTS:
        return tuple(item.name for item in getattr(article, field))
    value = getattr(article, field, _MISSING)
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"nobody can have an opinion on {field!r}")


_MISSING = object()


def _agrees(article: Article, opinion: Opinion, ours: str | tuple[str, ...] | None) -> bool:
    if opinion.value == ours:
        return True
    if isinstance(ours, tuple):
        return opinion.value in ours or plain(opinion.value) in map(plain, ours)
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
