from cacnp_archive.model.records import Author, Category, CategoryStep, Credit, Kind, Person, Tag
from cacnp_archive.model.site import HOME
from tests.parsing.pages import ENTRY, PAGE_BODY, POST_BODY, article, document, post, read

YOAST = """
<link rel="canonical" href="http://www.armscontrolcenter.org/rockets/?utm_source=x" />
<meta property="og:title" content="Rockets - A Center" />
<meta property="og:site_name" content="A Center" />
<meta property="article:published_time" content="2012-01-11T14:30:00+00:00" />
<meta property="article:modified_time" content="2013-02-03T10:00:00+00:00" />
<link rel="shortlink" href="https://armscontrolcenter.org/?p=7" />
"""


def test_genesis_post_is_parsed_by_its_classes() -> None:
    found = article(post("<p>By Ann Roe</p><p>Text.</p>", head=YOAST), f"{HOME}?p=7")
    assert found.url == f"{HOME}rockets/"
    assert found.kind is Kind.POST
    assert found.title == "Rockets / Sparks"
    assert found.wordpress_id == 7
    assert found.published_at == "2012-01-11T09:30:00-05:00"
    assert found.published_on == "2012-01-11"
    assert found.modified_at == "2013-02-03T10:00:00+00:00"
    assert found.language == "en-US"
    assert found.body_text == "By Ann Roe\n\nText."
    assert found.authors == (Author(name="Ann Roe", person="Ann Roe", printed="By Ann Roe"),)


def test_categories_and_tags_come_from_footer_breadcrumb_and_post_class() -> None:
    found = article(post("<p>Text.</p>"))
    assert found.categories == (
        Category(name="Asia", url=f"{HOME}asia/"),
        Category(name="North Korea", url=f"{HOME}asia/north-korea/", primary=True),
        Category(name="Press & In the News", url=f"{HOME}press-room/"),
    )
    assert found.category_steps == (
        CategoryStep(name="Asia", url=f"{HOME}asia/"),
        CategoryStep(name="North Korea", url=f"{HOME}asia/north-korea/", parent_url=f"{HOME}asia/"),
    )
    assert found.tags == (Tag(name="New Start", slug="new-start"),)


def test_keyword_of_the_head_gives_a_tag_its_name() -> None:
    head = (
        '<script type="application/ld+json">'
        '{"@graph": [{"@type": "Article", "keywords": ["New START"]}]}</script>'
    )
    assert article(post("", head=head)).tags == (Tag(name="New START", slug="new-start"),)


def test_canonical_link_to_another_site_is_ignored() -> None:
    head = '<link rel="canonical" href="https://livableworld.org/rockets/" />'
    assert article(post("", head=head)).url == f"{HOME}rockets/"


def test_title_keeps_its_characters_and_loses_its_markup() -> None:
    page = post("").replace(
        '<h1 class="entry-title">Rockets / Sparks</h1>',
        '<h1 class="entry-title">&nbsp;‘Appalling’ <em>Non‑Proliferation</em>\ufffd &amp;'
        "  “Gap”” </h1>",
    )
    assert article(page).title == "‘Appalling’ Non‑Proliferation\ufffd & “Gap””"


def test_empty_title_is_empty_and_a_missing_one_is_a_problem() -> None:
    page = post("<p>Text.</p>")
    heading = '<h1 class="entry-title">Rockets / Sparks</h1>'
    assert article(page.replace(heading, '<h1 class="entry-title"></h1>')).title == ""
    reading = read(page.replace(heading, ""))
    assert reading.article is not None
    assert reading.article.title is None
    assert [problem.code for problem in reading.problems] == ["no-title"]


def test_title_of_the_head_replaces_a_missing_one() -> None:
    page = post("", head=YOAST).replace('<h1 class="entry-title">Rockets / Sparks</h1>', "")
    assert article(page).title == "Rockets"


def test_date_above_the_article_is_found() -> None:
    page = post("<p>Text.</p>")
    start = page.index('<p class="entry-meta"><time')
    end = page.index("</p>", start) + len("</p>")
    line = page[start:end]
    moved = (page[:start] + page[end:]).replace("<article", line + "<article", 1)
    assert article(moved).published_at == "2012-01-11T09:30:00-05:00"


