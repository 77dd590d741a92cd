"""Keep what a capture replaces in an article, and restore it if the capture proves to be a wall."""

import json
from typing import Any

from sqlite_utils import Database

from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.storage.database import insert, insert_all, update

BELONGING_TABLES = (
    "article_authors",
    "article_categories",
    "article_tags",
    "article_people",
    "mentions",
    "disagreements",
    "links",
    "embeds",
    "media",
    "article_documents",
)
"""The tables that hold the rest of an article's current reading."""

_LATEST_VERSION = """article_id = :id
    AND number = (SELECT max(number) FROM versions WHERE article_id = :id)"""

_PARTS = "article_url = (SELECT url FROM articles WHERE id = :id)"

_CONDITIONS = {
    "articles": "id = :id",
    "versions": _LATEST_VERSION,
    "article_parts": _PARTS,
    **dict.fromkeys(BELONGING_TABLES, "article_id = :id"),
}


def keep_replaced(database: Database, article_id: int, capture_id: int) -> None:
    """Keep the rows of an article that a capture is about to change."""
    rows = {
        table: list(
            database.query(
                f"SELECT {_stored_columns(database, table)} FROM {table} WHERE {condition}",
                {"id": article_id},
            )
        )
        for table, condition in _CONDITIONS.items()
    }
    insert(
        database,
        "replaced_articles",
        capture_id=capture_id,
        article_id=article_id,
        rows=json.dumps(rows, ensure_ascii=False),
    )


def take_back(database: Database, capture_id: int) -> None:
    """Undo what a capture changed in an article: a wall says nothing of it.

    If a later capture has changed the article again, that stays.
    """
    database.execute("DELETE FROM changes WHERE capture_id = ?", [capture_id])
    database.execute("DELETE FROM waiting_readings WHERE capture_id = ?", [capture_id])
    database.execute(
        f"DELETE FROM problems WHERE capture_id = ? AND code = '{ProblemCode.WAITING}'",
        [capture_id],
    )
    kept = database.execute(
        """SELECT article_id, rows FROM replaced_articles AS kept WHERE capture_id = ?
            AND NOT EXISTS (SELECT 1 FROM replaced_articles AS later
                WHERE later.article_id = kept.article_id AND later.capture_id > kept.capture_id)""",
        [capture_id],
    ).fetchone()
    if kept is not None:
        database.execute(
            "DELETE FROM versions WHERE article_id = ? AND capture_id = ?", [kept[0], capture_id]
        )
        _restore(database, kept[0], json.loads(kept[1]))
        return
    database.execute(
        """DELETE FROM article_parts WHERE article_url IN (
            SELECT url FROM articles JOIN versions ON versions.article_id = articles.id
            WHERE versions.capture_id = ? AND number = 1)""",
        [capture_id],
    )
    database.execute(
        """DELETE FROM articles WHERE id IN (
            SELECT article_id FROM versions WHERE capture_id = ? AND number = 1)""",
        [capture_id],
    )


def forget_replaced(database: Database) -> None:
    """Forget all that was kept: the captures of a crawl that has ended are judged."""
    database.execute("DELETE FROM replaced_articles")


def _restore(database: Database, article_id: int, rows: dict[str, list[dict[str, Any]]]) -> None:
    (article,) = rows["articles"]
    for table in (*BELONGING_TABLES, "article_parts"):
        database.execute(f"DELETE FROM {table} WHERE {_CONDITIONS[table]}", {"id": article_id})
    update(
        database,
        "articles",
        article_id,
        {name: value for name, value in article.items() if name != "id"},
    )
    for table in ("versions", *BELONGING_TABLES, "article_parts"):
        if table == "versions":
            database.execute(f"DELETE FROM versions WHERE {_LATEST_VERSION}", {"id": article_id})
        for row in rows[table]:
            insert_all(database, table, tuple(row), [tuple(row.values())])


def _stored_columns(database: Database, table: str) -> str:
    """Return the columns of a table but the generated ones, which PRAGMA table_info leaves out."""
    rows = database.execute("SELECT name FROM pragma_table_info(?)", [table])
    return ", ".join(name for (name,) in rows)
