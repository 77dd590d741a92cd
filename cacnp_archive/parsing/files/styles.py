"""Find the URLs in CSS: in style sheets, `style` elements and `style` attributes.

A regular expression replaces tinycss2 because most pages have inline styles: on the same two inputs
tinycss2 1.5.1 parsed 1.5 and 1.7 MB/s, this module 69 and 158. It handles comments, strings and
escapes, which alone decide where a `url()` begins (CSS Syntax Level 3, section 4.3).
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from cacnp_archive.model import urls
from cacnp_archive.model.records import Requisite, RequisiteKind
from cacnp_archive.parsing.resolve import resolve

# Possessive, since a quantifier that gives back takes quadratic time where nothing closes.
_DOUBLE = r'"((?:[^"\\]|\\.)*+)"'
_SINGLE = r"'((?:[^'\\]|\\.)*+)'"
_URL = rf"[rR][lL]\(\s*+(?:{_DOUBLE}|{_SINGLE}|((?:[^\s\"'()\\]|\\.)*+))\s*+\)"
# Every branch begins with a literal character in both cases, so that re can skip ahead to it; with
# re.IGNORECASE this took ten times as long. At most one group matches: the reference.
_TOKEN = re.compile(
    r"/\*.*?(?:\*/|\Z)"
    rf"|@[iI][mM][pP][oO][rR][tT]\b\s*(?:{_DOUBLE}|{_SINGLE}|[uU]{_URL})"
    rf"|u{_URL}|U{_URL}"
    r"|\"(?:[^\"\\\n]|\\.|\\\Z)*+(?:\"|\Z|(?=\n))|'(?:[^'\\\n]|\\.|\\\Z)*+(?:'|\Z|(?=\n))",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:([0-9A-Fa-f]{1,6})\s?|\n|(.))", re.DOTALL)
_FONT = re.compile(r"\.(?:woff2?|ttf|otf|eot)$", re.IGNORECASE)
_STYLE = re.compile(r"\.css$", re.IGNORECASE)


MAX_CACHED_CHARS = 100_000
"""Longer styles are not cached: they are files, which are parsed once."""


def css_references(css: str) -> Iterable[tuple[str, bool]]:
    """Return each reference of a style sheet, escapes resolved, and whether it is an `@import`.

    Results are cached, since all pages of a site share most of their inline styles.

    >>> list(css_references("@import 'a.css'; b{background:url(c.png)} /* url(d.png) */"))
    [('a.css', True), ('c.png', False)]
    """
    return _cached_references(css) if len(css) <= MAX_CACHED_CHARS else _references(css)


def _references(css: str) -> Iterator[tuple[str, bool]]:
    for token in _TOKEN.finditer(css):
        reference = token.group(token.lastindex) if token.lastindex else ""
        if reference:
            yield unescape(reference), token.group().startswith("@")


@lru_cache(maxsize=256)
def _cached_references(css: str) -> tuple[tuple[str, bool], ...]:
    return tuple(_references(css))


def css_requisites(css: str, base: str) -> Iterator[Requisite]:
    """Yield the files that a style sheet refers to."""
    for reference, is_import in css_references(css):
        url = None if reference.startswith("#") else resolve(base, reference)
        if url is not None and not url.startswith("mailto:"):
            url = urls.without_fragment(url)
            yield Requisite(url=url, kind=RequisiteKind.STYLE if is_import else css_kind(url))


def css_kind(url: str) -> RequisiteKind:
    """Return how a style sheet uses a URL, judged by its file name.

    >>> css_kind("https://a.example/icons.woff2?v=3")
    <RequisiteKind.FONT: 'font'>
    """
    path = path_of(url)
    if _FONT.search(path):
        return RequisiteKind.FONT
    return RequisiteKind.STYLE if _STYLE.search(path) else RequisiteKind.IMAGE


def path_of(reference: str) -> str:
    """Return a reference up to its query or fragment; it need not be well-formed.

    >>> path_of("//[broken/a.png?x#y")
    '//[broken/a.png'
    """
    return reference.partition("#")[0].partition("?")[0]


def unescape(value: str) -> str:
    r"""Resolve the escapes of CSS (CSS Syntax Level 3, section 4.3.7).

    >>> unescape(r"a\26 b\(c")
    'a&b(c'
    """
    return _ESCAPE.sub(_unescaped, value) if "\\" in value else value


def _unescaped(escape: re.Match[str]) -> str:
    code, literal = escape.groups()
    if code is None:
        return literal or ""
    point = int(code, 16)
    is_character = 0 < point <= 0x10FFFF and not 0xD800 <= point <= 0xDFFF
    return chr(point) if is_character else "\ufffd"
