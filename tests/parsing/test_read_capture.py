import gzip
import tracemalloc

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from cacnp_archive.model.capture import Capture
from cacnp_archive.model.http_message import ResponseMessage
from cacnp_archive.model.records import Reading, RequisiteKind
from cacnp_archive.model.site import HOME
from cacnp_archive.model.spool import Spool
from cacnp_archive.parsing.encodings import MAX_TEXT_BYTES
from cacnp_archive.parsing.read_capture import read_capture
from tests.parsing.pages import SITE, post
from tests.support.captures import MOMENT, make_capture
from tests.support.odd_answers import chunked

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


PAGE_BYTES = post("<p>Text.</p>").encode()
CODED: dict[str, tuple[str, bytes, list[str]]] = {
    "plain": ("gzip", PAGE_BYTES, ["odd-coding"]),
    "damaged": ("gzip", gzip.compress(PAGE_BYTES)[:-5], ["broken-coding"]),
    "no coding": ("windows-1252", PAGE_BYTES, ["unknown-coding"]),
    "undeclared": ("", gzip.compress(PAGE_BYTES), ["odd-coding"]),
    "zstd": ("zstd", zstd.compress(PAGE_BYTES), []),
}


@pytest.mark.parametrize("case", CODED)
def test_page_is_read_whatever_its_coding(case: str) -> None:
    coding, body, expected = CODED[case]
    headers = (*HTML, ("Content-Encoding", coding)) if coding else HTML
    reading = read_capture(make_capture(body=body, headers=headers), SITE)
    assert reading.article is not None
    assert codes(reading) == expected


def test_transfer_coding_beside_chunks_is_removed() -> None:
    block = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
    )
    block += chunked(gzip.compress(PAGE_BYTES))
    message = ResponseMessage.read([block])
    capture = Capture(url=HOME, captured_at=MOMENT, block=Spool(block), message=message)
    assert read_capture(capture, SITE).article is not None


TYPES: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "list": (("text/plain, text/html;charset=utf-8",), ["odd-content-type"]),
    "any type first": (("*/*", "text/html"), ["odd-content-type"]),
    "any type alone": (("*/*",), []),
    "unknown": (("application/unknown",), []),
    "no slash": (("HTML",), ["odd-content-type"]),
    "no semicolon": (("text/html charset=UTF-8",), ["odd-content-type"]),
    "odd subtype": (("text/htm",), ["mislabelled"]),
    "download": (("application/octet-stream",), ["mislabelled"]),
    "empty parameters": (("text/html; ; charset=UTF-8;",), []),
    "parameter without a value": (("text/html; charset",), ["odd-content-type"]),
}


@pytest.mark.parametrize("case", TYPES)
def test_page_is_read_whatever_its_type(case: str) -> None:
    types, expected = TYPES[case]
    headers = tuple(("Content-Type", one) for one in types)
    reading = read_capture(make_capture(body=PAGE_BYTES, headers=headers), SITE)
    assert reading.article is not None
    assert codes(reading) == expected


@pytest.mark.parametrize("begin", [b"<title>x</title>", b"<!-- x --><p>", b"\n <SCRIPT>1</SCRIPT>"])
def test_body_without_a_type_is_sniffed(begin: bytes) -> None:
    assert codes(read_capture(make_capture(body=begin, headers=()), SITE)) == ["unknown-layout"]


def test_text_without_a_type_stays_text() -> None:
    assert read_capture(make_capture(body=b"Words < numbers", headers=()), SITE) == Reading()


@pytest.mark.parametrize("media_type", ["image/png", "text/javascript", "application/json"])
def test_page_in_place_of_a_file_is_a_problem(media_type: str) -> None:
    capture = make_capture(body=PAGE_BYTES, headers=(("Content-Type", media_type),))
    assert codes(read_capture(capture, SITE)) == ["mislabelled"]


@pytest.mark.parametrize("status", ["200", "301 ", "404"])
def test_odd_response_has_its_problem_whatever_its_status(status: str) -> None:
    headers = (*HTML, ("Bad name", "x"))
    reading = read_capture(make_capture(status=status, headers=headers), SITE)
    assert "odd-header-line" in codes(reading)


def test_record_that_holds_no_response_is_a_problem() -> None:
    block = b"220 mail.example ESMTP\r\n"
    message = ResponseMessage.read([block])
    capture = Capture(url=HOME, captured_at=MOMENT, block=Spool(block), message=message)
    assert codes(read_capture(capture, SITE)) == ["unreadable"]


def test_of_a_very_long_page_the_beginning_is_read() -> None:
    page = post("<p>First.</p>" + "<p>" + "\U0001f600" * (MAX_TEXT_BYTES // 4)).encode()
    reading = read_capture(make_capture(body=page), SITE)
    assert reading.article is not None
    assert reading.article.body_text.startswith("First.")
    assert codes(reading) == ["too-long", "too-many"]


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
