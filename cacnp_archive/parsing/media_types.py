"""Detect the format of a body: by its Content-Type, unless its first bytes disprove that.

A body of no or of a meaningless type is sniffed as the MIME Sniffing standard says. Beyond that
standard, what begins as an HTML document is one whatever text it is called, `nosniff` or not: a
browser shows its source, and a reader wants its words.
"""

import re
from enum import Enum, auto
from urllib.parse import urlsplit

from cacnp_archive.model.content_type import UNKNOWN_TYPES


class Format(Enum):
    """The formats that have a parser, and two that have none."""

    HTML = auto()
    CSS = auto()
    LIST = auto()
    """What may be a sitemap, a feed or JSON of the REST API; sitemaps may be compressed files."""
    ROBOTS = auto()
    OEMBED = auto()
    """JSON with which a provider describes an embed."""
    PDF = auto()
    AUDIO = auto()
    """MP3 or M4A."""
    MISLABELLED = auto()
    """Declared as HTML but binary, or as an image or PDF but something else."""
    OTHER = auto()


HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_XML_TYPES = frozenset({"application/xml", "text/xml"})
_TEXTUAL_TYPES = HTML_TYPES | _XML_TYPES | UNKNOWN_TYPES | {"text/plain"}
_NEVER_A_PAGE = re.compile(r"(?:image|audio|video|font)/|.*[/+](?:javascript|ecmascript|json)$")
_GZIP_PATH = re.compile(r"\.xml\.gz$|sitemap[^/]*\.gz$", re.IGNORECASE)
_BLANK = re.compile(rb"(?:\xef\xbb\xbf|\s|<!--.*?-->)*", re.DOTALL)
_SPACE = re.compile(rb"(?:\xef\xbb\xbf)?\s*")
_HTML_START = re.compile(rb"(?:<\?xml[^>]*>\s*)?(?:<!doctype\s+html|<html[\s>])", re.IGNORECASE)
_LIST_START = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex|rss|feed|RDF)[\s>]")
"""Messages of PHP may stand before it, and keep PHP from sending the Content-Type of XML."""
_SNIFFED_HTML = re.compile(
    rb"<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)"
    rb"[ \t\n\f\r>]|<!--",
    re.IGNORECASE,
)
"""What an HTML page of unknown type begins with: MIME Sniffing section 7.1."""
_BINARY_STARTS = (
    b"%PDF-",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
)
_SURE_AUDIO_START = re.compile(rb"ID3|.{4}ftypM4[AB]", re.DOTALL)
_AUDIO_START = re.compile(rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]|.{4}ftyp", re.DOTALL)
"""Starts of MPEG layer III and MPEG-4: too short to be trusted unless the Content-Type agrees."""
SNIFFED_BYTES = 2048
"""`format_of` looks at this many bytes of a body."""


def format_of(media_type: str, url: str, body: bytes) -> Format:
    """Return the format of a body of a media type; "" if it has no valid one.

    >>> format_of("", "https://a.example/", b"<!DOCTYPE html><p>")
    <Format.HTML: 1>
    >>> format_of("text/html", "https://a.example/x.pdf", b"%PDF-1.7")
    <Format.MISLABELLED: 8>
    >>> format_of("text/htm", "https://a.example/", b"<!DOCTYPE html><p>")
    <Format.HTML: 1>
    """
    start = body[:SNIFFED_BYTES]
    if start.startswith(b"\x1f\x8b") and _GZIP_PATH.search(urlsplit(url).path):
        return Format.LIST
    if media_type == "application/pdf":
        # ISO 32000-1 annex H.3.4.1: readers accept the header anywhere in the first 1024 bytes.
        return Format.PDF if b"%PDF-" in start[:1024] else Format.MISLABELLED
    if start.startswith(b"%PDF-") and media_type not in HTML_TYPES:
        return Format.PDF
    if media_type.startswith("audio/"):
        return Format.AUDIO if _AUDIO_START.match(start) else Format.OTHER
    is_unknown = media_type in UNKNOWN_TYPES
    if (is_unknown or media_type == "application/octet-stream") and _SURE_AUDIO_START.match(start):
        return Format.AUDIO
    if start.startswith(_BINARY_STARTS):
        return Format.MISLABELLED if media_type in HTML_TYPES else Format.OTHER
    blank, space = _BLANK.match(start), _SPACE.match(start)
    begin = start[blank.end() if blank else 0 :]
    if _HTML_START.match(begin):
        return Format.MISLABELLED if _NEVER_A_PAGE.match(media_type) else Format.HTML
    if media_type in _TEXTUAL_TYPES:
        if urlsplit(url).path == "/robots.txt":
            return Format.ROBOTS
        if _LIST_START.search(begin):
            return Format.LIST
    if media_type in HTML_TYPES:
        return Format.HTML
    if is_unknown and space and _SNIFFED_HTML.match(start, space.end()):
        return Format.HTML
    if media_type == "text/css":
        return Format.CSS
    if media_type in _XML_TYPES or media_type.endswith("+xml"):
        return Format.LIST
    if media_type == "application/feed+json":
        return Format.LIST
    if "oembed" in url and (media_type.endswith(("/json", "+json")) or start.startswith(b"{")):
        return Format.OEMBED
    return Format.OTHER
