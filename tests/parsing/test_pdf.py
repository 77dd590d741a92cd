import zlib
from importlib import import_module
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from cacnp_archive.model.records import Document, Reading
from cacnp_archive.model.site import HOME
from cacnp_archive.parsing.files.pdf import parse_pdf, parse_pdf_date
from cacnp_archive.parsing.files.pdf_lines import readable
from cacnp_archive.parsing.files.pdf_text import MAX_PAGES, error_detail
from cacnp_archive.parsing.read_capture import read_capture
from cacnp_archive.replica import build_site
from cacnp_archive.replica.assets.made_pdf import pdf_of
from cacnp_archive.replica.responses.trouble_replies import encrypted_pdf
from tests.parsing.pages import SITE
from tests.support.captures import make_capture

URL = f"{HOME}wp-content/uploads/2017/04/Fact-sheet.pdf"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
PASSWORD = "twelve grey geese"  # noqa: S105
SHOWN = b"BT /F1 11 Tf 72 720 Td (Shown) Tj ET"


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def document_of(body: bytes) -> Document:
    reading = parse_pdf(body, URL)
    assert reading.problems == ()
    assert reading.document is not None
    return reading.document


def file_of(*objects: bytes) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for number, body in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(out) + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(out)


def stream_of(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def one_page(
    content: bytes, *more: bytes, resources: bytes = b"", entries: bytes = b"", page: bytes = b""
) -> bytes:
    return file_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R %s"
        b" /Resources << /Font << /F1 5 0 R >> %s >> >>" % (page, resources),
        stream_of(content, entries),
        FONT,
        *more,
    )


def locked(body: bytes, algorithm: str, **passwords: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(body)))
    writer.encrypt(**passwords, algorithm=algorithm)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("title", "pages"),
    [(item["title"], item["pages"]) for item in build_site().documents.values()],
)
def test_document_of_the_replica_has_the_text_that_was_written(
    title: str, pages: list[str]
) -> None:
    document = document_of(pdf_of(title, pages))
    assert document.title == title
    assert document.page_count == len(pages)
    assert [page.split() for page in document.pages] == [page.split() for page in pages]


def test_capture_of_a_pdf_gives_a_document() -> None:
    body = pdf_of("Two pages", ["First.", "Second."])
    for media_type in ("application/pdf", "application/octet-stream", ""):
        capture = make_capture(URL, body, headers=(("Content-Type", media_type),))
        expected = Document(url=URL, title="Two pages", page_count=2, pages=("First.", "Second."))
        assert read_capture(capture, SITE) == Reading(document=expected)


def test_html_page_labelled_as_pdf_is_a_problem() -> None:
    capture = make_capture(URL, b"<!DOCTYPE html>", headers=(("Content-Type", "application/pdf"),))
    assert codes(read_capture(capture, SITE)) == ["mislabelled"]


def test_bytes_before_the_header_are_skipped() -> None:
    capture = make_capture(
        URL, b"\r\n" + pdf_of("T", ["Text."]), headers=(("Content-Type", "application/pdf"),)
    )
    document = read_capture(capture, SITE).document
    assert document is not None
    assert document.pages == ("Text.",)


def test_metadata_are_as_precise_as_in_the_file() -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf_of("T", ["Text."]))))
    writer.root_object[NameObject("/Lang")] = TextStringObject("en-US")
    writer.add_metadata(
        {
            "/Title": " The \ufb01rst\nTriad ",
            "/Author": "A. Writer",
            "/CreationDate": "D:20170412093015-04'00'",
            "/ModDate": "D:2018",
        }
    )
    written = BytesIO()
    writer.write(written)
    document = document_of(written.getvalue())
    assert document.title == "The first Triad"
    assert document.author == "A. Writer"
    assert document.created_at == "2017-04-12T09:30:15-04:00"
    assert document.modified_at == "2018"
    assert document.language == "en-US"


@pytest.mark.parametrize(
    ("stored", "date"),
    [
        ("D:20200102030405Z", "2020-01-02T03:04:05+00:00"),
        ("D:20200102030405Z00'00'", "2020-01-02T03:04:05+00:00"),
        ("D:20200102030405+05'30", "2020-01-02T03:04:05+05:30"),
        ("20200102030405", "2020-01-02T03:04:05"),
        ("D:202001020304", "2020-01-02T03:04"),
        ("D:20209902", None),
        ("D:20200102030499", None),
        ("last spring", None),
        ("", None),
    ],
)
def test_date_of_a_pdf_is_converted_to_iso_8601(stored: str, date: str | None) -> None:
    assert parse_pdf_date(stored) == date


def test_hyphenated_word_is_joined_only_if_the_document_contains_it_whole() -> None:
    pages = ["weap-\nons, non-\nproliferation and co-\noperate", "weapons cooperate co-operate"]
    assert readable(pages)[0] == "weapons, non-\nproliferation and co-\noperate"


