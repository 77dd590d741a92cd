"""The providers of embeds: what they are, and where they describe an embed.

A provider's oEmbed reply names title and poster of an embed. Its address is built here, since pages
seldom link to it; embeds of other WordPress sites follow WordPress's own addresses.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from cacnp_archive.model import urls
from cacnp_archive.model.records import EmbedKind
from cacnp_archive.parsing.select import first_of

_WORDPRESS = re.compile(r"(https?://[^/?#]+)(/[^?#]*?)embed/?(?:[?#].*)?$")


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of embeds; `{}` in its templates is the ID of an embed."""

    name: str
    kind: EmbedKind
    host: str
    """Regular expression for the end of its host."""
    id: str
    """Regular expression for the ID in an unquoted URL, in its first group that matches."""
    page: str = ""
    """Template of the page that people open; "" if the ID does not tell it."""
    oembed: str = ""
    """Address of its oEmbed replies, to be followed by the quoted URL of the page."""
    poster: str = ""
    """Template of the still picture, for a provider that has one at a fixed address."""


_PLAYER, _POST = EmbedKind.PLAYER, EmbedKind.POST
_DOCUMENT, _WIDGET, _FORM = EmbedKind.DOCUMENT, EmbedKind.WIDGET, EmbedKind.FORM

PROVIDERS = (
    Provider(
        *("youtube", _PLAYER, r"youtube(?:-nocookie)?\.com|youtu\.be"),
        r"(?:/(?:embed|v|shorts|live)/|[?&]v=|youtu\.be/)(?!videoseries)([\w-]{6,})|[?&]list=([\w-]+)",
        page="https://www.youtube.com/watch?v={}",
        oembed="https://www.youtube.com/oembed?format=json&url=",
        poster="https://i.ytimg.com/vi/{}/hqdefault.jpg",
    ),
    Provider(
        *("vimeo", _PLAYER, r"vimeo\.com", r"vimeo\.com/(?:video/|event/|showcase/)?(\d+)"),
        page="https://vimeo.com/{}",
        oembed="https://vimeo.com/api/oembed.json?url=",
    ),
    Provider(
        *("soundcloud", _PLAYER, r"soundcloud\.com"),
        r"soundcloud(?::|\.com/)(?:tracks|playlists|users)[:/](?:[a-z]+:[a-z]+:)?(\d+)",
        oembed="https://soundcloud.com/oembed?format=json&url=",
    ),
    Provider(
        *("twitter", _POST, r"twitter\.com|(?:^|\.)x\.com", r"(?:/status(?:es)?/|[?&]id=)(\d+)"),
        page="https://twitter.com/i/status/{}",
        oembed="https://publish.twitter.com/oembed?url=",
    ),
    Provider("facebook", _POST, r"facebook\.com", r"(?:/videos/|/posts/|[?&]v=)(\d+)"),
    Provider(
        *("instagram", _POST, r"instagram\.com", r"/(?:p|reel|tv)/([\w-]+)"),
        page="https://www.instagram.com/p/{}/",
    ),
    Provider(
        *("tiktok", _POST, r"tiktok\.com", r"/(?:video|embed)/(?:v2/)?(\d+)"),
        page="https://www.tiktok.com/@/video/{}",
        oembed="https://www.tiktok.com/oembed?url=",
    ),
    Provider(
        *("spotify", _PLAYER, r"spotify\.com", r"/(?:episode|show|track|album|playlist)/(\w+)"),
        oembed="https://open.spotify.com/oembed?url=",
    ),
    Provider(
        *("apple-podcasts", _PLAYER, r"podcasts\.apple\.com"),
        r"[?&]i=(\d+)|/id(\d+)(?!\d)(?!.*[?&]i=)",
    ),
    Provider("libsyn", _PLAYER, r"libsyn\.com", r"/id/(\d+)"),
    Provider("simplecast", _PLAYER, r"simplecast\.com", r"simplecast\.com/(?:e/)?([\w-]{8,})"),
    Provider("megaphone", _PLAYER, r"megaphone\.fm", r"[?&]e=(\w+)|megaphone\.fm/(\w+)"),
    Provider("buzzsprout", _PLAYER, r"buzzsprout\.com", r"buzzsprout\.com/\d+/(?:episodes/)?(\d+)"),
    Provider("stitcher", _PLAYER, r"stitcher\.com", r"(?:/|eid=)(\d{5,})"),
    Provider("c-span", _PLAYER, r"c-span\.org", r"/video/(?:standalone/)?\?([\w-]+)"),
    Provider(
        *("dailymotion", _PLAYER, r"dailymotion\.com", r"/video/(\w+)|[?&]video=(\w+)"),
        page="https://www.dailymotion.com/video/{}",
        oembed="https://www.dailymotion.com/services/oembed?format=json&url=",
        poster="https://www.dailymotion.com/thumbnail/video/{}",
    ),
    Provider(
        *("scribd", _DOCUMENT, r"scribd\.com", r"/(?:embeds|doc|document)/(\d+)"),
        page="https://www.scribd.com/doc/{}",
        oembed="https://www.scribd.com/services/oembed/?format=json&url=",
    ),
    Provider("issuu", _DOCUMENT, r"issuu\.com", r"[?&]d=([\w-]+)"),
    Provider("documentcloud", _DOCUMENT, r"documentcloud\.org", r"/documents/(\d+)"),
    Provider("google-docs", _DOCUMENT, r"docs\.google\.com", r"/d/(?:e/)?([\w-]{10,})"),
    Provider("google-maps", _WIDGET, r"(?:maps\.google|google)\.com", r"[?&]mid=([\w-]+)"),
    Provider(
        *("datawrapper", _WIDGET, r"(?:dwcdn|datawrapper)\.\w+", r"/_?/?(\w{5})(?:/|$)"),
        page="https://datawrapper.dwcdn.net/{}/",
        oembed="https://api.datawrapper.de/v3/oembed?url=",
    ),
    Provider(
        *("infogram", _WIDGET, r"infogram\.com", r"infogram\.com/([\w-]+)"),
        page="https://infogram.com/{}",
        oembed="https://infogram.com/oembed?format=json&url=",
    ),
    Provider(
        *("flourish", _WIDGET, r"(?:flourish\.studio|flo\.uri\.sh)"),
        r"/((?:visualisation|story)/\d+)",
        page="https://public.flourish.studio/{}/",
        oembed="https://app.flourish.studio/api/v1/oembed?url=",
    ),
    Provider("everyaction", _FORM, r"(?:everyaction|ngpvan)\.com", r"/forms/(?:form/)?([\w-]+)"),
)
_PATTERNS = tuple(
    (provider, re.compile(rf"(?:^|\.)(?:{provider.host})$"), re.compile(provider.id))
    for provider in PROVIDERS
)


