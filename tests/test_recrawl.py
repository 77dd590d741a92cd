"""A second crawl notices what is new, edited, moved and gone."""

from pathlib import Path
from typing import Any

import pytest

from cacnp_archive.archive import Archive
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.storage.database import read_database
from cacnp_archive.verify import verify
from tests.conftest import crawl

DELETED, MOVED, KEPT = (
    "time-to-reset-the-narrative-on-missile-proliferation",
    "what-a-truce-is-worth",
    "next-up-its-your-turn",
)


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("recrawl")
    site = build_site()
    with ReplicaServer(site) as server:
        first = crawl(server.base_url, folder)
        slugs = [
            article["url"].rstrip("/").rsplit("/", 1)[1] for article in server.truth["articles"]
        ]
        site.delete(DELETED if DELETED in slugs else slugs[3])
        site.move(MOVED, "a-new-address")
        second = crawl(server.base_url, folder)
        base_url = server.base_url
    assert (first.returncode, second.returncode) == (0, 0), second.stderr
    assert verify(Archive(folder)).findings == []
    return rows_by_path(folder, base_url)


def rows_by_path(folder: Path, base_url: str) -> dict[str, dict[str, Any]]:
    database = read_database(folder / "archive.db")
    rows = list(
        database.query(
            """SELECT articles.url AS url, title, body_text, gone_at, gone_reason, moved_to,
            wordpress_id, status
            FROM articles JOIN captures ON captures.id = capture_id"""
        )
    )
    database.close()
    for row in rows:
        row["moved_to"] = row["moved_to"] and row["moved_to"].removeprefix(base_url)
    return {row["url"].removeprefix(base_url).rstrip("/"): row for row in rows}


def test_moved_article_is_known_at_both_addresses(articles: dict[str, dict[str, Any]]) -> None:
    old, new = articles[MOVED], articles["a-new-address"]
    assert (old["gone_reason"], old["moved_to"]) == ("moved", "a-new-address/")
    assert new["gone_at"] is None
    assert (old["wordpress_id"], old["body_text"]) == (new["wordpress_id"], new["body_text"])


def test_deleted_article_keeps_its_last_reading(articles: dict[str, dict[str, Any]]) -> None:
    gone = {path: row for path, row in articles.items() if row["gone_reason"] in ("404", "410")}
    (row,) = gone.values()
    assert row["gone_at"]
    assert row["body_text"]
    assert row["status"] == 200


def test_article_that_is_still_there_is_not_gone(articles: dict[str, dict[str, Any]]) -> None:
    assert articles[KEPT]["gone_at"] is None
    assert sum(row["gone_at"] is not None for row in articles.values()) == 2
