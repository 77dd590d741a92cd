"""Limit crawler traps: calendars, mazes, endless paging and parameters.

Only addresses that no sitemap and no REST response lists are counted.
"""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qsl

from cacnp_archive.model.site import DOCUMENT_FILE, MEDIA_FILE

NUMBER = re.compile(r"\d[\d-]*")
SHORT_LINK_PARAMETERS = {"p", "page_id", "attachment_id"}

MAX_ALIKE = 100
"""Addresses that differ only in numbers or parameter values."""

MAX_PAGES = 2000
"""Pages of one listing; the longest one of the site has about 900."""

MAX_SHORT_LINKS = 20_000
"""`?p=7`: at most one for each post, attachment and revision."""

MAX_SITEMAPS = 200
"""A sitemap index may list others, which may list others; all are fetched every time."""

MAX_IN_FOLDER = 2000
"""Pages below one first path segment; the site has some hundreds of tags."""

MAX_FOLDERS = 2000
"""First path segments with pages below: categories, and posts with attachments."""

MAX_AT_ROOT = 10_000
"""Pages at the root, where the posts are, of a site without lists."""

MAX_AT_ROOT_BESIDE_LISTS = 1000
"""The same for a site with lists: only pages that are missing from them."""

MAX_IN_ALL = 30_000
"""Pages of a host without lists, of any shape: a maze can invent shapes, too."""

MAX_IN_ALL_BESIDE_LISTS = 10_000
"""The same for a site with lists: its listings by category, tag, author and date."""

MAX_FILES_IN_FOLDER = 5000
"""Files in one folder: a month of uploads, each image in all its sizes."""

MAX_FILES = 100_000
"""Files of one host."""

_FILE = re.compile(r"\.(?:css|js|map|json|webmanifest|woff2?|ttf|otf|eot|vtt|srt)$", re.IGNORECASE)
_SITEMAP = re.compile(r"\.xml(?:\.gz)?$", re.IGNORECASE)


class TrapGuard:
    """Counts addresses by shape, and refuses more than a real site has."""

    def __init__(self, *, has_lists: bool = False) -> None:
        self.has_lists = has_lists
        """Whether the site publishes lists of its pages."""
        self._counts: Counter[str] = Counter()

    def admits(self, url: str) -> bool:
        """Whether another address of this shape may be fetched; if so, it is counted.

        >>> guard = TrapGuard()
        >>> all(guard.admits(f"https://a.example/calendar/2026-{month}/") for month in range(100))
        True
        >>> guard.admits("https://a.example/calendar/2027-1/")
        False
        >>> guard.admits("https://a.example/a-post-with-the-number-7/")
        True
        """
        counts = self._counts
        bounds = [*self._bounds(url)]
        for shape, limit in bounds:
            if counts[shape] >= limit:
                return False
        for shape, _ in bounds:  # an address that one bound refuses does not count for the others
            counts[shape] += 1
        return True

    def _bounds(self, url: str) -> Iterator[tuple[str, int]]:
        """Yield the shapes of an address, each with the number of addresses that it may have."""
        # Canonical addresses have one form; urlsplit would take half the time of a crawl's start.
        location, _, query = url.partition("://")[2].partition("?")
        host, _, path = location.partition("/")
        segments = [segment for segment in path.split("/") if segment]
        folded = ["#" if NUMBER.fullmatch(segment) else segment for segment in segments]
        names: list[str] = []
        if query:
            names = sorted({name for name, _ in parse_qsl(query, keep_blank_values=True)})
        if names and set(names) <= SHORT_LINK_PARAMETERS:
            yield f"{host}?{names}", MAX_SHORT_LINKS
        elif folded[:1] == ["wp-json"]:
            yield _shape(host, folded, names), MAX_PAGES
            yield f"{host}/wp-json/", MAX_PAGES
        elif _SITEMAP.search(path):
            yield f"{host}/*.xml", MAX_SITEMAPS
        elif folded[-2:] == ["page", "#"] and "#" not in folded[:-1] and not names:
            yield _shape(host, folded, names), MAX_PAGES
            yield f"{host}//", self._in_all
        else:
            if "#" in folded or names:
                yield _shape(host, folded, names), MAX_ALIKE
            if _is_file(path):
                yield f"{location.rpartition('/')[0]}/*", MAX_FILES_IN_FOLDER
                yield f"{host}/*", MAX_FILES
            else:
                yield from self._folder(host, segments)
                yield f"{host}//", self._in_all

    @property
    def _in_all(self) -> int:
        return MAX_IN_ALL_BESIDE_LISTS if self.has_lists else MAX_IN_ALL

    def _folder(self, host: str, segments: list[str]) -> Iterator[tuple[str, int]]:
        if len(segments) > 1:
            folder = f"{host}/{segments[0]}/"
            if not self._counts[folder]:
                yield f"{host}/*/", MAX_FOLDERS
            yield folder, MAX_IN_FOLDER
        else:
            yield f"{host}/", MAX_AT_ROOT_BESIDE_LISTS if self.has_lists else MAX_AT_ROOT


def _shape(host: str, folded: list[str], names: list[str]) -> str:
    return f"{host}/{'/'.join(folded)}?{names}"


def _is_file(path: str) -> bool:
    """Whether a path is that of a requisite or download; `.html` and `.php` are pages."""
    if "." not in path:
        return False
    return any(pattern.search(path) for pattern in (_FILE, MEDIA_FILE, DOCUMENT_FILE))
