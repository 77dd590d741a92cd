"""`search` finds articles and pages of documents, and prints or explains what it found."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from cacnp_archive.commands.cli import main
from cacnp_archive.commands.search import FURTHER, print_result
from cacnp_archive.model.records import Article, Document, Kind, Reading
from cacnp_archive.model.site import HOME
from cacnp_archive.storage.queries.search import run_search
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
        "id": hit["id"],
        "url": replica.base_url + GMD,
        "title": "Fact Sheet: Interceptors in the Ground",
        "page_count": 2,
        "page": 1,
        "further_pages": [],
        "snippet": "[Eleven] [of] [nineteen] tests hit. The table lists the misses.",
        "linked_from": [
            {
                "id": hit["linked_from"][0]["id"],
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


@pytest.mark.parametrize("words", ['"', "x AND", "(", "*", "author:gard", "--nothing"])
def test_what_is_not_understood_is_an_error(words: str, replica: CrawledReplica) -> None:
    result = command(replica, "search", words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words.removeprefix("x ") in result.stderr


def test_query_language_works_for_articles_and_documents(replica: CrawledReplica) -> None:
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
    assert "there is no category 'North Corea'; did you mean North Korea?" in result.stderr


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
    assert result.stderr.startswith("cacnp-archive: from must be like 2024, 2024-01 or ")


def test_dates_in_the_wrong_order_are_a_clear_message(replica: CrawledReplica) -> None:
    result = command(replica, "search", "Iran", "--from", "2015", "--to", "2012-06")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no date is both from 2015 and to 2012-06" in result.stderr
    assert command(replica, "search", "the", "--from", "2012-06", "--to", "2012").exit_code == 0


def test_nothing_found_names_words_and_filters(replica: CrawledReplica) -> None:
    result = command(
        replica, "search", "xyzzyplugh", "--author", "Gard", "--category", "Asia", "--from", "2012"
    )
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "No articles or documents match 'xyzzyplugh' "
        "with author 'Gard', category 'Asia', from 2012.\n"
    )


def test_beginning_that_finds_nothing_is_explained(replica: CrawledReplica) -> None:
    assert command(replica, "search", "prolif*").exit_code == 0
    result = command(replica, "search", "proliferat*")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "try fewer letters before the *" in result.stderr


def test_filters_alone_are_a_search_and_nothing_at_all_is_none(replica: CrawledReplica) -> None:
    hits = found(replica, "--author", "Isaacs")["articles"]
    assert hits
    assert all("John Isaacs" in hit["authors"] for hit in hits)
    days = [hit["published_on"] for hit in hits]
    assert days == sorted(days, reverse=True)
    for words in ([], [""], ["  "]):
        result = command(replica, "search", *words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "there is nothing to search for" in result.stderr


def test_word_with_a_minus_sign_is_no_option(replica: CrawledReplica) -> None:
    everything = article_urls(replica, "Iran OR Israel")
    assert article_urls(replica, "Iran", "OR", "Israel", "-hawks") == everything
    assert article_urls(replica, "Iran", "OR", "Israel", "-Israel") == article_urls(
        replica, "Iran OR (Israel -Israel)"
    )
    assert article_urls(replica, "(Iran", "OR", "Israel)", "-Israel") < everything
    result = command(replica, "search", "Iran", "--authr", "Gard")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--authr" in result.stderr
    for option in ("-h", "--help"):
        assert command(replica, "search", option).stdout.startswith("Usage: ")


def test_more_than_the_limit_is_counted(replica: CrawledReplica) -> None:
    count = found(replica, "the")["article_count"]
    result = command(replica, "search", "the", "--limit", "2", "--kind", "op-ed")
    assert "2 of " in result.stdout
    assert "articles shown; --limit shows more" in result.stdout
    assert "--limit shows" not in command(replica, "search", "the", "--limit", str(count)).stdout


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
    article = Article(url=f"{HOME}a/", kind=Kind.POST, title=HOSTILE, body_text=HOSTILE)
    made.save("a/", Reading(article=article))
    yield made
    made.database.close()


def test_hostile_words_do_not_steer_a_terminal(crawling: Crawling) -> None:
    result = run_search(crawling.database, "treaty", limit=10)
    assert len(result.articles) == len(result.documents) == 1
    for console in (Console(width=80), Console(width=80, force_terminal=True)):
        with console.capture() as capture:
            print_result(result, console)
        told = capture.get()
        assert "\\x1b[2J" in told
        assert "and 2 more)" in told
        for character in ("\x1b[2J", "\x02", "\x9b", "\u202e"):
            assert character not in told
