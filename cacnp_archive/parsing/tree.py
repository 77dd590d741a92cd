"""Text to tree: the one place where HTML is parsed."""

import re

from lxml import etree

from cacnp_archive import urls
from cacnp_archive.parsing.select import Element, elements

MAX_HTML_CHARS = 16 * 1024 * 1024
"""A longer page is not parsed. Pages on Genesis that were looked at had up to 400,000."""

# libxml2 leaves out what lies below 2,048 levels, so nothing here meets a deeper tree.
_PARSER = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_BODY_TAG = re.compile(r"<body\s[^<>]{1,4000}>", re.IGNORECASE)
_BASES = elements("//base[@href]")


def parse_html(text: str) -> Element | None:
    """Return the root of a page's tree; None when there is no element in it."""
    text = _CONTROLS.sub("", text.removeprefix("\ufeff"))
    root = _parse(text)
    if root is not None:
        _restore_body_tag(root, text)
    return root


def base_url(root: Element, page_url: str) -> str:
    """Return the address against which the page's references are resolved."""
    bases = _BASES(root)
    return (urls.resolve(page_url, bases[0].get("href", "")) if bases else None) or page_url


def _parse(text: str) -> Element | None:
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), _PARSER)
    except etree.XMLSyntaxError:
        return None


def _restore_body_tag(root: Element, text: str) -> None:
    # Text before <body>, such as a PHP warning, makes libxml2 open the body there; it then drops
    # the real body tag with its classes, which tell what the page is. Seen with libxml2 2.14. What
    # stood in the head lies in the body then, which nothing here minds.
    body = root.find("body")
    if body is None or body.attrib:
        return
    tag = _BODY_TAG.search(text)
    alone = _parse(tag.group()) if tag else None
    found = None if alone is None else alone.find("body")
    if found is not None:
        body.attrib.update(found.attrib)
