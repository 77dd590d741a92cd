"""Files that a page names outside of its markup: in JSON, and in attributes for scripts.

Players, playlists, galleries and sliders load what such data name. Only what is certainly the URL
of a file is taken: it is absolute, or stands where a script expects a URL; it ends as a file does;
and it is no pattern. Everything else would be a guess, and a guess is a request that fails.
"""

import json
import re
from collections.abc import Iterator

from lxml import etree

from cacnp_archive.model import urls
from cacnp_archive.model.records import Requisite, RequisiteKind
from cacnp_archive.model.site import DOCUMENT_FILE, MEDIA_FILE, Site
from cacnp_archive.parsing.files.styles import css_references, path_of
from cacnp_archive.parsing.resolve import MAX_REFERENCE_CHARS, resolve
from cacnp_archive.parsing.select import Element
from cacnp_archive.parsing.srcset import parse_srcset

MAX_VALUES = 10_000
"""Of one piece of JSON, at most this many values are looked at."""

_ABSOLUTE = re.compile(r"(?:https?:)?//[^/]", re.IGNORECASE)
_ROOTED = re.compile(r"\.{0,2}/[^/*]")
_NO_URL = re.compile(r"[\s<>{}*|\"'`\[\]$^\\]|%[sd]|\.\.\.")
_URL_NAME = re.compile(
    r"(?:^|[^a-z])(?:src|url|uri|href|link|poster|image|img|thumb|thumbnail|thumbnailurl|contenturl"
    r"|mp3|mp4|m4a|m4v|ogg|webm|wav|audio|video|pdf|background|bg|logo|full|large|original|orig"
    r"|source|download)(?:$|[^a-z])"
)
"""Names of values that are URLs; file and path are not among them, which may be of the server."""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_RELATIVE_NAMES = frozenset({"src", "contenturl", "thumbnailurl", "poster"})
_LAZY_NAMES = frozenset(
    f"data-{name}"
    for name in ("src", "lazy-src", "original", "bg", "background", "background-image", "poster")
)
_JSON_ASSIGNMENT = re.compile(r"=\s*([\[{]\s*[\"{\[])")
_MAX_ASSIGNMENTS = 100

_EXTENSION = "|".join(file.pattern[3:-2] for file in (MEDIA_FILE, DOCUMENT_FILE))
_DATA_ATTRIBUTE = re.compile(r"""data-[\w-]+\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
_FILE_NAME = re.compile(rf"\.(?:{_EXTENSION})\b", re.IGNORECASE)
_NAMED_IN_SCRIPT = re.compile(rf"\.(?:{_EXTENSION})[?#\"]", re.IGNORECASE)
_DATA = etree.XPath("//@*[starts-with(name(), 'data-') and contains(., '.')]")
_JSON_TYPES = frozenset({"application/json", "application/ld+json"})
_SCRIPT_TYPES = frozenset({"", "text/javascript", "application/javascript", "module"})
_IMAGE_FILE = re.compile(r"\.(jpe?g|png|gif|webp|avif|svg|bmp|tiff?|ico)$", re.IGNORECASE)


def kind_of_file(reference: str) -> RequisiteKind | None:
    """Return how a page uses a file, judged by its name; None for what is no file."""
    path = path_of(reference)
    if DOCUMENT_FILE.search(path):
        return RequisiteKind.DOCUMENT
    if _IMAGE_FILE.search(path):
        return RequisiteKind.IMAGE
    return RequisiteKind.MEDIA if MEDIA_FILE.search(path) else None


def select_named_files(root: Element, text: str, base: str, site: Site) -> Iterator[Requisite]:
    """Yield the files of the site itself that JSON, scripts and `data-` attributes name.

    The text of the page tells whether a search of its tree is worth the time.
    """
    for reference in _references(root, text):
        kind = kind_of_file(reference)
        url = resolve(base, reference)
        if kind is not None and url is not None and site.owns(url):
            yield Requisite(url=urls.without_fragment(url), kind=kind)


def _references(root: Element, text: str) -> Iterator[str]:
    if any("." in data and _FILE_NAME.search(data) for data in _DATA_ATTRIBUTE.findall(text)):
        attributes = _DATA(root)
        for value in attributes if isinstance(attributes, list) else ():
            yield from files_of_attribute(value.attrname, value)  # type: ignore[union-attr,arg-type]
    for script in root.iter("script"):
        code = script.text
        if not code or not _NAMED_IN_SCRIPT.search(code):
            continue
        type_ = script.get("type", "").lower()
        if type_ in _JSON_TYPES or "wp-playlist-script" in script.get("class", ""):
            yield from files_of_json(code)
        elif type_ in _SCRIPT_TYPES:
            yield from files_of_script(code)


def files_of_attribute(name: str, value: str) -> Iterator[str]:
    """Yield the references to files in an attribute that scripts read (`data-…`)."""
    if len(value) > MAX_REFERENCE_CHARS or value.startswith(("{", "[")):
        yield from files_of_json(value)
    elif "url(" in value:
        yield from (found for found, _ in css_references(value) if _is_file(found))
    elif name.endswith("srcset"):
        yield from filter(_is_file, parse_srcset(value))
    elif _is_url(name.removeprefix("data-"), value.strip(), is_relative=name in _LAZY_NAMES):
        yield value.strip()


def files_of_json(text: str) -> Iterator[str]:
    """Yield the references to files in JSON; nothing when it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return
    yield from _files_in(value)


def files_of_script(text: str) -> Iterator[str]:
    """Yield the references to files in JSON that a script assigns: `var settings = {"a": …};`."""
    decode = json.JSONDecoder().raw_decode
    position = 0
    for _ in range(_MAX_ASSIGNMENTS):
        begin = _JSON_ASSIGNMENT.search(text, position)
        if begin is None:
            return
        try:
            value, position = decode(text, begin.start(1))
        except (ValueError, RecursionError):
            position = begin.end()
        else:
            yield from _files_in(value)


def _files_in(value: object) -> Iterator[str]:
    """Yield the references in a JSON value, in order."""
    stack: list[tuple[str, object]] = [("", value)]
    for _ in range(MAX_VALUES):
        if not stack:
            return
        name, item = stack.pop()
        if isinstance(item, dict):
            stack.extend((str(key), part) for key, part in reversed(item.items()))
        elif isinstance(item, list):
            stack.extend((name, part) for part in reversed(item))
        elif isinstance(item, str):
            folded = _CAMEL.sub("-", name).lower()
            is_relative = folded.replace("-", "") in _RELATIVE_NAMES
            if _is_url(folded, item.strip(), is_relative=is_relative):
                yield item.strip()


def _is_url(name: str, value: str, *, is_relative: bool) -> bool:
    if not _is_file(value):
        return False
    return (
        is_relative
        or _ABSOLUTE.match(value) is not None
        or (_ROOTED.match(value) is not None and _URL_NAME.search(name) is not None)
    )


def _is_file(value: str) -> bool:
    path = path_of(value)
    if not (MEDIA_FILE.search(path) or DOCUMENT_FILE.search(path)):
        return False
    return len(value) <= MAX_REFERENCE_CHARS and _NO_URL.search(value) is None
