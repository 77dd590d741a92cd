"""WordPress's own numbers, as its themes print them."""

import re

_CLASS_ID = re.compile(r"(?<!\S)(?:post|postid|page-id)-(\d{1,18})(?!\S)", re.ASCII)
_SHORTLINK_ID = re.compile(r"[?&](?:p|page_id)=(\d{1,18})\b", re.ASCII)


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
