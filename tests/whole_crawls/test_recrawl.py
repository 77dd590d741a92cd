"""Later crawls: they ask for little, notice every change, and go on where one was stopped."""

import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cacnp_archive.crawling.downloader import WAITING
from cacnp_archive.maintenance.verify import verify_archive
from cacnp_archive.model.archive import Archive
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.storage.database import read_database
from tests.conftest import FAST, crawl, crawl_command
from tests.support.raw_server import RawServer

EDITED, EDITED_SILENTLY, DELETED, GONE, MOVED, MOVED_WITHOUT_REDIRECT = (
    "next-up-its-your-turn",
    "the-npt-at-51",
    "time-to-reset-the-narrative-on-missile-proliferation",
    "treaty-talk",
    "what-a-truce-is-worth",
    "what-a-fissile-bank-would-hold",
)
ADDED = "a-new-article"


def rows(folder: Path, sql: str, *values: object) -> list[dict[str, Any]]:
    database = read_database(folder / "archive.db")
    found = list(database.query(sql, list(values)))
    database.close()
    return found


@dataclass
class Crawls:
    """An archive of four crawls: one, one of an unchanged site, two of a changed one."""

    folder: Path
    base_url: str
    outputs: list[subprocess.CompletedProcess[str]]
    requests: list[list[str]]
    truth: dict[str, Any]
    home: str
    not_found: str
    guessed: str

    def article(self, slug: str) -> dict[str, Any]:
        (row,) = rows(
            self.folder, "SELECT * FROM articles WHERE url = ?", f"{self.base_url}{slug}/"
        )
        return row

    def changes(self, slug: str) -> list[tuple[str, str]]:
        found = rows(
            self.folder,
            """SELECT changes.kind, detail FROM changes JOIN articles ON articles.id = article_id
            WHERE url = ? ORDER BY changes.id""",
            f"{self.base_url}{slug}/",
        )
        return [(row["kind"], row["detail"].removeprefix(self.base_url)) for row in found]


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawls]:
    folder = tmp_path_factory.mktemp("recrawl")
    site = build_site()
    site.validators = False  # as on most WordPress sites
    posts = [post.path for post in site.posts if post.in_lists]
    free = [path for path in posts if path not in globals().values()]
    home, not_found, guessed, other = free[20:24]
    outputs, requests = [], []
    with ReplicaServer(site) as server:

        def look(**settings: str) -> None:
            seen = len(server.log)
            outputs.append(crawl(server.base_url, folder, **settings))
            requests.append([entry.path for entry in list(server.log)[seen:]])

        look()
        site.shake()
        look()
        now = datetime.now(UTC).replace(microsecond=0)
        site.edit(EDITED, text="An open edit of all that stood here.", modified_at=now)
        site.edit(EDITED_SILENTLY, text="A silent edit of all that stood here.")
        site.add(replace(site.articles[EDITED], path=ADDED, wordpress_id=77_001, modified_at=now))
        site.delete(DELETED)
        site.delete(GONE, status=410)
        site.delete(guessed, guess=other)
        site.move(MOVED, "a-new-address")
        site.move(MOVED_WITHOUT_REDIRECT, "another-new-address", leave=404)
        site.soft_delete(home, "home")
        site.soft_delete(not_found, "not-found")
        site.shake()
        look()
        look(CACNP_RECHECK_DAYS="0")
        yield Crawls(
            folder,
            server.base_url,
            outputs,
            requests,
            server.truth,
            home,
            not_found,
            guessed,
        )


def test_every_crawl_is_complete(crawls: Crawls) -> None:
    for output in crawls.outputs:
        assert output.returncode == 0, output.stderr
        assert "\ncomplete: " in output.stderr
    assert verify_archive(Archive(crawls.folder)).findings == []


def test_crawl_of_an_unchanged_site_asks_for_lists_alone(crawls: Crawls) -> None:
    lists = [
        path
        for path in crawls.requests[1]
        if path.endswith(".xml") or path.startswith("/wp-json/") or path in LISTS
    ]
    assert len(crawls.requests[1]) - len(lists) <= 1  # the share of a few seconds
    assert len(lists) < 25


