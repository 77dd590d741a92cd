"""A reading never gets worse silently: captures that wait until they can be read as well as before.

A capture in which an article shows no text or title, is read by a guess, or looks otherwise than
before and says something else, does not replace the article's last reading. It waits: at the end
of the crawl, layouts are learned, and it is read again.
"""

from dataclasses import dataclass

from sqlite_utils import Database

from cacnp_archive.model.layouts import Layout
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Article, Kind
from cacnp_archive.storage.database import insert
from cacnp_archive.storage.disagreements import plain


@dataclass(frozen=True, slots=True)
class LastReading:
    """What is saved of an article."""

    article_id: int
    gone_at: str | None
    text: str
    title: str | None
    day: str | None
    layout: Layout
    text_selector: str | None
    is_split: bool
    capture_id: int
    kind: Kind


def last_reading(database: Database, url: str) -> LastReading | None:
    """Return the last reading of an article; None if it is new."""
    row = database.execute(
        """SELECT id, gone_at, body_text, title, day, layout, text_selector, part_count > 1,
            capture_id, kind
        FROM articles WHERE url = ?""",
        [url],
    ).fetchone()
    if row is None:
        return None
    *values, layout, text_selector, is_split, capture_id, kind = row
    article_id, gone_at, text, title, day = values
    return LastReading(
        article_id=article_id,
        gone_at=gone_at,
        text=text,
        title=title,
        day=day,
        layout=Layout(layout),
        text_selector=text_selector,
        is_split=bool(is_split),
        capture_id=capture_id,
        kind=Kind(kind),
    )


def has_new_look(last: LastReading, article: Article) -> bool:
    """Whether the text was found elsewhere in the page than before; unknown counts as not."""
    return last.text_selector is not None and article.text_selector != last.text_selector


def is_worse(last: LastReading, article: Article) -> bool:
    """Whether a capture cannot be read as well as the article's last reading."""
    return (
        (last.layout.is_sure and not article.layout.is_sure)
        or (bool(last.text) and not article.body_text and article.text_selector is None)
        or (bool(last.title) and not article.title)
    )


def says_the_same(database: Database, last: LastReading, article: Article) -> bool:
    """Whether title, text, links and date are the same, as far as the page gives them."""
    if article.title != last.title and plain(article.title or "") != plain(last.title or ""):
        return False
    day = article.published_on or (article.published_at or "")[:10]
    if day and last.day and day != last.day:
        return False
    if last.is_split or article.part_count > 1:
        return last.text.startswith(article.body_text) and bool(article.body_text)
    if article.body_text != last.text:
        return False
    links = database.execute(
        "SELECT target_url FROM links WHERE article_id = ? ORDER BY position", [last.article_id]
    ).fetchall()
    return [link.target_url for link in article.links] == [target for (target,) in links]


def let_wait(
    database: Database,
    article_id: int,
    capture_id: int,
    layout: Layout | None = None,
    text_selector: str | None = None,
) -> None:
    """Save that a capture waits, and that earlier ones of its URL need not wait any more."""
    end_waiting(database, capture_id)
    insert(
        database,
        "waiting_readings",
        capture_id=capture_id,
        article_id=article_id,
        layout=layout,
        text_selector=text_selector,
    )
    insert(
        database,
        "problems",
        capture_id=capture_id,
        code=ProblemCode.WAITING,
        detail="the article's last reading stays in force",
    )


def end_waiting(database: Database, capture_id: int) -> None:
    """Remove what waits of the URL of a capture: a later one has been read, or waits itself."""
    rows = database.execute(
        """DELETE FROM waiting_readings WHERE capture_id IN (
            SELECT id FROM captures WHERE canonical_url = (
                SELECT canonical_url FROM captures WHERE id = ?))
        RETURNING capture_id""",
        [capture_id],
    ).fetchall()
    database.conn.executemany(
        f"DELETE FROM problems WHERE capture_id = ? AND code = '{ProblemCode.WAITING}'", rows
    )
