"""Recognise names of people, and map the spellings of a name to one person."""

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from cacnp_archive.model.person_names import BODIES, PARTICLES, SUFFIXES
from cacnp_archive.parsing.people.byline_words import (
    COMMON_GIVEN_NAMES,
    DEGREES,
    GIVEN_NAMES,
    NOT_NAMES,
    RANK_PREFIXES,
    RANKS,
    ROLES,
    SENTENCE_STARTS,
    TERMS,
    VERBS,
)
from cacnp_archive.parsing.select import fold

MAX_NAME_CHARS = 120
"""A longer text is not a name."""

RETIRED = re.compile(
    r"(?:,?\s*\b(?:USA|USN|USAF|USMC))?,?\s*\([^()]{0,40}\bret(?:ired|\.)?[^()]{0,20}\)"
    r"|,\s*(?:USA|USN|USAF|USMC)\b"
    r"(?:,?\s*\(?ret(?:ired|\.)?\)?)?",
    re.IGNORECASE,
)
"""Matches the service and status after an officer's name: `(USA-Ret.)`, `, USAF (Ret.)`."""

INITIAL = re.compile(r"(?:[A-Z]\.){1,3}$|[A-Z]$")
"""Matches a word that consists of one or more initials."""

_WORD = re.compile(r"[^\W\d_]+(?:[’'‑-][^\W\d_]+)*$")
_SURNAME_MC = re.compile(r"\bMc([a-z])")


def plain(word: str) -> str:
    """Return a word in lower case, without punctuation around it.

    >>> plain("“Gen.,”")
    'gen'
    """
    return word.strip('*,.;:()[]“”"').lower()


def is_person(text: str) -> bool:
    """Whether a text has the form of a person's name.

    >>> is_person("Cuyler O’Brien"), is_person("North Korea"), is_person("Staff")
    (True, False, False)
    """
    return is_name(text[:MAX_NAME_CHARS].split())


def is_name_word(word: str, *, is_first: bool = False) -> bool:
    """Whether a word may be part of a name; as the first, also `April` or `Summer`."""
    bare = plain(word)
    if INITIAL.match(word):
        return True
    if bare in SUFFIXES or bare in PARTICLES or bare == "st":
        return True
    if is_first and bare in GIVEN_NAMES:
        return word[:1].isupper()
    prefix, hyphen, rest = word.partition("-")
    return (
        (word[:1].isupper() or (bool(hyphen) and prefix in PARTICLES and rest[:1].isupper()))
        and _WORD.match(word) is not None
        and bare not in NOT_NAMES
        and bare not in ROLES
        and bare not in BODIES
        and bare not in TERMS
        and bare not in SENTENCE_STARTS
        and bare not in VERBS
        and bare not in DEGREES
        and not bare.endswith(("tion", "sion", "tions", "sions", "’s", "'s"))
    )


def is_name(words: Sequence[str]) -> bool:
    """Whether words are a name: given name or initial, optional middle parts, family name."""
    core = [word for word in words if plain(word) not in SUFFIXES]
    if not 2 <= len(core) <= 6 or len(words) > len(core) + 1:
        return False
    full = full_words(" ".join(words))
    first, last = core[0], core[-1]
    return (
        1 <= len(full) <= 4
        and is_name_word(first, is_first=True)
        and all(map(is_name_word, core[1:-1]))
        and (is_name_word(last) or _is_ordinary_surname(last, first, full))
        and last in full
        and len(last) > 1
        and not (plain(first) in PARTICLES and first.islower())
        and plain(first) not in RANKS
        and (len(full) >= 2 or INITIAL.match(first) is not None)
    )


def full_words(name: str) -> list[str]:
    """Return the words of a name without initials, particles and suffixes.

    >>> full_words("Ludovic B. de la Tour Jr.")
    ['Ludovic', 'Tour']
    """
    return [
        word
        for word in name.split()
        if not INITIAL.match(word)
        and not (plain(word) in PARTICLES and word.islower())
        and plain(word) not in SUFFIXES
        and plain(word) != "st"
    ]


def _is_ordinary_surname(word: str, given: str, full: Sequence[str]) -> bool:
    """Whether an ordinary word is a family name after this given name: `Samantha Power`."""
    return (
        len(full) == 2
        and plain(given) in COMMON_GIVEN_NAMES
        and (plain(word) in NOT_NAMES or plain(word) in TERMS)
        and word[:1].isupper()
        and _WORD.match(word) is not None
    )


