"""Render lists: front page, term and date archives, search results, and the 404 page."""

from cacnp_archive.replica.pages.article_page import breadcrumb, entry_class
from cacnp_archive.replica.pages.page_frame import (
    SITE_NAME,
    TITLE_SUFFIX,
    Head,
    escaped,
    page_html,
    title_html,
)
from cacnp_archive.replica.pages.teasers import teaser
from cacnp_archive.replica.source.posts import Article
from cacnp_archive.replica.state.replica_site import POSTS_A_PAGE, PostList, ReplicaSite


def list_html(site: ReplicaSite, base_url: str, post_list: PostList, number: int) -> str:
    """Return page `number` of a list, counted from 1."""
    name = post_list.title
    label = f"{name or SITE_NAME} - Page {number} of {post_list.page_count}" if number > 1 else name
    title = (label + TITLE_SUFFIX) if name else (label or SITE_NAME)
    prefix = f"{post_list.path}/" if post_list.path else ""
    last = post_list.page_count
    head = Head(
        title=title,
        canonical=_page_path(prefix, number),
        feed=f"{prefix}feed/" if prefix else None,
        previous=_page_path(prefix, number - 1) if number > 1 else None,
        following=_page_path(prefix, number + 1) if number < last else None,
    )
    parts = []
    if name:
        parts.append(breadcrumb(base_url, _steps(site, post_list), _crumb(post_list)))
        if number == 1:
            parts.append(
                '<div class="archive-description taxonomy-archive-description '
                f'taxonomy-description"><h1 class="archive-title">{escaped(name)}</h1></div>'
            )
    first = (number - 1) * POSTS_A_PAGE
    parts += [
        _entry(site, base_url, post) for post in post_list.posts[first : first + POSTS_A_PAGE]
    ]
    parts.append(_pagination(base_url, prefix, number, last))
    paged = f" paged paged-{number}" if number > 1 else ""
    return page_html(site, base_url, head, post_list.body_class + paged, "".join(parts))


def search_html(site: ReplicaSite, base_url: str, words: str) -> str:
    """Return the first page of search results."""
    found = [p for p in site.posts[:2000] if words.lower() in p.plain_title.lower()][:POSTS_A_PAGE]
    head = Head(title=f"You searched for {words}{TITLE_SUFFIX}", canonical=None)
    main = f'<h1 class="archive-title">Search Results for: {escaped(words)}</h1>'
    main += "".join(_entry(site, base_url, post) for post in found)
    kind = "search search-results" if found else "search search-no-results"
    return page_html(site, base_url, head, kind, main)


def not_found_html(site: ReplicaSite, base_url: str) -> str:
    """Return the page for an unknown URL."""
    main = (
        '<article class="entry"><h1 class="entry-title">Not found, error 404</h1>'
        '<div class="entry-content"><p>Nothing is kept at this address. Perhaps the '
        f'<a href="{base_url}">front page</a> or a search will help.</p></div></article>'
    )
    return page_html(site, base_url, Head("Page not found" + TITLE_SUFFIX, None), "error404", main)


def _page_path(prefix: str, number: int) -> str:
    return f"{prefix}page/{number}/" if number > 1 else prefix


def _steps(site: ReplicaSite, post_list: PostList) -> list[tuple[str, str]]:
    parts = post_list.path.split("/")[:-1] if post_list.path in site.categories else []
    paths = ["/".join(parts[: count + 1]) for count in range(len(parts))]
    return [(site.categories[path].name, f"{path}/") for path in paths]


def _crumb(post_list: PostList) -> str:
    return f"Archives for {escaped(post_list.title.removeprefix('Archives for '))}"


def _entry(site: ReplicaSite, base_url: str, post: Article) -> str:
    title = title_html(post, base_url)
    heading = (
        f'<h2 class="entry-title"><a class="entry-title-link" rel="bookmark" '
        f'href="{base_url}{post.path}/">{title}</a></h2>\n'
        if title.strip()
        else ""
    )
    text = teaser(post)
    summary = f"<p>{escaped(text)}</p>\n" if text else ""
    if not heading:
        summary += f'<p><a class="more-link" href="{base_url}{post.path}/">Continue</a></p>\n'
    return (
        f'<article class="{entry_class(site, post)}" aria-label="{escaped(post.plain_title)}">'
        f'<header class="entry-header">{heading}</header>'
        f'<div class="entry-content">{summary}</div></article>'
    )


def _pagination(base_url: str, prefix: str, number: int, last: int) -> str:
    if last == 1:
        return ""
    shown = {1, last, *range(max(1, number - 2), min(last, number + 2) + 1)}
    items = []
    if number > 1:
        url = base_url + _page_path(prefix, number - 1)
        items.append(f'<li class="pagination-previous"><a href="{url}">« Previous Page</a></li>')
    previous = 0
    for page in sorted(shown):
        if page > previous + 1:
            items.append('<li class="pagination-omission">…</li>')
        url = base_url + _page_path(prefix, page)
        active = ' class="active"' if page == number else ""
        items.append(f'<li{active}><a href="{url}">{page}</a></li>')
        previous = page
    if number < last:
        url = base_url + _page_path(prefix, number + 1)
        items.append(f'<li class="pagination-next"><a href="{url}">Next Page »</a></li>')
    return f'<div class="archive-pagination pagination"><ul>{"".join(items)}</ul></div>'
