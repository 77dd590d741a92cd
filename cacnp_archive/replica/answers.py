"""Finds what lies at an address: the routing of the site, without any network."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import unquote

from . import machine, other_host, sitemaps
from .article_page import article_html
from .furniture import SITE_NAME
from .list_page import list_html, not_found_html, search_html
from .rest import forbidden_reply, rest_reply
from .site import Archive, Site
from .sitemaps import XML

HTML = "text/html; charset=UTF-8"
FILES_MODIFIED = datetime(2022, 6, 1, 12, 0, tzinfo=UTC)

_PAGED = re.compile(r"^(?:(.*)/)?page/(\d+)$")


@dataclass(frozen=True, slots=True)
class Answer:
    """A response before conditions, compression and transfer.

    `etag` is weak, strong or None; `modified_at` None means no Last-Modified.
    """

    status: int
    body: bytes = b""
    content_type: str = HTML
    headers: dict[str, str] = field(default_factory=dict)
    etag: str | None = None
    modified_at: datetime | None = None


def answer(site: Site, base_url: str, raw_path: str, query: Mapping[str, str]) -> Answer:
    """Answer a GET; `raw_path` is the path as requested, percent-encoded, with its slash."""
    found = _answer(site, base_url, raw_path, query)
    if not site.validators and found.content_type.startswith("text/html"):
        return replace(found, etag=None, modified_at=None)
    return found


def _answer(site: Site, base_url: str, raw_path: str, query: Mapping[str, str]) -> Answer:
    path = unquote(raw_path).strip("/")
    upload = site.upload("/" + path)
    if upload is not None:
        return Answer(
            200, upload.make(), upload.content_type, etag="strong", modified_at=FILES_MODIFIED
        )
    fixed = _fixed(site, base_url, path, query)
    if fixed is not None:
        return fixed
    if path == "" and query:
        asked = _asked_by_query(site, base_url, query)
        if asked is not None:
            return asked
    return _content(site, base_url, path, raw_path, query)


def other_answer(raw_path: str) -> Answer:
    """Answer a GET to the other host."""
    path = unquote(raw_path)[1:]
    if path in other_host.FILES:
        kind, make = other_host.FILES[path]
        return Answer(200, make(), kind, etag="strong", modified_at=FILES_MODIFIED)
    if path == "robots.txt":
        return Answer(200, other_host.ROBOTS.encode(), "text/plain")
    if path == other_host.PAGE:
        return Answer(200, other_host.PAGE_HTML.encode())
    return Answer(404, b"No such file.\n", "text/plain")


def redirect(url: str, status: int = 301) -> Answer:
    """Give a redirect as WordPress sends it."""
    return Answer(status, headers={"Location": url, "X-Redirect-By": "WordPress"})


def not_found(site: Site, base_url: str, status: int = 404) -> Answer:
    """Give the page for what isn't there."""
    return Answer(status, not_found_html(site, base_url).encode())


def _fixed(site: Site, base_url: str, path: str, query: Mapping[str, str]) -> Answer | None:
    """Answer the addresses that every WordPress has."""
    match path:
        case "robots.txt":
            return Answer(
                200, machine.robots_txt(site, base_url).encode(), "text/plain; charset=utf-8"
            )
        case "main-sitemap.xsl" | "wp-sitemap.xsl":
            sheet = (
                '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/>'
            )
            return _document(site, sheet, XML)
        case "xmlrpc.php":
            return Answer(405, b"XML-RPC server accepts POST requests only.", "text/plain")
        case "wp-login.php" | "wp-admin" | "wp-admin/post.php" | "private/board-papers":
            text = f"<!DOCTYPE html><title>Log In</title><p>{SITE_NAME}: for staff.</p>"
            return Answer(200, text.encode())
        case "wp-admin/admin-ajax.php":
            return Answer(400, b"0")
        case "feed":
            return _feed(base_url, site, "", "")
        case "comments/feed":
            return Answer(
                200, machine.feed_xml(base_url, "Comments", "comments/", []).encode(), XML
            )
    if path in sitemaps.redirects(site):
        target, status = sitemaps.redirects(site)[path]
        return redirect(base_url + target, status)
    sitemap = sitemaps.document(site, base_url, path)
    if sitemap is not None:
        body, kind = sitemap
        return Answer(200, body, kind, etag="weak", modified_at=site.changed_at)
    if path.split("/")[0] == "wp-json":
        if not site.rest:
            status, headers, body = forbidden_reply()
            return Answer(status, body, headers["Content-Type"])
        status, headers, body = rest_reply(site, base_url, path, query)
        kind = headers.pop("Content-Type")
        return Answer(status, body, kind, headers, "weak", site.changed_at)
    return None