def may_not_end_name(word: str) -> bool:
    """Whether a word cannot be the last of a name: an initial or a particle."""
    return (
        INITIAL.match(word) is not None
        or (plain(word) in PARTICLES and word.islower())
        or plain(word) == "st"
    )


def rank_length(words: Sequence[str]) -> int:
    """Return how many of the first words are a rank or title.

    >>> rank_length("former Lt. Gen. Ann Roe".split()), rank_length(["Ann", "Roe"])
    (3, 0)
    """
    count = 0
    while count < len(words) and plain(words[count]) in RANK_PREFIXES:
        count += 1
    first = count
    while count < len(words) and plain(words[count]) in RANKS and words[count][:1].isupper():
        count += 1
    return count if count > first else 0


def recased(name: str) -> str:
    """Return a name in normal case if it is printed in capitals.

    >>> recased("CUYLER O’BRIEN III"), recased("J. R. MCDOE"), recased("Ann Roe")
    ('Cuyler O’Brien III', 'J. R. McDoe', 'Ann Roe')
    """
    if not name.isupper():
        return name
    words = [word if plain(word) in ("ii", "iii", "iv") else word.title() for word in name.split()]
    return _SURNAME_MC.sub(lambda match: f"Mc{match[1].upper()}", " ".join(words))


def person_of(name: str) -> str:
    """Return the canonical spelling of a person's name.

    Rank, military status and middle initials are removed; the rest is looked up in names.toml. A
    name that is not listed there is returned without them.

    >>> person_of("Lieutenant General Robert G. Gard (USA-Ret.)"), person_of("Laicie Olson")
    ('Robert Gard', 'Laicie Heeley')
    >>> person_of("Colonel Klass"), person_of("Klass")
    ('Dick Klass', 'Klass')
    >>> person_of("Ann B. Roe Jr."), person_of("W. Scott Roe")
    ('Ann Roe Jr.', 'W. Scott Roe')
    """
    bare = fold(name[:MAX_NAME_CHARS])
    known = _canonical_spellings()
    if (person := known.get(_key(bare))) is not None:
        return person
    bare = RETIRED.sub("", bare)
    words = bare.split()
    ranks = rank_length(words)
    words = words[ranks:] or words
    if ranks and len(words) == 1 and (person := known_surname(words[0].strip(",;"))) is not None:
        return person
    while len(words) > 1 and plain(words[-1]) in DEGREES:
        words.pop()
    bare = recased(" ".join(words).rstrip(" *,;:"))
    if (person := known.get(_key(bare))) is not None:
        return person
    words = bare.split()
    if len(words) > 2 and not INITIAL.match(words[0]):
        last = next((n for n, word in enumerate(words) if plain(word) in SUFFIXES), len(words))
        inner = [word for word in words[1 : last - 1] if not INITIAL.match(word)]
        bare = " ".join([words[0], *inner, *words[last - 1 :]])
    return known.get(_key(bare), bare)


def is_known(name: str) -> bool:
    """Whether names.toml lists the person, which makes it somebody at the Center.

    >>> is_known("Gen. Robert G. Gard"), is_known("Ann Roe")
    (True, False)
    """
    return person_of(name) in _people()


def known_prefix(words: Sequence[str]) -> int:
    """Return how many of the first words are the name of a listed person; 0 if none is.

    >>> known_prefix("John Isaacs Negotiators".split())
    2
    """
    return next((n for n in range(2, min(len(words), 5)) if is_known(" ".join(words[:n]))), 0)


def known_surname(word: str) -> str | None:
    """Return the only person at the Center with this family name, else None.

    >>> known_surname("Tierney"), known_surname("Kim")
    ('John Tierney', None)
    """
    return _surnames().get(word.casefold())


def _key(name: str) -> str:
    return name.casefold().replace("’", "'").replace("‑", "-")


@lru_cache(maxsize=1)
def _canonical_spellings() -> dict[str, str]:
    """Return the canonical spelling for each listed spelling."""
    text = files("cacnp_archive.parsing.people").joinpath("names.toml").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for row in tomllib.loads(text)["person"]:
        for spelling in (row["name"], *row.get("spellings", ())):
            found[_key(spelling)] = row["name"]
    return found


@lru_cache(maxsize=1)
def _people() -> frozenset[str]:
    return frozenset(_canonical_spellings().values())


@lru_cache(maxsize=1)
def _surnames() -> dict[str, str]:
    people = [(name.split()[-1].casefold(), name) for name in sorted(_people())]
    names = [surname for surname, _ in people]
    return {surname: name for surname, name in people if names.count(surname) == 1}
