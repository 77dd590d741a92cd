"""Save articles and what belongs to them: authors, categories, tags, links."""

from collections.abc import Iterable

from sqlite_utils import Database

from cacnp_archive.records import Article, Tag, Term
from cacnp_archive.site import Site
from cacnp_archive.storage.database import insert
from cacnp_archive.storage.history import note_arrival, note_return, save_version


def save_article(
    database: Database,
    site: Site,
    article: Article,
    *,
    capture_id: int,
    source_id: int,
    seen_at: str,
) -> None:
    """Save what an article says now, and how that differs from before.

    `capture_id` showed it; `source_id` has the bytes: the original, when that is a revisit.
    """
    row = {
        "wordpress_id": article.wordpress_id,
        "kind": article.kind,
        "title": article.title,
        "published_at": article.published_at,
        "published_on": article.published_on,
        "modified_at": article.modified_at,
        "language": article.language,
        "body_text": article.body_text,
        "word_count": len(article.body_text.split()),
        "last_seen_at": seen_at,
        "gone_at": None,
        "gone_reason": None,
        "moved_to": None,
        "capture_id": source_id,
    }
    known = database.execute(
        "SELECT id, gone_at FROM articles WHERE url = ?", [article.url]
    ).fetchone()
    if known is None:
        article_id = insert(database, "articles", url=article.url, first_seen_at=seen_at, **row)
        save_version(database, article_id, article, capture_id, seen_at)
    else:
        article_id, gone_at = known
        if gone_at is not None:
            note_return(database, article_id, capture_id)
        save_version(database, article_id, article, capture_id, seen_at)
        assignments = ", ".join(f"{name} = ?" for name in row)
        database.execute(
            f"UPDATE articles SET {assignments} WHERE id = ?",  # noqa: S608 - names are ours
            [*row.values(), article_id],
        )
        for table in ("article_authors", "article_categories", "article_tags", "links"):
            database.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])  # noqa: S608
    _save_parts(database, article_id, article)
    note_arrival(database, site, article)


def _save_parts(database: Database, article_id: int, article: Article) -> None:
    _insert_all(
        database,
        "article_authors",
        ("article_id", "position", "author_id", "role", "printed", "found_in"),
        (
            (
                article_id,
                n,
                _author_id(database, author.name),
                author.role,
                author.printed,
                author.found_in,
            )
            for n, author in enumerate(article.authors, 1)
        ),
    )
    for step in article.category_steps:
        category_id = _category_id(database, step.name, step.url)
        if step.parent_url is not None:
            database.execute(
                """UPDATE categories SET parent_id = (SELECT id FROM categories WHERE url = ?)
                WHERE id = ?""",
                [step.parent_url, category_id],
            )
    _insert_all(
        database,
        "article_categories",
        ("article_id", "position", "category_id", "is_primary"),
        (
            (
                article_id,
                n,
                _category_id(database, category.name, category.url),
                int(category.primary),
            )
            for n, category in enumerate(article.categories, 1)
        ),
    )
    _insert_all(
        database,
        "article_tags",
        ("article_id", "position", "tag_id"),
        ((article_id, n, save_tag(database, tag)) for n, tag in enumerate(article.tags, 1)),
    )
    _insert_all(
        database,
        "links",
        ("article_id", "position", "target_url", "host", "kind", "anchor_text", "context"),
        (
            (article_id, n, link.target_url, link.host, link.kind, link.anchor_text, link.context)
            for n, link in enumerate(article.links, 1)
        ),
    )


def _insert_all(
    database: Database, table: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]
) -> None:
    marks = ", ".join("?" * len(columns))
    database.conn.executemany(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608
        list(rows),
    )


def _author_id(database: Database, name: str) -> int:
    known = database.execute("SELECT id FROM authors WHERE name = ?", [name]).fetchone()
    return int(known[0]) if known else insert(database, "authors", name=name)


def _category_id(database: Database, name: str, url: str | None) -> int:
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
        database.execute("UPDATE categories SET name = ? WHERE id = ?", [name, known[0]])
    return int(known[0])


def _nest(database: Database, category_id: int, url: str) -> None:
    """Hang a new category into the tree: the site nests their addresses as it nests them."""
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
    """Save a tag, or what is new of it; returns its id."""
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
    if tag.url is not None and known[1] != tag.url:  # a printed name beats one made from a slug
        database.execute(
            "UPDATE tags SET name = ?, url = ? WHERE id = ?", [tag.name, tag.url, known[0]]
        )
    if tag.wordpress_id is not None:
        database.execute(
            "UPDATE tags SET wordpress_id = ? WHERE id = ?", [tag.wordpress_id, known[0]]
        )
    return int(known[0])


def save_terms(database: Database, terms: tuple[Term, ...]) -> None:
    """Save the categories that REST lists; those above come with their number alone."""
    for term in terms:
        category_id = _category_id(database, term.name, term.url)
        database.execute(
            """UPDATE categories SET wordpress_id = ?, parent_id = coalesce(
                (SELECT id FROM categories WHERE wordpress_id = ?), parent_id) WHERE id = ?""",
            [term.wordpress_id, term.parent_id, category_id],
        )
    database.conn.executemany(
        """UPDATE categories SET parent_id = (SELECT id FROM categories WHERE wordpress_id = ?)
        WHERE parent_id IS NULL AND wordpress_id = ?""",
        [(term.parent_id, term.wordpress_id) for term in terms if term.parent_id is not None],
    )
