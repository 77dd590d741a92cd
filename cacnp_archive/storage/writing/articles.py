"""Save articles with their authors, categories, tags and people."""

import json
from collections.abc import Iterator

from sqlite_utils import Database

from cacnp_archive.model.layouts import Layout
from cacnp_archive.model.outlets import outlet_of
from cacnp_archive.model.records import (
    Article,
    Author,
    Kind,
    ListEntry,
    ListName,
    Opinion,
    Person,
    Tag,
    Term,
)
from cacnp_archive.model.site import Site
from cacnp_archive.storage.database import insert, insert_all, update
from cacnp_archive.storage.disagreements import disagreements, opinions_of
from cacnp_archive.storage.writing.content import (
    Content,
    join_parts,
    save_content,
    save_part,
)
from cacnp_archive.storage.writing.history import (
    fingerprint_of,
    fingerprint_of_rows,
    note_arrival,
    note_return,
    save_version,
)
from cacnp_archive.storage.writing.replaced import BELONGING_TABLES, keep_replaced
from cacnp_archive.storage.writing.waiting import (
    LastReading,
    end_waiting,
    has_new_look,
    is_worse,
    last_reading,
    let_wait,
    says_the_same,
)


def save_article(
    database: Database,
    site: Site,
    article: Article,
    *,
    capture_id: int,
    source_id: int,
    seen_at: str,
    is_import: bool = False,
    is_settled: bool = False,
) -> None:
    """Save an article as a capture shows it, with a new version if its content has changed.

    `source_id` is the capture that has the bytes: of a revisit, its original. An import does not
    show whether the article still exists: an article that is gone stays gone. A capture that
    cannot be read as well as before, or has a new look and says something else, waits instead,
    unless `is_settled`: then layouts have been learned, and it was read again.
    """
    last = last_reading(database, article.url)
    is_same = False
    is_reread = last is not None and last.capture_id == source_id
    if last is not None and (has_new_look(last, article) or is_worse(last, article)):
        is_same = says_the_same(database, last, article)
        must_wait = is_worse(last, article) or not (is_same or is_import or is_reread)
        if must_wait and not is_settled:
            if not is_import:
                _keep(database, last, article, capture_id, source_id, seen_at)
            return
    row: dict[str, object] = {
        "wordpress_id": article.wordpress_id,
        "kind": article.kind,
        "title": article.title,
        "published_at": article.published_at,
        "published_on": article.published_on,
        "modified_at": article.modified_at,
        "updated_note": article.updated_note,
        "language": article.language,
        "body_language": article.body_language,
        "body_text": article.body_text,
        "word_count": article.word_count,
        "layout": article.layout,
        "text_selector": article.text_selector,
        "part_count": article.part_count,
        "last_seen_at": seen_at,
        "capture_id": source_id,
    }
    if not is_import:
        row |= {"gone_at": None, "gone_reason": None, "moved_to": None}
    if is_same:  # what the new look does not print, it does not deny
        row = {name: value for name, value in row.items() if value is not None}
    elif last is not None and (last.title, last.text) == (article.title, article.body_text):
        row = {name: row[name] for name in row if row[name] is not None or name not in _LASTING}
    is_unchanged = last is not None and last.text == article.body_text
    if last is not None and is_unchanged and article.layout is not Layout.KNOWN:
        # Decided by what an earlier look printed.
        row["kind"] = last.kind if last.kind is Kind.PAGE else article.kind
        if last.kind is Kind.PAGE:
            row |= {"published_at": None, "published_on": None}
    if last is None:
        text_before = None
        article_id = insert(database, "articles", url=article.url, first_seen_at=seen_at, **row)
    else:
        article_id, text_before = last.article_id, last.text
        is_changed = (last.title, last.text) != (article.title, article.body_text)
        if is_changed and not is_import and not is_settled:
            keep_replaced(database, article_id, capture_id)
        if last.gone_at is not None and not is_import:
            note_return(database, article_id, capture_id)
        update(database, "articles", article_id, row)
        for table in _belonging(article, is_same=is_same, is_unchanged=is_unchanged):
            database.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])
        end_waiting(database, source_id)
    _save_names(database, article_id, article)
    content = Content(article.links, article.embeds, article.media, article.documents)
    if article.part_count > 1:
        save_part(database, article.url, 1, article.body_text, content, source_id)
        join_parts(database, site, article.url)
        fingerprint = fingerprint_of_rows(database, article_id)
    else:
        save_content(database, site, article_id, content)
        fingerprint = fingerprint_of(article)
    _save_disagreements(database, article_id, article)
    save_version(
        database,
        article_id,
        fingerprint,
        capture_id,
        seen_at,
        text_before,
        completes=is_same or is_reread,  # the same bytes, read otherwise, are no edit
    )
    if not is_import:
        note_arrival(database, site, article)


