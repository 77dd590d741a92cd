import pytest

from cacnp_archive.model.records import Tag
from cacnp_archive.model.site import HOME
from cacnp_archive.parsing.page.entry_parts import select_entries
from cacnp_archive.parsing.page.metadata import select_metadata
from cacnp_archive.parsing.page.page_type import PageType, page_type_of
from cacnp_archive.parsing.tree import parse_html
from tests.parsing.pages import PAGE_BODY, POST_BODY, document, post, read

TEASER = (
    '<article class="post-{0} post type-post entry"><h2 class="entry-title">'
    '<a href="/p{0}/">T</a></h2><div class="entry-content"><p>By Ann Roe […]</p></div></article>'
)
ENTRY = '<article class="post-9 page type-page entry"><h1 class="entry-title">T</h1></article>'


def page_type(text: str) -> PageType:
    root = parse_html(text)
    assert root is not None
    return page_type_of(root, select_entries(root), select_metadata(root))


@pytest.mark.parametrize(
    ("body_class", "expected"),
    [
        (POST_BODY, PageType.POST),
        (PAGE_BODY, PageType.PAGE),
        ("home blog", PageType.LISTING),
        ("home page-template-default page page-id-2", PageType.LISTING),
        ("home blog paged paged-3", PageType.LISTING),
        ("archive category category-asia category-5 paged", PageType.LISTING),
        ("archive tag tag-home tag-12", PageType.LISTING),
        ("archive tax-people term-john-tierney", PageType.LISTING),
        ("archive author author-x", PageType.LISTING),
        ("archive date", PageType.LISTING),
        ("search search-results", PageType.LISTING),
        ("error404", PageType.NOT_FOUND),
        ("attachment single single-attachment postid-4", PageType.OTHER),
        ("single single-post postid-4 search", PageType.POST),
        ("some-other-software", PageType.UNCLEAR),
    ],
)
def test_body_class_gives_the_page_type(body_class: str, expected: PageType) -> None:
    assert page_type(document("<p>x</p>", body_class=body_class)) is expected


def test_page_that_only_contains_a_list_of_posts_is_a_listing() -> None:
    main = TEASER.format(1) + TEASER.format(2)
    assert page_type(document(main, body_class="page page-id-3")) is PageType.LISTING


def test_page_with_teasers_under_its_own_entry_is_a_page() -> None:
    main = ENTRY + TEASER.format(1) + TEASER.format(2)
    assert page_type(document(main, body_class=PAGE_BODY)) is PageType.PAGE


def test_static_front_page_is_a_page() -> None:
    text = document(ENTRY, body_class="home page-template-default page page-id-9")
    assert page_type(text) is PageType.PAGE


def test_part_without_links_to_other_parts_repeats_the_article_and_is_ignored() -> None:
    text = post("<p>The whole.</p>").replace(POST_BODY, f"{POST_BODY} paged-9 single-paged-9")
    reading = read(text, f"{HOME}rockets/9/")
    assert reading.article is None
    assert reading.part is None


def test_first_part_of_a_split_post_has_a_part_count() -> None:
    parts = (
        '<div class="page-links">Pages: <a class="post-page-numbers" href="/rockets/2/">2</a></div>'
    )
    reading = read(post(f"<p>The first part.</p>{parts}"))
    assert reading.article is not None
    assert reading.article.body_text == "The first part."
    assert reading.article.links == ()
    assert reading.problems == ()


FEED = '<link rel="alternate" type="application/rss+xml" href="/rockets/feed/">'


def test_feed_of_an_article_is_not_followed_but_that_of_a_listing_is() -> None:
    assert f"{HOME}rockets/feed/" not in read(post("<p>x</p>", head=FEED)).links
    listing = document("", body_class="archive category", head=FEED)
    assert f"{HOME}rockets/feed/" in read(listing).links


@pytest.mark.parametrize("heading", ["New START", "Tag: <span>New START</span>"])
def test_archive_page_of_a_tag_gives_its_name(heading: str) -> None:
    main = f'<h1 class="archive-title">{heading}</h1>'
    text = document(main, body_class="archive tag tag-new-start tag-5")
    tags = read(text, f"{HOME}tag/new-start/").tags
    assert tags == (Tag(name="New START", slug="new-start", url=f"{HOME}tag/new-start/"),)


def test_text_in_a_box_of_the_editor_is_kept() -> None:
    reading = read(post('<div class="widget">In a box.</div><p>And outside.</p>'))
    assert reading.article is not None
    assert reading.article.body_text == "In a box.\n\nAnd outside."


STATED = {
    "another article": ("rockets/", "sparks/", "rockets/"),
    "the front page": ("rockets/", "", "rockets/"),
    "a page of comments": ("rockets/", "rockets/comment-page-3/", "rockets/"),
    "another host": ("rockets/", "https://livableworld.org/rockets/", "rockets/"),
    "the page of a short link": ("?p=7", "rockets/", "rockets/"),
    "the front page, of a short link": ("?p=7", "", "?p=7"),
    "a variant": ("rockets", "rockets/", "rockets/"),
}


@pytest.mark.parametrize("case", STATED)
def test_stated_canonical_url_is_used_where_it_is_plausible(case: str) -> None:
    asked, stated, expected = STATED[case]
    stated = stated if "://" in stated else HOME + stated
    reading = read(post("<p>x</p>", head=f'<link rel="canonical" href="{stated}">'), HOME + asked)
    assert reading.article is not None
    assert reading.article.url == HOME + expected


def test_without_body_class_one_entry_is_a_post_and_several_a_listing() -> None:
    assert page_type(document(TEASER.format(1), body_class="")) is PageType.POST
    assert page_type(document(TEASER.format(1) * 2, body_class="")) is PageType.LISTING
    assert page_type(document(ENTRY, body_class="")) is PageType.PAGE


def test_without_classes_the_head_gives_the_page_type() -> None:
    head = '<meta property="og:type" content="article" />'
    assert page_type(document("<main><p>x</p></main>", body_class="", head=head)) is PageType.POST
    head = '<script type="application/ld+json">{"@type": ["NewsArticle"]}</script>'
    assert page_type(document("<main><p>x</p></main>", body_class="", head=head)) is PageType.POST


def test_listing_yields_links_but_no_article() -> None:
    reading = read(document(TEASER.format(1) + TEASER.format(2), body_class="archive category"))
    assert reading.article is None
    assert reading.problems == ()
    assert reading.links == (
        "https://armscontrolcenter.org/p1/",
        "https://armscontrolcenter.org/p2/",
    )


def test_page_that_says_not_found_with_status_200_is_a_problem() -> None:
    reading = read(document("<h1>Not found, error 404</h1>", body_class="error404"))
    assert reading.article is None
    assert [problem.code for problem in reading.problems] == ["not-found-page"]


def test_text_before_the_page_does_not_hide_its_type() -> None:
    warning = "<br /><b>Warning</b>: a notice in <b>x.php</b> on line <b>3</b><br />"
    reading = read(warning + post("<p>Text.</p>"))
    assert reading.article is not None
    assert reading.article.wordpress_id == 7
    assert reading.article.body_text == "Text."
