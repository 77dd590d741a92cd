"""How articles changed: what the command `changes`, the report and the metrics of a crawl show."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """A change of an article, and the capture that showed it."""

    at: str
    """When that capture was made."""
    kind: str
    """A value of `ChangeKind`."""
    url: str
    title: str | None
    """As last seen."""
    detail: str
    """Number of the version, new URL, or reason; empty if there is none."""
    warc_record_id: str
    """Of the capture that showed the change."""
    last_good_at: str | None
    """If the article has moved or is gone: when its last good capture was made; else None."""
    last_good_record: str | None
    """Likewise: the WARC-Record-ID of that capture."""


_CHANGES = """
    SELECT article_id, capture_id, 'added' AS kind, '' AS detail FROM versions WHERE number = 1
    UNION ALL
    SELECT article_id, capture_id, kind, detail FROM changes
"""
"""An article is added by the capture of its first version; the table `changes` has the rest."""


def changes_of(
    database: Database,
    *,
    crawl_id: str | None = None,
    since: str | None = None,
    kinds: Sequence[str] = (),
) -> list[ArticleChange]:
    """Return the changes that crawls and imports detected, latest first.

    `crawl_id` selects those of one crawl; `since` is a date, YYYY-MM-DD; `kinds` are values of
    `ChangeKind`. None or empty means all.
    """
    rows = database.execute(
        f"""SELECT showing.captured_at AS at, change.kind, articles.url, title, change.detail,
            showing.warc_record_id, last_good.captured_at, last_good.warc_record_id
        FROM ({_CHANGES}) AS change
        JOIN captures AS showing ON showing.id = change.capture_id
        JOIN articles ON articles.id = article_id
        LEFT JOIN captures AS last_good ON change.kind IN ('moved', 'gone') AND last_good.id = (
            SELECT id FROM captures WHERE canonical_url = articles.url
                AND captured_at < showing.captured_at AND is_good
            ORDER BY captured_at DESC LIMIT 1)
        WHERE (:crawl_id IS NULL OR showing.crawl_id = :crawl_id) AND at >= :since
            AND (:kinds = '' OR instr(:kinds, ',' || change.kind || ','))
        ORDER BY at DESC, articles.url""",
        {
            "crawl_id": crawl_id,
            "since": since or "",
            "kinds": f",{','.join(kinds)}," if kinds else "",
        },
    )
    return [ArticleChange(*row) for row in rows]


def change_counts(database: Database, crawl_id: str) -> dict[str, int]:
    """Return how many changes a crawl detected, by kind; kinds without any are left out."""
    rows = database.execute(
        f"""SELECT change.kind, count(*) FROM ({_CHANGES}) AS change
        JOIN captures ON captures.id = change.capture_id WHERE crawl_id = ? GROUP BY 1""",
        [crawl_id],
    )
    return dict(rows.fetchall())