def _document(site: Site, text: str, content_type: str = HTML) -> Answer:
    return Answer(200, text.encode(), content_type, etag="weak", modified_at=site.changed_at)


def _asked_by_query(site: Site, base_url: str, query: Mapping[str, str]) -> Answer | None:
    if "s" in query:
        return Answer(200, search_html(site, base_url, query["s"]).encode())
    for name in ("p", "page_id"):
        if name in query:
            number = query[name]
            article = site.by_id.get(int(number)) if number.isascii() and number.isdigit() else None
            if article is None:
                return not_found(site, base_url)
            return redirect(f"{base_url}{article.path}/")
    if "attachment_id" in query:
        number = query["attachment_id"]
        attachment = (
            site.library.attachments.get(int(number))
            if number.isascii() and number.isdigit()
            else None
        )
        if attachment is None:
            return not_found(site, base_url)
        return redirect(base_url + attachment.path[1:])
    return None


def _content(
    site: Site, base_url: str, path: str, raw_path: str, query: Mapping[str, str]
) -> Answer:
    """Answer for posts, pages and lists, which share one namespace."""
    clean = f"{base_url}{path}/" if path else base_url
    left = site.left.get(path)
    if left is not None:
        if left.target is None:
            return not_found(site, base_url, left.status)
        return redirect(base_url + (f"{left.target}/" if left.target else ""), left.status)
    for known, target in site.facts.get("redirect", {}).items():
        if path == known:
            return redirect(base_url + target)
    found = _found(site, base_url, path)
    if found is None:
        return _guess(site, base_url, path)
    if not raw_path.endswith("/"):
        rest = "&".join(f"{name}={value}" for name, value in query.items())
        return redirect(clean + (f"?{rest}" if rest else ""))
    return found


def _found(site: Site, base_url: str, path: str) -> Answer | None:
    article = site.articles.get(path)
    if article is not None:
        return _document(site, article_html(site, base_url, article))
    paged = _PAGED.match(path)
    list_path, number = (paged[1] or "", int(paged[2])) if paged else (path, 1)
    archive = site.archive(list_path)
    if archive is not None:
        return _list(site, base_url, archive, number, paged is not None)
    base, _, last = path.rpartition("/")
    if last == "feed":
        return _feed_at(site, base_url, base)
    if last == "embed" and base in site.articles:
        title = site.articles[base].plain_title
        text = f'<blockquote class="wp-embed"><a href="{base_url}{base}/">{title}</a></blockquote>'
        return _document(site, f"<!DOCTYPE html><title>{title}</title>{text}")
    return None


def _list(site: Site, base_url: str, archive: Archive, number: int, paged: bool) -> Answer | None:
    if paged and number == 1:
        return redirect(base_url + (f"{archive.path}/" if archive.path else ""))
    if not 1 <= number <= archive.page_count:
        return None
    return _document(site, list_html(site, base_url, archive, number))


def _feed_at(site: Site, base_url: str, path: str) -> Answer | None:
    article = site.articles.get(path)
    if article is not None:
        title = f"Comments on: {article.plain_title}"
        return _document(site, machine.feed_xml(base_url, title, f"{path}/", []), XML)
    archive = site.archive(path)
    return _feed(base_url, site, path, archive.title) if archive is not None else None


def _feed(base_url: str, site: Site, path: str, title: str) -> Answer:
    archive = site.archive(path)
    posts = archive.posts if archive is not None else ()
    prefix = f"{path}/" if path else ""
    text = machine.feed_xml(base_url, title, prefix, posts)
    kind = "application/rss+xml; charset=UTF-8"
    return Answer(200, text.encode(), kind, etag="strong", modified_at=site.changed_at)


def _guess(site: Site, base_url: str, path: str) -> Answer:
    """Answer for an unknown path: an attachment's page leads to its file, the rest is 404."""
    parent, _, last = path.rpartition("/")
    if parent == "" or parent in site.articles:
        attachment = site.attachment(last)
        if attachment is not None:
            return redirect(base_url + attachment.path[1:])
    return not_found(site, base_url)
