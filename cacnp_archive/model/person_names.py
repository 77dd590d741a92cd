"""The names of people: their parts, and the words that show that a name is an organisation's."""

from typing import NamedTuple


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES = _words(
    "af al av ben bin bint da das de del della den der di do dos du e el ibn la las le los te ten "
    "ter van von y zu zum zur"
)
"""Lower-case words that belong to the family name after them."""

SUFFIXES = _words("jr sr ii iii iv")

BODIES = _words(
    "academy agency alliance association board bureau campaign caucus center centre coalition "
    "college commission committee congress council department division endowment federation "
    "force forum foundation fund group house initiative institute institution journal "
    "laboratory league magazine ministry network office organisation organization party project "
    "review school senate service society today trust union university world"
)
"""Words of organisations: a name with one of them is not a person's."""

_COLLECTIVES = _words("editor editors staff team")
"""Words for people without names: `Center Staff`."""

_CONNECTORS = _words("and at for in of on the to with &")
"""Lower-case words in the names of organisations: `Physicians for Social Responsibility`."""


class NameParts(NamedTuple):
    """The parts of a name, as citation formats want them."""

    given: str
    """Empty for an organisation and for a name of one word."""
    family: str
    """With its particles; the whole name of an organisation."""
    suffix: str


def split_name(name: str) -> NameParts:
    """Return the parts of a name.

    >>> split_name("Robert G. Gard, Jr.")
    NameParts(given='Robert G.', family='Gard', suffix='Jr.')
    >>> split_name("Osama bin Laden")
    NameParts(given='Osama', family='bin Laden', suffix='')
    >>> split_name("Union of Concerned Scientists")
    NameParts(given='', family='Union of Concerned Scientists', suffix='')
    """
    words = name.replace(",", " ").split()
    has_suffix = len(words) > 2 and _plain(words[-1]) in SUFFIXES
    suffix = words.pop() if has_suffix else ""
    if len(words) < 2 or is_organisation(name):
        return NameParts("", name, "")
    start = len(words) - 1
    while start > 1 and _plain(words[start - 1]) in PARTICLES | {"st"}:
        start -= 1
    return NameParts(" ".join(words[:start]), " ".join(words[start:]), suffix)


def is_organisation(name: str) -> bool:
    """Whether a name is that of an organisation or a group, not of a person.

    >>> is_organisation("Center Staff"), is_organisation("The Editors"), is_organisation("Ann Roe")
    (True, True, False)
    """
    words = name.split()
    plain = {_plain(word) for word in words}
    return (
        not plain.isdisjoint(BODIES | _COLLECTIVES)
        or not _CONNECTORS.isdisjoint(words)
        or words[:1] == ["The"]
    )


def _plain(word: str) -> str:
    """Return a word in lower case, without the signs around it."""
    return word.strip('*,.;:()[]“”"').lower()
