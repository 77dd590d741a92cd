"""Routing: find the response for a URL."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import unquote

from cacnp_archive.replica.assets import other_host
from cacnp_archive.replica.interfaces import robots_and_feeds, sitemaps
from cacnp_archive.replica.interfaces.rest_replies import forbidden_reply, rest_reply
from cacnp_archive.replica.interfaces.sitemaps import XML
from cacnp_archive.replica.pages.article_page import article_html
from cacnp_archive.replica.pages.list_page import list_html, not_found_html, search_html
from cacnp_archive.replica.pages.page_frame import SITE_NAME
from cacnp_archive.replica.state.replica_site import PostList, ReplicaSite

HTML = "text/html; charset=UTF-8"
FILES_MODIFIED = datetime(2022, 6, 1, 12, 0, tzinfo=UTC)

_PAGED = re.compile(r"^(?:(.*)/)?page/(\d+)$")


@dataclass(frozen=True, slots=True)
class Response:
    """A response before conditional requests, compression and transfer coding apply.

    `etag` is weak, strong or None; without `modified_at` there is no Last-Modified.
    """

    status: int
    body: bytes = b""
    content_type: str = HTML
    headers: dict[str, str] = field(default_factory=dict)
    etag: str | None = None
    modified_at: datetime | None = None


def respond(site: ReplicaSite, base_url: str, raw_path: str, query: Mapping[str, str]) -> Response:
    """Respond to a GET; `raw_path` is the percent-encoded path as requested."""
    found = _respond(site, base_url, raw_path, query)
    if not site.validators and found.content_type.startswith("text/html"):
        return replace(found, etag=None, modified_at=None)
    return found


def _respond(site: ReplicaSite, base_url: str, raw_path: str, query: Mapping[str, str]) -> Response:
    path = unquote(raw_path).strip("/")
    upload = site.upload("/" + path)
    if upload is not None:
        return Response(
            200, upload.make(), upload.content_type, etag="strong", modified_at=FILES_MODIFIED
        )
    fixed = _fixed(site, base_url, path, query)
    if fixed is not None:
        return fixed
    if path == "" and query:
        by_query = _by_query(site, base_url, query)
        if by_query is not None:
            return by_query
    return _content(site, base_url, path, raw_path, query)


def other_host_response(raw_path: str) -> Response:
    """Respond to a GET to the other host."""
    path = unquote(raw_path)[1:]
    if path in other_host.FILES:
        kind, make = other_host.FILES[path]
        return Response(200, make(), kind, etag="strong", modified_at=FILES_MODIFIED)
    if path == "robots.txt":
        return Response(200, other_host.ROBOTS.encode(), "text/plain")
    if path == other_host.PAGE:
        return Response(200, other_host.PAGE_HTML.encode())
    return Response(404, b"No such file.\n", "text/plain")


def redirect(url: str, status: int = 301) -> Response:
    """Return a redirect as WordPress sends it."""
    return Response(status, headers={"Location": url, "X-Redirect-By": "WordPress"})


def not_found(site: ReplicaSite, base_url: str, status: int = 404) -> Response:
    """Return the "not found" page."""
    return Response(status, not_found_html(site, base_url).encode())


def _fixed(
    site: ReplicaSite, base_url: str, path: str, query: Mapping[str, str]
) -> Response | None:
    """Respond for URLs that every WordPress site has."""
    match path:
        case "robots.txt":
            return Response(
                200,
                robots_and_feeds.robots_txt(site, base_url).encode(),
                "text/plain; charset=utf-8",
            )
        case "main-sitemap.xsl" | "wp-sitemap.xsl":
            sheet = (
                '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/>'
            )
            return _document(site, sheet, XML)
        case "xmlrpc.php":
            return Response(405, b"XML-RPC server accepts POST requests only.", "text/plain")
        case "wp-login.php" | "wp-admin" | "wp-admin/post.php" | "private/board-papers":
            text = f"<!DOCTYPE html><title>Log In</title><p>{SITE_NAME}: for staff.</p>"
            return Response(200, text.encode())
        case "wp-admin/admin-ajax.php":
            return Response(400, b"0")
        case "feed":
            return _feed(base_url, site, "", "")
        case "comments/feed":
            return Response(
                200, robots_and_feeds.feed_xml(base_url, "Comments", "comments/", []).encode(), XML
            )
    if path in sitemaps.redirects(site):
        target, status = sitemaps.redirects(site)[path]
        return redirect(base_url + target, status)
    sitemap = sitemaps.document(site, base_url, path)
    if sitemap is not None:
        body, kind = sitemap
        return Response(200, body, kind, etag="weak", modified_at=site.changed_at)
    if path.split("/")[0] == "wp-json":
        if not site.rest:
            status, headers, body = forbidden_reply()
            return Response(status, body, headers["Content-Type"])
        status, headers, body = rest_reply(site, base_url, path, query)
        kind = headers.pop("Content-Type")
        return Response(status, body, kind, headers, "weak", site.changed_at)
    return None


def _document(site: ReplicaSite, text: str, content_type: str = HTML) -> Response:
    return Response(200, text.encode(), content_type, etag="weak", modified_at=site.changed_at)


def _by_query(site: ReplicaSite, base_url: str, query: Mapping[str, str]) -> Response | None:
    if "s" in query:
        return Response(200, search_html(site, base_url, query["s"]).encode())
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
    site: ReplicaSite, base_url: str, path: str, raw_path: str, query: Mapping[str, str]
) -> Response:
    """Respond for posts, pages and lists, which share one namespace."""
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


def _found(site: ReplicaSite, base_url: str, path: str) -> Response | None:
    article = site.articles.get(path)
    if article is not None:
        return _document(site, article_html(site, base_url, article))
    paged = _PAGED.match(path)
    list_path, number = (paged[1] or "", int(paged[2])) if paged else (path, 1)
    post_list = site.post_list(list_path)
    if post_list is not None:
        return _list(site, base_url, post_list, number, paged is not None)
    base, _, last = path.rpartition("/")
    if last == "feed":
        return _feed_at(site, base_url, base)
    if last == "embed" and base in site.articles:
        title = site.articles[base].plain_title
        text = f'<blockquote class="wp-embed"><a href="{base_url}{base}/">{title}</a></blockquote>'
        return _document(site, f"<!DOCTYPE html><title>{title}</title>{text}")
    return None


def _list(
    site: ReplicaSite, base_url: str, post_list: PostList, number: int, paged: bool
) -> Response | None:
    if paged and number == 1:
        return redirect(base_url + (f"{post_list.path}/" if post_list.path else ""))
    if not 1 <= number <= post_list.page_count:
        return None
    return _document(site, list_html(site, base_url, post_list, number))


def _feed_at(site: ReplicaSite, base_url: str, path: str) -> Response | None:
    article = site.articles.get(path)
    if article is not None:
        title = f"Comments on: {article.plain_title}"
        return _document(site, robots_and_feeds.feed_xml(base_url, title, f"{path}/", []), XML)
    post_list = site.post_list(path)
    return _feed(base_url, site, path, post_list.title) if post_list is not None else None


def _feed(base_url: str, site: ReplicaSite, path: str, title: str) -> Response:
    post_list = site.post_list(path)
    posts = post_list.posts if post_list is not None else ()
    prefix = f"{path}/" if path else ""
    text = robots_and_feeds.feed_xml(base_url, title, prefix, posts)
    kind = "application/rss+xml; charset=UTF-8"
    return Response(200, text.encode(), kind, etag="strong", modified_at=site.changed_at)


def _guess(site: ReplicaSite, base_url: str, path: str) -> Response:
    """Respond to an unknown path: attachment pages redirect to their file, the rest is 404."""
    parent, _, last = path.rpartition("/")
    if parent == "" or parent in site.articles:
        attachment = site.attachment(last)
        if attachment is not None:
            return redirect(base_url + attachment.path[1:])
    return not_found(site, base_url)
