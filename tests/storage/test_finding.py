"""Searching narrows as it says, pictures are drawn, and related reading is related."""

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cacnp_archive.storage.queries.finding import MARKS, Wanted, find
from lxml import etree
from sqlite_utils import Database

from cacnp_archive.commands.plot import draw_chart
from cacnp_archive.display.charts import svg_of
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.related import related
from cacnp_archive.storage.queries.statistics import Statistics
from tests.conftest import BIN, CrawledReplica, run

PICTURES = ("kinds", "topics", "authors", "hosts", "growth", "links")


@pytest.fixture
def database(replica: CrawledReplica) -> Iterator[Database]:
    opened = read_database(replica.archive.database_path)
    yield opened
    opened.close()


def test_each_facet_counts_what_choosing_it_finds(database: Database) -> None:
    everything = find(database, Wanted(), 1)
    for name, rows in everything.facets.items():
        assert rows
        for value, count in rows:
            assert find(database, Wanted(**{name: value}), 1).count == count, (name, value)


def test_choices_narrow_each_other(database: Database) -> None:
    found = find(database, Wanted(words="missile", kind="op-ed"), 50)
    assert {hit.kind for hit in found.hits} == {"op-ed"}
    assert found.count == len(found.hits) < find(database, Wanted(words="missile"), 1).count
    assert find(database, Wanted(words="missile", kind="no such kind"), 1).count == 0


def test_author_is_found_under_every_spelling(database: Database) -> None:
    names = [name for (name,) in database.execute(
        "SELECT name FROM authors WHERE person = 'Samuel Hickey'")]  # fmt: skip
    assert len(names) > 1
    counts = {find(database, Wanted(author=name), 1).count for name in names}
    assert len(counts) == 1


def test_pages_follow_one_another_without_gap(database: Database) -> None:
    whole = [hit.id for hit in find(database, Wanted(words="nuclear"), 100).hits]
    paged = [hit.id for start in range(0, len(whole), 3)
             for hit in find(database, Wanted(words="nuclear"), 3, start).hits]  # fmt: skip
    assert paged == whole
    assert len(set(whole)) == len(whole)


def test_snippet_marks_what_was_looked_for(database: Database) -> None:
    first = find(database, Wanted(words='"missile defense"'), 20).hits
    marked = [hit.snippet for hit in first if MARKS[0] in hit.snippet]
    assert marked
    assert "missile" in marked[0].split(MARKS[0])[1].split(MARKS[1])[0].lower()


def test_related_articles_share_a_category_more_often_than_others(database: Database) -> None:
    filed: dict[int, set[int]] = {}
    for article, category in database.execute(
        "SELECT article_id, category_id FROM article_categories"
    ):
        filed.setdefault(article, set()).add(category)
    pairs = [
        bool(filed[number] & filed[other.id])
        for number in filed
        for other in related(database, number, 3)
        if other.id in filed
    ]
    chance = [bool(a & b) for a, b in itertools.combinations(filed.values(), 2)]
    assert sum(pairs) / len(pairs) > 1.3 * sum(chance) / len(chance)


def test_article_is_not_related_to_itself_or_to_what_is_gone(database: Database) -> None:
    for (number,) in database.execute("SELECT id FROM articles LIMIT 40").fetchall():
        assert number not in [other.id for other in related(database, number, 10)]
    assert related(database, 10**9, 5) == []


@pytest.mark.parametrize("name", PICTURES)
def test_picture_is_drawn_in_both_forms(name: str, replica: CrawledReplica, tmp_path: Path) -> None:
    for form in ("svg", "png"):
        draw_chart(replica.archive, name, (), tmp_path / f"{name}.{form}")
    texts = ["".join(e.itertext()) for e in etree.parse(tmp_path / f"{name}.svg").iter()
             if e.tag.endswith("text")]  # fmt: skip
    assert len(texts) > 5
    assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_each_topic_is_a_line_and_none_can_write_markup(
    replica: CrawledReplica, tmp_path: Path
) -> None:
    path = tmp_path / "x.svg"
    made = run(BIN / "cacnp-archive", "--data-dir", replica.archive.folder, "plot", "topics",
               "Iran", "</text><script>x</script>", '"', "--out", path)  # fmt: skip
    assert made.returncode == 0, made.stderr
    tags = {element.tag.rpartition("}")[2] for element in etree.parse(path).iter()}
    assert "script" not in tags
    assert "Iran" in path.read_text("utf-8")


def test_picture_goes_into_svg_and_png_alone(replica: CrawledReplica, tmp_path: Path) -> None:
    made = run(BIN / "cacnp-archive", "--data-dir", replica.archive.folder, "plot", "kinds",
               "--out", tmp_path / "x.gif")  # fmt: skip
    assert made.returncode == 2
    assert not (tmp_path / "x.gif").exists()


def test_pictures_drawn_at_the_same_time_do_not_mix(replica: CrawledReplica) -> None:
    def draw(name: str) -> str:
        database = read_database(replica.archive.database_path)
        try:
            return svg_of(Statistics(database), name)
        finally:
            database.close()

    alone = {name: draw(name) for name in PICTURES}
    names = list(PICTURES) * 4
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(draw, names))
    assert [alone[name] for name in names] == together
