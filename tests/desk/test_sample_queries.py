"""Every sample query runs, with and without its parameters, and every page opens."""

import asyncio
import re
import sqlite3
from html import unescape
from urllib.parse import urlencode

import pytest

from cacnp_archive.desk.sample_queries import SAMPLE_QUERIES, SampleQuery
from cacnp_archive.desk.search_functions import add_search_functions
from cacnp_archive.desk.serve import application
from tests.desk.conftest import Desked, get

PAGES_WITH_WORDS = (
    "/search?",
    "/archive/articles-on-a-subject?",
    "/archive/subject-by-year.json?",
    "/archive/documents-holding.csv?",
    "/archive?" + urlencode({"sql": "select search_query(:words)"}) + "&",
)

WITHOUT_ROWS = {"silent-edits", "changes", "gone-or-moved", "missing-files"}
"""A first crawl of the replica notices none of these."""


@pytest.mark.parametrize("query", SAMPLE_QUERIES, ids=lambda query: query.name)
def test_sample_query_has_results(query: SampleQuery, desked: Desked) -> None:
    path = f"/archive/{query.name}.json?_shape=array&"
    empty = [(name, "") for name, _ in query.example]
    full, bare = get(desked.archive, path + urlencode(query.example), path + urlencode(empty))
    assert full.status_code == bare.status_code == 200, full.text + bare.text
    if query.name not in WITHOUT_ROWS:
        assert full.json() != []
    if any(name == "words" for name, _ in query.example):
        assert bare.json() == []


def test_there_are_at_least_twenty_sample_queries_with_names_of_their_own() -> None:
    assert len({query.name for query in SAMPLE_QUERIES}) == len(SAMPLE_QUERIES) >= 20


@pytest.mark.parametrize("words", ["U.S.", "what's", "a-b", "x*", "(a OR b) -c", "AT&T", "ü_ö"])
def test_words_may_have_signs(words: str, desked: Desked) -> None:
    query = urlencode({"words": words, "kind": "", "year": ""})
    for page in PAGES_WITH_WORDS:
        (answer,) = get(desked.archive, f"{page}{query}")
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("words", ['"', "a OR", "*", "(", "NEAR(", "-x", "ü:ö", "author:gard"])
def test_words_that_are_not_understood_are_refused_everywhere(words: str, desked: Desked) -> None:
    query = urlencode({"words": words, "kind": "", "year": ""})
    for page in PAGES_WITH_WORDS:
        (answer,) = get(desked.archive, f"{page}{query}")
        assert answer.status_code == 400
        assert "annot search for" in answer.text
        assert "content-security-policy" in answer.headers
    (answer,) = get(desked.archive, f"/archive/bibliography?{urlencode({'_search': words})}")
    assert answer.status_code == 400
    assert "annot search for" in answer.text


def test_table_can_still_be_searched_in_the_syntax_of_fts5(desked: Desked) -> None:
    path = "/archive/bibliography.json?_searchmode=raw&_shape=array&_search="
    in_titles, everywhere = get(desked.archive, f"{path}%7Btitle%7D:triad", f"{path}triad")
    assert 0 < len(in_titles.json()) < len(everywhere.json())


def test_answers_forbid_scripts_frames_and_guessing_of_types(desked: Desked) -> None:
    for answer in get(
        desked.archive, "/", "/archive", "/archive/posts.json", "/nothing", "/charts/kinds.svg"
    ):
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in answer.headers


def test_nothing_can_be_written(desked: Desked) -> None:
    before = desked.archive.database_path.stat().st_size
    for statement in ("delete from articles", "insert into tags values (1,'a','b',null,null)",
                      "with x as (select 1) delete from articles", "vacuum"):  # fmt: skip
        (answer,) = get(desked.archive, f"/archive.json?{urlencode({'sql': statement})}")
        assert answer.status_code == 400
    assert desked.archive.database_path.stat().st_size == before


def test_capture_leads_to_its_moment_in_the_replay(desked: Desked) -> None:
    with sqlite3.connect(desked.archive.database_path) as database:
        url, captured_at, number = database.execute(
            "SELECT url, captured_at, id FROM captures WHERE url = ?", [desked.hostile_url]
        ).fetchone()
    moment = "".join(filter(str.isdigit, captured_at))[:14]
    query = urlencode({"url": url + "?utm_source=x#top"})
    for answer in get(desked.archive, f"/capture/{number}", f"/archived?{query}"):
        assert answer.status_code == 302
        assert answer.headers["location"] == f"http://localhost:1/cacnp/{moment}/{url}"


