import pytest

from cacnp_archive.parsing.files.styles import css_references


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
        ("a{b:url(unclosed", []),
    ],
)
def test_references_of_a_style_sheet(css: str, references: list[str]) -> None:
    assert [reference for reference, _ in css_references(css)] == references
