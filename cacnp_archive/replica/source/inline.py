"""Inline text of the content files: prose with a few HTML tags.

A small strict scanner splits the tags, not an HTML parser: the truth must be able to score one.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cacnp_archive.replica.assets.other_host import other_base, other_host

_TOKEN = re.compile(r"<(?P<close>/?)(?P<name>[a-z]+)(?P<rest>(?:\s[^<>]*)?)>|(?P<text>[^<]+)")
_HREF = re.compile(r'\bhref="([^"]*)"')
_BARE_AMPERSAND = re.compile(r"&(?!#?\w+;)")
_TAGS = frozenset({"a", "b", "br", "em", "i", "span", "strong", "sup", "u"})


@dataclass(frozen=True, slots=True)
class Hyperlink:
    """A link in the source: `href` unresolved, `text` as a reader sees it."""

    href: str
    text: str
    embed: bool = False


def absolute(href: str, base_url: str) -> str:
    """Return the href that WordPress prints: `/x/` becomes absolute, others stay.

    The prefix `raw:` marks an href that is printed as written. `OWN-HOST` is replaced by the
    site's host and port, `OTHER-HOST` by those of the other host, and `OTHER-BASE/` by its base
    URL.

    >>> absolute("/factsheets/", "http://127.0.0.1:8000/")
    'http://127.0.0.1:8000/factsheets/'
    >>> absolute("raw:../factsheets/", "http://127.0.0.1:8000/")
    '../factsheets/'
    """
    if "OTHER-" in href:
        href = href.replace("OTHER-BASE/", other_base(base_url))
        href = href.replace("OTHER-HOST", other_host(base_url))
    href = href.replace("OWN-HOST", base_url.split("/")[2])
    if href.startswith("raw:"):
        return href.removeprefix("raw:")
    if href.startswith("/") and not href.startswith("//"):
        return base_url + href[1:]
    return href


def _tokens(source: str) -> Iterator[re.Match[str]]:
    position = 0
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None or (match["name"] is not None and match["name"] not in _TAGS):
            raise ValueError(f"unknown inline markup at {source[position : position + 40]!r}")
        yield match
        position = match.end()


@dataclass(frozen=True, slots=True)
class Inline:
    """A run of text; `source` may contain the tags a, b, br, em, i, span, strong, sup and u."""

    source: str

    def html(self, base_url: str) -> str:
        """Return the HTML, with internal links made absolute."""
        out: list[str] = []
        for token in _tokens(self.source):
            if token["text"] is not None:
                out.append(_BARE_AMPERSAND.sub("&amp;", token["text"]))
            elif token["name"] == "br":
                out.append("<br />\n")
            elif token["name"] == "a" and not token["close"]:
                out.append(_HREF.sub(lambda m: _printed_href(m[1], base_url), token[0]))
            else:
                out.append(token[0])
        return "".join(out)

    def text(self) -> str:
        """Return the text as a reader sees it; a line break is a newline."""
        out = []
        for token in _tokens(self.source):
            if token["text"] is not None:
                out.append(html.unescape(token["text"]))
            elif token["name"] == "br":
                out.append("\n")
        return "".join(out)

    def links(self) -> list[Hyperlink]:
        """Return the links in document order."""
        found: list[Hyperlink] = []
        href: str | None = None
        words: list[str] = []
        for token in _tokens(self.source):
            if token["name"] == "a" and not token["close"]:
                match = _HREF.search(token["rest"])
                href, words = (html.unescape(match[1]) if match else None), []
            elif token["name"] == "a":
                if href is not None:
                    found.append(Hyperlink(href, folded("".join(words))))
                href = None
            elif token["name"] == "br":
                words.append(" ")
            elif token["text"] is not None:
                words.append(html.unescape(token["text"]))
        return found


def _printed_href(href: str, base_url: str) -> str:
    return f'href="{_BARE_AMPERSAND.sub("&#038;", absolute(href, base_url))}"'


def folded(text: str) -> str:
    r"""Collapse white space, including no-break spaces, to single spaces, and strip it.

    >>> folded("Next  Up \n")
    'Next Up'
    """
    return " ".join(text.split())
