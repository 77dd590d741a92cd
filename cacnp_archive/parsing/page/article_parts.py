"""Articles split into several pages (`<!--nextpage-->`): which part of which article a page is.

WordPress serves part n at `/slug/n/` or `?p=7&page=n`, and links the parts to each other:

    <div class="page-links">Pages: <a class="post-page-numbers" href="https://a.example/slug/">1</a>
      <span class="post-page-numbers current" aria-current="page">2</span></div>
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from cacnp_archive.parsing.page.html_page import HtmlPage
from cacnp_archive.parsing.resolve import canonical, resolve
from cacnp_archive.parsing.select import Element, classes, fold

_NAVIGATION_CLASSES = frozenset(
    {
        *("post-page-numbers", "post-nav-links", "page-links", "entry-pagination"),
        "wp-block-post-content__page-links",
    }
)
_PART_CLASS = re.compile(r"(?:single-|page-)paged-(\d{1,4})")
_PART_PATH = re.compile(r"(?P<article>.*/[^/]+/)(?P<number>[1-9]\d{0,3})/?")
_LIST_PATH = re.compile(r"/page/\d+/?$")
MAX_CONTAINERS = 20
"""At most this many containers of links between parts are examined."""

_NUMBER = re.compile(r"[1-9]\d{0,3}")


@dataclass(frozen=True, slots=True)
class PartPosition:
    """The position of a page in an article."""

    number: int
    part_count: int
    article_url: str


def part_class_number(names: frozenset[str]) -> int | None:
    """Return the part number in the classes of the body; None for the first part.

    >>> part_class_number(frozenset({"single-post", "single-paged-3"}))
    3
    """
    found = (match for name in names if (match := _PART_CLASS.fullmatch(name)))
    return next((int(match[1]) for match in found), None)


def select_part_position(
    page: HtmlPage, entry: Element | None, stated: int | None
) -> PartPosition | None:
    """Return which part a page is; None for an article on one page.

    Links between parts are looked for in the entry, or in the whole page if `entry` is None.

    `stated` is the number in the classes of the body. It does not suffice without links between
    parts: older WordPress answers `/slug/9/` with the whole of `/slug/`.
    """
    containers = list(islice(_navigation(page.root if entry is None else entry), MAX_CONTAINERS))
    if not containers:
        return None
    current = stated or _current_number(containers) or 1
    numbers = {current}
    first = None
    for link in (link for container in containers for link in container.iter("a")):
        target = resolve(page.base, link.get("href", ""))
        if target is None or not page.site.owns(target):
            continue
        label = fold("".join(map(str, link.itertext())))
        number = int(label) if _NUMBER.fullmatch(label) else _number_of(target)
        numbers.add(number)
        if number == 1 and first is None:
            first = target
    if len(numbers) < 2:
        return None
    first_url = first if first and current > 1 else _without_number(page.url, current)
    article_url = canonical(first_url, page.site)
    return PartPosition(number=current, part_count=max(numbers), article_url=article_url)


def _navigation(entry: Element) -> Iterator[Element]:
    for element in entry.iterdescendants("div", "p", "nav", "a", "span"):
        names = element.get("class")
        if names is not None and not classes(element).isdisjoint(_NAVIGATION_CLASSES):
            yield element


def _current_number(containers: list[Element]) -> int | None:
    for container in containers:
        for element in container.iter("span"):
            label = fold("".join(map(str, element.itertext())))
            if "current" in classes(element) and _NUMBER.fullmatch(label):
                return int(label)
    return None


def _number_of(target: str) -> int:
    """Return the part that the URL of a link without a number, such as "Next page", refers to."""
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query))
    if _NUMBER.fullmatch(query.get("page", "")):
        return int(query["page"])
    match = _PART_PATH.fullmatch(parts.path)
    return int(match["number"]) if match else 1


def _without_number(url: str, number: int) -> str:
    parts = urlsplit(url)
    match = _PART_PATH.fullmatch(parts.path)
    if match and int(match["number"]) == number and not _LIST_PATH.search(parts.path):
        return parts._replace(path=match["article"]).geturl()
    query = "&".join(item for item in parts.query.split("&") if item != f"page={number}")
    return parts._replace(query=query).geturl()
