"""The frame of every page: head, header, sidebar and footer."""

import html
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from cacnp_archive.replica.assets import other_host, theme
from cacnp_archive.replica.source.faces import dressed
from cacnp_archive.replica.source.posts import Article, printed_date
from cacnp_archive.replica.state.replica_site import ReplicaSite

SITE_NAME = "Center for Arms Control and Non-Proliferation"
LANGUAGE = "en-US"
TITLE_SUFFIX = f" - {SITE_NAME}"


@dataclass(frozen=True, slots=True)
class Head:
    """The metadata in a page's head; `canonical` is a path, or None on a 404.

    Times are those of the article, None for lists; `image` is an absolute URL.
    """

    title: str
    canonical: str | None
    description: str = ""
    shortlink_id: int | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    image: str | None = None
    is_article: bool = False
    feed: str | None = None
    rest: str | None = None
    previous: str | None = None
    following: str | None = None


def escaped(text: str) -> str:
    """Escape text as WordPress does: curly quotes and dashes become numeric references."""
    plain = html.escape(text, quote=True)
    for character in "‘’“”–—…":
        plain = plain.replace(character, f"&#{ord(character)};")
    return plain


def title_html(article: Article, base_url: str) -> str:
    """Return an article's title as HTML for headings and lists."""
    out = article.inline_title.html(base_url)
    for character in "‘’“”–—…":
        out = out.replace(character, f"&#{ord(character)};")
    return out


def page_html(site: ReplicaSite, base_url: str, head: Head, body_class: str, main: str) -> str:
    """Assemble a page; `main` is the content of its `<main>` element."""
    is_page = body_class.startswith("page-template")
    skips = [("#genesis-content", "Skip to main content")]
    if not is_page:
        skips.append(("#genesis-sidebar-primary", "Skip to primary sidebar"))
    skips.append(("#genesis-footer-widgets", "Skip to footer"))
    skip_links = "".join(
        f'<li><a href="{href}" class="screen-reader-shortcut"> {label}</a></li>'
        for href, label in skips
    )
    page = f"""<!DOCTYPE html>
<html lang="{LANGUAGE}">
<head >
{_head(head, base_url)}
</head>
<body class="{body_class} custom-header header-image content-sidebar \
genesis-breadcrumbs-visible genesis-footer-widgets-visible">
<div class="site-container"><ul class="genesis-skip-link">{skip_links}</ul>
{_header(site, base_url)}
<div class="site-inner"><div class="content-sidebar-wrap">
<main class="content" id="genesis-content">{main}</main>
{_sidebar(site, base_url)}
</div></div>
{_footer(site, base_url)}
</div>
{_widgets(base_url)}
<script id="cacnp-js-extra">var cacnp = {{"nonce":"{site.nonce}"}};</script>
<script src="{base_url}{theme.SCRIPT[1:]}{theme.QUERIES[theme.SCRIPT]}" id="menus-js"></script>
</body>
</html>
"""
    return dressed(page, site.face)


