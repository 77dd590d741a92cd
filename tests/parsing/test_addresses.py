import pytest

from cacnp_archive.model.records import RequisiteKind
from cacnp_archive.model.site import HOME
from cacnp_archive.parsing.read_capture import read_capture
from cacnp_archive.parsing.srcset import parse_srcset
from tests.parsing.pages import SITE, document, read
from tests.support.captures import make_capture


def needed(main: str, head: str = "") -> list[tuple[str, str]]:
    found = read(document(main, head=head), HOME).requisites
    return [(item.url.removeprefix(HOME), item.kind.value) for item in found]


@pytest.mark.parametrize(
    ("value", "urls"),
    [
        ("a.jpg", ["a.jpg"]),
        ("a.jpg 1x, b.jpg 2x", ["a.jpg", "b.jpg"]),
        ("a.jpg,b.jpg", ["a.jpg,b.jpg"]),
        ("a.jpg, b.jpg", ["a.jpg", "b.jpg"]),
        (
            "https://c.example/w_1,h_2/a.jpg 300w,b.jpg 600w",
            ["https://c.example/w_1,h_2/a.jpg", "b.jpg"],
        ),
        ("a.jpg calc(1px, 2px) 1x, b.jpg", ["a.jpg", "b.jpg"]),
        ("  ,, a.jpg\n\t300w , ", ["a.jpg"]),
        ("a.jpg (unclosed, b.jpg", ["a.jpg"]),
        ("", []),
        (", ,", []),
    ],
)
def test_srcset_is_split_as_browsers_do(value: str, urls: list[str]) -> None:
    assert parse_srcset(value) == urls


def test_images_of_all_widths_and_lazy_images_are_requisites() -> None:
    main = """<img src="a.jpg" srcset="a-300.jpg 300w, a-768.jpg 768w">
    <img src="data:image/gif;base64,R0" data-src="b.jpg" data-srcset="b-300.jpg 300w">
    <img data-lazy-src="c.jpg" data-lazy-srcset="c-1.jpg 1x"><img data-original="d.jpg">
    <noscript><img src="e.jpg"></noscript>
    <picture><source srcset="f.webp" type="image/webp"><img src="f.jpg"></picture>"""
    assert [url for url, kind in needed(main) if kind == "image"] == [
        "a.jpg",
        "a-300.jpg",
        "a-768.jpg",
        "b.jpg",
        "b-300.jpg",
        "c.jpg",
        "c-1.jpg",
        "d.jpg",
        "e.jpg",
        "f.webp",
        "f.jpg",
    ]


def test_styles_scripts_icons_and_card_images_of_the_head_are_requisites() -> None:
    head = """<link rel="stylesheet" href="s.css?ver=1#x"><link rel="shortcut icon" href="i.ico">
    <link rel="apple-touch-icon" href="t.png"><link rel="manifest" href="m.webmanifest">
    <link rel="preload" as="font" href="f.woff2"><link rel="preload" href="g.woff">
    <link rel="modulepreload" href="m.js"><script src="//cdn.example/j.js"></script>
    <meta property="og:image" content="o.jpg"><meta name="twitter:image" content="w.jpg">
    <meta name="msapplication-TileImage" content="n.png">
    <link rel="dns-prefetch" href="//x.example">"""
    assert needed("", head) == [
        ("s.css?ver=1", "style"),
        ("i.ico", "image"),
        ("t.png", "image"),
        ("m.webmanifest", "document"),
        ("f.woff2", "font"),
        ("g.woff", "font"),
        ("m.js", "script"),
        ("https://cdn.example/j.js", "script"),
        ("o.jpg", "image"),
        ("w.jpg", "image"),
        ("n.png", "image"),
    ]


