from cacnp_archive.model.records import Category
from cacnp_archive.model.site import HOME
from tests.parsing.pages import article, post


def test_only_categories_of_the_breadcrumb_are_steps() -> None:
    crumbs = """<p id="breadcrumbs"><span><a href="https://armscontrolcenter.org">Home</a> »
    <a href="/blog/">Blog</a> » <a href="/tag/new-start/">New START</a> »
    <a href="/asia/">Asia</a> » <span class="breadcrumb_last">Rockets</span></span></p>"""
    page = post("")
    start, end = page.index('<div class="breadcrumb">'), page.index("<article")
    found = article(page[:start] + crumbs + page[end:])
    assert [step.name for step in found.category_steps] == ["Asia"]
    assert [category.name for category in found.categories if category.primary] == ["Asia"]


def test_without_a_breadcrumb_only_a_single_category_is_primary() -> None:
    page = post("")
    start, end = page.index('<div class="breadcrumb">'), page.index("<article")
    bare = page[:start] + page[end:]
    assert not any(category.primary for category in article(bare).categories)
    start, end = bare.index(","), 0
    start, end = bare.index(',\n <a href="/asia/north-korea/"'), bare.index("</span></p></footer>")
    assert article(bare[:start] + bare[end:]).categories == (
        Category(name="Asia", url=f"{HOME}asia/", primary=True),
    )


def test_categories_not_printed_come_from_the_head_then_from_the_classes() -> None:
    page = post("")
    start, end = page.index('<span class="entry-categories">'), page.index("</p></footer>")
    bare = page[:start] + page[end:]
    assert [category.name for category in article(bare).categories] == ["Asia"]
    script = (
        '<script type="application/ld+json">'
        '{"@type": "Article", "articleSection": ["Asia", "Press &amp; More"]}</script>'
    )
    named = article(bare.replace("</head>", f"{script}</head>"))
    assert [category.name for category in named.categories] == ["Asia", "Press & More"]
    assert named.categories[0].url == f"{HOME}asia/"


def test_class_with_a_number_instead_of_a_slug_is_not_a_tag() -> None:
    assert article(post("").replace("tag-new-start", "tag-412")).tags == ()
