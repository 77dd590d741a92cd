"""What a perfect archiver would report about the site, derived from the content, not from HTML."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from cacnp_archive.replica.assets import other_host, theme
from cacnp_archive.replica.interfaces import sitemaps
from cacnp_archive.replica.interfaces.robots_and_feeds import FORBIDDEN_PATHS
from cacnp_archive.replica.pages.page_frame import LANGUAGE
from cacnp_archive.replica.responses.trouble import TROUBLES, trouble_path
from cacnp_archive.replica.source import block_facts
from cacnp_archive.replica.source.body_blocks import Block
from cacnp_archive.replica.source.inline import Hyperlink, absolute, folded
from cacnp_archive.replica.source.posts import Article, printed_date, slugify
from cacnp_archive.replica.state.replica_site import SOFT, ReplicaSite

_DOCUMENT = re.compile(r"\.(pdf|docx?|xlsx?|pptx?)$", re.IGNORECASE)
_MEDIA = re.compile(r"\.(jpe?g|png|gif|webp|svg|mp3|mp4|m4a|wav|mov)$", re.IGNORECASE)

Row = dict[str, Any]


def truth_of(site: ReplicaSite, base_url: str) -> Row:
    """Return the truth as JSON-compatible data."""
    articles = [article_truth(site, base_url, a) for a in site.articles.values()]
    listings = [
        base_url + path
        for archive_path in site.list_paths()
        if (post_list := site.post_list(archive_path)) is not None
        for path in _pages(post_list.path, post_list.page_count)
    ]
    requisites = _requisites(site, base_url)
    troubles = TROUBLES if site.misbehave else {}

    def in_group(*groups: str) -> list[str]:
        return [base_url + trouble_path(n) for n, t in troubles.items() if t.group in groups]

    return {
        "site": base_url,
        "articles": articles,
        "listings": listings,
        "requisites": requisites,
        "originals": [
            base_url + attachment.largest[1:]
            for attachment in site.library.attachments.values()
            if attachment.size is not None
        ],
        "sitemaps": [base_url + path for path in sitemaps.sitemaps(site)],
        "documents": [
            {"url": base_url + path[1:], "title": row["title"], "pages": list(row["pages"])}
            for path, row in site.documents.items()
        ],
        "must_capture": [row["url"] for row in articles] + listings + requisites,
        "forbidden": [base_url + path for path in site.facts["site"]["forbidden"]],
        "forbidden_prefixes": [base_url + path for path in FORBIDDEN_PATHS],
        **_other_host(base_url),
        "redirects": _redirects(site, base_url),
        "gone": [base_url + path for path in (*site.facts["gone"], *_gone(site))]
        + in_group("gone"),
        **_changes(site, base_url),
        "traps": in_group("trap"),
        "trouble_pages": in_group("page"),
        "healing": in_group("healing"),
        "failures": in_group("failure"),
        "off_site": in_group("off-site"),
    }


def _pages(path: str, count: int) -> list[str]:
    prefix = f"{path}/" if path else ""
    return [prefix, *(f"{prefix}page/{number}/" for number in range(2, count + 1))]


def _gone(site: ReplicaSite) -> list[str]:
    return [f"{path}/" for path, left in site.left.items() if left.status in (404, 410)]


def _changes(site: ReplicaSite, base_url: str) -> Row:
    """Return what happened to articles since the site was built."""
    soft = {left: how for how, left in SOFT.items()}
    here = {path: f"{base_url}{path}/" for path in (*site.articles, *site.left)}
    return {
        "moved": {
            here[path]: here[site.by_id[number].path]
            for path, number in site.moves.items()
            if number in site.by_id
        },
        "guessed": {
            here[path]: here[left.target]
            for path, left in site.left.items()
            if left.target and path not in site.moves
        },
        "soft_gone": {here[path]: soft[left] for path, left in site.left.items() if left in soft},
        "unlisted": [here[a.path] for a in site.articles.values() if not a.in_lists],
    }


def _requisites(site: ReplicaSite, base_url: str) -> list[str]:
    paths = theme.page_requisites()
    for article in site.written:
        paths += article.requisites
    return [base_url + path[1:] for path in dict.fromkeys(paths)]


def _other_host(base_url: str) -> Row:
    base = other_host.other_base(base_url)
    return {
        "other_host_requisites": [base + path for path in other_host.requisites()],
        "other_host_missing": [base + other_host.MISSING],
        "other_host_forbidden": [base + other_host.FORBIDDEN],
        "other_host_pages": [base + other_host.PAGE],
    }


def _redirects(site: ReplicaSite, base_url: str) -> dict[str, str]:
    """Return the redirects of WordPress and of links in pages, with their targets."""
    found = {base_url + a: base_url + b for a, b in site.facts["redirect"].items()}
    found = {f"{url}/": target for url, target in found.items()}
    found |= {
        f"{base_url}{path}/": base_url + (f"{left.target}/" if left.target else "")
        for path, left in site.left.items()
        if left.target is not None
    }
    found |= {base_url + a: base_url + b for a, (b, _) in sitemaps.redirects(site).items()}
    for article in site.articles.values():
        for block in article.blocks:
            for link in block_facts.links(block):
                target = _redirect_of(site, base_url, link)
                if target is not None:
                    found[absolute(link.href, base_url)] = target
    if site.misbehave:
        for number in range(1, 6):
            step = f"{number + 1}/" if number < 5 else "end/"
            found[f"{base_url}trouble/chain/{number}/"] = f"{base_url}trouble/chain/{step}"
    return found


def _redirect_of(site: ReplicaSite, base_url: str, link: Hyperlink) -> str | None:
    """Return where a link of a body is redirected to; None when it is not."""
    if link.href.startswith("/?p="):
        article = site.by_id.get(int(link.href.removeprefix("/?p=")))
        return f"{base_url}{article.path}/" if article else None
    path = link.href[1:].partition("#")[0]
    if not link.href.startswith("/") or path.startswith("wp-content/"):
        return None
    if path in site.articles or path in site.categories:
        return f"{base_url}{path}/"
    if path.rstrip("/") in site.articles or path.rstrip("/") in site.categories:
        return None
    attachment = site.attachment(path.rstrip("/"))
    return base_url + attachment.path[1:] if attachment is not None else None


def article_truth(site: ReplicaSite, base_url: str, article: Article) -> Row:
    """Return everything that should be known about an article."""
    url = f"{base_url}{article.path}/"
    blocks = article.blocks
    links = [
        link_truth(url, base_url, link)
        for block in blocks
        for link in block_facts.links(block)
        if not link.href.startswith(("javascript:", "tel:"))
    ]
    when = None if article.is_page else article.published_at
    modified = article.modified_at
    return {
        "url": url,
        "wordpress_id": article.wordpress_id,
        "kind": article.kind,
        "title": article.plain_title,
        "published_at": when.isoformat() if when else None,
        "published_on": when.date().isoformat() if when else None,
        "date_line": printed_date(when) if when else None,
        "modified_at": article.changed_at.isoformat(timespec="seconds") if modified else None,
        "updated_note": article.updated_note,
        "authors": [
            {
                "name": author.name,
                "person": author.person,
                "printed": author.printed,
                "role": author.role,
                "credit": author.credit,
                "pattern": author.pattern,
                "found_in": author.found_in,
            }
            for author in article.authors
        ],
        "byline_patterns": list(article.patterns),
        "byline_lookalike": article.lookalike,
        "mentions": [
            {"person": m.person, "role": m.role, "outlet": m.outlet, "kind": m.kind}
            for m in article.mentions
        ],
        "categories": list(article.categories),
        "primary_category": article.primary,
        "breadcrumb": _breadcrumb(site, article),
        "tags": list(article.tags),
        "tag_slugs": [slugify(name) for name in article.tags],
        "people": list(article.people),
        "language": LANGUAGE,
        "body_language": article.body_language,
        "body_text": body_text(blocks),
        "links": links,
        "documents": [link["target_url"] for link in links if link["kind"] == "document"],
        "media": [
            {
                "url": urljoin(url, absolute(medium.path, base_url)),
                "alt": medium.alt,
                "caption": None if medium.caption is None else folded(medium.caption),
            }
            for block in blocks
            for medium in block_facts.media(block)
        ],
    }


def _breadcrumb(site: ReplicaSite, article: Article) -> list[str]:
    if article.is_page:
        return []
    names = [category.name for category in site.crumbs(article)]
    return ["Home", *names, *([article.plain_title] if article.plain_title else [])]


def body_text(blocks: Iterable[Block]) -> str:
    """Return the text of a body: blocks separated by empty lines, `<br>` as a line break."""
    runs = [run.text() for block in blocks for run in block_facts.inlines(block)]
    return "\n\n".join(run for run in runs if run.strip())


def link_truth(page_url: str, base_url: str, link: Hyperlink) -> Row:
    """Return a link as a browser resolves it."""
    target = resolved(page_url, absolute(link.href, base_url))
    text = target if link.text == "OWN-URL" else link.text
    return {
        "target_url": target,
        "host": _host(target),
        "kind": _kind(target, base_url, link.embed),
        "anchor_text": folded(text),
    }


def resolved(page_url: str, href: str) -> str:
    """Resolve an href and encode what a browser would encode."""
    parts = urlsplit(urljoin(page_url, href.strip()))
    if parts.scheme == "mailto":
        return urlunsplit(parts)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&()*+,;=~-._?{}|")
    return urlunsplit((parts.scheme, parts.netloc.lower(), path, query, parts.fragment))


def _host(target: str) -> str:
    parts = urlsplit(target)
    return "" if parts.scheme == "mailto" else parts.netloc.rpartition("@")[2]


def _kind(target: str, base_url: str, embed: bool) -> str:
    parts = urlsplit(target)
    if embed:
        return "embed"
    if parts.scheme == "mailto":
        return "mail"
    if _DOCUMENT.search(parts.path):
        return "document"
    if _MEDIA.search(parts.path):
        return "media"
    own = parts.netloc.removeprefix("www.") == urlsplit(base_url).netloc
    return "internal" if own else "outbound"
