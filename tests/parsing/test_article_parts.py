"""Articles split into several pages: each page is assigned to its article and part."""

import pytest

from cacnp_archive.model.records import ArticlePart, Reading
from cacnp_archive.model.site import HOME
from tests.parsing.pages import POST_BODY, post, read

LINK = '<a class="post-page-numbers" href="{}">{}</a>'
CURRENT = '<span class="post-page-numbers current" aria-current="page">{}</span>'


def navigation(current: int, count: int) -> str:
    items = [
        CURRENT.format(number)
        if number == current
        else LINK.format(f"/rockets/{number}/" if number > 1 else "/rockets/", number)
        for number in range(1, count + 1)
    ]
    return f'<div class="entry-pagination pagination"><p>Pages: {" ".join(items)}</p></div>'


def part(content: str, number: int, url: str | None = None) -> Reading:
    names = f"{POST_BODY} paged-{number} single-paged-{number}"
    return read(post(content).replace(POST_BODY, names), url or f"{HOME}rockets/{number}/")


def found(reading: Reading) -> ArticlePart:
    assert reading.article is None
    assert reading.part is not None
    return reading.part


def test_first_part_gives_the_number_of_parts() -> None:
    reading = read(post(f"<p>One.</p>{navigation(1, 3)}"))
    assert reading.article is not None
    assert reading.article.part_count == 3
    assert reading.article.body_text == "One."


def test_later_part_gives_its_number_article_and_content() -> None:
    content = '<p>Two with <a href="/x.pdf">a paper</a>.</p><img src="/a.jpg">'
    reading = found(part(content + navigation(2, 3), 2))
    assert reading.article_url == f"{HOME}rockets/"
    assert (reading.number, reading.part_count, reading.wordpress_id) == (2, 3, 7)
    assert reading.body_text == "Two with a paper."
    assert reading.documents == (f"{HOME}x.pdf",)
    assert [link.anchor_text for link in reading.links] == ["a paper"]
    assert [medium.url for medium in reading.media] == [f"{HOME}a.jpg"]


def test_article_is_identified_by_the_url_without_a_link_to_its_first_part() -> None:
    content = f'<p>Two.</p><p class="post-nav-links">{LINK.format("/rockets/3/", "Next page")}</p>'
    reading = found(part(content, 2))
    assert (reading.article_url, reading.part_count) == (f"{HOME}rockets/", 3)


def test_part_at_an_id_url_belongs_to_the_article() -> None:
    links = f'<div class="page-links">{LINK.format("/?p=7", 1)} {CURRENT.format(2)}</div>'
    reading = found(part(f"<p>Two.</p>{links}", 2, f"{HOME}?p=7&page=2"))
    assert reading.article_url == f"{HOME}?p=7"


@pytest.mark.parametrize("content", ["<p>All.</p>", '<p>See <a href="/rockets/2/">2</a>.</p>'])
def test_links_in_the_text_are_not_links_between_parts(content: str) -> None:
    reading = read(post(content))
    assert reading.article is not None
    assert reading.article.part_count == 1
    assert reading.problems == ()
