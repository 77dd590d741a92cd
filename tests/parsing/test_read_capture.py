import gzip
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacnp_archive.model.capture import Capture
from cacnp_archive.model.http_message import ResponseMessage
from cacnp_archive.model.records import Reading, RequisiteKind
from cacnp_archive.model.site import HOME
from cacnp_archive.model.spool import Spool
from cacnp_archive.parsing.read_capture import read_capture
from tests.parsing.pages import SITE, post
from tests.support.captures import MOMENT, make_capture

HTML = (("Content-Type", "text/html"),)


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def test_redirect_links_only_to_its_location() -> None:
    capture = make_capture(
        f"{HOME}?p=464",
        b'<a href="/elsewhere/">moved</a>',
        status="301 Moved Permanently",
        headers=(("Content-Type", "text/html"), ("Location", "/duyeon-kim-on-bbc/#top")),
    )
    assert read_capture(capture, SITE) == Reading(links=(f"{HOME}duyeon-kim-on-bbc/",))


@pytest.mark.parametrize("status", ["403 Forbidden", "404 Not Found", "410 Gone", "503 Busy"])
def test_error_page_gives_an_empty_reading(status: str) -> None:
    assert (
        read_capture(make_capture(body=post("<p>x</p>").encode(), status=status), SITE) == Reading()
    )


def test_pdf_labelled_as_html_is_a_problem() -> None:
    reading = read_capture(make_capture(body=b"%PDF-1.7\n...", headers=HTML), SITE)
    assert codes(reading) == ["mislabelled"]
    assert reading.article is None


def test_page_without_content_type_is_recognised_by_its_first_bytes() -> None:
    body = b"\xef\xbb\xbf\n" + post("<p>Text.</p>").encode()
    reading = read_capture(make_capture(body=body, headers=()), SITE)
    assert reading.article is not None


def test_page_labelled_as_plain_text_is_parsed() -> None:
    capture = make_capture(
        body=post("<p>Text.</p>").encode(), headers=(("Content-Type", "text/plain"),)
    )
    assert read_capture(capture, SITE).article is not None


def test_broken_content_coding_is_a_problem() -> None:
    headers = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"))
    assert codes(read_capture(make_capture(body=b"no gzip", headers=headers), SITE)) == [
        "unreadable"
    ]


def test_empty_page_is_a_problem() -> None:
    assert codes(read_capture(make_capture(body=b"", headers=HTML), SITE)) == ["empty-page"]


def test_style_sheet_gives_its_requisites() -> None:
    capture = make_capture(
        f"{HOME}wp-content/themes/center/style.css",
        b"@font-face{src:url(fonts/a.woff2)} @import 'more.css';",
        headers=(("Content-Type", "text/css"),),
    )
    found = [(item.url, item.kind) for item in read_capture(capture, SITE).requisites]
    assert found == [
        (f"{HOME}wp-content/themes/center/fonts/a.woff2", RequisiteKind.FONT),
        (f"{HOME}wp-content/themes/center/more.css", RequisiteKind.STYLE),
    ]


def test_script_and_image_give_no_problem() -> None:
    for media_type in ("application/javascript", "image/png", "font/woff2"):
        capture = make_capture(body=b"\x89PNG", headers=(("Content-Type", media_type),))
        assert read_capture(capture, SITE) == Reading()


def test_robots_txt_links_to_the_sitemaps() -> None:
    capture = make_capture(
        f"{HOME}robots.txt",
        b"User-agent: *\nDisallow: /wp-admin/\n\nSitemap: https://armscontrolcenter.org/s.xml\n",
        headers=(("Content-Type", "text/plain; charset=utf-8"),),
    )
    assert read_capture(capture, SITE).lists == (f"{HOME}s.xml",)


def test_compressed_sitemap_is_parsed() -> None:
    sitemap = b"<urlset><url><loc>https://armscontrolcenter.org/a/</loc></url></urlset>"
    capture = make_capture(
        f"{HOME}sitemap.xml.gz",
        gzip.compress(sitemap),
        headers=(("Content-Type", "application/x-gzip"),),
    )
    assert [entry.url for entry in read_capture(capture, SITE).entries] == [f"{HOME}a/"]


@given(
    st.binary(max_size=3000), st.sampled_from(["text/html", "text/css", "text/xml", "", "a/json"])
)
def test_any_bytes_give_a_reading(body: bytes, media_type: str) -> None:
    capture = make_capture(f"{HOME}x.xml.gz", body, headers=(("Content-Type", media_type),))
    assert isinstance(read_capture(capture, SITE), Reading)


PAGE = post(
    '<p>By A B</p><table><tr><td>1<td>2</table><a href="//[">x</a><ul><li>a<ul><li>b</ul></ul>'
    '<img srcset="a.jpg 1x, b.jpg 2x"><style>b{background:url("x.png")}</style>',
    head='<script type="application/ld+json">{"@graph":[{"@type":"WebPage"}]}</script>',
).encode()
SPLINTERS = [
    b"<", b">", b'"', b"<table>", b"</div>", b"<p", b"&#0;", b"\x00", b"<!--", b"<![CDATA[",
    b"\xff", b"<base href='http://[::1'>", b"<body class='single'>", b"<br>", b"<a href=http://a:99999/>",
    b"<article class='type-post entry'>", b"<time datetime='2012-W02-3'>", b"<x:y z:q=1>",
    b"<html>", b"<a href='http://\xe2\x84\x80.example/'>", b"<script type='application/ld+json'>[[",
]  # fmt: skip


@given(
    st.lists(st.tuples(st.integers(0, len(PAGE)), st.sampled_from(SPLINTERS), st.integers(0, 99)))
)
def test_any_mangled_page_gives_a_reading(cuts: list[tuple[int, bytes, int]]) -> None:
    page = PAGE
    for position, splinter, length in cuts:
        page = page[:position] + splinter + page[position + length :]
    assert isinstance(read_capture(make_capture(body=page), SITE), Reading)


@pytest.mark.slow
@pytest.mark.parametrize("tag", ["div", "table", "ul", "a", "b", "p", "font", "blockquote"])
def test_hundred_thousand_open_tags_are_parsed(tag: str) -> None:
    page = post(f"<{tag} href=x>" * 100_000 + "end").encode()
    assert isinstance(read_capture(make_capture(body=page), SITE), Reading)


@pytest.mark.parametrize(
    ("media_type", "expected"), [("video/mp4", []), ("text/html", ["too-long"])]
)
def test_large_body_is_not_loaded_into_memory(media_type: str, expected: list[str]) -> None:
    block = Spool(f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\n\r\n".encode())
    for _ in range(40):
        block.append(bytes(1024 * 1024))
    message = ResponseMessage.read(block.chunks())
    capture = Capture(url=f"{HOME}film", captured_at=MOMENT, block=block, message=message)
    tracemalloc.start()
    reading = read_capture(capture, SITE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1024 * 1024
    assert codes(reading) == expected
