"""Pages in themes that nobody wrote a parser for: invented, in the markup that builders print."""

import pytest

from cacnp_archive.model.layouts import Layout
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.site import HOME
from cacnp_archive.parsing.layouts.printed_dates import parse_any_date
from tests.parsing.pages import article, document, read

FIRST = (
    "<p>By Ann Roe</p><p>The committee met for two hours, heard four witnesses, and asked each of"
    ' them for <a href="https://other.example/a.pdf">a report</a> before the end of the year.</p>'
)
SECOND = (
    "<h2>What was said</h2><p>None of the witnesses would say how many of the silos are empty; two"
    " of them said that the number is known, and that it will be published in the spring.</p>"
)
BEFORE = "The committee met for two hours"
AFTER = "published in the spring."
AROUND = (
    '<nav><ul><li><a href="/about/">About the people who make this site</a></li></ul></nav>',
    '<div class="x9-rel related-stories"><h3><a href="/b/">Another story of the same week</a></h3>'
    "<p>The excerpt of another story, long enough to be taken for prose if nobody looks.</p></div>"
    '<div id="commentlist-7"><p>A reader writes at length that the silos have been empty for years,'
    " and that everybody who lives near them has always known that they are.</p></div>"
    '<div class="q1"><p>© 2020 The Makers. All rights reserved by them and nobody else.</p></div>',
)
HEAD = (
    "<title>Empty Silos &#8211; The Makers</title>"
    "<meta property='og:site_name' content='The Makers'>"
    "<link rel='https://api.w.org/' href='/wp-json/'>"
)


def page(content: str, *, body_class: str = "", heading: str = "<h1>Empty Silos</h1>") -> str:
    before, after = AROUND
    date = '<div class="m">12 mars 2019 · 4 min</div>'
    main = f'{before}<div class="l1"><div class="l2">{heading}{date}{content}</div></div>{after}'
    return document(main, body_class=body_class, head=HEAD)


@pytest.mark.parametrize(
    "content",
    [
        f'<div class="et_pb_module et_pb_post_content">{FIRST}{SECOND}</div>',
        f'<div class="elementor-widget-theme-post-content"><div>{FIRST}{SECOND}</div></div>',
        f'<div class="td-post-content tagdiv-type">{FIRST}{SECOND}</div>',
        f'<div itemprop="articleBody">{FIRST}{SECOND}</div>',
        f'<div class="post" id="post-12"><div class="entry">{FIRST}{SECOND}</div></div>',
        f'<div class="h-entry"><div class="e-content">{FIRST}{SECOND}</div></div>',
    ],
)
def test_text_is_found_by_the_conventions_of_themes_and_builders(content: str) -> None:
    found = article(page(content, body_class="single postid-12"))
    assert found.layout is Layout.KNOWN
    check(found.body_text)
    assert [author.name for author in found.authors] == ["Ann Roe"]
    assert [link.target_url for link in found.links] == ["https://other.example/a.pdf"]


@pytest.mark.parametrize(
    "content",
    [
        f'<div class="css-1q2w3e">{FIRST}{SECOND}</div>',
        f'<div class="a7"><div>{FIRST}</div></div><div class="a7"><div>{SECOND}</div></div>',
        f"{FIRST}{SECOND}",
    ],
)
@pytest.mark.parametrize("body_class", ["", "single postid-12"])
def test_text_is_found_without_any_name(content: str, body_class: str) -> None:
    found = article(page(content, body_class=body_class))
    assert found.layout is Layout.GENERAL
    check(found.body_text)
    assert found.title == "Empty Silos"
    assert found.published_at == "2019-03-12"
    assert [author.name for author in found.authors] == ["Ann Roe"]
    assert [link.target_url for link in found.links] == ["https://other.example/a.pdf"]


def check(text: str) -> None:
    """Check that a text is whole, and has nothing of what stands around it."""
    assert BEFORE in text
    assert text.endswith(AFTER)
    for strange in (
        "About the",
        "Another story",
        "reader writes",
        "All rights",
        "Empty Silos",
        "mars",
    ):
        assert strange not in text


def test_title_is_that_of_the_head_without_the_name_of_the_site_where_no_heading_shows_it() -> None:
    found = article(page(f"<div>{FIRST}{SECOND}</div>", heading="<h3>Our logo</h3>"))
    assert found.title == "Empty Silos"


def test_page_of_teasers_is_no_article() -> None:
    teaser = "<div><h2><a href='/{0}/'>Story {0}</a></h2><p>{1}</p></div>"
    prose = (
        "The excerpt of a story that is long enough to be taken for the prose of an article. " * 3
    )
    main = "<h1>Stories</h1>" + "".join(teaser.format(n, prose) for n in range(8))
    assert read(document(main, body_class="", head=HEAD), f"{HOME}stories/").article is None


def test_front_page_that_nothing_classifies_is_no_article() -> None:
    assert read(page(FIRST + SECOND), HOME).article is None


def test_page_that_wordpress_did_not_make_is_read_and_reported() -> None:
    text = page(FIRST + SECOND).replace("<link rel='https://api.w.org/' href='/wp-json/'>", "")
    reading = read(text)
    assert reading.article is not None
    check(reading.article.body_text)
    assert [problem.code for problem in reading.problems] == [ProblemCode.UNKNOWN_LAYOUT]


def test_short_page_that_nothing_classifies_is_no_article() -> None:
    wall = "<h1>One moment</h1><p>We check that you are a person. Please wait a few seconds.</p>"
    assert read(document(wall, body_class="", head=HEAD)).article is None


def test_banner_that_repeats_the_entry_is_not_the_entry() -> None:
    banner = (
        '<div class="hero post-12 type-post hentry"><h1 class="entry-title">Empty Silos</h1></div>'
    )
    entry = f'<div class="post-12 hentry"><div class="entry-content">{FIRST}{SECOND}</div></div>'
    found = article(document(banner + entry, body_class="single postid-12", head=HEAD))
    check(found.body_text)
    assert found.title == "Empty Silos"


def test_box_of_links_to_other_stories_inside_a_text_is_not_part_of_it() -> None:
    box = '<div class="k-read-more"><a href="/b/">Another story of the same week</a></div>'
    content = f'<div class="entry-content">{FIRST}{box}{SECOND}</div>'
    check(article(page(content, body_class="single postid-12")).body_text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mittwoch, 6. März 2019", "2019-03-06"),
        ("le 1er août 2020 à 12h", "2020-08-01"),
        ("3 de septiembre de 2018", "2018-09-03"),
        ("12 maggio 2017", "2017-05-12"),
        ("22.10.2019, 12:30", "2019-10-22"),
        ("Posted on September 21, 2020 by X", "2020-09-21"),
        ("2015/05/04", "2015-05-04"),
        ("31 February 2020", None),
        ("4 Fragen 2019", None),
        ("12/04/2020", "2020-12-04"),
    ],
)
def test_date_is_read_in_the_usual_languages(text: str, expected: str | None) -> None:
    assert parse_any_date(text) == expected
