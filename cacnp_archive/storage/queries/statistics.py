"""Counts of articles and links by year, for charts."""

from dataclasses import dataclass

from sqlite_utils import Database

from cacnp_archive.storage.queries.query_language import parse_query


@dataclass(frozen=True, slots=True)
class YearCount:
    """A count for one year and name."""

    year: int
    name: str
    count: int


class Statistics:
    """Counts the articles and links in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_kind(self) -> list[YearCount]:
        """Return the number of articles by year and kind; articles without a date are left out."""
        return self._counts(
            """SELECT year, kind, count(*) FROM articles
            WHERE year IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2""",
        )

    def by_topic(self, topics: tuple[str, ...]) -> list[YearCount]:
        """Return how many articles match each topic, by year; without undated ones.

        Topics are in the query language. Raises UsageError for one that is not understood.
        """
        return [
            count
            for topic in topics
            for count in self._counts(
                """SELECT year, ?, count(*) FROM articles_fts
                JOIN articles ON articles.id = articles_fts.rowid
                WHERE articles_fts MATCH ? AND year IS NOT NULL
                GROUP BY 1 ORDER BY 1""",
                topic,
                parse_query(topic).for_articles,
            )
        ]

    def by_author(self, limit: int) -> list[YearCount]:
        """Return the number of articles by year of the authors who wrote most, those first."""
        return self._counts(
            """WITH written AS (
                SELECT DISTINCT article_id, coalesce(person, name) AS person
                FROM article_authors JOIN authors ON authors.id = author_id
            ), busiest AS (
                SELECT person, count(*) AS total FROM written
                GROUP BY person ORDER BY total DESC, person LIMIT ?
            )
            SELECT year, person, count(*) FROM busiest JOIN written USING (person)
            JOIN articles ON articles.id = article_id
            WHERE year IS NOT NULL
            GROUP BY person, 1 ORDER BY total DESC, person, 1""",
            limit,
        )

    def cited_hosts(self, limit: int) -> list[tuple[str, int]]:
        """Return the hosts to which most articles link, and the number of these articles.

        Links that cite nothing are left out: share buttons, menus, lists of podcast directories.
        """
        return self._database.execute(
            """SELECT host, count(DISTINCT article_id) FROM links
            WHERE kind = 'outbound' AND NOT is_furniture
            GROUP BY host ORDER BY 2 DESC, 1 LIMIT ?""",
            [limit],
        ).fetchall()

    def link_states(self) -> list[YearCount]:
        """Return the number of links within the site by the article's year and the link's state.

        A link is alive, not archived, or dead: its target is 404, 410 or failed.
        """
        return self._counts(
            """WITH targets AS (
                SELECT article_id,
                    substr(target_url, 1, instr(target_url || '#', '#') - 1) AS target
                FROM links WHERE kind IN ('internal', 'document', 'media')
            )
            SELECT year, CASE
                WHEN addresses.outcome = 'failed' OR addresses.reason IN ('404', '410') THEN 'dead'
                WHEN addresses.archived_at IS NOT NULL THEN 'alive'
                ELSE 'not archived' END, count(*)
            FROM targets JOIN articles ON articles.id = article_id
            LEFT JOIN addresses ON addresses.url = coalesce(
                (SELECT url FROM addresses WHERE url = target),
                (SELECT url FROM addresses WHERE url = target || '/'))
            WHERE year IS NOT NULL
            GROUP BY 1, 2 ORDER BY 1, 2""",
        )

    def sizes(self) -> list[tuple[str, str, int, int, int, int]]:
        """Return id, end, and the archive's size at the end of each crawl, oldest first.

        The size is given in captures, articles, bytes of WARC files and bytes of the database.
        """
        return self._database.execute(
            """SELECT crawls.id, finished_at,
                max(iif(name = 'captures', value, 0)), max(iif(name = 'articles', value, 0)),
                max(iif(name = 'warc_bytes', value, 0)), max(iif(name = 'database_bytes', value, 0))
            FROM crawls JOIN crawl_metrics ON crawl_id = crawls.id AND topic = 'size'
            WHERE finished_at IS NOT NULL GROUP BY crawls.id ORDER BY finished_at"""
        ).fetchall()

    def _counts(self, sql: str, *parameters: object) -> list[YearCount]:
        rows = self._database.execute(sql, list(parameters))
        return [YearCount(int(year), name, count) for year, name, count in rows if year.isdigit()]


def row_counts(database: Database) -> dict[str, int]:
    """Return how many rows the most important tables have."""
    tables = ("captures", "articles", "authors", "categories", "tags", "links", "problems")
    return {table: database.table(table).count for table in tables}
