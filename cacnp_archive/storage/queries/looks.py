"""How the articles were read: by which layout, where in the page, since when."""

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Look:
    """The articles whose text was found in one way and place."""

    layout: str
    """known, learned, compared or general; empty for articles that wait to be read."""
    text_selector: str | None
    count: int
    first_seen_at: str
    """When the first crawl that saw this began; ISO 8601, UTC."""
    example: str
    """The URL of one of them."""


def looks(database: Database) -> list[Look]:
    """Return how articles were read, the most frequent way first, then what waits."""
    rows = database.execute(
        """SELECT layout, text_selector, count(*), coalesce(
            (SELECT min(started_at) FROM crawl_metrics JOIN crawls ON crawls.id = crawl_id
                WHERE topic = 'looks' AND name = text_selector), min(captured_at)),
            min(articles.url)
        FROM articles JOIN captures ON captures.id = capture_id
        GROUP BY layout, text_selector ORDER BY count(*) DESC, layout, text_selector"""
    ).fetchall()
    waiting = database.execute(
        """SELECT '', waiting_readings.text_selector, count(DISTINCT article_id),
            min(captured_at), min(articles.url)
        FROM waiting_readings JOIN captures ON captures.id = waiting_readings.capture_id
        JOIN articles ON articles.id = article_id
        GROUP BY waiting_readings.text_selector ORDER BY 3 DESC, 2"""
    ).fetchall()
    return [Look(*row) for row in [*rows, *waiting]]
