import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cacnp_archive.model.records import Author, Credit
from cacnp_archive.parsing.people.byline import parse_authors
from cacnp_archive.parsing.people.byline_grammar import parse_byline
from cacnp_archive.parsing.people.byline_publication import iso_date, parse_publication
from cacnp_archive.parsing.people.byline_roles import parse_bare_byline
from cacnp_archive.parsing.people.byline_title import parse_title
from cacnp_archive.parsing.people.names import is_person
from cacnp_archive.parsing.text.body import Block
from tests.parsing.cases import Case, case_name, load_cases, read_case
from tests.parsing.pages import article, post
from tests.support.steps import bounded_steps

CASES = load_cases("byline_cases.toml")


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("By Ann Roe", [("Ann Roe", None)]),
        ("by Ann Roe", [("Ann Roe", None)]),
        ("by Ann Roe*", [("Ann Roe", None)]),
        ("By Ann Roe, Senior Policy Director", [("Ann Roe", "Senior Policy Director")]),
        ("By Ann Roe, Policy Intern, Fall 2025", [("Ann Roe", "Policy Intern, Fall 2025")]),
        ("By Ann Roe, Fall 2025 Policy Intern", [("Ann Roe", "Fall 2025 Policy Intern")]),
        ("By Ann Roe and Cy Doe", [("Ann Roe", None), ("Cy Doe", None)]),
        (
            "By Ann Roe and Cy Doe, Policy Interns",
            [("Ann Roe", "Policy Interns"), ("Cy Doe", "Policy Interns")],
        ),
        (
            "by Robert G. Roe, Cy Doe, Kit Poe, and Lee Loe September 17, 2009",
            [("Robert G. Roe", None), ("Cy Doe", None), ("Kit Poe", None), ("Lee Loe", None)],
        ),
        ("by Ann Roe September 24, 2009", [("Ann Roe", None)]),
        (
            "5 Myths about Weapons Debunked By Ann Roe, Cy Doe, & Kit Poe",
            [("Ann Roe", None), ("Cy Doe", None), ("Kit Poe", None)],
        ),
        ("by Ann Roe by Cy Doe", [("Ann Roe", None), ("Cy Doe", None)]),
        ("by Ann Roe [contact information]", [("Ann Roe", None)]),
        (
            "by Ann Roe [contact information] by Cy Doe [contact information] "
            "Published on The Post on March 31, 2009",
            [("Ann Roe", None), ("Cy Doe", None)],
        ),
        (
            "By Kit Poe and Lieutenant General Cy Doe (USA-Ret.) Published in Reuters on May 4",
            [("Kit Poe", None), ("Cy Doe", None)],
        ),
        (
            "by Ann Roe Prepared by Cuyler O’Doe",
            [("Ann Roe", None), ("Cuyler O’Doe", None)],
        ),
        ("by Ann Roe Updated by Cy Doe, June 2014", [("Ann Roe", None), ("Cy Doe", None)]),
        ("**Updated May 16, 2022** By Ann M. Roe", [("Ann M. Roe", None)]),
        ("Published in The Bulletin of the Atomic Scientists. BY ANN ROE", [("Ann Roe", None)]),
        (
            "Don’t Let Cooperation Lapse July 3, 2014 by Ann Roe and Cy Doe",
            [("Ann Roe", None), ("Cy Doe", None)],
        ),
        ("The Military Budget By Cy Doe February 27, 2014", [("Cy Doe", None)]),
        (
            "by Lt. General Cy Doe and Phil Poe On June 22, the House voted.",
            [("Cy Doe", None), ("Phil Poe", None)],
        ),
        ("By Lt. Gen Cy Doe and Ann Roe", [("Cy Doe", None), ("Ann Roe", None)]),
        ("by Ann Roe On May 16 the House approved", [("Ann Roe", None)]),
        (
            "By Ann Roe and Kit Poe PURPOSE OF A CUTOFF TREATY",
            [("Ann Roe", None), ("Kit Poe", None)],
        ),
        ("by Ann Roe BACKGROUND On May 2", [("Ann Roe", None)]),
        ("by Ann Roe U.S. SPENDING ON WARS BY MONTH, FISCAL YEAR", [("Ann Roe", None)]),
        (
            "By Philip E. Roe III and Bo van der Doe, Jr.",
            [("Philip E. Roe III", None), ("Bo van der Doe Jr.", None)],
        ),
        (
            "By Abigail Roe-Doe, Coordinator, and Cy Doe, Director",
            [("Abigail Roe-Doe", "Coordinator"), ("Cy Doe", "Director")],
        ),
        ("By Du-yeon Kím", [("Du-yeon Kím", None)]),
    ],
)
def test_bylines(line: str, people: list[tuple[str, str | None]]) -> None:
    assert [(author.name, author.role) for author in parse_byline(line)] == people