def _widgets(base_url: str) -> str:
    """Return the style sheet and script that the footer loads from the other host."""
    style, script = other_host.STYLESHEET, other_host.SCRIPT
    return (
        f"<link rel='stylesheet' id='widgets-css' href='{other_host.other_base(base_url)}{style}"
        f"{other_host.QUERIES[style]}' media='all' />\n"
        f'<script async src="//{other_host.other_host(base_url)}/{script}"></script>'
    )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _head(head: Head, base_url: str) -> str:
    title = escaped(head.title)
    lines = [
        '<meta charset="UTF-8" />',
        '<meta name="viewport" content="width=device-width, initial-scale=1" />',
        f"<title>{title}</title>",
    ]
    if head.canonical is None:
        lines.append('<meta name="robots" content="noindex, follow" />')
    else:
        lines += _yoast(head, base_url, base_url + head.canonical)
    feeds = [("Feed", "feed/"), ("Comments Feed", "comments/feed/")]
    if head.feed:
        feeds.append((head.title.removesuffix(TITLE_SUFFIX), head.feed))
    lines += [
        f'<link rel="alternate" type="application/rss+xml" '
        f'title="{SITE_NAME} &raquo; {escaped(name)}" href="{base_url}{path}" />'
        for name, path in feeds
    ]
    lines += [
        f"<link rel='stylesheet' id='cacnp-css' href='{base_url}{theme.STYLESHEET[1:]}"
        f"{theme.QUERIES[theme.STYLESHEET]}' media='all' />",
        f'<script src="{base_url}{theme.JQUERY[1:]}{theme.QUERIES[theme.JQUERY]}"></script>',
        f'<link rel="https://api.w.org/" href="{base_url}wp-json/" />',
        f'<link rel="EditURI" type="application/rsd+xml" href="{base_url}xmlrpc.php?rsd" />',
        '<meta name="generator" content="WordPress 6.0" />',
        f'<link rel="icon" href="{base_url}{theme.ICON[1:]}" sizes="192x192" />',
        f'<link rel="pingback" href="{base_url}xmlrpc.php" />',
    ]
    if head.rest:
        oembed = f"{base_url}wp-json/oembed/1.0/embed?url="
        target = html.escape(f"{base_url}{head.canonical}".replace(":", "%3A").replace("/", "%2F"))
        lines += [
            f'<link rel="alternate" type="application/json" href="{base_url}{head.rest}" />',
            f"<link rel='shortlink' href='{base_url}?p={head.shortlink_id}' />",
            f'<link rel="alternate" type="application/json+oembed" href="{oembed}{target}" />',
        ]
    return "\n".join(lines)


def _yoast(head: Head, base_url: str, url: str) -> list[str]:
    kind = "article" if head.is_article else "website"
    title = escaped(head.title)
    lines = [
        "<meta name='robots' content='index, follow, max-image-preview:large' />",
        f'<meta name="description" content="{escaped(head.description)}" />'
        if head.description
        else "",
        f'<link rel="canonical" href="{url}" />',
        '<meta property="og:locale" content="en_US" />',
        f'<meta property="og:type" content="{kind}" />',
        f'<meta property="og:title" content="{title}" />',
        f'<meta property="og:url" content="{url}" />',
        f'<meta property="og:site_name" content="{SITE_NAME}" />',
    ]
    neighbours = (("prev", head.previous), ("next", head.following))
    lines += [
        f'<link rel="{name}" href="{base_url}{path}" />'
        for name, path in neighbours
        if path is not None
    ]
    if head.published_at:
        published = _utc(head.published_at)
        lines.append(f'<meta property="article:published_time" content="{published}" />')
    if head.modified_at:
        modified = _utc(head.modified_at)
        lines.append(f'<meta property="article:modified_time" content="{modified}" />')
    if head.image:
        lines.append(f'<meta property="og:image" content="{head.image}" />')
    lines.append('<meta name="twitter:card" content="summary_large_image" />')
    graph = json.dumps(_graph(head, base_url, url), separators=(",", ":")).replace("</", "<\\/")
    lines.append(f'<script type="application/ld+json" class="yoast-schema-graph">{graph}</script>')
    return [line for line in lines if line]


def _graph(head: Head, base_url: str, url: str) -> dict[str, object]:
    page: dict[str, object] = {
        "@type": "WebPage" if head.published_at or head.rest else "CollectionPage",
        "@id": url,
        "url": url,
        "name": head.title,
        "isPartOf": {"@id": f"{base_url}#website"},
        "inLanguage": LANGUAGE,
    }
    if head.published_at:
        page["datePublished"] = _utc(head.published_at)
        page["dateModified"] = _utc(head.modified_at or head.published_at)
    organisation = {"@type": "Organization", "@id": f"{base_url}#organization", "name": SITE_NAME}
    website = {"@type": "WebSite", "@id": f"{base_url}#website", "url": base_url}
    website["name"] = SITE_NAME
    return {"@context": "https://schema.org", "@graph": [organisation, website, page]}


