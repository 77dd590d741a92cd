"""Parse dates as they are printed on pages."""

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

MONTH_NAME = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
"""Regular expression, without groups, for an English month, full or abbreviated."""

_MONTH_FIRST = re.compile(
    rf"\b({MONTH_NAME})\s*(\d{{1,2}})(?:st|nd|rd|th)?(?:\s*[,.]\s*|\s+)(\d{{4}})\b", re.IGNORECASE
)
_DAY_FIRST = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s*(?:of\s+)?({MONTH_NAME})(?:\s*,\s*|\s*)(\d{{4}})\b",
    re.IGNORECASE,
)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
_NUMBERS = re.compile(r"\d+")


def parse_printed_date(text: str, known: str | None = None) -> str | None:
    """Return a printed date as YYYY-MM-DD; None when there is none.

    `known`, an ISO 8601 date or time from the page's metadata, resolves ambiguities: the order of
    day and month, and month names in other languages. It must agree in day and year. Without it the
    month comes first, as the site prints it; a list that says otherwise is a disagreement.

    >>> parse_printed_date("January 11, 2012")
    '2012-01-11'
    >>> parse_printed_date("March 3rd,2015"), parse_printed_date("3 Sept. 2015")
    ('2015-03-03', '2015-09-03')
    >>> parse_printed_date("12/04/2020")
    '2020-12-04'
    >>> parse_printed_date("12/04/2020", known="2020-04-12T09:00:00+00:00")
    '2020-04-12'
    >>> parse_printed_date("6. November 2023", known="2023-11-06")
    '2023-11-06'
    """
    if match := _MONTH_FIRST.search(text):
        return _iso_date(match.group(3), month_number(match.group(1)), match.group(2))
    if match := _DAY_FIRST.search(text):
        return _iso_date(match.group(3), month_number(match.group(2)), match.group(1))
    if match := _ISO.search(text):
        return _iso_date(match.group(1), match.group(2), match.group(3))
    numbers = [int(number) for number in _NUMBERS.findall(text[:100]) if len(number) <= 4]
    if known is not None:
        year, month, day = (int(part) for part in known[:10].split("-"))
        known_numbers = (sorted((year, day)), sorted((year, month, day)))
        return known[:10] if sorted(numbers) in known_numbers else None
    numeric = _NUMERIC.search(text)
    return _numeric_date([int(part) for part in numeric.groups()] if numeric else numbers)


def _numeric_date(numbers: list[int]) -> str | None:
    if len(numbers) != 3:
        return None
    first, second, year = numbers
    if first > 12 >= second:
        return _iso_date(year, second, first)
    return _iso_date(year, first, second) if year > 999 else None


def month_number(name: str) -> int:
    """Return the number of an English month, full or abbreviated: 1 to 12.

    >>> month_number("Sept.")
    9
    """
    return _MONTHS.index(name[:3].lower()) + 1


def _iso_date(year: int | str, month: int | str, day: int | str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
