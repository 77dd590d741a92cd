"""Find mentions in titles, and complete them from the body."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from cacnp_archive.model.records import Mention, MentionKind
from cacnp_archive.parsing.people.byline_publication import is_outlet_name
from cacnp_archive.parsing.people.mention_outlet import outlet_in_text
from cacnp_archive.parsing.people.named_people import (
    NamedPerson,
    is_at_the_center,
    parse_people,
    parse_person,
    position_of,
)
from cacnp_archive.parsing.people.names import is_known, is_person, person_of
from cacnp_archive.parsing.text.body import Block

_READ_CHARS = 300
_LEAD_CHARS = 500
_LEAD_BLOCKS = 4
_BODY_BLOCKS = 20
_MAX_OCCURRENCES = 20
"""A text that repeats a family name more often is no text."""
_TITLE_VERB = re.compile(
    r"\b(?:(?P<quoted>quoted|cited)|(?P<interviewed>interviewed)|(?P<named>featured|mentioned"
    r"|profiled)|(?P<spoke>speaks|spoke|talks|talked)|(?P<guest>appears|appeared))\b"
    r"(?: (?P<link>in|by|on|at|with|to|about|for)\b)?",
    re.IGNORECASE,
)
_KINDS_OF_TITLE = ("quoted", "interviewed", "named", "spoke", "guest")
_TITLE_LINKS = {
    "quoted": frozenset({"in", "by", "on", "at", "about", "for", ""}),
    "spoke": frozenset({"with", "to", "on"}),
    "guest": frozenset({"on", "in"}),
}
_INTERVIEWS = re.compile(r"(.{2,60}?) (?:[Ii]nterviews|[Qq]uotes) (.{5,80})$")
_INTERVIEW_OF = re.compile(r"\binterview (?:with|of) (.{5,80})$", re.IGNORECASE)
_PERSON_IN_OUTLET = re.compile(r"(.{5,100}?) (in|on) (.{2,60}?)(?: \(.*\))?$")
_LETTER_BY = re.compile(
    r"(?:letter to the editor|op-?ed|column|letter) (?:of|to|in|for) (.{3,60}?) by (.{5,60})$",
    re.IGNORECASE,
)
_SAID = re.compile(r"\b(?:said|says|told|added|argued|argues|noted|notes|according to|explained)\b")


def is_mention_title(title: str) -> bool:
    """Whether a title says that the post is about a piece elsewhere, or an interview.

    >>> is_mention_title("Executive Director Jane Doe Quoted in The Daily")
    True
    >>> is_mention_title("Six-Party Talks With North Korea Resume")
    False
    """
    interview = _INTERVIEW_OF.search(title[:_READ_CHARS])
    return reports_in_title(title) or (interview is not None and bool(parse_people(interview[1])))


def reports_in_title(title: str) -> bool:
    """Whether a title says that somebody was quoted or appeared elsewhere."""
    title = title[:_READ_CHARS]
    if re.match(r"in the news:", title, re.IGNORECASE) or _interviewed_by(title) is not None:
        return True
    for match in _TITLE_VERB.finditer(title):
        kind = next(name for name in _KINDS_OF_TITLE if match[name])
        link = (match["link"] or "").lower()
        if link not in _TITLE_LINKS.get(kind, _TITLE_LINKS["quoted"]):
            continue
        if match[0].lower().startswith("quoted") and match.start() > 0:
            return True
        if _title_people(title[: match.start()]):
            return True
    return False


def mentions_in_title(title: str, blocks: Sequence[Block], *, is_press: bool) -> list[Mention]:
    """Return the people mentioned in a title, with their roles from the body.

    `Ann Roe: She Was Right` is a mention only in a post about the press (`is_press`).
    """
    prefix, colon, rest = title.partition(": ")
    if colon and is_outlet_name(prefix) and (found := _quoted_in_title(rest)):
        return [mention_of(_with_role(item, blocks), kind, prefix) for item, kind, _ in found]
    if found := _quoted_in_title(title):
        return [mention_of(_with_role(item, blocks), kind, outlet) for item, kind, outlet in found]
    if (interview := _interviewed_by(title)) is not None:
        return [
            mention_of(_with_role(item, blocks), MentionKind.INTERVIEWED, interview[0])
            for item in interview[1]
        ]
    if (match := _PERSON_IN_OUTLET.fullmatch(title)) and (
        is_outlet_name(match[3]) or (match[2] == "in" and match[3].startswith(("The ", "the ")))
    ):
        people = [item for item in parse_people(match[1]) if is_at_the_center(item)]
        kind = _kind_in_body(blocks)
        return [mention_of(_with_role(item, blocks), kind, match[3]) for item in people]
    named = parse_person(prefix) if colon and is_press else None
    if named is not None and is_known(named.name) and _is_quoted_in(named, blocks):
        outlet = _outlet_of_reporter(blocks)
        return [mention_of(_with_role(named, blocks), MentionKind.QUOTED, outlet)]
    return []


def _outlet_of_reporter(blocks: Sequence[Block]) -> str | None:
    """Return the outlet printed at the byline of a piece from the press."""
    lines = [line.strip() for block in blocks[:2] for line in block.text[:_READ_CHARS].split("\n")]
    if not lines or not lines[0].lower().startswith("by "):
        return None
    behind = lines[0].rpartition(" / ")[2] if " / " in lines[0] else "".join(lines[1:2])
    return behind if is_outlet_name(behind) else None


def _quoted_in_title(title: str) -> list[tuple[NamedPerson, MentionKind, str | None]]:
    """Parse `<people> Quoted in <outlet> ...` and similar titles."""
    for match in _TITLE_VERB.finditer(title):
        kind = next(name for name in _KINDS_OF_TITLE if match[name])
        link = (match["link"] or "").lower()
        if link not in _TITLE_LINKS.get(kind, _TITLE_LINKS["quoted"]):
            continue
        if people := _title_people(title[: match.start()]):
            outlet = _outlet_in_title(title[match.end() :].strip(), kind, link)
            return [(named, MentionKind(kind), outlet) for named in people]
    return []


def _outlet_in_title(text: str, kind: str, link: str) -> str | None:
    """Return the outlet after the verb of a title; after "on" there may be a topic instead."""
    if link in ("in", "by", "at", "with", "to") or kind == "guest":
        return outlet_in_text(text)
    if link == "on" and is_outlet_name(text):
        return outlet_in_text(text)
    later = re.search(r"(?:^| )(?:in|by|with) (?=[Tt]he |[A-Z])", text)
    return None if later is None else outlet_in_text(text[later.end() :])


def _title_people(text: str) -> list[NamedPerson]:
    text = re.sub(r"\b(?:is|was|are|were|Is|Was|Are|Were)\s*$", "", text.strip()).strip()
    return [
        named
        for named in parse_people(text)
        if named.role is not None or is_known(named.name) or len(named.name.split()) >= 2
    ]


def _interviewed_by(title: str) -> tuple[str, list[NamedPerson]] | None:
    """Parse `<outlet> Interviews <people>`."""
    match = _INTERVIEWS.fullmatch(title)
    if match is None or not (match[1].isupper() or is_outlet_name(match[1])):
        return None
    people = parse_people(match[2])
    return (match[1], people) if people else None


def _kind_in_body(blocks: Sequence[Block]) -> MentionKind:
    """Return, from the body, what a person did whom the title only names with an outlet."""
    for _, block in leading_blocks(blocks):
        if _LETTER_BY.search(block.text[:_LEAD_CHARS]):
            return MentionKind.WROTE
    return MentionKind.QUOTED


def _with_role(named: NamedPerson, blocks: Sequence[Block]) -> NamedPerson:
    """Return a person with the role from the body, if the title has none."""
    if named.role is not None:
        return named
    for block in blocks[:_BODY_BLOCKS]:
        text = block.text[:2000].replace("\n", " ")
        for spelling in dict.fromkeys(_spellings(named.name, text)):
            at = text.find(spelling)
            before, after = text[:at].rstrip(), text[at + len(spelling) :]
            if after.startswith(","):
                role = position_of(re.split(r"[,.;:”]", after[1:], maxsplit=1)[0])
                if role is not None:
                    return NamedPerson(named.name, named.rank, role)
            words = before.split()[-8:]
            for first in range(len(words)):
                found = parse_person(" ".join([*words[first:], spelling]))
                if found is not None and found.role is not None:
                    return NamedPerson(named.name, named.rank, found.role)
    return named


def _spellings(name: str, sentence: str) -> Iterator[str]:
    """Yield the spellings of the person's name where the family name first occurs in a text."""
    surname = name.split()[-1]
    person = person_of(name)
    words = sentence.split(" ")
    positions = (
        position
        for position, word in enumerate(words)
        if word.strip(",.;:”’'\"").removesuffix("’s") == surname
    )
    for position in islice(positions, _MAX_OCCURRENCES):
        for end in (position + 2, position + 1):
            for start in range(max(0, position - 3), position):
                spelling = " ".join(words[start:end]).strip(',.;:”"“')
                if is_person(spelling) and person_of(spelling) == person:
                    yield spelling


def _is_quoted_in(named: NamedPerson, blocks: Sequence[Block]) -> bool:
    """Whether the body quotes the person."""
    surname = named.name.split()[-1]
    return any(
        surname in block.text[:2000] and _SAID.search(block.text[:2000]) is not None
        for block in blocks[:_BODY_BLOCKS]
    )


def mention_of(named: NamedPerson, kind: MentionKind, outlet: str | None) -> Mention:
    """Return the mention of a person."""
    return Mention(
        name=named.name,
        person=named.person,
        kind=kind,
        rank=named.rank,
        role=named.role,
        outlet=outlet,
    )


def leading_blocks(blocks: Sequence[Block]) -> Iterator[tuple[int, Block]]:
    """Yield the first blocks, where a post says what it is about, with their numbers."""
    for number, block in enumerate(blocks[:_LEAD_BLOCKS]):
        if not block.is_quote_or_caption:
            yield number, block
