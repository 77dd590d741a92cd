"""Embeds in an entry: iframes, players and quoted posts of other sites, with their providers."""

import re
from collections.abc import Iterable
from itertools import islice
from urllib.parse import unquote

from cacnp_archive.model import urls
from cacnp_archive.model.records import Embed
from cacnp_archive.parsing.bounds import MAX_LINKS
from cacnp_archive.parsing.resolve import resolve
from cacnp_archive.parsing.select import Element, classes, first_of
from cacnp_archive.parsing.text.body import Reference

_PLACEHOLDER_TAGS = frozenset({"lite-youtube", "amp-youtube"})
_PLACEHOLDER_CLASSES = frozenset({"rll-youtube-player", "ngp-form", "wp-embedded-content"})

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

_PROVIDERS: tuple[tuple[str, str, str], ...] = (
    # provider, end of its host, its ID in the URL
    (
        "youtube",
        r"youtube(?:-nocookie)?\.com|youtu\.be",
        r"(?:/(?:embed|v|shorts|live)/|[?&]v=|youtu\.be/)(?!videoseries)([\w-]{6,})|[?&]list=([\w-]+)",
    ),
    ("vimeo", r"vimeo\.com", r"vimeo\.com/(?:video/|event/|showcase/)?(\d+)"),
    (
        "soundcloud",
        r"soundcloud\.com",
        r"soundcloud(?::|\.com/)(?:tracks|playlists|users)[:/](?:[a-z]+:[a-z]+:)?(\d+)",
    ),
    ("twitter", r"twitter\.com|(?:^|\.)x\.com", r"(?:/status(?:es)?/|[?&]id=)(\d+)"),
    ("facebook", r"facebook\.com", r"(?:/videos/|/posts/|[?&]v=)(\d+)"),
    ("instagram", r"instagram\.com", r"/(?:p|reel|tv)/([\w-]+)"),
    ("tiktok", r"tiktok\.com", r"/(?:video|embed)/(?:v2/)?(\d+)"),
    ("spotify", r"spotify\.com", r"/(?:episode|show|track|album|playlist)/(\w+)"),
    ("apple-podcasts", r"podcasts\.apple\.com", r"[?&]i=(\d+)|/id(\d+)(?!\d)(?!.*[?&]i=)"),
    ("libsyn", r"libsyn\.com", r"/id/(\d+)"),
    ("simplecast", r"simplecast\.com", r"simplecast\.com/(?:e/)?([\w-]{8,})"),
    ("buzzsprout", r"buzzsprout\.com", r"buzzsprout\.com/\d+/(?:episodes/)?(\d+)"),
    ("stitcher", r"stitcher\.com", r"(?:/|eid=)(\d{5,})"),
    ("c-span", r"c-span\.org", r"/video/(?:standalone/)?\?([\w-]+)"),
    ("dailymotion", r"dailymotion\.com", r"/video/(\w+)"),
    ("scribd", r"scribd\.com", r"/(?:embeds|doc|document)/(\d+)"),
    ("issuu", r"issuu\.com", r"[?&]d=([\w-]+)"),
    ("documentcloud", r"documentcloud\.org", r"/documents/(\d+)"),
    ("google-docs", r"docs\.google\.com", r"/d/(?:e/)?([\w-]{10,})"),
    ("google-maps", r"(?:maps\.google|google)\.com", r"[?&]mid=([\w-]+)"),
    ("datawrapper", r"(?:dwcdn|datawrapper)\.\w+", r"/_?/?(\w{5})(?:/|$)"),
    ("everyaction", r"(?:everyaction|ngpvan)\.com", r"/forms/(?:form/)?([\w-]+)"),
)
_PROVIDER_PATTERNS = tuple(
    (name, re.compile(rf"(?:^|\.)(?:{host})$"), re.compile(id_pattern))
    for name, host, id_pattern in _PROVIDERS
)


def embed_address(element: Element, tag: str) -> str | None:
    """Return the URL of an embed as printed; None for other elements.

    Lazy-loaded players are a `div` until they are clicked; an `object` may have its URL in a child.
    """
    if tag in _URL_ATTRIBUTES:
        found = first_of(element.get(name) for name in _URL_ATTRIBUTES[tag])
        return found or (_inner_url(element) if tag == "object" else None)
    if tag in _PLACEHOLDER_TAGS:
        video_id = element.get("videoid") or element.get("data-videoid")
        return f"{_YOUTUBE_EMBED}{video_id}" if video_id else None
    names = element.get("class", "")
    if "rll-youtube-player" in names:
        video_id = element.get("data-id")
        return element.get("data-src") or (f"{_YOUTUBE_EMBED}{video_id}" if video_id else None)
    return element.get("data-form-url") if "ngp-form" in names else None


def is_placeholder(element: Element, tag: str) -> bool:
    """Whether a script replaces the element by a player or form, or shows it later."""
    if tag in _PLACEHOLDER_TAGS:
        return True
    return tag in ("div", "iframe") and not classes(element).isdisjoint(_PLACEHOLDER_CLASSES)


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
    return Embed(url=url, provider=provider, embed_id=embed_id, title=title)


def provider_of(url: str) -> tuple[str, str | None]:
    """Return the provider of an embed and the ID that the provider uses for it.

    >>> provider_of("https://www.youtube-nocookie.com/embed/a1B2c3D4e5F?rel=0")
    ('youtube', 'a1B2c3D4e5F')
    >>> provider_of("https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/42")
    ('soundcloud', '42')
    >>> provider_of("https://www.graphs.example/7")
    ('graphs.example', None)
    """
    host = urls.netloc(url).partition(":")[0]
    for name, host_pattern, id_pattern in _PROVIDER_PATTERNS:
        if host_pattern.search(host):
            found = id_pattern.search(unquote(url))
            return name, first_of(found.groups()) if found else None
    return host.removeprefix("www."), None


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
