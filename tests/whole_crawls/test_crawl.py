"""The whole replica is crawled, and the database says what the replica says."""

import json
import re
from collections import Counter
from contextlib import closing
from typing import Any

import pytest

from cacnp_archive.maintenance.verify import verify_archive
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.writing.layout_rows import unread_captures
from tests.conftest import CrawledReplica

Row = dict[str, Any]


@pytest.fixture(scope="module")
def posts(replica: CrawledReplica) -> dict[str, Row]:
    database = read_database(replica.archive.database_path)
    posts = {row["url"]: row for row in database.query("SELECT * FROM posts")}
    for post in posts.values():
        for name in ("authors", "categories", "tags"):
            post[name] = json.loads(post[name])
        post["links"] = list(
            database.query(
                "SELECT target_url, host, kind, anchor_text FROM post_links WHERE url = ?",
                [post["url"]],
            )
        )
    primary = database.query(
        """SELECT articles.url, categories.name FROM article_categories
        JOIN articles ON articles.id = article_id JOIN categories ON categories.id = category_id
        WHERE is_primary"""
    )
    for row in primary:
        posts[row["url"]]["primary_category"] = row["name"]
    database.close()
    return posts


def differences(
    replica: CrawledReplica, posts: dict[str, Row], field: str
) -> list[tuple[str, Any, Any]]:
    pairs = (
        (article["url"], posts[article["url"]].get(field), article[field])
        for article in replica.truth["articles"]
    )
    return [(url, got, expected) for url, got, expected in pairs if got != expected]


def test_crawl_ends_well_and_says_so(replica: CrawledReplica) -> None:
    assert replica.output.returncode == 0, replica.output.stderr
    assert "Traceback" not in replica.output.stderr
    finished, balance, recall, *_, verdict = replica.output.stderr.splitlines()
    assert finished.startswith("finished: ")
    assert balance.startswith("complete: ")
    assert recall == (
        "recall: feed 100.0%, links 100.0%, requisites 100.0%, rest 100.0%, sitemap 100.0%"
    )
    assert re.fullmatch(r"OK: completed with [\d,]+ addresses accounted for", verdict)


def test_every_article_is_in_the_database_and_nothing_else(
    replica: CrawledReplica, posts: dict[str, Row]
) -> None:
    assert len(posts) >= 150
    assert posts.keys() == {article["url"] for article in replica.truth["articles"]}


@pytest.mark.parametrize(
    "field",
    [
        "title",
        "published_at",
        "modified_at",
        "categories",
        "primary_category",
        "tags",
        "links",
        "kind",
    ],
)
def test_field_equals_the_truth_for_every_article(
    field: str, replica: CrawledReplica, posts: dict[str, Row]
) -> None:
    assert differences(replica, posts, field) == []


def test_body_text_equals_the_truth_apart_from_white_space(
    replica: CrawledReplica, posts: dict[str, Row]
) -> None:
    differing = [
        article["url"]
        for article in replica.truth["articles"]
        if without_space(posts[article["url"]]["body_text"]) != without_space(article["body_text"])
    ]
    assert differing == []


def without_space(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_authors_equal_the_truth_for_every_article(
    replica: CrawledReplica, posts: dict[str, Row]
) -> None:
    differing = [
        (article["url"], posts[article["url"]]["authors"], names)
        for article in replica.truth["articles"]
        if posts[article["url"]]["authors"]
        != (names := [author["name"] for author in article["authors"]])
    ]
    assert differing == []


def test_recent_posts_never_leak(posts: dict[str, Row], replica: CrawledReplica) -> None:
    newest = "Iran Is Backing Out of the Nuclear Deal That U.S. Had Already Reneged On for Years"
    leaks = [url for url, post in posts.items() if newest in post["body_text"]]
    told = [a["url"] for a in replica.truth["articles"] if newest in a["body_text"]]
    assert leaks == told


def test_everything_that_must_be_captured_is(replica: CrawledReplica) -> None:
    database = read_database(replica.archive.database_path)
    captured = {row["url"] for row in database.query("SELECT url FROM captures")}
    database.close()
    for group in (
        "must_capture",
        "requisites",
        "listings",
        "sitemaps",
        "originals",
        "other_host_requisites",
    ):
        assert replica.truth[group]
        assert set(replica.truth[group]) - captured == set()


def test_each_address_is_asked_for_once(replica: CrawledReplica) -> None:
    repeated = {path: n for path, n in Counter(replica.requested).items() if n > 1}
    assert repeated == {}


def test_nothing_that_robots_forbids_is_asked_for(replica: CrawledReplica) -> None:
    forbidden = replica.truth["forbidden"]
    assert forbidden
    assert set(replica.requested) & set(forbidden) == set()


def test_other_hosts_are_asked_for_files_alone_and_only_as_their_robots_txt_allows(
    replica: CrawledReplica,
) -> None:
    never = {*replica.truth["other_host_pages"], *replica.truth["other_host_forbidden"]}
    assert len(never) >= 2
    assert set(replica.requested) & never == set()


def test_ledger_of_requisites_tells_what_is_missing_and_why(replica: CrawledReplica) -> None:
    database = read_database(replica.archive.database_path)
    rows = list(database.query("SELECT DISTINCT url, state, reason FROM requisites"))
    database.close()
    reasons = {row["url"]: (row["state"], row["reason"]) for row in rows}
    truth = replica.truth
    favicon = f"{replica.base_url}favicon.ico"  # which no page names
    for url in {*truth["requisites"], *truth["other_host_requisites"]} - {favicon}:
        assert reasons[url] == ("archived", None)
    for url in truth["other_host_missing"]:
        assert reasons[url] == ("missing", "404")
    for url in truth["other_host_forbidden"]:
        assert reasons[url] == ("excluded", "robots")


def test_robots_txt_is_asked_for_first(replica: CrawledReplica) -> None:
    assert replica.requested[0] == replica.base_url + "robots.txt"


def test_database_and_files_agree_both_ways(replica: CrawledReplica) -> None:
    result = verify_archive(replica.archive)
    assert result.findings == []
    assert result.row_count >= len(replica.requested)


def test_rows_have_the_order_of_the_records(replica: CrawledReplica) -> None:
    database = read_database(replica.archive.database_path)
    rows = database.execute("SELECT warc_file, warc_offset FROM captures ORDER BY id").fetchall()
    pdfs = database.execute(
        "SELECT count(*) FROM captures WHERE media_type = 'application/pdf'"
    ).fetchone()
    database.close()
    assert rows == sorted(rows)
    assert pdfs[0] > 1  # which take longer to read than what comes after them


def test_every_article_points_to_a_record_of_its_own_address(replica: CrawledReplica) -> None:
    database = read_database(replica.archive.database_path)
    strays = list(
        database.query(
            """SELECT articles.url, captures.url FROM articles
            JOIN captures ON captures.id = capture_id WHERE canonical_url != articles.url"""
        )
    )
    database.close()
    assert strays == []


def test_lists_of_posts_are_not_taken_for_unread_articles(replica: CrawledReplica) -> None:
    with closing(read_database(replica.archive.database_path)) as database:
        ((crawl_id,),) = database.execute("SELECT id FROM crawls").fetchall()
        assert unread_captures(database, replica.base_url, crawl_id) == []
