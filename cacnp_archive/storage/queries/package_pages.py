"""The pages and WARC files that belong into a WACZ package."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cacnp_archive.model.errors import UsageError
from cacnp_archive.storage.database import read_database

LATEST = "latest"
"""In place of a crawl's id: the last crawl."""


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page, and its last good capture."""

    url: str
    """The target URI of the record, as requested."""
    captured_at: str
    """ISO 8601, UTC, microseconds."""
    title: str | None
    """None if the page has no title, or is a front page without an article."""
    text: str | None
    record_id: str
    is_front: bool


class Contents:
    """The archive's pages, crawls and files, from its database."""

    def __init__(self, path: Path) -> None:
        self._database = read_database(path)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def pages(self, warc_files: list[str], crawl_id: str | None = None) -> Iterator[StoredPage]:
        """Yield front pages and articles that have a good capture in one of the files.

        A complete capture is preferred to one that was cut at the size limit. With a `crawl_id`
        only that crawl's captures count. Front pages come first, beginning with the site that was
        crawled last, then articles by URL.
        """
        rows = self._database.execute(
            """
            WITH fronts AS (
                SELECT base_url, max(started_at) AS crawled_at FROM crawls GROUP BY base_url
            ),
            pages(url, title, body_text, crawled_at) AS (
                SELECT base_url, title, body_text, crawled_at
                FROM fronts LEFT JOIN articles ON articles.url = base_url
                UNION ALL
                SELECT url, title, body_text, NULL FROM articles
                WHERE url NOT IN (SELECT base_url FROM fronts)
            )
            SELECT captures.url, captured_at, title, body_text, warc_record_id,
                crawled_at IS NOT NULL
            FROM pages JOIN captures ON captures.id = (
                SELECT id FROM captures AS candidate
                WHERE canonical_url = pages.url AND is_good
                    AND warc_file IN (SELECT value FROM json_each(:files))
                    AND crawl_id = coalesce(:crawl_id, crawl_id)
                ORDER BY truncated IS NOT NULL, captured_at DESC LIMIT 1
            )
            ORDER BY crawled_at DESC NULLS LAST, pages.url
            """,
            {"files": json.dumps(warc_files), "crawl_id": crawl_id},
        )
        return (
            StoredPage(url, captured_at, title, text, record_id, bool(is_front))
            for url, captured_at, title, text, record_id, is_front in rows
        )

    def crawls(self) -> list[dict[str, Any]]:
        """Return the rows of `crawls`, oldest first."""
        return list(self._database.query("SELECT * FROM crawls ORDER BY started_at, id"))

    def find_crawl(self, crawl_id: str) -> str:
        """Return the id of a crawl, or of the `latest`; raises UsageError if it is unknown."""
        known = [row["id"] for row in self.crawls()]
        crawled = [row["id"] for row in self.crawls() if row["source"] is None]
        if crawl_id == LATEST and crawled:
            return str(crawled[-1])
        if crawl_id not in known:
            last = ", ".join(known[-5:]) or "none"
            raise UsageError(f"there is no crawl {crawl_id}; the last ones are: {last}")
        return crawl_id

    def files_of_crawl(self, crawl_id: str) -> list[str]:
        """Return the sorted names of the WARC files that a crawl wrote."""
        rows = self._database.execute(
            """SELECT warc_file FROM captures WHERE crawl_id = :id
            UNION SELECT warc_file FROM failures WHERE crawl_id = :id ORDER BY warc_file""",
            {"id": crawl_id},
        )
        return [name for (name,) in rows]

    def files_of_originals(self, warc_files: list[str]) -> list[str]:
        """Return the sorted names of the other WARC files with originals of revisits in these.

        Their own revisits are followed too: only with all of these can every revisit be replayed.
        """
        refers_to: dict[str, set[str]] = {}
        for name, original in self._database.execute(
            """SELECT DISTINCT revisit.warc_file, original.warc_file FROM captures AS revisit
            JOIN captures AS original ON original.id = revisit.original_id"""
        ):
            refers_to.setdefault(name, set()).add(original)
        found = set(warc_files)
        unseen = list(warc_files)
        while unseen:
            more = refers_to.get(unseen.pop(), set()) - found
            found |= more
            unseen += more
        return sorted(found.difference(warc_files))
