"""The faces of the site: the same pages as three themes print them.

The pages are rendered in Genesis' markup; another face changes all of it but the text of a post,
which WordPress stores and every theme prints as it is.
"""

import re
import zlib
from enum import StrEnum

CONTENT_START, CONTENT_END = "<!--post-content-->", "<!--/post-content-->"
"""Mark the stored text of a post in a page that is not dressed yet."""


class Face(StrEnum):
    """A theme."""

    GENESIS = "genesis"
    BLOCKS = "blocks"
    """A block theme of WordPress."""
    BUILDER = "builder"
    """A page builder: no element and no class says what it is for."""


_MARKED = re.compile(f"({CONTENT_START}.*?{CONTENT_END})", re.DOTALL)
_CLASS = re.compile(r'class="([^"]*)"')
_BLOCK_NAMES = {
    "entry-content": "entry-content wp-block-post-content is-layout-constrained",
    "entry-title": "wp-block-post-title",
    "archive-title": "wp-block-query-title",
    "entry-time": "",
    "entry-header": "wp-block-group",
    "entry-footer": "wp-block-group",
    "entry-categories": "taxonomy-category wp-block-post-terms",
    "entry-tags": "taxonomy-post_tag wp-block-post-terms",
    "entry-meta": "wp-block-post-date",
    "entry-comments": "wp-block-comments",
    "content": "wp-block-group",
    "sidebar": "wp-block-template-part",
    "entry": "",
}
_PLAIN_TAGS = re.compile(r"(</?)(article|main|header|footer|aside|section|time|nav)\b")
_SEMANTICS = re.compile(
    r' (?:id|rel|aria-label|role|datetime|itemprop)="(?!canonical|alternate|https?:|stylesheet|next'
    r'|prev)[^"]*"'
)


def dressed(page: str, face: Face) -> str:
    """Return a page as a theme prints it."""
    parts = _MARKED.split(page)
    if face is Face.BLOCKS:
        parts[::2] = map(_in_blocks, parts[::2])
    elif face is Face.BUILDER:
        head, body_tag, rest = parts[0].partition("<body")
        parts[0] = head + _by_builder(body_tag + rest)
        parts[2::2] = map(_by_builder, parts[2::2])
    return "".join(parts).replace(CONTENT_START, "").replace(CONTENT_END, "")


def _in_blocks(html: str) -> str:
    def renamed(match: re.Match[str]) -> str:
        names = (_BLOCK_NAMES.get(name, name) for name in match[1].split())
        return f'class="{" ".join(filter(None, names))}"'

    return _CLASS.sub(renamed, html)


def _by_builder(html: str) -> str:
    """Return markup with generated class names, some of which differ from page to page."""

    def renamed(match: re.Match[str]) -> str:
        names = (_generated(name) for name in match[1].split())
        return f'class="{" ".join(names)}"'

    html = _SEMANTICS.sub("", _CLASS.sub(renamed, html))
    return _PLAIN_TAGS.sub(lambda tag: tag[1] + ("span" if tag[2] == "time" else "div"), html)


def _generated(name: str) -> str:
    return f"x{zlib.crc32(name.encode()):08x}"