@pytest.mark.parametrize(
    "line",
    [
        "Published in the Bulletin of Atomic Scientists Online on August 5, 2013.",
        "By Tom Z. Doe / Arms Control Today",
        "Statement by Executive Director of Council for a Livable World Ann Roe:",
        "as prepared by Center Executive Director Ann Roe:",
        "Below are remarks delivered by Policy Fellow Ann Roe",
        "Ann Roe provided research assistance for this report.",
        "Letter to the Editor of the Wall Street Journal by Ann Roe",
        "The Center will host a press call with Lt. General Cy Doe and Ann Roe",
        "The bill was passed by a vote of 299-120",
        "Questions By a Student on Nuclear Weapons",
        "approved by vote of 98-0",
        "War Costs By Month, Week, Day",
        "By Executive Order, the President moved",
        "By North Korea and Iran",
        "By Tuesday Morning, the Senate had left",
        "By Barack Obama’s own account, the deal works.",
        "By Ann Roe, who served in Korea",
        "By Staff",
        "By Center Staff",
        "By Reuters",
        "By Ann",
        "The resolution was written by Senator Cy Doe",
        "Amanda Roe / aroe@example.org / 202.555.9400",
    ],
)
def test_lines_that_only_look_like_a_byline_have_no_authors(line: str) -> None:
    assert parse_byline(line) == []


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("<p>By Ann Roe</p><p>Text.</p>", ["Ann Roe"]),
        ("<p><strong>By <em>Ann Roe</em></strong></p><p>Text.</p>", ["Ann Roe"]),
        ("<p>by Ann Roe<br>Published in The Post on January 1, 2008</p>", ["Ann Roe"]),
        ("<p>by Ann Roe<br>by Cy Doe</p><p>Text.</p>", ["Ann Roe", "Cy Doe"]),
        ("<p>by Ann Roe</p><p>Updated by Cy Doe, June 2014</p><h2>X</h2>", ["Ann Roe", "Cy Doe"]),
        ("<h3>An inner headline</h3><p>July 3, 2014</p><p>by Ann Roe</p>", ["Ann Roe"]),
        ("<p>Updated March 2021</p><p>By Ann Roe</p>", ["Ann Roe"]),
        ("<p>Click here for a printable PDF version.</p><p>By Ann Roe</p>", ["Ann Roe"]),
        ("<p>Ann Q. Roe, Scientists Working Group on Weapons</p><p>Text.</p>", ["Ann Q. Roe"]),
        (
            "<p>by Cy G. Doe</p><p>By Kit Poe and General Cy Doe (USA-Ret.)</p>",
            ["Cy G. Doe", "Kit Poe"],
        ),
        ("<p>The treaty has a flaw.</p><p>By Ann Roe</p>", []),
        ("<p>Policy Analyst Ann Roe was quoted in The Post:</p><p>By Cy Doe</p>", []),
        ("<p>FOR IMMEDIATE RELEASE</p><p>Ann Roe, Communications Director</p>", []),
        ("<p>Ann Roe, Communications Director, 202.555.0795 x2115</p>", []),
        ("<figure><figcaption>By Cy Doe</figcaption></figure><p>Text.</p>", []),
        ("<p>Text.</p><p>*By Ann Roe</p>", []),
        ("<ul><li>A paper (By Ann Roe)</li></ul>", []),
        ("<p>... written by yours truly</p>", []),
    ],
)
def test_positions_where_a_byline_is_accepted(content: str, names: list[str]) -> None:
    assert [author.name for author in article(post(content)).authors] == names


