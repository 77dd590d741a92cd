"""`cacnp-archive report` and `status`, of a site that changes and misbehaves between two crawls."""

import json
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from cacnp_archive.commands.report.crawl_charts import growth_chart
from cacnp_archive.commands.report.gather import gather
from cacnp_archive.commands.report.report_html import page
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.crawl import ArchiveSize
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.storage.queries.crawl_history import CrawlHistory
from tests.conftest import BIN, CrawledReplica, crawl, run
from tests.support.command import command

COMMAND = BIN / "cacnp-archive"
QUICK = {"RETRY_TIMES": "1", "DOWNLOAD_TIMEOUT": "3", "CACNP_RECHECK_DAYS": "0"}


@dataclass
class Changed:
    """An archive of two crawls, and what happened to the site between them."""

    folder: Path
    base_url: str
    edited: str
    edited_silently: str
    gone: str
    moved: tuple[str, str]
    added: str

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.folder / "archive.db")
        found = connection.execute(sql, values).fetchall()
        connection.close()
        return found

    @property
    def crawl_ids(self) -> list[str]:
        return [row[0] for row in self.rows("SELECT id FROM crawls ORDER BY id")]


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Changed:
    folder = tmp_path_factory.mktemp("changed") / "data"
    site = build_site(misbehave=True)
    posts = [path for path, article in site.articles.items() if article.kind == "post"]
    edited, edited_silently, gone, moved, pattern = posts[10:15]
    with ReplicaServer(site) as server:
        first = crawl(server.base_url, folder, **QUICK)
        assert first.returncode == 1, first.stderr
        later = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        site.edit(edited, text="Other words that stand here now.", modified_at=later)
        site.edit(edited_silently, text="Words that nobody was told of.")
        site.delete(gone, 410)
        site.move(moved, "moved-to-this-place")
        site.add(replace(site.articles[pattern], path="an-added-article", wordpress_id=990001))
        second = crawl(server.base_url, folder, **QUICK)
        assert second.returncode == 1, second.stderr
        base = server.base_url
    return Changed(
        folder,
        base,
        *(f"{base}{path}/" for path in (edited, edited_silently, gone)),
        (f"{base}{moved}/", f"{base}moved-to-this-place/"),
        f"{base}an-added-article/",
    )


@pytest.fixture
def copy(changed: Changed, tmp_path: Path) -> Path:
    """Return a copy of the archive, to be doctored."""
    return Path(shutil.copytree(changed.folder, tmp_path / "copy"))


def doctor(folder: Path, sql: str, *values: object) -> None:
    connection = sqlite3.connect(folder / "archive.db")
    assert connection.execute(sql, values).rowcount > 0
    connection.commit()
    connection.close()


def report_of(folder: Path, *options: str) -> dict[str, Any]:
    result = command("--data-dir", folder, "report", "--json", *options)
    assert result.returncode in (0, 1), result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    assert result.returncode == (1 if found["alerts"] else 0)
    return found


def status_of(folder: Path, *options: str) -> dict[str, Any]:
    result = command("--data-dir", folder, "status", "--json", *options)
    assert result.returncode in (0, 1), result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    assert result.returncode == (0 if found["is_ok"] else 1)
    return found


def page_of(folder: Path) -> str:
    with CrawlHistory.of(Archive(folder)) as history:
        return page(gather(Archive(folder), history))


def named(rows: list[dict[str, Any]], figure: str = "now") -> dict[str, Any]:
    return {row["name"]: row[figure] for row in rows}


def test_balance_is_what_the_ledger_holds(changed: Changed) -> None:
    balance = report_of(changed.folder)["balance"]
    held = dict(changed.rows("SELECT state, count(*) FROM ledger GROUP BY state"))
    assert balance["failed"] > 0
    for state in ("archived", "excluded", "failed", "waiting"):
        assert balance[state] == held.get(state, 0)
    assert balance["known"] == changed.rows("SELECT count(*) FROM addresses")[0][0]
    for state in ("excluded", "failed"):
        assert sum(balance[f"{state}_by_reason"].values()) == balance[state]


