"""Complete the parts of an entry that no class name of WordPress's own themes gives."""

from cacnp_archive.model.layouts import Layout
from cacnp_archive.parsing.furniture import shown_text
from cacnp_archive.parsing.layouts.find_text import find_text
from cacnp_archive.parsing.layouts.headings import select_heading
from cacnp_archive.parsing.layouts.selectors import selector_of
from cacnp_archive.parsing.page.entry_parts import EntryParts
from cacnp_archive.parsing.layouts.prose import teaser_count
from cacnp_archive.parsing.page.html_page import HtmlPage
from cacnp_archive.parsing.select import Element


def complete_parts(page: HtmlPage, entry: Element | None, parts: EntryParts) -> EntryParts:
    """Return the parts with title, content and date where the page has them in other places."""
    heading = parts.title
    if heading is None or not shown_text(heading):
        heading = select_heading(page.root, page.metadata)
        parts.title = parts.title if heading is None else heading
    if parts.content is None:
        found = find_text(page.root, entry, heading)
        if found is not None:
            parts.content, parts.skipped = found.content, found.skipped
            parts.layout = Layout.KNOWN if found.is_convention else Layout.GENERAL
    if parts.content is not None:
        parts.selector = selector_of(parts.content)
    return parts


MIN_ARTICLE_CHARS = 250
"""A page that may be anything is an article only with so much prose under a heading."""
_MAX_TEASERS = 4


def is_article_like(page: HtmlPage, entries: list[Element]) -> bool:
    """Whether a page that nothing classifies has one text under a heading, and is no listing."""
    heading = select_heading(page.root, page.metadata)
    if heading is None:
        return False
    found = find_text(page.root, entries[0] if len(entries) == 1 else None, heading)
    if found is None or found.prose < MIN_ARTICLE_CHARS:
        return False
    return teaser_count(found.content, found.skipped) <= _MAX_TEASERS
