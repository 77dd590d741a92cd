import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacnp_archive.model import urls
from cacnp_archive.model.records import Link, LinkKind
from cacnp_archive.model.site import HOME
from cacnp_archive.parsing.resolve import resolve
from tests.parsing.pages import article, document, post, read


def test_links_of_the_body_are_listed_in_order() -> None:
    content = """<p>See <a href="http://www.armscontrolcenter.org/about/board">the
    <em>board</em></a>, <a href="#notes">notes</a>, <a href="mailto:a@example.org">mail</a>,
    <a href="/wp-content/uploads/2015/07/facts.pdf#page=2">facts</a>,
    <a href="//cdn.example/a.MP3">sound</a>, <a href="javascript:void(0)">nothing</a>,
    <a href="https://news.example/a?b=1#c">news</a></p>
    <iframe data-src="https://www.youtube.com/embed/1" src="about:blank" title="A film"></iframe>
    <div class="sharedaddy"><a href="https://twitter.com/share">Tweet</a></div>"""
    links = article(post(content)).links
    assert [(link.target_url, link.host, link.kind, link.anchor_text) for link in links] == [
        (
            "http://www.armscontrolcenter.org/about/board",
            "www.armscontrolcenter.org",
            LinkKind.INTERNAL,
            "the board",
        ),
        (f"{HOME}rockets/#notes", "armscontrolcenter.org", LinkKind.INTERNAL, "notes"),
        ("mailto:a@example.org", "", LinkKind.MAIL, "mail"),
        (
            f"{HOME}wp-content/uploads/2015/07/facts.pdf#page=2",
            "armscontrolcenter.org",
            LinkKind.DOCUMENT,
            "facts",
        ),
        ("https://cdn.example/a.MP3", "cdn.example", LinkKind.MEDIA, "sound"),
        ("https://news.example/a?b=1#c", "news.example", LinkKind.OUTBOUND, "news"),
        ("https://www.youtube.com/embed/1", "www.youtube.com", LinkKind.EMBED, "A film"),
    ]
    assert links[0].context == "See the board, notes, mail, facts, sound, nothing, news"


def test_fallback_link_of_a_player_is_a_link() -> None:
    content = '<audio><source src="/a.mp3"><a href="/a.mp3">https://x.example/a.mp3</a></audio>'
    assert article(post(content)).links == (
        Link(
            target_url=f"{HOME}a.mp3",
            host="armscontrolcenter.org",
            kind=LinkKind.MEDIA,
            anchor_text="https://x.example/a.mp3",
            context="",
        ),
    )


def test_links_of_the_whole_page_are_listed_once_each() -> None:
    head = """<link rel="canonical" href="/a/"><link rel="next" href="/page/2/">
    <link rel="alternate" type="application/rss+xml" href="/feed/">
    <link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/7">
    <link rel="dns-prefetch" href="//fonts.example">"""
    main = """<nav><a href="/b/#x">b</a><a href="/b/">b</a></nav><map><area href="c/"></map>
    <a href="mailto:x@y.example">m</a><a href="https://[broken">z</a><a>none</a>
    <footer><a href="https://twitter.com/x">t</a></footer>"""
    assert read(document(main, body_class="archive", head=head), f"{HOME}asia/").links == (
        f"{HOME}a/",
        f"{HOME}page/2/",
        f"{HOME}feed/",
        f"{HOME}b/",
        f"{HOME}asia/c/",
        "https://twitter.com/x",
    )


def test_base_of_the_document_is_used() -> None:
    head = '<base href="/deep/er/">'
    assert read(document('<a href="x/">x</a>', head=head)).links == (f"{HOME}deep/er/x/",)
    head = '<base href="http://[broken/">'
    assert read(document('<a href="x/">x</a>', head=head)).links == (f"{HOME}rockets/x/",)


BASES = (
    "https://a.example/",
    "https://a.example/x/y/?q=/z/#/p",
    "https://a.example?q=/z/",
    "http://user@[::1]:8000/x/../y",
    "http://a.example",
    "mailto:a/b/c@a.example",
)
PIECES = ("/", "//", "..", "?", "#", ":", "b.example", "x", " ", "\t", "é", "%2f")


@given(st.sampled_from(BASES), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_cached_url_equals_the_resolved_one(base: str, reference: str) -> None:
    assert resolve(base, reference) == urls.resolve(base, reference)


def marked(content: str) -> list[str]:
    """Return the texts of the links that cite nothing."""
    return [link.anchor_text for link in article(post(content)).links if link.is_furniture]


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        (
            """<p>Download the podcast on <a href="https://itunes.apple.com/us/podcast/1">iTunes</a>,
            <a href="https://play.google.com/music/m/1">Google Play</a>,
            <a href="https://www.stitcher.com/podcast/x">Stitcher</a> or
            <a href="https://soundcloud.com/x">SoundCloud</a>.</p>""",
            ["iTunes", "Google Play", "Stitcher", "SoundCloud"],
        ),
        (
            """<ul><li><a href="https://podcasts.apple.com/x">Apple</a></li>
            <li><a href="https://open.spotify.com/show/x">Spotify</a></li></ul>
            <p>See <a href="https://news.example/a">a report</a>.</p>""",
            ["Apple", "Spotify"],
        ),
        (
            """<p>Follow us on <a href="https://twitter.com/nukes">Twitter</a> and
            <a href="https://www.facebook.com/nukes/">Facebook</a>.</p>""",
            ["Twitter", "Facebook"],
        ),
        (
            """<p><a href="https://twitter.com/intent/tweet?text=x">Tweet</a>
            <a href="https://www.facebook.com/sharer/sharer.php?u=x">Share</a>
            <a href="mailto:?subject=x">Mail</a></p>""",
            ["Tweet", "Share", "Mail"],
        ),
        (
            "<nav><p><a href='https://other.example/'>Elsewhere</a></p></nav><p>Text.</p>",
            ["Elsewhere"],
        ),
        ("<aside><a href='https://other.example/'>Aside</a></aside><p>Text.</p>", ["Aside"]),
        ("<p><a href='https://soundcloud.com/x/an-episode'>the episode</a></p>", []),
        (
            "<p><a href='https://twitter.com/a/status/1'>A</a> <a href='https://x.com/b/status/2'>B</a></p>",
            [],
        ),
        (
            "<p><a href='https://youtube.com/watch?v=1'>A</a> <a href='https://x.com/b'>B</a></p>",
            [],
        ),
        ("<p><a href='mailto:a@example.org'>Mail</a></p><nav></nav><p><a href='/x/'>X</a></p>", []),
    ],
)
def test_links_that_cite_nothing_are_marked(content: str, texts: list[str]) -> None:
    assert marked(content) == texts