def test_files_of_players_buttons_svg_images_and_backgrounds_are_requisites() -> None:
    main = """<video src="v.mp4" poster="p.jpg"><track src="t.vtt"></video>
    <audio><source src="a.mp3"></audio><input type="image" src="b.png"><input src="no.png">
    <svg><image xlink:href="s.png"/><use href="sprite.svg#x"/><use href="#y"/></svg>
    <div style="background: url(&quot;d.png&quot;)"></div><style>i{background:url(e.png)}</style>"""
    assert needed(main) == [
        ("v.mp4", "media"),
        ("p.jpg", "image"),
        ("t.vtt", "media"),
        ("a.mp3", "media"),
        ("b.png", "image"),
        ("s.png", "image"),
        ("sprite.svg", "image"),
        ("e.png", "image"),
        ("d.png", "image"),
    ]


def test_linked_files_are_requisites_only_on_the_site_itself() -> None:
    main = """<a href="/wp-content/a.pdf#page=3">a</a><a href="/b.JPG">b</a><a href="/c.mp3">c</a>
    <a href="https://other.example/d.pdf">d</a><a href="/e/">e</a>"""
    assert needed(main) == [
        ("wp-content/a.pdf", RequisiteKind.DOCUMENT.value),
        ("b.JPG", RequisiteKind.IMAGE.value),
        ("c.mp3", RequisiteKind.MEDIA.value),
    ]


def followed(head: str) -> list[str]:
    return [url.removeprefix(HOME) for url in read(document("", head=head), f"{HOME}old/").links]


@pytest.mark.parametrize(
    ("content", "links"),
    [
        ("0; url=/new/", ["new/"]),
        ("3;URL='/new/' or not", ["new/"]),
        (' 0.5 , "new/"', ["old/new/"]),
        ("1 /new/", ["new/"]),
        (".5;url = //armscontrolcenter.org\\new\\", ["new/"]),
        ("0;urgent/", ["old/urgent/"]),
        ("0;/new/?url=/no/", ["new/?url=/no/"]),
        ("300", []),
        ("0;", []),
        ("url=/no/", []),
        ("0x; url=/no/", []),
        ("; url=/no/", []),
        ("0; url=javascript:no()", []),
    ],
)
def test_page_links_to_what_it_refreshes_to(content: str, links: list[str]) -> None:
    value = content.replace('"', "&quot;")
    assert followed(f'<meta http-equiv="Refresh" content="{value}">') == links
    assert followed(f'<noscript><META CONTENT="{value}" HTTP-EQUIV=refresh></noscript>') == links
    headers = (("Content-Type", "text/html"), ("Refresh", content))
    assert read_capture(make_capture(f"{HOME}old/", b"<p>", headers=headers), SITE).links == tuple(
        HOME + link for link in links
    )


def test_links_lead_to_the_series_and_to_translations_but_not_to_other_forms() -> None:
    head = """<link rel="next" href="/b/"><link rel=up href="/up/">
    <link rel="alternate" hreflang="fr" href="/fr/"><link rel="alternate" type="text/x" href="/x">
    <link rel="amphtml" href="/no/"><link rel="shortlink" href="/?p=1">
    <link rel="pingback" href="/x">
    """
    assert followed(head) == ["b/", "up/", "fr/"]
    main = '<svg><a xlink:href="/c/"><text>c</text></a></svg><map><area href="/d.pdf"></map>'
    reading = read(document(main), HOME)
    assert reading.links == (f"{HOME}c/", f"{HOME}d.pdf")
    assert [item.url for item in reading.requisites] == [f"{HOME}d.pdf"]


def test_what_a_page_shows_in_frames_from_its_own_site_is_a_requisite() -> None:
    main = """<iframe src="/map/index.html#a"></iframe><iframe data-src="/b.pdf"></iframe>
    <object data="c.pdf"><param name="Movie" value="d.swf"></object><embed src="\\e.mp4">
    <applet codebase="/java/" archive="f.jar"></applet><iframe src="about:blank"></iframe>
    <iframe src="https://player.example/1"></iframe><iframe></iframe>"""
    assert needed(main) == [
        ("map/index.html", "frame"),
        ("b.pdf", "document"),
        ("c.pdf", "document"),
        ("d.swf", "frame"),
        ("e.mp4", "media"),
        ("java/f.jar", "frame"),
    ]
    page = '<html><frameset><frame src="menu.htm"><frame src="/main/"></frameset></html>'
    assert [item.url for item in read(page, HOME).requisites] == [f"{HOME}menu.htm", f"{HOME}main/"]


