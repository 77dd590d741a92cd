import pytest

from cacnp_archive.parsing.byline_grammar import parse_byline
from tests.parsing.pages import article, post


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
            [("Ann Roe", None), ("Cuyler O’Doe", "Prepared by")],
        ),
        ("by Ann Roe Updated by Cy Doe, June 2014", [("Ann Roe", None), ("Cy Doe", "Updated by")]),
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
def test_what_only_looks_like_a_byline(line: str) -> None:
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
def test_where_a_byline_counts(content: str, names: list[str]) -> None:
    assert [author.name for author in article(post(content)).authors] == names


def test_what_the_press_wrote_has_no_author_of_the_site() -> None:
    page = post("<p>By Cy Doe</p><p>Text.</p>")
    quoted = page.replace("Rockets / Sparks</h1>", "Ann Roe Quoted in The Post</h1>")
    filed = page.replace("Press &amp; In the News</a>", "Center in the News</a>")
    assert [author.name for author in article(page).authors] == ["Cy Doe"]
    assert article(quoted).authors == ()
    assert article(filed).authors == ()


def test_title_names_the_author_of_an_own_piece() -> None:
    page = post("<p>Text.</p>").replace(
        "Rockets / Sparks</h1>", "Senior Policy Director Ann Roe’s Op-Ed in The Brief</h1>"
    )
    (author,) = article(page).authors
    assert (author.name, author.role) == ("Ann Roe", "Senior Policy Director")
    assert (author.printed, author.found_in) == ("Senior Policy Director Ann Roe’s", "title")
