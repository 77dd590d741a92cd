"""Recognise pages made by WordPress with any theme, and read the IDs of posts in them."""

import re

from cacnp_archive.parsing.select import Element, body_of, classes, elements

_CLASS_ID = re.compile(r"(?<!\S)(?:post|postid|page-id)-(\d{1,18})(?!\S)", re.ASCII)
_SHORTLINK_ID = re.compile(r"[?&](?:p|page_id)=(\d{1,18})\b", re.ASCII)

_BODY_CLASS = re.compile(
    r"(?:postid|page-id|parent-pageid|page-template|single|post-type-archive|tax|term|category"
    r"|tag|author|paged|wp|attachmentid|genesis)-|error404$"
)
"""Classes that WordPress (`body_class`) and Genesis give the body.

`page` and `home` alone prove nothing: WordPress adds the ID of the page to them.
"""

_PARTS = elements(
    "//*[contains(@class, 'hentry') or contains(@class, 'entry-title')"
    " or contains(@class, 'entry-content') or contains(@class, 'wp-block-')"
    " or contains(@class, 'type-post') or contains(@class, 'type-page')]"
)

_TRACES = elements(
    "//meta[@name='generator'][contains(@content, 'WordPress')]"
    " | //link[@rel='https://api.w.org/' or @rel='EditURI' or @rel='shortlink']"
    " | //*[contains(@href, '/wp-content/') or contains(@href, '/wp-includes/')"
    " or contains(@href, '/wp-json/')]"
    " | //*[contains(@src, '/wp-content/') or contains(@src, '/wp-includes/')]"
)


_ALTERNATES = elements("//link[@rel='alternate'][@type='application/json']")
_REST_ROUTE = re.compile(r"/wp/v2/([a-z_-]+)/\d+/?$")


def rest_collection(root: Element) -> str | None:
    """Return the collection of REST that has what a page shows: `posts`, `pages`, `tags`.

    WordPress names it in the head of posts, pages and term archives of any theme, not in that of
    other lists; None if it says nothing.
    """
    routes = (_REST_ROUTE.search(link.get("href", "")) for link in _ALTERNATES(root))
    return next((match[1] for match in routes if match), None)


def is_wordpress(root: Element) -> bool:
    """Whether anything in a page shows that WordPress made it."""
    body = body_of(root)
    names = frozenset[str]() if body is None else classes(body)
    return any(map(_BODY_CLASS.match, names)) or bool(_PARTS(root)) or bool(_TRACES(root))


def wordpress_id(names: str) -> int | None:
    """Return the ID in the `id` or classes of an entry, or in the classes of the body.

    >>> wordpress_id("post-4669 post type-post")
    4669
    """
    match = _CLASS_ID.search(names)
    return int(match.group(1)) if match else None


def shortlink_id(url: str) -> int | None:
    """Return the ID in a short link.

    >>> shortlink_id("https://a.example/?p=464")
    464
    """
    match = _SHORTLINK_ID.search(url)
    return int(match.group(1)) if match else None
