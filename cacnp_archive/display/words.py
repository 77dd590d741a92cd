"""Write numbers, sizes and times the same way on pages and in a terminal."""

from datetime import UTC, datetime
from math import floor

NOTHING = "–"
"""Stands for a value that is not known."""


def count(value: float | None) -> str:
    """Return a whole number.

    >>> count(12345)
    '12,345'
    """
    return NOTHING if value is None else f"{value:,.0f}"


def plural(number: int, noun: str) -> str:
    """Return a number of things.

    >>> plural(1, "article"), plural(1200, "address")
    ('1 article', '1,200 addresses')
    """
    many = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{count(number)} {noun if number == 1 else many}"


def share(value: float | None) -> str:
    """Return a share in percent, never rounded up to the whole.

    >>> share(0.99999), share(1)
    ('99.9 %', '100 %')
    """
    if value is None:
        return NOTHING
    return "100 %" if value == 1 else f"{floor(value * 1000) / 10:.1f} %"


def difference(now: float | None, before: float | None) -> str:
    """Return by how much a count has changed; empty when it has not, or that is not known.

    >>> difference(5, 1200), difference(5, 5), difference(5, None)
    ('−1,195', '', '')
    """
    if now is None or before is None or now == before:
        return ""
    return f"{now - before:+,.0f}".replace("-", "−")


def size(value: float | None) -> str:
    """Return a number of bytes in decimal units.

    >>> size(999), size(2_895_123)
    ('999 B', '2.9 MB')
    """
    if value is None:
        return NOTHING
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def duration(seconds: float | None) -> str:
    """Return a span of time in its two largest units.

    >>> duration(0.4), duration(192), duration(90061)
    ('0.4 s', '3 min 12 s', '1 d 1 h')
    """
    if seconds is None:
        return NOTHING
    if 0 < seconds < 10:
        return f"{seconds:.1f} s"
    parts, rest = [], int(seconds)
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        number, rest = divmod(rest, length)
        if number:
            parts.append(f"{number} {unit}")
        elif parts:
            break
    return " ".join(parts[:2]) or "0 s"


def moment(timestamp: str | None) -> str:
    """Return a time from the database to the minute.

    >>> moment("2026-01-05T09:29:32.647602Z")
    '5 Jan 2026, 09:29 UTC'
    """
    if timestamp is None:
        return NOTHING
    at = datetime.fromisoformat(timestamp).astimezone(UTC)
    return f"{at.day} {at:%b %Y, %H:%M} UTC"
