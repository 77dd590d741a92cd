"""A search finds the same wherever it is asked: command, desk, sample queries, tables, charts."""

import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from click.testing import CliRunner
from lxml import etree

from cacnp_archive.commands.cli import main
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.records import Article, Kind, Reading
from cacnp_archive.model.site import HOME
from cacnp_archive.storage.database import read_database
from tests.conftest import CrawledReplica
from tests.desk.conftest import get
from tests.support.archive_of import archive_of
from tests.support.crawling import Crawling

LABEL_OFFSET = 4
"""Pixels from the tick of an axis down to the baseline of its label."""

WORDS = [
    "Iran OR Israel",
    "missile defense",
    '"missile defense"',
    "prolif*",
    "U.S. OR Iran",
    "what's OR the",
    "anti-miss* OR Russia",
    "nuclear -Iran",
    "title:triad OR budget",
    "(Iran OR Israel) talks",
    "NEAR(missile defense, 3)",
    "xyzzyplugh",
]
FILTERS: list[dict[str, str]] = [
    {"category": "Asia"},
    {"category": "asia", "words": "the"},
    {"author": "Isaacs"},
    {"author": "samuel hickey"},
    {"author": "Robert"},
    {"from": "2012", "to": "2012"},
    {"from": "2012-03", "to": "2013-05-01"},
    {"kind": "op-ed"},
    {"kind": "document"},
    {"kind": "document", "words": "misses OR layers", "category": "Missile Defense"},
    {"kind": "Fact Sheet", "words": "triad OR interceptor", "to": "2018"},
]


def command(archive: Archive, *words: str) -> tuple[set[str], set[str]]:
    """Return the articles and the documents that the command finds."""
    result = CliRunner().invoke(
        main,
        ["--data-dir", str(archive.folder), "search", "--json", "--limit", "1000", *words],
        catch_exceptions=False,
    )
    found = json.loads(result.stdout)
    articles = {hit["url"] for hit in found["articles"]}
    documents = {hit["url"] for hit in found["documents"]}
    assert (len(articles), len(documents)) == (found["article_count"], found["document_count"])
    return articles, documents


def desk(archive: Archive, **fields: str) -> tuple[set[str], set[str]]:
    """Return what the desk's search finds, on all of its pages."""
    articles: set[str] = set()
    documents: set[str] = set()
    path = f"/search?{urlencode(fields)}"
    while path:
        (answer,) = get(archive, path)
        assert answer.status_code == 200, answer.text
        articles |= set(re.findall(r'<h3><a href="/article/(\d+)"', answer.text))
        documents |= {
            parse_qs(urlsplit(unescape(path)).query)["url"][0]
            for path in re.findall(r'<h3><a href="(/archived\?[^"]+)"', answer.text)
        }
        heading = re.sub("<[^>]+>", "", re.findall('<h2 class="count">.*', answer.text)[0])
        following = re.search(r'<a href="([^"]+)" rel="next"', answer.text)
        path = unescape(following[1]) if following else ""
    counts = {noun: int(count) for count, noun in re.findall(r"(\d+) (article|document)", heading)}
    assert counts.get("article", 0) == len(articles)
    assert counts.get("document", 0) == len(documents)
    return urls(archive, articles), documents


def urls(archive: Archive, ids: set[str]) -> set[str]:
    database = read_database(archive.database_path)
    rows = database.execute("SELECT id, url FROM articles").fetchall()
    database.close()
    return {url for number, url in rows if str(number) in ids}


def drawn(archive: Archive, topic: str, path: Path) -> int:
    """Return how many articles the points of a chart of one topic stand for."""
    words = ["--data-dir", str(archive.folder), "plot", "topics", topic, "--out", str(path)]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    assert result.exit_code == 0
    svg = etree.parse(path)
    heights = {}
    for text in svg.iterfind(".//{*}text"):
        place = re.fullmatch(r"translate\(-7,([\d.]+)\)", text.get("transform", ""))
        if place:
            heights[int(text.text or "")] = float(place[1])
    top = max(heights)
    unit = (heights[0] - heights[top]) / top
    points = [
        float(point.get("transform", "").rstrip(")").partition(",")[2])
        for group in svg.iterfind(".//{*}g")
        if group.get("class", "").startswith("mark-symbol role-mark")
        for point in group
    ]
    bottom = heights[0] - LABEL_OFFSET
    return round(sum(bottom - point for point in points) / unit)


