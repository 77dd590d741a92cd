from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cacnp_archive.model.records import Author, Kind, Mention
from cacnp_archive.parsing.people.mention import FIRST_LETTERS, VERBS, is_mention, parse_mentions
from cacnp_archive.parsing.people.mention_title import is_mention_title
from cacnp_archive.parsing.text.body import Block, Reference
from tests.parsing.cases import Case, case_name, load_cases, read_case
from tests.parsing.pages import article, post
from tests.parsing.test_byline import TEXTS
from tests.support.steps import bounded_steps

CASES = load_cases("mention_cases.toml")


def fields_of(mention: Mention) -> dict[str, Any]:
    fields = ("name", "rank", "role", "outlet", "kind")
    return {field: getattr(mention, field) for field in fields}


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_invented_first_lines_report_the_people_of_the_center(case: Case) -> None:
    absent = {"rank": None, "role": None, "outlet": None}
    expected = [absent | mention for mention in case.get("mentions", [])]
    assert [fields_of(mention) for mention in read_case(case).mentions] == expected


@given(st.one_of(*(st.from_regex(pattern, fullmatch=True) for _, pattern in VERBS)))
def test_first_letters_are_those_of_all_verbs(verb: str) -> None:
    assert verb[0] in FIRST_LETTERS


def test_mention_has_the_canonical_spelling_of_the_person() -> None:
    page = post("<p>Senior Policy Analyst Laicie Olson was quoted in The Daily on cuts.</p>")
    (mention,) = article(page).mentions
    assert (mention.name, mention.person) == ("Laicie Olson", "Laicie Heeley")


def test_author_is_not_a_mention_and_mention_is_not_an_author() -> None:
    sentence = "<p>Senior Fellow Cy Doe was quoted in The Daily.</p>"
    quoted = article(post(sentence))
    signed = article(post(f"<p>By Cy B. Doe</p>{sentence}"))
    assert (quoted.authors, [item.name for item in quoted.mentions]) == ((), ["Cy Doe"])
    assert ([item.name for item in signed.authors], signed.mentions) == (["Cy B. Doe"], ())


@pytest.mark.parametrize(
    "title",
    [
        "Executive Director John Tierney Quoted in the Washington Times",
        "Laicie Olson Quoted by the AP",
        "National Journal: John Isaacs Quoted on Missile Defense",
        "VOA Interviews Duyeon Kim",
        "Duyeon Kim Speaks With Arirang",
        "In the News: A Short Leash",
        "Ann Roe Appears on C-SPAN",
    ],
)
def test_titles_that_report_a_mention(title: str) -> None:
    assert is_mention_title(title)


@pytest.mark.parametrize(
    "title",
    [
        "Six-Party Talks With North Korea Resume",
        "Most Cited by Congress: Five Reports",
        "Talks on Iran Are Featured in Our Report",
        "Why We Spoke With Inspectors",
        "Next Up – It’s Your Turn",
    ],
)
def test_titles_that_only_look_like_a_mention(title: str) -> None:
    assert not is_mention_title(title)


@given(
    st.lists(TEXTS, max_size=6),
    TEXTS,
    st.sampled_from(Kind),
    st.lists(st.tuples(TEXTS, st.integers(-5, 400), st.integers(-5, 400)), max_size=3),
)
def test_any_text_mentions_each_person_at_most_once(
    texts: list[str], title: str, kind: Kind, links: list[tuple[str, int, int]]
) -> None:
    blocks = [Block(text, "p") for text in texts]
    references = [
        Reference("/x", is_embed=False, label=label, start=start, end=end)
        for label, start, end in links
    ]
    author = Author(name="Robert G. Gard", person="Robert Gard", printed="By Robert G. Gard")
    found = parse_mentions(blocks, references, title=title, kind=kind, authors=[author])
    people = [mention.person for mention in found]
    assert len(set(people)) == len(people)
    assert "Robert Gard" not in people


@settings(max_examples=25)
@given(
    st.sampled_from(
        [
            "Executive Director ",
            "Ann Roe ",
            "and ",
            ", ",
            "A",
            "’s op-ed ",
            "was quoted ",
            "wrote an ",
            "a b ",
            "Ann Roe, Director of the ",
            "In The ",
            " ",
            "The ",
            "said Ann Roe, ",
            "Interviews ",
            "was recently also ",
        ]
    ),
    st.sampled_from(["", "Executive Director Ann Roe ", "Ann Roe Quoted in ", "In The Daily, "]),
    st.sampled_from([Kind.MEDIA_MENTION, Kind.PODCAST]),
)
def test_hundred_kilobytes_of_anything_are_read_in_few_steps(
    unit: str, head: str, kind: Kind
) -> None:
    text = head + unit * (100_000 // len(unit))
    with bounded_steps(25 * len(text), longest=2000):
        for title, body in ((text, text), ("Ann Roe Quoted in The Daily", text), (text, "Text.")):
            parse_mentions([Block(body, "p")] * 2, (), title=title, kind=kind)
            is_mention(body)
            is_mention_title(title)