UPLOADS = f"{HOME}wp-content/uploads/"
ESCAPED = UPLOADS.replace("/", "\\/")


@pytest.mark.parametrize(
    ("main", "files"),
    [
        (
            f"""<script type="application/json" class="wp-playlist-script">{{"type":"audio",
            "tracks":[{{"src":"{ESCAPED}one.mp3","title":"no.mp3","thumb":{{"src":"/t.jpg"}}}},
            {{"src":"talks\\/two.mp3?x=1"}}]}}</script>""",
            ["wp-content/uploads/one.mp3", "t.jpg", "talks/two.mp3?x=1"],
        ),
        (
            f"""<script type="application/ld+json">{{"@graph":[{{"@type":"VideoObject","contentUrl":
            "/v.mp4","thumbnailUrl":["/v.jpg"],"@id":"{HOME}#/schema/x.jpg","name":"b.jpg"}},
            {{"@type":"SearchAction","urlTemplate":"{HOME}?s={{term}}.pdf"}}]}}</script>""",
            ["v.mp4", "v.jpg"],
        ),
        (
            f"""<div data-settings='{{"background_video_link":"{ESCAPED}hero.mp4",
            "slides":[{{"id":7,"url":"{ESCAPED}s.webp"}}],"file":"/srv/www/a.jpg"}}'></div>""",
            ["wp-content/uploads/hero.mp4", "wp-content/uploads/s.webp"],
        ),
        (
            f"""<script>/* <![CDATA[ */ var gallery = {{"images":["{ESCAPED}g.png"]}}; /* ]]> */
            var n = 5, t = "{UPLOADS}" + n + ".jpg"; x = {{broken: "{UPLOADS}no.jpg"}};</script>""",
            ["wp-content/uploads/g.png"],
        ),
        (
            '<script id="__N" type="application/json">{"props":{"pdf":"/r.pdf"}}</script>',
            ["r.pdf"],
        ),
        (
            """<div data-bg="url('/bg.jpg')"></div><a data-full-url="/full.png" data-thumb="/t.gif">
            </a><li data-mp3="/p.mp3"></li><div data-background-srcset="/x.jpg 1x, /y.jpg 2x">""",
            ["bg.jpg", "full.png", "t.gif", "p.mp3", "x.jpg", "y.jpg"],
        ),
    ],
)
def test_files_that_data_in_the_page_name_are_requisites(main: str, files: list[str]) -> None:
    assert [url for url, _ in needed(main)] == files


@pytest.mark.parametrize(
    "main",
    [
        '<p data-filename="photo.jpg" data-title="report.pdf" data-image-title="a/b.jpg">x</p>',
        '<p data-pattern="/img/*.jpg" data-src="/img/{w}x{h}.jpg" data-url="/a%s.png">x</p>',
        '<p data-file="/var/www/html/a.pdf" data-path="/wp-content/a.pdf">x</p>',
        '<p data-url="https://other.example/a.mp3">x</p>',
        '<!-- <p data-src="/gone.mp3"> --><p data-page="/about/" data-v="1.2">x</p>',
        '<script type="application/json">{"src":"/a/page/","file":"c.pdf","url":"x.jpg"}</script>',
        '<script type="application/json">{"url":"/[a-z]+.jpg","src":"a b.jpg"} trailing</script>',
        '<script type="speculationrules">{"url":"/wp-content/a.png"}</script>',
        '<script type="text/template">{"src":"/a.png"}</script>',
        "<script>// var old = 'https://armscontrolcenter.org/old.mp3';</script>",
    ],
)
def test_look_alikes_are_not_taken_for_files(main: str) -> None:
    assert needed(main) == []
