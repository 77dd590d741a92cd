"""What a person sees of replayed pages of the replica; to be asked within the page's frame."""

from tests.support.webdriver import Browser

SEED_TITLE = "What is to be done? – The Russian Reset and Missile Defense Cooperation"
GALLERY = "pictures-in-seven-ways/"

LOADED = "return document.readyState === 'complete'"
PICTURES = """return [...document.images].filter(image => image.currentSrc.startsWith('http'))
    .map(image => [image.currentSrc, image.naturalWidth])"""
IMPORTED_RULES = """
    const own = [...document.styleSheets].find(sheet => sheet.href?.includes('/style.css'));
    return [...own.cssRules].find(rule => rule.styleSheet).styleSheet.cssRules.length"""
BACKGROUND = "return getComputedStyle(document.body).backgroundImage"


def assert_text_is_seen(browser: Browser, title: str, words: str) -> None:
    browser.until(LOADED)
    heading = browser.until("return document.querySelector('h1.entry-title')")
    assert browser.run("return arguments[0].innerText", heading) == title
    assert browser.run("return arguments[0].checkVisibility()", heading)
    assert words in browser.run("return document.body.innerText")


def assert_pictures_are_seen(browser: Browser, at_least: int) -> None:
    browser.until(LOADED)
    pictures = browser.run(PICTURES)
    assert len(pictures) >= at_least
    assert [picture for picture, width in pictures if width == 0] == []


def assert_styles_are_applied(browser: Browser) -> None:
    """Check the style sheet, the one that it imports, and that scripts have run."""
    font = browser.run("return getComputedStyle(document.body).fontFamily")
    assert font == "Replica, Georgia, serif"
    assert "texture.png" in browser.run(BACKGROUND)
    assert browser.until(IMPORTED_RULES) > 0
    assert "js" in browser.run("return document.documentElement.className").split()
