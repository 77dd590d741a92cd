"""A person opens a package in ReplayWeb.page, which replays it within the browser (wabac.js)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.file_server import serving
from tests.browser.seen import (
    GALLERY,
    SEED_TITLE,
    assert_pictures_are_seen,
    assert_styles_are_applied,
    assert_text_is_seen,
)
from tests.conftest import BIN, ROOT, SEED_PAGE, run
from tests.support.recrawled import Recrawled
from tests.support.webdriver import Browser

VIEWER = ROOT / ".browser" / "replaywebpage"
FRAMES = (
    ("replay-web-page", "iframe"),
    ("replay-app-main", "wr-item", "wr-coll-replay", "iframe"),
)

Open = Callable[[str, str, str], None]


@pytest.fixture(scope="module")
def packages(recrawled: Recrawled, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Package the whole archive, and each crawl of which another holds the originals."""
    folder = tmp_path_factory.mktemp("packages")
    crawls = recrawled.rows("SELECT id FROM crawls ORDER BY started_at")
    wanted = {
        "all": (),
        "replica": ("--crawl", str(crawls[1]["id"])),
        "raw": ("--crawl", str(crawls[3]["id"])),
    }
    for name, words in wanted.items():
        out = folder / f"{name}.wacz"
        made = run(
            BIN / "cacnp-archive", "--data-dir", recrawled.archive.folder, "wacz", "--out", out,
            *words,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
    return {name: folder / f"{name}.wacz" for name in wanted}


@pytest.fixture(scope="module")
def open_page(browser: Browser, packages: dict[str, Path]) -> Iterator[Open]:
    """Open a page of a package, and go into the frame that shows it."""
    assert (VIEWER / "sw.js").exists(), (
        f"ReplayWeb.page is not installed: `make test` unpacks it into {VIEWER}, and needs npm"
    )
    files: dict[str, Path | bytes] = {
        "/ui.js": VIEWER / "ui.js",
        "/replay/sw.js": VIEWER / "sw.js",
    }
    with serving(files) as site:

        def open_page(package: str, url: str, timestamp: str) -> None:
            source = f"/{len(files)}.wacz"  # always a new one, of which the viewer has no cache
            files[source] = packages[package]
            files["/"] = (
                '<!doctype html><meta charset="utf-8"><script src="/ui.js"></script>'
                '<body style="height: 95vh">'
                f'<replay-web-page source="{source}" url="{url}" ts="{timestamp}">'
                "</replay-web-page>"
            ).encode()
            browser.open(f"{site}/")
            for path in FRAMES:
                browser.enter(*path)
            browser.until(f"return location.href.endsWith('mp_/{url}')")

        yield open_page


@pytest.mark.parametrize(
    ("package", "number"),
    [("all", 0), ("all", 1), ("replica", 1)],
    ids=["first capture", "revisit of a 304", "revisit in a package of its crawl"],
)
def test_seed_page_is_seen_as_it_was(
    package: str, number: int, open_page: Open, browser: Browser, recrawled: Recrawled,
    tmp_path: Path,
) -> None:  # fmt: skip
    url = recrawled.base_url + SEED_PAGE
    open_page(package, url, recrawled.timestamps(url)[number])
    assert_text_is_seen(browser, SEED_TITLE, "Together with Ulrika Grufman I have written")
    assert_pictures_are_seen(browser, 1)
    assert_styles_are_applied(browser)
    browser.save_screenshot(tmp_path / "wacz-seed.png")


def test_all_pictures_of_a_page_are_seen(
    open_page: Open, browser: Browser, recrawled: Recrawled, tmp_path: Path
) -> None:
    url = recrawled.base_url + GALLERY
    open_page("all", url, recrawled.timestamps(url)[-1])
    assert_pictures_are_seen(browser, 5)
    browser.run("document.querySelector('h1.entry-title').scrollIntoView()")
    browser.save_screenshot(tmp_path / "wacz-gallery.png")


@pytest.mark.parametrize("package", ["all", "raw"])
def test_revisit_of_an_identical_payload_shows_the_original(
    package: str, open_page: Open, browser: Browser, recrawled: Recrawled, tmp_path: Path
) -> None:
    page, picture = recrawled.raw_url + "a", recrawled.raw_url
    open_page(package, page, recrawled.timestamps(page)[-1])
    assert_text_is_seen(browser, "A", "A")
    open_page(package, picture, recrawled.timestamps(picture)[-1])
    assert_pictures_are_seen(browser, 1)
    browser.save_screenshot(tmp_path / "wacz-identical.png")
