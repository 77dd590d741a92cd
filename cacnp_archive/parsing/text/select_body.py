"""Collect the text of an entry, its links with their context, and its media, in one walk."""

from cacnp_archive.parsing.furniture import (
    is_entry,
    is_form,
    is_furniture,
    is_list_of_posts,
    leads_away,
)
from cacnp_archive.parsing.select import Element, tag_of, tokens
from cacnp_archive.parsing.text.body import Body
from cacnp_archive.parsing.text.body_builder import BodyBuilder
from cacnp_archive.parsing.text.embeds import is_placeholder

_EMBED_TAGS = frozenset({"iframe", "embed", "object"})
_PLAYER_TAGS = frozenset({"audio", "video"})
_SKIPPED_TAGS = tokens(
    "applet base button canvas datalist frame frameset head input link map meta noembed "
    "noframes noscript script select style svg template textarea title"
) | {""}


def select_body(content: Element, skipped: frozenset[Element] = frozenset()) -> Body:
    r"""Return the body of an entry, from the element that contains its content.

    `<p>By <b>A B</b></p><p>One<br>two <a href="/x">three</a></p>` gives the blocks "By A B" and
    "One\ntwo three", and a reference to `/x`. Inline markup adds and removes no spaces. Table cells
    are joined by tabs and rows by line feeds; a table that contains tables counts as layout.

    `skipped` are elements that are not part of it, beside those that are furniture anywhere.
    """
    builder = BodyBuilder()
    stack: list[tuple[Element, bool]] = [(content, False)]
    while stack:
        element, leaving = stack.pop()
        if leaving:
            builder.leave(element)
        else:
            tag = tag_of(element)
            is_skipped = element is not content and (
                _is_skipped(element, tag) or element in skipped
            )
            if is_skipped:
                if is_placeholder(element, tag):
                    builder.add_embed(element, tag)
            elif tag in _EMBED_TAGS:
                builder.add_embed(element, tag)
            elif tag in _PLAYER_TAGS:
                builder.add_player(element)
            elif tag == "script" and is_placeholder(element, tag):
                builder.add_embed(element, tag)
            elif tag not in _SKIPPED_TAGS:
                builder.enter(element, tag)
                stack.append((element, True))
                stack.extend((child, False) for child in element.iterchildren(reversed=True))
                continue
        if element is not content and element.tail:
            builder.add_text(element.tail)
    return builder.finish()


def _is_skipped(element: Element, tag: str) -> bool:
    if not element.keys():
        return tag == "form" and is_form(element)
    return (
        is_furniture(element)
        or leads_away(element)
        or is_entry(element)
        or (tag == "form" and is_form(element))
        or (tag == "ul" and is_list_of_posts(element))
    )
