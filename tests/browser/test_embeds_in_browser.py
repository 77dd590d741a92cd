"""Where a player is missing, replay shows its title, picture and link."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from cacnp_archive.model.archive import Archive
from cacnp_archive.replica.assets.made_files import png
from cacnp_archive.storage.database import read_database
from tests.conftest import BIN, crawl, run
from tests.parsing.pages import post
from tests.support.pywb import serve_with_pywb
from tests.support.raw_server import RawServer
from tests.support.webdriver import Browser

TITLE = 'Fifty years of "Treaty" – {{ a }} <film>'


def reply(body: bytes, media_type: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, str]]:
    folder = tmp_path_factory.mktemp("embeds")
    with RawServer({}) as server:
        other = server.base_url.replace("127.0.0.1", "localhost")
        content = (
            f'<p>Film:</p><iframe src="{other}film/embed/" title="Film"></iframe>'
            f'<iframe data-cookieblock-src="{other}never/embed/" src="about:blank"></iframe>'
        )
        card = {
            "version": "1.0",
            "type": "rich",
            "title": TITLE,
            "thumbnail_url": "/poster.png",
        }
        server.answers |= {
            "/robots.txt": reply(b"User-agent: *\nDisallow: /never/\n", "text/plain"),
            "/": reply(b"<!DOCTYPE html><body class=home><a href=/film-post/>x</a>", "text/html"),
            "/film-post/": reply(post(content).encode(), "text/html; charset=utf-8"),
            f"/wp-json/oembed/1.0/embed?url={quote(f'{other}film/', safe='')}": reply(
                json.dumps(card).encode(), "application/json"
            ),
            "/poster.png": reply(png("poster", 320, 180), "image/png"),
        }
        crawl(server.base_url, folder)
        yield Archive(folder), server.base_url


def test_embeds_are_rows_with_their_state(archived: tuple[Archive, str]) -> None:
    archive, base = archived
    other = base.replace("127.0.0.1", "localhost")
    database = read_database(archive.database_path)
    rows = database.execute("SELECT url, title, page_url, state FROM embed_states").fetchall()
    database.close()
    assert rows == [
        (f"{other}film/embed/", TITLE, f"{other}film/", "described"),
        (f"{other}never/embed/", "", f"{other}never/", "missing"),
    ]
    report = run(BIN / "cacnp-archive", "--data-dir", archive.folder, "report").stdout
    assert "embeds of other hosts: 1 described, 1 missing" in report


def test_title_picture_and_link_are_seen_in_place_of_a_player(
    archived: tuple[Archive, str], browser: Browser, tmp_path: Path
) -> None:
    archive, base = archived
    with serve_with_pywb(archive) as address:
        browser.open(f"{address}2030/{base}film-post/")
        browser.enter("iframe")
        browser.enter("iframe[title=Film]")
        assert TITLE in browser.until("return document.body && document.body.innerText")
        assert browser.until("return document.images[0].naturalWidth") == 320
        link = browser.run("return document.querySelector('a').href")
        assert link == f"{base.replace('127.0.0.1', 'localhost')}film/"
        browser.save_screenshot(tmp_path / "embed.png")