@pytest.mark.parametrize("words", WORDS)
def test_words_find_the_same_articles_in_every_way(
    words: str, replica: CrawledReplica, tmp_path: Path
) -> None:
    archive = replica.archive
    articles, documents = command(archive, words)
    assert desk(archive, words=words) == (articles, documents)
    query = urlencode({"words": words, "kind": "", "year": ""})
    on_a_subject, by_year, in_documents, table = get(
        archive,
        f"/archive/articles-on-a-subject.json?{query}&_shape=array",
        f"/archive/subject-by-year.json?{query}&_shape=array",
        f"/archive/documents-holding.json?{query}&_shape=array",
        f"/archive/bibliography.json?{urlencode({'_search': words})}",
    )
    assert urls(archive, {str(row["article_id"]) for row in on_a_subject.json()}) == articles
    assert sum(row["articles"] for row in by_year.json()) == len(articles)
    assert {row["url"] for row in in_documents.json()} == documents
    assert table.json()["filtered_table_rows_count"] == len(articles)
    undated = sum(row["articles"] for row in by_year.json() if row["year"] is None)
    if articles:
        assert drawn(archive, words, tmp_path / "x.svg") == len(articles) - undated


@pytest.mark.parametrize("fields", FILTERS, ids=str)
def test_filters_find_the_same_in_the_command_and_in_the_desk(
    fields: dict[str, str], replica: CrawledReplica
) -> None:
    options = {name: value for name, value in fields.items() if name != "words"}
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    articles, documents = command(replica.archive, *words, fields.get("words", ""))
    assert articles or documents
    assert desk(replica.archive, **fields) == (articles, documents)


def test_author_is_the_same_in_the_sample_query(replica: CrawledReplica) -> None:
    for name in ("Isaacs", "robert gard", "Samuel Hickey"):
        (answer,) = get(
            replica.archive, f"/archive/by-an-author.json?{urlencode({'name': name})}&_shape=array"
        )
        ids = {str(row["article_id"]) for row in answer.json()}
        assert ids
        assert urls(replica.archive, ids) == command(replica.archive, "--author", name)[0]


def test_category_is_the_same_in_the_sample_query(replica: CrawledReplica) -> None:
    path = "/archive/category-by-year.json?_shape=array&category="
    asia, everything = (answer.json() for answer in get(replica.archive, f"{path}asia", path))
    count = len(command(replica.archive, "--category", "Asia")[0])
    assert {row["category"] for row in asia} == {"Asia"}
    assert sum(row["articles"] for row in asia) == count
    assert [row for row in everything if row["category"] == "Asia"] == asia


@pytest.fixture(scope="module")
def ranked(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Make an archive of two articles of equal length, which differ in where the word is."""
    crawling = Crawling()
    crawling.begin(1)
    for path, title, body in (
        ("a/", "Plain", "The treaty ends."),
        ("z/", "Treaty", "The war ends."),
    ):
        crawling.save(path, Reading(article=Article(
            url=HOME + path, kind=Kind.POST, title=title, body_text=body)))  # fmt: skip
    archive = archive_of(crawling.database, tmp_path_factory.mktemp("ranked") / "data")
    crawling.database.close()
    return archive


def test_match_in_a_title_ranks_before_one_in_a_body(ranked: Archive) -> None:
    result = CliRunner().invoke(main, ["--data-dir", str(ranked.folder), "search", "treaty"])
    assert result.stdout.index(f"{HOME}z/") < result.stdout.index(f"{HOME}a/")
    search, sample = get(
        ranked, "/search?words=treaty",
        "/archive/articles-on-a-subject.json?words=treaty&kind=&year=&_shape=array",
    )  # fmt: skip
    assert re.findall(r'<h3><a href="[^"]+">(\w+)<', search.text) == ["Treaty", "Plain"]
    assert [row["title"] for row in sample.json()] == ["Treaty", "Plain"]
