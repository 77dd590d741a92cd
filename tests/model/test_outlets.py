import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacnp_archive.model.outlets import outlet_names, outlet_of


@pytest.mark.parametrize(
    ("spellings", "name"),
    [
        (
            ["NYT", "the New York Times", "NEW YORK TIMES", "nytimes.com", "www.nytimes.com"],
            "The New York Times",
        ),
        (["WaPo", "Washington Post", "washingtonpost.com"], "The Washington Post"),
        (["AP", "The Associated Press"], "Associated Press"),
        (
            [
                "The Bulletin",
                "Bulletin of Atomic Scientists",
                "the Bulletin of Atomic Scientists Online",
            ],
            "Bulletin of the Atomic Scientists",
        ),
        (["UCS", "the Union of Concerned Scientists"], "Union of Concerned Scientists"),
        (
            ["CACNP", "Center for Arms Control", "Council for a Livable World Education Fund"],
            "Center for Arms Control and Non-Proliferation",
        ),
        (["The Washington Times"], "The Washington Times"),
        (["The Daily Lantern"], "The Daily Lantern"),
    ],
)
def test_spellings_of_an_outlet_have_one_name(spellings: list[str], name: str) -> None:
    assert {outlet_of(spelling) for spelling in spellings} == {name}


@given(st.one_of(st.text(), st.sampled_from(sorted(outlet_names()))))
def test_folding_twice_is_folding_once(name: str) -> None:
    assert outlet_of(outlet_of(name)) == outlet_of(name)
