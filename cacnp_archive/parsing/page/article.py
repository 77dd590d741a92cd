"""One post or page to an Article."""

from urllib.parse import urlsplit

from cacnp_archive.model.normalize import iso_moment
from cacnp_archive.model.records import Article, ArticlePart, Kind, Problem
from cacnp_archive.model.site import Site
from cacnp_archive.parsing.page.entry_parts import EntryParts, read_frame
from cacnp_archive.parsing.page.furniture import shown_text
from cacnp_archive.parsing.page.kind import Evidence, kind_of
from cacnp_archive.parsing.page.metadata import Metadata, without_site_name
from cacnp_archive.parsing.page.notes import read_updated_note
from cacnp_archive.parsing.page.opinions import read_opinions
from cacnp_archive.parsing.page.parts import Place
from cacnp_archive.parsing.page.taxonomy import Filing, read_breadcrumb, read_filing, read_term
from cacnp_archive.parsing.page.wordpress import shortlink_id, wordpress_id
from cacnp_archive.parsing.people.byline import read_authors
from cacnp_archive.parsing.people.mention import parse_mentions
from cacnp_archive.parsing.select import Element, body_of, classes, elements, fold
from cacnp_archive.parsing.text.body import Body, read_body
from cacnp_archive.parsing.text.dates import parse_printed_date
from cacnp_archive.parsing.text.embeds import read_embeds
from cacnp_archive.parsing.text.languages import language_of
from cacnp_archive.parsing.text.links import canonical, read_documents, read_links, resolve
from cacnp_archive.parsing.text.media import read_media

_OPENING_BLOCKS = 6
_OPENING_CHARS = 1000
_LINE_CHARS = 200

_FEATURED = frozenset({"wp-post-image", "entry-image", "attachment-post-thumbnail"})
_PASSWORD_FORMS = elements(".//form[contains(@class, 'post-password-form')]")


