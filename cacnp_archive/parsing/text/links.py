"""Parse and classify the links of an entry, and find the next page of a listing."""

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from cacnp_archive.model import urls
from cacnp_archive.model.records import Link, LinkKind
from cacnp_archive.model.site import DOCUMENT_FILE, MEDIA_FILE, Site
from cacnp_archive.parsing.bounds import MAX_LINKS
from cacnp_archive.parsing.resolve import resolve
from cacnp_archive.parsing.text.body import Reference

_SHARE = re.compile(
    r"https?://(?:www\.|m\.)?(?:facebook\.com/(?:sharer|share\.php|dialog/)|(?:twitter|x)\.com/"
    r"(?:intent|share)\b|linkedin\.com/(?:share|cws/share)|reddit\.com/submit|pinterest\.com/pin/"
    r"create|tumblr\.com/(?:share|widgets/share)|addtoany\.com/|t\.me/share|bsky\.app/intent|"
    r"(?:api\.)?whatsapp\.com/send|getpocket\.com/(?:save|edit)|threads\.net/intent)"
    r"|mailto:\?",
    re.IGNORECASE,
)
"""Matches the URL of a button that shares the page."""

_DIRECTORY = re.compile(
    r"https?://(?:www\.|m\.)?(?:(?P<site>(?:podcasts|itunes|music)\.apple|itunes|open\.spotify|spotify"
    r"|(?:play|podcasts)\.google|stitcher|soundcloud|tunein|overcast|pca|pocketcasts|iheart"
    r"|music\.amazon|castbox|radiopublic|podchaser|player|podbean|deezer|pandora)"
    r"\.(?:com|fm|st|net|co|org)(?:/|$)"
    r"|(?P<account>facebook|twitter|x|instagram|linkedin|youtube|threads|flickr)\.(?:com|net)/@?[^/?#]+/?$)",
    re.IGNORECASE,
)
"""Matches the URL of a podcast directory, or of an account of a social network."""

_PAGE_NUMBER = re.compile(r"/page/(\d+)/?$")


def parse_links(references: tuple[Reference, ...], base: str, site: Site) -> tuple[Link, ...]:
    """Return the links and embeds of an entry in order, without references that are no URL."""
    resolved = [
        (reference, target)
        for reference in references[: MAX_LINKS + 1]
        if (target := resolve(base, reference.address)) is not None
    ]
    directories = _lists_of_directories([target for _, target in resolved])
    links = []
    for number, (reference, target) in enumerate(resolved):
        kind = LinkKind.EMBED if reference.is_embed else link_kind(target, site)
        host = "" if kind is LinkKind.MAIL else urls.netloc(target)
        links.append(
            Link(
                target_url=target,
                host=host,
                kind=kind,
                anchor_text=reference.label,
                context=reference.context,
                is_furniture=not reference.is_embed
                and (
                    reference.is_in_menu
                    or number in directories
                    or _SHARE.match(target) is not None
                ),
            )
        )
    return tuple(links)


def _lists_of_directories(targets: Sequence[str]) -> frozenset[int]:
    """Return the positions of links that stand in a list of podcast directories or own accounts.

    Such a list names several of them in a row. A single link may well be what the text is about.
    """
    found: set[int] = set()
    row: list[int] = []
    hosts: set[str] = set()
    for number, target in enumerate((*targets, "")):
        match = _DIRECTORY.match(target)
        if match is not None:
            row.append(number)
            hosts.add((match["site"] or match["account"]).lower())
            continue
        if len(hosts) > 1:
            found.update(row)
        row.clear()
        hosts.clear()
    return frozenset(found)


def parse_document_urls(references: tuple[Reference, ...], base: str) -> tuple[str, ...]:
    """Return the URLs of documents that an entry links to or embeds, each once, in order."""
    found: dict[str, None] = {}
    for reference in references[: MAX_LINKS + 1]:
        target = resolve(base, reference.address)
        if target is not None and DOCUMENT_FILE.search(urlsplit(target).path):
            found[urls.without_fragment(target)] = None
    return tuple(found)


@lru_cache(maxsize=urls.REMEMBERED)
def link_kind(url: str, site: Site) -> LinkKind:
    """Return the kind of a link by its absolute URL.

    >>> link_kind("https://other.example/report.PDF?x=1", Site.at("https://a.example"))
    <LinkKind.DOCUMENT: 'document'>
    """
    if url.startswith("mailto:"):
        return LinkKind.MAIL
    path = urlsplit(url).path
    if DOCUMENT_FILE.search(path):
        return LinkKind.DOCUMENT
    if MEDIA_FILE.search(path):
        return LinkKind.MEDIA
    return LinkKind.INTERNAL if site.owns(url) else LinkKind.OUTBOUND


def next_page(url: str, links: tuple[str, ...]) -> str | None:
    """Return the link to the next page of a listing; WordPress numbers the pages in the path.

    >>> next_page("https://a.example/news/", ("https://a.example/news/page/2/",))
    'https://a.example/news/page/2/'
    """
    path = urlsplit(url).path
    number = _PAGE_NUMBER.search(path)
    listing = path[: number.start()] if number else path.rstrip("/")
    next_path = f"{listing}/page/{int(number[1]) + 1 if number else 2}"
    return next((link for link in links if urlsplit(link).path.rstrip("/") == next_path), None)
