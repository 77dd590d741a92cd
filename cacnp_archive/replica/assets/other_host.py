"""A third-party host that serves some page resources: the same server under another name."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from cacnp_archive.replica.assets import made_files

STYLESHEET = "css/widgets.css"
SCRIPT = "js/widgets.js"
PAGE = "page/"
FORBIDDEN = "private/badge.png"
MISSING = "img/missing.png"

ROBOTS = "User-agent: *\nDisallow: /private/\n"

PAGE_HTML = (
    "<!DOCTYPE html>\n<html><head><title>Widgets</title></head>"
    '<body><h1>Widgets for all</h1><p><a href="/page/2/">More</a></p></body></html>\n'
)

_STYLE = '@import url("parts/buttons.css");\n.widget-note { font-family: Widgets, sans-serif; }\n'
_BUTTONS = "@import 'icons.css' all;\n.widget-button { background: url(../../img/knob.png) }\n"
_ICONS = '@font-face { font-family: "Widgets"; src: url("/fonts/widgets.woff") format("woff") }\n'

FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    STYLESHEET: ("text/css", _STYLE.encode),
    "css/parts/buttons.css": ("text/css", _BUTTONS.encode),
    "css/parts/icons.css": ("text/css", _ICONS.encode),
    "fonts/widgets.woff": ("font/woff", lambda: made_files.woff("Widgets")),
    SCRIPT: ("application/javascript", b"window.widgets = [];\n".strip),
    "img/knob.png": ("image/png", lambda: made_files.png("knob")),
    "img/dial.png": ("image/png", partial(made_files.png, "dial", 1024, 683)),
    "img/dial-300x200.png": ("image/png", partial(made_files.png, "dial", 300, 200)),
    "img/dial-768x512.png": ("image/png", partial(made_files.png, "dial", 768, 512)),
    "img/backdrop.jpg": ("image/jpeg", partial(made_files.jpeg, "backdrop", 1024, 683)),
    FORBIDDEN: ("image/png", lambda: made_files.png("badge")),
}
"""Media type and content by path."""

QUERIES = {STYLESHEET: "?ver=2"}
"""The query string with which pages link to a file."""


def other_host(base_url: str) -> str:
    """Return the name and port under which the server at `base_url` acts as the other host.

    >>> other_host("http://127.0.0.1:8000/")
    'localhost:8000'
    """
    parts = urlsplit(base_url)
    name = "127.0.0.1" if parts.hostname == "localhost" else "localhost"
    return f"{name}:{parts.port}" if parts.port else name


def other_base(base_url: str) -> str:
    """Return the other host's address, with a slash at its end.

    >>> other_base("https://127.0.0.1:8000/")
    'https://localhost:8000/'
    """
    return f"{urlsplit(base_url).scheme}://{other_host(base_url)}/"


def requisites() -> list[str]:
    """Return the paths, with queries, of the page resources that its robots.txt allows."""
    return [path + QUERIES.get(path, "") for path in FILES if path != FORBIDDEN]