def find_provider(url: str) -> tuple[Provider | None, str | None]:
    """Return the provider of an embed, if known, and the ID that it uses for it."""
    host = urls.netloc(url).partition(":")[0]
    for provider, host_pattern, id_pattern in _PATTERNS:
        if host_pattern.search(host):
            found = id_pattern.search(unquote(url))
            return provider, first_of(found.groups()) if found else None
    return None, None


def provider_of(url: str) -> tuple[str, str | None]:
    """Return the name of the provider of an embed, else its host, and the provider's ID for it.

    >>> provider_of("https://www.youtube-nocookie.com/embed/a1B2c3D4e5F?rel=0")
    ('youtube', 'a1B2c3D4e5F')
    >>> provider_of("https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/42")
    ('soundcloud', '42')
    >>> provider_of("https://www.graphs.example/7")
    ('graphs.example', None)
    """
    provider, embed_id = find_provider(url)
    if provider is not None:
        return provider.name, embed_id
    return urls.netloc(url).partition(":")[0].removeprefix("www."), None


def page_of(url: str) -> str | None:
    """Return the page of an embed for people; None when its URL does not tell it.

    >>> page_of("https://player.vimeo.com/video/7?h=1")
    'https://vimeo.com/7'
    >>> page_of("https://open.spotify.com/embed/episode/4rOo?theme=0")
    'https://open.spotify.com/episode/4rOo'
    >>> page_of("https://other.example/a-post/embed/#?secret=x")
    'https://other.example/a-post/'
    """
    provider, embed_id = find_provider(url)
    if provider is None:
        wordpress = _WORDPRESS.match(url)
        return f"{wordpress[1]}{wordpress[2]}" if wordpress else None
    if provider.name == "soundcloud":
        inner = re.search(r"[?&]url=(https?:[^&]+)", unquote(url))
        return inner[1] if inner else None
    if provider.name == "spotify":
        return f"https://open.spotify.com{urlsplit(url).path.removeprefix('/embed')}"
    if provider.name == "youtube" and embed_id and f"list={embed_id}" in url:
        return f"https://www.youtube.com/playlist?list={embed_id}"
    return provider.page.format(embed_id) if provider.page and embed_id else None


def oembed_url(url: str) -> str | None:
    """Return the URL of the provider's oEmbed reply; None when none is known.

    >>> oembed_url("https://other.example/a-post/embed/")
    'https://other.example/wp-json/oembed/1.0/embed?url=https%3A%2F%2Fother.example%2Fa-post%2F'
    """
    page = page_of(url)
    provider, _ = find_provider(url)
    if page is None:
        return None
    if provider is None:
        parts = urlsplit(page)
        api = f"{parts.scheme}://{parts.netloc}/wp-json/oembed/1.0/embed?url="
    else:
        api = provider.oembed
    return f"{api}{quote(page, safe='')}" if api else None


def poster_url(url: str) -> str | None:
    """Return the still picture of an embed, for a provider that has it at a fixed address.

    >>> poster_url("https://youtu.be/a1B2c3D4e5F")
    'https://i.ytimg.com/vi/a1B2c3D4e5F/hqdefault.jpg'
    """
    provider, embed_id = find_provider(url)
    if provider is None or not provider.poster or not embed_id or f"list={embed_id}" in url:
        return None
    return provider.poster.format(embed_id)
