"""A simple scraper for this site: a few selectors, with three libraries."""

import re
from collections.abc import Iterable
from typing import Any

from lxml import etree, html

from benchmarks.reading_scores import Facts

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PARTS = frozenset({"caption", "dd", "dt", "figcaption", "li", "td", "th", "tr"})
_LINES = _HEADINGS | _PARTS | {"blockquote", "br", "div", "figure", "p", "pre"}
_NOT_TEXT = ".sharedaddy, script, style"
_WORD = r"[A-Z][\w.’'-]*"
_NAME = rf"{_WORD}(?: {_WORD}){{1,3}}"
_BYLINE = re.compile(rf"[Bb]y\s+({_NAME}(?:(?:,? and|,? &|,) {_NAME})*)")

_PARSER = html.HTMLParser(encoding="utf-8")
_TITLE = etree.XPath("string(//h1[contains(@class, 'entry-title')])")
_DATE = etree.XPath("string(//time[contains(@class, 'entry-time')]/@datetime)")
_CONTENT = etree.XPath("//div[contains(@class, 'entry-content')]")
_SHARES = etree.XPath(".//*[contains(@class, 'sharedaddy')]")
_CATEGORIES = etree.XPath("//*[contains(@class, 'entry-categories')]//a")
_CLASSES = etree.XPath("string(//article/@class)")


def read_with_lxml(text: str) -> Facts:
    """Read a page with compiled XPath."""
    root = html.document_fromstring(text.encode(), parser=_PARSER)
    body = ""
    for element in _CONTENT(root)[:1]:
        for share in _SHARES(element):
            share.drop_tree()
        body = lines_of(element)
    return Facts(
        title=_TITLE(root),
        date=_DATE(root)[:10],
        authors=frozenset(names_of_byline(body)),
        categories=frozenset(link.text_content() for link in _CATEGORIES(root)),
        tags=frozenset(names_of_tags(_CLASSES(root).split())),
        body=body,
    )


def read_with_beautiful_soup(text: str) -> Facts:
    """Read a page with CSS selectors."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(text, "lxml")
    title, when = soup.select_one("h1.entry-title"), soup.select_one("time.entry-time")
    content, article = soup.select_one("div.entry-content"), soup.select_one("article")
    body = ""
    if content is not None:
        for element in content.select(_NOT_TEXT):
            element.decompose()
        for element in content.find_all(list(_LINES)):
            element.append("\n")
        body = content.get_text()
    return Facts(
        title="" if title is None else title.get_text(),
        date="" if when is None else str(when.get("datetime", ""))[:10],
        authors=frozenset(names_of_byline(body)),
        categories=frozenset(link.get_text() for link in soup.select(".entry-categories a")),
        tags=frozenset(names_of_tags([] if article is None else article["class"])),
        body=body,
    )


def read_with_selectolax(text: str) -> Facts:
    """Read a page with CSS selectors."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    title, when = tree.css_first("h1.entry-title"), tree.css_first("time.entry-time")
    content, article = tree.css_first("div.entry-content"), tree.css_first("article")
    body = ""
    if content is not None:
        for element in content.css(_NOT_TEXT):
            element.decompose()
        for element in content.css(", ".join(_LINES)):
            element.insert_after("\n")
        body = content.text()
    classes = "" if article is None else article.attributes.get("class") or ""
    return Facts(
        title="" if title is None else title.text(),
        date="" if when is None else (when.attributes.get("datetime") or "")[:10],
        authors=frozenset(names_of_byline(body)),
        categories=frozenset(link.text() for link in tree.css(".entry-categories a")),
        tags=frozenset(names_of_tags(classes.split())),
        body=body,
    )


def lines_of(element: Any) -> str:
    r"""Return the text of an lxml element, with line feeds around blocks.

    >>> lines_of(html.fromstring("<div><p>On<b>e</b>.</p><p>Two.</p></div>")).split("\n")
    ['', 'One.', '', 'Two.', '', '']
    """
    parts: list[str] = []
    for event, item in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if event == "start":
            parts.append("\n" if item.tag in _LINES and item is not element else "")
            parts.append("" if item.tag in ("script", "style") else item.text or "")
        else:
            parts.append("\n" if event == "end" and item.tag in _LINES else "")
            parts.append("" if item is element else item.tail or "")
    return "".join(parts)


def names_of_byline(body: str) -> list[str]:
    """Return the names behind "By" at the beginning of a body.

    >>> names_of_byline("By John Erath and Anna Schumann, Staff")
    ['John Erath', 'Anna Schumann']
    """
    found = _BYLINE.match(body.strip().partition("\n")[0])
    return re.split(r",? and |,? & |, ", found[1]) if found else []


def names_of_tags(classes: Iterable[str]) -> list[str]:
    """Return the tags in the classes of an entry.

    >>> names_of_tags(["post", "tag-new-start"])
    ['new start']
    """
    slugs = (name.removeprefix("tag-") for name in classes if name.startswith("tag-"))
    return [slug.replace("-", " ") for slug in slugs]
