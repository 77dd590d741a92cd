"""Complete the parts of an entry that no class name of WordPress's own themes gives."""

from cacnp_archive.model.layouts import Layout
from cacnp_archive.parsing.furniture import shown_text
from cacnp_archive.parsing.layouts.find_text import find_text
from cacnp_archive.parsing.layouts.learned import FoundParts
from cacnp_archive.parsing.layouts.selectors import selector_of
from cacnp_archive.parsing.page.entry_parts import EntryParts
from cacnp_archive.parsing.page.headings import innermost_heading, select_heading, stated_titles
from cacnp_archive.parsing.page.html_page import HtmlPage
from cacnp_archive.parsing.resolve import canonical, resolve
from cacnp_archive.parsing.select import Element


def complete_parts(page: HtmlPage, entry: Element | None, parts: EntryParts) -> EntryParts:
    """Return the parts with title, content and date where the page has them in other places."""
    if page.look is not None:
        return _learned_parts(page, page.look, parts)
    named = parts.content
    if entry is None:  # nothing said where the entry is: these may be of a sidebar
        parts.title = parts.content = None
    heading = None if parts.title is None else innermost_heading(parts.title)
    if heading is None or not shown_text(heading):
        heading = select_heading(page.root, page.metadata, page.url)
    parts.title = parts.title if heading is None else heading
    if parts.content is None:
        found = find_text(page.root, entry, heading)
        if found is None:
            parts.content = named
        else:
            parts.content, parts.skipped = found.content, found.skipped
            parts.layout = Layout.KNOWN if found.is_convention else Layout.GENERAL
    if parts.content is not None:
        parts.selector = selector_of(parts.content)
    return parts


def _learned_parts(page: HtmlPage, look: FoundParts, parts: EntryParts) -> EntryParts:
    """Return the parts that a learned layout names; what it does not name stays as it was."""
    found = look.parts
    parts.content, parts.skipped, parts.layout = look.content, look.skipped, look.layout.layout
    parts.selector = selector_of(look.content)
    parts.title = found.get("title", parts.title)
    if parts.title is None:
        parts.title = select_heading(page.root, page.metadata, page.url)
    parts.dates = [found["date"]] if "date" in found else parts.dates
    parts.authors = [found["author"]] if "author" in found else parts.authors
    for name in ("categories", "tags"):
        if name in found and not getattr(parts, name):
            setattr(parts, name, list(found[name].iter("a")))
    return parts


MIN_ARTICLE_CHARS = 250
"""A page that may be anything is an article only with so much prose and a title."""


def is_article_like(page: HtmlPage, entries: list[Element]) -> bool:
    """Whether a page that nothing classifies has one text and a title, and is no listing."""
    if page.look is not None and page.look.layout.layout is Layout.LEARNED:
        return page.look.parts.keys() == page.look.layout.parts.keys()
    heading = select_heading(page.root, page.metadata, page.url)
    if heading is None and not stated_titles(page.metadata, page.url):
        return False
    found = find_text(page.root, entries[0] if len(entries) == 1 else None, heading)
    if found is None or found.prose < MIN_ARTICLE_CHARS:
        return False
    return not _leads_elsewhere(page, found.content, heading)


def _leads_elsewhere(page: HtmlPage, content: Element, title: Element | None) -> bool:
    """Whether most of the headings in or over a text are links to other pages: excerpts."""
    headings = [item for item in content.iter("h1", "h2", "h3") if item is not title]
    if not headings:
        around = next((up for up in content.iterancestors() if _has_heading(up)), None)
        headings = [] if around is None else list(around.iter("h1", "h2", "h3"))[:1]
    links = (next(heading.iter("a"), None) for heading in headings)
    targets = [resolve(page.base, link.get("href", "")) for link in links if link is not None]
    own = canonical(page.url, page.site)
    away = [item for item in targets if item is not None and canonical(item, page.site) != own]
    return 2 * len(away) > len(headings)


def _has_heading(element: Element) -> bool:
    return next(element.iter("h1", "h2", "h3"), None) is not None
