"""Resolve references to URLs, with caches: most links of a site are on many pages."""

import re
from functools import lru_cache

from cacnp_archive.model import urls
from cacnp_archive.model.site import Site

MAX_REFERENCE_CHARS = 8192
"""Longer references are data, not URLs: `data:` images can have many kilobytes."""

_ROOTED = re.compile(r"//?[A-Za-z0-9]")


def resolve(base: str, reference: str) -> str | None:
    """Return the absolute URL of a reference; a cached `urls.resolve`."""
    if len(reference) > MAX_REFERENCE_CHARS:
        return None
    return _resolve(base_for(reference, base), reference)


def base_for(reference: str, base: str) -> str:
    """Return the part of a base URL that a reference depends on, as a key for caches.

    Links of a menu are the same on every page, so one cache entry serves all pages.

    >>> base_for("/about/", "https://a.example/x/y/"), base_for("z/", "https://a.example/x/y/")
    ('https://a.example/', 'https://a.example/x/y/')
    """
    if reference.startswith(("https://", "http://")):
        return ""
    if _ROOTED.match(reference):
        return base[: base.find("/", len("https://")) + 1] or base
    return base


_resolve = lru_cache(maxsize=urls.REMEMBERED)(urls.resolve)


@lru_cache(maxsize=urls.REMEMBERED)
def canonical(url: str, site: Site) -> str:
    """Return the canonical form of a URL; a cached `Site.canonical`."""
    return site.canonical(url)
