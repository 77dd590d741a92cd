"""One real crawl of the replica, which many tests look at."""

import os
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from cacnp_archive.model.archive import Archive
from cacnp_archive.replica import ReplicaServer, build_site
from tests.support.made_once import made_once

pytest_plugins = ["tests.support.recrawled"]

settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

TESTS = Path(__file__).parent
ROOT = TESTS.parent
BIN = Path(sys.executable).parent

SLOW_FOLDERS = {"benchmarks", "browser", "crash", "deploy", "whole_crawls"}
STARTERS = {"crawl", "crawl_command", "running_browser", "start_replay"}
"""A test module that imports one of these starts a crawl, a browser or pywb."""
ARCHIVES = {"replica", "recrawled"}
"""A test that asks for one of these starts whole crawls."""

SEED_PAGE = "what-is-to-be-done-the-russian-reset-and-missile-defense-cooperation-2/"
FAST = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "False",
    "CONCURRENT_REQUESTS": "8",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "8",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make test-fast` leaves out, beside tests that are marked by hand."""
    for item in items:
        if is_slow(item):
            item.add_marker("slow")


def is_slow(item: pytest.Item) -> bool:
    """Whether a test may start a whole crawl, a browser or pywb."""
    folder = item.path.relative_to(TESTS).parts[0]
    names = {*vars(item.module), *item.fixturenames} if isinstance(item, pytest.Function) else ()
    return folder in SLOW_FOLDERS or not (STARTERS | ARCHIVES).isdisjoint(names)


def run(
    *command: str | Path,
    folder: Path = ROOT,
    environment: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command as a user would, and return what it printed."""
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )


def crawl(
    base_url: str, data_dir: Path, *, folder: Path = ROOT, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run `scrapy crawl cacnp` against a server on loopback."""
    return run(*crawl_command(base_url, data_dir, **settings), folder=folder)


def crawl_command(base_url: str, data_dir: Path, **settings: str) -> list[str | Path]:
    """Return the words of `scrapy crawl cacnp` against a server on loopback."""
    options = {**FAST, **settings, "CACNP_DATA_DIR": str(data_dir)}
    words = [word for name, value in options.items() for word in ("-s", f"{name}={value}")]
    return [BIN / "scrapy", "crawl", "cacnp", "-a", f"base_url={base_url}", *words]


def with_small_files(kilobytes: int, command: list[str | Path]) -> list[str | Path]:
    """Return the words that run a command on a disk that is full when a file has that size."""
    return ["bash", "-c", f'ulimit -f {kilobytes}; exec "$@"', "-", *command]


def get(url: str) -> bytes:
    """Return a body as the server gives it to a client that asks for nothing special."""
    with urllib.request.urlopen(url) as response:
        body: bytes = response.read()
    return body


@dataclass
class CrawledReplica:
    """What the replica held, and what the crawl made of it."""

    archive: Archive
    base_url: str
    truth: dict[str, Any]
    requested: list[str]
    """Addresses in the order in which the server was asked for them."""
    output: subprocess.CompletedProcess[str]
    bodies: dict[str, bytes] = field(default_factory=dict)
    """The seed page and what it needs, fetched by another client."""


def crawled_replica(folder: Path) -> CrawledReplica:
    """Crawl the replica into a folder."""
    with ReplicaServer(build_site()) as server:
        output = crawl(server.base_url, folder / "data")
        crawled = CrawledReplica(
            Archive(folder / "data"),
            server.base_url,
            server.truth,
            [f"http://{entry.host}{entry.path}" for entry in server.log],
            output,
        )
        for url in [server.base_url + SEED_PAGE, *crawled.truth["requisites"]]:
            crawled.bodies[url] = get(url)
    return crawled


@pytest.fixture(scope="session")
def replica(tmp_path_factory: pytest.TempPathFactory) -> CrawledReplica:
    """Crawl the replica once for all tests."""
    return made_once(tmp_path_factory, "replica", crawled_replica)
