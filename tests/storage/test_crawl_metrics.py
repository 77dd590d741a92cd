import json

import pytest

from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.crawl_metrics import FIELDS, CrawlMetrics, alerts, load_metrics
from tests.conftest import CrawledReplica


@pytest.fixture
def metrics(replica: CrawledReplica) -> CrawlMetrics:
    database = read_database(replica.archive.database_path)
    (crawl_id,) = database.execute("SELECT id FROM crawls").fetchone()
    found = load_metrics(database, crawl_id)
    database.close()
    return found


def test_figures_say_what_the_truth_says(metrics: CrawlMetrics, replica: CrawledReplica) -> None:
    articles = replica.truth["articles"]
    kinds = {kind: sum(a["kind"] == kind for a in articles) for kind in metrics["kind"]}
    assert metrics["kind"] == kinds
    with_authors = sum(bool(article["authors"]) for article in articles)
    assert metrics["filled"]["authors"] == pytest.approx(with_authors / len(articles))
    assert metrics["read"] == metrics["filled"]
    assert metrics["changes"] == {"added": len(articles)}
    assert metrics["load"]["requests"] == len(replica.requested)
    missing = metrics["recall"].pop("requisites")  # one of another host answers 404
    assert 0.999 < missing < 1
    assert set(metrics["recall"].values()) == {1.0}
    assert sum(metrics["ledger"].values()) == metrics["ledger"]["archived"] + sum(
        metrics["excluded"].values()
    )


def test_warc_files_and_database_have_their_size(
    metrics: CrawlMetrics, replica: CrawledReplica
) -> None:
    paths = replica.archive.warc_folder.glob("*.warc.gz")
    assert metrics["size"]["warc_bytes"] == sum(path.stat().st_size for path in paths)
    assert metrics["size"]["database_bytes"] > 100_000


def figures_of(**topics: dict[str, float]) -> CrawlMetrics:
    filled = {"articles": 1000.0, **dict.fromkeys(FIELDS, 0.9)}
    base: CrawlMetrics = {
        "filled": filled,
        "read": filled,
        "read_kind": {"post": 1000.0},
        "filled_by_kind": {f"post/{field}": 0.9 for field in FIELDS},
        "recall": {"sitemap": 1.0},
        "listed": {"sitemap": 1000.0},
        "named": {"sitemap": 1000.0},
    }
    return {**base, **topics}


def test_same_figures_are_no_alert() -> None:
    assert alerts(figures_of(), figures_of()) == []
    assert alerts(figures_of(), {}) == []


@pytest.mark.parametrize(
    ("count", "share", "is_alert"),
    [
        (1, 0.0, False),
        (2, 0.0, False),
        (3, 0.0, True),
        (50, 0.8, False),
        (50, 0.7, True),
        (4000, 0.85, True),
    ],
)
def test_fields_that_go_missing_more_than_chance_explains_are_an_alert(
    count: int, share: float, is_alert: bool
) -> None:
    read = {"articles": float(count), **dict.fromkeys(FIELDS, 0.9), "date": share}
    found = alerts(figures_of(read=read), figures_of())
    assert [alert.partition(":")[0] for alert in found] == ["date"] * is_alert


def test_crawl_that_reads_pages_alone_is_no_alert() -> None:
    before = figures_of()
    before["filled_by_kind"] |= {f"page/{field}": 0.9 for field in FIELDS} | {"page/authors": 0.0}
    read = {"articles": 50.0, **dict.fromkeys(FIELDS, 0.9), "authors": 0.0}
    assert alerts(figures_of(read=read, read_kind={"page": 50.0}), before) == []
    (alert,) = alerts(figures_of(read=read, read_kind={"post": 50.0}), before)
    assert alert.startswith("authors: 0% of the 50 articles")


def test_lost_recall_is_an_alert() -> None:
    (alert,) = alerts(figures_of(recall={"sitemap": 0.97}), figures_of())
    assert alert == "recall of sitemap: 97.0%, and 100.0% before"


def test_list_that_shrinks_is_an_alert() -> None:
    (alert,) = alerts(figures_of(listed={}), figures_of())
    assert alert == "sitemap names 0 addresses, and 1000 before"


def test_list_that_cannot_be_read_is_an_alert() -> None:
    (alert,) = alerts(figures_of(named={}), figures_of())
    assert alert == "sitemap could not be read: it names nothing now"
    assert alerts(figures_of(named={"sitemap": 100.0}), figures_of()) == []


@pytest.mark.parametrize(
    ("departed", "looked_at", "is_alert"),
    [(9, 9, False), (10, 20, False), (10, 19, True), (2000, 4000, False), (133, 133, True)],
)
def test_many_departures_of_few_articles_are_an_alert(
    departed: int, looked_at: int, is_alert: bool
) -> None:
    metrics = figures_of(looked_at={"departed": departed, "articles": looked_at})
    assert len(alerts(metrics, figures_of())) == is_alert


def test_settings_of_a_crawl_are_kept(replica: CrawledReplica) -> None:
    database = read_database(replica.archive.database_path)
    (settings,) = database.execute("SELECT settings FROM crawls").fetchone()
    database.close()
    assert json.loads(settings)["CACNP_RECHECK_DAYS"] == 30
