"""No answer costs work without end: each bound cuts, says so, and keeps what is before it."""

import json

import pytest

from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Reading
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.parsing.bounds import MAX_ENTRIES, MAX_LINKS, MAX_TAGS
from cacnp_archive.parsing.files.styles import css_references
from cacnp_archive.parsing.lists.xml_lists import parse_robots
from cacnp_archive.parsing.people.mention_title import mentions_in_title
from cacnp_archive.parsing.read_capture import read_capture
from cacnp_archive.parsing.text.body import Block
from tests.support.captures import make_capture
from tests.support.steps import bounded_steps

SITE = Site.at(HOME)


def read(body: str, path: str = "a-post/", content_type: str = "text/html") -> Reading:
    headers = (("Content-Type", content_type),)
    return read_capture(make_capture(HOME + path, body.encode(), headers=headers), SITE)


def post(content: str) -> str:
    return (
        '<html><head><link rel="stylesheet" href="/wp-content/a.css"></head>'
        '<body class="single single-post postid-5"><article class="post-5 post type-post entry">'
        f'<h1 class="entry-title">T</h1><div class="entry-content">{content}</div></article>'
    )


def cuts(reading: Reading) -> list[str]:
    """Return what was too many, as the problems name it."""
    return [item.detail for item in reading.problems if item.code is ProblemCode.TOO_MANY]


def test_a_page_of_countless_links_gives_the_first_ones() -> None:
    reading = read(post("".join(f"<a href=/l{n}/>x" for n in range(200_000))))
    assert reading.links == tuple(f"{HOME}l{n}/" for n in range(MAX_LINKS))
    assert reading.article is not None
    assert [link.target_url for link in reading.article.links] == list(reading.links)
    assert cuts(reading) == [
        "more than 150,000 tags; what follows is left out",
        "more than 10,000 links; what follows is left out",
    ]


def test_media_embeds_and_requisites_are_bounded_each_by_itself() -> None:
    images = "".join(f"<img src=/i{n}.png>" for n in range(MAX_LINKS + 1))
    frames = "".join(f"<iframe src=https://f.example/{n}></iframe>" for n in range(MAX_LINKS + 1))
    reading = read(post(f"{images}{frames}<a href=/last/>x</a>"))
    assert reading.article is not None
    found = (reading.requisites, reading.article.media, reading.article.embeds)
    assert [len(items) for items in found] == [MAX_LINKS] * 3
    assert reading.links == (f"{HOME}last/",)
    assert sorted(cuts(reading)) == [
        f"more than 10,000 {what}; what follows is left out"
        for what in ("embeds", "links", "media", "requisites")
    ]


def test_exactly_what_is_allowed_is_no_problem() -> None:
    reading = read(post("".join(f"<a href=/l{n}/>x</a>" for n in range(MAX_LINKS))))
    assert len(reading.links) == MAX_LINKS
    assert cuts(reading) == []
    assert cuts(read(post("<b>" * (MAX_TAGS - 20)))) == []


def sitemap(root: str, item: str, count: int) -> str:
    items = "".join(f"<{item}><loc>/p{n}/</loc></{item}>" for n in range(count))
    return f"<{root}>{items}</{root}>"


@pytest.mark.parametrize(
    ("body", "path", "content_type", "what"),
    [
        (sitemap("urlset", "url", MAX_ENTRIES + 9), "sitemap.xml", "text/xml", "entries"),
        (sitemap("sitemapindex", "sitemap", MAX_ENTRIES + 9), "s.xml", "text/xml", "links"),
        (
            f"<rss>{''.join(f'<item><link>/p{n}/</link></item>' for n in range(MAX_ENTRIES + 9))}"
            "</rss>",
            "feed/",
            "application/rss+xml",
            "entries",
        ),
        (
            json.dumps([{"link": f"/p{n}/"} for n in range(MAX_ENTRIES + 9)]),
            "wp-json/wp/v2/posts",
            "application/json",
            "entries",
        ),
    ],
)
def test_a_list_gives_as_many_entries_as_the_protocol_allows(
    body: str, path: str, content_type: str, what: str
) -> None:
    reading = read(body, path, content_type)
    assert len(reading.entries) + len(reading.links) == MAX_ENTRIES
    assert cuts(reading) == [f"more than 50,000 {what}; what follows is left out"]


def test_a_header_field_that_no_row_can_hold_is_a_problem() -> None:
    capture = make_capture(HOME, b"x", headers=(("ETag", '"' + "e" * 5000 + '"'),))
    problem = "more than 4,000 characters of etag; what follows is left out"
    assert cuts(read_capture(capture, SITE)) == [problem]


@pytest.mark.parametrize("word", ["Ann Roe ", "Ann Roe, ", "Dr. Ann Roe said "])
def test_a_name_of_the_title_that_a_text_repeats_costs_no_more_work(word: str) -> None:
    def steps(count: int) -> int:
        blocks = [Block(word * count, "p")] * 20
        with bounded_steps(10_000_000) as taken:
            mentions_in_title("Ann Roe Quoted in The Daily", blocks, is_press=True)
        return taken.count

    assert steps(100) < 1.5 * steps(50)


ENDLESS = 1_000_000
"""Characters, with which work that grows with their square takes an hour."""


@pytest.mark.parametrize(
    "unit", [" ", "\n", '"\\', "'\\", "url(", 'url("\\', "@import ", "/*", "\\"]
)
@pytest.mark.parametrize("start", ["", "url(", 'url("', '"', "@import url("])
def test_styles_that_close_nothing_are_read_once(start: str, unit: str) -> None:
    assert len(list(css_references(start + unit * (ENDLESS // len(unit))))) <= 1


@pytest.mark.parametrize("unit", ["\n", " ", " \n", "sitemap", "sitemap ", "sitemap:\n"])
def test_robots_txt_of_empty_lines_is_read_once(unit: str) -> None:
    assert parse_robots(unit * (ENDLESS // len(unit)), HOME).links == ()
