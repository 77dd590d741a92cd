"""Write the replica's pages to a folder for a static file server."""

import re
from collections import deque
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin

from benchmarks.crawls.weight import weight
from cacnp_archive.replica import build_site
from cacnp_archive.replica.assets.other_host import FILES
from cacnp_archive.replica.responses.routing import other_host_response, respond

SEEDS = ("robots.txt", "", "sitemap_index.xml", "favicon.ico")

_MACHINE_LINK = re.compile(
    rb"""<link rel=["'](?:shortlink|pingback|EditURI|https://api\.w\.org/|alternate)["'].*\n"""
)
"""Links to WordPress endpoints in a page's head, which a static copy does not have."""

_REFERENCE = re.compile(rb"""(?:href|src)=["']([^"']+)|<loc>([^<]+)""")
_SET = re.compile(rb"""srcset=["']([^"']+)""")


def write_site(folder: Path, base_url: str, articles: int, *, is_light: bool = False) -> int:
    """Write a site as served at `base_url`; returns the number of pages.

    Light pages lack the styles and scripts of weight.py. The page at `/x/` is written to
    `x/index.html`. URLs with a query and redirects are left out.
    """
    site = build_site(articles)
    head = b"" if is_light else weight()
    waiting = deque(base_url + seed for seed in SEEDS)
    known = set(waiting)
    pages = set()
    while waiting:
        path = waiting.popleft().removeprefix(base_url)
        found = respond(site, base_url, f"/{path}", {})
        if found.status != 200:
            continue
        body = found.body
        if found.content_type.startswith("text/html"):
            if file_of(path).endswith("index.html"):
                pages.add(file_of(path))
            body = without_machine_links(body).replace(b"</head>", head + b"</head>", 1)
            for other in ("https://", "http://www."):  # nothing listens there
                body = body.replace(base_url.replace("http://", other).encode(), base_url.encode())
        _write(folder, path, body)
        if found.content_type.startswith(("text/html", "text/xml")):
            for url in references(body, base_url + path):
                if url.startswith(base_url) and url not in known:
                    known.add(url)
                    waiting.append(url)
    for path in FILES:
        _write(folder, path, other_host_response(f"/{path}").body)
    return len(pages)


def without_machine_links(page: bytes) -> bytes:
    r"""Return a page without the machine-readable links in its head.

    >>> without_machine_links(b"<link rel='shortlink' href='/?p=7' />\n<title>A</title>")
    b'<title>A</title>'
    """
    return _MACHINE_LINK.sub(b"", page)


def references(page: bytes, url: str) -> list[str]:
    """Return the absolute URLs in a page or sitemap at `url`, except those with a query.

    >>> references(b'<a href="b/#top">b</a> <img src="/c.png">', "http://a.example/x/")
    ['http://a.example/x/b/', 'http://a.example/c.png']
    """
    found = [href or loc for href, loc in _REFERENCE.findall(page)]
    for candidates in _SET.findall(page):
        found += [candidate.split()[0] for candidate in candidates.split(b",") if candidate.strip()]
    addresses = (urljoin(url, unescape(text.decode("utf-8", "replace"))) for text in found)
    bare = (address.partition("#")[0].partition("?")[::2] for address in addresses)
    return [address for address, query in bare if not query or address.endswith((".css", ".js"))]


def file_of(path: str) -> str:
    """Return the file for a path.

    >>> file_of("caf%C3%A9/"), file_of("robots.txt")
    ('café/index.html', 'robots.txt')
    """
    name = unquote(path)
    return f"{name}index.html" if name.endswith("/") or not name else name


def _write(folder: Path, path: str, body: bytes) -> None:
    target = folder / file_of(path)
    if ".." in target.parts or target.is_dir():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(body)
