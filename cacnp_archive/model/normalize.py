"""Normalize texts and dates to the form in which records hold them."""

import re
from datetime import datetime

_CALENDAR_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)


def fold(text: str) -> str:
    r"""Collapse white space, no-break spaces included, and strip it from both ends.

    >>> fold("  It’s\u00a0Your \n Turn\u00a0")
    'It’s Your Turn'
    """
    return " ".join(text.split())


def iso_moment(value: object) -> str | None:
    """Return a date or time unchanged if it is ISO 8601, else None.

    >>> iso_moment("2012-01-11T09:30:00-05:00")
    '2012-01-11T09:30:00-05:00'
    >>> iso_moment("last week") is None
    True
    """
    if not isinstance(value, str):
        return None
    value = value.strip()
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return None
    return value if _CALENDAR_DATE.match(value) else None
