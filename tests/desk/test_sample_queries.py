"""Every question is answered, with and without its parameters, and every page opens."""

import asyncio
import re
import sqlite3
from typing import Any
from urllib.parse import urlencode

import pytest
from cacnp_archive.desk.questions import QUESTIONS, SampleQuery
from datasette.utils import escape_fts

from cacnp_archive.desk.serve import application
from tests.desk.conftest import Desked

WITHOUT_ROWS = {"silent-edits", "changes", "gone-or-moved", "missing-files"}
"""A first crawl of the replica notices none of these."""


def get(desked: Desked, *addresses: str) -> list[Any]:
    async def ask() -> list[Any]:
        datasette = application(desked.archive, "http://localhost:1/cacnp/")
        return [await datasette.client.get(address) for address in addresses]

    return asyncio.run(ask())


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_question_is_answered(question: SampleQuery, desked: Desked) -> None:
    path = f"/archive/{question.name}.json?_shape=array&"
    empty = [(name, "") for name, _ in question.example]
    full, bare = get(desked, path + urlencode(question.example), path + urlencode(empty))
    assert full.status_code == bare.status_code == 200, full.text + bare.text
    if question.name not in WITHOUT_ROWS:
        assert full.json() != []
    if any(name == "words" for name, _ in question.example):
        assert bare.json() == []


def test_at_least_twenty_questions_are_asked_under_names_of_their_own() -> None:
    assert len({question.name for question in QUESTIONS}) == len(QUESTIONS) >= 20


@pytest.mark.parametrize("words", ["U.S.", "what's", '"', "a OR", "*", "(", "NEAR(", "-x", "ü:ö"])
def test_any_words_may_be_asked_for(words: str, desked: Desked) -> None:
    query = urlencode({"words": words, "kind": "", "year": ""})
    for answer in get(desked, f"/archive/articles-on-a-subject.json?{query}", f"/search?{query}"):
        assert answer.status_code == 200, answer.text


def test_answers_forbid_scripts_frames_and_guessing_of_types(desked: Desked) -> None:
    for answer in get(
        desked, "/", "/archive", "/archive/posts.json", "/nothing", "/pictures/kinds.svg"
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
        (answer,) = get(desked, f"/archive.json?{urlencode({'sql': statement})}")
        assert answer.status_code == 400
    assert desked.archive.database_path.stat().st_size == before


def test_capture_leads_to_its_moment_in_the_replay(desked: Desked) -> None:
    with sqlite3.connect(desked.archive.database_path) as database:
        url, captured_at, number = database.execute(
            "SELECT url, captured_at, id FROM captures WHERE url = ?", [desked.hostile_url]
        ).fetchone()
    moment = "".join(filter(str.isdigit, captured_at))[:14]
    query = urlencode({"url": url + "?utm_source=x#top"})
    for answer in get(desked, f"/capture/{number}", f"/archived?{query}"):
        assert answer.status_code == 302
        assert answer.headers["location"] == f"http://localhost:1/cacnp/{moment}/{url}"


@pytest.mark.parametrize(
    "address", ["/article/99999999", "/capture/99999999", "/archived", "/archived?url=//x/",
                "/article/1/cite/docx", "/pictures/none.svg"],
)  # fmt: skip
def test_what_is_not_there_is_said_so(address: str, desked: Desked) -> None:
    (answer,) = get(desked, address)
    assert answer.status_code == 404
    assert "Not here" in answer.text


def test_every_article_has_a_page(desked: Desked) -> None:
    with sqlite3.connect(desked.archive.database_path) as database:
        numbers = [number for (number,) in database.execute("SELECT id FROM articles")]
    answers = get(desked, *(f"/article/{number}" for number in numbers))
    assert {answer.status_code for answer in answers} == {200}


def test_columns_are_described_where_tables_are_shown(desked: Desked) -> None:
    (answer,) = get(desked, "/archive/links")
    assert "The links in the articles’ bodies." in answer.text.replace("&#39;", "’")
    assert "absolute" in answer.text


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("links-to-a-host", "links_by_host"),
        ("cited-hosts", "links_by_kind"),
        ("kinds-by-year", "articles_by_kind"),
        ("press-releases-of-a-year", "articles_by_kind"),
        ("by-an-author", "article_authors_by_author"),
        ("gone-or-moved", "articles_gone"),
        ("silent-edits", "versions_silent"),
        ("most-linked-documents", "article_documents_by_url"),
    ],
)
def test_question_uses_an_index(name: str, index: str, desked: Desked) -> None:
    question = next(question for question in QUESTIONS if question.name == name)
    plan = plan_of(desked, question)
    assert any(index in step for step in plan), plan
    bare = ("articles", "links", "versions", "captures")
    assert not {f"SCAN {table}" for table in bare} & set(plan)


def plan_of(desked: Desked, question: SampleQuery) -> list[str]:
    with sqlite3.connect(desked.archive.database_path) as database:
        database.create_function("escape_fts", 1, escape_fts)
        rows = database.execute("EXPLAIN QUERY PLAN " + question.sql, dict(question.example))
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
    answers = get(desked, "/", "/search?words=missile", "/archive/tags")
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
    (answer,) = get(desked, f"/archive/{table}?_size=5")
    rows = answer.text.split("<tbody>")[1].split("</tbody>")[0].split("</tr>")[:-1]
    assert rows
    assert [row for row in rows if not re.search(f'href="{link}', row)] == []
