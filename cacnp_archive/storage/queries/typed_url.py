"""Resolve an address as a person types it: a path, a host and path, or a whole URL."""

import re
from dataclasses import dataclass

from sqlite_utils import Database

from cacnp_archive.model import urls
from cacnp_archive.model.errors import ArchiveError, UsageError
from cacnp_archive.model.site import Site
from cacnp_archive.storage.queries.by_url import base_urls

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)

_KNOWN = (
    """SELECT EXISTS (SELECT 1 FROM captures WHERE canonical_url = :url)
        OR EXISTS (SELECT 1 FROM articles WHERE url = :url)""",
    """SELECT EXISTS (SELECT 1 FROM addresses WHERE url = :url)
        OR EXISTS (SELECT 1 FROM failures WHERE canonical_url = :url)""",
)
"""How well the archive knows an address, the best first: archived, or at least found."""


@dataclass(frozen=True, slots=True)
class TypedUrl:
    """An address that a person typed, resolved."""

    site: Site
    """The site that it is read for: its own, or the latest crawled for another host's address."""
    url: str
    """Absolute, as a browser would request it."""
    canonical: str
    """The address under which the archive knows all its variants."""


def resolve_typed_url(database: Database, typed: str) -> TypedUrl:
    """Return the address that a person means, in the site that knows it.

    The scheme, `www.` and the slashes around a path may be missing. In an archive of several sites
    a path belongs to the first site that has archived it, else to the first that has found it,
    else to the site that was crawled last. Raises UsageError for what is not a web address, and
    ArchiveError when nothing was crawled or imported yet.
    """
    sites = [Site.at(base_url) for base_url in base_urls(database)]
    if not sites:
        raise ArchiveError("no crawl has been made yet: run `scrapy crawl cacnp` first")
    candidates = [resolve_on_site(typed, site) for site in sites]
    candidates = [found for found in candidates if found.site.owns(found.url)] or candidates[:1]
    for sql in _KNOWN:
        for found in candidates:
            if database.execute(sql, {"url": found.canonical}).fetchone()[0]:
                return found
    return candidates[0]


def resolve_on_site(typed: str, site: Site) -> TypedUrl:
    """Return what an address means when it was typed for one site; raises UsageError likewise."""
    typed = typed.strip()
    scheme = site.base_url.partition("://")[0]
    rest = typed.lstrip("/")
    if _SCHEME.match(typed):
        url = typed
    elif _names_host(rest, scheme, site):
        url = f"{scheme}://{rest}"
    else:
        url = site.base_url + rest
    try:
        resolved = urls.resolve(site.base_url, url)
        if resolved is None and url.lower().startswith(("http://", "https://")):
            raise ValueError
        # An address of another scheme is kept as it was typed: `why` says that it is out of scope.
        return TypedUrl(site, resolved or url, site.canonical(resolved or url))
    except ValueError as error:
        raise UsageError(f"{typed!r} is not a web address") from error


def _names_host(typed: str, scheme: str, site: Site) -> bool:
    """Whether an address without a scheme begins with the site's host."""
    try:
        return urls.netloc(f"{scheme}://{typed}").removeprefix("www.") == site.host
    except ValueError:  # a colon in a path is not a port
        return False
