"""Fourteen-digit timestamps (`20260117123045`, UTC): in indexes, replay addresses and crawl ids."""

from datetime import UTC, datetime

DIGITS = 14


def timestamp_of(moment: datetime | str) -> str:
    """Return an aware time, or a UTC date as WARC files and the database spell it, to the second.

    >>> timestamp_of("2026-01-17T12:30:45.123456Z")
    '20260117123045'
    >>> timestamp_of(datetime(2026, 1, 17, 12, 30, 45, tzinfo=UTC))
    '20260117123045'
    """
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S")
    return "".join(filter(str.isdigit, moment))[:DIGITS]


def parse_timestamp(text: str) -> datetime:
    """Return the aware UTC time of a timestamp; raises ValueError.

    >>> parse_timestamp("20260117123045").isoformat()
    '2026-01-17T12:30:45+00:00'
    """
    return datetime.strptime(f"{text}Z", "%Y%m%d%H%M%S%z").astimezone(UTC)