def test_two_columns_are_read_one_after_the_other() -> None:
    content = (
        b"BT /F1 11 Tf 14 TL 72 720 Td (Left one) Tj T* (left two) Tj ET "
        b"BT /F1 11 Tf 14 TL 320 720 Td (Right one) Tj T* (right two) Tj ET"
    )
    lines = document_of(one_page(content)).pages[0].split("\n")
    assert lines == ["Left one", "left two", "Right one", "right two"]


def test_rotated_and_cropped_page_is_parsed() -> None:
    body = one_page(SHOWN, page=b"/Rotate 90 /CropBox [0 0 300 300]")
    assert document_of(body).pages == ("Shown",)


def test_font_with_custom_codes_is_decoded_by_its_table() -> None:
    table = (
        b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange\n"
        b"2 beginbfchar\n<01> <00660069>\n<02> <fb03>\nendbfchar endcmap"
    )
    font = b"<< /Type /Font /Subtype /TrueType /BaseFont /X /ToUnicode 6 0 R >>"
    body = one_page(b"BT /F1 9 Tf 9 9 Td <0102> Tj ET", stream_of(table)).replace(FONT, font)
    assert document_of(body).pages == ("fiffi",)


def test_text_in_a_form_xobject_is_extracted() -> None:
    form = stream_of(
        SHOWN,
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 5 0 R >> >>",
    )
    body = one_page(b"/X Do", form, resources=b"/XObject << /X 6 0 R >>")
    assert document_of(body).pages == ("Shown",)


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_document_with_a_password_is_a_problem(algorithm: str) -> None:
    body = locked(pdf_of("T", ["Text."]), algorithm, user_password=PASSWORD)
    reading = parse_pdf(body, URL)
    assert codes(reading) == ["encrypted"]
    assert reading.document is None


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_document_with_an_owner_password_only_is_parsed(algorithm: str) -> None:
    body = locked(pdf_of("T", ["Text."]), algorithm, user_password="", owner_password=PASSWORD)
    assert document_of(body).pages == ("Text.",)


def test_encrypted_document_of_the_replica_is_a_problem() -> None:
    assert codes(parse_pdf(encrypted_pdf(), URL)) == ["encrypted"]


def test_scan_is_a_problem_and_a_document_without_text() -> None:
    reading = parse_pdf(pdf_of("Scan", ["", ""], images_only=True), URL)
    assert codes(reading) == ["image-only"]
    assert reading.document == Document(url=URL, title="Scan", page_count=2, pages=("", ""))


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-",
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.7\n" + bytes(range(256)) * 400,
        b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000 + b"\ntrailer << /Root 1 0 R >>\nstartxref\n9",
        b"%PDF-1.7\n1 0 obj\n" + b"(" * 100_000,
        b"%PDF-1.7\n" + b"startxref\n0\n" * 1_000,
        pdf_of("Broken", ["Half a file."])[:300],
        file_of(b"<< /Pages 2 0 R >>", b"3 0 R", b"2 0 R"),
        file_of(
            b"<< /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 2 >>",
            b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>",
        ),
    ],
)
def test_invalid_pdf_is_a_problem(body: bytes) -> None:
    assert codes(parse_pdf(body, URL)) == ["broken-pdf"]


def test_page_tree_that_keeps_doubling_is_a_problem() -> None:
    doubling = [
        b"<< /Type /Pages /Kids [%d 0 R %d 0 R] /Count 9 >>" % (number, number)
        for number in range(3, 60)
    ]
    body = file_of(b"<< /Pages 2 0 R >>", *doubling, b"<< /Type /Page >>")
    assert codes(parse_pdf(body, URL)) == ["broken-pdf"]


def test_page_that_cannot_be_read_costs_no_other_page() -> None:
    whole = pdf_of("T", ["First.", "[" * 2_000, "Third."])
    broken = whole.replace(b"(" + b"[" * 2_000 + b")", b"[" * 2_002)
    reading = parse_pdf(broken, URL)
    assert codes(reading) == ["broken-pdf"]
    assert reading.problems[0].detail.startswith("page 2: ")
    assert reading.document is not None
    assert reading.document.pages == ("First.", "", "Third.")


def many_pages(count: int, content: bytes, *, font: bytes = FONT) -> bytes:
    kids = b" ".join(b"%d 0 R" % (number + 5) for number in range(count))
    return file_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        font,
        content,
        *[b"<< /Type /Page /Contents 4 0 R /Resources << /Font << /F1 3 0 R >> >> >>"] * count,
    )


@pytest.mark.slow
def test_only_the_first_of_too_many_pages_are_parsed() -> None:
    reading = parse_pdf(many_pages(MAX_PAGES + 5, stream_of(SHOWN)), URL)
    assert codes(reading) == ["too-many-pages"]
    assert reading.document is not None
    assert reading.document.page_count == MAX_PAGES + 5
    assert reading.document.pages == ("Shown",) * MAX_PAGES