def _header(site: ReplicaSite, base_url: str) -> str:
    items = []
    for entry in site.facts["site"]["menu"]:
        children = "".join(
            f'<li class="menu-item"><a href="{base_url}{path}"><span>{html.escape(label)}</span>'
            "</a></li>\n"
            for label, path in entry.get("children", ())
        )
        submenu = f'\n<ul class="sub-menu">\n{children}</ul>\n' if children else ""
        href = entry["href"]
        href = href if href.startswith(("http", "#")) else base_url + href
        items.append(
            f'<li class="menu-item"><a href="{href}"><span>{html.escape(entry["label"])}</span>'
            f"</a>{submenu}</li>\n"
        )
    return (
        '<header class="site-header"><div class="wrap"><div class="title-area">'
        f'<p class="site-title"><a href="{base_url}" class="custom-logo-link" rel="home">'
        f'<img width="48" height="16" src="{base_url}{theme.LOGO[1:]}" class="custom-logo" '
        f'alt="" />{SITE_NAME}</a></p></div>\n<div class="title-area title-area-small">'
        f'<p class="site-title"><a href="{base_url}">{SITE_NAME}</a></p></div>\n'
        '<nav class="nav-primary" aria-label="Main" id="genesis-nav-primary"><div class="wrap">'
        '<ul id="menu-main" class="menu genesis-nav-menu menu-primary js-superfish">'
        f"{''.join(items)}"
        '<li class="menu-item search"><form class="search-form" method="get" '
        f'action="{base_url}" role="search">'
        f'<input type="hidden" id="_wpnonce" name="_wpnonce" value="{site.nonce}" />'
        '<input type="search" name="s" '
        'placeholder="Search" /><input type="submit" value="Search" /></form></li>'
        "</ul></div></nav></div></header>"
    )


def _sidebar(site: ReplicaSite, base_url: str) -> str:
    recent = "".join(
        f'<li>\n<a href="{base_url}{post.path}/">{title_html(post, base_url) or "(no title)"}</a>\n'
        f'<span class="post-date">{printed_date(post.published_at)}</span>\n</li>\n'
        for post in site.recent
    )
    return (
        '<aside class="sidebar sidebar-primary widget-area" role="complementary" '
        'aria-label="Primary Sidebar" id="genesis-sidebar-primary">'
        '<h2 class="genesis-sidebar-title screen-reader-text">Primary Sidebar</h2>'
        '<section id="custom_html-2" class="widget_text widget widget_custom_html">'
        '<div class="widget-wrap"><a class="twitter-timeline" '
        'href="https://twitter.com/nukesofhazard">Tweets by Nukes of Hazard</a></div></section>\n'
        '<section id="recent-posts-2" class="widget widget_recent_entries">'
        '<div class="widget-wrap"><h3 class="widgettitle widget-title">Recent Posts</h3>\n'
        f"<ul>\n{recent}</ul>\n</div></section>\n</aside>"
    )


def _footer(site: ReplicaSite, base_url: str) -> str:
    columns = []
    for number, column in enumerate(site.facts["site"]["footer"], 2):
        links = "".join(
            f'<li class="menu-item"><a href="{path if "://" in path else base_url + path}">'
            f"{html.escape(label)}</a></li>"
            for label, path in column["links"]
        )
        columns.append(
            f'<div class="widget-area footer-widgets-{number} footer-widget-area">'
            '<section class="widget widget_nav_menu"><div class="widget-wrap">'
            f'<h3 class="widgettitle widget-title">{column["label"]}</h3>'
            f'<ul class="menu">{links}</ul></div></section></div>'
        )
    trouble = f' <a href="{base_url}trouble/">Trouble</a>' if site.misbehave else ""
    return (
        '<div class="footer-widgets" id="genesis-footer-widgets">'
        '<h2 class="genesis-sidebar-title screen-reader-text">Footer</h2><div class="wrap">'
        '<div class="widget-area footer-widgets-1 footer-widget-area">'
        '<section class="widget widget_text"><div class="widget-wrap"><div class="textwidget">'
        f"<p>{SITE_NAME}</p>\n<p>820 1st Street NE, Suite LL-180<br />\n"
        "Washington, D.C. 20002<br />\nPhone: 202.546.0795</p></div></div></section></div>"
        f"{''.join(columns)}</div></div>"
        '<footer class="site-footer"><div class="wrap">'
        f'<p>© 2022 {SITE_NAME}<br />\n<a href="{base_url}privacy-policy/">Privacy Policy</a> '
        f'<a href="{base_url}wp-login.php" rel="nofollow">Log in</a>{trouble}</p>'
        "</div></footer>"
    )
