"""Turn the bytes of a list into text that an XML parser takes, without inventing anything.

Search engines and feed readers read lists that are no well-formed XML. What is repaired here is
what sites were seen to serve: messages of PHP before the declaration, bare ampersands, HTML
entities, control characters, wrongly declared encodings, files that were cut off.
"""

import codecs
import re
import zlib
from dataclasses import dataclass
from html import escape
from html.entities import html5

from w3lib.encoding import http_content_type_encoding, read_bom, resolve_encoding

from cacnp_archive.parsing.encodings import BETWEEN_UTF_8

MAX_LIST_BYTES = 64 * 1024 * 1024
"""Limit for a decompressed sitemap; sitemaps.org allows 50 MB, larger ones are bombs."""

UNKNOWN_REFERENCE = "\ufdd0"
"""A noncharacter: it stands for the `&` of a reference to an entity that nothing declares."""

GZIP_START = b"\x1f\x8b"
_MAX_LAYERS = 2  # some servers compress the compressed file again
_DECLARED_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_UTF_16_START = re.compile(rb"\s*(?:(?P<little><\0[^\0]\0)|\0<\0[^\0])")

_ROOT = r"<(?:[\w.-]+:)?(urlset|sitemapindex|rss|feed|RDF)(?=[\s/>])"
ROOT_TAG = re.compile(_ROOT)
_ROOT_OR_END = re.compile(
    rf"{_ROOT}[^>]*?(?P<empty>/)?>|</(?:[\w.-]+:)?(?:urlset|sitemapindex|rss|feed|RDF)\s*>"
)
_ENTRY_END = re.compile(r"</(?:[\w.-]+:)?(?:url|sitemap|item|entry|loc)\s*>")
_NO_XML_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0\ufffe\uffff]")
_MARKUP = re.compile(
    r"<!\[CDATA\[(?P<literal>.*?)\]\]>|<!--.*?-->|<\?.*?\?>"
    r"|<!DOCTYPE[^\[>]*(?:\[(?P<subset>[^\]]*)\]\s*)?>"
    r"|&(?:(?P<name>[A-Za-z][\w.-]*)|\#(?:(?P<number>[0-9]{1,8})|[xX](?P<hex>[0-9A-Fa-f]{1,6})));"
    r"|&|<(?![A-Za-z_/!?])",
    re.DOTALL,
)
_ENTITY = re.compile(
    r"<!ENTITY\s+([A-Za-z][\w.-]*)\s+(?:\"([^\"&%<]{0,300})\"|'([^'&%<]{0,300})')\s*>"
)
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})


class UnreadableListError(ValueError):
    """Raised for a file whose compression is broken from its beginning, or expands endlessly."""


@dataclass(frozen=True, slots=True)
class ListText:
    """The XML documents of a list, one after the other, without declarations and comments."""

    text: str
    is_repaired: bool
    """Whether something was wrong, but no entry is lost."""
    is_cut: bool
    """Whether the list ends before its end: then `text` has the complete entries."""


def unpacked(body: bytes) -> bytes:
    """Return a body without its compression, known by its first bytes; UnreadableListError.

    A file that was cut off gives what can be decompressed.
    """
    for _ in range(_MAX_LAYERS):
        if not body.startswith(GZIP_START):
            break
        pieces, size = [], 0
        while body.startswith(GZIP_START):  # a file may have several members
            stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
            try:
                pieces.append(stream.decompress(body, MAX_LIST_BYTES - size))
            except zlib.error as error:
                if not pieces:
                    raise UnreadableListError(f"gzip: {error}") from error
                break
            size += len(pieces[-1])
            if stream.unconsumed_tail or size >= MAX_LIST_BYTES:
                raise UnreadableListError("gzip: decompresses beyond bounds")
            body = stream.unused_data
        body = b"".join(pieces)
    return body


def decoded(body: bytes, content_type: str) -> str:
    """Decode a list: by its BOM; as UTF-8 if it is valid; else as it says, or as windows-1252.

    Lists in UTF-8 that declare another encoding are more frequent than lists in another encoding
    that happen to be valid UTF-8. Invalid bytes become U+FFFD.
    """
    bom_encoding, bom = read_bom(body)
    if bom_encoding is not None and bom is not None:
        return body[len(bom) :].decode(bom_encoding, "replace")
    declared = _DECLARED_ENCODING.search(body[:4096])
    stated = http_content_type_encoding(content_type) or (
        resolve_encoding(declared[1].decode("ascii")) if declared else None
    )
    start = _UTF_16_START.match(body)
    wide = start and ("utf-16-le" if start["little"] else "utf-16-be")
    if wide or (stated or "").startswith("iso2022"):
        return body.decode(wide or stated or "", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if stated is None or codecs.lookup(stated).name.startswith("utf-"):
        return body.decode("utf-8", BETWEEN_UTF_8)
    return body.decode(stated, "replace")


def list_text(text: str) -> ListText | None:
    """Return the XML of a list in a text; None when no sitemap or feed begins in it.

    >>> list_text("Notice: x in /a.php<urlset><url><loc>/?a=1&b=2</loc></url><url><loc>/c")
    ListText(text='<urlset><url><loc>/?a=1&amp;b=2</loc></url>', is_repaired=False, is_cut=True)
    """
    clean, replaced = _without_surprises(text)
    start = ROOT_TAG.search(clean)
    if start is None:
        return None
    rest = clean[start.start() :]
    is_cut = _is_cut(rest)
    if is_cut:
        ends = list(_ENTRY_END.finditer(rest))
        rest = rest[: ends[-1].end()] if ends else ""
    is_repaired = replaced or bool(clean[: start.start()].strip())
    return ListText(rest, is_repaired and not is_cut, is_cut)


def _is_cut(text: str) -> bool:
    """Whether the last document of a text lacks its end tag."""
    is_open = True
    for tag in _ROOT_OR_END.finditer(text):
        is_open = tag[1] is not None and tag["empty"] is None
    return is_open


def _without_surprises(text: str) -> tuple[str, bool]:
    """Return a text in which only tags, plain text and the references of XML are left."""
    declared: dict[str, str] = {}
    changes = 0

    def replaced(markup: re.Match[str]) -> str:
        nonlocal changes
        found = markup[0]
        if markup["literal"] is not None:
            return escape(markup["literal"], quote=False)
        if found.startswith(("<!", "<?")):
            entities = _ENTITY.findall(markup["subset"] or "")
            declared.update((name, one or other) for name, one, other in entities)
            return ""
        if markup["number"] or markup["hex"]:
            point = int(markup["number"] or markup["hex"], 10 if markup["number"] else 16)
            is_scalar = point <= 0x10FFFF and not 0xD800 <= point <= 0xDFFF
            return _escaped(chr(point)) if is_scalar else ""
        if markup["name"] in _OF_XML:
            return found
        if markup["name"] in declared:
            return _escaped(declared[markup["name"]])
        changes += 1
        if markup["name"]:
            character = html5.get(f"{markup['name']};")
            return _escaped(character) if character else UNKNOWN_REFERENCE + found[1:]
        return escape(found)

    without_controls = _NO_XML_CHARACTER.sub("", text.removeprefix("\ufeff"))
    clean = _MARKUP.sub(replaced, without_controls)
    return clean, changes > 0 or len(without_controls) < len(text.removeprefix("\ufeff"))


def _escaped(text: str) -> str:
    return escape(_NO_XML_CHARACTER.sub("", text), quote=False)