_LASTING = frozenset({"wordpress_id", "published_at", "published_on", "language"})
"""Columns that a page with the same content does not empty: the first look printed them."""


def _belonging(article: Article, *, is_same: bool, is_unchanged: bool) -> list[str]:
    """Return the tables that an article has new rows for, or none any more.

    What a look does not print, it does not deny: with the same text, a post keeps what another
    look printed. In a known look, it may have lost all but its last category.
    """
    kept: dict[str, object] = {"article_categories": article.categories} if is_unchanged else {}
    if is_same or (is_unchanged and article.layout is not Layout.KNOWN):
        kept |= {
            "article_authors": article.authors,
            "article_tags": article.tags,
            "article_people": article.people,
        }
    return [table for table in BELONGING_TABLES if kept.get(table, True)]


def _keep(
    database: Database,
    last: LastReading,
    article: Article,
    capture_id: int,
    source_id: int,
    seen_at: str,
) -> None:
    """Save that an article was seen in a capture that waits to be read."""
    keep_replaced(database, last.article_id, capture_id)
    if last.gone_at is not None:
        note_return(database, last.article_id, capture_id)
    seen = {"last_seen_at": seen_at, "gone_at": None, "gone_reason": None, "moved_to": None}
    update(database, "articles", last.article_id, seen)
    let_wait(database, last.article_id, source_id, article.layout, article.text_selector)


def _canonical_outlet(outlet: str | None) -> str | None:
    return None if outlet is None else outlet_of(outlet)


def _save_names(database: Database, article_id: int, article: Article) -> None:
    insert_all(
        database,
        "article_authors",
        (
            *("article_id", "position", "author_id", "role", "printed", "found_in", "rank"),
            *("credit", "has_asterisk", "outlet", "printed_date", "canonical_outlet"),
        ),
        [
            (
                *(article_id, n, _author_id(database, author), author.role, author.printed),
                *(author.found_in, author.rank, author.credit, int(author.asterisk)),
                *(author.outlet, author.date, _canonical_outlet(author.outlet)),
            )
            for n, author in enumerate(article.authors, 1)
        ],
    )
    insert_all(
        database,
        "mentions",
        (
            *("article_id", "position", "name", "person", "kind", "rank", "role", "outlet"),
            "canonical_outlet",
        ),
        [
            (
                *(article_id, n, mention.name, mention.person),
                *(mention.kind, mention.rank, mention.role, mention.outlet),
                _canonical_outlet(mention.outlet),
            )
            for n, mention in enumerate(article.mentions, 1)
        ],
    )
    categories: dict[str, tuple[str, int]] = {}
    for step in article.category_steps:
        category_id = _category_id(database, step.name, step.url, categories)
        if step.parent_url is not None:
            database.execute(
                """UPDATE categories SET parent_id = (SELECT id FROM categories WHERE url = ?)
                WHERE id = ?""",
                [step.parent_url, category_id],
            )
    insert_all(
        database,
        "article_categories",
        ("article_id", "position", "category_id", "is_primary"),
        [
            (
                *(article_id, n, _category_id(database, item.name, item.url, categories)),
                int(item.primary),
            )
            for n, item in enumerate(article.categories, 1)
        ],
    )
    insert_all(
        database,
        "article_tags",
        ("article_id", "position", "tag_id"),
        [(article_id, n, save_tag(database, tag)) for n, tag in enumerate(article.tags, 1)],
    )
    insert_all(
        database,
        "article_people",
        ("article_id", "position", "person_id"),
        [
            (article_id, n, save_person(database, person))
            for n, person in enumerate(article.people, 1)
        ],
    )


def _save_disagreements(database: Database, article_id: int, article: Article) -> None:
    opinions = [*article.opinions, *_listed_opinions(database, article.url)]
    insert_all(
        database,
        "disagreements",
        ("article_id", "position", "field", "source", "extracted_value", "reported_value"),
        [
            (article_id, n, found.field, found.source, found.extracted_value, found.reported_value)
            for n, found in enumerate(disagreements(article, opinions), 1)
        ],
    )


def _listed_opinions(database: Database, url: str) -> Iterator[Opinion]:
    rows = database.execute(
        """SELECT list, title, published_at, modified_at, categories FROM list_entries
        WHERE url = ? AND list != 'sitemap' ORDER BY list""",
        [url],
    ).fetchall()
    for name, title, published_at, modified_at, categories in rows:
        entry = ListEntry(
            list_name=ListName(name),
            url=url,
            title=title,
            published_at=published_at,
            modified_at=modified_at,
            categories=tuple(json.loads(categories or "[]")),
        )
        yield from opinions_of(entry, _category_names(database, entry.categories))


