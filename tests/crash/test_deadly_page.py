"""A page that kills the process that reads it stops one crawl, and is a problem from then on."""

import os
import signal
import subprocess
from contextlib import closing
from pathlib import Path

from cacnp_archive.ingest.workers import Workers, result
from cacnp_archive.maintenance.verify import verify_archive
from cacnp_archive.model.archive import Archive
from cacnp_archive.replica import ReplicaServer, build_site
from cacnp_archive.storage.database import read_database
from tests.conftest import BIN, SEED_PAGE, crawl_command, run

DEADLY = {"PYTHONPATH": str(Path(__file__).parent / "deadly")}


def deaths(archive: Archive) -> list[tuple[str, int]]:
    """Return the addresses that have killed their reader, and how often."""
    with closing(read_database(archive.database_path)) as database:
        return database.execute(
            """SELECT url, count(*) FROM problems JOIN captures ON captures.id = capture_id
            WHERE code = 'parser-died' GROUP BY url"""
        ).fetchall()


def test_crawls_get_past_a_page_that_kills_its_reader(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    with ReplicaServer(build_site(1)) as server:
        command = crawl_command(server.base_url, tmp_path, CACNP_RECHECK_DAYS="0")
        stopped = run(*command, environment=DEADLY)
        assert stopped.returncode == 4, stopped.stderr
        assert "SIGSEGV" in stopped.stderr
        page = server.base_url + SEED_PAGE
        for times in (2, 3):  # the repair, and a request in each of these crawls
            passed = run(*command, environment=DEADLY)
            assert passed.returncode == 0, passed.stderr
            assert deaths(archive) == [(page, times)]
    assert verify_archive(archive).findings == []
    again = run(
        BIN / "cacnp-archive", "--data-dir", tmp_path, "rebuild", "--dry-run", environment=DEADLY
    )
    assert "no row differs" in again.stdout, again.stderr


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
