"""The schema alone says whether a capture is good, and whether it has failed."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cacnp_archive.model.capture import FailureReason
from cacnp_archive.model.site import HOME
from cacnp_archive.storage.frontier.prior_captures import original_with_payload, validators_of
from cacnp_archive.storage.queries.crawl_history import CrawlHistory
from tests.conftest import BIN, run
from tests.support.captures import MOMENT
from tests.support.crawling import Crawling
from tests.support.foreign_records import http, page, record, write


@pytest.fixture
def crawling() -> Iterator[Crawling]:
    made = Crawling()
    yield made
    made.database.close()


def test_frontier_and_history_agree_on_what_has_failed(crawling: Crawling) -> None:
    crawling.save("a/")
    for path, status in {"a/": 403, "members/": 403, "b/": 503, "c/": 304, "d/": 404}.items():
        crawling.save(path, status=status)
    crawling.save("cut/", truncated="time")
    crawling.save("large/", truncated="length")
    crawling.fail("dead/", FailureReason.DNS)
    crawling.fail("private/", FailureReason.ROBOTS_DENIED)
    crawling.save("again/", status=503)
    crawling.save("again/")
    history = CrawlHistory(crawling.database)
    (crawl,) = history.crawl_rows()
    failed = {found.url.removeprefix(HOME): found.reason for found in history.failures_of(crawl)}
    states = {path: state for path, state in crawling.states().items() if "failed" in state}
    assert states == {path: f"failed {reason}" for path, reason in failed.items()}
    assert failed == {
        "a/": "access-denied",
        "b/": "503",
        "c/": "304",
        "cut/": "truncated",
        "dead/": "dns",
    }


def test_wall_leaves_the_last_good_capture_and_its_validators(crawling: Crawling) -> None:
    crawling.save("a/")
    crawling.save("a/", status=403)
    crawling.database.execute("UPDATE captures SET etag = status")
    (at,) = crawling.database.execute("SELECT archived_at FROM addresses").fetchone()
    assert at == (MOMENT + timedelta(seconds=1)).isoformat().replace("+00:00", "Z")
    validators = validators_of(crawling.database, f"{HOME}a/", {"c.warc.gz"})
    assert validators is not None
    assert validators.etag == "200"
    assert validators_of(crawling.database, f"{HOME}a/", {"other.warc.gz"}) is None


@pytest.mark.parametrize(
    ("what", "is_original"),
    [
        ({}, True),
        ({"status": 203}, False),
        ({"status": 404}, False),
        ({"truncated": "length"}, False),
        ({"truncated": "disconnect"}, False),
        ({"method": "HEAD"}, False),
    ],
)
def test_revisit_refers_only_to_a_complete_200(
    what: dict[str, Any], is_original: bool, crawling: Crawling
) -> None:
    crawling.save("a/", **what)
    crawling.database.execute("UPDATE captures SET payload_digest = 'sha1:P'")
    found = original_with_payload(crawling.database, "sha1:P", {"c.warc.gz"})
    assert (found is not None) == is_original
    assert original_with_payload(crawling.database, "sha1:P", {"other.warc.gz"}) is None


def test_revisit_refers_to_the_first_original_that_is_still_there(crawling: Crawling) -> None:
    crawling.save("a/")
    crawling.save("b/")
    crawling.database.execute("UPDATE captures SET payload_digest = 'sha1:P'")
    crawling.database.execute("UPDATE captures SET warc_file = 'lost' WHERE url LIKE '%/a/'")
    found = original_with_payload(crawling.database, "sha1:P", {"c.warc.gz"})
    assert found is not None
    assert found.url == f"{HOME}b/"


def test_page_answered_203_is_good_for_why_and_for_cite(tmp_path: Path) -> None:
    url = f"{HOME}rockets/"
    block = http(page("Through a proxy."), status="HTTP/1.1 203 Non-Authoritative Information")
    path = write(tmp_path / "proxied.warc", [record(block, url=url)])
    command = (BIN / "cacnp-archive", "--data-dir", tmp_path / "data")
    imported = run(*command, "import", "--site", HOME, path)
    assert imported.returncode == 0, imported.stderr
    assert "last good capture 20" in run(*command, "why", url).stdout
    cited = run(*command, "cite", url, "--format", "csl")
    assert (cited.returncode, cited.stderr) == (0, "")
    assert [item["URL"] for item in json.loads(cited.stdout)] == [url]
