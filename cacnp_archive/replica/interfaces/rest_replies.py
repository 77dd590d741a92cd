"""The part of WordPress's REST API that crawlers use: collections, paging and single items."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cacnp_archive.replica.interfaces.rest_query import (
    Fields,
    Orders,
    Row,
    fields_of,
    page_links,
    question_of,
)
from cacnp_archive.replica.interfaces.rest_rows import (
    User,
    article_row,
    media_row,
    modified,
    term_row,
    terms_of,
    user_row,
)
from cacnp_archive.replica.pages.page_frame import SITE_NAME
from cacnp_archive.replica.state.replica_site import ReplicaSite

Reply = tuple[int, dict[str, str], bytes]

NAMESPACE = "wp-json/wp/v2/"


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection under wp/v2; `missing` is the error code for an unknown id."""

    items: Sequence[Any]
    row: Callable[[Any, Fields], Row]
    orders: Orders
    missing: tuple[str, str] = ("rest_post_invalid_id", "Invalid post ID.")


def rest_reply(site: ReplicaSite, base_url: str, path: str, query: Mapping[str, str]) -> Reply:
    """Respond to a request under wp-json; `path` has no leading or trailing slash."""
    if path == "wp-json":
        return _json(200, {"name": SITE_NAME, "url": base_url, "namespaces": ["wp/v2"]})
    if path == "wp-json/oembed/1.0/embed":
        target = query.get("url", "").removeprefix(base_url).strip("/")
        article = site.articles.get(target)
        if article is None:
            return _error(404, "oembed_invalid_url", "Not Found")
        return _json(200, {"version": "1.0", "type": "rich", "title": article.plain_title})
    name, _, number = path.removeprefix(NAMESPACE).partition("/")
    if not path.startswith(NAMESPACE) or name not in _COLLECTIONS or not _is_number(number or "0"):
        message = "No route was found matching the URL and request method."
        return _error(404, "rest_no_route", message)
    collection = _COLLECTIONS[name](site, base_url)
    if number:
        return _item(site, name, collection, int(number), fields_of(query.get("_fields")))
    return _page(collection, base_url + path, query)


def forbidden_reply() -> Reply:
    """Return the 401 response of a site that closes its REST API."""
    return _error(401, "rest_forbidden", "Sorry, you are not allowed to do that.")


def _item(
    site: ReplicaSite, name: str, collection: Collection, number: int, fields: Fields
) -> Reply:
    items = collection.items
    if name in ("posts", "pages"):  # articles that no list shows can still be fetched
        article = site.by_id.get(number)
        items = [article] if article and article.is_page == (name == "pages") else []
    for item in items:
        if item.wordpress_id == number:
            return _json(200, fields.cut(collection.row(item, fields)))
    return _error(404, *collection.missing)


def _page(collection: Collection, url: str, query: Mapping[str, str]) -> Reply:
    question = question_of(query, collection.orders)
    if question.wrong:
        message = f"Invalid parameter(s): {', '.join(question.wrong)}"
        return _error(400, "rest_invalid_param", message, params=question.wrong)
    items = collection.items
    if "slug" in query:
        slugs = set(query["slug"].split(","))
        items = [item for item in items if item.slug in slugs]
    items = question.select(items, collection.orders)
    pages = -(-len(items) // question.per_page)
    if question.page > pages and items and collection.orders.dated:
        message = "The page number requested is larger than the number of pages available."
        return _error(400, "rest_post_invalid_page_number", message)
    fields = fields_of(query.get("_fields"))
    first = (question.page - 1) * question.per_page
    shown = items[first : first + question.per_page]
    rows = [fields.cut(collection.row(item, fields)) for item in shown]
    status, headers, body = _json(200, rows)
    headers |= {"X-WP-Total": str(len(items)), "X-WP-TotalPages": str(pages)}
    links = page_links(url, query, question.page, pages)
    if links:
        headers["Link"] = links
    return status, headers, body


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _json(status: int, value: object) -> Reply:
    body = json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode()
    return status, {"Content-Type": "application/json; charset=UTF-8"}, body


def _error(status: int, code: str, message: str, **data: object) -> Reply:
    row = {"code": code, "message": message, "data": {"status": status, **data}}
    return _json(status, row)


_ARTICLE_ORDERS = Orders(
    {
        "date": lambda article: article.published_at,
        "id": lambda article: article.wordpress_id,
        "modified": modified,
        "slug": lambda article: article.slug,
        "title": lambda article: article.plain_title.lower(),
    },
    dated=True,
)
_MEDIA_ORDERS = Orders(
    {
        "date": lambda item: item.uploaded_at,
        "id": lambda item: item.wordpress_id,
        "modified": lambda item: item.uploaded_at,
        "slug": lambda item: item.slug,
        "title": lambda item: item.title.lower(),
    },
    dated=True,
)
_NAMED_ORDERS = Orders(
    {
        "id": lambda item: item.wordpress_id,
        "name": lambda item: item.name.lower(),
        "slug": lambda item: item.slug,
    },
    dated=False,
)
_TERM_ORDERS = Orders({**_NAMED_ORDERS.keys, "count": lambda term: term.count}, dated=False)


def _articles(site: ReplicaSite, base_url: str, pages: bool) -> Collection:
    return Collection(
        [a for a in (site.pages if pages else site.posts) if a.in_lists],
        lambda article, fields: article_row(site, base_url, article, fields),
        _ARTICLE_ORDERS,
    )


def _media(site: ReplicaSite, base_url: str) -> Collection:
    return Collection(
        list(site.library.attachments.values()),
        lambda item, fields: media_row(base_url, item, fields),
        _MEDIA_ORDERS,
    )


def _terms(site: ReplicaSite, base_url: str, taxonomy: str) -> Collection:
    return Collection(
        terms_of(site, taxonomy),
        lambda term, _: term_row(base_url, term),
        _TERM_ORDERS,
        ("rest_term_invalid", "Term does not exist."),
    )


def _users(_: ReplicaSite, base_url: str) -> Collection:
    return Collection(
        [User(1, "Center staff", "cacnp")],
        lambda user, _: user_row(base_url, user),
        _NAMED_ORDERS,
        ("rest_user_invalid_id", "Invalid user ID."),
    )


_COLLECTIONS: dict[str, Callable[[ReplicaSite, str], Collection]] = {
    "posts": lambda site, base_url: _articles(site, base_url, pages=False),
    "pages": lambda site, base_url: _articles(site, base_url, pages=True),
    "media": _media,
    "categories": lambda site, base_url: _terms(site, base_url, "category"),
    "tags": lambda site, base_url: _terms(site, base_url, "post_tag"),
    "people": lambda site, base_url: _terms(site, base_url, "people"),
    "users": _users,
}
