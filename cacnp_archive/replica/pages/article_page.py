"""Render a post or a page."""

import html

from cacnp_archive.replica.pages.block_html import body_html
from cacnp_archive.replica.pages.page_frame import (
    TITLE_SUFFIX,
    Head,
    escaped,
    page_html,
    title_html,
)
from cacnp_archive.replica.pages.teasers import automatic_teaser
from cacnp_archive.replica.source.faces import CONTENT_END, CONTENT_START
from cacnp_archive.replica.source.inline import absolute
from cacnp_archive.replica.source.posts import Article, printed_date, slugify
from cacnp_archive.replica.state.replica_site import ReplicaSite


def article_html(site: ReplicaSite, base_url: str, article: Article) -> str:
    """Return the HTML page of an article."""
    head = Head(
        title=article.plain_title + TITLE_SUFFIX,
        canonical=f"{article.path}/",
        description=automatic_teaser(article)[:150],
        shortlink_id=article.wordpress_id,
        published_at=None if article.is_page else article.published_at,
        modified_at=article.modified_at,
        image=next((absolute(path, base_url) for path in article.images), None),
        is_article=True,
        feed=None if article.is_page else f"{article.path}/feed/",
        rest=f"wp-json/wp/v2/{'pages' if article.is_page else 'posts'}/{article.wordpress_id}",
    )
    main = (
        _page_main(site, article, base_url) if article.is_page else _post(site, article, base_url)
    )
    return page_html(site, base_url, head, _body_class(article), main)


def _body_class(article: Article) -> str:
    if article.is_page:
        return f"page-template-default page page-id-{article.wordpress_id}"
    return (
        f"post-template-default single single-post postid-{article.wordpress_id} "
        "single-format-standard"
    )


def entry_class(site: ReplicaSite, article: Article) -> str:
    """Return the `class` attribute of an article element."""
    names = [f"post-{article.wordpress_id}", "page" if article.is_page else "post"]
    names += [f"type-{names[1]}", "status-publish"]
    if not article.is_page:
        names.append("format-standard")
    if article.featured_image:
        names.append("has-post-thumbnail")
    names += [f"category-{site.category_of[name].slug}" for name in article.categories]
    names += [f"tag-{slugify(name)}" for name in article.tags]
    names += [f"people-{slugify(name)}" for name in article.people]
    return " ".join([*names, "entry"])


def breadcrumb(base_url: str, steps: list[tuple[str, str]], last: str) -> str:
    """Return the breadcrumb: linked steps (name, path), then the page itself."""
    parts = [
        f'<span class="breadcrumb-link-wrap"><a class="breadcrumb-link" href="{base_url}{path}">'
        f'<span class="breadcrumb-link-text-wrap">{escaped(name)}</span></a><meta></span>'
        for name, path in [("Home", ""), *steps]
    ]
    separator = ' <span aria-label="breadcrumb separator">/</span> '
    return f'<div class="breadcrumb">You are here: {separator.join([*parts, last])}</div>'


def _heading(article: Article, base_url: str) -> str:
    title = title_html(article, base_url)
    return f'<h1 class="entry-title">{title}</h1>\n' if title.strip() else ""


def _post(site: ReplicaSite, article: Article, base_url: str) -> str:
    title = title_html(article, base_url)
    steps = [(category.name, f"{category.path}/") for category in site.crumbs(article)]
    when = article.published_at
    trail = breadcrumb(base_url, steps, title)
    share = _share(article, base_url) if article.share else ""
    return (
        f'{trail}<article class="{entry_class(site, article)}" '
        f'aria-label="{escaped(article.plain_title)}"><header class="entry-header">'
        f'<p class="entry-meta"><time class="entry-time" datetime="{when.isoformat()}">'
        f"{printed_date(when)}</time></p>{_heading(article, base_url)}</header>"
        f'<div class="entry-content">{_content(article, base_url)}\n{share}</div>'
        f'<footer class="entry-footer"><p class="entry-meta">{_terms(site, article, base_url)}'
        f"</p></footer></article>{_comments(article, base_url)}"
    )