LISTS = {"/", "/robots.txt", "/feed/", "/favicon.ico"}


def test_crawl_of_a_changed_site_asks_for_what_changed(crawls: Crawls) -> None:
    first, third = crawls.requests[0], crawls.requests[2]
    changed = (EDITED, ADDED, DELETED, GONE, MOVED, "a-new-address", crawls.home, crawls.not_found)
    for slug in changed:
        assert f"/{slug}/" in third
    assert len(third) < len(first) / 4


def test_open_edit_is_a_new_version(crawls: Crawls) -> None:
    assert crawls.changes(EDITED) == [("edited", "version 2")]
    versions = rows(
        crawls.folder,
        """SELECT versions.* FROM versions JOIN articles ON articles.id = article_id
        WHERE url = ? ORDER BY number""",
        f"{crawls.base_url}{EDITED}/",
    )
    assert [(version["number"], version["is_silent"]) for version in versions] == [(1, 0), (2, 0)]
    assert versions[0]["body_text"]
    assert versions[1]["body_text"] is None
    assert crawls.article(EDITED)["body_text"] == "An open edit of all that stood here."


def test_silent_edit_is_found_when_the_page_has_its_turn(crawls: Crawls) -> None:
    assert f"/{EDITED_SILENTLY}/" not in crawls.requests[2]
    assert crawls.changes(EDITED_SILENTLY) == [("edited silently", "version 2")]


def test_new_furniture_makes_no_version(crawls: Crawls) -> None:
    twice = rows(
        crawls.folder,
        """SELECT url FROM versions JOIN articles ON articles.id = article_id
        WHERE number = 2 ORDER BY url""",
    )
    slugs = {row["url"].removeprefix(crawls.base_url).rstrip("/") for row in twice}
    assert slugs == {EDITED, EDITED_SILENTLY}
    (front,) = rows(
        crawls.folder,
        "SELECT count(DISTINCT entity_sha256) AS n FROM captures WHERE canonical_url = ?",
        crawls.base_url,
    )
    assert front["n"] == 3  # the pages' bytes did change


def test_added_article_is_there(crawls: Crawls) -> None:
    assert crawls.article(ADDED)["gone_at"] is None


@pytest.mark.parametrize(("slug", "reason"), [(DELETED, "404"), (GONE, "410")])
def test_deleted_article_leaves_a_tombstone_with_its_last_reading(
    slug: str, reason: str, crawls: Crawls
) -> None:
    article = crawls.article(slug)
    assert (article["gone_reason"], article["moved_to"]) == (reason, None)
    assert article["gone_at"] > article["last_seen_at"]
    assert article["body_text"]
    (good,) = rows(crawls.folder, "SELECT status FROM captures WHERE id = ?", article["capture_id"])
    assert good["status"] == 200
    assert crawls.changes(slug) == [("gone", reason)]


@pytest.mark.parametrize(
    ("old", "new"),
    [(MOVED, "a-new-address"), (MOVED_WITHOUT_REDIRECT, "another-new-address")],
)
def test_moved_article_is_known_at_both_addresses(old: str, new: str, crawls: Crawls) -> None:
    before, after = crawls.article(old), crawls.article(new)
    assert (before["gone_reason"], before["moved_to"]) == ("moved", f"{crawls.base_url}{new}/")
    assert (before["wordpress_id"], before["body_text"]) == (
        after["wordpress_id"],
        after["body_text"],
    )
    assert after["gone_at"] is None


def test_article_that_leads_to_a_similar_one_did_not_move(crawls: Crawls) -> None:
    assert crawls.article(crawls.guessed)["gone_reason"] == "redirected"


def test_articles_that_went_without_saying_so_are_noticed(crawls: Crawls) -> None:
    assert crawls.article(crawls.home)["gone_reason"] == "home"
    assert crawls.article(crawls.not_found)["gone_reason"] == "not-found-page"


def test_nothing_else_is_gone(crawls: Crawls) -> None:
    (row,) = rows(crawls.folder, "SELECT count(*) AS n FROM articles WHERE gone_at IS NOT NULL")
    assert row["n"] == 7


