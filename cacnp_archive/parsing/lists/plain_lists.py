"""Parse lists without markup: the sitemaps that robots.txt names, and sitemaps in plain text."""

import re

from cacnp_archive.model import urls
from cacnp_archive.model.records import ListEntry, ListName, Reading
from cacnp_archive.parsing.lists.xml_lists import problems_of_list
from cacnp_archive.parsing.resolve import resolve

_LINE = re.compile(r"[^\r\n]+")
_SITEMAP_LINE = re.compile(r"\ufeff?\s*sitemap\s*:\s*(\S+)", re.IGNORECASE)
_URL_LINE = re.compile(r"https?://\S+", re.IGNORECASE)


def parse_robots(text: str, url: str) -> Reading:
    """Return the sitemaps that robots.txt names; the crawler handles its rules."""
    lines = (_SITEMAP_LINE.match(line) for line in _LINE.findall(text))
    found = (resolve(url, line[1]) for line in lines if line)
    lists = (urls.without_fragment(item) for item in found if item and item.startswith("http"))
    return Reading(lists=tuple(dict.fromkeys(lists)))


def parse_text_list(text: str, url: str) -> Reading | None:
    """Parse a sitemap that has one URL per line (sitemaps.org); None when no line is a URL.

    Without an end tag, nothing tells whether the last line is complete.
    """
    lines = [line.strip() for line in _LINE.findall(text.removeprefix("\ufeff")) if line.strip()]
    entries: dict[str, ListEntry] = {}
    unusable = []
    for line in lines:
        found = resolve(url, line) if _URL_LINE.fullmatch(line) else None
        if found is None or "\ufffd" in line:
            unusable.append(line)
        else:
            address = urls.without_fragment(found)
            entries[address] = ListEntry(list_name=ListName.SITEMAP, url=address)
    if not entries:
        return None
    problems = problems_of_list(is_cut=False, unusable=unusable, is_repaired=False)
    return Reading(entries=tuple(entries.values()), problems=tuple(problems))