def _content(article: Article, base_url: str) -> str:
    return f"{CONTENT_START}{body_html(article.blocks, base_url)}{CONTENT_END}"


def _terms(site: ReplicaSite, article: Article, base_url: str) -> str:
    categories = ", ".join(
        f'<a href="{base_url}{site.category_of[name].path}/" rel="category tag">'
        f"{html.escape(name)}</a>"
        for name in article.categories
    )
    spans = [f'<span class="entry-categories">Posted in: {categories}</span>'] if categories else []
    if article.print_tags:
        tags = ", ".join(
            f'<a href="{base_url}tag/{slugify(name)}/" rel="tag">{html.escape(name)}</a>'
            for name in article.tags
        )
        spans.append(f'<span class="entry-tags">Tagged with: {tags}</span>')
    return " ".join(spans)


def _share(article: Article, base_url: str) -> str:
    url = f"{base_url}{article.path}/"
    buttons = "".join(
        f'<li class="share-{name}"><a rel="nofollow" class="share-{name} sd-button" '
        f'href="{url}?share={name}" target="_blank"><span>{name.title()}</span></a></li>'
        for name in ("twitter", "facebook")
    )
    return (
        '<div class="sharedaddy sd-sharing-enabled"><div class="sd-block sd-social">'
        '<h3 class="sd-title">Share this:</h3><div class="sd-content"><ul>'
        f'{buttons}<li class="share-end"></li></ul></div></div></div>'
    )


def _comments(article: Article, base_url: str) -> str:
    if not article.comments:
        return ""
    url = f"{base_url}{article.path}/"
    items = "".join(
        f'<li class="comment depth-1" id="comment-{comment.wordpress_id}">'
        f'<article id="article-comment-{comment.wordpress_id}"><header class="comment-header">'
        f'<p class="comment-author">'
        f'<span class="comment-author-name">{escaped(comment.name)}</span>'
        f' <span class="says">says</span></p></header><div class="comment-content">'
        f"<p>{escaped(comment.text)}</p></div>"
        f'<div class="comment-reply"><a rel="nofollow" class="comment-reply-link" '
        f'href="{url}?replytocom={comment.wordpress_id}#respond">Reply</a></div></article></li>'
        for comment in article.comments
    )
    return (
        '<h2 class="screen-reader-text">Reader Interactions</h2>'
        f'<div class="entry-comments" id="comments"><h3>Comments</h3><ol class="comment-list">'
        f"{items}</ol></div>"
    )


def _page_main(site: ReplicaSite, article: Article, base_url: str) -> str:
    return (
        f'<article class="{entry_class(site, article)}" '
        f'aria-label="{escaped(article.plain_title)}"><header class="entry-header">'
        f"{_heading(article, base_url)}</header>"
        f'<div class="entry-content">{_content(article, base_url)}</div></article>'
        f"{_analysis(site, article, base_url)}"
    )


def _analysis(site: ReplicaSite, article: Article, base_url: str) -> str:
    """Return the list of recent posts below a landing page, outside the entry."""
    post_list = site.post_list(article.analysis_of) if article.analysis_of else None
    if post_list is None:
        return ""
    items = "".join(
        f'<li><a href="{base_url}{post.path}/">{title_html(post, base_url)}</a> '
        f'<span class="post-date">{printed_date(post.published_at)}</span></li>'
        for post in post_list.posts[:5]
    )
    return (
        '<section class="widget featured-content featuredpost"><div class="widget-wrap">'
        f"<h3>Recent Analysis on {escaped(post_list.title)}</h3><ul>{items}</ul>"
        f'<p><a href="{base_url}{post_list.path}/">'
        f"Read More {escaped(post_list.title)} posts</a></p>"
        "</div></section>"
    )
