"""A page that kills the process that parses it costs its own reading, and nothing else."""

import os
import signal
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from cacnp_archive.ingest.workers import Workers, result
from cacnp_archive.maintenance.verify import verify_archive
from cacnp_archive.model.archive import Archive
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.storage.database import read_database
from tests.conftest import BIN, SEED_PAGE, crawl_command, run
from tests.support.foreign_records import HOME, arc, http, page, record, warcinfo, write

DEADLY = {
    "PYTHONPATH": str(Path(__file__).parent / "deadly"),
    "DEADLY_PAGE": "what-is-to-be-done-the-russian-reset",
}
COMMAND = BIN / "cacnp-archive"


def deaths(archive: Archive, code: str = "parser-died") -> list[tuple[str, int]]:
    """Return the URLs that have ended a process, and how often."""
    with closing(read_database(archive.database_path)) as database:
        return database.execute(
            """SELECT url, count(*) FROM problems JOIN captures ON captures.id = capture_id
            WHERE code = ? GROUP BY url ORDER BY url""",
            [code],
        ).fetchall()


def count(archive: Archive, table: str) -> int:
    with closing(read_database(archive.database_path)) as database:
        return database.table(table).count


def rebuilt(folder: Path, *options: str, environment: dict[str, str] = DEADLY) -> str:
    output = run(COMMAND, "--data-dir", folder, "rebuild", *options, environment=environment)
    assert output.returncode == 0, output.stderr
    return output.stdout


