"""Furniture: what a page has around or inside an entry without it being part of the content.

Share buttons, related posts, forms, comments and navigation are furniture.
"""

import re
from functools import lru_cache

from cacnp_archive.parsing.select import Element, attributes_of, classes, fold, tag_of, text_length

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
    # blocks that WordPress fills at each request
    r"|wp-block-(?:query|post-template|latest-comments|archives(?:-list)?|categories(?:-list)?"
    r"|tag-cloud|calendar|rss|search|loginout|page-list|social-links)"
    # author boxes, advertisements, comments
    r"|author-box[\w-]*|author-bio|saboxplugin-[\w-]+|abh_box|pp-author-boxes-[\w-]+"
    r"|adsbygoogle|advertisement|ad-container|mv-ad-box|after-post-ad"
    r"|entry-comments|entry-pings|comments?-area|comment-(?:list|respond)|wp-block-comments"
    r"|wp-block-post-comments[\w-]*"
    # links between the parts of a post
    r"|post-page-numbers|post-nav-links|page-links|entry-pagination"
    # forms to subscribe, sign or donate
    r"|mc4wp-form|mc_embed_signup|gform_wrapper|wpcf7|wpforms-container|nf-form-cont|hs-form"
    r"|formkit-form|convertkit-form|tnp(?:-subscription)?|newsletter-(?:form|signup|sign-up)"
    r"|jetpack_subscription_widget|wp-block-jetpack-subscriptions|ngp-form"
    # navigation of the theme
    r"|adjacent-entry-pagination|post-navigation|wp-block-post-navigation-link"
    r"|posts?-nav(?:igation)?|nav-links|navigation"
    # text for screen readers only
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
_TYPE_CLASS = re.compile(r"(?<!\S)(?:type-[\w-]+|entry)(?!\S)")
_ENTRY_CLASSES = re.compile(r"(?<!\S)post-\d+\s(?:.*\s)?type-[\w-]+(?!\S)")
_HIDDEN_STYLE = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE
)
_EMOJI_CLASSES = frozenset({"emoji", "wp-smiley"})
_LINE_BREAK_TAGS = frozenset({"br", "p", "div", "li"})
_LEADING_AWAY = re.compile(
    r"(?<![a-z])(?:related|similar|recommend(?:ed|ations?)|popular|trending|read-?(?:more|next|also)"
    r"|see-?also|also-?like|more-?(?:news|posts|stories)|latest|next-?prev|prev-?next|teasers?|up-?next"
    r"|suggest(?:ed|ions)?)(?![a-z])"
)
_INPUT_TAGS = ("input", "textarea", "select", "button")
MAX_FORM_CHARS = 600
"""A form with more text than this contains the content of an old page."""


def is_furniture(element: Element) -> bool:
    """Whether an element, with everything in it, is furniture."""
    for name, value in attributes_of(element):
        if (
            (name == "class" and _is_furniture_class(value))
            or (name == "id" and value in _FURNITURE_IDS)
            or name == "hidden"
            or (name == "style" and _HIDDEN_STYLE.search(value))
        ):
            return True
    return False


def is_link_box(element: Element) -> bool:
    """Whether most of the words in an element are links."""
    linked = sum(text_length(link) for link in element.iter("a"))
    return linked > 0 and 2 * linked > text_length(element)


def leads_away(element: Element) -> bool:
    """Whether an element, by its class and its links, leads from the text to other pages."""
    names = element.get("class")
    return names is not None and _is_leading_class(names) and is_link_box(element)


def is_form(element: Element) -> bool:
    """Whether a `form` is for input, and does not just enclose the content."""
    if next(element.iterdescendants(*_INPUT_TAGS), None) is None:
        return False
    room = MAX_FORM_CHARS
    for text in element.itertext():
        room -= len(text.strip())
        if room < 0:
            return False
    return True


def is_list_of_posts(element: Element) -> bool:
    """Whether a list is WordPress's block of the latest posts, which changes between captures.

    The block is a `ul` whose items begin with a link; other elements with its class are content.
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
    """Whether an image replaces the character in its alternative text."""
    return not classes(image).isdisjoint(_EMOJI_CLASSES)


def shown_text(element: Element) -> str:
    """Return the visible text of a title, date line or link, with white space folded.

    Line breaks become spaces; text for screen readers only is left out.
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
        elif tag in _LINE_BREAK_TAGS:
            parts.append(" ")
        parts.append(item.text or "")
        stack.extend((child, False) for child in item.iterchildren(reversed=True))
    return fold("".join(parts))


def is_entry(element: Element) -> bool:
    """Whether an element is a post, page or other entry, by its WordPress classes."""
    names = element.get("class")
    return names is not None and (
        _is_entry_class(names)
        or (element.tag == "article" and _TYPE_CLASS.search(names) is not None)
    )


def is_theme(element: Element) -> bool:
    """Whether an element is a part of the theme that all pages share."""
    names = element.get("class")
    return names is not None and _is_theme_class(names)


def is_inside_furniture(element: Element) -> bool:
    """Whether an element is inside a sidebar, comments or another entry."""
    return any(
        above.tag == "aside" or is_entry(above) or is_theme(above) or is_furniture(above)
        for above in element.iterancestors()
        if above.tag not in ("body", "html")
    )


@lru_cache(maxsize=8192)
def _is_furniture_class(names: str) -> bool:
    return _FURNITURE.search(names) is not None


@lru_cache(maxsize=8192)
def _is_leading_class(names: str) -> bool:
    return _LEADING_AWAY.search(names.lower()) is not None


@lru_cache(maxsize=8192)
def _is_entry_class(names: str) -> bool:
    return "hentry" in names.split() or _ENTRY_CLASSES.search(names) is not None


@lru_cache(maxsize=8192)
def _is_theme_class(names: str) -> bool:
    return _THEME.search(names) is not None
