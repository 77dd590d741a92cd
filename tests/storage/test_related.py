"""Related articles are about the same, and still on the site."""

import itertools
from collections.abc import Iterator

import pytest
from sqlite_utils import Database

from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.related import related
from tests.conftest import CrawledReplica


@pytest.fixture
def database(replica: CrawledReplica) -> Iterator[Database]:
    opened = read_database(replica.archive.database_path)
    yield opened
    opened.close()


def test_related_articles_share_a_category_more_often_than_others(database: Database) -> None:
    filed: dict[int, set[int]] = {}
    for article, category in database.execute(
        "SELECT article_id, category_id FROM article_categories"
    ):
        filed.setdefault(article, set()).add(category)
    pairs = [
        bool(filed[number] & filed[other.id])
        for number in filed
        for other in related(database, number, 3)
        if other.id in filed
    ]
    chance = [bool(a & b) for a, b in itertools.combinations(filed.values(), 2)]
    assert sum(pairs) / len(pairs) > 1.3 * sum(chance) / len(chance)


def test_article_is_not_related_to_itself_or_to_what_is_gone(database: Database) -> None:
    for (number,) in database.execute("SELECT id FROM articles LIMIT 40").fetchall():
        assert number not in [other.id for other in related(database, number, 10)]
    assert related(database, 10**9, 5) == []
