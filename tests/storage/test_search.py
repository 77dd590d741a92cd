"""A search ranks, cuts into pages, marks matches, and filters articles and documents alike."""

from collections.abc import Iterator

import pytest
from sqlite_utils import Database

from cacnp_archive.model.errors import UsageError
from cacnp_archive.model.records import Article, Author, Document, Kind, Reading
from cacnp_archive.model.site import HOME
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.search import run_search
from cacnp_archive.storage.queries.search_documents import DocumentHit
from cacnp_archive.storage.queries.search_filters import Filters
from cacnp_archive.storage.queries.search_selection import MARKS
from tests.conftest import CrawledReplica
from tests.support.crawling import Crawling


@pytest.fixture
def database(replica: CrawledReplica) -> Iterator[Database]:
    opened = read_database(replica.archive.database_path)
    yield opened
    opened.close()


def test_filters_narrow_each_other(database: Database) -> None:
    result = run_search(database, "missile", Filters(kind="op-ed"), limit=50)
    assert {hit.kind for hit in result.articles} == {"op-ed"}
    assert result.documents == ()
    everything = run_search(database, "missile", limit=1)
    assert result.article_count == len(result.articles) < everything.article_count


def test_kind_that_does_not_exist_is_refused(database: Database) -> None:
    with pytest.raises(UsageError, match="no kind 'oped'; did you mean op-ed"):
        run_search(database, "missile", Filters(kind="oped"), limit=1)
    upper = run_search(database, "missile", Filters(kind="OP-ED"), limit=1)
    assert upper.article_count > 0


def test_author_is_found_under_every_spelling(database: Database) -> None:
    names = [name for (name,) in database.execute(
        "SELECT name FROM authors WHERE person = 'Samuel Hickey'")]  # fmt: skip
    assert len(names) > 1
    counts = {
        run_search(database, "", Filters(author=name), limit=1).article_count for name in names
    }
    assert len(counts) == 1


@pytest.mark.parametrize("words", ["nuclear", ""])
def test_pages_follow_one_another_without_gap(words: str, database: Database) -> None:
    whole = run_search(database, words, limit=1000)
    paged = [run_search(database, words, limit=7, offset=start) for start in range(0, 300, 7)]
    assert tuple(hit for page in paged for hit in page.articles) == whole.articles
    assert tuple(hit for page in paged for hit in page.documents) == whole.documents
    assert {page.article_count for page in paged} == {len(whole.articles)}
    assert {page.document_count for page in paged} == {len(whole.documents)}
    assert len({hit.url for hit in whole.articles}) == len(whole.articles)


def test_snippet_marks_the_matches(database: Database) -> None:
    hits = run_search(database, '"missile defense"', limit=20).articles
    marked = [hit.snippet for hit in hits if MARKS[0] in hit.snippet]
    assert marked
    assert "missile" in marked[0].split(MARKS[0])[1].split(MARKS[1])[0].lower()


def test_without_words_the_snippet_is_the_beginning(database: Database) -> None:
    result = run_search(database, "", limit=1000)
    texts = dict(database.execute("SELECT url, body_text FROM articles").fetchall())
    assert all(texts[hit.url].startswith(hit.snippet) for hit in result.articles)
    assert all(hit.page == 1 and hit.further_pages == () for hit in result.documents)
    assert any(hit.snippet for hit in result.documents)


@pytest.fixture
def crawling() -> Iterator[Crawling]:
    made = Crawling()
    made.begin(1)
    document = Document(url=f"{HOME}A%20letter.pdf", page_count=99, pages=("", "a treaty"))
    made.save("A%20letter.pdf", Reading(document=document))
    for path, name in (("a/", "Robert G. Gard"), ("b/", "Robert Gardner")):
        article = Article(
            url=f"{HOME}{path}",
            kind=Kind.POST,
            title="A treaty",
            published_on="2020-05-06",
            body_text="treaty",
            authors=(Author(name=name, person=name.replace(" G.", ""), printed=name),),
            documents=(document.url,) if path == "a/" else (),
        )
        made.save(path, Reading(article=article))
    yield made
    made.database.close()


def documents(crawling: Crawling, **filters: str) -> tuple[DocumentHit, ...]:
    return run_search(crawling.database, "treaty", Filters(**filters), limit=10).documents


def articles(crawling: Crawling, **filters: str) -> list[str]:
    result = run_search(crawling.database, "treaty", Filters(**filters), limit=10)
    return [hit.url.removeprefix(HOME) for hit in result.articles]


def test_document_without_a_title_is_called_after_its_file(crawling: Crawling) -> None:
    (hit,) = documents(crawling)
    assert hit.title == "A letter.pdf"
    assert hit.page == 2


def test_document_without_text_is_found_by_filters(crawling: Crawling) -> None:
    crawling.save("b.pdf", Reading(document=Document(url=f"{HOME}b.pdf", page_count=0, pages=())))
    result = run_search(crawling.database, "", Filters(kind="document"), limit=10)
    assert [hit.title for hit in result.documents] == ["A letter.pdf", "b.pdf"]
    assert result.documents[1].snippet == ""


def test_document_passes_when_an_article_that_links_to_it_does(crawling: Crawling) -> None:
    assert documents(crawling, author="robert gard")
    assert documents(crawling, author="G. Gard", since="2020-05-06", until="2020")
    assert documents(crawling, kind="Document", author="Robert")
    assert not documents(crawling, author="Gardner")
    assert not documents(crawling, until="2020-04")
    assert not documents(crawling, since="2021")


def test_whole_name_of_an_author_is_that_person_and_a_part_is_all_who_have_it(
    crawling: Crawling,
) -> None:
    assert articles(crawling, author="robert gard") == ["a/"]
    assert articles(crawling, author="Robert G. Gard") == ["a/"]
    assert articles(crawling, author="gard") == ["a/", "b/"]
    assert articles(crawling, author="ROBERT") == ["a/", "b/"]
    assert articles(crawling, author="Coyle") == []


def test_dates_include_the_whole_day_month_and_year(crawling: Crawling) -> None:
    for inside in ({"since": "2020-05-06"}, {"until": "2020-05-06"}, {"since": "2020-05"},
                   {"until": "2020-05"}, {"since": "2020", "until": "2020"}):  # fmt: skip
        assert articles(crawling, **inside) == ["a/", "b/"]
    for outside in ({"since": "2020-05-07"}, {"until": "2020-05-05"}, {"since": "2020-06"},
                    {"until": "2020-04"}, {"since": "2021"}, {"until": "2019"}):  # fmt: skip
        assert articles(crawling, **outside) == []
