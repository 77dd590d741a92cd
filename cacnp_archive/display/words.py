"""How figures are written, on paper and in a terminal alike."""

from datetime import UTC, datetime
from math import floor

from cacnp_archive.commands.report.gather import Compared, Report
from cacnp_archive.model.crawl import FINISHED

NOTHING = "–"
"""Stands for a figure that there is not."""


def count(value: float | None) -> str:
    """Return a whole number.

    >>> count(12345)
    '12,345'
    """
    return NOTHING if value is None else f"{value:,.0f}"


def share(value: float | None) -> str:
    """Return a share in percent, never rounded up to the whole.

    >>> share(0.99999), share(1)
    ('99.9 %', '100 %')
    """
    if value is None:
        return NOTHING
    return "100 %" if value == 1 else f"{floor(value * 1000) / 10:.1f} %"


def difference(compared: Compared) -> str:
    """Return by how much a count has changed; empty when it has not, or that is not known.

    >>> difference(Compared("x", 5, 1200)), difference(Compared("x", 5, 5))
    ('−1,195', '')
    """
    if compared.now is None or compared.before is None or compared.now == compared.before:
        return ""
    return f"{compared.now - compared.before:+,.0f}".replace("-", "−")


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
    """Return a time of the database to the minute.

    >>> moment("2026-01-05T09:29:32.647602Z")
    '5 Jan 2026, 09:29 UTC'
    """
    if timestamp is None:
        return NOTHING
    at = datetime.fromisoformat(timestamp).astimezone(UTC)
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


def field_name(name: str) -> str:
    """Return what a field is called.

    >>> field_name("wordpress_id"), field_name("date")
    ('WordPress id', 'date')
    """
    return name.replace("wordpress", "WordPress").replace("_", " ")


def plural(number: int, noun: str) -> str:
    """Return a number of things.

    >>> plural(1, "article"), plural(1200, "address")
    ('1 article', '1,200 addresses')
    """
    many = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    return f"{count(number)} {noun if number == 1 else many}"


def reasons(named: dict[str, int]) -> str:
    """Return counts by reason, the most frequent first; empty when there are none.

    >>> reasons({"trap": 2, "robots": 30, "429": 1})
    '30 robots, 2 trap, 1 × 429'
    """
    ordered = sorted(named.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(
        f"{count(number)} {'× ' if reason.isdigit() else ''}{reason}" for reason, number in ordered
    )


def verdict(report: Report) -> str:
    """Return in one sentence whether a crawl did all that was to be done."""
    balance = report.balance
    if balance is None:
        return "The crawl was killed, and no end of it was noted."
    known, waiting = plural(balance.known, "address"), plural(balance.waiting, "address")
    waits = f"{waiting} {'waits' if balance.waiting == 1 else 'wait'}"
    if not report.is_final:
        return f"The crawl has no end: it is running, or was killed. {waits}, of {known} known."
    if report.crawl.finish_reason != FINISHED:
        return f"Stopped before the end ({report.crawl.finish_reason}): {waits}, of {known} known."
    if balance.waiting:
        return f"Finished, but not complete: {waits}, of {known} known."
    failed = f", {count(balance.failed)} of them as failed" if balance.failed else ""
    return f"Complete: {known} known, and each is accounted for{failed}."


def news(report: Report) -> str:
    """Return in one line what a crawl noticed of the articles."""
    named = {kind: number for kind, number in report.change_counts.items() if number}
    return ", ".join(f"{count(number)} {kind}" for kind, number in named.items()) or "no change"
