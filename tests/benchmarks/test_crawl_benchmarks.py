"""The benchmarks are no tests, but their commands must start, and what they reckon be right."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.crawls.measuring import Used, run
from benchmarks.crawls.servers import is_page
from benchmarks.crawls.static_site import file_of, references, without_machine_links, write_site
from benchmarks.crawls.tables import Run, goals_table, ratios, spread
from benchmarks.crawls.weight import weight
from benchmarks.growth import Growth, growth_table
from benchmarks.rebuilding import CHECKING, OURS, Timed, iterate, table, verdict
from benchmarks.rebuilding import ratios as ratios_of_reading
from benchmarks.stages import stages
from cacnp_archive.warc.writer import WarcWriter
from tests.support.captures import make_capture

ROOT = Path(__file__).parents[2]


def crawled(crawler: str, number: int, seconds: float, latency_ms: int = 0) -> Run:
    return Run(crawler, number, latency_ms, Used(seconds, 2 * seconds, 10**8, 0), 100, 120)


@pytest.mark.parametrize("command", ["crawl", "growth", "rebuilding", "stages"])
def test_command_tells_how_it_is_used(command: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{command}", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"python -m benchmarks.{command}" in told.stdout


def test_ratios_compare_runs_of_the_same_round_only() -> None:
    runs = [
        crawled("wget", 1, 10),
        crawled("cacnp-archive", 1, 5),
        crawled("wget", 2, 40),
        crawled("cacnp-archive", 2, 10),
        crawled("wget", 1, 1000, latency_ms=50),
    ]
    assert ratios(runs, "speed", "wget", 0) == {"wget": [1, 1], "cacnp-archive": [2, 4]}
    assert ratios(runs, "cpu", "wget", 0)["cacnp-archive"] == [0.5, 0.25]


def test_goal_that_is_missed_is_told_as_missed() -> None:
    runs = [crawled("wget", 1, 5), crawled("cacnp-archive", 1, 10), crawled("wire alone", 1, 9)]
    fast, cheap = goals_table(runs).splitlines()[2:]
    assert fast.endswith("| ≥ 1 | 0.50 (0.50-0.50) | no |")
    assert cheap.endswith("| ≤ 1.5 | 1.11 (1.11-1.11) | yes |")


def test_spread_of_nothing_is_a_dash() -> None:
    assert spread([]) == "-"


def test_growth_is_told_for_each_page() -> None:
    small = Growth(500, 1000, Used(10, 8, 10**8, 0), 10**6, 10**7)
    large = Growth(1000, 2000, Used(40, 16, 10**8, 0), 10**6, 10**7)
    row = growth_table([small, large]).splitlines()[-1]
    assert row == "| 1,000 | 2,000 | 0.50 | 1.00 | 100 | 0.5 | 5.0 |"


def test_stages_are_the_whole() -> None:
    cpu = {"start": 1.0, "wire": 0.5, "warc": 1, "handover": 0.5, "crawl": 7.0}
    cpu |= {"schedule": 0.25, "validators": 0.25, "reading start": 0.5, "reading": 9.0}
    cpu |= {"parse": 4, "save": 3, "ledger": 1, "transaction": 3.5}
    crawl, reading = stages(cpu)
    assert (reading["rows"], reading["commit"], reading["rest"]) == (2, 0.5, 1)
    assert (crawl["queue"], crawl["rest"]) == (0.5, 3.5)
    assert (sum(crawl.values()), sum(reading.values())) == (7, 9)


def test_static_site_has_every_article_and_what_pages_need(tmp_path: Path) -> None:
    base_url = "http://127.0.0.1:8000/"
    page_count = write_site(tmp_path, base_url, 0, is_light=True)
    pages = {path.parent for path in tmp_path.rglob("index.html")}
    assert page_count == len(pages) > 225
    assert (tmp_path / "robots.txt").exists()
    assert (tmp_path / "wp-content/themes/cacnp/style.css").exists()
    home = (tmp_path / "index.html").read_bytes()
    assert b"shortlink" not in home
    assert b"https://127.0.0.1" not in home


def test_pages_of_the_site_are_as_heavy_as_those_of_a_wordpress(tmp_path: Path) -> None:
    for name, is_light in (("light", True), ("heavy", False)):
        write_site(tmp_path / name, "http://127.0.0.1:8000/", 0, is_light=is_light)
    sizes = [(tmp_path / name / "index.html").stat().st_size for name in ("light", "heavy")]
    assert sizes[1] - sizes[0] == len(weight())
    assert 50_000 < sizes[1] < 70_000


def test_addresses_are_those_of_the_page() -> None:
    page = b'<a href="b/#top">b</a> <a href="/?s=x">s</a> <img srcset="/1.png 1x, /2.png 2x">'
    base = "http://a.example"
    assert references(page, f"{base}/x/") == [f"{base}/x/b/", f"{base}/1.png", f"{base}/2.png"]
    assert file_of("") == "index.html"
    assert not is_page("/feed/")
    assert without_machine_links(b"<link rel='pingback' href='x' />\n<p>") == b"<p>"


def test_rebuilding_is_compared_with_warcio_of_the_same_round() -> None:
    timed = [
        Timed(CHECKING, 1, 2, 600),
        Timed(OURS, 1, 4, 600),
        Timed(CHECKING, 2, 1, 600),
        Timed(OURS, 2, 4, 600),
        Timed(CHECKING, 3, 3, 600),
        Timed(OURS, 3, 3, 600),
        Timed(OURS, 4, 1, 600),
    ]
    assert ratios_of_reading(timed, OURS, CHECKING) == [0.5, 0.25, 1.0]
    assert f"| {CHECKING} | 300 | 0.50 (0.25-1.00) |" in table(timed)
    assert verdict(timed).endswith("0.50, reached.")
    assert verdict(timed[:4]).endswith("0.38, not reached.")


def test_warcio_iterates_over_every_record(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, "w", [("software", "test")], 1 << 30)
    writer.write([make_capture(), make_capture()])
    writer.close()
    assert iterate([*tmp_path.iterdir()], check_digests=True) == 1 + 2 * 3


def test_measure_tells_of_the_program_that_ran(tmp_path: Path) -> None:
    used = run([sys.executable, "-c", "bytearray(50_000_000); raise SystemExit(3)"], tmp_path)
    assert used.exit_code == 3
    assert used.peak_bytes > 50_000_000
    assert used.seconds > 0