def test_piece_from_the_press_has_no_author_of_the_site() -> None:
    page = post("<p>By Cy Doe</p><p>Text.</p>")
    quoted = page.replace("Rockets / Sparks</h1>", "Ann Roe Quoted in The Post</h1>")
    filed = page.replace("Press &amp; In the News</a>", "Center in the News</a>")
    assert [author.name for author in article(page).authors] == ["Cy Doe"]
    assert article(quoted).authors == ()
    assert article(filed).authors == ()


def test_title_names_the_author_of_a_piece_by_the_center() -> None:
    page = post("<p>Text.</p>").replace(
        "Rockets / Sparks</h1>", "Senior Policy Director Ann Roe’s Op-Ed in The Brief</h1>"
    )
    (author,) = article(page).authors
    assert (author.name, author.role) == ("Ann Roe", "Senior Policy Director")
    assert (author.printed, author.found_in) == ("Senior Policy Director Ann Roe’s", "title")


def fields_of(author: Author, expected: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an author that a case states; a case rarely states `printed`."""
    fields = ("name", "role", "rank", "credit", "asterisk", "outlet", "date")
    found = {field: getattr(author, field) for field in fields}
    return found | ({"printed": author.printed} if "printed" in expected else {})


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_invented_first_lines_name_their_authors_and_nobody_else(case: Case) -> None:
    absent = {"role": None, "rank": None, "outlet": None, "date": None}
    expected = [
        absent | {"credit": "author", "asterisk": False} | item for item in case.get("authors", [])
    ]
    authors = read_case(case).authors
    assert [author.name for author in authors] == [item["name"] for item in expected]
    assert [fields_of(*pair) for pair in zip(authors, expected, strict=True)] == expected


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By John Erath", ["John Erath"]),
        ("by Travis Sharp", ["Travis Sharp"]),
        ("by William Bittner*", ["William Bittner"]),
        ("by Nkazimulo Moyeni*", ["Nkazimulo Moyeni"]),
        ("By John Erath, Senior Policy Director", ["John Erath"]),
        ("By Rachel Emond, Scoville Fellow", ["Rachel Emond"]),
        ("By Anna Schumann, Communications Director", ["Anna Schumann"]),
        ("By Deverrick Holmes, Policy Intern", ["Deverrick Holmes"]),
        ("By Julia Cooper, Policy Intern, Fall 2025", ["Julia Cooper"]),
        ("By Julia Cooper, Fall 2025 Policy Intern", ["Julia Cooper"]),
        ("By Casey Kitchens, Fall 2022 Intern", ["Casey Kitchens"]),
        (
            "By Bryce Farabaugh and Deverrick Holmes, Policy Interns",
            ["Bryce Farabaugh", "Deverrick Holmes"],
        ),
        ("By Greg Terryn and Sarah Tully", ["Greg Terryn", "Sarah Tully"]),
        ("by Christopher Hellman and Travis Sharp", ["Christopher Hellman", "Travis Sharp"]),
        (
            "by Robert G. Gard, John Isaacs, Kingston Reif, and Travis Sharp September 17, 2009",
            ["Robert G. Gard", "John Isaacs", "Kingston Reif", "Travis Sharp"],
        ),
        (
            "5 Myths about America’s Nuclear Weapons Debunked By Phillip Coyle, Robert Gard, "
            "John Isaacs, & Greg Terryn",
            ["Phillip Coyle", "Robert Gard", "John Isaacs", "Greg Terryn"],
        ),
        ("by Travis Sharp by Katie Mounts", ["Travis Sharp", "Katie Mounts"]),
        ("by Katie Mounts by Travis Sharp", ["Katie Mounts", "Travis Sharp"]),
        ("by John Isaacs [contact information]", ["John Isaacs"]),
        (
            "by Robert G. Gard [contact information] by Travis Sharp [contact information] "
            "Published on The Huffington Post on March 31, 2009",
            ["Robert G. Gard", "Travis Sharp"],
        ),
        (
            "by Robert G. Gard [contact information] By Matthew Alexander, Joe Navarro, and "
            "Lieutenant General Robert Gard (USA-Ret.) Published in Reuters on June 24, 2009",
            ["Robert G. Gard", "Matthew Alexander", "Joe Navarro"],
        ),
        ("by John Isaacs Prepared by Cuyler O’Brien", ["John Isaacs", "Cuyler O’Brien"]),
        (
            "by Justin Bresolin Updated by Brenna Gautam, June 2014",
            ["Justin Bresolin", "Brenna Gautam"],
        ),
        ("**Updated May 16, 2022** By Samuel M. Hickey", ["Samuel M. Hickey"]),
        ("Published in The Bulletin of the Atomic Scientists. BY DUYEON KIM", ["Duyeon Kim"]),
        (
            "Don’t Let Nuclear-Security Cooperation with Russia Lapse July 3, 2014 "
            "by Nickolas Roth and Robert Gard",
            ["Nickolas Roth", "Robert Gard"],
        ),
        ("The Military Budget By Robert Gard February 27, 2014", ["Robert Gard"]),
        (
            "by Lt. General Robert Gard and Phil Coyle On June 22, the test began.",
            ["Robert Gard", "Phil Coyle"],
        ),
        ("By Lt. Gen Robert Gard and Greg Terryn", ["Robert Gard", "Greg Terryn"]),
        (
            "John A. Gilbert, Scientists Working Group on Biological and Chemical Security",
            ["John A. Gilbert"],
        ),
        ("by Kingston Reif On May 16 the House approved it.", ["Kingston Reif"]),
        ("by Robert G. Gard On June 6, 2011, the Belfer group met.", ["Robert G. Gard"]),
        (
            "By Kingston Reif and Madeleine Foley PURPOSE OF FISSILE MATERIAL CUTOFF TREATY",
            ["Kingston Reif", "Madeleine Foley"],
        ),
        (
            "by Travis Sharp U.S. SPENDING ON IRAQ AND AFGHANISTAN BY MONTH, WEEK, DAY",
            ["Travis Sharp"],
        ),
        ("by Sophy Macartney*", ["Sophy Macartney"]),
    ],
)
def test_bylines_as_the_site_prints_them(byline: str, names: list[str]) -> None:
    found = article(post(f"<p>{byline}</p><p>The text.</p>")).authors
    assert [author.name for author in found] == names


@pytest.mark.parametrize(
    ("title", "name", "role"),
    [
        (
            "Senior Policy Director Alexandra Bell’s Op-Ed in The Cipher Brief",
            "Alexandra Bell",
            "Senior Policy Director",
        ),
        (
            "New York Times Letter to the Editor on Pentagon spending by Lt. General Robert Gard",
            "Robert Gard",
            None,
        ),
        ("Reflections On My Fall Internship: Julia Cooper", "Julia Cooper", None),
        ("Op-Ed by Ann Roe in The Hill", "Ann Roe", None),
    ],
)
def test_titles_that_name_the_author(title: str, name: str, role: str | None) -> None:
    assert [(author.name, author.role) for author in parse_title(title)] == [(name, role)]


@pytest.mark.parametrize(
    "title",
    [
        "Questions By a Student on Nuclear Weapons",
        "Meet our spring 2023 Scoville Fellow: Sophia Macartney",
        "Greg Terryn: Rep. Westmoreland Is Mistaken on Iran Deal",
        "Executive Director John Tierney Quoted in The Hill",
        "Op-ed: What the Budget Forgets",
        "My Country: North Korea",
    ],
)
def test_titles_that_name_no_author(title: str) -> None:
    assert parse_title(title) == []


def test_later_byline_of_a_person_gives_the_rank_that_the_first_lacks() -> None:
    line = "by Cy G. Doe By Ann Roe and Lieutenant General Cy Doe (USA-Ret.)"
    first, second = article(post(f"<p>{line}</p>")).authors
    assert (first.name, first.person, first.rank) == ("Cy G. Doe", "Cy Doe", "Lieutenant General")
    assert first.printed == "by Cy G. Doe"
    assert second.rank is None


def test_author_who_updated_the_text_has_both_credits() -> None:
    found = article(post("<p>by Ann Roe<br>Updated by Ann Roe, June 2014</p>")).authors
    assert [(author.credit, author.date) for author in found] == [
        (Credit.AUTHOR, None),
        (Credit.UPDATED, "2014-06"),
    ]


def test_reporter_is_distinguished_from_staff_by_name() -> None:
    page = "<p>By {}<br>Arms Control Today</p><p>The text.</p>"
    (author,) = article(post(page.format("John Isaacs"))).authors
    assert (author.name, author.outlet) == ("John Isaacs", "Arms Control Today")
    assert article(post(page.format("Tom Z. Collina"))).authors == ()


def test_staff_may_sign_at_the_end_and_nobody_else() -> None:
    page = "<p>The text. It is long.</p><p>More.</p><p>And more.</p><p>The end.</p><p>By {}</p>"
    (author,) = article(post(page.format("John Isaacs"))).authors
    assert author.name == "John Isaacs"
    assert article(post(page.format("Ann Roe"))).authors == ()


WORDS = st.sampled_from(
    re.split(
        "/",
        "by/By/BY/Ann/Roe/Gard/JOHN/and/&/,/;/./:/*/(/)/[contact information]/Published/in/on/the"
        "/Updated/Prepared/Lt./Gen./Intern/Fall/2025/June/22,/2014/–/|/of/Times/“/”/’s/III/Jr./-"
        "/By:/II/quoted/was/with/Center/Director/(USA-Ret.)/é/한국/\n/\u00a0/",
    )
)
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(WORDS, max_size=40).map(" ".join),
    st.lists(WORDS, max_size=40).map("".join),
)


@given(TEXTS)
def test_any_line_gives_bylines_contained_in_it_or_none(line: str) -> None:
    for author in (*parse_byline(line), *parse_bare_byline(line), *parse_title(line)):
        assert is_person(author.name)
        assert author.printed.strip()
        assert author.name.split()[0].casefold() in author.printed.casefold()


@given(st.lists(TEXTS, max_size=8), TEXTS, st.booleans())
def test_any_text_is_parsed_without_an_exception(
    texts: list[str], title: str, is_page: bool
) -> None:
    blocks = [Block(text, "p") for text in texts]
    found = parse_authors(
        blocks, title=title, categories=["Center in the News"], theme_names=[], is_page=is_page
    )
    assert len({(author.person, author.credit) for author in found}) == len(found)


@given(TEXTS)
def test_dates_of_publication_are_iso_dates_or_none(line: str) -> None:
    _, date = parse_publication(f"Published in {line}") or (None, None)
    assert date is None or re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", date)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("June 2014", "2014-06"),
        ("on Sept. 3, 2012", "2012-09-03"),
        ("3 March 2012", "2012-03-03"),
        ("Fall 2012", None),
        ("2012", None),
        ("February 30, 2012", None),
    ],
)
def test_dates_of_bylines(text: str, date: str | None) -> None:
    assert iso_date(text) == date


@settings(max_examples=20)
@given(
    st.sampled_from(
        [
            "By A ",
            "By Ann Roe, ",
            "by ",
            "A",
            "A. ",
            ", ",
            "Aa ",
            "and Ann ",
            " ",
            "Updated ",
            "(",
            "Published in The ",
            "Ann Roe, Director of and ",
            "’s ",
            "-",
            "June 2014 ",
            "was quoted in ",
            "my: ",
            "press ",
        ]
    ),
    st.sampled_from(["", "By Ann Roe", "x", "Director "]),
)
def test_hundred_kilobytes_of_anything_are_read_in_few_steps(unit: str, head: str) -> None:
    text = head + unit * (100_000 // len(unit))
    with bounded_steps(25 * len(text), longest=2000):
        for title, body in ((text, "Text."), ("Title", text), (text, text)):
            blocks = [Block(body, "p")] * 7
            parse_authors(blocks, title=title, categories=[text], theme_names=[text])
