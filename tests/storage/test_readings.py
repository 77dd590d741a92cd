"""What articles say beside their text is saved, and articles on several pages are joined."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from cacnp_archive.model.records import (
    Article,
    ArticlePart,
    AudioFile,
    Author,
    Credit,
    Document,
    Embed,
    Kind,
    Link,
    LinkKind,
    ListEntry,
    ListName,
    MediaItem,
    MediaKind,
    Mention,
    MentionKind,
    Opinion,
    Person,
    Reading,
    Term,
)
from cacnp_archive.model.site import HOME
from cacnp_archive.storage.queries.search import run_search
from cacnp_archive.storage.queries.search_filters import Filters
from cacnp_archive.storage.queries.statistics import Statistics
from tests.support.crawling import Crawling

URL = f"{HOME}a/"
ARTICLE = Article(
    url=URL,
    kind=Kind.POST,
    title="Title",
    wordpress_id=7,
    published_at="2020-01-02T03:04:05+00:00",
    updated_note="Updated March 2021",
    body_language="es",
    body_text="One.",
    authors=(
        Author(
            name="Robert G. Gard",
            person="Robert Gard",
            rank="Lt. Gen.",
            printed="By Lt. Gen. Robert G. Gard*",
            credit=Credit.UPDATED,
            asterisk=True,
            outlet="The Hill",
            date="2020-01",
        ),
    ),
    mentions=(
        Mention(
            name="Phil Coyle",
            person="Philip Coyle",
            kind=MentionKind.QUOTED,
            role="Senior Science Fellow",
            outlet="Politico",
        ),
    ),
    people=(Person(name="Phil Coyle", slug="phil-coyle"),),
    embeds=(Embed(url="https://www.youtube.com/embed/x", provider="youtube", embed_id="x"),),
    media=(MediaItem(url=f"{HOME}a.png", kind=MediaKind.IMAGE, alt="", caption="Seen"),),
    documents=(f"{HOME}a.pdf",),
)


@pytest.fixture
def crawling() -> Iterator[Crawling]:
    made = Crawling()
    yield made
    made.database.close()


def rows(crawling: Crawling, sql: str) -> list[dict[str, Any]]:
    return list(crawling.database.query(sql))


def link(target: str) -> Link:
    return Link(
        target_url=target,
        host="example.org",
        kind=LinkKind.OUTBOUND,
        anchor_text="x",
        context="y",
    )


def part(number: int, text: str, **more: Any) -> Reading:
    return Reading(
        part=ArticlePart(
            article_url=URL,
            number=number,
            part_count=3,
            body_text=text,
            links=(link(f"https://example.org/{number}"),),
            **more,
        )
    )


def test_every_field_is_saved(crawling: Crawling) -> None:
    crawling.save("a/", Reading(article=ARTICLE))
    (article,) = rows(crawling, "SELECT updated_note, body_language, part_count FROM articles")
    assert list(article.values()) == ["Updated March 2021", "es", 1]
    (author,) = rows(
        crawling,
        """SELECT name, person, rank, credit, has_asterisk, outlet, printed_date
        FROM article_authors JOIN authors ON authors.id = author_id""",
    )
    assert list(author.values()) == [
        *("Robert G. Gard", "Robert Gard", "Lt. Gen.", "updated", 1, "The Hill", "2020-01")
    ]
    (mention,) = rows(crawling, "SELECT person, kind, role, outlet FROM mentions")
    assert list(mention.values()) == [
        *("Philip Coyle", "quoted", "Senior Science Fellow", "Politico")
    ]
    assert rows(crawling, "SELECT slug FROM people JOIN article_people ON person_id = people.id")
    assert rows(crawling, "SELECT provider, embed_id FROM embeds") == [
        {"provider": "youtube", "embed_id": "x"}
    ]
    assert rows(crawling, "SELECT alt, caption FROM media") == [{"alt": "", "caption": "Seen"}]
    assert rows(crawling, "SELECT url FROM article_documents") == [{"url": f"{HOME}a.pdf"}]


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2), (2, 3, 1)])
def test_parts_are_joined_in_order_whichever_comes_first(
    order: tuple[int, ...], crawling: Crawling
) -> None:
    readings = {
        1: ("a/", Reading(article=replace(ARTICLE, part_count=3))),
        2: ("a/2/", part(2, "Two.")),
        3: ("a/3/", part(3, "Three.", documents=(f"{HOME}a.pdf", f"{HOME}b.pdf"))),
    }
    for number in order:
        crawling.save(*readings[number])
    (article,) = rows(crawling, "SELECT body_text, word_count FROM articles")
    assert article == {"body_text": "One.\n\nTwo.\n\nThree.", "word_count": 3}
    assert [row["target_url"] for row in rows(crawling, "SELECT target_url FROM links")] == [
        "https://example.org/2",
        "https://example.org/3",
    ]
    assert [row["url"] for row in rows(crawling, "SELECT url FROM article_documents")] == [
        f"{HOME}a.pdf",
        f"{HOME}b.pdf",
    ]
    assert rows(crawling, "SELECT number FROM versions") == [{"number": 1}]
    assert rows(crawling, "SELECT * FROM changes") == []


def test_edit_of_a_further_part_is_a_version_and_a_part_that_went_is_left_out(
    crawling: Crawling,
) -> None:
    crawling.save("a/", Reading(article=replace(ARTICLE, part_count=3)))
    crawling.save("a/2/", part(2, "Two."))
    crawling.save("a/3/", part(3, "Three."))
    crawling.save("a/2/", part(2, "Other."))
    versions = rows(crawling, "SELECT number, body_text FROM versions ORDER BY number")
    assert versions == [
        {"number": 1, "body_text": "One.\n\nTwo.\n\nThree."},
        {"number": 2, "body_text": None},
    ]
    crawling.save("a/", Reading(article=replace(ARTICLE, part_count=2)))
    (article,) = rows(crawling, "SELECT body_text FROM articles")
    assert article["body_text"] == "One.\n\nOther."


def test_part_behind_a_short_link_is_joined_by_the_number(crawling: Crawling) -> None:
    crawling.save("a/", Reading(article=replace(ARTICLE, part_count=2)))
    reading = part(2, "Two.", wordpress_id=7)
    assert reading.part
    short = replace(reading.part, article_url=f"{HOME}?p=7")
    crawling.save("?p=7&page=2", Reading(part=short))
    (article,) = rows(crawling, "SELECT body_text FROM articles")
    assert article["body_text"] == "One.\n\nTwo."


def test_document_is_found_by_its_words_and_replaced_by_a_later_capture(
    crawling: Crawling,
) -> None:
    document = Document(url=f"{HOME}a.pdf", page_count=2, pages=("First page", "Second"))
    crawling.save("a.pdf", Reading(document=document))
    crawling.save("a.pdf", Reading(document=replace(document, pages=("Third page", ""))))
    assert rows(crawling, "SELECT number, text FROM document_pages") == [
        {"number": 1, "text": "Third page"},
        {"number": 2, "text": ""},
    ]
    found = "SELECT rowid FROM document_pages_fts WHERE document_pages_fts MATCH 'page'"
    assert len(rows(crawling, found)) == 1


def test_sound_has_its_length(crawling: Crawling) -> None:
    crawling.save(
        "a.mp3", Reading(audio_file=AudioFile(url=f"{HOME}a.mp3", seconds=61.5, title="T"))
    )
    assert rows(crawling, "SELECT seconds, title FROM audio_files") == [
        {"seconds": 61.5, "title": "T"}
    ]


def test_sources_that_say_something_else_are_told(crawling: Crawling) -> None:
    term = Term(wordpress_id=3, name="Asia", url=f"{HOME}asia/")
    entry = ListEntry(
        list_name=ListName.REST,
        url=URL,
        title="Another title",
        published_at="2020-01-02T03:04:05Z",
        categories=(3,),
    )
    crawling.save("wp-json/wp/v2/posts", Reading(categories=(term,), entries=(entry,)))
    opinion = Opinion(source="open-graph", field="title", value="Title")
    crawling.save("a/", Reading(article=replace(ARTICLE, opinions=(opinion,))))
    found = rows(
        crawling, "SELECT field, source, extracted_value, reported_value FROM disagreements"
    )
    assert found == [
        {
            "field": "title",
            "source": "rest",
            "extracted_value": "Title",
            "reported_value": "Another title",
        },
        {
            "field": "categories",
            "source": "rest",
            "extracted_value": None,
            "reported_value": "Asia",
        },
    ]


def test_columns_that_were_added_later_explain_themselves_too(crawling: Crawling) -> None:
    schema = crawling.database.table("article_authors").schema
    assert "rank TEXT /* as printed before the name */" in schema


def test_outlet_is_found_under_every_spelling_and_furniture_is_no_citation(
    crawling: Crawling,
) -> None:
    mention = replace(ARTICLE.mentions[0], outlet="the New York Times")
    author = replace(ARTICLE.authors[0], outlet="NYT")
    crawling.save("a/", Reading(article=replace(ARTICLE, mentions=(mention,), authors=(author,))))
    for table in ("mentions", "article_authors"):
        (row,) = rows(crawling, f"SELECT outlet, canonical_outlet FROM {table}")
        assert row["canonical_outlet"] == "The New York Times"
        assert row["outlet"] in ("the New York Times", "NYT")
    for spelling in ("NYT", "new york times", "nytimes.com", "The New York Times"):
        found = run_search(crawling.database, "", Filters(outlet=spelling), limit=5)
        assert found.article_count == 1
    assert not run_search(crawling.database, "", Filters(outlet="WaPo"), limit=5).article_count


def test_furniture_is_left_out_of_cited_hosts(crawling: Crawling) -> None:
    cited = link("https://example.org/a")
    directory = replace(link("https://podcasts.apple.com/x"), host="podcasts.apple.com")
    links = (cited, replace(directory, is_furniture=True))
    crawling.save("a/", Reading(article=replace(ARTICLE, links=links)))
    assert len(rows(crawling, "SELECT 1 FROM links")) == 2
    assert Statistics(crawling.database).cited_hosts(5) == [("example.org", 1)]
