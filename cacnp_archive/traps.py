"""Bound what a site can lead a crawler into: calendars, endless paging, endless parameters."""

import re
from collections import Counter
from urllib.parse import parse_qsl, urlsplit

NUMBER = re.compile(r"\d[\d-]*")
SHORT_LINK_PARAMETERS = {"p", "page_id", "attachment_id"}

MAX_ALIKE = 100
"""Addresses that differ only in numbers or in the values of parameters."""

MAX_PAGES = 2000
"""Pages of one listing: the site's longest list has some 900."""

MAX_SHORT_LINKS = 20_000
"""`?p=7`: one for each post, attachment and revision at the most."""


class TrapGuard:
    """Counts the addresses of each shape, and refuses those beyond what a real site has."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def admits(self, url: str) -> bool:
        """Whether another address of this shape may be asked for; counts it.

        >>> guard = TrapGuard()
        >>> all(guard.admits(f"https://a.example/calendar/2026-{month}/") for month in range(100))
        True
        >>> guard.admits("https://a.example/calendar/2027-1/")
        False
        >>> guard.admits("https://a.example/a-post-with-the-number-7/")
        True
        """
        shape, limit = _shape(url)
        if limit is None:
            return True
        self._counts[shape] += 1
        return self._counts[shape] <= limit


def _shape(url: str) -> tuple[str, int | None]:
    """Return what an address has in common with its likes, and how many of these may be asked for.

    None when there is nothing in it that a machine could count up.
    """
    parts = urlsplit(url)
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    path = parts.path
    if names and set(names) <= SHORT_LINK_PARAMETERS:
        return f"{parts.netloc}?{names}", MAX_SHORT_LINKS
    segments = [segment for segment in path.split("/") if segment]
    folded = ["#" if NUMBER.fullmatch(segment) else segment for segment in segments]
    shape = f"{parts.netloc}/{'/'.join(folded)}?{names}"
    if folded[-2:] == ["page", "#"] and "#" not in folded[:-1] and not names:
        return shape, MAX_PAGES
    if "#" in folded or names:
        return shape, MAX_ALIKE
    return shape, None