def _category_names(database: Database, categories: tuple[str | int, ...]) -> list[str]:
    """Return the names of the categories that REST gives by term ID.

    Names in a feed are left out: there, tags and categories cannot be told apart.
    """
    term_ids = [category for category in categories if isinstance(category, int)]
    marks = ", ".join("?" * len(term_ids))
    rows = database.execute(
        f"SELECT name FROM categories WHERE wordpress_id IN ({marks}) ORDER BY id",
        term_ids,
    )
    return [name for (name,) in rows]


def _author_id(database: Database, author: Author) -> int:
    known = database.execute(
        "SELECT id, person FROM authors WHERE name = ?", [author.name]
    ).fetchone()
    if known is None:
        return insert(database, "authors", name=author.name, person=author.person)
    if author.person is not None and author.person != known[1]:
        update(database, "authors", known[0], {"person": author.person})
    return int(known[0])


def save_person(database: Database, person: Person) -> int:
    """Save a term of the taxonomy of people, or update it; returns its id."""
    known = database.execute("SELECT id, url FROM people WHERE slug = ?", [person.slug]).fetchone()
    if known is None:
        return insert(database, "people", slug=person.slug, name=person.name, url=person.url)
    if person.url is not None and known[1] != person.url:
        update(database, "people", known[0], {"name": person.name, "url": person.url})
    return int(known[0])


def _category_id(
    database: Database,
    name: str,
    url: str | None,
    saved: dict[str, tuple[str, int]] | None = None,
) -> int:
    """Save a category, or update it; returns its id.

    `saved` maps the URLs of categories that the same page has named before to names and ids.
    """
    if saved is not None and url is not None:
        if url not in saved or saved[url][0] != name:
            saved[url] = name, _category_id(database, name, url)
        return saved[url][1]
    if url is None:
        query, key = "SELECT id, name FROM categories WHERE url IS NULL AND name = ?", name
    else:
        query, key = "SELECT id, name FROM categories WHERE url = ?", url
    known = database.execute(query, [key]).fetchone()
    if known is None:
        category_id = insert(database, "categories", name=name, url=url)
        if url is not None:
            _nest(database, category_id, url)
        return category_id
    if known[1] != name:  # renamed on the site: the latest page is right
        update(database, "categories", known[0], {"name": name})
    return int(known[0])


def _nest(database: Database, category_id: int, url: str) -> None:
    """Insert a new category into the tree: the site nests URLs as it nests categories."""
    above = url.rstrip("/").rpartition("/")[0] + "/"
    database.execute(
        "UPDATE categories SET parent_id = (SELECT id FROM categories WHERE url = ?) WHERE id = ?",
        [above, category_id],
    )
    database.execute(
        """UPDATE categories SET parent_id = ?
        WHERE parent_id IS NULL AND url LIKE ? || '%/' AND rtrim(substr(url, ?), '/') NOT LIKE '%/%'
            AND url != ?""",
        [category_id, url, len(url) + 1, url],
    )


def save_tag(database: Database, tag: Tag) -> int:
    """Save a tag, or update it; returns its id."""
    known = database.execute("SELECT id, url FROM tags WHERE slug = ?", [tag.slug]).fetchone()
    if known is None:
        return insert(
            database,
            "tags",
            slug=tag.slug,
            name=tag.name,
            url=tag.url,
            wordpress_id=tag.wordpress_id,
        )
    if tag.url is not None and known[1] != tag.url:  # with a URL comes the name as printed
        update(database, "tags", known[0], {"name": tag.name, "url": tag.url})
    if tag.wordpress_id is not None:
        update(database, "tags", known[0], {"wordpress_id": tag.wordpress_id})
    return int(known[0])


def save_terms(database: Database, terms: tuple[Term, ...]) -> None:
    """Save the categories that REST lists; of their parents REST gives only the term ID."""
    for term in terms:
        category_id = _category_id(database, term.name, term.url)
        database.execute(
            """UPDATE categories SET wordpress_id = ?, parent_id = coalesce(
                (SELECT id FROM categories WHERE wordpress_id = ?), parent_id) WHERE id = ?""",
            [term.wordpress_id, term.parent_id, category_id],
        )
    if terms:
        database.conn.executemany(
            """UPDATE categories SET parent_id = (SELECT id FROM categories WHERE wordpress_id = ?)
            WHERE parent_id IS NULL AND wordpress_id = ?""",
            [(term.parent_id, term.wordpress_id) for term in terms if term.parent_id is not None],
        )
