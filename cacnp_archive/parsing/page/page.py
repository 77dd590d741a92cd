"""Parse an HTML page: its article, its links and its page requisites."""

import re
from collections.abc import Sequence
from dataclasses import replace

from cacnp_archive.model.layouts import LearnedLayout
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Problem, Reading
from cacnp_archive.model.site import Site
from cacnp_archive.parsing.addresses import select_addresses
from cacnp_archive.parsing.named_files import select_named_files
from cacnp_archive.parsing.page.article import parse_article, parse_part
from cacnp_archive.parsing.page.article_parts import part_class_number, select_part_position
from cacnp_archive.parsing.page.complete_parts import is_article_like
from cacnp_archive.parsing.page.entry_parts import select_entries
from cacnp_archive.parsing.page.html_page import HtmlPage
from cacnp_archive.parsing.page.page_type import PageType, body_classes, page_type_of
from cacnp_archive.parsing.page.taxonomy import select_archive_person, select_archive_tag
from cacnp_archive.parsing.page.wordpress import is_wordpress, wordpress_id
from cacnp_archive.parsing.select import Element, body_of, classes, text_length
from cacnp_archive.parsing.text.embeds import embed_requisites
from cacnp_archive.parsing.text.links import next_page
from cacnp_archive.parsing.tree import encode_queries, parse_html
from cacnp_archive.parsing.wall_marks import page_signature, suspicion_of

_UNCERTAIN_TYPES = frozenset({PageType.POST, PageType.PAGE, PageType.UNCLEAR})
"""Types that a page without WordPress classes may be given by mistake."""

_LIST_PATH = re.compile(r"/page/\d+/?$")


def parse_page(
    text: str,
    url: str,
    site: Site,
    layouts: Sequence[LearnedLayout] = (),
    encoding: str = "utf-8",
) -> Reading:
    """Parse the text of an HTML page that was captured at `url`, in this encoding.

    `layouts` are the learned ones.
    """
    root = parse_html(text)
    if root is None:
        empty = Reading.with_problem(ProblemCode.EMPTY_PAGE, "no element in the page")
        return _without_article(empty, None, url)
    if not encoding.startswith("utf"):
        encode_queries(root, encoding)
    page = HtmlPage.of(root, url, site, layouts)
    entries = select_entries(root)
    names = body_classes(root)
    page_type = page_type_of(root, entries, page.metadata)
    if page_type in _UNCERTAIN_TYPES and not is_wordpress(root):
        reading = _parse_strange(page, entries, names)
    elif page_type is PageType.UNCLEAR:
        reading = _parse_unknown(page, entries, names)
    elif page_type in (PageType.POST, PageType.PAGE):
        reading = _parse_content(page, entries, names, is_page=page_type is PageType.PAGE)
    elif page_type is PageType.NOT_FOUND:
        reading = Reading.with_problem(
            ProblemCode.NOT_FOUND_PAGE, "the page says that it is not found"
        )
    elif page_type is PageType.OTHER and "attachment" not in names:
        reading = Reading(signature=page_signature(root, url, is_suspect=False))
    else:
        reading = Reading()
    is_listing = page_type is PageType.LISTING
    links, requisites = select_addresses(root, page.base, site, with_feeds=is_listing)
    named = select_named_files(root, text, page.base, site)
    content = reading.article or reading.part
    described = embed_requisites(content.embeds, site) if content is not None else ()
    return replace(
        reading,
        links=links,
        requisites=tuple(dict.fromkeys((*requisites, *named, *described))),
        tags=select_archive_tag(root, url, site) if "tag" in names else (),
        people=select_archive_person(root, url, site) if "tax-people" in names else (),
        next_page=next_page(url, links) if is_listing else None,
    )


def _parse_strange(page: HtmlPage, entries: list[Element], names: frozenset[str]) -> Reading:
    """Parse a page that WordPress did not make: an article in an unknown look, or a wall."""
    strange = Problem(code=ProblemCode.UNKNOWN_LAYOUT, detail="nothing in the page is WordPress's")
    wall = suspicion_of(page.root, page.url)
    reading = Reading() if wall is not None else _parse_unknown(page, entries, names)
    signature = page_signature(page.root, page.url, is_suspect=wall is not None)
    problems = (strange, *reading.problems)
    return replace(reading, wall=wall, signature=signature, problems=problems)


def _without_article(reading: Reading, root: Element | None, url: str) -> Reading:
    """Return the reading of a page that may be a wall, since WordPress did not make it."""
    wall = suspicion_of(root, url)
    signature = page_signature(root, url, is_suspect=wall is not None)
    return replace(reading, wall=wall, signature=signature)


def _parse_content(
    page: HtmlPage, entries: list[Element], names: frozenset[str], *, is_page: bool
) -> Reading:
    """Parse the article of a page, or the part of an article; neither if no such part exists."""
    entry = _own_entry(page.root, entries)
    stated = part_class_number(names)
    position = select_part_position(page, entry, stated)
    if position is not None and position.number > 1:
        part, problems = parse_part(page, entry, position)
        return Reading(part=part, problems=tuple(problems))
    if stated is not None:
        return Reading()
    part_count = 1 if position is None else position.part_count
    article, problems = parse_article(page, entry, is_page=is_page, part_count=part_count)
    return Reading(article=article, problems=tuple(problems))


def _parse_unknown(page: HtmlPage, entries: list[Element], names: frozenset[str]) -> Reading:
    """Parse a page that may be an article; of any other page the reading is empty."""
    own = page.site.canonical(page.url)
    is_list = own == page.site.base_url or _LIST_PATH.search(own) is not None
    if is_list or not is_article_like(page, entries):
        return Reading()
    return _parse_content(page, entries, names, is_page=False)


def _own_entry(root: Element, entries: list[Element]) -> Element | None:
    body = body_of(root)
    number = None if body is None else wordpress_id(body.get("class", ""))
    if number is not None:
        own = [
            entry
            for entry in entries
            if wordpress_id(entry.get("id", "")) == number or f"post-{number}" in classes(entry)
        ]
        if own:  # a theme may repeat it as a banner or as a teaser
            return own[0] if len(own) == 1 else max(own, key=text_length)
    return entries[0] if entries else None
