"""The commands, run as a user runs them."""

import os
import re
import shutil
import socket
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from cacnp_archive.commands.cli import COMMANDS, main
from tests.conftest import BIN, ROOT, SEED_PAGE, CrawledReplica, run

COMMAND = BIN / "cacnp-archive"


@pytest.fixture
def copy(replica: CrawledReplica, tmp_path: Path) -> Path:
    """Return a copy of the crawled archive, to be damaged."""
    return Path(shutil.copytree(replica.archive.folder, tmp_path / "copy"))


def test_show_tells_what_is_known_and_where_the_bytes_lie(replica: CrawledReplica) -> None:
    result = run(
        COMMAND, "--data-dir", replica.archive.folder, "show", replica.base_url + SEED_PAGE
    )
    assert result.returncode == 0, result.stderr
    for part in (
        "What is to be done? – The Russian Reset and Missile Defense Cooperation",
        "2012-01-11",
        "Front and Center, Nukes of Hazard blog",
        "1 capture of ",
        "200 text/html",
        ".warc.gz",
        "position   offset ",
        "sha1:",
        "sha256:",
    ):
        assert part in result.stdout


def test_show_takes_a_path_and_any_variant(replica: CrawledReplica) -> None:
    for address in (SEED_PAGE, f"/{SEED_PAGE.rstrip('/')}?utm_source=x#top"):
        result = run(COMMAND, "--data-dir", replica.archive.folder, "show", address)
        assert result.returncode == 0, result.stderr


def test_show_of_an_unknown_page_says_so(replica: CrawledReplica) -> None:
    result = run(COMMAND, "--data-dir", replica.archive.folder, "show", "/no-such-page/")
    assert result.returncode == 1
    assert result.stderr.startswith("cacnp-archive: nothing is archived of /no-such-page/")


def test_why_tells_of_a_page_that_was_fetched(replica: CrawledReplica) -> None:
    result = run(COMMAND, "--data-dir", replica.archive.folder, "why", SEED_PAGE)
    assert result.returncode == 0, result.stderr
    for part in (
        "scope       in: page",
        "allows it",
        "found on    http",
        "200 text/html",
        "WARC file   ",
    ):
        assert part in result.stdout


def test_why_tells_of_what_was_not_fetched(replica: CrawledReplica) -> None:
    told = {
        "wp-login.php": "scope       out: not-content",
        "https://example.org/": "scope       out: other-host",
        "no-such-page/": "never requested",
    }
    for url, expected in told.items():
        result = run(COMMAND, "--data-dir", replica.archive.folder, "why", url)
        assert result.returncode == 0, result.stderr
        assert expected in result.stdout


def test_why_tells_what_robots_forbids(replica: CrawledReplica) -> None:
    address = f"{replica.base_url}private/"
    result = run(COMMAND, "--data-dir", replica.archive.folder, "why", address)
    assert "robots.txt  forbids it" in result.stdout
    assert "200" not in result.stdout


def test_search_finds_and_shows_the_words(replica: CrawledReplica) -> None:
    result = run(COMMAND, "--data-dir", replica.archive.folder, "search", "Russian", "reset")
    assert result.returncode == 0, result.stderr
    assert "What is to be done?" in result.stdout
    assert replica.base_url + SEED_PAGE in result.stdout


def test_search_that_finds_nothing_says_so(replica: CrawledReplica) -> None:
    result = run(COMMAND, "--data-dir", replica.archive.folder, "search", "xyzzyplugh")
    assert (result.returncode, result.stdout) == (1, "")
    assert "No articles or documents match 'xyzzyplugh'" in result.stderr


def test_verify_of_a_good_archive_is_green(replica: CrawledReplica) -> None:
    result = run(COMMAND, "--data-dir", replica.archive.folder, "verify")
    assert result.returncode == 0, result.stdout
    assert result.stdout.startswith("all good: ")


def the_warc(folder: Path) -> Path:
    (path,) = (folder / "warc").glob("*.warc.gz")
    return path