@pytest.mark.parametrize(
    "address", ["/article/99999999", "/capture/99999999", "/archived", "/archived?url=//x/",
                "/article/1/cite/docx", "/charts/none.svg"],
)  # fmt: skip
def test_missing_page_says_not_found(address: str, desked: Desked) -> None:
    (answer,) = get(desked.archive, address)
    assert answer.status_code == 404
    assert "<h1>Not found</h1>" in answer.text


def test_every_article_has_a_page(desked: Desked) -> None:
    with sqlite3.connect(desked.archive.database_path) as database:
        numbers = [number for (number,) in database.execute("SELECT id FROM articles")]
    answers = get(desked.archive, *(f"/article/{number}" for number in numbers))
    assert {answer.status_code for answer in answers} == {200}


def test_columns_are_described_where_tables_are_shown(desked: Desked) -> None:
    (answer,) = get(desked.archive, "/archive/links")
    assert "one row per link in an article's text" in unescape(answer.text).casefold()
    assert "absolute" in answer.text


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("links-to-a-host", "links_by_host"),
        ("cited-hosts", "links_by_kind"),
        ("press-releases-of-a-year", "articles_by_kind"),
        ("by-an-author", "article_authors_by_author"),
        ("gone-or-moved", "articles_gone"),
        ("silent-edits", "versions_silent"),
        ("most-linked-documents", "article_documents_by_url"),
    ],
)
def test_sample_query_uses_an_index(name: str, index: str, desked: Desked) -> None:
    query = next(query for query in SAMPLE_QUERIES if query.name == name)
    plan = plan_of(desked, query)
    assert any(index in step for step in plan), plan
    bare = ("articles", "links", "versions", "captures")
    assert not {f"SCAN {table}" for table in bare} & set(plan)


def test_kind_is_looked_up_by_an_index_and_only_all_kinds_read_the_whole_table(
    desked: Desked,
) -> None:
    query = next(query for query in SAMPLE_QUERIES if query.name == "kinds-by-year")
    steps = [step for step in plan_of(desked, query) if " articles" in step]
    assert steps == ["SEARCH articles USING INDEX articles_by_kind (kind=?)", "SCAN articles"]


def plan_of(desked: Desked, query: SampleQuery) -> list[str]:
    with sqlite3.connect(desked.archive.database_path) as database:
        add_search_functions(database)
        rows = database.execute("EXPLAIN QUERY PLAN " + query.sql, dict(query.example))
        return [detail for *_, detail in rows]


def test_desk_sees_what_a_crawl_writes_meanwhile(desked: Desked) -> None:
    async def ask() -> list[int]:
        datasette = application(desked.archive, None)
        path = "/archive.json?" + urlencode(
            {"sql": "select count(*) as n from tags", "_shape": "array"}
        )
        counts = []
        for sql in ("SELECT 1", "INSERT INTO tags (slug, name) VALUES ('new-tag', 'New')",
                    "DELETE FROM tags WHERE slug = 'new-tag'"):  # fmt: skip
            with writer:
                writer.execute(sql)
            counts.append((await datasette.client.get(path)).json()[0]["n"])
        return counts

    writer = sqlite3.connect(desked.archive.database_path)
    before, during, after = asyncio.run(ask())
    writer.close()
    assert (during, after) == (before + 1, before)


def test_desk_answers_while_a_transaction_is_open(desked: Desked) -> None:
    writer = sqlite3.connect(desked.archive.database_path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO tags (slug, name) VALUES ('unfinished', 'Unfinished')")
    answers = get(desked.archive, "/", "/search?words=missile", "/archive/tags")
    writer.execute("ROLLBACK")
    writer.close()
    assert {answer.status_code for answer in answers} == {200}
    assert "unfinished" not in answers[2].text


@pytest.mark.parametrize(
    ("table", "link"),
    [
        ("articles", r"/capture/\d+"),
        ("bibliography", r"/capture/\d+"),
        ("captures", r"/capture/\d+"),
        ("versions", r"/capture/\d+"),
        ("documents", r"/capture/\d+"),
        ("problems", r"/capture/\d+"),
        ("posts", r"/archived\?url=http"),
        ("post_links", r"/archived\?url=http"),
        ("ledger", r"/archived\?url=http"),
    ],
)
def test_every_row_leads_to_its_capture(table: str, link: str, desked: Desked) -> None:
    (answer,) = get(desked.archive, f"/archive/{table}?_size=5")
    rows = answer.text.split("<tbody>")[1].split("</tbody>")[0].split("</tr>")[:-1]
    assert rows
    assert [row for row in rows if not re.search(f'href="{link}', row)] == []
