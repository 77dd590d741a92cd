"""Second opinions on an article are compared with what was parsed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacnp_archive.model.records import Article, Author, Category, Disagreement, Kind, Opinion
from cacnp_archive.parsing.page.metadata import select_metadata
from cacnp_archive.parsing.page.opinions import parse_opinions
from cacnp_archive.parsing.tree import parse_html
from cacnp_archive.storage.disagreements import disagreements, plain

HEAD = """
<title>Rockets &#8211; A Center</title>
<meta property="og:site_name" content="A Center">
<meta property="og:title" content="Rockets - A Center">
<meta property="article:published_time" content="2012-01-11T14:30:00+00:00">
<meta property="article:section" content="Asia">
<meta name="author" content="webmaster">
<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ann Roe">
<script type="application/ld+json">{"@graph": [
 {"@type": "Article", "headline": "Rockets &#038; Sparks", "author": {"@id": "#p1"},
  "datePublished": "2012-01-11T14:30:00+00:00", "dateModified": "2013-02-03T10:00:00+00:00",
  "articleSection": "Asia,Russia", "keywords": ["New START"]},
 {"@type": "Person", "@id": "#p1", "name": "Ann Roe"}]}</script>
"""
ARTICLE = Article(
    url="https://a.example/rockets/",
    kind=Kind.POST,
    title="Rockets & Sparks",
    published_at="2012-01-11T09:30:00-05:00",
    authors=(Author(name="Ann Roe", printed="By Ann Roe"),),
    categories=(Category(name="Asia"),),
)


def opinions(head: str) -> tuple[Opinion, ...]:
    root = parse_html(f"<html><head>{head}</head><body>x</body></html>")
    assert root is not None
    return parse_opinions(select_metadata(root))


def opinion(field: str, value: str) -> Opinion:
    return Opinion(source="feed", field=field, value=value)


def test_each_source_in_the_head_gives_its_opinions() -> None:
    assert [(item.source, item.field, item.value) for item in opinions(HEAD)] == [
        ("json-ld", "title", "Rockets & Sparks"),
        ("json-ld", "published_at", "2012-01-11T14:30:00+00:00"),
        ("json-ld", "modified_at", "2013-02-03T10:00:00+00:00"),
        ("json-ld", "categories", "Asia"),
        ("json-ld", "categories", "Russia"),
        ("json-ld", "tags", "New START"),
        ("json-ld", "authors", "Ann Roe"),
        ("open-graph", "title", "Rockets"),
        ("open-graph", "published_at", "2012-01-11T14:30:00+00:00"),
        ("open-graph", "categories", "Asia"),
        ("meta", "authors", "webmaster"),
        ("meta", "authors", "Ann Roe"),
        ("title", "title", "Rockets"),
    ]


def test_empty_head_has_no_opinion() -> None:
    assert opinions('<meta property="og:title" content=""><title> </title>') == ()


def test_author_that_is_only_an_id_is_no_opinion() -> None:
    node = '{"@type": "Article", "author": [{"@id": "#p9"}, "https://a.example/author/x/", 7]}'
    assert opinions(f'<script type="application/ld+json">{node}</script>') == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Rockets &amp; Sparks"),
        ("title", " Rockets&nbsp;&#038;  <em>Sparks</em>"),
        ("published_at", "2012-01-11T14:30:00+00:00"),
        ("published_at", "2012-01-11T14:30:27Z"),
        ("published_at", "2012-01-11T09:30:00+00:00"),
        ("published_at", "2012-01-11"),
        ("modified_at", "2012-01-11T14:30:00+00:00"),
        ("categories", "ASIA"),
        ("authors", "Ann Roe"),
    ],
)
def test_same_value_in_other_words_is_no_disagreement(field: str, value: str) -> None:
    assert disagreements(ARTICLE, [opinion(field, value)]) == ()


@pytest.mark.parametrize(
    ("field", "value", "ours"),
    [
        ("title", "Rockets", "Rockets & Sparks"),
        ("published_at", "2012-01-12T14:30:00+00:00", "2012-01-11T09:30:00-05:00"),
        ("published_at", "2012-01-10", "2012-01-11T09:30:00-05:00"),
        ("published_at", "Wednesday", "2012-01-11T09:30:00-05:00"),
        ("modified_at", "2012-06-01T00:00:00+00:00", None),
        ("categories", "Russia", "Asia"),
        ("authors", "webmaster", "Ann Roe"),
        ("tags", "New START", None),
    ],
)
def test_other_value_is_a_disagreement(field: str, value: str, ours: str | None) -> None:
    assert disagreements(ARTICLE, [opinion(field, value)]) == (
        Disagreement(field=field, source="feed", extracted_value=ours, reported_value=value),
    )


def test_opinion_on_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValueError, match="weather"):
        disagreements(ARTICLE, [opinion("weather", "fine")])


@given(st.text())
def test_every_text_agrees_with_itself(text: str) -> None:
    article = Article(url="https://a.example/", kind=Kind.POST, title=text)
    assert disagreements(article, [opinion("title", text)]) == ()
    assert plain(plain(text)) == plain(text) or "&" in text or "<" in text


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "Article", "headline": "A, ]",}',
        '[{"@type": ["Thing", "NewsArticle"], "headline": ["A, ]"],},]',
        '<!-- {"@type": "http://schema.org/Article", "headline": "A, ]"} -->',
        '//<![CDATA[\n{"@type": "Article", "headline": "A, ]"}\n//]]>',
        '\ufeff{"@type": "Organization"}\n{"@type": "Article", "headline": "A, ]"};',
        '{"@type": "Article", /* c, } */ "url": "http://a//b", // c\n "headline": "A, ]" , }',
        '{"@graph": [{"@type": "Article", "articleBody": "x\ny\tz", "headline": "A, ]"}]}',
    ],
)
def test_json_ld_is_read_as_search_engines_read_it(script: str) -> None:
    found = opinions(f'<script type="application/ld+json; charset=utf-8">{script}</script>')
    assert [(item.field, item.value) for item in found] == [("title", "A, ]")]


def test_broken_json_ld_is_no_opinion() -> None:
    assert opinions('<script type="application/ld+json">{"@type": "Article", "head</script>') == ()
