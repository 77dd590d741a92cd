"""What stands around or inside an entry without being part of it."""

import re
from functools import lru_cache

from cacnp_archive.parsing.select import Element, attributes_of, classes, fold, tag_of

_FURNITURE_NAMES = (
    # share buttons: Jetpack, AddToAny, Grow, Genesis Simple Share and others
    r"sharedaddy|sd-[\w-]+|jetpack-likes-[\w-]+|addtoany_[\w-]+|a2a_[\w-]+|dpsp-[\w-]+"
    r"|social-shar[\w-]*|share-buttons?|sharing-buttons?|(?:entry|post)-shar[\w-]*|share-(?:before|after)"
    r"|shareaholic-[\w-]+|heateor_[\w-]+|ssba[\w-]*|et_social_[\w-]+|sfsi[\w-]*|swp_social_[\w-]+"
    r"|mashsb-[\w-]+|printfriendly|pf-button[\w-]*|twitter-share-button|fb-(?:like|share-button)"
    # related and recent posts
    r"|jp-relatedposts|yarpp[\w-]*|related-posts?[\w-]*|crp_related|rp4wp-[\w-]+|wp_rp_[\w-]+"
    r"|relpost-[\w-]+|recent-posts|display-posts-listing|featuredpost"
    r"|rpwe-block|wp-show-posts|wpp-list"
    # blocks that WordPress fills anew at each request
    r"|wp-block-(?:query|post-template|latest-comments|archives(?:-list)?|categories(?:-list)?"
    r"|tag-cloud|calendar|rss|search|loginout|page-list|social-links)"
    # who writes, who advertises, who comments
    r"|author-box[\w-]*|author-bio|saboxplugin-[\w-]+|abh_box|pp-author-boxes-[\w-]+"
    r"|adsbygoogle|advertisement|ad-container|mv-ad-box|after-post-ad"
    r"|entry-comments|entry-pings|comments?-area|comment-(?:list|respond)|wp-block-comments"
    r"|wp-block-post-comments[\w-]*"
    # where a post in several parts leads to the others
    r"|post-page-numbers|post-nav-links|page-links|entry-pagination"
    # where readers subscribe, sign and give
    r"|mc4wp-form|mc_embed_signup|gform_wrapper|wpcf7|wpforms-container|nf-form-cont|hs-form"
    r"|formkit-form|convertkit-form|tnp(?:-subscription)?|newsletter-(?:form|signup|sign-up)"
    r"|jetpack_subscription_widget|wp-block-jetpack-subscriptions|ngp-form"
    # the theme around the entry
    r"|adjacent-entry-pagination|post-navigation|wp-block-post-navigation-link"
    # for machines only
    r"|screen-reader-text|screen-reader-shortcut|sr-only|visually-hidden"
)
_THEME = re.compile(
    r"(?<!\S)(?:widget|widget-area|sidebar|site-(?:header|footer)|footer-widgets)(?!\S)"
)
_FURNITURE = re.compile(rf"(?<!\S)(?:{_FURNITURE_NAMES})(?!\S)")
_FURNITURE_IDS = frozenset(
    {
        *("comments", "respond", "disqus_thread", "jp-relatedposts", "secondary"),
        "mc_embed_signup",
    }
)
_TYPE = re.compile(r"(?<!\S)(?:type-[\w-]+|entry)(?!\S)")
_NUMBERED_TYPE = re.compile(r"(?<!\S)post-\d+\s(?:.*\s)?type-[\w-]+(?!\S)")
_NOT_SHOWN = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_EMOJI = frozenset({"emoji", "wp-smiley"})
_SPACED_TAGS = frozenset({"br", "p", "div", "li"})
_CONTROLS = ("input", "textarea", "select", "button")
MAX_FORM_CHARS = 600
"""A form around more text than this is one that an old page put around its content."""


def is_furniture(element: Element) -> bool:
    """Whether an element and all in it are no part of what the entry says."""
    for name, value in attributes_of(element):
        if (
            (name == "class" and _names_furniture(value))
            or (name == "id" and value in _FURNITURE_IDS)
            or name == "hidden"
            or (name == "style" and _NOT_SHOWN.search(value))
        ):
            return True
    return False


def is_form(element: Element) -> bool:
    """Whether a `form` asks its reader for something, and is not only put around a text."""
    if next(element.iterdescendants(*_CONTROLS), None) is None:
        return False
    room = MAX_FORM_CHARS
    for text in element.itertext():
        room -= len(text.strip())
        if room < 0:
            return False
    return True


def is_list_of_posts(element: Element) -> bool:
    """Whether a list is WordPress's block of the newest posts: it is other at each capture.

    The block is a `ul` whose items begin with a link. What else bears its class is content.
    """
    names = element.get("class")
    if names is None or "wp-block-latest-posts" not in names:
        return False
    items = [child for child in element.iterchildren() if tag_of(child)]
    return tag_of(element) == "ul" and all(map(_begins_with_link, items))


def _begins_with_link(item: Element) -> bool:
    if tag_of(item) != "li" or (item.text or "").strip():
        return False
    first = next((child for child in item.iterchildren() if tag_of(child)), None)
    return first is not None and (
        tag_of(first) == "a" or "wp-block-latest-posts" in first.get("class", "")
    )


def is_emoji(image: Element) -> bool:
    """Whether an image stands for the character in its alternative text."""
    return not classes(image).isdisjoint(_EMOJI)


def shown_text(element: Element) -> str:
    """Return the text of a title, a date line or a link as a reader sees it, white space folded.

    A line break is a space; what is for screen readers alone is no text.
    """
    if not len(element):
        return fold(element.text or "")
    parts: list[str] = []
    stack: list[tuple[Element, bool]] = [(element, False)]
    while stack:
        item, is_left = stack.pop()
        if is_left:
            parts.append(item.tail or "")
            continue
        if item is not element:
            stack.append((item, True))
        tag = tag_of(item)
        if tag in ("", "script", "style") or (item is not element and is_furniture(item)):
            continue
        if tag == "img":
            parts.append(item.get("alt", "") if is_emoji(item) else "")
        elif tag in _SPACED_TAGS:
            parts.append(" ")
        parts.append(item.text or "")
        stack.extend((child, False) for child in item.iterchildren(reversed=True))
    return fold("".join(parts))


def is_entry(element: Element) -> bool:
    """Whether an element is a post, page or other entry, by the classes WordPress gives it."""
    names = element.get("class")
    return names is not None and (
        _names_entry(names) or (element.tag == "article" and _TYPE.search(names) is not None)
    )


def is_theme(element: Element) -> bool:
    """Whether an element is a part of the theme that stands around all pages."""
    names = element.get("class")
    return names is not None and _names_theme(names)


def is_inside_furniture(element: Element) -> bool:
    """Whether an element belongs to a sidebar, to comments or to other entries."""
    return any(
        above.tag == "aside" or is_entry(above) or is_theme(above) or is_furniture(above)
        for above in element.iterancestors()
        if above.tag not in ("body", "html")
    )


@lru_cache(maxsize=8192)
def _names_furniture(names: str) -> bool:
    return _FURNITURE.search(names) is not None


@lru_cache(maxsize=8192)
def _names_entry(names: str) -> bool:
    return "hentry" in names.split() or _NUMBERED_TYPE.search(names) is not None


@lru_cache(maxsize=8192)
def _names_theme(names: str) -> bool:
    return _THEME.search(names) is not None
