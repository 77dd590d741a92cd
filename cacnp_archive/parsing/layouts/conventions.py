"""The conventions by which themes and page builders mark the text of a post, as data.

Each is a class, an ID or a microdata property that the documentation or the markup of a theme
promises; the most specific come first.
"""

import re
from collections.abc import Iterator

from cacnp_archive.parsing.select import Element, classes, tag_of, tokens

_BUILDERS = tokens(
    # Elementor, Divi, Bricks, Oxygen, Breakdance, Beaver Builder, tagDiv, Avada
    "elementor-widget-theme-post-content et_pb_post_content brxe-post-content"
    " ct-inner-content oxy-post-content bde-post-content fl-post-content tdb_single_content"
    " td-post-content tve-tl-cnt-wrap fusion-content-tb"
)
_CORE = tokens("entry-content wp-block-post-content e-content")
_THEMES = tokens(
    "post-content post_content postcontent post-body post_body postbody post-entry post-text"
    " post__content post__body article-content article_content article-body article_body"
    " article__content article__body article-text article__text story-body story-content"
    " single-content single_content single-post-content single-entry-content single__content"
    " content-single blog-content blog-post-content news-content news-text news-body"
    " the-content the_content page-content-inner storycontent articlebody body-copy"
    " entry-text entry-body entry-inner single-entry entry-single entry-the-content"
    " post-single-content post-content-inner post-inner-content c-entry-content bodytext"
)
_OLD = tokens("entry post-inner text-content page-content")
_CLASSES = (_BUILDERS, _CORE, _THEMES, _OLD)
_PROPERTIES = frozenset({"articleBody", "text"})
_BLOCKS = frozenset({"article", "div", "main", "section"})

TITLES = frozenset(
    {
        *("entry-title", "wp-block-post-title", "post-title", "page-title", "p-name"),
        *("tdb-title-text", "td-post-title", "elementor-page-title", "fusion-post-title"),
        *("article-title", "article__title", "single-title", "single-post-title", "post__title"),
        *("headline", "post_title", "posttitle", "story-title", "blog-title", "brxe-post-title"),
    }
)
"""Classes of an element that is, or contains, the title of a post."""

DATES = re.compile(
    r"(?<!\S)(?:[\w-]*[-_])?(?:date|datum|fecha|published|posted|posted-on|post-time"
    r"|pubdate|time|dateline|timestamp)(?:[-_][\w-]*)?(?!\S)|(?<!\S)(?:entry|post|article)(?:Date|date)"
    r"(?!\S)",
    re.IGNORECASE,
)
"""Classes of an element that prints the date of a post."""


def conventional_contents(scope: Element) -> Iterator[Element]:
    """Yield the elements that a convention marks as a text, best convention first."""
    found: list[list[Element]] = [[] for _ in range(len(_CLASSES) + 1)]
    for element in scope.iter(*_BLOCKS):
        if element.get("itemprop") in _PROPERTIES:
            found[0].append(element)
        if element.get("class") is not None:
            names = classes(element)
            for rank, known in enumerate(_CLASSES, 1):
                if not names.isdisjoint(known):
                    found[rank].append(element)
                    break
    for group in found:
        yield from group


def is_named_title(element: Element) -> bool:
    """Whether a convention marks an element as a title."""
    return (element.get("itemprop") in ("headline", "name") and tag_of(element)[:1] == "h") or (
        not classes(element).isdisjoint(TITLES)
    )