def damage_byte(folder: Path) -> None:
    data = bytearray(the_warc(folder).read_bytes())
    data[len(data) // 2] ^= 1
    the_warc(folder).write_bytes(data)


def damage_tail(folder: Path) -> None:
    the_warc(folder).write_bytes(the_warc(folder).read_bytes()[:-1])


def damage_file(folder: Path) -> None:
    the_warc(folder).unlink()


DATABASE_DAMAGES = {
    "row lost": "DELETE FROM captures WHERE id = (SELECT max(id) FROM captures)",
    "digest changed": "UPDATE captures SET block_digest = 'sha1:X' WHERE id = 5",
    "offset changed": "UPDATE captures SET warc_offset = warc_offset + 1 WHERE id = 5",
    "address changed": "UPDATE captures SET url = 'http://elsewhere.example/' WHERE id = 5",
    "record id changed": "UPDATE captures SET warc_record_id = 'urn:uuid:0' WHERE id = 5",
}


@pytest.mark.parametrize("damage", [damage_byte, damage_tail, damage_file])
def test_verify_finds_a_damaged_file(damage: Callable[[Path], None], copy: Path) -> None:
    damage(copy)
    result = run(COMMAND, "--data-dir", copy, "verify")
    assert result.returncode == 1
    assert "faults: " in result.stdout
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("damage", DATABASE_DAMAGES)
def test_verify_finds_a_row_that_is_not_true(damage: str, copy: Path) -> None:
    connection = sqlite3.connect(copy / "archive.db")
    connection.execute(DATABASE_DAMAGES[damage])
    connection.commit()
    connection.close()
    result = run(COMMAND, "--data-dir", copy, "verify")
    assert result.returncode == 1, result.stdout
    assert "faults: " in result.stdout


@pytest.mark.parametrize(
    "words", [("verify",), ("show", "/x/"), ("search", "x"), ("status",), ("report",)]
)
def test_no_archive_yet_is_a_clear_message(words: tuple[str, ...], tmp_path: Path) -> None:
    result = run(COMMAND, "--data-dir", tmp_path, *words)
    assert result.returncode == 1
    assert result.stderr.startswith(f"cacnp-archive: no archive in {tmp_path}: ")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(("below", "suggested"), [(".", "demo"), ("a/b", "../../demo")])
def test_command_that_finds_no_archive_suggests_that_of_the_demo(
    below: str, suggested: str, replica: CrawledReplica, tmp_path: Path
) -> None:
    (tmp_path / "scrapy.cfg").touch()
    (tmp_path / "demo").symlink_to(replica.archive.folder)
    folder = tmp_path / below
    folder.mkdir(parents=True, exist_ok=True)
    result = run(COMMAND, "status", folder=folder)
    assert result.returncode == 1
    assert result.stderr.endswith(f"; to try it on the demo's archive: --data-dir {suggested}\n")
    assert result.stderr.count("\n") == 1
    assert run(COMMAND, "--data-dir", suggested, "status", folder=folder).returncode == 0


def test_demo_without_an_archive_is_not_suggested(tmp_path: Path) -> None:
    (tmp_path / "demo" / "warc").mkdir(parents=True)
    result = run(COMMAND, "--data-dir", "demo", "status", folder=tmp_path)
    assert "demo's archive" not in result.stderr
    assert "demo's archive" not in run(COMMAND, "status", folder=tmp_path).stderr


WITHOUT_LIBRARIES = """
import sys
sys.modules |= dict.fromkeys(("altair", "pyarrow"))  # None: as if they were not installed
from cacnp_archive.commands.cli import main
main()
"""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("plot", "kinds", "--out", "x.svg"), "a chart needs altair"),
        (("report", "--html", "x.html"), "report --html needs altair"),
        (("export", "posts", "--format", "parquet", "--out", "x"), "Parquet needs pyarrow"),
    ],
)
def test_command_without_an_optional_library_says_how_to_install_it(
    words: tuple[str, ...], message: str, replica: CrawledReplica, tmp_path: Path
) -> None:
    command = (sys.executable, "-c", WITHOUT_LIBRARIES, "--data-dir", replica.archive.folder)
    result = run(*command, *words, folder=tmp_path)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"cacnp-archive: {message}, which is not installed: ")
    assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_help_lists_every_command_with_a_whole_sentence() -> None:
    _, _, text = run(COMMAND, "--help").stdout.partition("\n")
    for name in COMMANDS:
        assert re.search(rf"^  {name} +[A-Z]", text, re.MULTILINE), name
    assert "..." not in text


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: main {name} ")


