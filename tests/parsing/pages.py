"""Pages written by hand in the markup of Genesis, for tests of the parsers."""

from cacnp_archive.model.records import Article, Reading
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.parsing.read_capture import read_capture
from tests.support.captures import make_capture

SITE = Site.at(HOME)
POST_BODY = "post-template-default single single-post postid-7 single-format-standard"
PAGE_BODY = "page-template-default page page-id-9"

ENTRY = """
<main class="content" id="genesis-content">
<div class="breadcrumb">You are here:
 <span class="breadcrumb-link-wrap"><a class="breadcrumb-link" href="https://armscontrolcenter.org/">
 <span class="breadcrumb-link-text-wrap">Home</span></a></span> /
 <span class="breadcrumb-link-wrap"><a class="breadcrumb-link" href="/asia/">Asia</a></span> /
 <span class="breadcrumb-link-wrap"><a class="breadcrumb-link" href="/asia/north-korea/">North
 Korea</a></span> / Rockets / Sparks</div>
<article class="post-7 post type-post status-publish category-asia tag-new-start entry">
<header class="entry-header">
<p class="entry-meta"><time class="entry-time" datetime="2012-01-11T09:30:00-05:00">January 11,
 2012</time></p>
<h1 class="entry-title">Rockets / Sparks</h1></header>
<div class="entry-content">{content}</div>
<footer class="entry-footer"><p class="entry-meta"><span class="entry-categories">Posted in:
 <a href="/asia/" rel="category tag">Asia</a>,
 <a href="/asia/north-korea/" rel="category tag">North Korea</a>,
 <a href="/press-room/" rel="category tag">Press &amp; In the News</a></span></p></footer>
</article></main>
<aside class="sidebar"><section class="widget recent-posts"><h3>Recent Posts</h3><ul>
<li><a href="/newer/">A newer post</a> <span class="post-date">June 10, 2022</span></li></ul>
</section></aside>
"""


def document(main: str, *, body_class: str = POST_BODY, head: str = "") -> str:
    """Return a whole page."""
    return (
        f'<!DOCTYPE html><html lang="en-US"><head><meta charset="UTF-8" />{head}</head>'
        f'<body class="{body_class}">{main}</body></html>'
    )


def post(content: str, *, head: str = "") -> str:
    """Return a post with this content."""
    return document(ENTRY.format(content=content), head=head)


def read(text: str, url: str = f"{HOME}rockets/", site: Site = SITE) -> Reading:
    """Read a page as if it had been captured."""
    return read_capture(make_capture(url, text.encode()), site)


def article(text: str, url: str = f"{HOME}rockets/") -> Article:
    """Read a page that must be an article."""
    reading = read(text, url)
    if reading.article is None:
        raise ValueError(f"no article: {reading.problems}")
    return reading.article