def test_printed_date_alone_becomes_the_date() -> None:
    page = post("").replace(' datetime="2012-01-11T09:30:00-05:00"', "")
    found = article(page)
    assert (found.published_at, found.published_on) == ("2012-01-11", "2012-01-11")


def test_post_without_any_date_is_a_problem() -> None:
    page = post("<p>Not this: March 3, 2010</p>").replace("<time", "<i").replace("</time>", "</i>")
    page = page.replace("January 11,", "").replace("2012</i>", "</i>").replace("entry-time", "x")
    reading = read(page)
    assert reading.article is not None
    assert reading.article.published_at is None
    assert [problem.code for problem in reading.problems] == ["no-date"]


def test_page_without_a_date_is_no_problem() -> None:
    main = (
        '<article class="post-9 page type-page entry"><h1 class="entry-title">About</h1>'
        '<div class="entry-content"><p>Who we are.</p></div></article>'
    )
    reading = read(document(main, body_class=PAGE_BODY, head=YOAST), f"{HOME}about/")
    assert reading.problems == ()
    assert reading.article is not None
    assert reading.article.kind is Kind.PAGE
    assert reading.article.wordpress_id == 9
    assert reading.article.published_at is None
    assert reading.article.modified_at == "2013-02-03T10:00:00+00:00"


def test_modified_date_that_repeats_the_date_of_publication_is_none() -> None:
    node = '{"@type": "WebPage", "datePublished": "2012-01-11", "dateModified": "%s"}'
    script = f'<script type="application/ld+json">{node}</script>'
    assert article(post("", head=script % "2012-01-11")).modified_at is None
    assert article(post("", head=script % "2012-03-01")).modified_at == "2012-03-01"


def test_password_protected_post_has_no_body() -> None:
    reading = read(post('<form class="post-password-form"><p>Enter the password</p></form>'))
    assert reading.article is not None
    assert reading.article.body_text == ""
    assert [problem.code for problem in reading.problems] == ["password-protected"]


def test_comments_and_other_entries_are_not_part_of_the_article() -> None:
    foreign = """
    <div class="entry-comments" id="comments"><ol class="comment-list"><li>
    <article id="article-comment-1"><header><p><time class="entry-time"
     datetime="2020-01-01">January 1, 2020</time></p></header>
    <div class="comment-content"><p>By Eve Mallory</p></div></article></li></ol></div>
    <article class="post-99 post type-post entry"><h2 class="entry-title">Foreign</h2>
    <time class="entry-time" datetime="2021-01-01">January 1, 2021</time>
    <div class="entry-content"><p>Foreign text</p></div>
    <span class="entry-categories"><a rel="category tag" href="/f/">Foreign</a></span></article>
    """
    page = post("<p>Text.</p>")
    before = page.replace("<article", f"{foreign}<article", 1)
    inside = page.replace("</footer>", f"</footer>{foreign}", 1)
    after = page.replace("</main>", f"{foreign}</main>", 1)
    expected = article(page)
    assert article(before) == expected
    assert article(inside) == expected
    assert article(after) == expected


def test_old_genesis_markup_is_read() -> None:
    main = """<div id="content"><div class="post-31 post type-post hentry category-russia entry">
    <h1 class="entry-title">Old markup</h1>
    <div class="post-info"><span class="date published time" title="2011-02-03T10:11:12+00:00">
    February 3, 2011</span> By <span class="author vcard"></span></div>
    <div class="entry-content"><p>by Ann Roe</p><p>Text.</p></div>
    <div class="post-meta"><span class="categories">Filed Under:
    <a href="/russia/" rel="category tag">Russia</a></span>
    <span class="tags">Tagged With: <a href="/tag/new-start/" rel="tag">New START</a></span></div>
    </div></div>"""
    found = article(document(main, body_class="single single-post postid-31"))
    assert found.published_at == "2011-02-03T10:11:12+00:00"
    assert found.published_on == "2011-02-03"
    assert found.wordpress_id == 31
    assert found.categories == (Category(name="Russia", url=f"{HOME}russia/", primary=True),)
    assert found.tags == (Tag(name="New START", slug="new-start", url=f"{HOME}tag/new-start/"),)
    assert found.body_text == "by Ann Roe\n\nText."


