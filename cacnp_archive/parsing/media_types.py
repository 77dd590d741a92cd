"""Detect the format of a body: by its Content-Type, unless its first bytes disprove that."""

import re
from enum import Enum, auto
from urllib.parse import urlsplit


class Format(Enum):
    """The formats that have a parser, and two that have none."""

    HTML = auto()
    CSS = auto()
    XML = auto()
    GZIP = auto()
    """A compressed list (`.xml.gz`), not a content coding."""
    ROBOTS = auto()
    REST = auto()
    """JSON of the WordPress REST API."""
    OEMBED = auto()
    """JSON with which a provider describes an embed."""
    PDF = auto()
    AUDIO = auto()
    """MP3 or M4A."""
    MISLABELLED = auto()
    """Declared as HTML but binary, or declared as PDF but something else."""
    OTHER = auto()


_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_XML_TYPES = frozenset({"application/xml", "text/xml"})
_TEXTUAL_TYPES = _HTML_TYPES | _XML_TYPES | {"", "text/plain"}
_REST_PATH = re.compile(r"/wp-json/wp/v2/|[?&]rest_route=/wp/v2/")
_GZIP_PATH = re.compile(r"\.xml\.gz$|sitemap[^/]*\.gz$", re.IGNORECASE)
_BLANK = re.compile(rb"(?:\xef\xbb\xbf|\s|<!--.*?-->)*", re.DOTALL)
_HTML_START = re.compile(rb"(?:<\?xml[^>]*>\s*)?(?:<!doctype\s+html|<html[\s>])", re.IGNORECASE)
_LIST_START = re.compile(
    rb"(?:<\?xml[^>]*>|<\?[^>]*\?>|<!--.*?-->|\s)*<(?:\w+:)?(?:urlset|sitemapindex|rss|feed|RDF)[\s>]",
    re.DOTALL,
)
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
    """Return the format of a body.

    >>> format_of("", "https://a.example/", b"<!DOCTYPE html><p>")
    <Format.HTML: 1>
    >>> format_of("text/html", "https://a.example/x.pdf", b"%PDF-1.7")
    <Format.MISLABELLED: 10>
    """
    start = body[:SNIFFED_BYTES]
    if start.startswith(b"\x1f\x8b") and _GZIP_PATH.search(urlsplit(url).path):
        return Format.GZIP
    if media_type == "application/pdf":
        # ISO 32000-1 annex H.3.4.1: readers accept the header anywhere in the first 1024 bytes.
        return Format.PDF if b"%PDF-" in start[:1024] else Format.MISLABELLED
    if start.startswith(b"%PDF-") and media_type not in _HTML_TYPES:
        return Format.PDF
    if media_type.startswith("audio/"):
        return Format.AUDIO if _AUDIO_START.match(start) else Format.OTHER
    if media_type in ("", "application/octet-stream") and _SURE_AUDIO_START.match(start):
        return Format.AUDIO
    if start.startswith(_BINARY_STARTS):
        return Format.MISLABELLED if media_type in _HTML_TYPES else Format.OTHER
    blank = _BLANK.match(start)
    start = start[blank.end() if blank else 0 :]
    if media_type in _TEXTUAL_TYPES:
        if _HTML_START.match(start):
            return Format.HTML
        if _LIST_START.match(start):
            return Format.XML
    if urlsplit(url).path == "/robots.txt" and media_type in ("", "text/plain"):
        return Format.ROBOTS
    if media_type in _HTML_TYPES:
        return Format.HTML
    if media_type == "text/css":
        return Format.HTML if _HTML_START.match(start) else Format.CSS
    if media_type in _XML_TYPES or media_type.endswith("+xml"):
        return Format.XML
    if media_type.endswith(("/json", "+json")) and _REST_PATH.search(url):
        return Format.REST
    if "oembed" in url and (media_type.endswith(("/json", "+json")) or start.startswith(b"{")):
        return Format.OEMBED
    return Format.OTHER
