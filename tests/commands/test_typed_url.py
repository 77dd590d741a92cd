"""An address as a person types it means the same page to every command."""

import json
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cacnp_archive.commands.cli import main
from tests.conftest import SEED_PAGE, CrawledReplica, crawl
from tests.support.raw_server import RawServer

COMMANDS = ("show", "why", "cite", "diff", "parse")


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--data-dir", str(folder), *words])


def page_of(folder: Path, command: str, typed: str) -> str:
    """Return the address of the page that a command found."""
    options = {"diff": ["--json"], "cite": ["--format", "csl"]}.get(command, [])
    result = run(folder, command, typed, *options)
    assert (result.exit_code, result.stderr) == (0, ""), (command, typed, result.output)
    match command:
        case "show":
            (line,) = (found for found in result.stdout.splitlines() if " of http" in found)
            return line.rpartition(" of ")[2]
        case "why":
            return result.stdout.splitlines()[0].removeprefix("canonical").strip()
        case "cite":
            return str(json.loads(result.stdout)[0]["URL"])
        case "diff":
            return str(json.loads(result.stdout)["url"])
    return str(json.loads(result.stdout)["canonical_url"])


SPELLINGS = {
    "path": "/{path}/",
    "path without slashes": "{path}",
    "path with parameters of a mailing": "{path}?emci=1&utm_source=x#top",
    "white space around": "  /{path}/ ",
    "host and path": "{host}/{path}",
    "www and path": "WWW.{host}/{path}/",
    "without a scheme": "//{host}/{path}/",
    "whole address": "http://{host}/{path}/",
    "other scheme and www": "HTTPS://www.{host}/{path}?fbclid=3",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_spelling_finds_the_same_page(
    command: str, spelling: str, replica: CrawledReplica
) -> None:
    host = replica.base_url.removeprefix("http://").rstrip("/")
    typed = SPELLINGS[spelling].format(host=host, path=SEED_PAGE.rstrip("/"))
    assert page_of(replica.archive.folder, command, typed) == replica.base_url + SEED_PAGE


@pytest.mark.parametrize("typed", ["http://a:b/", "https://[", "ftp://host:x/"])
@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_no_address_is_refused(command: str, typed: str, replica: CrawledReplica) -> None:
    result = run(replica.archive.folder, command, typed)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"cacnp-archive: {typed!r} is not a web address\n"


def test_address_of_another_scheme_is_explained(replica: CrawledReplica) -> None:
    result = run(replica.archive.folder, "why", "ftp://example.org/x")
    assert "scope       out: other-scheme" in result.stdout


def test_colon_in_a_path_is_no_port(replica: CrawledReplica) -> None:
    result = run(replica.archive.folder, "why", "the-bomb:a-history/")
    assert f"canonical   {replica.base_url}the-bomb:a-history/" in result.stdout


@dataclass(frozen=True)
class TwoSites:
    """An archive of the replica and, crawled later, of a site with an article of its own."""

    folder: Path
    first: str
    latest: str


@pytest.fixture(scope="module")
def two_sites(replica: CrawledReplica, tmp_path_factory: pytest.TempPathFactory) -> TwoSites:
    folder = tmp_path_factory.mktemp("two") / "data"
    shutil.copytree(replica.archive.folder, folder)
    pages = {
        "/": b"<body class='home'><a href='/own/'>a</a></body>",
        "/own/": b"<body class='single postid-7'><h1 class='entry-title'>A</h1>"
        b"<div class='entry-content'>Text.</div></body>",
    }
    answers = {
        path: b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s"
        % (len(body), body)
        for path, body in pages.items()
    }
    with RawServer(answers) as server:
        result = crawl(server.base_url, folder)
        assert result.returncode in (0, 1), result.stderr
        return TwoSites(folder, replica.base_url, server.base_url)


@pytest.mark.parametrize("command", COMMANDS)
def test_path_belongs_to_the_site_that_has_archived_it(command: str, two_sites: TwoSites) -> None:
    assert page_of(two_sites.folder, command, SEED_PAGE) == two_sites.first + SEED_PAGE
    assert page_of(two_sites.folder, command, "own") == f"{two_sites.latest}own/"
    whole = two_sites.first + SEED_PAGE
    assert page_of(two_sites.folder, command, whole) == whole


def test_path_that_both_sites_have_is_of_the_latest(two_sites: TwoSites) -> None:
    for command in ("show", "why", "cite", "parse"):
        assert page_of(two_sites.folder, command, "/") == two_sites.latest


def test_path_that_no_site_has_archived_is_of_the_one_that_found_it(two_sites: TwoSites) -> None:
    with sqlite3.connect(two_sites.folder / "archive.db") as database:
        (found,) = database.execute(
            """SELECT url FROM addresses WHERE url NOT IN (SELECT canonical_url FROM captures)
            AND url LIKE ? LIMIT 1""",
            [f"{two_sites.first}%"],
        ).fetchone()
    database.close()
    assert page_of(two_sites.folder, "why", found.removeprefix(two_sites.first)) == found
    assert page_of(two_sites.folder, "why", "nowhere") == f"{two_sites.latest}nowhere/"
