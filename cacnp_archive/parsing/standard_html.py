"""Parse HTML as the HTML standard says and browsers do, with lexbor.

This takes twice as long as libxml2, so `parsing/tree.py` calls it only for the pages that libxml2
repairs in a way of its own. The standard lets some pages grow with the square of their length;
their tags are thinned out beforehand, and their text is kept.
"""

import re
from collections import Counter
from functools import lru_cache

from lxml import etree
from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from cacnp_archive.parsing.select import Element, tokens

MAX_NESTING = 400
"""Deeper elements are siblings of each other, as in Chromium, which allows 512 levels."""

_FORMATTING = "b big code em font i nobr s small strike strong tt u"
_FORMATTING_TAG = re.compile(
    rf"</?(?:{'|'.join(_FORMATTING.split())})(?=[\s/>])[^<>]*>", re.IGNORECASE
)
_TAG = re.compile(r"<(/?)([a-z][^\s/>]*)[^<>]*>", re.IGNORECASE)
_INLINE = tokens(f"{_FORMATTING} a abbr span sub sup")
# Elements that cannot be nested without others in between.
_NOT_NESTED = tokens(
    "area base body br caption col colgroup dd dt embed head hr html iframe img input li link"
    " meta noembed noframes optgroup option p param rp rt script source style tbody td textarea"
    " tfoot th thead title tr track wbr xmp"
)
# lexbor takes some 20 ns for each open element at each tag: half a second for these.
MAX_STEPS = 25_000_000
_MAX_TAGS = 5_000

_PARSER = etree.XMLParser(
    recover=True,  # of unknown prefixes of names; all else is well-formed
    huge_tree=True,
    collect_ids=False,
    resolve_entities=False,
)
_NAME = re.compile(r"[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?", re.ASCII)
# XML has no such characters; of them, only a form feed is seen, as a space.
_NOT_IN_XML = dict.fromkeys([*range(9), 11, *range(14, 32), 0xFFFE, 0xFFFF], "") | {12: " "}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPACE = re.compile("[\t\n\r]")  # XML would make it spaces in attributes


def parse_standard(text: str) -> Element | None:
    """Return the root element of a page, None when XML cannot hold it.

    The contents of templates are children of these; comments are left out.
    """
    page = LexborHTMLParser(
        _bounded(text).encode("utf-8", "replace"), options=LexborDocumentOptions.WO_EVENTS
    )
    if page.root is None:
        return None
    try:
        return etree.fromstring(_as_xml(page.root), _PARSER)
    except etree.XMLSyntaxError:
        return None


def flattened(text: str) -> str:
    """Return a page without the tags of elements nested deeper than MAX_NESTING.

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
        if name in _NOT_NESTED:
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


def _bounded(text: str) -> str:
    tag_count = text.count("<")
    if tag_count <= _MAX_TAGS:
        return text
    # Each tag of a paragraph may repeat all formatting that is open.
    if len(_FORMATTING_TAG.findall(text)) * tag_count > MAX_STEPS:
        text = _FORMATTING_TAG.sub("", text)
    return flattened(text)


def _as_xml(root: LexborNode) -> str:
    parts: list[str] = []
    open_nodes: list[tuple[LexborNode, str]] = []
    node: LexborNode | None = root
    while node is not None:
        child = None
        tag = node.tag or ""
        if tag == "-text":
            parts.append(_escape(node.text_content or ""))
        elif not tag.startswith("-"):
            child = _first_child(node, tag)
            name = _element_name(tag)
            ends_here = child is None or len(open_nodes) >= MAX_NESTING
            parts.append(f"<{name}{_xml_attributes(node)}{'/>' if ends_here else '>'}")
            if child is not None:
                open_nodes.append((node, "" if ends_here else f"</{name}>"))
                node = child
                continue
        node = node.next
        while node is None and open_nodes:
            node, end = open_nodes.pop()
            parts.append(end)
            node = node.next if open_nodes else None
    return "".join(parts)


def _first_child(node: LexborNode, tag: str) -> LexborNode | None:
    if tag == "template":
        contents = node.template_fragments()
        return contents[0].first_child if contents else None
    return node.first_child


def _xml_attributes(node: LexborNode) -> str:
    return "".join(
        f' {name}="{_escape_value(value) if value else ""}"'
        for name, value in node.attributes.items()
        if _is_attribute_name(name)
    )


def _escape_value(value: str) -> str:
    value = _escape(value).replace('"', "&quot;")
    return _SPACE.sub(lambda space: f"&#{ord(space[0])};", value)


def _escape(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.translate(_NOT_IN_XML) if _CONTROL.search(text) else text


@lru_cache(maxsize=1024)
def _is_attribute_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and not name.startswith("xmlns")


@lru_cache(maxsize=1024)
def _element_name(tag: str) -> str:
    return tag if _NAME.fullmatch(tag) and not tag.startswith("xmlns:") else "unknown"
