"""What Chromium shows in an entry stands in its text, also where markup is broken."""

import re
from pathlib import Path

import pytest

from tests.conftest import TESTS
from tests.parsing.pages import article, post
from tests.support.webdriver import Browser

GOLDEN = sorted((TESTS / "golden").glob("*/*/body.html"))

# The page is parsed without loading anything; what would be loaded is taken out before it is shown.
SHOWN = """
    const page = new DOMParser().parseFromString(arguments[0], 'text/html');
    const entry = page.querySelector('.entry-content');
    if (entry === null) return '';
    for (const element of entry.querySelectorAll(
        'img, iframe, embed, object, video, audio, link, script, style, picture, input, form,'
        + 'select,' + arguments[1])) element.remove();
    for (const element of entry.querySelectorAll('[style*="url("]'))
        element.removeAttribute('style');
    document.body.replaceChildren(document.adoptNode(entry));
    return document.body.innerText"""
FURNITURE = (
    ".sharedaddy, .jp-relatedposts, .screen-reader-text, .wp-block-latest-posts, .post-nav-links,"
    " .page-links, .entry-pagination, .sr-only, .visually-hidden, .screen-reader-shortcut,"
    " .ngp-form, .wp-block-embed, article, aside, .recent-posts, .entry-footer"
)

BROKEN = (
    "<p>One.<embed src=/x>Two <a href=/l>three</a>.<h2><p>Four</h2><p>Five",
    "<table>Six<tr><td>Seven<p>Eight</table><p>Nine</br>Ten<li>Eleven<dd>Twelve",
    "<b><p>One</b><i>Two<div>Three</i>Four</div><svg><p>Five</svg><image alt=x>Six",
    "<p>One<!-->Two<!--->Three<!--x--!>Four &lt; 5 &amp 6 &#151;",
    "<a href=/a>One<a href=/b>Two<table><a href=/c>Three</table><nobr>Four<nobr>Five",
    "<p>One</body></html><p>Two<template><p>Never</template><x:y>Three<select><option>x</select>",
)


def lines(text: str) -> list[str]:
    return [folded for line in re.split(r"[\n\t]", text) if (folded := " ".join(line.split()))]


def missing(browser: Browser, page: str) -> list[str]:
    shown = lines(browser.run(SHOWN, page, FURNITURE))
    ours = " ".join(article(page).body_text.split())
    return [line for line in shown if line not in ours]


@pytest.mark.parametrize("content", BROKEN)
def test_broken_markup_loses_nothing_that_chromium_shows(browser: Browser, content: str) -> None:
    page = post(content)
    browser.open("about:blank")
    assert len(lines(browser.run(SHOWN, page, FURNITURE))) > 0
    assert missing(browser, page) == []


def test_golden_entries_hold_what_chromium_shows(browser: Browser) -> None:
    browser.open("about:blank")
    found = {path.parent.name: missing(browser, read) for path, read in golden_articles()}
    assert {name: left for name, left in found.items() if left} == {}


def golden_articles() -> list[tuple[Path, str]]:
    pages = [(path, path.read_text("utf-8", "replace")) for path in GOLDEN]
    return [
        (path, page)
        for path, page in pages
        if path.parts[-3] in ("post", "op-ed", "fact-sheet", "press-release", "podcast", "video")
        and "paged-" not in page
        and "type-post" in page
        and path.parts[-2] != "double-encoded"  # repaired, which browsers do not do
    ]