def test_figures_are_what_is_counted_in_the_tables(changed: Changed) -> None:
    report, last = report_of(changed.folder), changed.crawl_ids[-1]
    there = "FROM articles WHERE gone_at IS NULL"
    assert named(report["kinds"]) == dict(
        changed.rows(f"SELECT kind, count(*) {there} GROUP BY kind")
    )
    assert sum(named(report["years"]).values()) == changed.rows(f"SELECT count(*) {there}")[0][0]
    assert sum(kind["capture_count"] for kind in report["captured"]) == len(
        changed.rows("SELECT 1 FROM captures WHERE crawl_id = ?", last)
    )
    assert report["load"]["statuses"] == dict(
        changed.rows(
            "SELECT CAST(status AS TEXT), count(*) FROM captures WHERE crawl_id = ? GROUP BY 1",
            last,
        )
    )
    assert sum(problem["count"] for problem in report["problems"]) == len(
        changed.rows(
            """SELECT 1 FROM problems WHERE capture_id IN
            (SELECT id FROM captures WHERE crawl_id = ?)""",
            last,
        )
    )
    assert [size["crawl_id"] for size in report["growth"]] == changed.crawl_ids
    assert report["growth"][-1]["capture_count"] == len(changed.rows("SELECT 1 FROM captures"))


def test_failures_are_named_in_full(changed: Changed) -> None:
    failures = report_of(changed.folder)["failures"]
    failed = changed.rows("SELECT url, reason FROM ledger WHERE state = 'failed'")
    assert {(failure["url"], failure["reason"]) for failure in failures} == set(failed)
    loop = f"{changed.base_url}trouble/loop/a/"
    via = {failure["via"] for failure in failures}
    assert via == {f"{changed.base_url}trouble/", loop}


def test_changes_of_the_site_are_noticed(changed: Changed) -> None:
    changes = report_of(changed.folder)["changes"]
    noticed = {(change["kind"], change["url"]): change for change in changes}
    source, target = changed.moved
    assert ("edited", changed.edited) in noticed
    assert ("edited silently", changed.edited_silently) in noticed
    assert ("added", changed.added) in noticed
    assert noticed["gone", changed.gone]["detail"] == "410"
    assert noticed["moved", source]["detail"] == target


def test_last_good_capture_of_what_is_gone_is_named(changed: Changed) -> None:
    (gone,) = (c for c in report_of(changed.folder)["changes"] if c["url"] == changed.gone)
    captured = changed.rows(
        "SELECT canonical_url, status, crawl_id FROM captures WHERE warc_record_id = ?",
        gone["last_good_record"],
    )
    assert captured == [(changed.gone, 200, changed.crawl_ids[0])]


def test_earlier_crawl_can_be_reported_too(changed: Changed) -> None:
    first, second = changed.crawl_ids
    report = report_of(changed.folder, "--crawl", first)
    assert report["crawl"]["id"] == first
    assert report["previous"] is None
    assert named(report["kinds"], "before") == dict.fromkeys(named(report["kinds"]))
    assert report_of(changed.folder)["previous"]["id"] == first
    assert report["change_counts"]["added"] == len(
        changed.rows(
            """SELECT 1 FROM articles WHERE first_seen_at <
            (SELECT started_at FROM crawls WHERE id = ?)""",
            second,
        )
    )


def test_json_is_the_gathered_report(changed: Changed) -> None:
    archive = Archive(changed.folder)
    with CrawlHistory.of(archive) as history:
        gathered = gather(archive, history).as_json()
    assert report_of(changed.folder) == json.loads(json.dumps(gathered))


def test_unknown_crawl_is_a_clear_message(changed: Changed) -> None:
    result = command("--data-dir", changed.folder, "report", "--crawl", "nonsense")
    assert result.returncode == 2
    assert result.stderr == (
        f"cacnp-archive: no crawl has the id 'nonsense'; the last one is {changed.crawl_ids[-1]}\n"
    )


def test_page_that_cannot_be_written_is_a_clear_message(changed: Changed, tmp_path: Path) -> None:
    place = tmp_path / "no-such-folder" / "report.html"
    result = command("--data-dir", changed.folder, "report", "--html", place)
    assert result.returncode == 2
    assert result.stderr == (
        f"cacnp-archive: --html: cannot write {place}: No such file or directory\n"
    )


def test_terminal_report_fits_80_columns_but_for_addresses_and_alerts(changed: Changed) -> None:
    result = run(COMMAND, "--data-dir", changed.folder, "report", environment={"COLUMNS": "80"})
    long = [line for line in result.stdout.splitlines() if len(line) > 80]
    assert [line for line in long if "http" not in line and not line.startswith("ALERT")] == []
    for part in ("Balance", changed.gone, "last good capture: 2", "truncated: 200, cut off"):
        assert part in result.stdout


