import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from cacnp_archive.model.archive import Archive
from cacnp_archive.model.capture import (
    FailedExchange,
    FailureReason,
    RecordPointer,
)
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.errors import DamagedDatabaseError, StorageError
from cacnp_archive.model.reading import ReadCapture
from cacnp_archive.model.records import (
    Article,
    Author,
    Category,
    CategoryStep,
    Kind,
    Link,
    LinkKind,
    Problem,
    Reading,
    Tag,
)
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.storage.database import open_database, read_database
from cacnp_archive.storage.queries.search import run_search
from cacnp_archive.storage.writing.crawl_writer import CrawlWriter, Item
from cacnp_archive.storage.writing.crawls import insert_crawl
from tests.support.captures import MOMENT, make_capture
from tests.support.crawling import safe

URL = "https://armscontrolcenter.org/a-post/"
SITE = Site.at(HOME)

ARTICLE = Article(
    url=URL,
    kind=Kind.POST,
    title="A Post – with “quotes”",
    wordpress_id=42,
    published_at="2012-01-11T09:30:00-05:00",
    published_on="2012-01-11",
    modified_at="2012-02-01T00:00:00+00:00",
    language="en-US",
    body_text="By Ann Example\n\nThe first paragraph.\n\nThe second one.",
    authors=(
        Author(name="Zoe Last", printed="By Zoe Last and Ann First", role="Fellow"),
        Author(name="Ann First", printed="By Zoe Last and Ann First"),
    ),
    categories=(
        Category(name="Non-Proliferation", url=SITE.base_url + "non-proliferation/"),
        Category(name="Factsheets", url=SITE.base_url + "non-proliferation/f/", primary=True),
    ),
    category_steps=(
        CategoryStep(name="Non-Proliferation", url=SITE.base_url + "non-proliferation/"),
        CategoryStep(
            name="Factsheets",
            url=SITE.base_url + "non-proliferation/f/",
            parent_url=SITE.base_url + "non-proliferation/",
        ),
    ),
    tags=(Tag(name="New START", slug="new-start"),),
    links=(
        Link(
            target_url="https://example.org/x#y",
            host="example.org",
            kind=LinkKind.OUTBOUND,
            anchor_text="there",
            context="Read it there.",
        ),
    ),
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(tmp_path / "archive.db")
    yield database
    database.close()


@pytest.fixture
def writer(database: Database, tmp_path: Path) -> CrawlWriter:
    return begun(database, tmp_path)


def begun(database: Database, folder: Path) -> CrawlWriter:
    crawl = Crawl.begin(
        SITE, Archive(folder), user_agent="test", obeys_robots=True, settings={"X": 1}
    )
    crawl = replace(crawl, crawl_id="c1")
    insert_crawl(database, crawl)
    return CrawlWriter(database, crawl)


def rows(database: Database, sql: str) -> list[dict[str, Any]]:
    return list(database.query(sql))


def test_what_goes_in_comes_out(database: Database, writer: CrawlWriter) -> None:
    writer.save(safe(make_capture(URL)), Reading(article=ARTICLE))
    (post,) = rows(database, "SELECT * FROM posts")
    assert post == {
        "url": URL,
        "title": ARTICLE.title,
        "published_at": ARTICLE.published_at,
        "modified_at": ARTICLE.modified_at,
        "kind": "post",
        "authors": '["Zoe Last","Ann First"]',
        "categories": '["Non-Proliferation","Factsheets"]',
        "tags": '["New START"]',
        "body_text": ARTICLE.body_text,
    }
    assert rows(database, "SELECT * FROM post_links") == [
        {
            "url": URL,
            "target_url": "https://example.org/x#y",
            "host": "example.org",
            "kind": "outbound",
            "anchor_text": "there",
        }
    ]


def test_every_row_points_to_its_record(database: Database, writer: CrawlWriter) -> None:
    writer.save(safe(make_capture(URL), 7), Reading(article=ARTICLE))
    (row,) = rows(
        database,
        """SELECT warc_file, warc_offset, warc_length, warc_record_id, status, media_type, via, hops
        FROM articles JOIN captures ON captures.id = capture_id""",
    )
    assert list(row.values()) == [
        "c.warc.gz", 700, 90, "urn:uuid:7", 200, "text/html",
        "https://armscontrolcenter.org/from/", "L",
    ]  # fmt: skip


def test_breadcrumbs_make_the_category_tree(database: Database, writer: CrawlWriter) -> None:
    writer.save(safe(make_capture(URL)), Reading(article=ARTICLE))
    assert rows(
        database,
        """SELECT child.name AS child, parent.name AS parent FROM categories AS child
        LEFT JOIN categories AS parent ON parent.id = child.parent_id ORDER BY child""",
    ) == [
        {"child": "Factsheets", "parent": "Non-Proliferation"},
        {"child": "Non-Proliferation", "parent": None},
    ]


def test_addresses_nest_the_categories_that_no_breadcrumb_names(
    database: Database, writer: CrawlWriter
) -> None:
    names = ("asia/north-korea/", "asia/", "asia/north-korea/rockets/", "asia-minor/")
    categories = tuple(Category(name=name, url=SITE.base_url + name) for name in names)
    article = replace(ARTICLE, categories=categories, category_steps=())
    writer.save(safe(make_capture(URL)), Reading(article=article))
    tree = rows(
        database,
        """SELECT child.name AS child, parent.name AS parent FROM categories AS child
        LEFT JOIN categories AS parent ON parent.id = child.parent_id ORDER BY child.id""",
    )
    assert [row["parent"] for row in tree] == ["asia/", None, "asia/north-korea/", None]


def test_archive_of_a_tag_corrects_a_guessed_name(database: Database, writer: CrawlWriter) -> None:
    guessed = replace(ARTICLE, tags=(Tag(name="Ctbt", slug="ctbt"),))
    printed = Tag(name="CTBT", slug="ctbt", url=SITE.base_url + "tag/ctbt/")
    writer.save(safe(make_capture(URL), 1), Reading(article=guessed))
    writer.save(safe(make_capture(printed.url or ""), 2), Reading(tags=(printed,)))
    writer.save(safe(make_capture(URL), 3), Reading(article=guessed))
    assert rows(database, "SELECT tags FROM posts") == [{"tags": '["CTBT"]'}]


def test_later_capture_replaces_the_reading_and_keeps_the_first_date(
    database: Database, writer: CrawlWriter
) -> None:
    writer.save(safe(make_capture(URL), 1), Reading(article=ARTICLE))
    edited = replace(ARTICLE, title="Edited", authors=(), links=(), tags=())
    later = make_capture(URL, captured_at=MOMENT + timedelta(days=1))
    writer.save(safe(later, 2), Reading(article=edited))
    (article,) = rows(database, "SELECT title, first_seen_at, last_seen_at FROM articles")
    assert article == {
        "title": "Edited",
        "first_seen_at": "2026-01-17T12:30:45.123456Z",
        "last_seen_at": "2026-01-18T12:30:45.123456Z",
    }
    assert rows(database, "SELECT * FROM links") == []
    assert database.table("captures").count == 2


def test_search_follows_every_change(database: Database, writer: CrawlWriter) -> None:
    writer.save(safe(make_capture(URL), 1), Reading(article=ARTICLE))
    assert [hit.url for hit in run_search(database, "second paragraph", limit=5).articles] == [URL]
    writer.save(safe(make_capture(URL), 2), Reading(article=replace(ARTICLE, body_text="new")))
    assert run_search(database, "second paragraph", limit=5).articles == ()
    found = run_search(database, "new", limit=5, marks=("<", ">"))
    assert [hit.snippet for hit in found.articles] == ["<new>"]


def test_index_is_left_alone_when_the_text_is_unchanged(
    database: Database, writer: CrawlWriter
) -> None:
    def index() -> list[dict[str, Any]]:
        return rows(database, "SELECT * FROM articles_fts_data ORDER BY id")

    writer.save(safe(make_capture(URL)), Reading(article=ARTICLE))
    before = index()
    later = make_capture(URL, captured_at=MOMENT + timedelta(days=1))
    writer.save(safe(later, 2), Reading(article=replace(ARTICLE, modified_at="2013-01-01")))
    assert index() == before
    writer.save(safe(later, 3), Reading(article=replace(ARTICLE, title="Another")))
    assert index() != before
    database.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")


def test_problem_is_a_row_with_its_capture(database: Database, writer: CrawlWriter) -> None:
    problem = Problem(code="no-date", detail="no date line")
    writer.save(safe(make_capture(URL)), Reading(problems=(problem,)))
    assert rows(database, "SELECT capture_id, code, detail FROM problems") == [
        {"capture_id": 1, "code": "no-date", "detail": "no date line"}
    ]


def test_failed_save_leaves_no_half_row(database: Database, writer: CrawlWriter) -> None:
    bad = replace(ARTICLE, body_text="lone surrogate \ud800")
    with pytest.raises(UnicodeEncodeError):
        writer.save(safe(make_capture(URL)), Reading(article=bad))
    assert database.table("captures").count == 0


def exchanges() -> list[Item]:
    """Return captures and a failure, with a reading among them that SQLite does not take."""
    bad = replace(ARTICLE, url=f"{URL}3/", title="lone surrogate \ud800")
    readings = [
        Reading(article=ARTICLE, links=(f"{URL}2/", f"{URL}calendar/2026-1/")),
        Reading(links=(f"{URL}2/", f"{URL}5/", "https://elsewhere.example/")),
        Reading(article=bad, links=(f"{URL}6/",)),
        Reading(article=replace(ARTICLE, body_text="edited"), links=(f"{URL}7/", f"{URL}6/")),
    ]
    urls = [URL, f"{URL}2/", f"{URL}3/", URL]
    captures: list[Item] = [
        ReadCapture(safe(make_capture(url), number), reading)
        for number, (url, reading) in enumerate(zip(urls, readings, strict=True))
    ]
    failed = FailedExchange(
        url=f"{URL}5/",
        failed_at=MOMENT,
        reason=FailureReason.RESET,
        detail="reset",
        hops="L",
        record=RecordPointer("c.warc.gz", 7, 90, "urn:uuid:f"),
    )
    return [*captures[:3], failed, captures[3]]


def all_rows(database: Database) -> dict[str, list[dict[str, Any]]]:
    names = [name for name in database.table_names() if "_fts" not in name and name != "crawls"]
    return {name: rows(database, f"SELECT * FROM [{name}]") for name in sorted(names)}


def test_several_saved_together_are_as_if_saved_one_by_one(tmp_path: Path) -> None:
    one, other = open_database(tmp_path / "one.db"), open_database(tmp_path / "other.db")
    begun(one, tmp_path).save_many(exchanges())
    writer = begun(other, tmp_path)
    for item in exchanges():
        writer.save_item(item)
    together, by_one = all_rows(one), all_rows(other)
    del together["_sqlite_migrations"], by_one["_sqlite_migrations"]
    assert together == by_one
    assert [row["code"] for row in together["problems"]] == ["save-fault"]
    assert len(together["captures"]) == 4
    assert len(together["addresses"]) == 7
    one.close()
    other.close()


def test_several_are_saved_in_one_transaction(database: Database, writer: CrawlWriter) -> None:
    statements: list[str] = []
    good = [item for number, item in enumerate(exchanges()) if number != 2]
    database.conn.set_trace_callback(statements.append)
    assert writer.save_many(good) == good
    assert [words for words in statements if words in ("BEGIN", "COMMIT")] == ["BEGIN", "COMMIT"]
    assert database.table("captures").count == 3


def test_what_could_not_be_saved_is_told_as_a_problem(writer: CrawlWriter) -> None:
    saved = writer.save_many(exchanges())
    assert [
        [problem.code for problem in item.reading.problems]
        for item in saved
        if isinstance(item, ReadCapture)
    ] == [[], [], ["save-fault"], []]


def test_error_in_several_leaves_those_before_it_saved(
    database: Database, writer: CrawlWriter
) -> None:
    items = exchanges()
    unsafe = ReadCapture(make_capture(URL), Reading())
    with pytest.raises(ValueError, match="not safe"):
        writer.save_many([items[0], unsafe, items[1]])
    assert database.table("captures").count == 1
    assert writer.counts.known == database.table("addresses").count


def test_capture_that_is_not_safe_is_refused(writer: CrawlWriter) -> None:
    with pytest.raises(ValueError, match="not safe"):
        writer.save(make_capture(URL), Reading())


def test_reader_sees_the_rows_while_the_writer_writes(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    written = open_database(path)
    writer = begun(written, tmp_path)
    writer.save(safe(make_capture(URL)), Reading(article=ARTICLE))
    reader = read_database(path)
    with written.atomic():
        written.execute("UPDATE articles SET title = 'not yet'")
        assert rows(reader, "SELECT title FROM articles") == [{"title": ARTICLE.title}]
    reader.close()
    written.close()


def test_full_disk_is_a_storage_error(tmp_path: Path) -> None:
    database = open_database(tmp_path / "archive.db")
    writer = begun(database, tmp_path)
    pages = database.execute("PRAGMA page_count").fetchone()[0]
    database.execute(f"PRAGMA max_page_count = {pages}")
    big = replace(ARTICLE, body_text="x" * 1_000_000)
    with pytest.raises(StorageError, match="full"):
        writer.save(safe(make_capture(URL)), Reading(article=big))
    assert database.table("captures").count == 0
    database.close()


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.write_bytes(b"not a database " * 100)
    for open_it in (open_database, read_database):
        with pytest.raises(DamagedDatabaseError, match=r"archive\.db is damaged"):
            open_it(path)


def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        database = open_database(tmp_path / "archive.db")
        schema = database.schema
        database.close()
    again = open_database(tmp_path / "archive.db")
    assert again.schema == schema
    again.close()


def test_schema_explains_itself(database: Database) -> None:
    for table in ("crawls", "captures", "articles", "links", "problems"):
        assert "--" in database.table(table).schema


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.mark.slow
@settings(max_examples=40)
@given(
    title=st.none() | texts,
    body=texts,
    names=st.lists(texts, max_size=4),
    categories=st.lists(texts, max_size=4),
    links=st.lists(st.tuples(texts, texts), max_size=4),
)
def test_any_article_comes_out_as_it_went_in(
    title: str | None,
    body: str,
    names: list[str],
    categories: list[str],
    links: list[tuple[str, str]],
) -> None:
    database = Database(memory=True)
    from cacnp_archive.storage.schema.migrations import migrations

    migrations.apply(database)
    writer = begun(database, Path())
    article = Article(
        url=URL,
        kind=Kind.PAGE,
        title=title,
        body_text=body,
        authors=tuple(Author(name=name, printed=name) for name in names),
        categories=tuple(Category(name=name) for name in categories),
        links=tuple(
            Link(target_url=url, host="", kind=LinkKind.MAIL, anchor_text=anchor, context="")
            for url, anchor in links
        ),
    )
    writer.save(safe(make_capture(URL)), Reading(article=article))
    (post,) = rows(database, "SELECT * FROM posts")
    assert (post["title"], post["body_text"]) == (title, body)
    assert json.loads(post["authors"]) == names
    assert json.loads(post["categories"]) == categories
    found = rows(database, "SELECT target_url, anchor_text FROM post_links")
    assert [(row["target_url"], row["anchor_text"]) for row in found] == links
    assert rows(database, "PRAGMA foreign_key_check") == []
    database.close()
