"""A person opens the archive in a browser, through `cacnp-archive replay`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.seen import (
    GALLERY,
    SEED_TITLE,
    assert_pictures_are_seen,
    assert_styles_are_applied,
    assert_text_is_seen,
)
from tests.conftest import SEED_PAGE
from tests.support.pywb import serve_with_pywb
from tests.support.recrawled import Recrawled
from tests.support.webdriver import Browser


@pytest.fixture(scope="module")
def address(recrawled: Recrawled) -> Iterator[str]:
    with serve_with_pywb(recrawled.archive) as address:
        yield address


@pytest.mark.parametrize("number", [0, 1], ids=["first capture", "revisit"])
def test_seed_page_is_seen_as_it_was(
    number: int, browser: Browser, address: str, recrawled: Recrawled, tmp_path: Path
) -> None:
    url = recrawled.base_url + SEED_PAGE
    browser.open(f"{address}{recrawled.timestamps(url)[number]}/{url}")
    browser.enter("iframe")
    assert_text_is_seen(browser, SEED_TITLE, "Together with Ulrika Grufman I have written")
    assert_pictures_are_seen(browser, 1)
    assert_styles_are_applied(browser)
    browser.save_screenshot(tmp_path / "pywb-seed.png")


def test_all_pictures_of_a_page_are_seen(
    browser: Browser, address: str, recrawled: Recrawled, tmp_path: Path
) -> None:
    url = recrawled.base_url + GALLERY
    browser.open(f"{address}{recrawled.timestamps(url)[-1]}/{url}")
    browser.enter("iframe")
    assert_pictures_are_seen(browser, 5)
    browser.run("document.querySelector('h1.entry-title').scrollIntoView()")
    browser.save_screenshot(tmp_path / "pywb-gallery.png")


def test_link_leads_to_the_next_archived_page(
    browser: Browser, address: str, recrawled: Recrawled
) -> None:
    url = recrawled.base_url + SEED_PAGE
    browser.open(f"{address}{recrawled.timestamps(url)[0]}/{url}")
    browser.enter("iframe")
    browser.run("document.querySelector('.entry-content a[href$=\"/missile-defense/\"]').click()")
    browser.until("return document.title.startsWith('Missile Defense')")
    assert_pictures_are_seen(browser, 1)
