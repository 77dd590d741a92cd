"""The current state of the site: articles, lists and redirects by path."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cacnp_archive.replica.source.faces import Face
from cacnp_archive.replica.source.generated_posts import FIRST_FILLER_ID, filler_articles
from cacnp_archive.replica.source.load_content import Content, load_content
from cacnp_archive.replica.source.posts import Article, Category, printed_date, slugify
from cacnp_archive.replica.state.media_library import Attachment, Library, Upload

POSTS_A_PAGE = 5
SITEMAP_SIZES = (100, 1000)
"""URLs per sitemap: few, so that a small site has several; for a large site as many as in Yoast."""
RECENT_POSTS = 5
FIRST_TAG_ID = 1001
FIRST_PERSON_ID = 5001


@dataclass(frozen=True, slots=True)
class PostList:
    """A list of posts; `path` is empty for the front page."""

    path: str
    title: str
    body_class: str
    posts: tuple[Article, ...]

    @property
    def page_count(self) -> int:
        """The number of pages, at least one."""
        return max(1, -(-len(self.posts) // POSTS_A_PAGE))


@dataclass(frozen=True, slots=True)
class Departure:
    """The response of a URL whose article is gone.

    `target` is the path of a redirect, empty for the front page. Status 200 means the "not found"
    page with the wrong status.
    """

    status: int
    target: str | None = None


SOFT = {"home": Departure(302, ""), "not-found": Departure(200)}
"""The ways in which sites hide that an article is gone."""


class ReplicaSite:
    """The state that the server renders; tests change it with its methods.

    `robots_lines` are added to robots.txt, such as "Crawl-delay: 1"; `sitemap_style` is yoast,
    core, gzip or none; without `rest` the REST API responds with 401; without `validators` HTML
    has no ETag and Last-Modified; `nonce` is part of every page; `face` is the theme.
    """

    def __init__(self, content: Content, filler_count: int = 0, misbehave: bool = False) -> None:
        self.misbehave = misbehave
        self.robots_lines: list[str] = []
        self.sitemap_style = "yoast"
        self.rest = True
        self.validators = True
        self.face = Face.GENESIS
        self.nonce = _nonce("first")
        self.facts: Mapping[str, Any] = content.facts
        self.documents: dict[str, Mapping[str, Any]] = {d["path"]: d for d in content.documents}
        self.categories: dict[str, Category] = {c.path: c for c in content.categories}
        self.category_of: dict[str, Category] = {c.name: c for c in content.categories}
        self.articles: dict[str, Article] = {a.path: a for a in content.articles}
        for article in filler_articles(filler_count, content.categories):
            self.articles[article.path] = article
        self.left: dict[str, Departure] = {}
        self.moves: dict[str, int] = {}
        self.changed_at = max(a.changed_at for a in self.articles.values())
        self.term_ids: dict[str, dict[str, int]] = {"tag/": {}, "people/": {}}
        self._library = Library(self.documents)
        self._check()
        self._index()

    def _check(self) -> None:
        for article in self.articles.values():
            unknown = [name for name in article.categories if name not in self.category_of]
            if unknown or (article.primary and article.primary not in article.categories):
                raise ValueError(f"/{article.path}/: categories {unknown} {article.primary}")

    def _index(self) -> None:
        """Sort the posts into their lists, newest first."""
        self.by_id = {a.wordpress_id: a for a in self.articles.values()}
        self.posts = sorted(
            (a for a in self.articles.values() if not a.is_page),
            key=lambda a: (a.published_at, a.wordpress_id),
            reverse=True,
        )
        self.pages = [a for a in self.articles.values() if a.is_page]
        members: dict[str, list[Article]] = defaultdict(list)
        terms: dict[str, str] = {}
        newest: dict[str, datetime] = {}
        for post in self.posts:
            if post.in_lists:
                changed_at = post.changed_at
                for path, name in self._lists_of(post).items():
                    members[path].append(post)
                    terms[path] = name
                    newest[path] = max(newest.get(path, changed_at), changed_at)
        self._members, self.terms, self._newest = members, terms, newest
        for prefix, first in (("tag/", FIRST_TAG_ID), ("people/", FIRST_PERSON_ID)):
            ids = self.term_ids[prefix]
            for path in sorted(path for path in terms if path.startswith(prefix)):
                ids.setdefault(path, first + len(ids))
        self._library_is_old = True

    def _lists_of(self, post: Article) -> dict[str, str]:
        lists = {"": "", "author/cacnp": "Center staff"}
        for name in post.categories:
            path = self.category_of[name].path
            while path:
                lists[path] = self.categories[path].name
                path = path.rpartition("/")[0]
        lists |= {f"tag/{slugify(name)}": name for name in post.tags}
        lists |= {f"people/{slugify(name)}": name for name in post.people}
        day = post.published_at
        lists[f"{day:%Y}"] = f"Archives for {day:%Y}"
        lists[f"{day:%Y/%m}"] = f"Archives for {printed_date(day).split()[0]} {day:%Y}"
        return lists

    def post_list(self, path: str) -> PostList | None:
        """Return the list at a path, or None."""
        posts = tuple(self._members.get(path, ()))
        root, _, slug = path.partition("/")
        if path == "":
            return PostList("", "", "home blog", posts)
        if path in self.categories:
            category = self.categories[path]
            name = f"archive category category-{category.slug} category-{category.wordpress_id}"
            return PostList(path, category.name, name, posts)
        if not posts:
            return None
        kinds = {
            "tag": f"archive tag tag-{slug}",
            "people": f"archive tax-people term-{slug}",
            "author": f"archive author author-{slug}",
        }
        return PostList(path, self.terms[path], kinds.get(root, "archive date"), posts)

    def count(self, path: str) -> int:
        """Return the number of posts in the list at a path."""
        return len(self._members.get(path, ()))

    def newest_change(self, path: str) -> datetime:
        """Return when a post in the list at a path was last changed, UTC."""
        return self._newest[path]

    def list_paths(self) -> list[str]:
        """Return the paths of all linked lists: front page, categories, tags, people."""
        terms = [p for p in self.terms if p.startswith(("tag/", "people/"))]
        return ["", *self.categories, *sorted(terms)]

    @property
    def recent(self) -> list[Article]:
        """The posts in the sidebar."""
        return [post for post in self.posts[: RECENT_POSTS + 20] if post.in_lists][:RECENT_POSTS]

    @property
    def written(self) -> list[Article]:
        """The hand-written articles, which alone have files of their own."""
        return [a for a in self.articles.values() if a.wordpress_id < FIRST_FILLER_ID]

    @property
    def library(self) -> Library:
        """The files and the media library."""
        if self._library_is_old:
            self._library.take(self.written)
            self._library_is_old = False
        return self._library

    def upload(self, path: str) -> Upload | None:
        """Return the file at a path, or None."""
        return self.library.files.get(path)

    def attachment(self, slug: str) -> Attachment | None:
        """Return the upload whose attachment page has this slug, or None."""
        return self.library.by_slug.get(slug)

    def crumbs(self, article: Article) -> list[Category]:
        """Return the categories of an article's breadcrumb, top-level first."""
        if article.primary is None:
            return []
        path = self.category_of[article.primary].path
        steps = [path]
        while "/" in path:
            path = path.rpartition("/")[0]
            steps.append(path)
        return [self.categories[step] for step in reversed(steps)]

    def add(self, article: Article) -> None:
        """Publish another article."""
        self._place(article)
        self._touch()

    def edit(self, path: str, **changes: Any) -> None:
        """Change fields of an article; `text` is a new body in markup.

        Without `modified_at` the stated modification time stays: a silent edit.
        """
        if "text" in changes:
            text: str = changes.pop("text")
            changes["body"] = lambda: text
        self.articles[path] = replace(self.articles[path], **changes)
        self._touch()

    def unlist(self, path: str) -> None:
        """Remove an article from all lists; its URL still works."""
        self.edit(path, in_lists=False)

    def delete(self, path: str, status: int = 404, guess: str | None = None) -> None:
        """Delete an article; its URL responds with `status`, 404 or 410.

        With `guess` it redirects to that article, as WordPress does when an unknown slug is the
        beginning of a known one.
        """
        if guess is not None and (guess == path or guess not in self.articles):
            raise ValueError(f"/{guess}/ is no other article")
        self._remove(path, Departure(status) if guess is None else Departure(301, guess))

    def soft_delete(self, path: str, how: str) -> None:
        """Delete an article with a misleading response.

        Its URL redirects to the front page ("home") or responds with the "not found" page and
        status 200 ("not-found").
        """
        self._remove(path, SOFT[how])

    def move(self, path: str, new_path: str, leave: int = 301) -> None:
        """Move an article; the old path responds with `leave`: 301 to the new path, or 404.

        This changes its modification time, as on the real site.
        """
        if leave not in (301, 404):
            raise ValueError(f"a moved article leaves 301 or 404, not {leave}")
        article = self.articles[path]
        modified_at = self._next_moment().astimezone(article.published_at.tzinfo)
        self._place(replace(article, path=new_path, modified_at=modified_at))
        del self.articles[path]
        for old, left in self.left.items():
            if left.target == path:
                self.left[old] = Departure(left.status, new_path)
        self.left[path] = Departure(301, new_path) if leave == 301 else Departure(404)
        self.moves[path] = article.wordpress_id
        self._touch()

    def shake(self) -> None:
        """Change the nonce: the bytes of every page change, the content does not."""
        self.nonce = _nonce(self.nonce)
        self.changed_at = self._next_moment()

    def _place(self, article: Article) -> None:
        if article.path in self.articles:
            raise ValueError(f"/{article.path}/ exists")
        self.left.pop(article.path, None)
        self.moves.pop(article.path, None)
        self.articles[article.path] = article

    def _remove(self, path: str, left: Departure) -> None:
        del self.articles[path]
        for old in [old for old, earlier in self.left.items() if earlier.target == path]:
            self.left[old] = Departure(404)
        self.left[path] = left
        self._touch()

    def _next_moment(self) -> datetime:
        """Return the time of a change: now, but later than the previous change."""
        now = datetime.now(UTC).replace(microsecond=0)
        return max(now, self.changed_at + timedelta(seconds=1))

    def _touch(self) -> None:
        self.changed_at = self._next_moment()
        self._index()


def _nonce(seed: str) -> str:
    """Return a nonce of ten hexadecimal digits, like WordPress's."""
    return hashlib.sha256(seed.encode()).hexdigest()[:10]


def build_site(
    articles: int | None = None, misbehave: bool = False, *, first: int | None = None
) -> ReplicaSite:
    """Build the site; generated posts are added up to `articles` in total.

    With `first` it is a small site, of that number of hand-written articles.
    """
    content = load_content()
    content.articles = content.articles[:first]
    filler_count = max(0, (articles or 0) - len(content.articles))
    return ReplicaSite(content, filler_count, misbehave)
