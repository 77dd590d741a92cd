"""Whatever a server sends is parsed to a Reading."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cacnp_archive.model.records import Reading
from cacnp_archive.model.site import HOME
from cacnp_archive.parsing.read_capture import read_capture
from cacnp_archive.parsing.select import tokens
from tests.parsing.pages import POST_BODY, SITE, post
from tests.support.captures import make_capture

TAGS = tokens(
    "a b blockquote br dd div dl dt em embed figcaption figure font footer form h2 iframe"
    " img input li object ol p param picture pre script section source span sup svg table"
    " td th tr ul video"
)
CLASSES = tokens(
    "entry-content entry-footer entry-title entry-time entry-categories post-page-numbers"
    " page-links wp-caption wp-caption-text gallery-item sharedaddy screen-reader-text"
    " wp-block-latest-posts wp-block-cover wp-block-embed__wrapper twitter-tweet"
    " rll-youtube-player widget-area emoji people-x post-7 type-post entry breadcrumb"
)
VALUES = (
    "/x/",
    "https://a.example/b.pdf",
    "https://youtu.be/abcdefgh",
    "//[",
    "data:x",
    "javascript:1",
    "mailto:a@b.example",
    "background-image:url(/a.jpg)",
    "display:none",
    "",
    "\ufffd",
    "#",
    "?p=7&page=2",
    "tag",
    "category tag",
    "1",
)
ATTRIBUTES = (
    "href",
    "src",
    "data-src",
    "style",
    "rel",
    "alt",
    "width",
    "value",
    "data-id",
    "title",
)
TEXTS = (
    "Updated March 2021",
    "By Ann Roe",
    " ",
    "\u00a0",
    "U.S. The",
    "â€™",
    "1",
    "북한",
    "x",
    "…",
)

attribute = st.one_of(
    st.tuples(st.just("class"), st.sampled_from(sorted(CLASSES))),
    st.tuples(st.sampled_from(ATTRIBUTES), st.sampled_from(VALUES)),
)
tag = st.tuples(st.sampled_from(sorted(TAGS)), st.lists(attribute, max_size=3)).map(
    lambda item: "<" + item[0] + "".join(f' {name}="{value}"' for name, value in item[1]) + ">"
)
soup = st.lists(
    st.one_of(tag, tag, st.sampled_from(TEXTS), st.sampled_from(sorted(TAGS)).map("</{}>".format)),
    max_size=40,
).map("".join)


def reading(body: bytes, url: str = f"{HOME}rockets/") -> Reading:
    return read_capture(make_capture(url, body), SITE)


@settings(max_examples=300)
@given(soup)
def test_any_sequence_of_tags_in_a_post_is_parsed(content: str) -> None:
    found = reading(post(content).encode())
    assert found.article is not None or found.part is not None
    assert found == reading(post(content).encode())


@settings(max_examples=150)
@given(soup, st.integers(2, 9))
def test_any_sequence_of_tags_in_part_two_is_parsed(content: str, number: int) -> None:
    page = post(content).replace(POST_BODY, f"{POST_BODY} single-paged-{number}")
    found = reading(page.encode(), f"{HOME}rockets/{number}/")
    assert found.article is None
    assert found.part is None or found.part.number == number


@settings(max_examples=200)
@given(st.binary(max_size=400), st.integers(0, 3000))
def test_any_bytes_anywhere_in_a_post_are_parsed(noise: bytes, position: int) -> None:
    page = post("<p>One.</p><p>Two.</p>").encode()
    assert isinstance(reading(page[:position] + noise + page[position:]), Reading)


@pytest.mark.parametrize(
    "tag", ["div", "b", "font", "blockquote", "ul><li", "table><tr><td", "figure"]
)
def test_text_after_ten_thousand_levels_is_parsed(tag: str) -> None:
    ends = "".join(f"</{name}>" for name in reversed(tag.split("><")))
    found = reading(
        post(f"{f'<{tag}>' * 10_000}<p>Deep.</p>{ends * 10_000}<p>Behind.</p>").encode()
    )
    assert found.article is not None
    assert found.article.body_text.split() == ["Deep.", "Behind."]
    assert found.article.title == "Rockets / Sparks"
    assert len(found.article.categories) == 3


def test_a_hundred_thousand_attributes_are_parsed() -> None:
    attributes = " ".join(f"a{number}='>'" for number in range(100_000))
    found = reading(post(f"<p>One.</p><p {attributes}>Two.</p>").encode())
    assert found.article is not None
    assert found.article.body_text == "One.\n\nTwo."


def test_figure_with_twenty_thousand_images_is_parsed() -> None:
    images = "<img src=/a.jpg>" * 20_000
    found = reading(post(f"<figure>{images}<figcaption>All</figcaption></figure>").encode())
    assert found.article is not None
    assert {medium.caption for medium in found.article.media} == {"All"}
