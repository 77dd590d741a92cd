"""WordPress's REST interface, as far as a crawler asks: collections, paging, single items."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from .block_html import body_html
from .furniture import SITE_NAME, escaped, title_html
from .models import Article, Category, slugify
from .site import Site, Upload
from .teasers import teaser

Row = dict[str, Any]
Reply = tuple[int, dict[str, str], bytes]

NAMESPACE = "wp-json/wp/v2/"
_MAX_PER_PAGE = 100


def rest_reply(site: Site, base_url: str, path: str, query: Mapping[str, str]) -> Reply:
    """Answer a request under wp-json; `path` has no slash around it."""
    if path == "wp-json":
        return _json(200, {"name": SITE_NAME, "url": base_url, "namespaces": ["wp/v2"]})
    if path == "wp-json/oembed/1.0/embed":
        target = query.get("url", "").removeprefix(base_url).strip("/")
        article = site.articles.get(target)
        if article is None:
            return _error(404, "oembed_invalid_url", "Not Found")
        return _json(200, {"version": "1.0", "type": "rich", "title": article.plain_title})
    name, _, number = path.removeprefix(NAMESPACE).partition("/")
    if not path.startswith(NAMESPACE) or name not in _COLLECTIONS:
        return _error(404, "rest_no_route", "No route was found matching the URL.")
    items, print_item = _COLLECTIONS[name](site, base_url)
    if number:
        if name in ("posts", "pages"):
            article = site.by_id.get(_number(number))
            items = [article] if article is not None else []
        for item in items:
            row = print_item(item)
            if row["id"] == _number(number):
                return _json(200, row)
        return _error(404, "rest_post_invalid_id", "Invalid post ID.")
    if "slug" in query and name in ("posts", "pages"):
        items = [article for article in items if article.slug == query["slug"]]
    elif "slug" in query:
        items = [item for item in items if print_item(item)["slug"] == query["slug"]]
    return _page(base_url, path, items, print_item, query)


def _page(
    base_url: str,
    path: str,
    items: Sequence[Any],
    print_item: Callable[[Any], Row],
    query: Mapping[str, str],
) -> Reply:
    per_page = _number(query.get("per_page", "10"))
    number = _number(query.get("page", "1"))
    if not 1 <= per_page <= _MAX_PER_PAGE or number < 1:
        return _error(400, "rest_invalid_param", "Invalid parameter(s)")
    pages = -(-len(items) // per_page)
    if number > max(1, pages):
        return _error(400, "rest_post_invalid_page_number", "The page number is too large.")
    rows = [print_item(item) for item in items[(number - 1) * per_page : number * per_page]]
    if "_fields" in query:
        names = set(query["_fields"].split(","))
        rows = [{key: value for key, value in row.items() if key in names} for row in rows]
    status, headers, body = _json(200, rows)
    headers |= {"X-WP-Total": str(len(items)), "X-WP-TotalPages": str(pages)}
    links = [
        f'<{base_url}{path}?per_page={per_page}&page={target}>; rel="{relation}"'
        for relation, target in (("prev", number - 1), ("next", number + 1))
        if 1 <= target <= pages
    ]
    if links:
        headers["Link"] = ", ".join(links)
    return status, headers, body


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _json(status: int, value: object) -> Reply:
    body = json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode()
    return status, {"Content-Type": "application/json; charset=UTF-8"}, body


def _error(status: int, code: str, message: str) -> Reply:
    return _json(status, {"code": code, "message": message, "data": {"status": status}})


def _local(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")


def _gmt(moment: datetime) -> str:
    return _local(moment.astimezone(UTC))


def _articles(site: Site, base_url: str, pages: bool) -> tuple[Sequence[Any], Callable[[Any], Row]]:
    tag_ids = _term_ids(site, "tag/")
    people_ids = _term_ids(site, "people/")

    def row(article: Article) -> Row:
        modified = article.modified_at or article.published_at
        shown: Row = {
            "id": article.wordpress_id,
            "date": _local(article.published_at),
            "date_gmt": _gmt(article.published_at),
            "guid": {"rendered": f"{base_url}?p={article.wordpress_id}"},
            "modified": _local(modified),
            "modified_gmt": _gmt(modified),
            "slug": article.slug,
            "status": "publish",
            "type": "page" if pages else "post",
            "link": f"{base_url}{article.path}/",
            "title": {"rendered": title_html(article, base_url)},
            "content": {"rendered": body_html(article.blocks, base_url), "protected": False},
            "excerpt": {"rendered": f"<p>{escaped(teaser(article))}</p>\n", "protected": False},
            "author": 1,
        }
        if pages:
            parent = site.articles.get(article.path.rpartition("/")[0])
            return shown | {"parent": parent.wordpress_id if parent else 0}
        return shown | {
            "categories": [site.category_of[name].wordpress_id for name in article.categories],
            "tags": [tag_ids[f"tag/{slugify(name)}"] for name in article.tags],
            "people": [people_ids[f"people/{slugify(name)}"] for name in article.people],
        }

    source = site.pages if pages else site.posts
    return [article for article in source if article.in_lists], row


def _term_ids(site: Site, prefix: str) -> dict[str, int]:
    first = 1001 if prefix == "tag/" else 5001
    paths = sorted(path for path in site.terms if path.startswith(prefix))
    return {path: first + number for number, path in enumerate(paths)}


def _terms(site: Site, base_url: str, prefix: str) -> tuple[Sequence[Any], Callable[[Any], Row]]:
    ids = _term_ids(site, prefix)

    def row(path: str) -> Row:
        archive = site.archive(path)
        return {
            "id": ids[path],
            "count": len(archive.posts) if archive else 0,
            "link": f"{base_url}{path}/",
            "name": site.terms[path],
            "slug": path.removeprefix(prefix),
        }

    return list(ids), row


def _categories(site: Site, base_url: str) -> tuple[Sequence[Any], Callable[[Any], Row]]:
    def row(category: Category) -> Row:
        archive = site.archive(category.path)
        parent = site.categories.get(category.parent_path)
        return {
            "id": category.wordpress_id,
            "count": len(archive.posts) if archive else 0,
            "link": f"{base_url}{category.path}/",
            "name": category.name,
            "slug": category.slug,
            "taxonomy": "category",
            "parent": parent.wordpress_id if parent else 0,
        }

    return list(site.categories.values()), row


def _media(site: Site, base_url: str) -> tuple[Sequence[Any], Callable[[Any], Row]]:
    def row(upload: Upload) -> Row:
        name = upload.path.rpartition("/")[2].rpartition(".")[0]
        return {
            "id": upload.attachment_id,
            "slug": slugify(name),
            "type": "attachment",
            "link": f"{base_url}{slugify(name)}/",
            "mime_type": upload.content_type,
            "source_url": base_url + upload.path[1:],
        }

    return [upload for upload in site.uploads.values() if upload.attachment_id], row


def _users(_: Site, base_url: str) -> tuple[Sequence[Any], Callable[[Any], Row]]:
    user = {"id": 1, "name": "Center staff", "link": f"{base_url}author/cacnp/", "slug": "cacnp"}
    return [user], lambda row: row


_COLLECTIONS: dict[str, Callable[[Site, str], tuple[Sequence[Any], Callable[[Any], Row]]]] = {
    "posts": lambda site, base_url: _articles(site, base_url, pages=False),
    "pages": lambda site, base_url: _articles(site, base_url, pages=True),
    "media": _media,
    "categories": _categories,
    "tags": lambda site, base_url: _terms(site, base_url, "tag/"),
    "people": lambda site, base_url: _terms(site, base_url, "people/"),
    "users": _users,
}
