"""Every article of the replica is parsed as in its content files, which contain no HTML."""

import re
import urllib.request
from dataclasses import dataclass
from typing import Any

import pytest

from cacnp_archive.model.records import Article
from cacnp_archive.model.site import Site
from cacnp_archive.parsing.page.metadata import select_metadata
from cacnp_archive.parsing.page.opinions import parse_opinions
from cacnp_archive.parsing.people.names import person_of
from cacnp_archive.parsing.read_capture import read_capture
from cacnp_archive.parsing.tree import parse_html
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.storage.disagreements import disagreements
from tests.support.captures import make_capture

Pairs = list[tuple[Article, dict[str, Any]]]


@dataclass(frozen=True)
class Replica:
    """The replica's articles as its server sends them, and what is true of them."""

    site: Site
    truth: list[dict[str, Any]]
    bodies: list[bytes]


@pytest.fixture(scope="module")
def replica_articles() -> Replica:
    with ReplicaServer(build_site()) as server:
        rows = server.truth["articles"]
        bodies = []
        for row in rows:
            with urllib.request.urlopen(row["url"]) as response:
                bodies.append(response.read())
        return Replica(Site.at(server.base_url), rows, bodies)


@pytest.fixture(scope="module")
def pairs(replica_articles: Replica) -> Pairs:
    found: Pairs = []
    for row, body in zip(replica_articles.truth, replica_articles.bodies, strict=True):
        reading = read_capture(make_capture(row["url"], body), replica_articles.site)
        assert reading.article is not None, row["url"]
        found.append((reading.article, row))
    return found


def test_heads_agree_with_the_entries(replica_articles: Replica, pairs: Pairs) -> None:
    opinion_count = 0
    for (article, row), body in zip(pairs, replica_articles.bodies, strict=True):
        root = parse_html(body.decode())
        assert root is not None
        opinions = parse_opinions(select_metadata(root))
        opinion_count += len(opinions)
        assert disagreements(article, opinions) == (), row["url"]
    assert opinion_count > 4 * len(pairs)


def spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize(
    "name",
    [
        *("url", "wordpress_id", "kind", "title", "published_at", "published_on", "modified_at"),
        *("updated_note", "language"),
    ],
)
def test_field_is_parsed(pairs: Pairs, name: str) -> None:
    assert [getattr(article, name) for article, _ in pairs] == [row[name] for _, row in pairs]


def test_body_text_is_parsed(pairs: Pairs) -> None:
    for article, row in pairs:
        assert spaced(article.body_text) == spaced(row["body_text"]), row["url"]


def test_categories_and_tags_are_parsed(pairs: Pairs) -> None:
    for article, row in pairs:
        assert [category.name for category in article.categories] == row["categories"]
        primary = [category.name for category in article.categories if category.primary]
        assert primary == [name for name in [row["primary_category"]] if name]
        # The theme prints few tags: of the others the page tells the slug alone.
        assert [tag.name.casefold() for tag in article.tags] == [
            name.casefold() for name in row["tags"]
        ]


def test_people_are_parsed(pairs: Pairs) -> None:
    for article, row in pairs:
        # The theme prints none: the page tells the slugs alone.
        assert [person.name.casefold() for person in article.people] == [
            name.casefold() for name in row["people"]
        ], row["url"]


def test_text_in_another_language_is_recognised(pairs: Pairs) -> None:
    for article, row in pairs:
        is_other = row["body_language"] != row["language"].partition("-")[0]
        assert article.body_language == (row["body_language"] if is_other else None), row["url"]


def test_media_are_parsed(pairs: Pairs) -> None:
    for article, row in pairs:
        assert [(medium.url, medium.alt, medium.caption) for medium in article.media] == [
            (medium["url"], medium["alt"], medium["caption"]) for medium in row["media"]
        ], row["url"]


def test_documents_are_parsed_once_each(pairs: Pairs) -> None:
    for article, row in pairs:
        assert list(article.documents) == list(
            dict.fromkeys(url.partition("#")[0] for url in row["documents"])
        ), row["url"]


def test_embeds_are_parsed(pairs: Pairs) -> None:
    for article, row in pairs:
        assert [embed.url for embed in article.embeds] == [
            link["target_url"] for link in row["links"] if link["kind"] == "embed"
        ], row["url"]


def test_embeds_of_the_replica_are_of_known_providers(pairs: Pairs) -> None:
    embeds = [embed for article, _ in pairs for embed in article.embeds]
    assert {embed.provider for embed in embeds} >= {"youtube", "soundcloud"}
    assert [embed.url for embed in embeds if embed.embed_id is None] == []


def test_people_roles_and_credits_are_parsed(pairs: Pairs) -> None:
    for article, row in pairs:
        assert [
            (author.person, author.role, author.credit.value) for author in article.authors
        ] == [(author["person"], author["role"], author["credit"]) for author in row["authors"]], (
            row["url"]
        )


def test_mentions_are_parsed(pairs: Pairs) -> None:
    for article, row in pairs:
        assert [
            (mention.person, mention.role, mention.outlet, mention.kind.value)
            for mention in article.mentions
        ] == [
            (person_of(mention["person"]), mention["role"], mention["outlet"], mention["kind"])
            for mention in row["mentions"]
        ], row["url"]


def test_authors_are_parsed(pairs: Pairs) -> None:
    for article, row in pairs:
        assert [(author.name, author.printed, author.found_in) for author in article.authors] == [
            (author["name"], author["printed"], author["found_in"]) for author in row["authors"]
        ], row["url"]


def test_links_are_parsed(pairs: Pairs) -> None:
    for article, row in pairs:
        assert [
            (link.target_url, link.host, link.kind.value, link.anchor_text)
            for link in article.links
        ] == [
            (link["target_url"], link["host"], link["kind"], link["anchor_text"])
            for link in row["links"]
        ], row["url"]
