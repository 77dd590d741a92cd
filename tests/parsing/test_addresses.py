import pytest

from cacnp_archive.model.records import RequisiteKind
from cacnp_archive.model.site import HOME
from cacnp_archive.parsing.srcset import parse_srcset
from tests.parsing.pages import document, read


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
