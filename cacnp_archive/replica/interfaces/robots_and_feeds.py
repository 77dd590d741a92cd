"""robots.txt and RSS feeds."""

from collections.abc import Sequence
from datetime import UTC
from email.utils import format_datetime
from xml.sax.saxutils import escape

from cacnp_archive.replica.interfaces.sitemaps import index_path
from cacnp_archive.replica.pages.block_html import body_html
from cacnp_archive.replica.pages.page_frame import SITE_NAME
from cacnp_archive.replica.pages.teasers import teaser
from cacnp_archive.replica.source.posts import Article
from cacnp_archive.replica.state.replica_site import ReplicaSite

FEED_ITEMS = 10
FORBIDDEN_PATHS = ("wp-admin/", "wp-login.php", "private/")


def robots_txt(site: ReplicaSite, base_url: str) -> str:
    """Return robots.txt: three paths are disallowed, one file under the first is allowed."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: /{path}" for path in FORBIDDEN_PATHS]
    lines += ["Allow: /wp-admin/admin-ajax.php", *site.robots_lines, ""]
    sitemap = index_path(site)
    if sitemap is not None:
        lines += [f"Sitemap: {base_url}{sitemap}", ""]
    return "\n".join(lines)


def feed_xml(base_url: str, title: str, path: str, posts: Sequence[Article]) -> str:
    """Return the RSS feed of a list at `path`."""
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
