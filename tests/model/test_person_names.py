"""A name has all its words in its parts, whatever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacnp_archive.model.person_names import BODIES, PARTICLES, is_organisation, split_name
from cacnp_archive.parsing.people.names import is_person


@given(st.from_regex(r"[A-Z][a-z]{1,8}( [A-Z][a-z]{1,8}){0,3}", fullmatch=True))
def test_name_in_parts_has_all_its_words(name: str) -> None:
    parts = split_name(name)
    assert f"{parts.given} {parts.family} {parts.suffix}".split() == name.split()


@pytest.mark.parametrize("particle", sorted(PARTICLES))
def test_parser_and_citation_agree_on_particles(particle: str) -> None:
    name = f"Ann {particle} Roe"
    assert is_person(name)
    assert split_name(name) == ("Ann", f"{particle} Roe", "")


@pytest.mark.parametrize("body", sorted(BODIES))
def test_parser_and_citation_agree_on_organisations(body: str) -> None:
    name = f"Roe {body.capitalize()}"
    assert not is_person(name)
    assert is_organisation(name)
    assert split_name(name) == ("", name, "")
