"""Parse the text of an HTML page to a tree; no other module does."""

import re
from collections import Counter

from lxml import etree

from cacnp_archive.model import urls
from cacnp_archive.parsing.select import Element, body_of, tokens

# libxml2 stops at 2,048 levels, so no tree is deeper.
_PARSER = etree.HTMLParser(
    encoding="utf-8",
    huge_tree=True,
    remove_comments=True,
    remove_pis=True,
    collect_ids=False,  # no parser looks elements up by ID
)
_CONTROLS = bytes([*range(9), 11, *range(14, 32), 127])
_BODY_TAG = re.compile(r"<body\s[^<>]{1,4000}>", re.IGNORECASE)

MAX_NESTING = 400
"""Of a page nested too deeply for libxml2, at most this many levels of containers are kept."""

_INLINE = tokens("a abbr b big code em font i s small span strike strong sub sup tt u")
_CONTAINERS = _INLINE | tokens(
    "article aside blockquote center details div fieldset figure footer form header main nav"
    " ol section table ul"
)
# libxml2's time grows with the square of a tag's attribute count: 100,000 take 90 seconds.
_UNIT = r"""[^"'>\s/]*+(?:"[^"]*+"|'[^']*+'|[\s/]++)"""
_OVERLOADED_TAG = re.compile(
    rf"""(<[a-z][^\s/>"']*+)(?:{_UNIT}){{2000}}(?:[^"'>]++|"[^"]*+"|'[^']*+')*+""", re.IGNORECASE
)
_MIN_OVERLOADED_CHARS = 100_000
_REFERENCES = frozenset({"href", "src", "data", "data-src", "poster", "background", "cite"})
_TAG = re.compile(r"<(/?)([a-z]{1,10})(?=[\s/>])[^<>]*>", re.IGNORECASE)


def parse_html(text: str) -> Element | None:
    """Return the root element of a page; None when the page has no elements."""
    text = text.removeprefix("\ufeff")
    if len(text) > _MIN_OVERLOADED_CHARS:
        text = _OVERLOADED_TAG.sub(r"\1", text)
    root = _parse(text)
    error = _PARSER.error_log.last_error
    if error is not None and error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        root = _parse(flattened(text))
    if root is not None:
        _restore_body_tag(root, text)
    return root


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


def flattened(text: str) -> str:
    """Return a page without the tags of containers nested deeper than MAX_NESTING.

    >>> flattened("<div>" * 401 + "<p>text" + "</div>" * 401) == (
    ...     "<div>" * 400 + " <p>text " + "</div>" * 400
    ... )
    True
    """
    kept = 0
    dropped: Counter[str] = Counter()

    def keep(tag: re.Match[str]) -> str:
        nonlocal kept
        name = tag[2].lower()
        if name not in _CONTAINERS:
            return tag[0]
        if tag[1]:
            if not dropped[name]:
                kept = max(kept - 1, 0)
                return tag[0]
            dropped[name] -= 1
        elif kept < MAX_NESTING:
            kept += 1
            return tag[0]
        else:
            dropped[name] += 1
        return "" if name in _INLINE else " "

    return _TAG.sub(keep, text)


def _parse(text: str) -> Element | None:
    try:
        return etree.fromstring(text.encode("utf-8", "replace").translate(None, _CONTROLS), _PARSER)
    except etree.XMLSyntaxError:
        return None


def _restore_body_tag(root: Element, text: str) -> None:
    # Text before <body>, such as a PHP warning, makes libxml2 open the body there and drop the real
    # body tag, whose classes give the type of the page. Seen with libxml2 2.14. The elements of the
    # head are then inside the body, which does not matter to the parsers.
    body = body_of(root)
    if body is None or body.attrib:
        return
    tag = _BODY_TAG.search(text)
    tag_alone = _parse(tag.group()) if tag else None
    restored = None if tag_alone is None else body_of(tag_alone)
    if restored is not None:
        body.attrib.update(restored.attrib)
