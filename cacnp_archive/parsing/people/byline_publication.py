"""Parse where and when a piece was published, from lines near a byline; press contacts."""

import re

from cacnp_archive.parsing.people.byline_words import (
    BROADCASTERS,
    NOT_NAMES,
    OUTLET_ENDS,
    OUTLET_NAMES,
    OUTLETS,
)
from cacnp_archive.parsing.text.dates import MONTH_NAME, month_number, parse_printed_date

DATE = (
    rf"(?:{MONTH_NAME}\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?\d{{4}}"
    rf"|\d{{1,2}}\s+{MONTH_NAME},?\s+\d{{4}}"
    r"|\d{1,2}/\d{1,2}/\d{2,4})"
)
"""Regular expression, without groups, for a date or a month with its year."""

OUTLET = re.compile(
    r"\W*(?:this (?:article|piece|op-?ed|post|essay|column|commentary) )?(?:was )?"
    r"(?:originally |first |also ){0,2}(?:published|posted|appeared|printed|cross-?posted)"
    r"(?: online)? (?:in|on|by|at|from|with)\b",
    re.IGNORECASE,
)
"""Matches the start of a line that says where the text was published."""

MAX_LINE_CHARS = 400
"""At most this many characters of a line are examined."""

CONTACT = re.compile(
    r"@|\bcontacts?\b(?! information)|\d{3}[.\-)\s]+\d{3}[.\-\s]\d{4}|\bx\d{3,4}\b", re.IGNORECASE
)
"""Matches contact details, which a press contact has and a byline lacks."""

MAX_OUTLET_WORDS = 12
_PUBLISHED_ON = re.compile(rf",?\s*[(\[]?\s*(?:on\s+|in\s+)?({DATE})", re.IGNORECASE)
_WHOLE_DATE = re.compile(rf"\W*(?:on\s+)?{DATE}\W*", re.IGNORECASE)
_MONTH = re.compile(rf"\b({MONTH_NAME})\s+(\d{{4}})\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[\w”’)])[.;](?:\s|$)|\s[–—|(]|$")
_SMALL_WORDS = frozenset({"of", "the", "and", "&"})
_READ_CHARS = 300


def iso_date(text: str) -> str | None:
    """Return a printed date in ISO 8601, YYYY-MM without a day; None if there is no date.

    >>> iso_date("Jan. 11, 2008"), iso_date("(July 2009)"), iso_date("soon")
    ('2008-01-11', '2009-07', None)
    """
    if (day := parse_printed_date(text[:_READ_CHARS])) is not None:
        return day
    match = _MONTH.search(text[:_READ_CHARS])
    return f"{match[2]}-{month_number(match[1]):02d}" if match else None


def is_date(line: str) -> bool:
    """Whether a line consists of a date only."""
    return len(line) <= _READ_CHARS and _WHOLE_DATE.fullmatch(line) is not None


def parse_publication(line: str) -> tuple[str | None, str | None] | None:
    """Return outlet and date of a line that says where a piece was published, else None.

    >>> parse_publication("Published in the Daily Post on January 11, 2008")
    ('the Daily Post', '2008-01-11')
    >>> parse_publication("Published by the Council for Ethics (July 2009)")
    ('the Council for Ethics', '2009-07')
    >>> parse_publication("The post was lost on May 4, 2009") is None
    True
    """
    line = line[:_READ_CHARS]
    if (start := OUTLET.match(line)) is None:
        return None
    rest = line[start.end() :].strip()
    dated = _PUBLISHED_ON.search(rest)
    end = _SENTENCE_END.search(rest)
    outlet_end = end.start() if end else len(rest)
    date = None
    if dated is not None and dated.start() <= outlet_end + 1:
        outlet_end, date = dated.start(), iso_date(dated[1])
    outlet = rest[:outlet_end].strip(" .,:;–—*")
    is_name = bool(outlet) and len(outlet.split()) <= MAX_OUTLET_WORDS
    return (outlet if is_name else None), date


def is_listed_outlet(name: str) -> bool:
    """Whether a name, in whatever capitals, is that of a known outlet."""
    name = name.casefold()
    return name in OUTLET_NAMES or name.removeprefix("the ") in OUTLET_NAMES


def is_outlet_name(text: str) -> bool:
    """Whether a text is the name of a newspaper, broadcaster or similar outlet.

    >>> is_outlet_name("Arms Control Today"), is_outlet_name("The Review Conference Ends")
    (True, False)
    """
    bare = text[4:] if text[:4] in ("The ", "the ") else text
    words = bare.casefold().replace("’", "'").split()
    if not 1 <= len(words) <= 6 or not bare[:1].isupper():
        return False
    name = " ".join(words)
    is_titled = all(word[:1].isupper() or word in _SMALL_WORDS for word in bare.split())
    return (
        not OUTLET_NAMES.isdisjoint((name, text.casefold()))
        or (len(words) == 1 and name in OUTLETS)
        or (
            len(words) <= 3
            and words[0] in BROADCASTERS
            and is_titled
            and (words[-1] not in NOT_NAMES or words[-1] in OUTLET_ENDS)
        )
        or (
            (len(words) >= 2 or text.casefold().startswith("the "))
            and words[-1] in OUTLET_ENDS
            and is_titled
        )
    )
