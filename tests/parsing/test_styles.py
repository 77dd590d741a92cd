from collections.abc import Iterator
from typing import Any

import pytest
import tinycss2
from hypothesis import given
from hypothesis import strategies as st

from cacnp_archive.model.site import HOME
from cacnp_archive.parsing.encodings import text_of
from cacnp_archive.parsing.files.styles import css_references
from tests.support.captures import make_capture


@pytest.mark.parametrize(
    ("css", "references"),
    [
        ("a{background:url(x.png)}", ["x.png"]),
        ("a{background:URL( 'x y.png' )}", ["x y.png"]),
        ('a{src:url("x.eot?#iefix") format("x"),url(x.woff2)}', ["x.eot?#iefix", "x.woff2"]),
        (
            "@import url(a.css) screen; @IMPORT 'b.css';@import\"c.css\";",
            ["a.css", "b.css", "c.css"],
        ),
        ("/* url(no.png) */ a{b:url(yes.png)}", ["yes.png"]),
        ('a{content:"url(no.png)"} b{c:url(yes.png)}', ["yes.png"]),
        (r"a{b:url(x\(1\).png)} c{d:url(\26.png)}", ["x(1).png", "&.png"]),
        ("a{b:url()} c{d:url('')}", []),
        ("/* unclosed url(no.png)", []),
        ("a{b:url(unclosed", ["unclosed"]),  # the end of a style sheet closes everything
        ("a{b:url(two words url(in.png)); c:url(d.png)}", ["d.png"]),
        ("a{b:'cut\n; c:url(d.png)}", ["d.png"]),
        ("@import/**/url(a.css)layer(x) supports(display:grid) screen;", ["a.css"]),
        (
            "@namespace svg url(http://ns.example/svg); @namespace 'no.png'; a{b:url(c.png)}",
            ["c.png"],
        ),
        ("a{b:image-set('x.avif' type('image/avif') 1x, url(y.png) 2x)}", ["x.avif", "y.png"]),
        ("a{b:-webkit-image-set(url('x.png') 1x, \"y.png\" 2x)}", ["x.png", "y.png"]),
        (r"a{b:u\72l(x.png)} @\69mport 'y.css';", ["x.png", "y.css"]),
        ("a{b:curl(no.png) my-url(no.png) #url(no.png)}", []),
        ("a{b:url( 'x.png' crossorigin(anonymous) )}", ["x.png"]),
        ("@font-face{src:local('No'),url(x.woff2)format('woff2')}", ["x.woff2"]),
        (r"a{b:url(x\20 y.png)}", ["x y.png"]),
    ],
)
def test_references_of_a_style_sheet(css: str, references: list[str]) -> None:
    assert [reference for reference, _ in css_references(css)] == references


PIECES = (
    "a.b{", "}", ";", ",", " ", "\n", "/* url(no) */", "x:", "#id", "12px", "@media all{}",
    "url(a.png)", "URL( b.png )", "url('c d.png')", "url( \"e.png\" mod )", "url(bad bad)",
    "url(x'y)", "url()", '"text"', "'it\\'s url(no)'", "'broken\n", "format('woff2')",
    "image-set('f.png' 1x, url(g.png) 2x type('image/png'))", "image-set(/* ' */\"h\")",
    "-webkit-image-set('i.png' 1x)", "my-image-set('no')", "curl(no)", "u\\72l(j.png)",
    "\\75\\72\\6c(k.png)", "u\\72 l(l.png)", "url(m\\29 n)", "url(o\\\\p)", "x\\url(no)", "--v:",
    "@import 'q.css'", "@import url(r.css)", "@\\49mport/**/'s.css'", "@importance 'no'",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_references_are_those_that_tinycss2_sees(pieces: list[str]) -> None:
    css = "\0".join(pieces).replace("\0", " ")
    assert list(css_references(css)) == list(
        _seen(tinycss2.parse_component_value_list(css), in_set=False)
    )


def _seen(nodes: list[Any], *, in_set: bool) -> Iterator[tuple[str, bool]]:
    """Yield the references in a tree of tinycss2; strings are some in two places."""
    is_import = False
    for node in nodes:
        if node.type in ("comment", "whitespace"):
            continue
        if node.type == "url" or (node.type == "string" and (is_import or in_set)):
            if node.value:
                yield node.value, is_import
        elif node.type == "function" and node.lower_name == "url":
            first = next(a for a in node.arguments if a.type not in ("comment", "whitespace"))
            if first.type == "string":
                yield first.value, is_import
        elif node.type == "function":
            yield from _seen(node.arguments, in_set=node.lower_name.endswith("image-set"))
        elif node.type.endswith("block"):
            yield from _seen(node.content, in_set=False)
        is_import = node.type == "at-keyword" and node.lower_value == "import"


def test_style_sheet_is_decoded_by_its_charset_rule_unless_a_header_says_more() -> None:
    def text(content_type: str, body: bytes) -> str:
        headers = (("Content-Type", content_type),)
        return text_of(make_capture(f"{HOME}a.css", body, headers=headers)).text

    body = b'@charset "windows-1251"; a{b:url(\xf4.png)}'
    assert "ф.png" in text("text/css", body)
    assert "ô.png" in text("text/css; charset=windows-1252", body)
    assert "ф.png" in text("text/css", b"\xef\xbb\xbf" + "a{b:url(ф.png)}".encode())
