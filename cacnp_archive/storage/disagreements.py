"""Compare an article's extracted values with what other sources report: its head, REST, feeds.

Differences in white space, entities, markup, and the shapes of quotes and dashes do not count;
neither does the same instant in another time zone.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

from cacnp_archive.model.normalize import fold, iso_moment
from cacnp_archive.model.records import Article, Disagreement, ListEntry, ListName, Opinion

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
    """Yield what a list entry reports of an article.

    Category names are passed separately because REST gives numbers. A sitemap's `lastmod` is left
    out: each plugin decides for itself what counts as a modification.
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
    """Return the opinions that differ from the article's extracted values, in their order.

    A source that names one of several authors, categories or tags agrees if that one was
    extracted. A date without a time is compared by its day in the article's time zone. WordPress
    reports the date of publication as the modification of an article that never changed: that is
    no disagreement. Raises ValueError for a field that articles do not have.
    """
    found = []
    for opinion in opinions:
        extracted = _extracted(article, opinion.field)
        if not _agrees(article, opinion, extracted):
            shown = ", ".join(extracted) or None if isinstance(extracted, tuple) else extracted
            found.append(
                Disagreement(
                    field=opinion.field,
                    source=opinion.source,
                    extracted_value=shown,
                    reported_value=opinion.value,
                )
            )
    return tuple(found)


def _extracted(article: Article, field: str) -> str | tuple[str, ...] | None:
    if field in _LISTS:
        return tuple(item.name for item in getattr(article, field))
    value = getattr(article, field, _MISSING)
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"articles have no field {field!r} to compare")


_MISSING = object()


def _agrees(article: Article, opinion: Opinion, extracted: str | tuple[str, ...] | None) -> bool:
    if opinion.value == extracted:
        return True
    if isinstance(extracted, tuple):
        return opinion.value in extracted or plain(opinion.value) in map(plain, extracted)
    if opinion.field == "modified_at" and extracted is None:
        published = article.published_at
        return published is not None and not _is_later(opinion.value, published)
    if extracted is not None and iso_moment(extracted) and iso_moment(opinion.value):
        return _is_same_moment(extracted, opinion.value)
    return extracted is not None and plain(extracted) == plain(opinion.value)


def plain(text: str) -> str:
    """Return a text without markup, case and typography, for comparison.

    >>> plain("‘Gap’ &#8211; in <em>the</em>\u00a0Plan")
    "'gap' - in the plan"
    """
    text = _MARKUP.sub("", unescape(text)).translate(_PLAIN)
    return fold(_DASHES.sub(" - ", text)).casefold()


def _is_same_moment(extracted: str, reported: str) -> bool:
    """Compare by instant, else by local time, else (if one has no time) by day.

    By local time because Yoast 15 labelled local time as UTC. Times less than a minute apart are
    the same: a printed time may have no seconds.
    """
    one, other = datetime.fromisoformat(extracted), datetime.fromisoformat(reported)
    if len(extracted) <= 10 or len(reported) <= 10:
        if one.tzinfo and other.tzinfo:
            other = other.astimezone(one.tzinfo)
        return one.date() == other.date()
    is_same_local_time = abs(one.replace(tzinfo=None) - other.replace(tzinfo=None)) < _MINUTE
    return is_same_local_time or (
        one.tzinfo is not None and other.tzinfo is not None and abs(one - other) < _MINUTE
    )


def _is_later(value: str, published: str) -> bool:
    if iso_moment(value) is None or iso_moment(published) is None:
        return True
    one, other = datetime.fromisoformat(value), datetime.fromisoformat(published)
    if one.tzinfo is None or other.tzinfo is None:
        return one.replace(tzinfo=None) - other.replace(tzinfo=None) >= _MINUTE
    return one.astimezone(UTC) - other.astimezone(UTC) >= _MINUTE
