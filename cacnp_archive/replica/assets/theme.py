"""The files of the theme and of WordPress that every page needs."""

from collections.abc import Callable

from cacnp_archive.replica.assets import made_files

THEME = "/wp-content/themes/cacnp"
VERSION = "3.3.2"

STYLESHEET = f"{THEME}/style.css"
SCRIPT = f"{THEME}/js/responsive-menus.min.js"
JQUERY = "/wp-includes/js/jquery/jquery.min.js"
LOGO = "/wp-content/uploads/2016/02/cacnp-logo.png"
ICON = "/wp-content/uploads/2016/02/cropped-icon-192x192.png"
FAVICON = "/favicon.ico"

_STYLE = """@charset "UTF-8";
@import url("css/base.css");
/* Theme Name: CACNP replica */
body { background: #fff url(images/texture.png) repeat-x; font-family: Replica, Georgia, serif; }
.site-header { background-image: url('images/header.jpg'); }
.entry-title { background: url( "images/rule.png" ) bottom left no-repeat; }
.no-image { background: url(data:image/gif;base64,R0lGODlhAQABAAAAACw=); }
"""
_BASE = """@import 'fonts.css' screen;
.wp-caption-text { font-style: italic; }
.archive-pagination li a { background: url(../images/arrow.png) }
"""
_FONTS = """@font-face {
  font-family: "Replica";
  src: url("../fonts/replica.woff") format("woff");
}
"""

Maker = Callable[[], bytes]

THEME_FILES: dict[str, tuple[str, Maker]] = {
    STYLESHEET: ("text/css", _STYLE.encode),
    f"{THEME}/css/base.css": ("text/css", _BASE.encode),
    f"{THEME}/css/fonts.css": ("text/css", _FONTS.encode),
    f"{THEME}/fonts/replica.woff": ("font/woff", lambda: made_files.woff("Replica")),
    f"{THEME}/images/texture.png": ("image/png", lambda: made_files.png("texture")),
    f"{THEME}/images/header.jpg": ("image/jpeg", lambda: made_files.jpeg("header")),
    f"{THEME}/images/rule.png": ("image/png", lambda: made_files.png("rule")),
    f"{THEME}/images/arrow.png": ("image/png", lambda: made_files.png("arrow")),
    SCRIPT: ("application/javascript", b"document.documentElement.className += ' js';\n".strip),
    JQUERY: ("application/javascript", b"/* stands for jQuery */ window.jQuery = null;\n".strip),
    LOGO: ("image/png", lambda: made_files.png("logo", 48, 16)),
    ICON: ("image/png", lambda: made_files.png("icon", 16, 16)),
    FAVICON: ("image/x-icon", made_files.icon),
}

QUERIES = {STYLESHEET: f"?ver={VERSION}", SCRIPT: "?ver=1.1.3", JQUERY: "?ver=3.6.0"}
"""The version query with which pages link to a file."""


def page_requisites() -> list[str]:
    """Return the paths of the theme's files, with the queries that pages and styles add."""
    return [path + QUERIES.get(path, "") for path in THEME_FILES]
