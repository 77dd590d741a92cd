"""Unbalanced tags neither lose content nor add parts of the theme to it."""

import pytest

from cacnp_archive.model.site import HOME
from tests.parsing.pages import article, post

WHOLE = "<p>One.</p><p>Two <a href=/x/>x</a>.</p>"


@pytest.mark.parametrize(
    "content",
    [
        f"<div>{WHOLE}",
        f"<div><div class=box>{WHOLE}</div>",
        f"<section><div>{WHOLE}",
        "<p>One.</p></div><p>Two <a href=/x/>x</a>.</p>",
        "<p>One.</p></div></div></div></div><p>Two <a href=/x/>x</a>.</p>",
        "<p>One.</p></article><p>Two <a href=/x/>x</a>.</p>",
    ],
)
def test_content_ends_where_the_footer_begins(content: str) -> None:
    expected = article(post(WHOLE))
    found = article(post(content))
    assert found.body_text == "One.\n\nTwo x."
    assert found.links == expected.links
    assert found.categories == expected.categories
    assert found.title == expected.title
    assert found.published_at == expected.published_at


def test_text_without_a_tag_after_the_end_is_kept() -> None:
    assert article(post("<p>One.</p></div>two")).body_text == "One.\n\ntwo"


def test_footer_of_another_entry_ends_nothing() -> None:
    page = post("<p>One.</p>")
    start = page.index("<footer")
    end = page.index("</footer>") + len("</footer>")
    footer = page[start:end]
    other = f'<p>Not this.</p><article class="post-99 post type-post entry">{footer}</article>'
    page = page[:start] + page[end:]
    found = article(page.replace("</article>", f"</article>{other}"))
    assert found.body_text == "One."
    assert found.url == f"{HOME}rockets/"
