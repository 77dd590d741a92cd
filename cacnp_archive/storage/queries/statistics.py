"""Count articles and links over the years, for pictures."""

from dataclasses import dataclass

from sqlite_utils import Database

from cacnp_archive.storage.queries.query_language import parse_query

_YEAR = "substr(coalesce(published_at, published_on), 1, 4)"


@dataclass(frozen=True, slots=True)
class YearCount:
    """How many of one kind in one year."""

    year: int
    name: str
    count: int


class Statistics:
    """Counts what a database holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_kind(self) -> list[YearCount]:
        """Return the articles by year and kind; without undated ones."""
        return self._tallies(
            f"""SELECT {_YEAR}, kind, count(*) FROM articles
            WHERE coalesce(published_at, published_on) IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2""",  # noqa: S608
        )

    def by_topic(self, topics: tuple[str, ...]) -> list[YearCount]:
        """Return how many articles match each topic, by year; without undated ones.

        Topics are in the query language. Raises UsageError for one that is not understood.
        """
        return [
            tally
            for topic in topics
            for tally in self._tallies(
                """SELECT year, ?, count(*) FROM articles_fts
                JOIN articles ON articles.id = articles_fts.rowid
                WHERE articles_fts MATCH ? AND year IS NOT NULL GROUP BY year ORDER BY year""",
                topic,
                parse_query(topic).for_articles,
            )
        ]

    def by_author(self, limit: int) -> list[YearCount]:
        """Return by year what those who wrote most have written, the busiest first."""
        return self._tallies(
            f"""WITH written AS (
                SELECT DISTINCT article_id, coalesce(person, name) AS person
                FROM article_authors JOIN authors ON authors.id = author_id
            ), busiest AS (
                SELECT person, count(*) AS total FROM written
                GROUP BY person ORDER BY total DESC, person LIMIT ?
            )
            SELECT {_YEAR}, person, count(*) FROM busiest JOIN written USING (person)
            JOIN articles ON articles.id = article_id
            WHERE coalesce(published_at, published_on) IS NOT NULL
            GROUP BY person, 1 ORDER BY total DESC, person, 1""",  # noqa: S608
            limit,
        )

    def cited_hosts(self, limit: int) -> list[tuple[str, int]]:
        """Return the hosts that most articles link to, and how many do."""
        return self._database.execute(
            """SELECT host, count(DISTINCT article_id) FROM links WHERE kind = 'outbound'
            GROUP BY host ORDER BY 2 DESC, 1 LIMIT ?""",
            [limit],
        ).fetchall()

    def link_states(self) -> list[YearCount]:
        """Return by year of the article how its links into the site fare.

        They are alive, not archived, or dead: answered with 404 or 410, or not at all.
        """
        return self._tallies(
            f"""WITH targets AS (
                SELECT article_id,
                    substr(target_url, 1, instr(target_url || '#', '#') - 1) AS target
                FROM links WHERE kind IN ('internal', 'document', 'media')
            )
            SELECT {_YEAR}, CASE
                WHEN addresses.outcome = 'failed' OR addresses.reason IN ('404', '410') THEN 'dead'
                WHEN addresses.archived_at IS NOT NULL THEN 'alive'
                ELSE 'not archived' END, count(*)
            FROM targets JOIN articles ON articles.id = article_id
            LEFT JOIN addresses ON addresses.url = coalesce(
                (SELECT url FROM addresses WHERE url = target),
                (SELECT url FROM addresses WHERE url = target || '/'))
            WHERE coalesce(published_at, published_on) IS NOT NULL
            GROUP BY 1, 2 ORDER BY 1, 2""",  # noqa: S608
        )

    def sizes(self) -> list[tuple[str, str, int, int, int, int]]:
        """Return each finished crawl's id and end, and what the archive then held, oldest first.

        Captures, articles, bytes of the WARC files, bytes of the database.
        """
        return self._database.execute(
            """SELECT crawls.id, finished_at,
                max(iif(name = 'captures', value, 0)), max(iif(name = 'articles', value, 0)),
                max(iif(name = 'warc_bytes', value, 0)), max(iif(name = 'database_bytes', value, 0))
            FROM crawls JOIN crawl_metrics ON crawl_id = crawls.id AND topic = 'size'
            WHERE finished_at IS NOT NULL GROUP BY crawls.id ORDER BY finished_at"""
        ).fetchall()

    def _tallies(self, sql: str, *parameters: object) -> list[YearCount]:
        rows = self._database.execute(sql, list(parameters))
        return [YearCount(int(year), name, count) for year, name, count in rows if year.isdigit()]


def row_counts(database: Database) -> dict[str, int]:
    """Return how many rows the most important tables have."""
    tables = ("captures", "articles", "authors", "categories", "tags", "links", "problems")
    return {table: database.table(table).count for table in tables}
