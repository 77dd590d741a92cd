"""The JSON rows of WordPress's REST API: posts, pages, media, terms and users."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cacnp_archive.replica.interfaces.rest_query import Fields, Row
from cacnp_archive.replica.pages.block_html import body_html
from cacnp_archive.replica.pages.page_frame import escaped, title_html
from cacnp_archive.replica.pages.teasers import teaser
from cacnp_archive.replica.source.posts import Article, slugify
from cacnp_archive.replica.state.media_library import Attachment
from cacnp_archive.replica.state.replica_site import ReplicaSite


@dataclass(frozen=True, slots=True)
class Term:
    """A category, tag or person; `parent_id` is 0 for top-level and flat terms."""

    wordpress_id: int
    name: str
    path: str
    taxonomy: str
    count: int
    parent_id: int = 0

    @property
    def slug(self) -> str:
        """The last segment of the path."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class User:
    """An account that writes posts; the site publishes under a single one."""

    wordpress_id: int
    name: str
    slug: str


def _local(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")


def _gmt(moment: datetime) -> str:
    return _local(moment.astimezone(UTC))


def modified(article: Article) -> datetime:
    """Return when an article was last changed, or when it was published."""
    return article.modified_at or article.published_at


def article_row(site: ReplicaSite, base_url: str, article: Article, fields: Fields) -> Row:
    """Return the row of a post or page; body and excerpt are rendered only when selected."""
    row: Row = {
        "id": article.wordpress_id,
        "date": _local(article.published_at),
        "date_gmt": _gmt(article.published_at),
        "guid": {"rendered": f"{base_url}?p={article.wordpress_id}"},
        "modified": _local(modified(article)),
        "modified_gmt": _gmt(modified(article)),
        "slug": article.slug,
        "status": "publish",
        "type": "page" if article.is_page else "post",
        "link": f"{base_url}{article.path}/",
        "title": {"rendered": title_html(article, base_url)},
    }
    if fields.wants("content"):
        body = body_html(article.blocks, base_url)
        row["content"] = {"rendered": f"{body}\n", "protected": False}
    if fields.wants("excerpt"):
        text = escaped(teaser(article))
        row["excerpt"] = {"rendered": f"<p>{text}</p>\n" if text else "", "protected": False}
    row |= {"author": 1, "featured_media": _featured(site, article)}
    if article.is_page:
        parent = site.articles.get(article.path.rpartition("/")[0])
        return row | {"parent": parent.wordpress_id if parent else 0}
    return row | {
        "categories": [site.category_of[name].wordpress_id for name in article.categories],
        "tags": _term_ids(site, "tag/", article.tags),
        "people": _term_ids(site, "people/", article.people),
    }


def _term_ids(site: ReplicaSite, prefix: str, names: Sequence[str]) -> list[int]:
    """Return the ids of terms; terms of unlisted articles only have none."""
    ids = site.term_ids[prefix]
    return [ids[path] for name in names if (path := prefix + slugify(name)) in ids]


def _featured(site: ReplicaSite, article: Article) -> int:
    upload = site.upload(article.featured_image) if article.featured_image else None
    return upload.attachment_id if upload else 0


def media_row(base_url: str, item: Attachment, fields: Fields) -> Row:
    """Return the row of an upload."""
    row: Row = {
        "id": item.wordpress_id,
        "date": _local(item.uploaded_at),
        "date_gmt": _gmt(item.uploaded_at),
        "guid": {"rendered": base_url + item.path[1:]},
        "modified": _local(item.uploaded_at),
        "modified_gmt": _gmt(item.uploaded_at),
        "slug": item.slug,
        "status": "inherit",
        "type": "attachment",
        "link": f"{base_url}{item.slug}/",
        "title": {"rendered": escaped(item.title)},
        "author": 1,
        "caption": {"rendered": f"<p>{item.caption.html(base_url)}</p>\n" if item.caption else ""},
        "alt_text": item.alt,
        "media_type": "image" if item.size else "file",
        "mime_type": item.content_type,
    }
    if fields.wants("media_details"):
        row["media_details"] = _details(base_url, item)
    return row | {"post": item.parent_id, "source_url": base_url + item.path[1:]}


def _details(base_url: str, item: Attachment) -> Row:
    """Return the sizes of an image in pixels, or nothing for other files."""
    if item.size is None:
        return {}
    forms = [(copy.name, copy.path, copy.size) for copy in item.copies]
    forms.append(("full", item.path, item.size))
    row: Row = {
        "width": item.size[0],
        "height": item.size[1],
        "file": item.path.removeprefix("/wp-content/uploads/"),
        "sizes": {
            name: {
                "file": path.rpartition("/")[2],
                "width": width,
                "height": height,
                "mime_type": item.content_type,
                "source_url": base_url + path[1:],
            }
            for name, path, (width, height) in forms
        },
    }
    if item.original:
        row["original_image"] = item.original.rpartition("/")[2]
    return row


def terms_of(site: ReplicaSite, taxonomy: str) -> Sequence[Term]:
    """Return the terms of a taxonomy: category, post_tag or people."""
    if taxonomy == "category":
        return [
            Term(
                category.wordpress_id,
                category.name,
                category.path,
                taxonomy,
                site.count(category.path),
                parent.wordpress_id if (parent := site.categories.get(category.parent_path)) else 0,
            )
            for category in site.categories.values()
        ]
    ids = site.term_ids["tag/" if taxonomy == "post_tag" else "people/"]
    return [
        Term(ids[path], site.terms[path], path, taxonomy, site.count(path))
        for path in ids
        if path in site.terms
    ]


def term_row(base_url: str, term: Term) -> Row:
    """Return the row of a term."""
    row: Row = {
        "id": term.wordpress_id,
        "count": term.count,
        "description": "",
        "link": f"{base_url}{term.path}/",
        "name": escaped(term.name),
        "slug": term.slug,
        "taxonomy": term.taxonomy,
    }
    return row | {"parent": term.parent_id} if term.taxonomy == "category" else row


def user_row(base_url: str, user: User) -> Row:
    """Return the row of a user."""
    return {
        "id": user.wordpress_id,
        "name": user.name,
        "url": "",
        "description": "",
        "link": f"{base_url}author/{user.slug}/",
        "slug": user.slug,
    }
