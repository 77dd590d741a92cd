"""Embeds in an entry: iframes, players and quoted posts of other sites, with their providers."""

import re
from collections.abc import Iterable
from itertools import islice

from cacnp_archive.model.records import Embed, EmbedKind, Requisite, RequisiteKind
from cacnp_archive.model.site import Site
from cacnp_archive.parsing.bounds import MAX_LINKS
from cacnp_archive.parsing.resolve import resolve
from cacnp_archive.parsing.select import Element, attributes_of, classes, first_of
from cacnp_archive.parsing.text.body import Reference
from cacnp_archive.parsing.text.embed_providers import (
    find_provider,
    oembed_url,
    page_of,
    poster_url,
    provider_of,
)

_URL_ATTRIBUTES = {
    "iframe": (
        *("data-src", "data-lazy-src", "data-litespeed-src", "data-cmplz-src", "src"),
        "data-opt-src",
    ),
    "embed": ("src",),
    "object": ("data",),
}
_YOUTUBE_EMBED = "https://www.youtube.com/embed/"
_QUOTE_CLASSES = frozenset({"twitter-tweet", "twitter-video", "instagram-media", "tiktok-embed"})
_POST_PATH = re.compile(r"/status(?:es)?/\d+")

_LAZY_SOURCE = re.compile(r"data-(?:[\w-]+-)?src(?:-[\w-]+)?")
_PLAYERS = {
    **dict.fromkeys(("lite-youtube", "amp-youtube", "youtube-video"), _YOUTUBE_EMBED),
    **dict.fromkeys(("lite-vimeo", "amp-vimeo"), "https://player.vimeo.com/video/"),
}
"""Elements of players that are loaded by a click, and what their ID is appended to."""
_WIDGETS = {
    "infogram-embed": ("data-id", "https://infogram.com/"),
    "flourish-embed": ("data-src", "https://flo.uri.sh/"),
    "ngp-form": ("data-form-url", ""),
    "twitter-timeline": ("href", ""),
    "calendly-inline-widget": ("data-url", ""),
    "typeform-widget": ("data-url", ""),
}
"""Classes of elements that a script replaces, with the attribute that names the content."""
_PLACEHOLDER_CLASSES = frozenset({"rll-youtube-player", "wp-embedded-content"} | _WIDGETS.keys())
_WIDGET_SCRIPT = re.compile(
    r"//(?:[\w-]+\.)*(?:datawrapper\.dwcdn\.net/\w{5}/|gist\.github\.com/\w"
    r"|buzzsprout\.com/\d+/\d+|podbean\.com/media/|e\.infogram\.com/\w[\w-]+(?=[?]|$))"
)


def embed_address(element: Element, tag: str) -> str | None:
    """Return the URL of an embed as printed; None for other elements.

    Lazy-loaded players are a `div` until they are clicked; an `object` may have its URL in a child.
    """
    if tag in _URL_ATTRIBUTES:
        found = first_of(element.get(name) for name in _URL_ATTRIBUTES[tag])
        if tag == "iframe" and (found is None or found.startswith(("about:", "data:"))):
            return _lazy_source(element) or found
        return found or (_inner_url(element) if tag == "object" else None)
    if tag in _PLAYERS:
        video_id = element.get("videoid") or element.get("data-videoid")
        return f"{_PLAYERS[tag]}{video_id}" if video_id else None
    if tag == "script":
        return element.get("src")
    names = classes(element)
    if "rll-youtube-player" in names:
        video_id = element.get("data-id")
        return element.get("data-src") or (f"{_YOUTUBE_EMBED}{video_id}" if video_id else None)
    attribute, start = next((_WIDGETS[name] for name in names if name in _WIDGETS), ("", ""))
    value = element.get(attribute) if attribute else None
    return f"{start}{value}" if value else None


def is_placeholder(element: Element, tag: str) -> bool:
    """Whether a script replaces the element by a player, form or widget, or shows it later."""
    if tag in _PLAYERS:
        return True
    if tag == "script":
        return _WIDGET_SCRIPT.search(element.get("src", "")) is not None
    return tag in ("a", "div", "iframe") and not classes(element).isdisjoint(_PLACEHOLDER_CLASSES)


def quoted_post_url(element: Element) -> str | None:
    """Return the URL of a post of another site that an element quotes; None for other elements.

    The element is a `blockquote` with the text of the post, or holds the URL alone if WordPress
    could not get a player for it.
    """
    names = element.get("class")
    if names is None:
        return None
    if "wp-block-embed__wrapper" in names:
        return _lone_url(element)
    if classes(element).isdisjoint(_QUOTE_CLASSES):
        return None
    stated = element.get("data-instgrm-permalink") or element.get("cite")
    links = (link.get("href", "") for link in element.iter("a"))
    return stated or first_of(link for link in links if _POST_PATH.search(link))


def parse_embeds(references: Iterable[Reference], base: str) -> tuple[Embed, ...]:
    """Return the embeds of an entry in document order, without references that are no URL."""
    first = islice(references, MAX_LINKS + 1)
    found = ((resolve(base, reference.address), reference.label) for reference in first)
    return tuple(
        _embed(url, title) for url, title in found if url and not url.startswith("mailto:")
    )


def _embed(url: str, title: str) -> Embed:
    provider, embed_id = provider_of(url)
    known, _ = find_provider(url)
    return Embed(
        url=url,
        provider=provider,
        embed_id=embed_id,
        title=title,
        kind=EmbedKind.FRAME if known is None else known.kind,
        page_url=page_of(url),
        oembed_url=oembed_url(url),
        poster_url=poster_url(url),
    )


def embed_requisites(embeds: Iterable[Embed], site: Site) -> tuple[Requisite, ...]:
    """Return the files that describe embeds of other sites: oEmbed replies and still pictures."""
    found: list[Requisite] = []
    for embed in embeds:
        if embed.oembed_url and not site.owns(embed.url):
            found.append(Requisite(url=embed.oembed_url, kind=RequisiteKind.OEMBED))
        if embed.poster_url:
            found.append(Requisite(url=embed.poster_url, kind=RequisiteKind.IMAGE))
    return tuple(found)


def _lazy_source(element: Element) -> str | None:
    """Return the URL in an attribute of a plugin that loads a frame later, or after consent."""
    return first_of(
        value
        for name, value in attributes_of(element)
        if _LAZY_SOURCE.fullmatch(name) and "/" in value
    )


def _lone_url(wrapper: Element) -> str | None:
    text = "".join(map(str, wrapper.itertext())).strip()
    return text if re.fullmatch(r"https?://\S+", text) else None


def _inner_url(element: Element) -> str | None:
    inner = (embed.get("src") for embed in element.iterdescendants("embed"))
    movies = (
        param.get("value")
        for param in element.iterdescendants("param")
        if param.get("name", "").lower() in ("movie", "src", "url")
    )
    return first_of(inner) or first_of(movies)
