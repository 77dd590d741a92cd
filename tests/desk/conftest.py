"""The archive that the desk's tests look at: of the replica, and of a hostile site."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cacnp_archive.desk.serve import application
from cacnp_archive.model.archive import Archive
from cacnp_archive.storage.database import read_database
from tests.conftest import BIN, CrawledReplica, crawl
from tests.support.made_once import made_once
from tests.support.raw_server import RawServer
from tests.support.webdriver import Browser, running_browser

BAIT = "<script>document.title='caught'</script><img src=x onerror=\"document.title='caught'\">"
ESCAPED = BAIT.replace("<", "&lt;").replace('"', "&quot;")
HOSTILE = f"""<!DOCTYPE html><html lang="en"><head><title>x</title></head>
<body class="single single-post postid-7"><article class="post-7 post type-post category-x">
<h1 class="entry-title">Hostile {ESCAPED}</h1>
<p class="entry-meta"><time class="entry-time"
 datetime="2012-03-04T05:06:07-05:00">March 4, 2012</time></p>
<div class="entry-content"><p>By {ESCAPED}</p>
<p>Hostile words {ESCAPED} "&gt;&lt;svg onload=alert(1)&gt;</p>
<p><a href="javascript:document.title='caught'">an anchor {ESCAPED}</a>
<a href="https://example.org/&quot;onmouseover=&quot;document.title='caught'">two</a></p>
</div></article></body></html>"""


@dataclass(frozen=True)
class Desked:
    """An archive, and the address of its hostile article."""

    archive: Archive
    base_url: str
    hostile_url: str

    def number_of(self, url: str) -> int:
        database = read_database(self.archive.database_path)
        (number,) = database.execute("SELECT id FROM articles WHERE url = ?", [url]).fetchone()
        database.close()
        return int(number)


def get(archive: Archive, *addresses: str) -> list[Any]:
    """Return the desk's responses; what it replays is at http://localhost:1/cacnp/."""

    async def responses() -> list[Any]:
        datasette = application(archive, "http://localhost:1/cacnp/")
        return [await datasette.client.get(address) for address in addresses]

    return asyncio.run(responses())


@pytest.fixture(scope="session")
def desked(replica: CrawledReplica, tmp_path_factory: pytest.TempPathFactory) -> Desked:
    return made_once(tmp_path_factory, "desked", lambda folder: with_hostile_site(replica, folder))


def with_hostile_site(replica: CrawledReplica, folder: Path) -> Desked:
    """Crawl a hostile site into a copy of the replica's archive."""
    shutil.copytree(replica.archive.folder, folder, dirs_exist_ok=True)
    body = HOSTILE.encode()
    answer = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
    )
    front = b"<body class='home'><a href='/hostile/'>a</a></body>"
    answers = {
        "/": answer % len(front) + front,
        "/hostile/": answer % len(body) + body,
    }
    with RawServer(answers) as server:
        output = crawl(server.base_url, folder)
        assert output.returncode in (0, 1), output.stderr
        hostile = f"{server.base_url}hostile/"
    return Desked(Archive(folder), replica.base_url, hostile)


@dataclass(frozen=True)
class Served:
    """Where the desk and the replay are."""

    desk: str
    replay: str


@pytest.fixture(scope="session")
def served(desked: Desked, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Run `cacnp-archive desk` as a person would."""
    log = tmp_path_factory.mktemp("served") / "log"
    command = [
        BIN / "cacnp-archive", "--data-dir", desked.archive.folder, "desk",
        "--port", "0", "--replay-port", "0",
    ]  # fmt: skip
    with log.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=stream)
    try:
        while "Ctrl-C" not in log.read_text():
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        words = log.read_text().split()
        replay, desk = (word for word in words if word.startswith("http://localhost:"))
        yield Served(desk, replay)
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with running_browser(tmp_path_factory.mktemp("browser")) as browser:
        yield browser
