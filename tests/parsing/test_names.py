import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacnp_archive.parsing.people.names import (
    is_known,
    is_person,
    known_surname,
    person_of,
    recased,
)


@pytest.mark.parametrize(
    ("person", "spellings"),
    [
        ("Samuel Hickey", ["Samuel Hickey", "Samuel M. Hickey", "Sam Hickey"]),
        ("Sophia Macartney", ["Sophia Macartney", "Sophy Macartney"]),
        (
            "Robert Gard",
            [
                "Robert Gard",
                "Robert G. Gard",
                "Gen. Gard",
                "Lt. Gen Robert Gard",
                "Lt. Gen. Robert Gard",
                "Lt. General Robert Gard",
                "Lieutenant General Robert Gard (USA-Ret.)",
                "ROBERT G. GARD",
            ],
        ),
        (
            "Philip Coyle",
            ["Philip Coyle", "Phil Coyle", "Phillip Coyle", "Philip E. Coyle III", "Phil Coyle*"],
        ),
        ("Laicie Heeley", ["Laicie Heeley", "Laicie Olson"]),
        ("Greg Koblentz", ["Greg Koblentz", "Gregory Koblentz"]),
        (
            "Sara Kutchesfahani",
            ["Sara Kutchesfahani", "Sara Z. Kutchesfahani", "Dr. Sara Z. Kutchesfahani"],
        ),
        ("Dick Klass", ["Dick Klass", "Richard Klass"]),
        ("Duyeon Kim", ["Duyeon Kim", "Kim Du-yeon", "DUYEON KIM"]),
        ("John Gilbert", ["John Gilbert", "John A. Gilbert"]),
        ("Lynn Klotz", ["Lynn Klotz", "Dr. Lynn C. Klotz", "Lynn C. Klotz, Ph.D."]),
    ],
)
def test_spellings_of_the_site_are_one_person(person: str, spellings: list[str]) -> None:
    assert {person_of(spelling) for spelling in spellings} == {person}
    assert all(map(is_known, spellings))


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Ann Roe", "Ann Roe"),
        ("Ann B. C. Roe", "Ann Roe"),
        ("Ambassador Ann B. Roe", "Ann Roe"),
        ("W. Scott Roe", "W. Scott Roe"),
        ("J. R. Roe", "J. R. Roe"),
        ("Ann B. Roe Jr.", "Ann Roe Jr."),
        ("Ann Roe III", "Ann Roe III"),
        ("Hannah van der Roe", "Hannah van der Roe"),
        ("José\u00a0Roe", "José Roe"),
    ],
)
def test_general_rules_merge_only_safe_spellings(name: str, person: str) -> None:
    assert person_of(name) == person


def test_people_with_the_same_family_name_stay_separate() -> None:
    assert person_of("Anna Kim") != person_of("Duyeon Kim")
    assert known_surname("Kim") is None
    assert known_surname("Tierney") == "John Tierney"


@pytest.mark.parametrize(
    "text",
    [
        "Kay",
        "Staff",
        "North Korea",
        "Unanimous Consent",
        "Popular Demand",
        "Executive Order",
        "Labor Day",
        "June 22",
        "The Editors",
        "Associated Press",
        "Council for a Livable World",
        "General Gard and I",
        "",
        "Ann",
        "ann roe",
        "A. B.",
        "Ann Roe said",
        "Ann Roe’s Report",
    ],
)
def test_texts_that_are_not_names(text: str) -> None:
    assert not is_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "Cuyler O’Brien",
        "Mary-Kate O'Rourke",
        "Fatima al-Rashid",
        "Ludovic de la Tour",
        "T. J. Okafor",
        "K.C. Noor",
        "Dmitri St. Clair",
        "Bartholomew Q. Finch III",
        "Øystein Dahl",
        "Samantha Power",
        "April Winters",
        "Lee Hyun-jin",
        "Nguyen Thi Bich Ngoc",
        "Fiona Hill",
    ],
)
def test_texts_that_are_names(text: str) -> None:
    assert is_person(text)


@given(st.text(max_size=200))
def test_canonical_spelling_is_its_own_canonical_spelling(name: str) -> None:
    person = person_of(name)
    assert person_of(person) == person


@given(
    st.sampled_from(["Ann", "José", "Du-yeon", "W.", "Dr.", "Lt. Gen.", "former"]),
    st.lists(st.sampled_from(["B.", "C.", "van", "Mary", "de"]), max_size=3),
    st.sampled_from(["Roe", "O’Doe", "McDoe", "Gard", "Roe-Doe"]),
    st.sampled_from(["", " Jr.", " III", ", Ph.D.", "*", " (USA-Ret.)"]),
)
def test_canonical_spelling_is_stable_and_keeps_the_family_name(
    given_name: str, middle: list[str], family: str, suffix: str
) -> None:
    person = person_of(" ".join([given_name, *middle, family]) + suffix)
    assert person_of(person) == person
    assert family in person


@given(st.text(max_size=100))
def test_text_that_is_not_in_capitals_keeps_its_case(name: str) -> None:
    assert name.isupper() or recased(name) == name