def parse_article(
    root: Element,
    entry: Element | None,
    *,
    url: str,
    base: str,
    is_page: bool,
    metadata: Metadata,
    site: Site,
    part_count: int = 1,
) -> tuple[Article, list[Problem]]:
    """Read the entry of a page, as Genesis and the default WordPress themes print it.

    It expects, by class and not by place:

        <article class="post-7 type-post category-asia tag-new-start entry">
          <time class="entry-time" datetime="2012-01-11T09:30:00-05:00">January 11, 2012</time>
          <h1 class="entry-title">Title</h1>
          <div class="entry-content"><p>By A B</p>...</div>
          <span class="entry-categories"><a rel="category tag" href="/asia/">Asia</a></span>

    Title, date line, filing and body come from there; `modified_at` and what the entry lacks from
    the head; nothing from teasers, sidebars, comments and lists of other posts.
    """
    frame = read_frame(root, entry)
    problems: list[Problem] = []
    title = _title(frame, metadata)
    if not title and frame.title is None:
        problems.append(Problem(code="no-title", detail="no element for a title"))
    published_at, published_on = _dates(frame, metadata, is_page=is_page)
    if published_at is None and not is_page:
        problems.append(Problem(code="no-date", detail="no date in the entry or the head"))
    body = _body(frame, problems)
    problems += _losses(title or "", body.text)
    text = f"{title or ''}\n{body.text}"
    filing = _filing(root, frame, base=base, metadata=metadata, site=site, text=text)
    categories = tuple(category.name for category in filing.categories)
    authors = read_authors(
        body.blocks,
        title=title or "",
        categories=categories,
        theme_names=[shown_text(item) for item in frame.authors],
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
    language = _language(root, metadata)
    article = Article(
        url=_url(url, base, metadata, site),
        kind=kind,
        title=title,
        wordpress_id=_wordpress_id(root, frame, metadata),
        published_at=published_at,
        published_on=published_on,
        modified_at=_modified_at(frame, metadata),
        updated_note=read_updated_note(body, map(shown_text, frame.metas)),
        language=language,
        body_language=_body_language(frame, body, language),
        body_text=body.text,
        authors=authors,
        mentions=parse_mentions(
            body.blocks, body.references, title=title or "", kind=kind, authors=authors
        ),
        categories=filing.categories,
        category_steps=filing.category_steps,
        tags=filing.tags,
        people=filing.people,
        links=read_links(body.references, base, site),
        embeds=read_embeds(body.embeds, base),
        media=read_media((*_shown_images(frame), *body.media), base),
        documents=read_documents(body.references, base),
        part_count=part_count,
        opinions=tuple(
            opinion for opinion in read_opinions(metadata) if opinion.field != "authors"
        ),  # whose authors are the accounts of those who typed it in
    )
    return article, problems


def parse_part(
    root: Element,
    entry: Element | None,
    *,
    place: Place,
    base: str,
    metadata: Metadata,
    site: Site,
) -> tuple[ArticlePart, list[Problem]]:
    """Read a further part of an article; its title, date and filing are those of the first."""
    frame = read_frame(root, entry)
    problems: list[Problem] = []
    body = _body(frame, problems)
    problems += _losses("", body.text)
    part = ArticlePart(
        article_url=place.article_url,
        number=place.number,
        part_count=place.part_count,
        wordpress_id=_wordpress_id(root, frame, metadata),
        body_text=body.text,
        links=read_links(body.references, base, site),
        embeds=read_embeds(body.embeds, base),
        media=read_media(body.media, base),
        documents=read_documents(body.references, base),
    )
    return part, problems


def _url(url: str, base: str, metadata: Metadata, site: Site) -> str:
    """Return the canonical address: what the page states, where it may, else where it was found.

    A statement is believed of a variant of the requested address, or of a short link (`?p=7`).
    Themes and plugins also state the front page, or a page of comments, and then two articles
    would have one address.
    """
    own = canonical(url, site)
    stated = resolve(base, metadata.canonical) if metadata.canonical else None
    if stated is None or not site.owns(stated):
        return own
    stated = canonical(stated, site)
    is_short_link = bool(urlsplit(own).query) and stated != site.base_url
    return stated if is_short_link and site.verdict(stated).in_scope else own


def _title(frame: EntryParts, metadata: Metadata) -> str | None:
    if frame.title is not None:
        return shown_text(frame.title)
    stated = metadata.properties.get("og:title")
    if stated is None:
        return None
    site_name = metadata.property("og:site_name")
    return fold(stated if site_name is None else without_site_name(stated, site_name))


def _dates(
    frame: EntryParts, metadata: Metadata, *, is_page: bool
) -> tuple[str | None, str | None]:
    """Return the moment of publication and the printed date line."""
    moment = next((found for item in frame.dates if (found := _moment_of(item))), None)
    if moment is None and not is_page:
        moment = metadata.moment("article:published_time", "datePublished")
    lines = (shown_text(item)[:_LINE_CHARS] for item in [*frame.dates, *frame.metas])
    dates = (parse_printed_date(line, known=moment) for line in lines if line)
    printed = next((found for found in dates if found), None)
    return moment or printed, printed


def _moment_of(element: Element) -> str | None:
    holders = [element, *element.iterdescendants("time")]
    values = (iso_moment(item.get("datetime") or item.get("title")) for item in holders)
    return next((value for value in values if value), None)


def _modified_at(frame: EntryParts, metadata: Metadata) -> str | None:
    """Return when the page says that it was modified; Yoast names that in its `meta` if it was.

    Its JSON-LD repeats the date of publication on a post that never was.
    """
    if iso_moment(metadata.properties.get("article:modified_time")):
        return metadata.moment("article:modified_time", "dateModified")
    printed = next((moment for item in frame.modified if (moment := _moment_of(item))), None)
    in_json_ld = iso_moment(metadata.article.get("dateModified"))
    is_repeated = in_json_ld == iso_moment(metadata.article.get("datePublished"))
    return printed or (None if is_repeated else in_json_ld)


def _wordpress_id(root: Element, frame: EntryParts, metadata: Metadata) -> int | None:
    body = body_of(root)
    return (
        wordpress_id(frame.entry.get("id", ""))
        or wordpress_id(frame.entry.get("class", ""))
        or wordpress_id("" if body is None else body.get("class", ""))
        or shortlink_id(metadata.shortlink or "")
    )


def _body(frame: EntryParts, problems: list[Problem]) -> Body:
    if _PASSWORD_FORMS(frame.entry):
        problems.append(Problem(code="password-protected", detail="the page asks for a password"))
        return Body()
    if frame.content is None:
        problems.append(Problem(code="no-content", detail="no element for the entry's content"))
        return Body()
    return read_body(frame.content)


def _losses(title: str, text: str) -> list[Problem]:
    count = title.count("\ufffd") + text.count("\ufffd")
    detail = f"U+FFFD stands in title and text {count} time(s)"
    return [Problem(code="replacement-character", detail=detail)] if count else []


def _language(root: Element, metadata: Metadata) -> str | None:
    stated = root.get("lang") or root.get("xml:lang") or metadata.property("og:locale") or ""
    return stated.strip().replace("_", "-") or None


def _body_language(frame: EntryParts, body: Body, document: str | None) -> str | None:
    """Return the language of the text where it is not that of the document."""
    holders = [frame.entry] if frame.content is None else [frame.content, frame.entry]
    stated = next(filter(None, (item.get("lang", "").replace("_", "-") for item in holders)), None)
    prose = (block.text for block in body.blocks if block.tag != "table")
    found = stated or language_of("\n".join(prose))
    if found is None or document is None:
        return found if stated else None
    return None if _primary(found) == _primary(document) else found


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


def _shown_images(frame: EntryParts) -> list[Element]:
    """Return the images that the theme shows in the entry, such as the featured one."""
    return [image for image in frame.images if not classes(image).isdisjoint(_FEATURED)]


def _filing(
    root: Element, frame: EntryParts, *, base: str, metadata: Metadata, site: Site, text: str
) -> Filing:
    return read_filing(
        categories=[read_term(link, base, site) for link in frame.categories],
        tags=[read_term(link, base, site) for link in frame.tags],
        people=[read_term(link, base, site) for link in frame.people],
        post_class=fold(frame.entry.get("class", "")),
        breadcrumb=read_breadcrumb(root, base, site),
        metadata=metadata,
        text=text,
    )
