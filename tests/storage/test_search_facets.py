"""A facet counts exactly what is found when it is chosen, for articles and for documents."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlite_utils import Database

from cacnp_archive.model.records import Article, Author, Category, Document, Kind, Reading
from cacnp_archive.model.site import HOME
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.search import run_search
from cacnp_archive.storage.queries.search_facets import FACET_SIZE, count_facets
from cacnp_archive.storage.queries.search_filters import DOCUMENT, Filters
from tests.conftest import CrawledReplica
from tests.support.crawling import Crawling


@pytest.fixture
def database(replica: CrawledReplica) -> Iterator[Database]:
    opened = read_database(replica.archive.database_path)
    yield opened
    opened.close()


def narrowed(filters: Filters, facet: str, value: str) -> Filters:
    names = ("since", "until") if facet == "year" else (facet,)
    return replace(filters, **dict.fromkeys(names, value))


def assert_counts_agree(database: Database, words: str, filters: Filters) -> None:
    for facet, values in count_facets(database, words, filters).items():
        for value, count in values:
            chosen = narrowed(filters, facet, value)
            result = run_search(database, words, chosen, limit=1)
            found = result.document_count if chosen.kind == DOCUMENT else result.article_count
            assert found == count, (facet, value)


@pytest.mark.parametrize("words", ["", "missile", "Iran OR Israel", '"missile defense" -Iran'])
@pytest.mark.parametrize("kind", [None, "op-ed", "media mention", DOCUMENT])
def test_each_facet_counts_what_choosing_it_finds(
    words: str, kind: str | None, database: Database
) -> None:
    assert_counts_agree(database, words, Filters(kind=kind))


def test_facets_of_a_narrowed_search_agree_as_well(database: Database) -> None:
    assert_counts_agree(database, "the", Filters(category="Asia"))
    assert_counts_agree(database, "", Filters(author="Gard", since="2009"))
    assert_counts_agree(database, "", Filters(kind=DOCUMENT, category="Missile Defense"))


def test_facet_that_is_a_filter_already_is_left_out(database: Database) -> None:
    filters = Filters(kind="op-ed", category="Asia")
    assert set(count_facets(database, "", filters)) == {"year", "author"}


def test_facets_are_those_of_the_archive(database: Database) -> None:
    facets = count_facets(database, "", Filters())
    assert all(facets.values())
    years = [year for year, _ in facets["year"]]
    assert years == sorted(years)
    for name in ("kind", "author", "category"):
        assert len(facets[name]) <= FACET_SIZE
        counts = [count for _, count in facets[name]]
        assert counts == sorted(counts, reverse=True)
    assert dict(facets["kind"])[DOCUMENT] == database.table("documents").count


def test_names_that_differ_in_case_and_nested_categories_count_once() -> None:
    crawling = Crawling()
    crawling.begin(1)
    asia = Category(name="Asia", url=f"{HOME}category/asia/")
    for number, name in enumerate(("Ann Roe", "ANN ROE", "Ann B. Roe", "Ann Roe Jr.")):
        crawling.save(f"{number}/", Reading(article=Article(
            url=f"{HOME}{number}/", kind=Kind.POST, title="x", body_text="treaty",
            authors=(Author(name=name, person=name.replace(" B.", ""), printed=name),),
            categories=(asia, Category(name="ASIA", url=f"{HOME}category/old-asia/")),
            documents=(f"{HOME}a.pdf",),
        )))  # fmt: skip
    document = Document(url=f"{HOME}a.pdf", page_count=1, pages=("treaty",))
    crawling.save("a.pdf", Reading(document=document))
    facets = count_facets(crawling.database, "treaty", Filters())
    assert [count for _, count in facets["author"]] == [3, 1]
    assert [(name.lower(), count) for name, count in facets["category"]] == [("asia", 4)]
    for kind in (None, DOCUMENT):
        assert_counts_agree(crawling.database, "treaty", Filters(kind=kind))
    crawling.database.close()
