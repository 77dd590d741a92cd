"""A person opens the report in a browser, at a desk and on a phone, by day and by night."""

from pathlib import Path

import pytest

from tests.browser.file_server import serving
from tests.conftest import BIN, run
from tests.support.recrawled import Recrawled
from tests.support.webdriver import Browser

WIDER_THAN_THE_WINDOW = """
    const scrolled = element => element.closest('.scroll') !== null;
    return [...document.body.querySelectorAll('*')]
        .filter(element => !scrolled(element) && element.getBoundingClientRect().width > 0)
        .filter(element => element.getBoundingClientRect().right > innerWidth + 0.5)
        .map(element => element.outerHTML.slice(0, 80))"""

FAINT_TEXT = """
    const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
    const linear = part =>
        (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    const luminance = ([red, green, blue]) =>
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    const paper = element => {
        for (; element; element = element.parentElement) {
            const colour = numbers(getComputedStyle(element).backgroundColor);
            if (colour.length === 3 || colour[3] > 0) return colour;
        }
    };
    const contrast = element => {
        const style = getComputedStyle(element);
        const ink = element.closest('svg') ? style.fill : style.color;
        const [light, dark] = [luminance(numbers(ink)), luminance(paper(element))]
            .sort((one, other) => other - one);
        return (light + 0.05) / (dark + 0.05);
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const faint = new Set();
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (walker.currentNode.data.trim() && contrast(element) < 4.5)
            faint.add(`${contrast(element).toFixed(2)} ${walker.currentNode.data.trim()}`);
    }
    return [...faint]"""

OVERFLOW = """const page = document.documentElement;
    return page.scrollWidth - page.clientWidth"""
HOW_MANY_TEXTS = "return document.querySelectorAll('.chart text').length"
PAPER = "return getComputedStyle(document.body).backgroundColor"


@pytest.fixture(scope="module")
def page(recrawled: Recrawled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    crawls = recrawled.rows("SELECT id FROM crawls ORDER BY id")
    made = run(
        BIN / "cacnp-archive", "--data-dir", recrawled.archive.folder, "report",
        "--crawl", str(crawls[1]["id"]), "--html", path,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_page_fits_and_its_text_can_be_read(
    width: int, scheme: str, browser: Browser, page: Path, tmp_path: Path
) -> None:
    with serving({"/": page.read_bytes()}) as site, browser.showing(width, scheme):
        browser.open(f"{site}/")
        assert browser.run("return innerWidth") == width
        assert browser.run(OVERFLOW) <= 0
        assert browser.run(WIDER_THAN_THE_WINDOW) == []
        assert browser.run(HOW_MANY_TEXTS) > 20
        assert browser.run(FAINT_TEXT) == []
        is_dark = browser.run(PAPER) == "rgb(23, 25, 27)"
        assert is_dark == (scheme == "dark")
        browser.save_screenshot(tmp_path / "report.png")
