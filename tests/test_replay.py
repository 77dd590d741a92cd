"""A real pywb replays what was captured."""

import contextlib
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import BIN, ROOT, SEED_PAGE, CrawledReplica, get, run

WAYBACK = ROOT / ".venv-replay" / "bin" / "wayback"


@pytest.fixture(scope="module")
def replay(replica: CrawledReplica, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the archive with pywb; yields the address of its collection."""
    assert WAYBACK.exists(), f"pywb is not installed: `make test` installs it into {WAYBACK.parent}"
    folder = tmp_path_factory.mktemp("pywb")
    warcs = sorted(replica.archive.warc_folder.glob("*.warc.gz"))
    index = run(BIN / "cdxj-indexer", "--sort", *warcs)
    assert index.returncode == 0, index.stderr
    (folder / "index.cdxj").write_text(index.stdout)
    (folder / "config.yaml").write_text(
        "collections:\n"
        "  cacnp:\n"
        f"    index_paths: {folder / 'index.cdxj'}\n"
        f"    archive_paths: {replica.archive.warc_folder}/\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [WAYBACK, "-b", "127.0.0.1", "-p", str(port), "-d", folder],
            stdout=log,
            stderr=log,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
    try:
        wait_for(port, process, folder / "log")
        yield f"http://127.0.0.1:{port}/cacnp/"
    finally:
        process.terminate()
        process.wait(10)


def wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(300):
        assert process.poll() is None, log.read_text()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def test_seed_page_is_replayed_byte_for_byte(replay: str, replica: CrawledReplica) -> None:
    url = replica.base_url + SEED_PAGE
    assert get(f"{replay}id_/{url}") == replica.bodies[url]


def test_every_requisite_is_replayed_byte_for_byte(replay: str, replica: CrawledReplica) -> None:
    differing = []
    for url, body in replica.bodies.items():
        try:
            if get(f"{replay}id_/{url}") != body:
                differing.append(url)
        except urllib.error.HTTPError as error:
            differing.append(f"{url}: {error.code}")
    assert differing == []
    kinds = {Path(url).suffix.partition("?")[0] for url in replica.bodies}
    assert {".css", ".js", ".png", ".pdf"} <= kinds


def test_every_article_is_replayed(replay: str, replica: CrawledReplica) -> None:
    for article in replica.truth["articles"]:
        with urllib.request.urlopen(f"{replay}mp_/{article['url']}", timeout=10) as response:
            assert response.status == 200
            assert f"postid-{article['wordpress_id']}".encode() in (page := response.read()) or (
                f"page-id-{article['wordpress_id']}".encode() in page
            )


def test_redirect_is_replayed_as_a_redirect(replay: str, replica: CrawledReplica) -> None:
    source, target = next(iter(replica.truth["redirects"].items()))
    with urllib.request.urlopen(f"{replay}mp_/{source}", timeout=10) as response:
        assert response.url.endswith(target)
