"""URLs: resolve, compare and normalize them. Nothing here knows the site."""

import re
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import ada_url
from w3lib.url import canonicalize_url

from cacnp_archive.model.public_addresses import is_public

DEFAULT_PORTS = {"http": 80, "https": 443}

MAX_URL_CHARS = 2083
"""Longer addresses are not requested: servers and browsers refuse them."""

REMEMBERED = 8192
"""The size of caches by URL: enough for the links of menus and of recent posts."""

PLAIN = re.compile(
    r"https?://(?:(?:(?!xn--)[a-z0-9-]{1,63}\.)*(?!xn--)[a-z][a-z0-9-]{0,62}|127\.0\.0\.1)"
    r"(?::[1-9][0-9]{3})?/(?:[A-Za-z0-9_~/-]|\b\.)*"
)
"""A URL with only one spelling: no rule of RFC 3986 or of browsers changes it.

Of hosts that end in a number, which are IP addresses however they are written, one is enough.
"""

_WWW_OF_ADDRESS = re.compile(r"//www\.(?=\d+(?:\.\d+){3}(?:[:/?#]|$))", re.IGNORECASE)
"""The www. host of a test copy that is served at an IP address: for a browser it is no host."""

_PRIVATE_ENDINGS = (
    ".localhost",  # RFC 6761, like the next three
    ".test",
    ".example",
    ".invalid",
    ".local",  # RFC 6762: multicast DNS
    ".internal",  # reserved by ICANN in 2024
    ".home.arpa",  # RFC 8375: home networks
)
"""Domains that the public DNS never delegates. Others, such as .lan, are private by habit only."""


def resolve(base: str, reference: str) -> str | None:
    """Return the absolute URL of a reference in a page; None when it has none.

    It is the URL that a browser would open: the WHATWG URL standard, as ada, which Node.js uses,
    follows it. Only http, https and mailto URLs count. `base` may be empty if the reference has a
    scheme.

    >>> resolve("https://a.example/x/", "../y?q=1#part")
    'https://a.example/y?q=1#part'
    >>> resolve("https://a.example/", "javascript:void(0)") is None
    True
    """
    if PLAIN.fullmatch(reference):
        return reference
    try:
        url = ada_url.join_url(base, reference) if base else ada_url.normalize_url(reference)
        if url.startswith("mailto:"):
            return url
        is_web = url.startswith(("https://", "http://")) and urlsplit(url).port != 0
    except ValueError:
        bare = _WWW_OF_ADDRESS.sub("//", reference)
        found = resolve(base, bare) if bare != reference else None
        return found and found.replace("//", "//www.", 1)
    return url if is_web else None


def with_encoded_query(reference: str, encoding: str) -> str:
    """Percent-encode the query of a reference as browsers do in a page with this encoding.

    A character that the encoding lacks becomes a numeric character reference (URL standard,
    section 1.3). All else in a URL is encoded as UTF-8, whatever the encoding of the page.

    >>> with_encoded_query("/søk?q=smør№#ø", "cp1252")
    '/søk?q=sm%F8r%26%238470%3B#ø'
    """
    before, mark, rest = reference.partition("?")
    query, hash_, fragment = rest.partition("#")
    if "#" in before or query.isascii():
        return reference
    encoded = (char if char.isascii() else _encoded(char, encoding) for char in query)
    return before + mark + "".join(encoded) + hash_ + fragment


def _encoded(char: str, encoding: str) -> str:
    try:
        return quote(char.encode(encoding))
    except UnicodeEncodeError:
        return quote(f"&#{ord(char)};")


@lru_cache(maxsize=REMEMBERED)
def netloc(url: str) -> str:
    """Return the host in lower case, with the port unless it is the scheme's default.

    >>> netloc("HTTP://User@Example.ORG:80/x")
    'example.org'
    """
    return _netloc(url).rpartition("@")[2]


def _netloc(url: str) -> str:
    parts = urlsplit(url)
    user, at, _ = parts.netloc.rpartition("@")
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    if parts.port and parts.port != DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{parts.port}"
    return user + at + host


def is_private_name(host: str) -> bool:
    """Whether a host, with or without port, can only be on a private network, by its name.

    These are IP addresses that are not public, names without a dot, and names in
    domains that are reserved for private use.

    >>> is_private_name("127.0.0.1:8000"), is_private_name("[::1]"), is_private_name("cdn:80")
    (True, True, True)
    >>> is_private_name("armscontrolcenter.org"), is_private_name("8.8.8.8")
    (False, False)
    """
    name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    try:
        return not is_public(name)
    except ValueError:
        return "." not in name or f".{name}".endswith(_PRIVATE_ENDINGS)


def without_fragment(url: str) -> str:
    """Return the part of a URL that is sent to a server.

    >>> without_fragment("https://a.example/x?y#z")
    'https://a.example/x?y'
    """
    return url.partition("#")[0]


def without_parameters(url: str, is_clutter: re.Pattern[str]) -> str:
    """Remove the query parameters whose names match; the others keep their order and spelling.

    >>> without_parameters("https://a.example/?p=4&utm_source=x", re.compile("utm_.*"))
    'https://a.example/?p=4'
    """
    parts = urlsplit(url)
    if not parts.query:
        return url
    kept = [
        pair
        for pair in parts.query.split("&")
        if not is_clutter.fullmatch(unquote(pair.partition("=")[0]).lower())
    ]
    return urlunsplit(parts._replace(query="&".join(kept)))


def fold_spelling(url: str) -> str:
    """Return one spelling for all URLs that RFC 3986 section 6 calls equivalent.

    The query parameters are sorted.

    >>> fold_spelling("https://A.example:443/%7Ejoe/%c3%a9?b=2&a=1#x")
    'https://a.example/~joe/%C3%A9?a=1&b=2'
    """
    if PLAIN.fullmatch(url):
        return url
    parts = urlsplit(url)
    return canonicalize_url(urlunsplit(parts._replace(netloc=_netloc(url))))
