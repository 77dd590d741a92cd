"""Markup is read as browsers read it; lexbor, asked directly, is the witness."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from selectolax.lexbor import LexborHTMLParser, LexborNode

from cacnp_archive.model.site import HOME
from cacnp_archive.parsing.select import tokens
from cacnp_archive.parsing.standard_html import MAX_NESTING, parse_standard
from cacnp_archive.parsing.tree import parse_html
from tests.parsing.pages import article, post
from tests.support.steps import bounded_steps

GOLDEN = Path(__file__).parents[1] / "golden"

UNSHOWN = tokens(
    "script style template textarea select noscript noembed noframes iframe object svg canvas"
    " video audio title datalist button math"
)


def content_of(page: str) -> LexborNode:
    found = LexborHTMLParser(page).css_first(".entry-content")
    assert found is not None
    for tag in UNSHOWN:
        for node in found.css(tag):
            node.decompose()
    return found


def shown_words(page: str) -> set[str]:
    return set(content_of(page).text(separator=" ").split())


def shown_links(page: str) -> set[str]:
    links = (node.attributes["href"] for node in content_of(page).css("a[href]"))
    return {link for link in links if link and re.fullmatch(r"/l\d+", link)}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<p>One.</p><embed src=/f.swf><p>Two.</p>", "One.\n\nTwo."),
        ("<h2><p>Head</p></h2><p>One.</p>", "Head\n\nOne."),
        ("<table><p>Astray.</p><tr><td>Cell</td></tr></table>", "Astray.\n\nCell"),
        ("<table>Astray. <tr><td>Cell</td></tr></table>", "Astray.\n\nCell"),
        ("<p>One<!-->two<!--->three<!-- x --!> four</p>", "Onetwothree four"),
        ("<p>One</br>two</p>", "One\ntwo"),
        ("<p>5 < 6, 7 <8 &lt b &ampc &#151; &#x80;</p>", "5 < 6, 7 <8 < b &c — €"),
        ("<div/><p/>One<svg><path/><p>Two.</p>", "One\n\nTwo."),
        ("<p>One<svg><desc><b>drawn</b></desc></svg> two</p>", "One two"),
        ("<![CDATA[hidden]]><p>One<?php x ?>.</p>", "One."),
        ("<p>One</p></body></html><p>Two</p>", "One\n\nTwo"),
        ("<p>One</p><template><p>Later</p></template><p>Two</p>", "One\n\nTwo"),
        ("<p>One</p><foo:bar @click='x' a\"b=1>two</foo:bar>", "One\n\ntwo"),
        ("<object data=/o.swf><param name=x></object><p>Two</p>", "Two"),
        ("<p>One\x00two\x01 three\fx</p>", "Onetwo three x"),
        ("<p>One</p><plaintext><p>Two", "One\n\n<p>Two"),
    ],
)
def test_content_is_repaired_as_browsers_do(content: str, text: str) -> None:
    found = article(post(content)).body_text
    assert found.partition("</div>")[0].rstrip() == text


def test_attributes_keep_what_browsers_see() -> None:
    root = parse_html(
        "<html xmlns='http://www.w3.org/1999/xhtml' xml:lang=fr><p><embed>"
        "<a id=1 id=2 href='/a?x=1&copy=2&lt=3&amp;y=4' class=a\"b>x</a>"
        "<a href=\"/b\n/c\">y</a><svg><use xlink:href='#i'/></svg><image src=/i.png>"
    )
    assert root is not None
    first, second = root.iter("a")
    assert first.items() == [("id", "1"), ("href", "/a?x=1&copy=2&lt=3&y=4"), ("class", 'a"b')]
    assert second.get("href") == "/b\n/c"
    assert [use.get("xlink:href") for use in root.iter("use")] == ["#i"]
    assert [image.get("src") for image in root.iter("img")] == ["/i.png"]


def test_files_in_templates_are_known() -> None:
    root = parse_html(
        "<p>x</p><template><img src=/late.png><template><b>y</b></template></template>"
    )
    assert root is not None
    assert [image.get("src") for image in root.iter("img")] == ["/late.png"]
    assert len(list(root.iter("b"))) == 1


def test_warning_before_the_page_leaves_classes_and_language_to_it() -> None:
    root = parse_html("Warning: x<!DOCTYPE html><html lang=en><body class='single postid-7'>y")
    assert root is not None
    assert root.get("lang") == "en"
    assert root[1].get("class") == "single postid-7"


@pytest.mark.parametrize(
    "content",
    [
        "<div>" * 30_000 + "</p>" * 30_000,
        "<x-y>" * 30_000 + "<p>x" * 3_000,
        "".join(f"<b id={n}><p>" for n in range(10_000)),
        "<table><tr><td>" * 10_000,
        "<svg>" * 30_000,
        "<select>" + "<option>x" * 50_000,
        "<template>" * 3_000,
    ],
    ids=["div", "unknown", "formatting", "tables", "svg", "options", "templates"],
)
def test_hostile_nesting_grows_with_the_page_only(content: str) -> None:
    page = f"<body><embed>{content}<p>end"
    with bounded_steps(40 * len(page)):
        root = parse_standard(page)
    assert root is not None
    assert "end" in "".join(map(str, root.itertext()))
    assert sum(1 for _ in root.iter()) < len(page)
    assert not root.xpath(f"//*[count(ancestor::*) > {MAX_NESTING}]")


TAGS = tokens(
    "a b blockquote br dd div dl dt em embed fieldset figure font form h2 h3 hr i image img"
    " label li nobr ol p pre ruby s section small span strong table tbody td th tr u ul wbr"
    " object template svg math select option button script center"
)
token = st.one_of(
    st.sampled_from(sorted(TAGS)).map("<{}>".format),
    st.sampled_from(sorted(TAGS)).map("</{}>".format),
    st.integers(0, 99).map(" w{} ".format),
    st.integers(0, 99).map("<a href=/l{}>".format),
    st.sampled_from(["<!-->", "<!--x--!>", "</br>", "<p/>", "< ", "&lt", "<x:y>", "</body>"]),
)


@settings(max_examples=400)
@given(st.lists(token, max_size=25).map("".join))
def test_nothing_that_browsers_show_in_an_entry_is_missing(content: str) -> None:
    page = post(content + "<p>Last.</p>")
    found = article(page)
    shown = {word for word in shown_words(page) if re.fullmatch(r"w\d+", word)}
    assert shown <= set(re.findall(r"w\d+", found.body_text))
    assert {HOME.rstrip("/") + link for link in shown_links(page)} <= {
        link.target_url for link in found.links
    }


@settings(max_examples=400)
@given(st.lists(token, max_size=25).map("".join))
def test_converted_tree_has_the_text_of_the_witness(content: str) -> None:
    page = f"<body>{content}".replace("template", "section")  # whose contents are apart in lexbor
    root = parse_standard(page)
    assert root is not None
    witness = LexborHTMLParser(page).root
    assert witness is not None
    text = "".join(map(str, root.itertext()))
    assert text.split() == witness.text(strip=False).split()


def words_and_links(root: etree._Element) -> tuple[list[str], list[str | None]]:
    words = " ".join(map(str, root.itertext())).split()
    return words, [link.get("href") for link in root.iter("a")]


def assert_read_alike(page: str) -> None:
    ours, standard = parse_html(page), parse_standard(page)
    assert ours is not None
    assert standard is not None
    assert words_and_links(ours) == words_and_links(standard)


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*/*/body.html")), ids=lambda p: p.parent.name)
def test_golden_page_is_read_as_the_standard_says(path: Path) -> None:
    assert_read_alike(path.read_text("utf-8", "replace"))
