"""What stands around or inside an entry without being part of it."""

import re
from functools import lru_cache

from cacnp_archive.parsing.select import Element, tag_of

_FURNITURE_NAMES = (
    # share buttons: Jetpack, AddToAny, Grow, Genesis Simple Share and others
    r"sharedaddy|sd-[\w-]+|jetpack-likes-[\w-]+|addtoany_[\w-]+|a2a_[\w-]+|dpsp-[\w-]+"
    r"|social-shar[\w-]*|share-buttons?|sharing-buttons?|(?:entry|post)-shar[\w-]*|share-(?:before|after)"
    r"|shareaholic-[\w-]+|heateor_[\w-]+|ssba[\w-]*|et_social_[\w-]+|sfsi[\w-]*|swp_social_[\w-]+"
    r"|mashsb-[\w-]+|printfriendly|pf-button[\w-]*|twitter-share-button|fb-(?:like|share-button)"
    # related and recent posts
    r"|jp-relatedposts|yarpp[\w-]*|related-posts?[\w-]*|crp_related|rp4wp-[\w-]+|wp_rp_[\w-]+"
    r"|relpost-[\w-]+|recent-posts|wp-block-(?:query|latest-posts|post-template)"
    # who writes, who advertises, who comments
    r"|author-box[\w-]*|author-bio|saboxplugin-[\w-]+|abh_box|pp-author-boxes-[\w-]+"
    r"|adsbygoogle|advertisement|ad-container|mv-ad-box|after-post-ad"
    r"|entry-comments|entry-pings|comments?-area|comment-(?:list|respond)|wp-block-comments"
    r"|wp-block-post-comments[\w-]*"
    # where a post in several parts leads to the others
    r"|post-page-numbers|post-nav-links|page-links|entry-pagination"
    # the theme around the entry
    r"|adjacent-entry-pagination|post-navigation|wp-block-post-navigation-link"
    # for machines only
    r"|screen-reader-text|screen-reader-shortcut|sr-only|visually-hidden"
)
_THEME = re.compile(
    r"(?<!\S)(?:widget|widget-area|sidebar|site-(?:header|footer)|footer-widgets)(?!\S)"
)
_FURNITURE = re.compile(rf"(?<!\S)(?:{_FURNITURE_NAMES})(?!\S)")
_FURNITURE_IDS = frozenset({"comments", "respond", "disqus_thread", "jp-relatedposts", "secondary"})
_TYPE = re.compile(r"(?<!\S)(?:type-[\w-]+|entry)(?!\S)")
_NUMBERED_TYPE = re.compile(r"(?<!\S)post-\d+\s(?:.*\s)?type-[\w-]+(?!\S)")
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def is_furniture(element: Element) -> bool:
    """Whether an element and all in it are no part of what the entry says."""
    names = element.get("class")
    return (
        (names is not None and _names_furniture(names))
        or element.get("id") in _FURNITURE_IDS
        or element.get("hidden") is not None
        or _NOT_SHOWN.search(element.get("style", "")) is not None
    )


def is_entry(element: Element) -> bool:
    """Whether an element is a post, page or other entry, by the classes WordPress gives it."""
    names = element.get("class")
    return names is not None and (
        _names_entry(names) or (element.tag == "article" and _TYPE.search(names) is not None)
    )


def is_inside_furniture(element: Element) -> bool:
    """Whether an element belongs to a sidebar, to comments or to other entries."""
    return any(
        is_furniture(above)
        or tag_of(above) == "aside"
        or is_entry(above)
        or _THEME.search(above.get("class", "")) is not None
        for above in element.iterancestors()
        if tag_of(above) not in ("body", "html")
    )


@lru_cache(maxsize=8192)
def _names_furniture(names: str) -> bool:
    return _FURNITURE.search(names) is not None


@lru_cache(maxsize=8192)
def _names_entry(names: str) -> bool:
    return "hentry" in names.split() or _NUMBERED_TYPE.search(names) is not None
