"""`cacnp-archive search` finds articles and pages of documents; `show` tells of a document."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from cacnp_archive.commands.found import FURTHER, MARKS, print_found
from click.testing import CliRunner, Result
from rich.console import Console

from cacnp_archive.commands.cli import main
from cacnp_archive.model.records import Article, Author, Document, Kind, Reading
from cacnp_archive.model.site import HOME
from cacnp_archive.storage.queries.search import DocumentHit, Filters, search
from tests.conftest import CrawledReplica
from tests.support.crawling import Crawling

GMD = "wp-content/uploads/2018/07/GMD-fact-sheet.pdf"
TRIAD = "wp-content/uploads/2017/04/Triad-fact-sheet.pdf"


def command(replica: CrawledReplica, *words: str) -> Result:
    return CliRunner().invoke(main, ["--data-dir", str(replica.archive.folder), *words])


def found(replica: CrawledReplica, *words: str) -> dict[str, Any]:
    result = command(replica, "search", "--json", "--limit", "1000", *words)
    assert result.stderr == ""
    answer: dict[str, Any] = json.loads(result.stdout)
    assert result.exit_code == (0 if answer["articles"] or answer["documents"] else 1)
    return answer


def article_urls(replica: CrawledReplica, *words: str) -> set[str]:
    return {hit["url"] for hit in found(replica, *words)["articles"]}


def document_urls(replica: CrawledReplica, *words: str) -> set[str]:
    hits = found(replica, *words)["documents"]
    return {hit["url"].removeprefix(replica.base_url) for hit in hits}


def test_document_is_found_by_its_pages_and_tells_who_links_to_it(replica: CrawledReplica) -> None:
    (hit,) = found(replica, "eleven", "of", "nineteen")["documents"]
    assert hit == {
        "url": replica.base_url + GMD,
        "title": "Fact Sheet: Interceptors in the Ground",
        "page_count": 2,
        "page": 1,
        "further_pages": [],
        "snippet": "[Eleven] [of] [nineteen] tests hit. The table lists the misses.",
        "linked_from": [
            {
                "url": f"{replica.base_url}fact-sheet-interceptors-in-the-ground/",
                "title": "Fact Sheet: Interceptors in the Ground",
            }
        ],
    }


def test_page_number_is_that_of_the_page(replica: CrawledReplica) -> None:
    (hit,) = found(replica, "own budget books")["documents"]
    assert (hit["url"], hit["page"]) == (replica.base_url + TRIAD, 2)
    assert len(hit["linked_from"]) == 2


def test_document_is_told_once_with_all_its_pages(replica: CrawledReplica) -> None:
    (hit,) = found(replica, "misses")["documents"]
    assert sorted([hit["page"], *hit["further_pages"]]) == [1, 2]


def test_documents_are_printed_behind_articles(replica: CrawledReplica) -> None:
    result = command(replica, "search", "triad")
    assert result.exit_code == 0
    told = result.stdout
    assert f"fact sheet · {replica.base_url}fact-sheet-the-nuclear-triad/" in told
    assert f"document · page 1 of 2 · {replica.base_url}{TRIAD}" in told
    assert f"linked from Fact Sheets · {replica.base_url}factsheets/" in told
    assert told.index("fact-sheet-the-nuclear-triad/") < told.index("document · page 1")


@pytest.mark.parametrize("words", ["what's", "U.S.", '"', "non-proliferation", "x AND", "(", "*"])
def test_what_is_not_fts5_is_looked_for_as_plain_words(words: str, replica: CrawledReplica) -> None:
    result = command(replica, "search", words)
    assert result.exit_code in (0, 1)
    assert not isinstance(result.exception, Exception)


def test_fts5_syntax_works_for_articles_and_documents(replica: CrawledReplica) -> None:
    assert document_urls(replica, "nineteen OR gloves") == {
        GMD,
        "wp-content/uploads/2020/05/Klotz-errors.pdf",
    }
    assert document_urls(replica, '"nineteen eleven"') == set()
    assert document_urls(replica, "title: triad") == set()
    assert f"{replica.base_url}fact-sheet-the-nuclear-triad/" in article_urls(
        replica, "title: triad"
    )


def test_kind_is_of_articles_or_of_documents(replica: CrawledReplica) -> None:
    everything = found(replica, "triad")
    sheets = found(replica, "triad", "--kind", "fact sheet")
    assert {hit["kind"] for hit in sheets["articles"]} == {"fact sheet"}
    assert len(sheets["articles"]) < len(everything["articles"])
    assert sheets["documents"] == []
    documents = found(replica, "triad", "--kind", "document")
    assert (documents["articles"], documents["documents"]) == ([], everything["documents"])


def test_author_is_found_by_a_part_of_the_name_in_any_spelling(replica: CrawledReplica) -> None:
    truth = {
        article["url"]
        for article in replica.truth["articles"]
        if any("Erath" in author["name"] for author in article["authors"])
    }
    assert len(truth) > 1
    hits = article_urls(replica, "the", "--author", "ERATH")
    assert hits
    assert hits <= truth
    assert hits < article_urls(replica, "the")


def test_category_holds_those_below_it(replica: CrawledReplica) -> None:
    asia = article_urls(replica, "the", "--category", "asia")
    korea = article_urls(replica, "the", "--category", "North Korea")
    assert korea
    assert korea < asia
    assert document_urls(replica, "the", "--category", "missile defense") >= {GMD}
    assert TRIAD not in document_urls(replica, "the", "--category", "missile defense")


def test_unknown_category_is_a_clear_message(replica: CrawledReplica) -> None:
    result = command(replica, "search", "x", "--category", "North Corea")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--category: none is called 'North Corea'; there is North Korea" in result.stderr


def test_dates_are_within_both_bounds(replica: CrawledReplica) -> None:
    assert document_urls(replica, "the OR eight", "--from", "2017-04-12", "--to", "2017-10-27") == {
        "wp-content/uploads/2017/10/Physicists-letter.pdf"
    }
    hits = found(replica, "the", "--from", "2017", "--to", "2017-10")["articles"]
    assert hits
    assert all("2017-01-01" <= hit["published_on"] <= "2017-10-31" for hit in hits)


@pytest.mark.parametrize("bad", ["May", "2017-13", "2017-02-30", "17", "２０１７"])
def test_date_that_is_none_is_a_clear_message(bad: str, replica: CrawledReplica) -> None:
    result = command(replica, "search", "x", "--from", bad)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("cacnp-archive: --from must be ")


def test_nothing_found_says_so(replica: CrawledReplica) -> None:
    result = command(replica, "search", "xyzzyplugh")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no article holds 'xyzzyplugh', and no page of a document" in result.stderr


def test_show_of_a_document_tells_what_it_is(replica: CrawledReplica) -> None:
    result = command(replica, "show", TRIAD)
    assert result.exit_code == 0
    for part in (
        "Fact Sheet: The Nuclear Triad\n",
        "pages  2",
        "The triad on one sheet.\nLand: 400 missiles.",
        "linked from Fact Sheets ",
        "200 application/pdf",
    ):
        assert part in result.stdout


HOSTILE = "treaty \x1b[2J \x02 \u202e <script> \x9b31m"


@pytest.fixture
def crawling() -> Iterator[Crawling]:
    made = Crawling()
    made.begin(1)
    pages = ("", *(f"{HOSTILE} {number}" for number in range(FURTHER + 3)))
    document = Document(url=f"{HOME}A%20letter.pdf", page_count=99, pages=pages)
    made.save("A%20letter.pdf", Reading(document=document))
    article = Article(
        url=f"{HOME}a/",
        kind=Kind.POST,
        title=HOSTILE,
        published_on="2020-05-06",
        body_text=HOSTILE,
        authors=(Author(name="Robert G. Gard", person="Robert Gard", printed="By Robert G. Gard"),),
        documents=(document.url,),
    )
    made.save("a/", Reading(article=article))
    yield made
    made.database.close()


def documents(crawling: Crawling, **filters: str) -> list[DocumentHit]:
    return search(crawling.database, "treaty", 10, filters=Filters(**filters)).documents


def test_document_without_a_title_is_called_after_its_file(crawling: Crawling) -> None:
    (hit,) = documents(crawling)
    assert hit.title == "A letter.pdf"
    assert hit.page > 1


def test_document_passes_when_an_article_that_links_to_it_does(crawling: Crawling) -> None:
    assert documents(crawling, author="robert gard")
    assert documents(crawling, author="G. Gard", since="2020-05-06", until="2020")
    assert not documents(crawling, author="Coyle")
    assert not documents(crawling, until="2020-04")
    assert not documents(crawling, since="2021")


def test_hostile_words_do_not_steer_a_terminal(crawling: Crawling) -> None:
    hits = search(crawling.database, "treaty", 10, MARKS)
    assert len(hits.articles) == len(hits.documents) == 1
    for console in (Console(width=80), Console(width=80, force_terminal=True)):
        with console.capture() as capture:
            print_found(hits, console)
        told = capture.get()
        assert "\\x1b[2J" in told
        assert "and 2 more)" in told
        for character in ("\x1b[2J", "\x02", "\x9b", "\u202e"):
            assert character not in told
