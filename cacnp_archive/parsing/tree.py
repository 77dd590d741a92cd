"""Parse the text of an HTML page to a tree; no other module does."""

import re

from lxml import etree

from cacnp_archive.model import urls
from cacnp_archive.parsing.select import Element, body_of, tokens
from cacnp_archive.parsing.standard_html import parse_standard

# libxml2 stops at 2,048 levels, so no tree is deeper.
_PARSER = etree.HTMLParser(
    encoding="utf-8",
    huge_tree=True,
    remove_comments=True,
    remove_pis=True,
    collect_ids=False,  # no parser looks elements up by ID
)
_CONTROLS = bytes([*range(9), 11, *range(14, 32), 127])
# libxml2's time grows with the square of a tag's attribute count: 100,000 take 90 seconds.
_UNIT = r"""[^"'>\s/]*+(?:"[^"]*+"|'[^']*+'|[\s/]++)"""
_OVERLOADED_TAG = re.compile(
    rf"""(<[a-z][^\s/>"']*+)(?:{_UNIT}){{2000}}(?:[^"'>]++|"[^"]*+"|'[^']*+')*+""", re.IGNORECASE
)
_MIN_OVERLOADED_CHARS = 100_000
_REFERENCES = frozenset({"href", "src", "data", "data-src", "poster", "background", "cite"})
# What libxml2 reads otherwise than browsers without reporting an error; seen with libxml2 2.14.
_UNREPORTED = tokens("applet embed frameset marquee math object plaintext template")
_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_AFTER_END = re.compile(r"(?:\s|</(?:body|html)\s*>|<!--(?:[^-]|-(?!->))*+-->)*+", re.IGNORECASE)
_BODY_TAG = re.compile(r"<body\s[^<>]{1,4000}>", re.IGNORECASE)
_ROWS = tokens("td th script style template")
_GROUPS = _ROWS | {"tr"}
_CONTENT = {
    "select": tokens("hr optgroup option script template"),
    "table": _GROUPS | tokens("caption col colgroup tbody tfoot thead"),
    **dict.fromkeys(("tbody", "tfoot", "thead"), _GROUPS),
    "tr": _ROWS,
}
_NOT_IN_SVG = (
    *("b", "big", "blockquote", "br", "center", "code", "div", "em", "h1", "h2", "h3", "h4", "h5"),
    *("h6", "hr", "i", "iframe", "img", "li", "noembed", "ol", "p", "pre", "small", "span"),
    *("strong", "sub", "sup", "table", "textarea", "ul", "xmp"),
)


def parse_html(text: str) -> Element | None:
    """Return the root element of a page, as browsers read it; None when it has no elements.

    libxml2 reads well-formed markup as the HTML standard says, and twice as fast as others; what
    it had to repair is parsed again by the standard.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > _MIN_OVERLOADED_CHARS:
        text = _OVERLOADED_TAG.sub(r"\1", text)
    root = _parse(text)
    if root is None or not _is_repaired(root, text):
        return root
    return parse_standard(text)


def _is_repaired(root: Element, text: str) -> bool:
    """Whether browsers may read a page otherwise than libxml2 did."""
    if _PARSER.error_log.last_error is not None or next(root.iter(*_UNREPORTED), None) is not None:
        return True
    body = body_of(root)
    if (body is None or not body.attrib) and _BODY_TAG.search(text):
        return True  # text before the body opened another one, without the classes
    end = _END.search(text)
    if end is not None and _AFTER_END.fullmatch(text, end.end()) is None:
        return True
    return any(map(_is_misplaced, root.iter("image", "svg", *_CONTENT)))


def _is_misplaced(element: Element) -> bool:
    """Whether an element holds what browsers put before or behind it, or has another name."""
    if element.tag == "svg":
        return next(element.iterdescendants(*_NOT_IN_SVG), None) is not None
    if element.tag == "image":
        return next(element.iterancestors("svg"), None) is None
    if (element.text or "").strip():
        return True
    allowed = _CONTENT[str(element.tag)]
    return any(
        child.tag not in allowed or (child.tail or "").strip() for child in element.iterchildren()
    )


def base_url(root: Element, page_url: str) -> str:
    """Return the URL against which the page's references are resolved.

    The first `base` with an `href` counts, even if that is no web address (HTML standard, 4.2.3).
    """
    bases = (base.get("href") for base in root.iter("base"))
    base = next((base for base in bases if base is not None), "")
    url = urls.resolve(page_url, base) if base else None
    return url if url is not None and url.startswith("http") else page_url


def encode_queries(root: Element, encoding: str) -> None:
    """Percent-encode the queries of a page's references in its own encoding, as browsers do.

    This concerns pages in other encodings than UTF-8 (HTML standard, section 2.4.2).
    """
    for element in root.iter():
        for name, value in element.items():
            if name in _REFERENCES and not value.isascii():
                element.set(name, urls.with_encoded_query(str(value), encoding))


def _parse(text: str) -> Element | None:
    try:
        return etree.fromstring(text.encode("utf-8", "replace").translate(None, _CONTROLS), _PARSER)
    except etree.XMLSyntaxError:
        return None
