"""A real pywb replays what was captured."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import SEED_PAGE, CrawledReplica, get
from tests.support.pywb import serve_with_pywb


@pytest.fixture(scope="module")
def replay(replica: CrawledReplica) -> Iterator[str]:
    with serve_with_pywb(replica.archive) as address:
        yield address


def test_seed_page_is_replayed_byte_for_byte(replay: str, replica: CrawledReplica) -> None:
    url = replica.base_url + SEED_PAGE
    assert get(f"{replay}id_/{url}") == replica.bodies[url]


def test_every_requisite_is_replayed_byte_for_byte(replay: str, replica: CrawledReplica) -> None:
    differing = []
    for url, body in replica.bodies.items():
        try:
            if get(f"{replay}id_/{url}") != body:
                differing.append(url)
        except urllib.error.HTTPError as error:
            differing.append(f"{url}: {error.code}")
    assert differing == []
    kinds = {Path(urlsplit(url).path).suffix for url in replica.bodies}
    assert {".css", ".js", ".png", ".pdf"} <= kinds


def test_every_article_is_replayed(replay: str, replica: CrawledReplica) -> None:
    for article in replica.truth["articles"]:
        with urllib.request.urlopen(f"{replay}mp_/{article['url']}") as response:
            assert response.status == 200
            assert f"postid-{article['wordpress_id']}".encode() in (page := response.read()) or (
                f"page-id-{article['wordpress_id']}".encode() in page
            )


def test_redirect_is_replayed_as_a_redirect(replay: str, replica: CrawledReplica) -> None:
    source, target = next(iter(replica.truth["redirects"].items()))
    with urllib.request.urlopen(f"{replay}mp_/{source}") as response:
        assert response.url.endswith(target)