def test_page_is_well_formed_and_needs_nothing_else(changed: Changed) -> None:
    tree = etree.fromstring(page_of(changed.folder))
    names = {etree.QName(element).localname for element in tree.iter(etree.Element)}
    assert names.isdisjoint({"script", "link", "img", "iframe", "object", "image", "use"})
    text = etree.tostring(tree, encoding="unicode")
    assert "@import" not in text
    assert "url(" not in text.replace("url(#", "")
    known = {row[0] for row in changed.rows("SELECT url FROM addresses")}
    links = {element.get("href") for element in tree.iter(etree.Element) if element.get("href")}
    assert links <= known
    assert {element.get("src") for element in tree.iter(etree.Element)} == {None}


def test_page_can_be_read_without_eyes(changed: Changed) -> None:
    tree = etree.fromstring(page_of(changed.folder))
    assert [element.text for element in tree.iter("h1")] == [tree.findtext("head/title")]
    levels = [int(element.tag[1]) for element in tree.iter("h1", "h2", "h3")]
    assert all(level <= before + 1 for before, level in pairwise(levels))
    assert all(table.find("caption") is not None for table in tree.iter("table"))
    assert all(cell.get("scope") for cell in tree.iter("th"))
    charts = [element for element in tree.iter("div") if element.get("role") == "img"]
    assert len(charts) == 4
    assert all(chart.get("aria-label") for chart in charts)
    labels = [element.get("aria-labelledby") for element in tree.iter("section")]
    ids = [element.get("id") for element in tree.iter(etree.Element) if element.get("id")]
    assert set(labels) <= set(ids)
    assert len(ids) == len(set(ids))


def test_same_archive_gives_the_same_page_wherever_it_is(changed: Changed, tmp_path: Path) -> None:
    here = page_of(changed.folder)
    place = tmp_path / "report.html"
    run(
        COMMAND,
        "--data-dir", changed.folder, "report", "--html", place,
        environment={"TZ": "Pacific/Auckland", "LC_ALL": "C"},
    )  # fmt: skip
    assert place.read_text("utf-8") == here


def test_growth_over_years_of_nights_is_a_small_chart() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    nights = [
        ArchiveSize(str(day), (start + timedelta(days=day)).isoformat(), day, day, day * 10**6, day)
        for day in range(1000)
    ]
    assert len(growth_chart(nights[:2])) < 30_000
    assert len(growth_chart(nights)) < 200_000


def test_first_crawl_alone_has_a_report(replica: CrawledReplica) -> None:
    report = report_of(replica.archive.folder)
    assert report["previous"] is None
    assert report["alerts"] == []
    etree.fromstring(page_of(replica.archive.folder))


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "Treaty \u202egnp.exe\u2066",
    "\x1b]0;owned\x07\x1b[2J\x9b31m\r\nALERT all is lost",
    "{{ 7 * 7 }} [bold]x[/bold] &lt;b&gt;",
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_are_shown_and_do_nothing(hostile: str, copy: Path, changed: Changed) -> None:
    doctor(copy, "UPDATE articles SET title = ? WHERE url = ?", hostile, changed.gone)
    doctor(copy, "UPDATE problems SET detail = ?", hostile)
    doctor(copy, "UPDATE captures SET media_type = ? WHERE status = 200", hostile)
    doctor(
        copy, "UPDATE articles SET url = ? WHERE url = ?", f"javascript:{hostile}", changed.edited
    )
    text = page_of(copy)
    tree = etree.fromstring(text)
    assert {e.get("href") for e in tree.iter("a")} <= {
        row[0] for row in changed.rows("SELECT url FROM addresses")
    }
    assert list(tree.iter("script", "img")) == []
    shown = hostile.encode("unicode_escape").decode() if not hostile.isprintable() else hostile
    assert shown in "".join(tree.itertext())
    printed = command("--data-dir", copy, "report").stdout
    assert shown in printed
    steering = {c for c in text + printed if not c.isprintable() and c not in "\n "}
    assert steering == set()


def test_lost_field_is_an_alert_above_everything_else(copy: Path, changed: Changed) -> None:
    doctor(
        copy,
        "UPDATE crawl_metrics SET value = 0 WHERE topic = 'read' AND name = 'title'"
        " AND crawl_id = ?",
        changed.crawl_ids[-1],
    )
    (alert,) = (a for a in report_of(copy)["alerts"] if a.startswith("title: 0% of the"))
    tree = etree.fromstring(page_of(copy))
    headings = [heading.text for heading in tree.iter("h2")]
    assert headings[0] == "Alerts"
    assert alert in "".join(tree.itertext())
    assert f"ALERT {alert}" in command("--data-dir", copy, "report").stdout
    status = status_of(copy)
    assert alert in status["alerts"]
    count = len(status["alerts"])
    assert f"{count} {'alert' if count == 1 else 'alerts'}" in status["reason"]


