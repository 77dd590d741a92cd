"""Recognise positions and organisations after a name, and bylines of only a name and these."""

import re
from collections.abc import Sequence

from cacnp_archive.model.person_names import BODIES
from cacnp_archive.model.records import Author
from cacnp_archive.parsing.people.byline_publication import CONTACT, MAX_LINE_CHARS
from cacnp_archive.parsing.people.byline_words import DEGREES, ROLE_CONNECTORS, ROLES, TERMS
from cacnp_archive.parsing.people.names import is_person, plain, rank_length, recased

MAX_ROLE_WORDS = 14


def parse_bare_byline(line: str) -> list[Author]:
    """Parse a first line that consists of `Name, Affiliation`.

    >>> parse_bare_byline("Dr. Ann Roe, Ph.D., Senior Fellow")[0].role
    'Senior Fellow'
    """
    line = line[:MAX_LINE_CHARS]
    before, comma, role = line.partition(", ")
    degree, more, rest = role.partition(", ")
    if more and plain(degree) in DEGREES:
        role = rest
    words = before.split()
    count = rank_length(words)
    rank, name = " ".join(words[:count]) or None, " ".join(words[count:])
    if not comma or not is_person(name) or CONTACT.search(line) or not is_role(role):
        return []
    return [Author(name=recased(name), printed=line, role=role, rank=rank)]


def is_own_role(role: str | None) -> bool:
    """Whether a role is that of an intern or fellow, whom the press does not have."""
    return role is not None and re.search(r"\b(?:Intern|Fellow)s?\b", role) is not None


def is_role(text: str) -> bool:
    """Whether a text is a position or an organisation, not a sentence.

    >>> is_role("Director of Nuclear Non-Proliferation"), is_role("Director Ann was here.")
    (True, False)
    """
    words = text.split()
    return (
        1 <= len(words) <= MAX_ROLE_WORDS
        and is_affiliation(words)
        and not text.endswith((".", ":", "?", "!", "…"))
        and all(
            word[:1].isupper() or not word.islower() or word in ROLE_CONNECTORS for word in words
        )
    )


def is_affiliation(words: Sequence[str]) -> bool:
    """Whether words include a position, an organisation or the term of an intern."""
    return any(plain(word) in ROLES or plain(word) in BODIES for word in words) or (
        any(plain(word) in TERMS for word in words)
        and any(word.strip("()")[:2] == "20" for word in words)
    )