def test_demo_with_a_taken_port_says_so(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = run(COMMAND, "--data-dir", tmp_path, "demo", "--port", str(port))
    assert result.returncode == 2
    assert f"port {port} is used by another program" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_demo_does_the_main_job(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    result = run(COMMAND, "--data-dir", tmp_path / "demo", "demo", "--port", str(port))
    suggested = f"cacnp-archive --data-dir {os.path.relpath(tmp_path / 'demo', ROOT)}"
    assert result.returncode == 0, result.stderr
    assert "verify: all good" in result.stdout
    assert "Try next" in result.stdout
    assert result.stdout.endswith(f" in a browser: {suggested} desk\n")


BAD_USES = {
    "unknown argument": (("-a", "colour=red"), 2, "unknown argument -a colour"),
    "bad base_url": (("-a", "base_url=nonsense"), 2, "base_url must be"),
    "bad number": (("-s", "DOWNLOAD_DELAY=soon"), 2, "DOWNLOAD_DELAY must be a number"),
    "negative number": (("-s", "CONCURRENT_REQUESTS=0"), 2, "CONCURRENT_REQUESTS must be"),
    "unwritable folder": (("-s", "CACNP_DATA_DIR=/proc/x"), 2, "CACNP_DATA_DIR: cannot write"),
    "folder is a file": (("-s", f"CACNP_DATA_DIR={sys.executable}"), 2, "CACNP_DATA_DIR: cannot"),
    "unreachable": (("-a", "base_url=http://127.0.0.1:1/"), 1, "nothing was archived: "),
    "no such host": (("-a", "base_url=http://host.invalid/"), 1, "nothing was archived: "),
}


@pytest.mark.slow
@pytest.mark.parametrize("use", BAD_USES)
def test_bad_use_of_crawl_ends_with_one_message(use: str, tmp_path: Path) -> None:
    words, exit_code, message = BAD_USES[use]
    data_dir = () if "CACNP" in words[1] else ("-s", f"CACNP_DATA_DIR={tmp_path}")
    result = run(BIN / "scrapy", "crawl", "cacnp", "-s", "RETRY_TIMES=1", *data_dir, *words)
    assert result.returncode == exit_code
    assert message in result.stderr
    lines = result.stderr.splitlines()
    assert len(lines) == (1 if exit_code == 2 else 3), lines  # a crawl ends with its verdict
    assert list(tmp_path.rglob("*.open")) == []


def test_unknown_spider_is_a_clear_message() -> None:
    result = run(BIN / "scrapy", "crawl", "nobody")
    assert result.returncode == 2
    assert result.stderr == "cacnp-archive: name one spider to crawl with: cacnp\n"


def test_data_dir_follows_the_environment(replica: CrawledReplica, tmp_path: Path) -> None:
    environment = {"CACNP_DATA_DIR": str(replica.archive.folder)}
    result = run(COMMAND, "verify", folder=tmp_path, environment=environment)
    assert result.returncode == 0, result.stderr


def test_module_is_the_command(tmp_path: Path) -> None:
    result = run(sys.executable, "-m", "cacnp_archive", "--version", folder=tmp_path)
    assert result.stdout.startswith("cacnp-archive, version ")


@pytest.mark.slow
def test_spider_is_listed_in_the_checkout_and_below(tmp_path: Path) -> None:
    for folder in (ROOT, ROOT / "cacnp_archive" / "crawling"):
        assert run(BIN / "scrapy", "list", folder=folder).stdout == "cacnp\n"
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = cacnp_archive.settings\n")
    (tmp_path / "below").mkdir()
    assert run(BIN / "scrapy", "list", folder=tmp_path / "below").stdout == "cacnp\n"


@pytest.mark.slow
def test_default_data_dir_lies_beside_scrapy_cfg(tmp_path: Path) -> None:
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = cacnp_archive.settings\n")
    (tmp_path / "below").mkdir()
    crawl = ("crawl", "cacnp", "-a", "base_url=http://127.0.0.1:1/", "-s", "RETRY_TIMES=0")
    run(BIN / "scrapy", *crawl, folder=tmp_path / "below")
    assert (tmp_path / "data" / "archive.db").exists()
