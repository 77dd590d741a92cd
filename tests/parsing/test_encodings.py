"""Mixed and double encodings are decoded as intended; correct text is never changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacnp_archive.model.records import Reading
from cacnp_archive.parsing.encodings import text_of, without_double_encoding
from cacnp_archive.parsing.read_capture import read_capture
from tests.parsing.pages import SITE, post
from tests.support.captures import make_capture


def reading(content: bytes) -> Reading:
    body = post("HERE").encode().replace(b"HERE", content)
    return read_capture(make_capture(f"{SITE.base_url}rockets/", body), SITE)


def text(found: Reading) -> str:
    assert found.article is not None
    return found.article.body_text


def codes(found: Reading) -> list[str]:
    return [problem.code for problem in found.problems]


def test_windows_1252_bytes_between_utf_8_are_decoded() -> None:
    found = reading("Don’t – ".encode() + b"\x93caf\xe9\x94 and it\x92s \x96")
    assert text(found) == "Don’t – “café” and it’s –"
    assert codes(found) == ["mixed-encoding"]


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("Itâ€™s â€œneverâ€\x9d â€“ cafÃ©", "It’s “never” – café"),
        ("Â§ 2Â½ Â«xÂ» 5â‰¤6 â‚¬ â„¢ âž¤", "§ 2½ «x» 5≤6 € ™ ➤"),
        ("It\x92s \x93x\x94 \x85", "It’s “x” …"),
        ("ðŸ˜€", "😀"),
        ("ÐœÐ¾Ñ\x81ÐºÐ²Ð° Ð¸ Î‘Î¸Î®Î½Î±", "Москва и Αθήνα"),
    ],
)
def test_double_encoding_is_undone_and_reported(printed: str, meant: str) -> None:
    found = reading(f"<p>“Sound” – {printed}</p>".encode())
    assert text(found) == f"“Sound” – {meant}"
    assert codes(found) == ["double-encoding"]


@pytest.mark.parametrize(
    "correct",
    ["“résumé”—fine", "âge Âge “Ça”…", "naïve”— Ærø 20€", "북한 هذا 核武器", "Qué son las"],
)
def test_correct_text_stays(correct: str) -> None:
    found = reading(f"<p>{correct}</p>".encode())
    assert text(found) == correct
    assert codes(found) == []


def test_replacement_character_is_kept_and_reported_once() -> None:
    found = reading("<p>A \ufffd and \ufffd</p>".encode())
    assert text(found) == "A \ufffd and \ufffd"
    assert codes(found) == ["replacement-character"]


@given(st.text(alphabet=st.characters(min_codepoint=0xA0, max_codepoint=0x2FF)))
def test_text_encoded_twice_is_never_longer_after_repair(printed: str) -> None:
    twice = printed.encode().decode("latin-1")
    assert len(without_double_encoding(twice)) <= len(twice)


MEANT = "Łódź, Москва, Αθήνα: “never” – ½ Ý"


def read(body: bytes, content_type: str) -> tuple[str, list[str]]:
    capture = make_capture(body=body, headers=(("Content-Type", content_type),))
    found, _, problems = text_of(capture)
    return found, [problem.code for problem in problems]


@pytest.mark.parametrize(
    "charset", ["ISO-8859-1", "latin1", "us-ascii", "x-cp1252", "windows-1251", "koi8-r", "utf-16"]
)
def test_valid_utf_8_is_utf_8_whatever_single_byte_encoding_is_declared(charset: str) -> None:
    assert read(MEANT.encode(), f"text/html; charset={charset}") == (MEANT, ["wrong-charset"])


@pytest.mark.parametrize("charset", ["idna", "zip", "punycode", "none", "utf8mb4", "hex", "utf-7"])
def test_encoding_that_does_not_exist_is_not_looked_up_in_python(charset: str) -> None:
    assert read(MEANT.encode(), f"text/html; charset={charset}") == (MEANT, ["wrong-charset"])


@pytest.mark.parametrize(
    ("charset", "codec", "words"),
    [
        ("x-sjis", "shift_jis", "核兵器"),
        ("ks_c_5601-1987", "euc_kr", "북한"),
        ("gb2312", "gb18030", "核武器"),
        ("cp1251", "cp1251", "Москва"),
        ("dos-874", "cp874", "ไทย"),
        ("iso-8859-2", "iso8859-2", "Łódź"),
        ("x-mac-roman", "mac_roman", "café"),
    ],
)
def test_labels_are_those_of_the_encoding_standard(charset: str, codec: str, words: str) -> None:
    assert read(words.encode(codec), f"text/html; charset={charset}") == (words, [])
    in_page = f"<meta charset={charset}>{words}"
    assert read(in_page.encode(codec), "text/html") == (in_page, [])


def test_byte_order_mark_wins_over_every_declaration() -> None:
    assert read(b"\xef\xbb\xbf" + MEANT.encode(), "text/html; charset=koi8-r") == (MEANT, [])
    for codec in ("utf-16-le", "utf-16-be"):
        body = ("\ufeff" + MEANT).encode(codec)
        assert read(body, "text/html; charset=utf-8") == (MEANT, [])


def test_header_wins_over_the_page_and_a_comment_declares_nothing() -> None:
    page = "<!-- <meta charset=koi8-r> --><meta charset=cp1251>Łódź"
    body = page.encode("iso8859-2")
    assert read(body, "text/html; charset=iso-8859-2") == (page, [])
    assert read(body, "text/html")[0] == body.decode("cp1251")


def test_bytes_that_windows_1252_lacks_are_kept() -> None:
    assert read(b"\x93a\x94 \x81\x8d", "text/html; charset=iso-8859-1") == ("“a” \x81\x8d", [])


def test_last_letter_in_windows_1252_is_no_sign_of_utf_8() -> None:
    assert read(b"un caf\xe9", "text/html; charset=iso-8859-1") == ("un café", [])


@given(st.binary(max_size=300), st.sampled_from(["", "utf-8", "x-user-defined", "gbk", "utf-16be"]))
def test_any_bytes_give_a_text(body: bytes, charset: str) -> None:
    assert isinstance(read(body, f"text/html; charset={charset}")[0], str)


@given(st.text(), st.sampled_from(["iso-8859-1", "windows-1250", "us-ascii", "macintosh"]))
def test_any_text_in_utf_8_is_read_under_any_single_byte_label(words: str, charset: str) -> None:
    words = f"– {words}"
    assert read(words.encode("utf-8", "replace"), f"text/html; charset={charset}")[0] == (
        words.encode("utf-8", "replace").decode()
    )
