"""The content covers what is known of the site."""

import json
import re
from collections import Counter

import pytest

from cacnp_archive.replica import build_site
from cacnp_archive.replica.pages.block_html import body_html
from cacnp_archive.replica.source.body_blocks import Image, ItemList
from cacnp_archive.replica.source.markup import parse_body
from cacnp_archive.replica.source.posts import KINDS
from cacnp_archive.replica.truth import body_text, truth_of

BASE = "http://127.0.0.1:1/"
TRUTH = truth_of(build_site(), BASE)
ARTICLES = TRUTH["articles"]


def test_there_are_more_than_150_articles_of_every_kind():
    assert len(ARTICLES) > 150
    assert {row["kind"] for row in ARTICLES} == set(KINDS)


def test_every_byline_pattern_has_an_article():
    assert {number for row in ARTICLES for number in row["byline_patterns"]} == set(range(1, 32))


def test_lookalikes_of_a_byline_are_labelled():
    labels = {row["byline_lookalike"] for row in ARTICLES} - {None}
    for part in ("mention", "journalist", "contact", "conflicting", "remarks", "prepared by"):
        assert any(part in label for label in labels), part


def test_an_author_has_a_byline_in_the_text_or_a_name_in_the_title():
    for row in ARTICLES:
        text = " ".join(row["body_text"].split())
        for author in row["authors"]:
            place = row["title"] if author["found_in"] == "title" else text
            assert author["printed"] in place, row["url"]


def test_mentioned_people_and_outlets_stand_in_the_text():
    for row in ARTICLES:
        text = f"{row['title']} {' '.join(row['body_text'].split())}"
        for mention in row["mentions"]:
            assert mention["person"] in text, row["url"]


def test_updated_notes_stand_in_the_text():
    notes = [row for row in ARTICLES if row["updated_note"]]
    assert len(notes) >= 7
    assert all(row["updated_note"] in " ".join(row["body_text"].split()) for row in notes)


def test_titles_are_as_odd_as_the_site_s():
    titles = [row["title"] for row in ARTICLES]
    assert "" in titles
    assert Counter(titles)["Executive Director John Tierney Quoted in The Hill"] == 3
    assert any(title.isupper() for title in titles)
    for part in ("\u2011", "2½", " / ", "U. S.", "Qué", "– –", "Add–ons", "””"):
        assert any(part in title for title in titles), part
    assert any(len(row["url"]) > len(BASE) + 150 for row in ARTICLES)


def test_bodies_hold_korean_spanish_and_broken_characters():
    text = "".join(row["body_text"] for row in ARTICLES)
    assert re.search("[가-힣]{2}", text)
    assert "¿" in text
    assert "\ufffd" in text
    assert "➤" in text


def test_every_kind_of_link_occurs():
    kinds = {link["kind"] for row in ARTICLES for link in row["links"]}
    assert kinds == {"outbound", "internal", "document", "media", "embed", "mail"}


def test_the_truth_is_json():
    assert json.loads(json.dumps(TRUTH)) == TRUTH


def test_generated_articles_are_the_same_each_time_and_older_than_the_newest():
    small, again = build_site(500), build_site(500)
    assert len(small.articles) == 500
    assert truth_of(small, BASE) == truth_of(again, BASE)
    assert [post.path for post in small.recent] == [post.path for post in build_site().recent]


def test_addresses_and_ids_are_unique():
    site = build_site(3000)
    assert len(site.by_id) == len(site.articles) == 3000
    assert not set(site.articles) & set(site.categories)


def test_markup_makes_the_blocks_it_promises():
    source = """
By Someone<br>
Somewhere

1. First
   - inner,
     wrapped
     - innermost
2. Second

| a | b |
|---|---|
| c | <a href="/x/">d</a> |

> one
>
> two

@image /a.jpg | alt | | block

{#note} A note
"""
    blocks = parse_body(source)
    names = [type(block).__name__ for block in blocks]
    assert names == ["Paragraph", "ItemList", "Table", "Quote", "Image", "Paragraph"]
    assert body_text(blocks).split("\n\n") == [
        "By Someone\n Somewhere",
        *("First", "inner, wrapped", "innermost", "Second"),
        *("a", "b", "c", "d", "one", "two", "A note"),
    ]
    markup = body_html(blocks, "http://x/")
    assert markup.count("<ul>") == 2
    assert "<ol>\n<li>First\n<ul>\n<li>inner, wrapped\n<ul>\n<li>innermost</li>" in markup
    assert '<td><a href="http://x/x/">d</a></td>' in markup
    assert '<p id="note">A note</p>' in markup
    assert "figcaption" not in markup


def test_unknown_markup_is_an_error():
    for source in ("<blink>no</blink>", "@nothing here", "a < b", "@image /a.jpg | a | b | odd"):
        with pytest.raises(ValueError, match="unknown"):
            parse_body(source)


def test_bodies_hold_every_kind_of_block():
    site = build_site()
    blocks = [block for article in site.articles.values() for block in article.blocks]
    assert {type(block).__name__ for block in blocks} == {
        *("Paragraph", "Heading", "ItemList", "Table", "Quote", "Image", "Gallery", "Embed"),
        *("Audio", "Video", "File", "Code", "Rule"),
    }
    assert {block.variant for block in blocks if isinstance(block, Image)} == set(Image.VARIANTS)
    lists = [block for block in blocks if isinstance(block, ItemList)]
    assert {block.ordered for block in lists} == {True, False}
    assert any(item.nested for block in lists for item in block.items)


def test_no_category_is_empty():
    site = build_site()
    assert [path for path in site.categories if not site.post_list(path).posts] == []
    assert max(path.count("/") for path in site.categories) == 2
