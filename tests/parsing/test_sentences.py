"""The context of a link is its sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacnp_archive.parsing.text.sentences import Sentences
from tests.parsing.pages import article, post


@pytest.mark.parametrize(
    ("content", "context"),
    [
        (
            "<p>They met on Jan. 28 in the U.S. Capitol. Lt. Gen. Gard wrote <a href=/x/>a"
            " piece</a> of 2.5 pages. All went home.</p>",
            "Lt. Gen. Gard wrote a piece of 2.5 pages.",
        ),
        ("<p>“So?” he asked. “It is <a href=/x/>so</a>!” She said no.</p>", "“It is so!”"),
        (
            "<p>He said… “we <a href=/x/>go</a>”… and went. He came.</p>",
            "He said… “we go”… and went.",
        ),
        (
            "<p>In the U.S. The <a href=/x/>plan</a> of H.R. 2670 was.</p>",
            "The plan of H.R. 2670 was.",
        ),
        ("<p>One. <a href=/x/>Two. Three</a> four. Five.</p>", "Two. Three four."),
        ("<p>First line<br><a href=/x/>Read more</a><br>Third line</p>", "Read more"),
        (
            "<ul><li>No.</li><li>Yes. And <a href=/x/>two</a>, e.g. this.</li></ul>",
            "And two, e.g. this.",
        ),
        (
            "<table><tr><th>Bill</th></tr><tr><td><a href=/x/>H.R. 1</a></td><td>98-0</td></tr>"
            "</table>",
            "H.R. 1\t98-0",
        ),
        ("<p>核武器。<a href=/x/>条约</a>很重要。完。</p>", "条约很重要。"),
    ],
)
def test_sentence_around_a_link(content: str, context: str) -> None:
    (link,) = article(post(content)).links
    assert link.context == context


@given(st.text(alphabet="aB. !?”\n…U.S", max_size=60), st.data())
def test_sentence_contains_the_span_it_is_around(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first, last = Sentences(text).around(start, end)
    assert 0 <= first <= start
    assert end <= last <= len(text)
