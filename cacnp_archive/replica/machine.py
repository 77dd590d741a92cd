"""What machines read: robots.txt, sitemaps, feeds."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from .block_html import body_html
from .furniture import SITE_NAME
from .models import Article
from .site import SITEMAP_SIZES, Site
from .teasers import teaser

FEED_ITEMS = 10
FORBIDDEN_PATHS = ("wp-admin/", "wp-login.php", "private/")


def robots_txt(site: Site, base_url: str) -> str:
    """Give the rules: three paths are forbidden, one file under the first is allowed."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: /{path}" for path in FORBIDDEN_PATHS]
    lines += [
        "Allow: /wp-admin/admin-ajax.php",
        *site.robots_lines,
        "",
        f"Sitemap: {base_url}sitemap_index.xml",
        "",
    ]
    return "\n".join(lines)


def sitemaps(site: Site) -> dict[str, list[tuple[str, datetime]]]:
    """Give the sitemaps by file name: (path from the root, time of change)."""
    posts = [(f"{a.path}/", a.changed_at) for a in site.posts if a.in_lists]
    pages = [
        ("", site.changed_at),
        *((f"{a.path}/", a.changed_at) for a in site.pages if a.in_lists),
    ]
    made: dict[str, list[tuple[str, datetime]]] = {}
    size = SITEMAP_SIZES[len(posts) > SITEMAP_SIZES[1]]
    for start in range(0, len(posts), size):
        number = start // size + 1
        name = f"post-sitemap{number if number > 1 else ''}.xml"
        made[name] = posts[start : start + size]
    made["page-sitemap.xml"] = pages
    archives: dict[str, list[str]] = {"category": [], "post_tag": [], "people": []}
    for path in site.archive_paths()[1:]:
        root = path.partition("/")[0]
        archives[{"tag": "post_tag", "people": "people"}.get(root, "category")].append(path)
    for name, paths in archives.items():
        made[f"{name}-sitemap.xml"] = [(f"{path}/", site.changed_at) for path in paths]
    return made


def sitemap_index_xml(site: Site, base_url: str) -> str:
    """Give Yoast's index of sitemaps."""
    rows = "".join(
        f"\t<sitemap>\n\t\t<loc>{base_url}{name}</loc>\n"
        f"\t\t<lastmod>{_iso(max(moment for _, moment in rows))}</lastmod>\n\t</sitemap>\n"
        for name, rows in sitemaps(site).items()
        if rows
    )
    return _xml(base_url, "sitemapindex", rows)


def sitemap_xml(rows: Sequence[tuple[str, datetime]], base_url: str) -> str:
    """Give one sitemap."""
    body = "".join(
        f"\t<url>\n\t\t<loc>{base_url}{path}</loc>\n\t\t<lastmod>{_iso(moment)}</lastmod>\n\t</url>\n"
        for path, moment in rows
    )
    return _xml(base_url, "urlset", body)


def _xml(base_url: str, element: str, rows: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<?xml-stylesheet type="text/xsl" href="{base_url}main-sitemap.xsl"?>\n'
        f'<{element} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</{element}>\n'
    )


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def feed_xml(base_url: str, title: str, path: str, posts: Sequence[Article]) -> str:
    """Give the RSS feed of a list; `path` is the list's own, from the root."""
    items = "".join(_item(base_url, post) for post in posts[:FEED_ITEMS])
    return f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:atom="http://www.w3.org/2005/Atom">
<channel>
\t<title>{escape(title or SITE_NAME)}</title>
\t<atom:link href="{base_url}{path}feed/" rel="self" type="application/rss+xml" />
\t<link>{base_url}{path}</link>
\t<language>en-US</language>
\t<generator>https://wordpress.org/?v=6.0</generator>
{items}</channel>
</rss>
"""


def _item(base_url: str, post: Article) -> str:
    categories = "".join(
        f"\t\t<category><![CDATA[{name}]]></category>\n" for name in post.categories
    )
    moment = format_datetime(post.published_at.astimezone(UTC))
    body = body_html(post.blocks, base_url).replace("]]>", "]]&gt;")
    return (
        f"\t<item>\n\t\t<title>{escape(post.plain_title)}</title>\n"
        f"\t\t<link>{base_url}{post.path}/</link>\n"
        f"\t\t<dc:creator><![CDATA[cacnp]]></dc:creator>\n\t\t<pubDate>{moment}</pubDate>\n"
        f'{categories}\t\t<guid isPermaLink="false">{base_url}?p={post.wordpress_id}</guid>\n'
        f"\t\t<description><![CDATA[{teaser(post)}]]></description>\n"
        f"\t\t<content:encoded><![CDATA[{body}]]></content:encoded>\n\t</item>\n"
    )