def test_classic_default_theme_is_read() -> None:
    main = """<main id="main"><article id="post-7" class="post-7 post type-post hentry">
    <header class="entry-header"><span class="posted-on"><a href="/x/"><time
     class="entry-date published" datetime="2019-03-04T05:06:07+00:00">March 4, 2019</time><time
     class="updated" datetime="2019-05-06T07:08:09+00:00">May 6, 2019</time></a></span>
    <h1 class="entry-title">Classic</h1></header><div class="entry-content"><p>Text.</p></div>
    <footer class="entry-footer"><span class="cat-links"><a href="/asia/"
     rel="category tag">Asia</a>
    </span><span class="tags-links"><a href="/tag/a/" rel="tag">A</a></span></footer>
    </article></main>"""
    found = article(document(main))
    assert found.published_at == "2019-03-04T05:06:07+00:00"
    assert found.modified_at == "2019-05-06T07:08:09+00:00"
    assert [category.name for category in found.categories] == ["Asia"]
    assert [tag.slug for tag in found.tags] == ["a"]


def test_block_theme_is_read() -> None:
    main = """<main class="wp-block-group"><h1 class="wp-block-post-title">Blocks</h1>
    <div class="wp-block-post-date"><time datetime="2023-01-02T03:04:05-05:00">Jan 2,
     2023</time></div>
    <div class="taxonomy-category wp-block-post-terms"><a href="/asia/" rel="tag">Asia</a></div>
    <div class="entry-content wp-block-post-content"><p>Text.</p></div>
    <div class="taxonomy-post_tag wp-block-post-terms"><a href="/tag/a/" rel="tag">A</a></div>
    <div class="wp-block-query"><ul class="wp-block-post-template"><li>
    <h3 class="wp-block-post-title">Foreign</h3></li></ul></div></main>"""
    found = article(document(main))
    assert found.title == "Blocks"
    assert found.wordpress_id == 7
    assert found.published_at == "2023-01-02T03:04:05-05:00"
    assert [category.name for category in found.categories] == ["Asia"]
    assert [tag.name for tag in found.tags] == ["A"]
    assert found.body_text == "Text."


def test_theme_byline_is_used_when_the_body_has_none() -> None:
    meta = '<span class="entry-author"><span class="entry-author-name">Ann Roe</span></span></p>'
    page = post("<p>Text.</p>").replace("</time></p>", f"</time>{meta}")
    assert article(page).authors == (
        Author(name="Ann Roe", person="Ann Roe", printed="Ann Roe", found_in="entry-meta"),
    )


def test_roles_and_bylines_are_as_printed() -> None:
    found = article(post("<p>by Ann Roe [contact information] Updated by Cy Doe, June 2014</p>"))
    assert found.authors == (
        Author(name="Ann Roe", person="Ann Roe", printed="by Ann Roe [contact information]"),
        Author(
            name="Cy Doe",
            person="Cy Doe",
            printed="Updated by Cy Doe, June 2014",
            credit=Credit.UPDATED,
            date="2014-06",
        ),
    )


def test_people_taxonomy_is_neither_category_nor_tag() -> None:
    terms = (
        '<span class="entry-terms">People: <a href="/people/ann-roe/" rel="tag">Ann Roe</a></span>'
    )
    page = document(
        ENTRY.format(content="").replace("</span></p></footer>", f"</span>{terms}</p></footer>"),
        body_class=POST_BODY,
    )
    assert article(page).tags == (Tag(name="New Start", slug="new-start"),)
    assert len(article(page).categories) == 3