def test_crawl_goes_on_after_a_page_that_kills_its_parser(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    with ReplicaServer(build_site(first=8)) as server:
        command = crawl_command(server.base_url, tmp_path, CACNP_RECHECK_DAYS="0")
        first = run(*command, environment=DEADLY)
        assert first.returncode == 1, first.stderr
        assert "the ingest process was killed (SIGSEGV): another one goes on" in first.stderr
        assert "complete: " in first.stderr
        url = server.base_url + SEED_PAGE
        assert deaths(archive) == [(url, 1)]
        second = run(*command, environment=DEADLY)
        assert second.returncode == 0, second.stderr
        assert deaths(archive) == [(url, 2)]
    assert verify_archive(archive).findings == []
    assert "no row differs" in rebuilt(tmp_path, "--dry-run")
    for path in tmp_path.glob("archive.db*"):
        path.unlink()
    repaired = run(COMMAND, "--data-dir", tmp_path, "repair", environment=DEADLY)
    assert repaired.returncode == 0, repaired.stderr
    assert deaths(archive) == [(url, 2)]
    assert "no row differs" in rebuilt(tmp_path)


HANGING = DEADLY | {"DEADLY_WAY": "hang", "CACNP_READING_SECONDS": "3"}
WELL: dict[str, str] = {}
"""An environment in which no page is deadly."""


def test_a_page_that_hangs_is_given_up_once_and_then_passed_over(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    with ReplicaServer(build_site(first=8)) as server:
        url = server.base_url + SEED_PAGE
        first = run(*crawl_command(server.base_url, tmp_path), environment=HANGING)
    assert first.returncode == 1, first.stderr
    assert "the ingest process was killed (SIGPROF): another one goes on" in first.stderr
    assert deaths(archive, "parser-hung") == [(url, 1)]
    assert archive.unread_path.read_text().count("\n") == 1
    assert list(archive.state_folder.glob("*.mark")) == []
    assert verify_archive(archive).findings == []

    # It is passed over even where it would be read without harm, and whatever is lost but its name.
    assert "no row differs" in rebuilt(tmp_path, environment=WELL)
    for path in tmp_path.glob("archive.db*"):
        path.unlink()
    repaired = run(COMMAND, "--data-dir", tmp_path, "repair", environment=WELL)
    assert repaired.returncode == 0, repaired.stderr
    assert deaths(archive, "parser-hung") == [(url, 1)]

    # Without that it is found again, by a process that reads other pages as well.
    archive.unread_path.unlink()
    assert "no row differs" in rebuilt(tmp_path, environment=HANGING)
    assert deaths(archive, "parser-hung") == [(url, 1)]
    assert "problems: 1 differ" in rebuilt(tmp_path, "--retry", environment=WELL)
    assert deaths(archive, "parser-hung") == []


def test_a_limit_of_time_does_not_wait_for_a_page_that_is_being_read(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    slow = HANGING | {"CACNP_READING_SECONDS": "100000"}
    with ReplicaServer(build_site(first=8)) as server:
        url = server.base_url + SEED_PAGE
        command = crawl_command(server.base_url, tmp_path, CACNP_MAX_SECONDS="20")
        ended = run(*command, environment=slow)
    assert ended.returncode == 5, ended.stderr
    assert "limit: 20 seconds; what it captured last is read at the next start" in ended.stderr
    with closing(read_database(archive.database_path)) as database:
        rows = database.execute("SELECT url FROM captures WHERE url = ?", [url])
        assert rows.fetchall() == []
    repaired = run(COMMAND, "--data-dir", tmp_path, "repair", environment=WELL)
    assert repaired.returncode == 0, repaired.stderr
    assert "rows added" in repaired.stdout
    assert verify_archive(archive).findings == []
    assert "no row differs" in rebuilt(tmp_path, "--dry-run", environment=WELL)
    again = run(COMMAND, "--data-dir", tmp_path, "repair", environment=WELL)
    assert "rows added" not in again.stdout


@pytest.mark.parametrize("way", ["grow", "kill"])
def test_a_page_that_needs_all_memory_costs_its_own_reading(way: str, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "data")
    file = deadly_file("a.warc", tmp_path)
    environment = DEADLY | {"DEADLY_WAY": way}
    output = run(COMMAND, "--data-dir", archive.folder, "import", file, environment=environment)
    assert output.returncode == 0, output.stderr
    assert deaths(archive) == [(f"{HOME}{DEADLY['DEADLY_PAGE']}/", 2)]
    assert count(archive, "articles") == 3
    assert "no row differs" in rebuilt(archive.folder, environment=environment)


def deadly_file(name: str, folder: Path) -> Path:
    """Return a file of four pages, of which the second kills its parser."""
    deadly = f"{HOME}{DEADLY['DEADLY_PAGE']}/"
    urls = [f"{HOME}one/", deadly, f"{HOME}two/", f"{HOME}three/"]
    if name.endswith(".arc"):
        (folder / name).write_bytes(arc([(url, "20120304050607", http(page())) for url in urls]))
        return folder / name
    revisit = record(
        http(b""),
        "2014-01-01T00:00:00Z",
        deadly,
        "revisit",
        f"WARC-Refers-To-Target-URI: {deadly}",
        "WARC-Refers-To-Date: 2012-01-01T00:00:00Z",
    )
    records = [record(http(page()), "2012-01-01T00:00:00Z", url) for url in urls]
    return write(folder / name, [warcinfo(), *records, revisit])


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.arc"])
def test_import_loses_one_reading_to_a_page_that_kills_its_parser(
    name: str, tmp_path: Path
) -> None:
    archive = Archive(tmp_path / "data")
    file = deadly_file(name, tmp_path)
    for _ in range(2):  # to import it again is harmless
        output = run(COMMAND, "--data-dir", archive.folder, "import", file, environment=DEADLY)
        assert output.returncode == 0, output.stderr
        (death,) = deaths(archive)
        assert death == (f"{HOME}{DEADLY['DEADLY_PAGE']}/", 1 if name.endswith(".arc") else 2)
        assert count(archive, "articles") == 3
        assert verify_archive(archive).findings == []
    assert "no row differs" in rebuilt(archive.folder, "--dry-run")
    assert "no row differs" in rebuilt(archive.folder)
    assert "no row differs" in rebuilt(archive.folder)
    assert verify_archive(archive).findings == []


def test_work_of_a_dead_process_is_lost_and_others_go_on() -> None:
    with closing(Workers(1)) as workers:
        first = workers.submit(os.getpid)
        assert result(workers.submit(os.kill, result(first), signal.SIGKILL)) is None
        assert result(workers.submit(os.getpid)) not in (None, result(first), os.getpid())


def test_workers_end_with_the_process_that_was_killed() -> None:
    program = "; ".join(
        [
            "import os, time",
            "from cacnp_archive.ingest.workers import Workers",
            "workers = Workers(1)",
            "print(workers.submit(os.getpid).result(), flush=True)",
            "workers.submit(time.sleep, 60)",
            "os.kill(os.getpid(), 9)",
        ]
    )
    # It returns when all have ended that hold the other end of the pipe.
    told = subprocess.run(
        [BIN / "python", "-c", program], capture_output=True, text=True, timeout=30, check=False
    )
    assert told.returncode == -signal.SIGKILL
    assert int(told.stdout) > 0
