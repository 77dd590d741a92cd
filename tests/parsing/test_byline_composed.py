"""Bylines composed of random parts are parsed into these parts."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from cacnp_archive.parsing.people.names import person_of
from tests.parsing.pages import article, post

NAMES = """
Ann Benedikt Chidi Deverrick Elif Farah Göran Hyun-woo Ingrid J.P. Kwame Luz Mary-Beth Nils Oksana
Priya Quentin Rosa Søren Thandiwe Usha Vera W. Xiomara Yusuf Zoë Kingston Summer April
"""
FAMILY_NAMES = """
Abernathy, Brückner, Castellano, Dufresne, Eriksen, Farouk, Goldschmidt, O’Hara, McAvoy, St. Clair,
Núñez, Okonkwo, Petrov, Quispe, Roe-Doe, Stowe-Reed, Tanaka, Ueda, Villeneuve, Wójcik, Zhang,
van Houten, de la Cruz, al-Masri, Finch III, Hale Jr., Hill, White, Price
"""
GIVEN = NAMES.split()
FAMILY = [name.strip() for name in FAMILY_NAMES.split(",")]
MIDDLE = ["", "", "", "Q.", "B. C.", "Jane"]
RANKS = ["", "", "", "Lt. Gen.", "Lt. General", "Dr.", "Ambassador", "Col.", "Rear Admiral", "Rep."]
ROLES = [
    None,
    None,
    "Policy Intern",
    "Senior Policy Director",
    "Scoville Fellow",
    "Fall 2025 Policy Intern",
    "Policy Intern, Fall 2025",
    "Director of Nuclear Non-Proliferation",
    "Communications Director",
    "Szilard Advisory Board",
    "Scientists Working Group on Biological and Chemical Security",
]
DATES = [
    ("", None),
    ("", None),
    (" September 17, 2009", "2009-09-17"),
    (", May 3, 2012", "2012-05-03"),
]
MARKS = [
    "<p>{}</p>",
    "<p><strong>{}</strong></p>",
    "<p><em>{}</em></p>",
    "<h4>{}</h4>",
    "<div>{}</div>",
]
BEFORE = ["", "", "<p><strong>Updated May 16, 2022</strong></p>", "<h2>What the Budget Hides</h2>"]
AFTER = [
    "<p>The talks went on, by a vote of two to one.</p>",
    "<h2>BACKGROUND</h2><p>By then, it was late.</p>",
    "<p>“By Monday,” said Otto Farrow, “we shall know.”</p>",
    "<figure><img src='/a.jpg'><figcaption>Photo by Otto Farrow</figcaption></figure>",
    "",
]


@dataclass(frozen=True)
class Person:
    rank: str
    name: str


PEOPLE = st.builds(
    lambda rank, given, middle, family: Person(
        rank, " ".join(f"{given} {middle} {family}".split())
    ),
    st.sampled_from(RANKS),
    st.sampled_from(GIVEN),
    st.sampled_from(MIDDLE),
    st.sampled_from(FAMILY),
)


def listed(people: list[Person], comma: str, last: str) -> str:
    names = [f"{person.rank} {person.name}".strip() for person in people]
    return names[0] if len(names) == 1 else f"{comma.join(names[:-1])}{last}{names[-1]}"


@settings(max_examples=400)
@given(
    by=st.sampled_from(["By ", "by ", "By: ", "Written by "]),
    people=st.lists(
        PEOPLE, min_size=1, max_size=4, unique_by=lambda person: person_of(person.name)
    ),
    last=st.sampled_from([" and ", " & ", ", and ", ", & "]),
    role=st.sampled_from(ROLES),
    date=st.sampled_from(DATES),
    mark=st.sampled_from(MARKS),
    before=st.sampled_from(BEFORE),
    after=st.sampled_from(AFTER),
    asterisk=st.booleans(),
)
def test_composed_byline_is_parsed_into_its_parts(
    by: str,
    people: list[Person],
    last: str,
    role: str | None,
    date: tuple[str, str | None],
    mark: str,
    before: str,
    after: str,
    asterisk: bool,
) -> None:
    star = "*" if asterisk and role is None else ""
    byline = by + listed(people, ", ", last) + star
    printed = byline if role is None else f"{byline}, {role}"
    found = article(post(before + mark.format(printed + date[0]) + after)).authors
    assert [(author.name, author.rank or "", author.role, author.date) for author in found] == [
        (person.name, person.rank, role, date[1]) for person in people
    ]
    assert {author.printed for author in found} == {printed}
    assert [author.asterisk for author in found] == [False] * (len(people) - 1) + [bool(star)]


@settings(max_examples=200)
@given(
    people=st.lists(
        PEOPLE, min_size=2, max_size=3, unique_by=lambda person: person_of(person.name)
    ),
    joint=st.sampled_from([" ", "<br>", "<br />\n", "</p>\n<p>"]),
    contact=st.sampled_from(["", " [contact information]"]),
    outlet=st.sampled_from(
        [
            ("", None, None),
            ("Published in the Daily Lantern on May 3, 2009", "the Daily Lantern", "2009-05-03"),
        ]
    ),
    after=st.sampled_from(AFTER),
)
def test_stacked_bylines_are_parsed_one_by_one(
    people: list[Person],
    joint: str,
    contact: str,
    outlet: tuple[str, str | None, str | None],
    after: str,
) -> None:
    lines = [f"by {person.rank} {person.name}".replace("  ", " ") + contact for person in people]
    content = joint.join([*lines, *([outlet[0]] if outlet[0] else [])])
    found = article(post(f"<p>{content}</p>{after}")).authors
    assert [(item.name, item.rank or "", item.outlet, item.date) for item in found] == [
        (person.name, person.rank, outlet[1], outlet[2]) for person in people
    ]
    assert [item.printed for item in found] == lines
