"""Find the URLs in CSS: in style sheets, `style` elements and `style` attributes.

A regular expression replaces tinycss2 because most pages have inline styles: on the same two inputs
tinycss2 1.5.1 parsed 1.5 and 1.7 MB/s, this module 69 and 158. It knows the tokens that decide
where a URL begins and ends (CSS Syntax Level 3, section 4.3): comments, strings, escapes, `url(`,
and what is left when a string or URL is broken. A test compares it with tinycss2.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from cacnp_archive.model import urls
from cacnp_archive.model.records import Requisite, RequisiteKind
from cacnp_archive.parsing.resolve import resolve

_SPACE = r"[ \t\n\r\f]"
_COMMENT = r"/\*.*?(?:\*/|\Z)"
_ESCAPED = r"\\(?:\r\n|.|\Z)"
_DOUBLE = rf'"((?:[^"\\\n\r\f]|{_ESCAPED})*+)(?:"|\Z)'
_SINGLE = rf"'((?:[^'\\\n\r\f]|{_ESCAPED})*+)(?:'|\Z)"
_ESCAPE_IN_NAME = rf"\\(?:[0-9A-Fa-f]{{1,6}}{_SPACE}?|[^\n\r\f0-9A-Fa-f])"
_BARE = (
    rf"((?:[^\s\"'()\\\x00-\x08\x0e-\x1f\x7f]|[^\x00-\x7f]|{_ESCAPE_IN_NAME})*+)"
    rf"{_SPACE}*(?:\)|\Z)"
)
_BAD = r"(?:\\.|[^)\\])*+\)?"
# Nothing that is part of a longer name, an at-keyword or a hash is a URL.
_URL = (
    rf"(?<![\w\-@#\\].)[rR][lL]\({_SPACE}*"
    rf"(?:{_DOUBLE}|{_SINGLE}|(?![\"']){_BARE}|(?![\"']){_BAD})"
)
# It is found by its hyphen, which is rarer than an i.
_IMAGE_SET = r"-(?<=(?<![\w@#\\])[iI][mM][aA][gG][eE]-)[sS][eE][tT]\("
_BETWEEN = rf"(?:{_SPACE}|{_COMMENT})*"
_ANY_STRING = rf'"(?:[^"\\\n\r\f]|{_ESCAPED})*+"?|\'(?:[^\'\\\n\r\f]|{_ESCAPED})*+\'?'
# Every branch begins with a literal character in both cases, so that re can skip ahead to it; with
# re.IGNORECASE this took ten times as long. At most one group matches: the reference, or the
# arguments of `image-set()`, in which strings are references too.
_TOKEN = re.compile(
    rf"{_COMMENT}"
    rf"|@[iI][mM][pP][oO][rR][tT](?![\w\-\\]){_BETWEEN}(?:{_DOUBLE}|{_SINGLE}|[uU]{_URL})"
    rf"|@[nN][aA][mM][eE][sS][pP][aA][cC][eE](?![\w\-\\])(?:{_ANY_STRING}|[^;{{}}\"'])*+"
    rf"|u{_URL}|U{_URL}"
    rf"|{_IMAGE_SET}"
    rf"(?P<set>(?:{_ANY_STRING}|{_COMMENT}|\((?:{_ANY_STRING}|[^()\"'])*+\)|[^()\"'])*+)"
    rf"|{_ANY_STRING}"
    rf"|{_ESCAPE_IN_NAME}[\w\-]*+",
    re.DOTALL,
)
_IN_SET = re.compile(
    rf"{_COMMENT}|[uU]{_URL}|[\w-]+\((?:{_ANY_STRING}|[^()\"'])*+\)|{_DOUBLE}|{_SINGLE}", re.DOTALL
)
_ESCAPE = re.compile(
    r"\\(?:([0-9A-Fa-f]{1,6})(?:\r\n|[ \t\n\r\f])?|\r\n|[\n\r\f]|(.)|\Z)", re.DOTALL
)
# An escape that stands for a letter, which may hide a name such as `url`.
_ESCAPED_LETTER = re.compile(
    r"\\(?:0{0,4}([57][0-9Aa]|[46][7-9A-Fa-f]|(?<![0-9A-Fa-f]\\)[46][1-6])"
    r"(?:\r\n|[ \t\n\r\f]|(?![0-9A-Fa-f]))|([g-zG-Z])|.)",
    re.DOTALL,
)
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
    if "\\" in css:
        css = _ESCAPED_LETTER.sub(_letter, css)
    for token in _TOKEN.finditer(css):
        if token.lastgroup == "set":
            items = _IN_SET.finditer(token["set"])
            yield from (
                (unescape(item[item.lastindex]), False)
                for item in items
                if item.lastindex and item[item.lastindex]
            )
        elif reference := token.group(token.lastindex) if token.lastindex else "":
            yield unescape(reference), token.group().startswith("@")


def _letter(escape: re.Match[str]) -> str:
    code, letter = escape.groups()
    return chr(int(code, 16)) if code else letter or escape[0]


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