@pytest.mark.parametrize(
    "body",
    [
        many_pages(100, stream_of(zlib.compress(bytes(9_000_000)), b"/Filter /FlateDecode")),
        many_pages(
            100,
            stream_of(SHOWN),
            font=b"<< /Subtype /Type0 /DescendantFonts [%s] >>"
            % (b"<< /W [0 65535 9] >> " * 5_000),
        ),
    ],
    ids=["bombs", "fonts of many fonts"],
)
def test_work_for_unreadable_content_is_bounded(body: bytes) -> None:
    reading = parse_pdf(body, URL)
    assert reading.document is not None
    assert reading.document.page_count == 100
    assert codes(reading)[0] == "too-long"


FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 5 0 R >> >>"
MANY = b"BT /F1 9 Tf " + b"(Hello there) Tj\n" * 5_000 + b"ET"


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        one_page(zlib.compress(b" " * 50_000_000), entries=b"/Filter /FlateDecode"),
        one_page(
            zlib.compress(zlib.compress(b" " * 200_000_000)),
            entries=b"/Filter [/FlateDecode /FlateDecode]",
        ),
        one_page(b"z" * 3_000_000, entries=b"/Filter /ASCII85Decode"),
        one_page(b"\x81 " * 1_000_000, entries=b"/Filter /RunLengthDecode"),
        one_page(zlib.compress(b"q " * 1_000_000), entries=b"/Filter /FlateDecode"),
        one_page(b"/X Do " * 1_000, stream_of(MANY, FORM), resources=b"/XObject << /X 6 0 R >>"),
    ],
    ids=["bomb", "bomb in a bomb", "ascii85", "run length", "operators", "forms"],
)
def test_page_that_decompresses_beyond_the_limits_is_a_problem(body: bytes) -> None:
    assert codes(parse_pdf(body, URL)) == ["too-long"]


def test_image_beyond_the_limits_does_not_cost_text() -> None:
    picture = stream_of(bytes(6_000_000), b"/Type /XObject /Subtype /Image /Width 9 /Height 9")
    body = one_page(b"/X Do " + SHOWN, picture, resources=b"/XObject << /X 6 0 R >>")
    assert document_of(body).pages == ("Shown",)


def test_broken_document_writes_nothing_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    import_module("cacnp_archive.ingest.stored")  # silences pypdf where captures are read
    body = one_page(b"/X Do " * 1_000, resources=b"/XObject << /X 9 0 R >>")
    parse_pdf(body.replace(b"startxref\n", b"startxref\n9"), URL)
    assert caplog.records == []


def test_form_that_uses_itself_is_extracted_once() -> None:
    form = stream_of(
        SHOWN + b" /X Do /X Do",
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]"
        b" /Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >>",
    )
    body = one_page(b"/X Do", form, resources=b"/XObject << /X 6 0 R >>")
    assert document_of(body).pages == ("Shown",)


@given(st.binary(max_size=2000))
def test_any_bytes_give_a_reading(body: bytes) -> None:
    reading = parse_pdf(b"%PDF-1.7\n" + body, URL)
    assert reading.document is not None or reading.problems


VALID_PDF = one_page(
    b"/X Do " + SHOWN, stream_of(SHOWN, FORM), resources=b"/XObject << /X 6 0 R >>"
)
SPLINTERS = [
    b"<<", b">>", b"[", b"]", b"(", b")", b"<", b" 0 R", b"-1", b"9" * 40, b"null", b"/Type",
    b"\x00", b"\xff", b"stream\n", b"endstream", b"endobj", b"2 0 R", b"3 0 R", b"/Kids",
    b"/Filter /LZWDecode", b"/Encrypt << /Filter /Standard /V 4 >>", b"/Prev 0", b"BT", b"Tj",
    b"1e999", b"/Title (\xfe\xff\xd8\x00)", b"/Rotate (x)", b"BI ID EI", b"trailer",
    b"xref\n0 9\n", b"%PDF-",
]  # fmt: skip


def test_problem_detail_is_the_same_each_time() -> None:
    error = ValueError("loop at IndirectObject(4, 0, 140515416802128).")
    assert error_detail(error) == "ValueError: loop at IndirectObject(4, 0)."


@given(
    st.lists(
        st.tuples(st.integers(0, len(VALID_PDF)), st.sampled_from(SPLINTERS), st.integers(0, 99)),
        max_size=8,
    )
)
@settings(max_examples=300)
def test_any_mangled_document_gives_a_reading(cuts: list[tuple[int, bytes, int]]) -> None:
    body = VALID_PDF
    for position, splinter, length in cuts:
        body = body[:position] + splinter + body[position + length :]
    reading = parse_pdf(body, URL)
    assert reading.document is not None or reading.problems
    assert parse_pdf(body, URL) == reading
    if reading.document is not None:
        "".join(reading.document.pages).encode()
