"""Parse the authors that a title names, and the person that it reports on."""

import re
from dataclasses import replace

from cacnp_archive.model.records import Author
from cacnp_archive.parsing.people.byline_grammar import parse_byline
from cacnp_archive.parsing.people.byline_publication import is_outlet_name
from cacnp_archive.parsing.people.named_people import parse_people, parse_person
from cacnp_archive.parsing.people.names import is_known, is_person, person_of

_PIECE = (
    r"(?:op-?ed|letter to the editor|column|commentary|opinion piece"
    r"|(?<=publishes )(?:article|story|piece|essay|letter)"
    r"|(?:article|essay|piece|op-?ed|letter)(?= published))"
)
_OWN_PIECE = re.compile(
    rf"(?P<people>.{{3,120}}?)(?P<mark>[’']s|(?<=s)[’']) {_PIECE} (?:published )?(?:in|on|for)\b",
    re.IGNORECASE,
)
_SIGNED_PIECE = re.compile(rf".*\b{_PIECE}\b.*?\s(by\s.{{3,80}})$", re.IGNORECASE)
_PIECE_BY = re.compile(
    rf"(?:[\w’' ]{{0,60}}\b)?{_PIECE}\s+(by\s.{{3,60}}?)\s+(?:in|for|on)\s.*$", re.IGNORECASE
)
_OWN_STORY = re.compile(
    r".*\b(?:[Mm]y|(?:[Ww]hy|[Ww]hat|[Hh]ow|[Ww]hen) I)\b.*?"
    r"(?::|\s[–—|-]|,?\s[Bb]y:?)\s+(\S.{3,60})$"
)
_STORY_OF = re.compile(
    r"(\S.{3,60}?)(?::|\s[–—|-])\s.*\b(?:[Mm]y|(?:[Ww]hy|[Ww]hat|[Hh]ow) I)\b.*$"
)
_BEFORE_COLON = re.compile(r"([^:]{5,80}):\s")
_OWN_TIME = re.compile(
    r"\b(?:reflect\w*|intern\w*|fellow\w*|experiences?|career|field|semester|spring|summer|fall"
    r"|winter|year|journey|time (?:at|with)|the center|learn\w*)\b",
    re.IGNORECASE,
)
_INTERVIEW = re.compile(r"\binterview (?:with|of) (.{5,80})$", re.IGNORECASE)
_PERSON_IN_OUTLET = re.compile(r"(.{5,100}?) (?:in|on) (.{2,60})$")


def parse_title(title: str) -> list[Author]:
    """Return the authors that a title names, if it says that they wrote the piece.

    >>> [author.name for author in parse_title("Senior Director Ann Roe’s Op-Ed in The Daily")]
    ['Ann Roe']
    >>> parse_title("Letter to the Editor on spending by Gen. Cy Doe")[0].printed
    'by Gen. Cy Doe'
    >>> parse_title("What I learnt in my spring: Ann Roe")[0].name
    'Ann Roe'
    """
    found = _by_signature(title) or _by_possessive(title) or _by_own_story(title)
    return [replace(author, found_in="title") for author in found]


def _by_signature(title: str) -> list[Author]:
    """Parse `Letter to the Editor on spending by <byline>`, `Op-ed by <byline> in <outlet>`."""
    for pattern in (_PIECE_BY, _SIGNED_PIECE):
        match = pattern.fullmatch(title)
        if match is not None and (found := parse_byline(match[1])):
            return found
    return []


def _by_possessive(title: str) -> list[Author]:
    """Parse `<people>’s Op-Ed in <outlet>`."""
    match = _OWN_PIECE.match(title)
    if match is None:
        return []
    printed = title[: match.end("people")] + match["mark"]
    return [
        Author(name=named.name, printed=printed, role=named.role, rank=named.rank)
        for named in parse_people(match["people"])
    ]


def _by_own_story(title: str) -> list[Author]:
    """Parse `Reflections on My Internship: <person>`, also with the person first."""
    match = _OWN_STORY.fullmatch(title) or _STORY_OF.fullmatch(title)
    if match is None or not is_person(match[1]):
        return []
    is_story = _OWN_TIME.search(title) is not None or is_known(match[1])
    return [Author(name=match[1], printed=match[1])] if is_story else []


def person_in_title(title: str) -> str | None:
    """Return the person that a title reports on, as quoted or interviewed by the press.

    >>> person_in_title("Ann Roe in Arms Control Today")
    'Ann Roe'
    >>> person_in_title("Greg Terryn: The Senator Is Mistaken")
    'Greg Terryn'
    >>> person_in_title("Ann Roe: Reflections on My Internship") is None
    True
    """
    if (match := _PERSON_IN_OUTLET.fullmatch(title)) and is_outlet_name(match[2]):
        named = parse_person(match[1])
        return person_of(named.name) if named is not None else None
    if match := _INTERVIEW.search(title):
        named = parse_person(match[1])
        return person_of(named.name) if named is not None and is_known(named.name) else None
    if (match := _BEFORE_COLON.match(title)) and not _STORY_OF.fullmatch(title):
        named = parse_person(match[1])
        return person_of(named.name) if named is not None and is_known(named.name) else None
    return None
