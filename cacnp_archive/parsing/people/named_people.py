"""Parse people with their roles: `Policy Director Ann Roe`, `Ann Roe, a fellow`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cacnp_archive.model.person_names import BODIES
from cacnp_archive.parsing.people.byline_words import (
    OFFICES,
    OWN_BODIES,
    RANK_PREFIXES,
    RANKS,
    ROLE_CONNECTORS,
    ROLES,
)
from cacnp_archive.parsing.people.names import (
    RETIRED,
    is_known,
    is_person,
    known_surname,
    person_of,
    plain,
)

MAX_SUBJECT_CHARS = 240
_AND = re.compile(r",? (?:and|&|y) |, (?=(?:[^\W\d_][\w.’'-]* ){1,8}[^\W\d_][\w.’'-]*$)")
_OWN = re.compile(r"^(?:the center[’']s |center[’']s |the |our )", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:an?|the|our|el|la) ", re.IGNORECASE)
_AT_THE_CENTER = re.compile(
    r",? (?:at|of|for|with|del|from) (?:the )?(?:Center|Centro|Washington)\b(?![’']s).*$"
    r"|,? who\b.*$"
)
_MAX_NAME_WORDS = 6
_LONE_OFFICES = frozenset({"chair", "chairman", "chairwoman", "member", "author", "editor"})
"""Positions that, without an organisation, are usually those of a committee."""


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person with the rank and role printed at the name."""

    name: str
    rank: str | None = None
    role: str | None = None

    @property
    def person(self) -> str:
        """The canonical spelling of the person's name."""
        return person_of(f"{self.rank} {self.name}" if self.rank else self.name)


def parse_people(text: str) -> list[NamedPerson]:
    """Return the people, with their roles, that a text begins with; else an empty list.

    After a person with a role, a further one with only a rank and a family name may be left out.

    >>> [(n.name, n.role) for n in parse_people("Executive Director Ann Roe and Dr. Cy Doe")]
    [('Ann Roe', 'Executive Director'), ('Cy Doe', None)]
    >>> parse_people("Ann Roe, Deputy Director of Nonproliferation,")[0].role
    'Deputy Director of Nonproliferation'
    """
    text = RETIRED.sub("", text[: MAX_SUBJECT_CHARS + 1]).strip(" ,")
    if not text or len(text) > MAX_SUBJECT_CHARS:
        return []
    first: NamedPerson | None = None
    for joint in _AND.finditer(text):
        first = parse_person(text[: joint.start()])
        if first is not None and (others := parse_people(text[joint.end() :])):
            return [first, *others]
    found = parse_person(text) or (first if first is not None and first.role else None)
    return [] if found is None else [found]


def parse_person(text: str) -> NamedPerson | None:
    """Return the person that a text names, with a role before or after the name; else None."""
    text = text.strip(" ,")
    before, comma, after = text.partition(", ")
    if comma and (named := _with_role_before(before.split())) is not None:
        role = position_of(after)
        return None if role is None else NamedPerson(named.name, named.rank, named.role or role)
    return _with_role_before(text.split())


def position_of(text: str) -> str | None:
    """Return a position without article and organisation; None if the text is no position.

    >>> position_of("a senior science fellow at the Center")
    'senior science fellow'
    """
    role = _AT_THE_CENTER.sub("", _ARTICLE.sub("", text.strip(" ,"))).strip(" ,")
    words = role.split()
    is_role = 1 <= len(words) <= 12 and any(plain(word) in ROLES for word in words)
    return role if is_role and not any(word.endswith((".", ":", ";")) for word in words) else None


def _with_role_before(words: Sequence[str]) -> NamedPerson | None:
    """Parse role, rank and name, preferring the longest name."""
    for first in range(max(0, len(words) - _MAX_NAME_WORDS), len(words)):
        name = " ".join(words[first:])
        if not is_person(name) and not _is_surname_with_rank(words, first):
            continue
        start = first
        while start and plain(words[start - 1]) in RANKS and words[start - 1][:1].isupper():
            start -= 1
        while start < first and start and words[start - 1] in RANK_PREFIXES:
            start -= 1
        rank = " ".join(words[start:first]) or None
        role = _OWN.sub("", " ".join(words[:start]), count=1).removesuffix(" and").strip()
        if not role or _is_position(role.split()):
            return NamedPerson(name, rank, role or None)
        return None
    return None


def _is_surname_with_rank(words: Sequence[str], first: int) -> bool:
    """Whether the last word is the family name of somebody at the Center, after a rank."""
    return (
        0 < first == len(words) - 1
        and plain(words[first - 1]) in RANKS
        and known_surname(words[first]) is not None
    )


def _is_position(words: Sequence[str]) -> bool:
    return (
        any(plain(word) in ROLES for word in words)
        and (plain(words[-1]) in ROLES or plain(words[-1]) in BODIES or "of" in words)
        and all(
            word[:1].isupper()
            or word in ROLE_CONNECTORS
            or plain(word) in ROLES
            or plain(word) in OWN_BODIES
            for word in words
        )
    )


def is_at_the_center(named: NamedPerson) -> bool:
    """Whether a person is at the Center: listed in names.toml, or in a position that it has."""
    if is_known(named.person):
        return True
    words = {plain(word) for word in (named.role or "").split()}
    if len(words) == 1 and not words.isdisjoint(_LONE_OFFICES):
        return False
    return bool(words) and words.isdisjoint(OFFICES) and words.isdisjoint(BODIES - OWN_BODIES)
