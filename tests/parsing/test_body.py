import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacnp_archive.parsing.text.select_body import select_body
from cacnp_archive.parsing.tree import parse_html


def text(content: str) -> str:
    root = parse_html(f"<body><div id='c'>{content}</div></body>")
    assert root is not None
    return select_body(root.find(".//div")).text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<p>One</p><p>two</p>", "One\n\ntwo"),
        ("<p>One<br>two<br/> three</p>", "One\ntwo\nthree"),
        ("The Guardian<b>about</b> it", "The Guardianabout it"),
        ("<p>a&nbsp;&nbsp; b\n\tc </p>", "a b c"),
        ("<p>one <em> two</em> <i> </i>three</p>", "one two three"),
        ("<p></p><p>&nbsp;</p><p><br><br></p><p>x</p>", "x"),
        ("bare<p>para</p>tail<div>div</div>end", "bare\n\npara\n\ntail\n\ndiv\n\nend"),
        (
            "<h2>Head</h2>text<ul><li>a<ul><li>b</li></ul></li><li>c</ul>",
            "Head\n\ntext\n\na\n\nb\n\nc",
        ),
        ("<dl><dt>t<dd>d</dl><blockquote>q</blockquote>", "t\n\nd\n\nq"),
        ("<figure><img alt=x><figcaption>Cap</figcaption></figure>", "Cap"),
        ("<pre>a\n  b\nc</pre>", "a\nb\nc"),
        ("<p>unclosed <b>bold<p>next", "unclosed bold\n\nnext"),
        ("<font size=2>old <font>school</font></font>", "old school"),
        ("2½ ➤ […] 북한 Qué\ufffd", "2½ ➤ […] 북한 Qué\ufffd"),
    ],
)
def test_blocks_and_lines(content: str, expected: str) -> None:
    assert text(content) == expected


def test_table_keeps_cells_and_rows() -> None:
    table = (
        "<table><caption>Cap</caption><thead><tr><th>Item</th><th>House</th></tr></thead>"
        "<tr><td></td><td> </td></tr><tr><td><p>B-21</p><p>plane</p></td><td>2,5<b>54</b></td></tr>"
        "<tr><td></td><td>end</td></tr></table>after"
    )
    assert text(table) == "Cap\nItem\tHouse\nB-21 plane\t2,554\n\tend\n\nafter"


def test_table_around_tables_is_layout() -> None:
    table = (
        "<table><tr><td>left</td><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>"
    )
    assert text(table) == "left\n\na\tb"


@pytest.mark.parametrize(
    "furniture",
    [
        "<script>var a;</script>",
        "<style>b{}</style>",
        "<noscript><img></noscript>",
        "<template><p>t</p></template>",
        '<iframe src="x">frame</iframe>',
        "<button>Go</button>",
        "<audio src=a.mp3>Your browser</audio>",
        "<object data=a.swf>Flash</object>",
        "<p hidden>h</p>",
        '<p style="color:red; display: none">h</p>',
        '<span class="screen-reader-text">h</span>',
        '<div class="sharedaddy sd-sharing-enabled"><h3>Share this:</h3></div>',
        '<div class="addtoany_share_save_container addtoany_content">s</div>',
        '<div class="dpsp-content-wrapper">s</div>',
        '<div id="jp-relatedposts" class="jp-relatedposts">r</div>',
        '<div class="yarpp yarpp-related">r</div>',
        '<section class="author-box">who</section>',
        '<article class="post-4 type-post entry">other</article>',
        "<!-- comment -->",
        "<svg><title>Icon</title></svg>",
    ],
)
def test_furniture_is_left_out(furniture: str) -> None:
    assert text(f"<p>before</p>{furniture}<p>after</p>") == "before\n\nafter"


def test_text_after_furniture_is_kept() -> None:
    assert text("one <script>x</script>two") == "one two"


def test_context_is_the_block_around_the_link() -> None:
    root = parse_html(f"<div><p>{'word ' * 100}<a href=/x>here it is</a>{' tail' * 100}</p></div>")
    assert root is not None
    (reference,) = select_body(root).references
    assert reference.label == "here it is"
    assert len(reference.context) <= 300
    assert " here it is tail" in reference.context
    assert reference.context.startswith("word ")


def test_link_across_several_blocks_has_the_text_of_all() -> None:
    root = parse_html("<div><a href=/x><h3>Title</h3><p>Teaser</p></a></div>")
    assert root is not None
    assert [reference.label for reference in select_body(root).references] == ["Title Teaser"]


def test_text_of_an_image_link_is_the_alternative_text() -> None:
    root = parse_html(
        '<div><p>Before</p><a href="/x.jpg"><img alt=" A map " src="s.jpg"></a></div>'
    )
    assert root is not None
    (reference,) = select_body(root).references
    assert (reference.label, reference.context) == ("A map", "")


def test_latest_posts_block_is_left_out_but_content_with_its_class_is_kept() -> None:
    posts = (
        '<ul class="wp-block-latest-posts__list wp-block-latest-posts"><li><a href="/n/">New</a>'
        '<time class="wp-block-latest-posts__post-date">May 1, 2024</time></li></ul>'
    )
    assert text(f"<p>before</p>{posts}<p>after</p>") == "before\n\nafter"
    content = '<div class="wp-block-latest-posts"><p>Our words</p><ul><li>one</li></ul></div>'
    assert text(content) == "Our words\n\none"
    by_hand = '<ul class="wp-block-latest-posts"><li>Our words</li></ul>'
    assert text(by_hand) == "Our words"


def test_form_is_left_out_unless_it_encloses_the_text_of_an_old_page() -> None:
    assert text("<p>a</p><form><label>Name</label><input></form>b") == "a\n\nb"
    assert text("<form><p>No controls.</p></form>") == "No controls."
    words = "Long text. " * 80
    assert text(f"<form><p>{words}</p><input type=hidden></form>") == words.strip()


def test_obfuscated_mail_address_is_decoded() -> None:
    root = parse_html(
        '<div><p>To <a href="/cdn-cgi/l/email-protection#422302206c2d3025">'
        '<span data-cfemail="422302206c2d3025">[email&#160;protected]</span></a>.</p></div>'
    )
    assert root is not None
    body = select_body(root)
    assert body.text == "To a@b.org."
    assert [(item.address, item.label) for item in body.references] == [
        ("mailto:a@b.org", "a@b.org")
    ]


def test_small_table_of_sections_is_layout_and_a_table_with_headings_is_not() -> None:
    section = "<td><p>One.</p><p>Two.</p></td>"
    assert text(f"<table><tr>{section}<td>x</td></tr></table>") == "One.\n\nTwo.\n\nx"
    assert text(f"<table><tr><th>H</th></tr><tr>{section}</tr></table>") == "H\nOne. Two."
    assert text('<table role="presentation"><tr><td>a<td>b</table>') == "a\n\nb"


def test_cell_without_a_table_is_text() -> None:
    assert text("<div>tail <td>cell</td></div>") == "tail cell"


@given(st.text(st.sampled_from(" \t\n\u00a0\u2003\u200ba")))
def test_run_of_white_space_is_one_space_everywhere(written: str) -> None:
    folded = re.sub(r"\s+", " ", written)
    assert text(f"<p>x{written}<i>{written}</i>x</p>") == re.sub(" +", " ", f"x{folded}{folded}x")
