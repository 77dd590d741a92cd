"""A whole crawl of the replica with every misbehaving address switched on."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cacnp_archive.maintenance.verify import verify_archive
from cacnp_archive.model.archive import Archive
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.storage.database import read_database
from tests.conftest import crawl


class Troubled:
    """What the crawl made of the misbehaving replica."""

    def __init__(self, folder: Path) -> None:
        self.archive = Archive(folder)
        with ReplicaServer(build_site(misbehave=True)) as server:
            self.output = crawl(server.base_url, folder, DOWNLOAD_TIMEOUT="8")
            self.base_url, self.truth = server.base_url, server.truth
            self.asked = Counter(f"http://{entry.host}{entry.path}" for entry in server.log)
        database = read_database(self.archive.database_path)
        self.ledger: dict[str, dict[str, Any]] = {
            row["url"]: row for row in database.query("SELECT * FROM ledger")
        }
        self.articles = {row["url"] for row in database.query("SELECT url FROM posts")}
        database.close()

    def under(self, path: str) -> int:
        prefix = f"{self.base_url}trouble/{path}"
        return sum(count for url, count in self.asked.items() if url.startswith(prefix))


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Troubled:
    return Troubled(tmp_path_factory.mktemp("trouble"))


def test_crawl_ends_with_failures_that_it_names_and_a_ledger_that_balances(
    troubled: Troubled,
) -> None:
    assert troubled.output.returncode == 1, troubled.output.stderr
    assert "\ncomplete: " in troubled.output.stderr
    assert "\nfailed: 1 304, 1 500, 3 redirect-loop, 2 truncated" in troubled.output.stderr
    assert "Traceback" not in troubled.output.stderr
    assert verify_archive(troubled.archive).findings == []


def test_everything_that_must_be_captured_is(troubled: Troubled) -> None:
    groups = ("must_capture", "originals", "other_host_requisites", "trouble_pages", "healing")
    for group in groups:
        assert troubled.truth[group]
        assert set(troubled.truth[group]) - set(troubled.asked) == set()
    for url in troubled.truth["healing"]:
        assert troubled.ledger[url]["reason"] == "200"


def test_nothing_that_robots_forbids_is_asked_for(troubled: Troubled) -> None:
    assert set(troubled.truth["forbidden"]) & set(troubled.asked) == set()
    assert set(troubled.truth["other_host_forbidden"]) & set(troubled.asked) == set()


def test_traps_cost_a_bounded_number_of_requests(troubled: Troubled) -> None:
    assert 1 < troubled.under("calendar/") <= 101
    for trap in ("loop/", "self/", "a/", "session/"):
        assert 1 <= troubled.under(trap) <= 12
    shapes: Counter[str] = Counter()
    for url, count in troubled.asked.items():
        if url.startswith(f"{troubled.base_url}trouble/"):
            shapes[re.sub(r"[\d-]+", "#", url.partition("?")[0])] += count
    assert max(shapes.values()) <= 110, shapes.most_common(5)


def test_traps_cost_no_article(troubled: Troubled) -> None:
    assert {article["url"] for article in troubled.truth["articles"]} <= troubled.articles


def test_no_redirect_leads_off_the_web_or_to_pages_of_other_hosts(troubled: Troubled) -> None:
    hosts = {url.split("/")[2] for url in troubled.asked}
    port = troubled.base_url.rstrip("/").rpartition(":")[2]
    assert hosts == {f"127.0.0.1:{port}", f"localhost:{port}"}
    for url in troubled.truth["off_site"]:
        assert troubled.ledger[url]["state"] == "archived"
