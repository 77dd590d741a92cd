"""A researcher at the desk: searches, narrows, reads, and opens archived pages and documents."""

from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT
from tests.desk.conftest import BAIT, Desked, Served
from tests.support.webdriver import Browser

AXE = ROOT / ".browser" / "axe-core" / "axe.min.js"
PAGES = (
    "/",
    "/search?words=missile",
    "/search?words=interceptor&from=2010&to=2020",
    "/search?words=%22iran",
    "/charts",
    "/charts?topics=Iran,+%22x",
    "/archive/subject-by-year?words=%22x",
    "/archive/bibliography",
    "/archive/articles-on-a-subject?words=missile&kind=&year=",
    "/archive/articles",
    "/archive",
)

CLICK = """const found = [...document.querySelectorAll(arguments[0])]
    .filter(element => element.innerText.includes(arguments[1]));
    if (!found.length) return false;
    found[0].click();
    return true"""
TEXT = "return document.body.innerText"
CHECK = """window.found = null;
    axe.run().then(result => window.found = result.violations.map(
        one => `${one.id}: ${one.nodes[0].html.slice(0, 120)}`))"""
OVERFLOW = """const page = document.documentElement;
    return page.scrollWidth - page.clientWidth"""


@pytest.fixture
def desk(browser: Browser, served: Served) -> str:
    browser.open(served.desk)
    return served.desk.rstrip("/")


@pytest.mark.usefixtures("desk")
def test_search_is_narrowed_read_and_followed_to_the_page_as_archived(
    browser: Browser, served: Served, tmp_path: Path
) -> None:
    browser.run("document.querySelector('#words').value = 'missile defense'")
    browser.run("document.querySelector('form.find').requestSubmit()")
    browser.until("return document.querySelector('.hits li mark') !== null")
    before = browser.run("return document.querySelectorAll('.hits > li').length")
    assert browser.run(CLICK, ".facets a", "2012")
    browser.until("return location.search.includes('from=2012&to=2012')")
    assert 0 < browser.run("return document.querySelectorAll('.hits > li').length") < before
    assert browser.run(CLICK, ".hits a", "Russian Reset")
    browser.until("return location.pathname.startsWith('/article/')")
    assert "Together with Ulrika Grufman I have written" in browser.run(TEXT)
    browser.save_screenshot(tmp_path / "article.png")
    assert browser.run(CLICK, ".actions a", "Archived page")
    browser.until("return location.href.startsWith(arguments[0])", served.replay)
    browser.enter("#replay_iframe")
    browser.until("return document.body?.innerText.includes('Together with Ulrika Grufman')")
    browser.save_screenshot(tmp_path / "replayed.png")


@pytest.mark.usefixtures("desk")
def test_document_is_found_and_opened_as_archived(browser: Browser, served: Served) -> None:
    browser.run("document.querySelector('#words').value = 'eleven of nineteen'")
    browser.run("document.querySelector('form.find').requestSubmit()")
    browser.until("return document.querySelector('#documents') !== null")
    assert browser.run(CLICK, ".hits a", "Fact Sheet: Interceptors in the Ground")
    browser.until("return location.pathname.startsWith('/article/')")
    browser.run("history.back()")
    browser.until("return document.querySelector('#documents') !== null")
    (archived,) = browser.run("""return [...document.querySelectorAll('.hits a')]
        .map(link => link.href).filter(link => link.includes('.pdf'))""")
    answer = httpx.get(archived, follow_redirects=False)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(served.replay)


def test_old_address_of_the_charts_leads_to_them(browser: Browser, desk: str) -> None:
    browser.open(desk + "/pictures?topics=Iran")
    assert browser.run("return location.pathname + location.search") == "/charts?topics=Iran"
    assert browser.run("return document.querySelector('input#topics').value") == "Iran"


