"""Charts are drawn, the same each time, and show the topics that were asked for."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from lxml import etree

from cacnp_archive.display.charts import CHARTS, svg_of
from cacnp_archive.storage.database import read_database
from cacnp_archive.storage.queries.statistics import Statistics
from tests.conftest import CrawledReplica
from tests.support.command import command


def plot(replica: CrawledReplica, *words: str | Path) -> tuple[int, str]:
    done = command("--data-dir", replica.archive.folder, "plot", *words)
    return done.returncode, done.stderr


@pytest.mark.parametrize("name", CHARTS)
def test_chart_is_drawn_in_both_formats(name: str, replica: CrawledReplica, tmp_path: Path) -> None:
    for form in ("svg", "png"):
        assert plot(replica, name, "--out", tmp_path / f"{name}.{form}") == (0, "")
    texts = ["".join(e.itertext()) for e in etree.parse(tmp_path / f"{name}.svg").iter()
             if e.tag.endswith("text")]  # fmt: skip
    assert len(texts) > 5
    assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_each_topic_is_a_line_and_none_can_write_markup(
    replica: CrawledReplica, tmp_path: Path
) -> None:
    path = tmp_path / "x.svg"
    topics = ("Iran OR Israel", "</text><script>x</script>", "U.S.")
    assert plot(replica, "topics", *topics, "--out", path) == (0, "")
    svg = etree.parse(path)
    assert "script" not in {element.tag.rpartition("}")[2] for element in svg.iter()}
    texts = ["".join(element.itertext()) for element in svg.iter() if element.tag.endswith("text")]
    assert set(topics) <= set(texts)


def test_topic_that_is_not_understood_is_refused(replica: CrawledReplica, tmp_path: Path) -> None:
    path = tmp_path / "x.svg"
    exit_code, message = plot(replica, "topics", "Iran", "Israel OR", "--out", path)
    assert exit_code == 2
    assert "cannot search for 'Israel OR': OR must be followed by a word" in message
    assert not path.exists()


def test_chart_goes_into_svg_and_png_only(replica: CrawledReplica, tmp_path: Path) -> None:
    exit_code, _ = plot(replica, "kinds", "--out", tmp_path / "x.gif")
    assert exit_code == 2
    assert not (tmp_path / "x.gif").exists()


def test_axis_of_few_articles_has_whole_numbers(replica: CrawledReplica, tmp_path: Path) -> None:
    path = tmp_path / "x.svg"
    assert plot(replica, "topics", "Iran OR Israel", "--out", path) == (0, "")
    numbers = [text.text for text in etree.parse(path).iterfind(".//{*}text")
               if "translate(-7," in text.get("transform", "")]  # fmt: skip
    assert numbers == [str(number) for number in range(len(numbers))]
    assert len(numbers) > 1


def test_charts_drawn_at_the_same_time_do_not_mix(replica: CrawledReplica) -> None:
    def draw(name: str) -> str:
        database = read_database(replica.archive.database_path)
        try:
            return svg_of(Statistics(database), name)
        finally:
            database.close()

    alone = {name: draw(name) for name in CHARTS}
    names = list(CHARTS) * 4
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(draw, names))
    assert [alone[name] for name in names] == together