def test_status_of_a_complete_crawl_is_ok(replica: CrawledReplica) -> None:
    status = status_of(replica.archive.folder)
    assert status["is_ok"], status["reason"]
    assert status["crawls"][0]["finish_reason"] == "finished"
    assert status["waiting"] == 0
    printed = command("--data-dir", replica.archive.folder, "status").stdout
    assert printed.startswith(f"OK: {status['reason']}\n")
    assert len(printed.splitlines()) <= 24


def test_old_crawl_needs_attention(replica: CrawledReplica) -> None:
    status = status_of(replica.archive.folder, "--max-age-days", "0")
    assert not status["is_ok"]
    assert status["reason"].startswith("the last crawl ended ")


def test_failures_of_the_last_crawl_need_attention(changed: Changed) -> None:
    doctored = report_of(changed.folder)
    status = status_of(changed.folder)
    assert not status["is_ok"]
    assert status["crawls"][0]["failed"] == doctored["balance"]["failed"]
    assert status["articles"] == len(changed.rows("SELECT 1 FROM articles"))


def test_stopped_crawl_needs_attention_and_is_resumed(tmp_path: Path) -> None:
    with ReplicaServer(build_site()) as server:
        crawl(server.base_url, tmp_path / "data", CACNP_MAX_REQUESTS="40")
    status = status_of(tmp_path / "data")
    assert not status["is_ok"]
    assert "stopped before the end (limit: 40 requests) with " in status["reason"]
    assert status["waiting"] > 0
    report = report_of(tmp_path / "data")
    assert report["balance"]["waiting"] == status["waiting"]


def unend(folder: Path, crawl_id: str) -> None:
    doctor(
        folder,
        "UPDATE crawls SET finished_at = NULL, finish_reason = NULL WHERE id = ?",
        crawl_id,
    )
    doctor(folder, "DELETE FROM crawl_metrics WHERE crawl_id = ?", crawl_id)


def test_killed_and_running_crawls_are_told_apart(copy: Path, changed: Changed) -> None:
    unend(copy, changed.crawl_ids[-1])
    killed = status_of(copy)
    assert killed["reason"].endswith(" was killed")
    assert (killed["is_running"], killed["crawls"][0]["finish_reason"]) == (False, "killed")
    with Archive(copy).locked():
        running = status_of(copy)
    assert (running["is_running"], running["crawls"][0]["finish_reason"]) == (True, "running")


def test_crawl_without_an_end_is_reported_as_of_now(copy: Path, changed: Changed) -> None:
    first, last = changed.crawl_ids
    ended = report_of(copy)
    unend(copy, last)
    report = report_of(copy)
    assert not report["is_final"]
    assert report["alerts"] == []
    assert report["balance"] == ended["balance"]
    etree.fromstring(page_of(copy))
    unend(copy, first)
    earlier = report_of(copy, "--crawl", first)
    assert earlier["balance"] is None
    assert earlier["captured"] != []


def test_looking_at_the_lock_does_not_take_it(copy: Path) -> None:
    archive = Archive(copy)
    assert not archive.is_locked()
    with archive.locked():
        assert archive.is_locked()
    assert not archive.is_locked()


def test_no_command_but_the_page_imports_the_charts() -> None:
    script = """
import importlib, sys
from cacnp_archive.commands.cli import COMMANDS
for name in COMMANDS.values():
    importlib.import_module(f"cacnp_archive.commands.{name}")
print({"altair", "jinja2"} & set(sys.modules))
"""
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert result.stdout == "set()\n", result.stderr


def test_age_is_counted_from_the_end(copy: Path, changed: Changed) -> None:
    ended = datetime.now(UTC) - timedelta(days=2)
    doctor(
        copy,
        "UPDATE crawls SET finished_at = ? WHERE id = ?",
        ended.isoformat(),
        changed.crawl_ids[-1],
    )
    doctor(copy, "DELETE FROM crawl_metrics WHERE topic IN ('failed', 'filled', 'recall', 'walls')")
    assert status_of(copy)["is_ok"], status_of(copy)["reason"]
    assert "2 d" in status_of(copy, "--max-age-days", "1.5")["reason"]
