"""Every article of the replica must be read as its content says, which is not taken from HTML."""

import re
import urllib.request
from typing import Any

import pytest

from cacnp_archive.parsing import read_capture
from cacnp_archive.parsing.names import person_of
from cacnp_archive.records import Article
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.site import Site
from tests.captures import make_capture

Pairs = list[tuple[Article, dict[str, Any]]]


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    found: Pairs = []
    with ReplicaServer(build_site()) as server:
        site = Site.at(server.base_url)
        for row in server.truth["articles"]:
            with urllib.request.urlopen(row["url"], timeout=10) as response:
                reading = read_capture(make_capture(row["url"], response.read()), site)
            assert reading.article is not None, row["url"]
            found.append((reading.article, row))
    return found


def spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize(
    "name",
    ["url", "wordpress_id", "kind", "title", "published_at", "published_on", "modified_at"],
)
def test_field_is_read(pairs: Pairs, name: str) -> None:
    assert [getattr(article, name) for article, _ in pairs] == [row[name] for _, row in pairs]


def test_body_text_is_read(pairs: Pairs) -> None:
    for article, row in pairs:
        assert spaced(article.body_text) == spaced(row["body_text"]), row["url"]


def test_filing_is_read(pairs: Pairs) -> None:
    for article, row in pairs:
        assert [category.name for category in article.categories] == row["categories"]
        primary = [category.name for category in article.categories if category.primary]
        assert primary == [name for name in [row["primary_category"]] if name]
        # The theme prints few tags: of the others the page tells the slug alone.
        assert [tag.name.casefold() for tag in article.tags] == [
            name.casefold() for name in row["tags"]
        ]


def test_authors_are_read(pairs: Pairs) -> None:
    for article, row in pairs:
        assert [(author.name, author.printed, author.found_in) for author in article.authors] == [
            (author["name"], author["printed"], author["found_in"]) for author in row["authors"]
        ], row["url"]


def test_people_roles_and_credits_are_read(pairs: Pairs) -> None:
    for article, row in pairs:
        assert [
            (author.person, author.role, author.credit.value) for author in article.authors
        ] == [(author["person"], author["role"], author["credit"]) for author in row["authors"]], (
            row["url"]
        )


def test_mentions_are_read(pairs: Pairs) -> None:
    for article, row in pairs:
        assert [
            (mention.person, mention.role, mention.outlet, mention.kind.value)
            for mention in article.mentions
        ] == [
            (person_of(mention["person"]), mention["role"], mention["outlet"], mention["kind"])
            for mention in row["mentions"]
        ], row["url"]


def test_links_are_read(pairs: Pairs) -> None:
    for article, row in pairs:
        assert [
            (link.target_url, link.host, link.kind.value, link.anchor_text)
            for link in article.links
        ] == [
            (link["target_url"], link["host"], link["kind"], link["anchor_text"])
            for link in row["links"]
        ], row["url"]