def test_table_is_faceted_by_year_kind_author_and_category(browser: Browser, desk: str) -> None:
    browser.open(desk + "/archive/bibliography")
    shown = browser.run(
        "return [...document.querySelectorAll('.facet-info-name')]"
        ".map(element => element.innerText.split(/\\s/)[0].toLowerCase())"
    )
    assert set(shown) == {"year", "kind", "authors", "categories"}
    assert browser.run(CLICK, ".facet-results a", "op-ed")
    browser.until("return location.search.includes('kind=op-ed')")
    kinds = browser.run(
        "return [...document.querySelectorAll('td.col-kind')].map(e => e.innerText)"
    )
    assert set(kinds) == {"op-ed"}
    assert browser.run(CLICK, "td.col-title a", "")
    browser.until("return location.pathname.startsWith('/article/')")


def test_nothing_archived_can_run_script(
    browser: Browser, desk: str, desked: Desked, tmp_path: Path
) -> None:
    number = desked.number_of(desked.hostile_url)
    places = [
        f"/article/{number}",
        "/search?words=hostile",
        "/archive/bibliography?_search=hostile",
        f"/archive/articles/{number}",
        "/archive/articles-on-a-subject?words=hostile&kind=&year=",
        f"/archive/links?article_id={number}",
        "/search?words=%3Cscript%3Edocument.title%3D'caught'%3C/script%3E",
        "/archive?sql=select+'%3Cimg+src%3Dx+onerror%3D%22document.title%3D1%22%3E'+as+a",
        "/archived?url=javascript:document.title='caught'",
    ]
    for place in places:
        browser.open(desk + place)
        assert browser.run("return document.title") not in ("caught", "1"), place
        assert browser.run(
            "return document.querySelector('[onerror], [onload], [onmouseover]') === null"
        ), place
        assert browser.run("return document.querySelector('a[href^=\"javascript\" i]') === null")
        assert browser.run("return [...document.scripts].every(script => script.src)"), place
    browser.open(desk + places[0])
    assert BAIT.split("<img")[0] in browser.run(TEXT)
    browser.save_screenshot(tmp_path / "hostile.png")


@pytest.mark.usefixtures("desk")
def test_policy_stops_a_script_that_got_into_a_page(browser: Browser) -> None:
    browser.run("""const script = document.createElement('script');
        script.textContent = "window.caught = true";
        document.body.append(script);
        const image = document.createElement('div');
        image.innerHTML = '<img src=x onerror="window.caught = true">';
        document.body.append(image)""")
    browser.until("return document.querySelector('img[src=x]').complete")
    assert browser.run("return window.caught === undefined")


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_fit_and_axe_finds_nothing(
    width: int, browser: Browser, desk: str, desked: Desked, tmp_path: Path
) -> None:
    assert AXE.exists(), "tests/install brings axe-core"
    article = f"/article/{desked.number_of(desked.hostile_url)}"
    with browser.showing(width, "light"):
        for number, page in enumerate((*PAGES, article)):
            browser.open(desk + page)
            browser.run("for (const image of document.images) image.loading = 'eager'")
            browser.until("return [...document.images].every(image => image.complete)")
            assert browser.run("return [...document.images].every(i => i.naturalWidth > 0)")
            assert browser.run(OVERFLOW) <= 0, page
            browser.run(AXE.read_text("utf-8"))
            browser.run(CHECK)
            assert browser.until("return window.found && [window.found]")[0] == [], page
            browser.save_screenshot(tmp_path / f"page-{number}-{width}.png")


@pytest.mark.usefixtures("desk")
def test_desk_can_be_used_with_the_keyboard(browser: Browser) -> None:
    first = browser.run("return document.querySelector('a, input, button').innerText")
    assert first == "Skip to content"
    assert browser.run("""return [...document.querySelectorAll('a, input, select, button')]
        .every(element => element.tabIndex >= 0)""")
    browser.run("document.querySelector('.skip').focus()")
    assert browser.run("return document.querySelector('.skip').getBoundingClientRect().left") >= 0
    assert browser.run(CLICK, ".skip", "Skip")
    assert browser.run("return document.activeElement.id") == "content"
