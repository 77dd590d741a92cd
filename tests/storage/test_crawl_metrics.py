import json

import pytest

from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.crawl_metrics import FIELDS, Figures, alarms, load_figures
from tests.conftest import CrawledReplica


@pytest.fixture
def figures(replica: CrawledReplica) -> Figures:
    database = read_database(replica.archive.database_path)
    (crawl_id,) = database.execute("SELECT id FROM crawls").fetchone()
    found = load_figures(database, crawl_id)
    database.close()
    return found


def test_figures_say_what_the_truth_says(figures: Figures, replica: CrawledReplica) -> None:
    articles = replica.truth["articles"]
    kinds = {kind: sum(a["kind"] == kind for a in articles) for kind in figures["kind"]}
    assert figures["kind"] == kinds
    with_authors = sum(bool(article["authors"]) for article in articles)
    assert figures["filled"]["authors"] == pytest.approx(with_authors / len(articles))
    assert figures["read"] == figures["filled"]
    assert figures["changes"] == {"added": len(articles)}
    assert figures["load"]["requests"] == len(replica.requested)
    missing = figures["recall"].pop("requisites")  # one of another host answers 404
    assert 0.999 < missing < 1
    assert set(figures["recall"].values()) == {1.0}
    assert sum(figures["ledger"].values()) == figures["ledger"]["archived"] + sum(
        figures["excluded"].values()
    )


def test_warc_files_and_database_have_their_size(figures: Figures, replica: CrawledReplica) -> None:
    paths = replica.archive.warc_folder.glob("*.warc.gz")
    assert figures["size"]["warc_bytes"] == sum(path.stat().st_size for path in paths)
    assert figures["size"]["database_bytes"] > 100_000


def figures_of(**topics: dict[str, float]) -> Figures:
    filled = {"articles": 1000.0, **dict.fromkeys(FIELDS, 0.9)}
    base: Figures = {
        "filled": filled,
        "read": filled,
        "read_kind": {"post": 1000.0},
        "filled_by_kind": {f"post/{field}": 0.9 for field in FIELDS},
        "recall": {"sitemap": 1.0},
        "listed": {"sitemap": 1000.0},
        "named": {"sitemap": 1000.0},
    }
    return {**base, **topics}


def test_same_figures_are_no_alarm() -> None:
    assert alarms(figures_of(), figures_of()) == []
    assert alarms(figures_of(), {}) == []


@pytest.mark.parametrize(
    ("count", "share", "is_alarm"),
    [
        (1, 0.0, False),
        (2, 0.0, False),
        (3, 0.0, True),
        (50, 0.8, False),
        (50, 0.7, True),
        (4000, 0.85, True),
    ],
)
def test_fields_that_go_missing_more_than_chance_explains_are_an_alarm(
    count: int, share: float, is_alarm: bool
) -> None:
    read = {"articles": float(count), **dict.fromkeys(FIELDS, 0.9), "date": share}
    found = alarms(figures_of(read=read), figures_of())
    assert [alarm.partition(":")[0] for alarm in found] == ["date"] * is_alarm


def test_crawl_that_reads_pages_alone_is_no_alarm() -> None:
    before = figures_of()
    before["filled_by_kind"] |= {f"page/{field}": 0.9 for field in FIELDS} | {"page/authors": 0.0}
    read = {"articles": 50.0, **dict.fromkeys(FIELDS, 0.9), "authors": 0.0}
    assert alarms(figures_of(read=read, read_kind={"page": 50.0}), before) == []
    (alarm,) = alarms(figures_of(read=read, read_kind={"post": 50.0}), before)
    assert alarm.startswith("authors: 0% of the 50 articles")


def test_lost_recall_is_an_alarm() -> None:
    (alarm,) = alarms(figures_of(recall={"sitemap": 0.97}), figures_of())
    assert alarm == "recall of sitemap: 97.0%, and 100.0% before"


def test_list_that_shrinks_is_an_alarm() -> None:
    (alarm,) = alarms(figures_of(listed={}), figures_of())
    assert alarm == "sitemap names 0 addresses, and 1000 before"


def test_list_that_cannot_be_read_is_an_alarm() -> None:
    (alarm,) = alarms(figures_of(named={}), figures_of())
    assert alarm == "sitemap could not be read: it names nothing now"
    assert alarms(figures_of(named={"sitemap": 100.0}), figures_of()) == []


@pytest.mark.parametrize(
    ("departed", "looked_at", "is_alarm"),
    [(9, 9, False), (10, 20, False), (10, 19, True), (2000, 4000, False), (133, 133, True)],
)
def test_many_departures_of_few_articles_are_an_alarm(
    departed: int, looked_at: int, is_alarm: bool
) -> None:
    figures = figures_of(looked_at={"departed": departed, "articles": looked_at})
    assert len(alarms(figures, figures_of())) == is_alarm


def test_settings_of_a_crawl_are_kept(replica: CrawledReplica) -> None:
    database = read_database(replica.archive.database_path)
    (settings,) = database.execute("SELECT settings FROM crawls").fetchone()
    database.close()
    assert json.loads(settings)["CACNP_RECHECK_DAYS"] == 30