def test_json_ld_takes_precedence_over_local_time_labelled_as_utc() -> None:
    head = (
        '<meta property="article:published_time" content="2012-01-11T09:30:00+00:00">'
        '<meta property="article:modified_time" content="2012-01-12T09:30:00+00:00">'
        '<script type="application/ld+json">{"@type":"Article",'
        '"datePublished":"2012-01-11T14:30:00+00:00","dateModified":"2012-01-12T14:30:00+00:00"}'
        "</script>"
    )
    text = post("<p>x</p>", head=head).replace(' datetime="2012-01-11T09:30:00-05:00"', "")
    read = article(text)
    assert read.published_at == "2012-01-11T14:30:00+00:00"
    assert read.published_on == "2012-01-11"
    assert read.modified_at == "2012-01-12T14:30:00+00:00"


def test_title_and_date_in_a_banner_above_the_column_are_found() -> None:
    page = post("<p>Text.</p>")
    start, end = page.index('<header class="entry-header">'), page.index("</header>")
    header = page[start:end].replace("<header", "<div").replace("entry-header", "hero-section")
    moved = page[:start] + "<header>" + page[end:]
    found = article(moved.replace("<main", f"{header}</div><main"))
    assert found.title == "Rockets / Sparks"
    assert found.published_at == "2012-01-11T09:30:00-05:00"


def test_date_in_a_sidebar_is_not_the_article_s() -> None:
    page = post("<p>Text.</p>")
    start, end = page.index('<p class="entry-meta"><time'), page.index("</time></p>")
    line = page[start : end + len("</time></p>")]
    sidebar = f'<aside class="sidebar">{line}</aside><div class="widget-area">{line}</div>'
    reading = read(page.replace(line, "").replace("<main", f"{sidebar}<main"))
    assert reading.article is not None
    assert reading.article.published_at is None


def test_title_is_its_visible_text() -> None:
    title = '<span class="screen-reader-text">Post: </span>Two<br />Lines <sup>2</sup>&nbsp;&amp; x'
    page = post("").replace(">Rockets / Sparks</h1>", f">{title}</h1>")
    assert article(page).title == "Two Lines 2 & x"


def test_people_are_read_from_links_and_classes() -> None:
    terms = (
        '<span class="entry-terms">People: <a href="/people/ann-roe/" rel="tag">Ann Roe</a></span>'
    )
    page = post("<p>Jo Doe-Roe spoke.</p>")
    page = page.replace("</span></p></footer>", f"</span>{terms}</p></footer>")
    page = page.replace("tag-new-start", "people-ann-roe people-jo-doe-roe people-cy-poe people-12")
    assert article(page).people == (
        Person(name="Ann Roe", slug="ann-roe", url=f"{HOME}people/ann-roe/"),
        Person(name="Jo Doe-Roe", slug="jo-doe-roe"),
        Person(name="Cy Poe", slug="cy-poe"),
    )


def test_archive_page_of_a_person_gives_the_name() -> None:
    main = '<h1 class="archive-title">Ann Roe-Doe</h1>'
    reading = read(
        document(main, body_class="archive tax-people term-ann-roe-doe"),
        f"{HOME}people/ann-roe-doe/",
    )
    assert reading.people == (
        Person(name="Ann Roe-Doe", slug="ann-roe-doe", url=f"{HOME}people/ann-roe-doe/"),
    )


def test_each_document_is_listed_once_without_fragment() -> None:
    found = article(
        post('<a href="/a.pdf">A</a><a href="/a.pdf#page=3">3</a><object data="/b.pdf"></object>')
    )
    assert found.documents == (f"{HOME}a.pdf", f"{HOME}b.pdf")


def test_words_are_counted_by_white_space() -> None:
    assert article(post("<p>One two — three.</p><p>Four&nbsp;five</p>")).word_count == 6


def test_sections_joined_by_commas_are_several_categories() -> None:
    head = (
        '<script type="application/ld+json">'
        '{"@type": "Article", "articleSection": "Asia,Press &amp; In the News"}</script>'
    )
    page = post("", head=head)
    start, end = page.index("<footer"), page.index("</footer>")
    names = [category.name for category in article(page[:start] + page[end:]).categories]
    assert names == ["Asia", "Press & In the News"]
