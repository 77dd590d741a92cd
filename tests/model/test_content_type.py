"""Content-Type is resolved as the Fetch standard says ("extract a MIME type")."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacnp_archive.model.content_type import content_type_of

CASES: dict[str, tuple[tuple[str, ...], tuple[str, str]]] = {
    "none": ((), ("", "")),
    "plain": (("text/html",), ("text/html", "")),
    "upper case": (("Text/HTML;Charset=UTF-8",), ("text/html", "UTF-8")),
    "last one wins": (("text/plain;charset=gbk, text/html",), ("text/html", "")),
    "charset is inherited by the same type": (
        ("text/html;charset=gbk", "text/html;x=y"),
        ("text/html", "gbk"),
    ),
    "any type is none": (("text/html;charset=gbk", "*/*"), ("text/html", "gbk")),
    "invalid ones are left out": (("text/html", "cannot-parse"), ("text/html", "")),
    "comma in quotes": (('text/html;x=",text/plain";charset="a\\"b,"',), ("text/html", 'a"b,')),
    "first charset counts": (("text/html;charset=a;charset=b",), ("text/html", "a")),
    "charset in another value": (('text/html;x=";charset=a";charset=b',), ("text/html", "b")),
    "no type": (("charset=utf-8",), ("", "")),
    "two words": (("text/html charset=utf-8",), ("", "")),
    "empty": (("",), ("", "")),
    "spaces": (("  text/html  ; charset = a;charset=b ",), ("text/html", "b")),
}


@pytest.mark.parametrize("case", CASES)
def test_type_and_charset_are_those_of_browsers(case: str) -> None:
    values, expected = CASES[case]
    found = content_type_of([value.encode() for value in values])
    assert (found.media_type, found.charset) == expected


@pytest.mark.parametrize("value", ["text/html", 'text/html; charset="utf-8"', "a/b;c=d ; e=f;"])
def test_grammatical_type_is_not_odd(value: str) -> None:
    assert not content_type_of([value.encode()]).is_odd


@pytest.mark.parametrize("values", [["html"], ["a/b", "a/b"], ["a/b, a/b"], ["a/b;c"], ["*"]])
def test_any_other_is_odd(values: list[str]) -> None:
    assert content_type_of([value.encode() for value in values]).is_odd


@given(st.lists(st.text('at/;,="\\\\ *charset').map(str.encode), max_size=4))
def test_any_values_give_a_type(values: list[bytes]) -> None:
    found = content_type_of(values)
    assert found.media_type == "" or found.media_type.count("/") == 1
