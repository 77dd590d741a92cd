"""The benchmarks count rightly; what they measure is no matter of a test."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.readers import NOTHING, Page, Reader, ours, selectors_in_lxml
from benchmarks.reading import (
    BEGIN,
    DOCS,
    END,
    compare,
    nothing_of,
    replica_pages,
    table,
    write,
)
from benchmarks.reading_scores import Facts, Score, fold, word_f1
from tests.conftest import ROOT

FILES = sorted((ROOT / "benchmarks").glob("*.py"))
TRUTH = Facts(
    title="“Duck and Cover” – a film",
    date="2012-01-11",
    authors=frozenset({"John Erath", "Anna Schumann"}),
    categories=frozenset({"Asia"}),
    tags=frozenset(),
    body="One  two.\n\nThree",
)


def right(found: Facts, truth: Facts = TRUTH) -> dict[str, tuple[int, int]]:
    score = Score()
    score.add(found, truth, "A Site")
    return {name: (tally.right, tally.asked) for name, tally in score.fields.items()}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_benchmark_compiles(path: Path) -> None:
    compile(path.read_text("utf-8"), path, "exec", dont_inherit=True)


@pytest.mark.parametrize("name", ["reading", "recrawl"])
def test_benchmark_tells_how_it_is_used(name: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "usage:" in result.stdout


def test_spelling_of_quotes_dashes_spaces_and_site_name_is_no_fault() -> None:
    found = Facts(
        title='"Duck and Cover" - a film - A Site',
        date="2012-01-11",
        authors=frozenset({"Anna  Schumann", "John Erath"}),
        categories=frozenset({"asia"}),
        tags=frozenset({""}),
        body="One two. Three ",
    )
    assert right(found) == dict.fromkeys(
        ("title", "date", "authors", "categories", "tags", "body"), (1, 1)
    )


def test_other_words_names_and_days_are_faults() -> None:
    found = Facts(
        title="Duck and Cover",
        date="2012-01-12",
        authors=frozenset({"John Erath"}),
        categories=frozenset({"Asia", "Russia"}),
        tags=frozenset({"home"}),
        body="One two. Three Share this",
    )
    assert right(found) == dict.fromkeys(
        ("title", "date", "authors", "categories", "tags", "body"), (0, 1)
    )


def test_a_field_that_a_tool_does_not_give_is_not_asked() -> None:
    assert right(Facts(title="x", body="")) == {"title": (0, 1), "body": (0, 1)}


def test_pages_that_have_something_to_find_are_counted_apart() -> None:
    score = Score()
    score.add(NOTHING, TRUTH)
    score.add(NOTHING, NOTHING)
    tally = score.fields["authors"]
    assert (tally.right, tally.asked) == (1, 2)
    assert (tally.right_where_any, tally.asked_where_any) == (0, 1)


def test_words_are_scored_by_how_many_are_shared() -> None:
    assert word_f1("one two three four", "One, two!") == pytest.approx(2 / 3)
    assert word_f1("two two", "two") == pytest.approx(2 / 3)
    assert word_f1("one", "") == 0
    assert word_f1("", "") == 1


def test_lists_and_tables_are_folded_to_what_they_say() -> None:
    drawn = "Text\n\n* one\n2. two\n\n| head | - |\n|:---|---:|\n| 3 | -4 |"
    assert fold(drawn) == "Text one two head - 3 -4"
    assert fold("five - six - seven") == "five - six - seven"


def broken() -> Reader:
    def read(page: Page) -> Facts:
        raise RecursionError(page.url)

    return Reader("broken", "1", read)


def missing() -> Reader:
    raise ModuleNotFoundError("No module named 'missing'")


def test_tools_that_fail_or_are_missing_are_named() -> None:
    pages = replica_pages()[:5]
    text = table(compare(pages, [ours, broken, missing], rounds=0), len(pages), 0)
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert "5 RecursionError" in next(row for row in rows if row.startswith("| broken 1 |"))
    assert "| missing | not measured: ModuleNotFoundError: No module named 'missing' |" in text
    assert len({row.count("|") for row in rows}) == 1


def test_a_failure_is_a_fault_in_what_the_tool_gives_elsewhere_alone() -> None:
    found = [Facts(title="A", body=None), Facts(title="B", body="b")]
    assert nothing_of(found) == Facts(title="", body="")
    assert nothing_of([]) == Facts()


def test_pages_and_truth_of_the_replica_belong_together() -> None:
    pages = replica_pages()
    ours_, by_hand = compare(pages, [ours, selectors_in_lxml], rounds=0)
    assert ours_.score.fields["title"].right == by_hand.score.fields["title"].right == len(pages)
    assert by_hand.score.fields["authors"].right < ours_.score.fields["authors"].right


def test_table_is_written_into_its_place(tmp_path: Path) -> None:
    copy = tmp_path / DOCS.name
    copy.write_text(DOCS.read_text("utf-8"), "utf-8")
    for _ in range(2):
        write("| a table |\n", copy)
    before, after = DOCS.read_text("utf-8").split(BEGIN)[0], DOCS.read_text("utf-8").split(END)[1]
    assert copy.read_text("utf-8") == f"{before}{BEGIN}\n| a table |\n\n{END}{after}"
