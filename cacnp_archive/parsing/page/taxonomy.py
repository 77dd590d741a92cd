"""Categories with their tree, tags and people of an article, from all places that print them."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from cacnp_archive.model.records import Category, CategoryStep, Person, Tag
from cacnp_archive.model.site import Site
from cacnp_archive.parsing.furniture import shown_text
from cacnp_archive.parsing.page.metadata import Metadata
from cacnp_archive.parsing.resolve import canonical, resolve
from cacnp_archive.parsing.select import Element, attributes_of, classes

_BREADCRUMB_NAMES = frozenset(
    {"breadcrumb", "breadcrumbs", "yoast-breadcrumbs", "rank-math-breadcrumb"}
)
_BREADCRUMB_TAGS = ("div", "nav", "ol", "p", "ul")
_TERM_CLASS = re.compile(r"(?<!\S)(category|tag|people)-(\S+)")
_ARCHIVE_HEADINGS = frozenset({"archive-title", "page-title", "wp-block-query-title"})
_ARCHIVE_LABEL = re.compile(r"^(?:Tag|People|Person)(?: Archives)?: ?", re.IGNORECASE)
_NOT_IN_SLUG = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class PrintedTerm:
    """A category, tag or person as printed: its name and canonical URL."""

    name: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Filing:
    """The categories, tags and people of an article."""

    categories: tuple[Category, ...] = ()
    category_steps: tuple[CategoryStep, ...] = ()
    tags: tuple[Tag, ...] = ()
    people: tuple[Person, ...] = ()


def select_term(link: Element, base: str, site: Site) -> PrintedTerm:
    """Return the term that a link names."""
    url = resolve(base, link.get("href", ""))
    return PrintedTerm(shown_text(link), None if url is None else canonical(url, site))


def combine_filing(
    *,
    categories: list[PrintedTerm],
    tags: list[PrintedTerm],
    people: list[PrintedTerm],
    post_class: str,
    breadcrumb: list[PrintedTerm],
    metadata: Metadata,
    text: str,
) -> Filing:
    """Combine the terms in entry footer, breadcrumb, post classes and JSON-LD.

    Printed names take precedence. Categories that are not printed come from JSON-LD
    `articleSection`, else from the classes (`category-press-room`: "Press Room"). The name of a tag
    that is only in the classes is the JSON-LD keyword with the same slug, else those words in
    `text` if they are capitalised, else the slug in title case: a guess. The same goes for people,
    except for keywords.
    """
    slugs: dict[str, list[str]] = {"category": [], "tag": [], "people": []}
    for taxonomy, slug in _TERM_CLASS.findall(post_class):
        if not slug.isdecimal():  # WordPress prints the term's ID if the slug cannot be a class
            slugs[taxonomy].append(slug)
    filed = _unique(categories)
    trail = _category_trail(breadcrumb, filed, slugs["category"], [term.url for term in tags])
    if not filed:
        names = metadata.words("articleSection") or tuple(map(name_of_slug, slugs["category"]))
        addresses = {term.name.casefold(): term.url for term in trail}
        filed = [PrintedTerm(name, addresses.get(name.casefold())) for name in names]
    return Filing(
        categories=_with_primary(filed, breadcrumb, trail),
        category_steps=tuple(
            CategoryStep(name=term.name, url=term.url or "", parent_url=parent)
            for term, parent in zip(trail, [None, *(term.url for term in trail)], strict=False)
        ),
        tags=_tags(_unique(tags), slugs["tag"], metadata.words("keywords"), text),
        people=_people(_unique(people), slugs["people"], text),
    )


def select_breadcrumb(root: Element, base: str, site: Site) -> list[PrintedTerm]:
    """Return the terms that the page's breadcrumb links to, without the front page.

    The text is not split, since a title may contain the separator.
    """
    trail = next(filter(_is_breadcrumb, root.iter(*_BREADCRUMB_TAGS)), None)
    links = [] if trail is None else [link for link in trail.iter("a") if link.get("href")]
    return [
        term
        for term in _unique([select_term(link, base, site) for link in links])
        if term.url is not None and site.owns(term.url) and term.url != site.base_url and term.name
    ]


def select_archive_tag(root: Element, url: str, site: Site) -> tuple[Tag, ...]:
    """Return the tag of a tag archive page, if the page has a heading with its name."""
    name, slug = _archive_heading(root), last_segment(url)
    return (Tag(name=name, slug=slug, url=canonical(url, site)),) if name and slug else ()


def select_archive_person(root: Element, url: str, site: Site) -> tuple[Person, ...]:
    """Return the person of a person archive page, if the page has a heading with the name."""
    name, slug = _archive_heading(root), last_segment(url)
    return (Person(name=name, slug=slug, url=canonical(url, site)),) if name and slug else ()


def _archive_heading(root: Element) -> str:
    """Return the name in the heading of an archive page, without the label of default themes."""
    headings = (item for item in root.iter("h1") if classes(item) & _ARCHIVE_HEADINGS)
    heading = next(headings, None)
    return "" if heading is None else _ARCHIVE_LABEL.sub("", shown_text(heading))


def name_of_slug(slug: str) -> str:
    """Return a name guessed from a slug, for terms whose name is not printed.

    >>> name_of_slug("new-start")
    'New Start'
    """
    return slug.replace("-", " ").title()


def name_in(text: str, slug: str) -> str:
    """Return the capitalised words of a text that have this slug, else `name_of_slug`.

    >>> name_in("Asked on New START, Jo Doe-Roe was brief.", "jo-doe-roe")
    'Jo Doe-Roe'
    >>> name_in("It is a new start.", "new-start")
    'New Start'
    """
    searched = text.lower().replace("-", " ")
    words = slug.replace("-", " ")
    position = searched.find(words) if len(searched) == len(text) else -1
    while position >= 0:
        end = position + len(words)
        name = text[position:end]
        before, after = text[max(position - 1, 0) : position], text[end : end + 1]
        if not before.isalnum() and not after.isalnum() and _is_capitalised(name):
            return name
        position = searched.find(words, end)
    return name_of_slug(slug)


def _is_capitalised(name: str) -> bool:
    return all(word[:1].isupper() for word in name.replace("-", " ").split(" "))


def slug_of(name: str) -> str:
    """Return the slug that WordPress makes from a simple name.

    >>> slug_of("New START")
    'new-start'
    """
    return _NOT_IN_SLUG.sub("-", name.replace("’", "").replace("'", "").lower()).strip("-")


def last_segment(url: str | None) -> str:
    """Return the slug at the end of the URL of an archive page.

    >>> last_segment("https://a.example/tag/new-start/")
    'new-start'
    """
    return urlsplit(url or "").path.rstrip("/").rpartition("/")[2]


def _category_trail(
    breadcrumb: list[PrintedTerm],
    filed: list[PrintedTerm],
    slugs: list[str],
    tag_urls: list[str | None],
) -> list[PrintedTerm]:
    """Return the steps that are categories: printed, in the post class, or parents of these.

    A breadcrumb may also contain the blog page, the parent of a page, or a tag.
    """
    addresses = {term.url for term in filed}
    trail: list[PrintedTerm] = []
    for term in reversed(breadcrumb):
        is_known = term.url in addresses or last_segment(term.url) in slugs
        is_above = bool(trail) and (trail[-1].url or "").startswith(term.url or " ")
        if (is_known or is_above) and term.url not in tag_urls:
            trail.append(term)
    return trail[::-1]


def _with_primary(
    filed: list[PrintedTerm], breadcrumb: list[PrintedTerm], trail: list[PrintedTerm]
) -> tuple[Category, ...]:
    last = trail[-1] if trail else (breadcrumb[-1] if breadcrumb else None)
    primary: PrintedTerm | None = filed[0] if len(filed) == 1 else None
    if last is not None:
        by_url = (term for term in filed if term.url is not None and term.url == last.url)
        by_name = (term for term in filed if term.name.casefold() == last.name.casefold())
        primary = next(by_url, None) or next(by_name, None) or primary
    return tuple(Category(name=term.name, url=term.url, primary=term is primary) for term in filed)


def _tags(
    printed: list[PrintedTerm], slugs: list[str], keywords: tuple[str, ...], text: str
) -> tuple[Tag, ...]:
    tags = [
        Tag(name=term.name, slug=last_segment(term.url) or slug_of(term.name), url=term.url)
        for term in printed
    ]
    known = {tag.slug for tag in tags}
    printed_names = {tag.name for tag in tags}
    unnamed = [slug for slug in dict.fromkeys(slugs) if slug not in known]
    names = {slug_of(keyword): keyword for keyword in keywords if keyword not in printed_names}
    named = {slug: names.pop(slug) for slug in unnamed if slug in names}
    rest = [slug for slug in unnamed if slug not in named]
    if len(rest) == len(names):  # slugs that slug_of cannot make ("R&D": "rd"), in the same order
        named |= dict(zip(rest, names.values(), strict=True))
        names.clear()
    tags += [Tag(name=named.get(slug) or name_in(text, slug), slug=slug) for slug in unnamed]
    # WordPress cannot print a slug in another script as a class, only as a keyword.
    tags += [Tag(name=name, slug=slug) for slug, name in names.items() if not slug.isascii()]
    return tuple(tags)


def _people(printed: list[PrintedTerm], slugs: list[str], text: str) -> tuple[Person, ...]:
    people = {
        slug: Person(name=term.name, slug=slug, url=term.url)
        for term in printed
        if (slug := last_segment(term.url))
    }
    for slug in slugs:
        people.setdefault(slug, Person(name=name_in(text, slug), slug=slug))
    return tuple(people.values())


def _is_breadcrumb(element: Element) -> bool:
    return any(
        (name == "class" and "crumb" in value and not _BREADCRUMB_NAMES.isdisjoint(value.split()))
        or (name == "id" and value in _BREADCRUMB_NAMES)
        or (name == "itemtype" and "BreadcrumbList" in value)
        for name, value in attributes_of(element)
    )


def _unique(terms: list[PrintedTerm]) -> list[PrintedTerm]:
    return list(dict.fromkeys(term for term in terms if term.name))