def test_unchanged_pages_keep_their_links_and_requisites(crawls: Crawls) -> None:
    needed = {row["url"] for row in rows(crawls.folder, "SELECT url FROM requisites")}
    assert set(crawls.truth["requisites"]) - needed <= {f"{crawls.base_url}favicon.ico"}


@pytest.mark.parametrize(
    "limit",
    [{"CACNP_MAX_REQUESTS": "250"}, {"CACNP_MAX_BYTES": "1000000"}],
    ids=["requests", "bytes"],
)
def test_limit_ends_a_crawl_and_the_next_goes_on(limit: dict[str, str], tmp_path: Path) -> None:
    with ReplicaServer(build_site()) as server:
        results = [crawl(server.base_url, tmp_path, **limit)]
        first = len(server.log)
        while results[-1].returncode == 5 and len(results) < 12:
            results.append(crawl(server.base_url, tmp_path, **limit))
        asked = Counter(f"http://{entry.host}{entry.path}" for entry in server.log)
        truth = server.truth
    assert results[0].returncode == 5
    assert "limit: " in results[0].stderr
    assert "not complete: " in results[0].stderr
    if "CACNP_MAX_REQUESTS" in limit:
        assert first == 250
    assert results[-1].returncode == 0, results[-1].stderr
    assert set(truth["must_capture"]) <= set(asked)
    twice = [url for url, count in asked.items() if count > 1]
    assert {url for url in twice if url in {a["url"] for a in truth["articles"]}} == set()
    assert verify_archive(Archive(tmp_path)).findings == []


def test_time_limit_ends_a_crawl_that_waits_for_a_busy_host(tmp_path: Path) -> None:
    busy = b"HTTP/1.1 503 Busy\r\nRetry-After: 3000\r\nContent-Length: 0\r\n\r\n"
    with RawServer({"/": busy}) as server:
        result = crawl(server.base_url, tmp_path, CACNP_MAX_SECONDS="2")
    assert result.returncode == 5, result.stderr
    assert "limit: 2 seconds" in result.stderr
    assert "waiting" in result.stderr


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_crawl_that_was_ended_goes_on_where_it_was(how: signal.Signals, tmp_path: Path) -> None:
    with ReplicaServer(build_site(), latency=0.01) as server:
        process = subprocess.Popen(
            crawl_command(server.base_url, tmp_path),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while len(server.log) < 250:
            time.sleep(0.01)
            assert process.poll() is None
        process.send_signal(how)
        code = process.wait(60)
        ended_after = len(server.log)
        result = crawl(server.base_url, tmp_path)
        paths = [entry.path for entry in server.log]
        truth = server.truth
    assert code == (5 if how is signal.SIGINT else -signal.SIGKILL)
    assert result.returncode == 0, result.stderr
    assert {url.removeprefix(server.base_url) for url in truth["must_capture"]} <= {
        path.removeprefix("/") for path in paths
    }
    articles = {"/" + a["url"].removeprefix(server.base_url) for a in truth["articles"]}
    again = articles & set(paths[:ended_after]) & set(paths[ended_after:])
    under_way = WAITING * int(FAST["CONCURRENT_REQUESTS"])
    assert len(again) <= under_way  # when it was killed, and no more
    assert verify_archive(Archive(tmp_path)).findings == []


def test_what_waits_of_one_site_is_left_alone_by_the_crawl_of_another(tmp_path: Path) -> None:
    with ReplicaServer(build_site()) as one, ReplicaServer(build_site()) as other:
        crawl(one.base_url, tmp_path, CACNP_MAX_REQUESTS="60")
        output = crawl(other.base_url, tmp_path)
        assert output.returncode == 0, output.stderr
        assert "sitemap 100.0%" in output.stderr
        output = crawl(one.base_url, tmp_path)
        assert output.returncode == 0, output.stderr
        for server in (one, other):
            (count,) = rows(
                tmp_path,
                "SELECT count(*) AS n FROM articles WHERE substr(url, 1, length(?)) = ?",
                server.base_url,
                server.base_url,
            )
            assert count["n"] == len(server.truth["articles"])
