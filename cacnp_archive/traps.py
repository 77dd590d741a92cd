"""Bound what a site can lead a crawler into: calendars, mazes, endless paging and parameters.

Only addresses that no sitemap, feed or REST answer names are counted.
"""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

NUMBER = re.compile(r"\d[\d-]*")
SHORT_LINK_PARAMETERS = {"p", "page_id", "attachment_id"}

MAX_ALIKE = 100
"""Addresses that differ only in numbers or in the values of parameters."""

MAX_PAGES = 2000
"""Pages of one listing: the site's longest list has some 900."""

MAX_SHORT_LINKS = 20_000
"""`?p=7`: one for each post, attachment and revision at the most."""


MAX_IN_FOLDER = 2000
"""Pages below one first segment of the path: the site has some hundreds of tags."""

MAX_AT_ROOT = 10_000
"""Pages at the root, where the posts are, of a site that publishes no lists."""

MAX_AT_ROOT_BESIDE_LISTS = 1000
"""The same of a site that publishes lists: only what they have forgotten."""

_FILE_NAME = re.compile(r"\.\w{1,8}$")


class TrapGuard:
    """Counts the addresses of each shape, and refuses those beyond what a real site has."""

    def __init__(self, *, has_lists: bool = False) -> None:
        self.has_lists = has_lists
        """Whether the site publishes lists of its pages."""
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
        bounds = [*self._bounds(url)]
        self._counts.update(shape for shape, _ in bounds)
        return all(self._counts[shape] <= limit for shape, limit in bounds)

    def _bounds(self, url: str) -> Iterator[tuple[str, int]]:
        """Yield what an address has in common with others, and how many such may be asked for."""
        parts = urlsplit(url)
        segments = [segment for segment in parts.path.split("/") if segment]
        names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
        folded = ["#" if NUMBER.fullmatch(segment) else segment for segment in segments]
        shape = f"{parts.netloc}/{'/'.join(folded)}?{names}"
        if names and set(names) <= SHORT_LINK_PARAMETERS:
            yield f"{parts.netloc}?{names}", MAX_SHORT_LINKS
        elif folded[:1] == ["wp-json"] or (
            folded[-2:] == ["page", "#"] and "#" not in folded[:-1] and not names
        ):
            yield shape, MAX_PAGES
        else:
            if "#" in folded or names:
                yield shape, MAX_ALIKE
            if segments and not _FILE_NAME.search(parts.path):
                yield self._folder(parts.netloc, segments)

    def _folder(self, host: str, segments: list[str]) -> tuple[str, int]:
        if len(segments) > 1:
            return f"{host}/{segments[0]}/", MAX_IN_FOLDER
        return f"{host}/", MAX_AT_ROOT_BESIDE_LISTS if self.has_lists else MAX_AT_ROOT
