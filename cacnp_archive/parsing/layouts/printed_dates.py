"""Find the date of publication that a page prints, without class names of a known theme."""

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from cacnp_archive.model.normalize import iso_moment
from cacnp_archive.parsing.furniture import is_entry, is_furniture, shown_text
from cacnp_archive.parsing.layouts.conventions import DATES
from cacnp_archive.parsing.select import Element, body_of, classes, tag_of
from cacnp_archive.parsing.text.dates import parse_printed_date

_MONTHS = (
    "jan gen ene",
    "feb fév fev",
    "mar mär mrt mär maa",
    "apr avr abr kwi",
    "may mai mag maj mei",
    "jun juin giu czerw",
    "jul juil lug lip",
    "aug aoû aou ago sie",
    "sep set wrz",
    "oct okt ott out paź",
    "nov lis",
    "dec dez déc dic gru",
)
_MONTH_OF = {name: n for n, names in enumerate(_MONTHS, 1) for name in names.split()}
_NAME = r"[^\W\d_]{3,12}"
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:\.|er|º|ª|st|nd|rd|th)?\s*(?:de\s+|of\s+)?({_NAME})\.?,?\s+(?:de\s+|del\s+)?(\d{{4}})\b"
)
_MONTH_DAY = re.compile(rf"\b({_NAME})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b")
_DOTTED = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})\b")
_YEAR_FIRST = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b")
_IN_URL = re.compile(r"/(\d{4})/(\d{1,2})/(\d{1,2})(?=/|$)")
_OUTSIDE = frozenset({"nav", "aside", "footer", "script", "style", "form", "noscript"})
_FIRST_YEAR = 1990
MAX_LINE_CHARS = 160


def parse_any_date(text: str) -> str | None:
    """Return a date printed in one of the usual languages, as YYYY-MM-DD; else None.

    >>> parse_any_date("Dienstag, 6. November 2023"), parse_any_date("le 3 août 2020")
    ('2023-11-06', '2020-08-03')
    >>> parse_any_date("22.10.2019"), parse_any_date("May 2019")
    ('2019-10-22', None)
    """
    for match in _DAY_MONTH.finditer(text):
        month = _month(match[2])
        if month and (found := _iso(match[3], month, match[1])):
            return found
    for match in _MONTH_DAY.finditer(text):
        month = _month(match[1])
        if month and (found := _iso(match[3], month, match[2])):
            return found
    if numbers := _YEAR_FIRST.search(text):
        return _iso(numbers[1], numbers[2], numbers[3])
    if dotted := _DOTTED.search(text):
        year = dotted[3] if len(dotted[3]) == 4 else f"20{dotted[3]}"
        return _iso(year, dotted[2], dotted[1])
    return parse_printed_date(text)


def select_date(
    root: Element,
    entry: Element | None,
    content: Element | None,
    skipped: frozenset[Element] = frozenset(),
) -> str | None:
    """Return the date that is marked or printed beside the text of a page; else None.

    Dates in the text, in comments, in teasers and in what stands around it do not count.
    `skipped` are elements inside the content that are not part of the text.
    """
    body = body_of(root)
    if body is None:
        return None
    lines: list[str] = []
    for element in _outside(body, entry, content, skipped):
        tag = tag_of(element)
        if tag == "time" or element.get("itemprop") == "datePublished":
            stated = iso_moment(element.get("datetime") or element.get("content"))
            if stated:
                return stated
        if tag == "time" or DATES.search(element.get("class") or ""):
            found = _date_line(shown_text(element))
            if found:
                return found
        elif not len(element) or _is_line(element):
            lines.append(shown_text(element))
    return next((found for line in lines if (found := _date_line(line))), None)


def date_in_url(url: str) -> str | None:
    """Return the date in the path of a permalink, as WordPress can be set to print it.

    >>> date_in_url("https://a.example/2019/10/22/title/")
    '2019-10-22'
    """
    match = _IN_URL.search(urlsplit(url).path)
    return _iso(match[1], match[2], match[3]) if match else None


def _outside(
    body: Element, entry: Element | None, content: Element | None, skipped: frozenset[Element]
) -> Iterator[Element]:
    stack = [body]
    while stack:
        element = stack.pop()
        tag = tag_of(element)
        if tag in _OUTSIDE or tag == "":
            continue
        if element is content:
            stack.extend(reversed([child for child in element if child in skipped]))
            continue
        if element is not body and (
            is_furniture(element)
            or (is_entry(element) and entry is not None and element is not entry)
            or (_is_of_others(element) and not _holds(element, content))
        ):
            continue
        yield element
        stack.extend(element.iterchildren(reversed=True))


_OTHERS = re.compile(
    r"(?<![a-z])(?:comments?|commentlist|related|similar|widget|sidebar|footer|teasers?|recent|latest"
    r"|popular|trending|modified|updated|events?)(?![a-z])",
    re.IGNORECASE,
)


def _is_of_others(element: Element) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return tag_of(element) not in ("article", "main") and bool(
        _OTHERS.search(names) and "published" not in classes(element) and len(names) < 120
    )


def _holds(element: Element, content: Element | None) -> bool:
    return content is not None and element in content.iterancestors()


def _is_line(element: Element) -> bool:
    return tag_of(element) in ("p", "div", "span", "li", "small", "em", "td") and not any(
        tag_of(child) in ("div", "p", "ul", "ol", "table", "section") for child in element
    )


def _date_line(line: str) -> str | None:
    return parse_any_date(line) if 6 <= len(line) <= MAX_LINE_CHARS else None


def _month(name: str) -> int | None:
    name = name.casefold()
    for length in (5, 4, 3):
        if name[:length] in _MONTH_OF:
            return _MONTH_OF[name[:length]]
    return None


def _iso(year: str, month: int | str, day: str) -> str | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found.isoformat() if found.year >= _FIRST_YEAR else None
