"""Parse a post or page to an Article."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from cacnp_archive.model.normalize import iso_moment
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Article, ArticlePart, Kind, Opinion, Problem
from cacnp_archive.parsing.furniture import shown_text
from cacnp_archive.parsing.layouts.printed_dates import date_in_url, select_date
from cacnp_archive.parsing.page.article_parts import PartPosition
from cacnp_archive.parsing.page.complete_parts import complete_parts
from cacnp_archive.parsing.page.entry_parts import EntryParts, select_entry_parts
from cacnp_archive.parsing.page.headings import head_title
from cacnp_archive.parsing.page.html_page import HtmlPage
from cacnp_archive.parsing.page.kind import Evidence, kind_of
from cacnp_archive.parsing.page.metadata import Metadata
from cacnp_archive.parsing.page.opinions import parse_opinions
from cacnp_archive.parsing.page.taxonomy import (
    Filing,
    combine_filing,
    select_breadcrumb,
    select_term,
)
from cacnp_archive.parsing.page.theme_byline import is_author_address, theme_names
from cacnp_archive.parsing.page.updated_note import parse_updated_note
from cacnp_archive.parsing.page.wordpress import shortlink_id, wordpress_id
from cacnp_archive.parsing.people.byline import parse_authors
from cacnp_archive.parsing.people.mention import parse_mentions
from cacnp_archive.parsing.resolve import canonical, resolve
from cacnp_archive.parsing.select import Element, body_of, classes, elements, fold
from cacnp_archive.parsing.text.body import Body
from cacnp_archive.parsing.text.dates import parse_printed_date
from cacnp_archive.parsing.text.embeds import parse_embeds
from cacnp_archive.parsing.text.languages import language_of
from cacnp_archive.parsing.text.links import parse_document_urls, parse_links
from cacnp_archive.parsing.text.media import parse_media
from cacnp_archive.parsing.text.select_body import select_body

_OPENING_BLOCKS = 6
_OPENING_CHARS = 1000
_LINE_CHARS = 200

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_FEATURED = frozenset({"wp-post-image", "entry-image", "attachment-post-thumbnail"})
_PASSWORD_FORMS = elements(".//form[contains(@class, 'post-password-form')]")


def parse_article(
    page: HtmlPage, entry: Element | None, *, is_page: bool, part_count: int = 1
) -> tuple[Article, list[Problem]]:
    """Parse the entry of a page, as Genesis and the default WordPress themes print it.

    Its parts are found by class, not by position:

        <article class="post-7 type-post category-asia tag-new-start entry">
          <time class="entry-time" datetime="2012-01-11T09:30:00-05:00">January 11, 2012</time>
          <h1 class="entry-title">Title</h1>
          <div class="entry-content"><p>By A B</p>...</div>
          <span class="entry-categories"><a rel="category tag" href="/asia/">Asia</a></span>

    Title, date line, categories, tags and body are taken from the entry; `modified_at`, and what
    the entry lacks, from the head; nothing from teasers, sidebars, comments or lists of posts.
    """
    parts = complete_parts(page, entry, select_entry_parts(page.root, entry))
    problems: list[Problem] = []
    title = _title(parts, page)
    if not title and parts.title is None:
        problems.append(Problem(code=ProblemCode.NO_TITLE, detail="no element for a title"))
    published_at, published_on = _dates(parts, page.metadata, is_page=is_page)
    if published_at is None and not is_page:
        found = select_date(page.root, entry, parts.content, parts.skipped)
        published_at = found or date_in_url(page.url)
    if published_at is None and not is_page:
        problems.append(
            Problem(code=ProblemCode.NO_DATE, detail="no date in the entry or the head")
        )
    body = _body(parts, problems)
    problems += _lost_characters(title or "", body.text)
    text = f"{title or ''}\n{body.text}"
    filing = _select_filing(page, parts, text)
    categories = tuple(category.name for category in filing.categories)
    opinions = parse_opinions(page.metadata)
    authors = parse_authors(
        body.blocks,
        title=title or "",
        categories=categories,
        theme_names=_theme_names(parts, page.metadata),
        stated_names=_stated_names(opinions, body),
        is_page=is_page,
    )
    evidence = Evidence(
        title=title or "",
        categories=categories,
        blocks=tuple(block.text[:_OPENING_CHARS] for block in body.blocks[:_OPENING_BLOCKS]),
        text_chars=len(body.text),
        embeds=tuple(item.address for item in body.references if item.is_embed),
        has_byline=bool(authors),
    )
    kind = Kind.PAGE if is_page else kind_of(evidence)
    language = _language(page.root, page.metadata)
    article = Article(
        url=_url(page),
        kind=kind,
        title=title,
        wordpress_id=_wordpress_id(page, parts),
        published_at=published_at,
        published_on=published_on,
        modified_at=_modified_at(parts, page.metadata),
        updated_note=parse_updated_note(body, map(shown_text, parts.metas)),
        language=language,
        body_language=_body_language(parts, body, language),
        body_text=body.text,
        layout=parts.layout,
        text_selector=parts.selector,
        authors=authors,
        mentions=parse_mentions(
            body.blocks, body.references, title=title or "", kind=kind, authors=authors
        ),
        categories=filing.categories,
        category_steps=filing.category_steps,
        tags=filing.tags,
        people=filing.people,
        links=parse_links(body.references, page.base, page.site),
        embeds=parse_embeds(body.embeds, page.base),
        media=parse_media((*_theme_images(parts), *body.media), page.base),
        documents=parse_document_urls(body.references, page.base),
        part_count=part_count,
        opinions=tuple(
            opinion for opinion in opinions if opinion.field != "authors"
        ),  # authors in the head are the user accounts that published the post
    )
    return article, problems


def parse_part(
    page: HtmlPage, entry: Element | None, position: PartPosition
) -> tuple[ArticlePart, list[Problem]]:
    """Parse part 2 or later of an article; title, date and categories are those of the first."""
    parts = complete_parts(page, entry, select_entry_parts(page.root, entry))
    problems: list[Problem] = []
    body = _body(parts, problems)
    problems += _lost_characters("", body.text)
    part = ArticlePart(
        article_url=position.article_url,
        number=position.number,
        part_count=position.part_count,
        wordpress_id=_wordpress_id(page, parts),
        body_text=body.text,
        layout=parts.layout,
        text_selector=parts.selector,
        links=parse_links(body.references, page.base, page.site),
        embeds=parse_embeds(body.embeds, page.base),
        media=parse_media(body.media, page.base),
        documents=parse_document_urls(body.references, page.base),
    )
    return part, problems


def _url(page: HtmlPage) -> str:
    """Return the canonical URL of the article.

    The page's own `canonical` link is used only if a short link (`?p=7`) was requested. Themes and
    plugins sometimes state the front page or a page of comments; two articles would then have one
    URL.
    """
    site, stated_link = page.site, page.metadata.canonical
    own = canonical(page.url, site)
    stated = resolve(page.base, stated_link) if stated_link else None
    if stated is None or not site.owns(stated):
        return own
    stated = canonical(stated, site)
    is_short_link = bool(urlsplit(own).query) and stated != site.base_url
    return stated if is_short_link and site.verdict(stated).in_scope else own


def _title(parts: EntryParts, page: HtmlPage) -> str | None:
    if parts.title is not None:
        return shown_text(parts.title)
    stated = head_title(page.metadata, page.url)
    return "" if stated is None and "og:title" in page.metadata.properties else stated


def _dates(
    parts: EntryParts, metadata: Metadata, *, is_page: bool
) -> tuple[str | None, str | None]:
    """Return the time of publication and the date of the printed date line."""
    published = next((found for item in parts.dates if (found := _time_of(item))), None)
    if published is None and not is_page:
        published = metadata.time("article:published_time", "datePublished")
    lines = (shown_text(item)[:_LINE_CHARS] for item in [*parts.dates, *parts.metas])
    dates = (parse_printed_date(line, known=published) for line in lines if line)
    printed = next((found for found in dates if found), None)
    return published or printed, printed


def _time_of(element: Element) -> str | None:
    candidates = [element, *element.iterdescendants("time")]
    values = (iso_moment(item.get("datetime") or item.get("title")) for item in candidates)
    return next((value for value in values if value), None)


def _modified_at(parts: EntryParts, metadata: Metadata) -> str | None:
    """Return the time of the last modification; None if the post was never modified.

    For such a post, Yoast omits the `meta` property but repeats the date of publication in JSON-LD.
    """
    if iso_moment(metadata.properties.get("article:modified_time")):
        return metadata.time("article:modified_time", "dateModified")
    printed = next((found for item in parts.modified if (found := _time_of(item))), None)
    in_json_ld = iso_moment(metadata.article.get("dateModified"))
    is_repeated = in_json_ld == iso_moment(metadata.article.get("datePublished"))
    return printed or (None if is_repeated else in_json_ld)


def _wordpress_id(page: HtmlPage, parts: EntryParts) -> int | None:
    body = body_of(page.root)
    return (
        wordpress_id(parts.entry.get("id", ""))
        or wordpress_id(parts.entry.get("class", ""))
        or wordpress_id("" if body is None else body.get("class", ""))
        or shortlink_id(page.metadata.shortlink or "")
    )


def _body(parts: EntryParts, problems: list[Problem]) -> Body:
    if _PASSWORD_FORMS(parts.entry):
        problems.append(
            Problem(code=ProblemCode.PASSWORD_PROTECTED, detail="the page asks for a password")
        )
        return Body()
    if parts.content is None:
        problems.append(
            Problem(code=ProblemCode.NO_CONTENT, detail="no element for the entry's content")
        )
        return Body()
    return select_body(parts.content, parts.skipped)


def _lost_characters(title: str, text: str) -> list[Problem]:
    count = title.count("\ufffd") + text.count("\ufffd")
    detail = f"U+FFFD stands in title and text {count} time(s)"
    return [Problem(code=ProblemCode.REPLACEMENT_CHARACTER, detail=detail)] if count else []


def _language(root: Element, metadata: Metadata) -> str | None:
    stated = (
        root.get("lang")
        or root.get("xml:lang")
        or root.get(_XML_LANG)
        or metadata.property("og:locale")
        or ""
    )
    return stated.strip().replace("_", "-") or None


def _body_language(parts: EntryParts, body: Body, document: str | None) -> str | None:
    """Return the language of the text, None if it is that of the document or uncertain."""
    candidates = [parts.entry] if parts.content is None else [parts.content, parts.entry]
    stated = next(
        filter(None, (item.get("lang", "").replace("_", "-") for item in candidates)), None
    )
    prose = (block.text for block in body.blocks if block.tag != "table")
    found = stated or language_of("\n".join(prose))
    if found is None or document is None:
        return found if stated else None
    return None if _primary(found) == _primary(document) else found


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


def _theme_names(parts: EntryParts, metadata: Metadata) -> list[str]:
    """Return the names in the theme's byline, without the site's own."""
    if not parts.authors:
        return []
    site_name = (metadata.property("og:site_name") or "").casefold()
    return [name for name in theme_names(parts.authors) if name.casefold() != site_name]


def _stated_names(opinions: Sequence[Opinion], body: Body) -> frozenset[str]:
    """Return the names of the accounts in the head, and of links to authors' pages in the body."""
    return frozenset(item.value for item in opinions if item.field == "authors") | {
        item.label for item in body.references if is_author_address(item.address)
    }


def _theme_images(parts: EntryParts) -> list[Element]:
    """Return the images that the theme adds to the entry, such as the featured image."""
    return [image for image in parts.images if not classes(image).isdisjoint(_FEATURED)]


def _select_filing(page: HtmlPage, parts: EntryParts, text: str) -> Filing:
    base, site = page.base, page.site
    return combine_filing(
        categories=[select_term(link, base, site) for link in parts.categories],
        tags=[select_term(link, base, site) for link in parts.tags],
        people=[select_term(link, base, site) for link in parts.people],
        post_class=fold(parts.entry.get("class", "")),
        breadcrumb=select_breadcrumb(page.root, base, site),
        metadata=page.metadata,
        text=text,
    )
