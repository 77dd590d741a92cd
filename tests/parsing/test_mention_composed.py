"""Mentions composed of random parts are parsed into these parts."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parsing.pages import article, post
from tests.parsing.test_byline_composed import PEOPLE, Person

ROLES = [
    "Senior Policy Director",
    "Executive Director",
    "Research Analyst",
    "Scoville Fellow",
    "Program Coordinator",
    "Communications Director",
    "Director of Nuclear Non-Proliferation",
    "Director of Middle East and Defense Policy",
    "Scientists Working Group Chair",
    "Board member",
    "Policy Intern",
    "Center Chairman",
]
OUTLETS = [
    "The Guardian",
    "The Hill",
    "POLITICO",
    "CNN",
    "Vox",
    "the Washington Times",
    "The New York Times",
    "Newsweek",
    "Bulletin of the Atomic Scientists",
    "War on the Rocks",
    "Inkstick",
    "BBC Mundo",
    "USA Today",
    "C-SPAN",
    "Foreign Policy",
    "Stars and Stripes",
    "Defense One",
    "Al Jazeera",
    "U.S. News & World Report",
    "Wisconsin Public Radio",
    "Mother Jones",
    "Agence France-Presse",
    "The Cipher Brief",
    "Yonhap News",
    "The World",
]
VERBS = [
    ("was quoted in", "quoted"),
    ("was quoted by", "quoted"),
    ("is quoted in", "quoted"),
    ("was cited in", "quoted"),
    ("spoke with", "spoke"),
    ("spoke to", "spoke"),
    ("talked to", "spoke"),
    ("told", "spoke"),
    ("was interviewed by", "interviewed"),
    ("was a guest on", "guest"),
    ("appeared on", "guest"),
    ("joined", "guest"),
    ("wrote an op-ed in", "wrote"),
    ("penned an op-ed for", "wrote"),
    ("authored an article in", "wrote"),
    ("wrote a piece for", "wrote"),
    ("had a letter to the editor published in", "wrote"),
    ("co-authored an op-ed in", "co-wrote"),
    ("co-wrote an article for", "co-wrote"),
    ("was featured in", "named"),
    ("was mentioned in", "named"),
]
ABOUT = [
    "about a test.",
    "on the budget.",
    "to discuss the vote.",
    "regarding a missile.",
    "for a story on silos.",
    ".",
    "after the summit.",
]
LINKS = ["{}", '<a href="https://news.example/1">{}</a>', "<em>{}</em>"]


@settings(max_examples=300)
@given(
    person=PEOPLE,
    role=st.sampled_from(ROLES),
    is_before=st.booleans(),
    verb=st.sampled_from(VERBS),
    outlet=st.sampled_from(OUTLETS),
    link=st.sampled_from(LINKS),
    about=st.sampled_from(ABOUT),
)
def test_composed_mention_is_parsed_into_its_parts(
    person: Person,
    role: str,
    is_before: bool,
    verb: tuple[str, str],
    outlet: str,
    link: str,
    about: str,
) -> None:
    name = f"{person.rank} {person.name}".strip()
    subject = f"{role} {name}" if is_before else f"{name}, {role},"
    sentence = f"{subject} {verb[0]} {link.format(outlet.replace('&', '&amp;'))} {about}"
    found = article(post(f"<p>{re.sub(' [.]$', '.', sentence)}</p><p>…</p>"))
    assert found.authors == ()
    assert [
        (item.name, item.rank or "", item.role, item.outlet, item.kind) for item in found.mentions
    ] == [(person.name, person.rank, role, outlet, verb[1])]


@settings(max_examples=200)
@given(
    person=PEOPLE,
    role=st.sampled_from(["", *ROLES]),
    verb=st.sampled_from(
        [("Quoted in", "quoted"), ("Quoted by", "quoted"), ("Interviewed on", "interviewed")]
    ),
    outlet=st.sampled_from(OUTLETS),
)
def test_composed_title_is_parsed_into_its_parts(
    person: Person, role: str, verb: tuple[str, str], outlet: str
) -> None:
    title = f"{role} {person.rank} {person.name} {verb[0]} {outlet}".replace("&", "&amp;")
    page = post("<p>Read the full piece here.</p><p>“It is late.”</p>")
    found = article(page.replace("Rockets / Sparks</h1>", f"{title}</h1>"))
    assert [
        (item.name, item.rank or "", item.role or "", item.outlet, item.kind)
        for item in found.mentions
    ] == [(person.name, person.rank, role, outlet, verb[1])]
