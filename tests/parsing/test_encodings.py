"""Mixed and double encodings are decoded as intended; correct text is never changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacnp_archive.model.records import Reading
from cacnp_archive.parsing.encodings import without_double_encoding
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
