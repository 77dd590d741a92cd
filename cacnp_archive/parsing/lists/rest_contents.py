"""Read the contents of posts and pages from a reply of the REST API, to learn layouts from."""

import json
from collections.abc import Iterator
from html import unescape

from cacnp_archive.model.layouts import KnownContent
from cacnp_archive.model.site import Site
from cacnp_archive.parsing.select import body_of, fold
from cacnp_archive.parsing.text.select_body import select_body
from cacnp_archive.parsing.tree import parse_html


def rest_contents(text: str, site: Site) -> Iterator[tuple[str, KnownContent]]:
    """Yield the canonical URL and the content of each post or page that a reply has in full."""
    try:
        items = json.loads(text)
    except (ValueError, RecursionError):
        return
    for item in items if isinstance(items, list) else []:
        link, html = _value(item, "link"), _rendered(item, "content")
        if link is None or not html or not site.owns(link):
            continue
        root = parse_html(f"<body>{html}</body>")
        body = None if root is None else body_of(root)
        if body is not None:
            title = _rendered(item, "title")
            yield (
                site.canonical(link),
                KnownContent(
                    title=None if title is None else fold(unescape(title)),
                    text=select_body(body).text,
                    day=(_value(item, "date") or "")[:10] or None,
                ),
            )


def _value(item: object, name: str) -> str | None:
    value = item.get(name) if isinstance(item, dict) else None
    return value if isinstance(value, str) else None


def _rendered(item: object, name: str) -> str | None:
    return _value(item.get(name), "rendered") if isinstance(item, dict) else None
