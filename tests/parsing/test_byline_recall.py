"""Bylines by kind and in many scripts name their authors; look-alikes name nobody."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cacnp_archive.model.records import Credit
from cacnp_archive.parsing.people.byline import parse_authors
from cacnp_archive.parsing.people.names import person_of
from tests.parsing.pages import article, post

KINDS = tomllib.loads((Path(__file__).parent / "byline_recall.toml").read_text("utf-8"))["kind"]
ROWS = [
    pytest.param(kind.get("place", "body"), row[0], row[1:], id=f"{kind['what']}: {row[0]}"[:90])
    for kind in KINDS
    for row in kind["rows"]
]
NAMES = """
Ada Lindgren; Bo E. Marchetti; C. J. Okoro; D’Arcy O’Neill; Élodie Lefèvre; Fionnuala Mac Giolla;
Gert-Jan van den Heuvel; Héctor de la Rosa; Ivo Krstić; Jürgen Weiß; Kasia Żółć; LeAnn McIntyre;
Mehmet Çağatay; Nguyễn Văn Đạt; Oisín Ó Briain; Þorgerður Ásmundsdóttir; Quang Trần;
Rania al-Khatib; Saïd ben Youssef; Tomás DeLuca; Ursula von Thun; Vesna St. James; W. Otieno;
Yaw Mensah-Bonsu; Zuzana Dvořáková; Robert “Bob” Hale; Susan (Sue) Carver; Glen Abbott Jr.;
Анна Соколова; Дмитро Коваль; Пётр И. Чехов; Σοφία Δημητρίου; Մարիամ Պետրոսյան; ნინო კაპანაძე;
李小龍; 張偉; 田中健太; 이수진; 박 서준; マリア・ロペス; سارة منصور; حسن بن علي; דוד לוי;
अनिता वर्मा; সুমন দাস; கவிதா ராஜன்; สุดา ทองดี; Ахмет Байтұрсынов; Ẹniọlá Adébáyọ̀
"""
NAMED = [" ".join(name.split()) for name in NAMES.split(";")]
LABELS = [
    *("By ", "by ", "By: ", "Written by ", "Guest post by ", "Guest author: ", "Text by "),
    *("Authored by ", "Words: ", "Posted by ", "Author: ", "Authors: ", "A guest post by "),
]
SEPARATORS = [", ", "; ", " / ", " | ", " & ", " and ", " with ", "<br>", ", and "]
PEOPLE = st.lists(st.sampled_from(NAMED), min_size=1, max_size=4, unique_by=person_of)
TEXT = "<p>The talks went on for a week.</p><p>By then, the snow had come.</p>"


@pytest.mark.parametrize(("place", "html", "names"), ROWS)
def test_kinds_of_bylines_name_their_authors_and_nobody_else(
    place: str, html: str, names: list[str]
) -> None:
    page = post(html)
    if place == "meta":
        page = post(TEXT).replace("</time></p>", f"</time> {html}</p>")
    found = [item.name for item in article(page).authors if item.credit is Credit.AUTHOR]
    assert found == names


@settings(max_examples=400)
@given(
    people=PEOPLE,
    label=st.sampled_from(LABELS),
    separator=st.sampled_from(SEPARATORS),
    page=st.sampled_from(
        [
            "<p>{}</p>" + TEXT,
            "<p><em>{}</em></p>" + TEXT,
            "<h4>{}</h4>" + TEXT,
            "<h2>What the Snow Hid</h2><p>{}</p>" + TEXT,
            "<p>Updated May 16, 2022</p><p>{}</p>" + TEXT,
            "<p>{} </p><ul><li>One.</li></ul>" + TEXT,
        ]
    ),
)
def test_names_in_any_script_are_read_from_any_byline(
    people: list[str], label: str, separator: str, page: str
) -> None:
    found = article(post(page.format(label + separator.join(people)))).authors
    assert [item.name for item in found] == people
    assert {item.printed for item in found} == {
        (label + separator.replace("<br>", "\n").join(people)).strip()
    }


@settings(max_examples=200)
@given(
    people=PEOPLE,
    dash=st.sampled_from(["— ", "—", "– ", "–", "--", "- ", "― "]),
    separator=st.sampled_from([", ", "; ", " and ", " & "]),
    mark=st.sampled_from(["<p>{}</p>", "<p><em>{}</em></p>", "<div align='right'>{}</div>"]),
)
def test_names_in_any_script_are_read_from_a_signature(
    people: list[str], dash: str, separator: str, mark: str
) -> None:
    found = article(post(TEXT + mark.format(dash + separator.join(people)))).authors
    assert [item.name for item in found] == people


@settings(max_examples=200)
@given(
    people=st.lists(
        st.one_of(
            st.sampled_from(NAMED), st.sampled_from(["Edda", "jdoe42", "nuke_watcher", "洋子"])
        ),
        min_size=1,
        max_size=3,
        unique=True,
    ),
    separator=st.sampled_from([", ", " and ", " &amp; ", " "]),
    around=st.sampled_from(
        [
            "By {}",
            "<span class='byline'>By {}</span>",
            "<span class='posted-by'>Posted by {}</span>",
        ]
    ),
)
def test_names_that_the_theme_links_are_read_as_shown(
    people: list[str], separator: str, around: str
) -> None:
    links = [f"<a rel='author' href='/author/a{n}/'>{name}</a>" for n, name in enumerate(people)]
    line = around.format(separator.join(links))
    page = post(TEXT).replace("</time></p>", f"</time> {line}</p>")
    assert [item.name for item in article(page).authors] == people


@settings(max_examples=400)
@given(
    line=st.one_of(
        st.builds(
            "{} {}".format,
            st.sampled_from(
                [
                    *("Photo by", "Photos:", "Illustration by", "Reviewed by", "Translated by"),
                    *(
                        "Hosted by",
                        "Interview by",
                        "Music by",
                        "Moderated by",
                        "Guests:",
                        "Video by",
                    ),
                    *("Remarks by", "Statement by", "Presented by", "Speaker:", "Sponsored by"),
                ]
            ),
            st.sampled_from(NAMED),
        ),
        st.builds(
            "{} {}".format,
            st.sampled_from(["By", "by", "Written by", "Posted by", "Author:", "Guest post by"]),
            st.sampled_from(
                [
                    *("the numbers", "Executive Order", "Any Means", "Popular Demand", "Reuters"),
                    *(
                        "The New York Times",
                        "Center Staff",
                        "the Editors",
                        "Arms Control Association",
                    ),
                    *(
                        "2030, China",
                        "North Korea",
                        "a vote of two to one",
                        "Council for a Livable World",
                    ),
                    *(
                        "Federation of American Scientists",
                        "Air, Land and Sea",
                        "Unanimous Consent",
                    ),
                ]
            ),
        ),
        st.builds(
            "It was cold.</p>{}<p>— {}".format,
            st.sampled_from(
                ["<blockquote><p>It was.</p></blockquote>", "<p>“It was.”</p>", "<p>Sincerely,</p>"]
            ),
            st.sampled_from(NAMED),
        ),
        st.builds("A list:</p><p>– {0}</p><p>– {1}".format, *[st.sampled_from(NAMED)] * 2),
    )
)
def test_look_alikes_name_nobody(line: str) -> None:
    assert (
        article(
            post(f"<p>{line}</p>" if "— " in line or "– " in line else f"<p>{line}</p>{TEXT}")
        ).authors
        == ()
    )


def test_account_in_the_head_is_no_author_but_makes_a_printed_name_certain() -> None:
    head = '<meta name="author" content="Edda">'
    assert article(post(TEXT, head=head)).authors == ()
    assert article(post(f"<p>By Edda</p>{TEXT}")).authors == ()
    found = article(post(f"<p>By Edda</p>{TEXT}", head=head)).authors
    assert [item.name for item in found] == ["Edda"]


def test_bylines_of_related_posts_beside_an_entry_are_not_its_own() -> None:
    own = "<span class='byline'>By <a rel='author' href='/author/edda/'>Edda Lunn</a></span>"
    other = (
        "<div><span class='byline'>By <a rel='author' href='/author/b/'>Bo Marsh</a></span></div>"
    )
    page = (
        post(TEXT)
        .replace("</time></p>", f"</time> {own}</p>")
        .replace("</article>", f"{other}</article>")
    )
    assert [item.name for item in article(page).authors] == ["Edda Lunn"]


def test_accounts_and_the_site_are_no_authors() -> None:
    found = parse_authors(
        [], title="", categories=[], theme_names=["admin", "Staff", "Reuters", "Ann", "Policy Team"]
    )
    assert [item.name for item in found] == ["Ann"]
