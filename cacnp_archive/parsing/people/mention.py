"""Find people at the Center who were quoted or appeared elsewhere, according to the text.

    Senior Policy Director Ann Roe was quoted in The Daily on budgets.
    Executive Director Cy Doe Quoted in The Daily

They are not authors of the post. The first lines of the body are examined, then the title.
"""

import re
from collections.abc import Sequence

from cacnp_archive.model.records import Author, Kind, Mention, MentionKind
from cacnp_archive.parsing.people.mention_outlet import outlet_at, outlet_in_text
from cacnp_archive.parsing.people.mention_title import leading_blocks, mention_of, mentions_in_title
from cacnp_archive.parsing.people.named_people import (
    NamedPerson,
    is_at_the_center,
    parse_people,
    parse_person,
)
from cacnp_archive.parsing.people.names import is_known, person_of
from cacnp_archive.parsing.text.body import Block, Reference

PODCAST = "Nukes of Hazard podcast"
"""The Center's own podcast, which its episodes often do not name."""
_READ_CHARS = 300
_LEAD_CHARS = 500
_ROLE = (
    r"(?:Director|Coordinator|Fellow|Analyst|Intern|Chair(?:man|woman)?|Advis[eo]r|Officer|Counsel"
    r"|Manager|Associate|Researcher|Experts?|Center|Scholar|Specialist|Consultant)"
)
_SUBJECT_WORD = r"(?:[^\Wa-z][\w.’'&-]*,? |(?:of|for|and|the|on|at|in|to|our|a|as) )"
_WAS = (
    r"(?:was|were|is|are|has been|have been) "
    r"(?:recently |also |widely |again |extensively |prominently ){0,2}"
)
_APPEARED = (
    rf"(?:{_WAS}"
    r"(?:quoted|interviewed|featured|cited|mentioned|profiled|a (?:featured )?guest|guests)"
    r"|appear(?:ed|s) (?:on|in))\b"
)
_SPOKE = (
    r"(?:(?:recently )?(?:spoke|talked|sat down) (?:with|to|at|about)|joined|commented|weighed in"
    r"|discussed|discusses|told|explained|speaks|talks)\b"
)
_SENTENCE = re.compile(
    rf"{_SUBJECT_WORD}{{2,8}}{_APPEARED}"
    rf"|{_SUBJECT_WORD}{{0,8}}?{_ROLE},? {_SUBJECT_WORD}{{0,8}}?(?:{_APPEARED}|{_SPOKE})"
)
_PIECE = (
    r"(?:op-?ed|opinion piece|opinion article|letter to the editor|letter|column|commentary|article"
    r"|piece|essay|analysis|blog post|post|editorial)"
)
_ADVERB = r"(?:recently |also |again |just ){0,2}"
VERBS: tuple[tuple[MentionKind, str], ...] = (
    (MentionKind.QUOTED, rf"{_WAS}(?:quoted|cited|referenced)(?: \w+ly)?(?: (?:in|by|on|at))?"),
    (MentionKind.INTERVIEWED, rf"{_WAS}interviewed(?: live)? (?:by|on|in|for|at|with)"),
    (
        MentionKind.INTERVIEWED,
        rf"{_ADVERB}(?:gave|did|had) an? (?:interview|Q&A) (?:to|with|on|for)",
    ),
    (
        MentionKind.GUEST,
        rf"{_WAS}(?:an? )?(?:\w+ )?(?:guests?|panelists?)(?: host)? (?:on|of|at|for)",
    ),
    (
        MentionKind.GUEST,
        rf"{_ADVERB}(?:appear(?:ed|s)|was|were) (?:live )?on|{_ADVERB}joined|{_ADVERB}joins",
    ),
    (MentionKind.NAMED, rf"{_WAS}(?:mentioned|featured|profiled|named) (?:in|by|on|at)"),
    (
        MentionKind.SPOKE,
        rf"{_ADVERB}(?:spoke|speaks|talked|talks|sat down|chatted|sits down) (?:with|to|at|on)"
        rf"|{_ADVERB}told|{_ADVERB}(?:commented|weighed in) (?:in|for|to)"
        r"|provided (?:a )?comments? (?:to|for)|habló con",
    ),
    (MentionKind.QUOTED, r"fue citad[oa] (?:en|por)"),
    (
        MentionKind.CO_WROTE,
        rf"{_ADVERB}co-?(?:wrote|authored|penned|published) (?:[\w’'“”-]+ ){{0,8}}?{_PIECE}"
        r"(?:,? [\w-]+){0,4}? (?:in|for|at|on|with)",
    ),
    (
        MentionKind.WROTE,
        rf"{_ADVERB}(?:wrote|authored|penned|published|has|had|writes) (?:[\w’'“”-]+ ){{0,8}}?"
        rf"{_PIECE}(?:,? [\w-]+){{0,4}}? (?:in|for|at|on)",
    ),
    (MentionKind.WROTE, rf"{_ADVERB}(?:wrote|writes) (?:in|for)"),
    (
        MentionKind.WROTE,
        rf"[’']s? (?:[\w-]+ ){{0,3}}{_PIECE} (?:was|is|has been|appeared|ran)"
        r"(?: \w+ly)?(?: (?:published|printed|featured))? (?:in|by|on)",
    ),
    (MentionKind.SIGNED, rf"{_ADVERB}(?:signed|signs|co-signed)(?: on to| onto)?"),
)
FIRST_LETTERS = "’'acdfghijprstw"
"""First letters of VERBS; the verbs are tried only at these letters, which saves time."""

_VERB = re.compile(
    rf"\b(?=[{FIRST_LETTERS}])(?:"
    + "|".join(f"(?P<v{n}>{pattern})(?= )" for n, (_, pattern) in enumerate(VERBS))
    + ")"
)
_HOSTS = re.compile(
    r"\b(?:hosts|hosted|asks|interviews|speaks|talks|sits down|sat down|spoke|talked|is joined"
    r"|moderates|discusses|chats|explains|explores|guides)\b"
)
_ARGUES = re.compile(
    r"(?:Writing )?[Ii]n ([^,]{2,60}), (.{5,160}?) (said|says|argue[sd]?|explain(?:s|ed)|writes?"
    r"|warn(?:s|ed)|note[sd]?|comment(?:s|ed)) "
)


def is_mention(text: str) -> bool:
    """Whether a text begins with the report that somebody was quoted, interviewed or a guest.

    >>> is_mention("Program Coordinator Abigail Doe was a guest on a radio programme.")
    True
    >>> is_mention("By Abigail Doe, Program Coordinator")
    False
    """
    return _SENTENCE.match(text[:_READ_CHARS]) is not None


def parse_mentions(
    blocks: Sequence[Block],
    references: Sequence[Reference],
    *,
    title: str,
    kind: Kind,
    authors: Sequence[Author] = (),
) -> tuple[Mention, ...]:
    """Return the people mentioned in the first lines of the body, else in the title.

    Authors of the post are left out. Newsletters (with lines about other posts), press releases
    (which have spokespersons), fact sheets and pages have no mentions.
    """
    if kind in (Kind.NEWSLETTER, Kind.PRESS_RELEASE, Kind.FACT_SHEET, Kind.PAGE):
        return ()
    title = title[:_READ_CHARS]
    found = _in_body(blocks, references, is_podcast=kind is Kind.PODCAST)
    if not found:
        is_press = kind is Kind.MEDIA_MENTION
        found = mentions_in_title(title, blocks, is_press=is_press) or _in_reversed_sentence(blocks)
    if kind is Kind.POST:
        found = [item for item in found if item.outlet is not None and is_known(item.person)]
    people = {person_of(author.name) for author in authors}
    by_person: dict[str, Mention] = {}
    for mention in found:
        if mention.person not in people:
            by_person.setdefault(mention.person, mention)
    return tuple(by_person.values())


def _in_body(
    blocks: Sequence[Block], references: Sequence[Reference], *, is_podcast: bool
) -> list[Mention]:
    for _, block in leading_blocks(blocks):
        start = 0
        for line in block.text[:_LEAD_CHARS].split("\n"):
            found = _hosts(line) if is_podcast else []
            found = found or _in_sentence(line, block, references, offset=start)
            if found := found or _argues(line):
                return found
            start += len(line) + 1
    return []


def _in_sentence(
    line: str, block: Block, references: Sequence[Reference], *, offset: int
) -> list[Mention]:
    """Parse `<people> <verb> <outlet> ...`."""
    match = _VERB.search(line)
    if match is None:
        return []
    people = [named for named in parse_people(line[: match.start()]) if is_at_the_center(named)]
    if not people:
        return []
    kind = next(kind for n, (kind, _) in enumerate(VERBS) if match[f"v{n}"])
    if kind is MentionKind.SIGNED:
        outlet = None
    else:
        outlet = outlet_at(line, match.end() + 1, block, references, offset)
        if outlet is None and kind in (MentionKind.GUEST, MentionKind.SPOKE, MentionKind.NAMED):
            return [mention_of(named, kind, None) for named in people if named.role is not None]
    return [mention_of(named, kind, outlet) for named in people]


def _argues(line: str) -> list[Mention]:
    """Parse `In <outlet>, <people> argues ...`."""
    match = _ARGUES.match(line)
    if match is None or outlet_in_text(match[1]) != match[1]:
        return []
    people = [named for named in parse_people(match[2]) if is_at_the_center(named)]
    kind = MentionKind.WROTE if match[3].startswith("writ") else MentionKind.QUOTED
    return [mention_of(named, kind, match[1]) for named in people]


def _hosts(line: str) -> list[Mention]:
    """Parse the first sentence of a podcast episode: its host and guests."""
    match = _HOSTS.search(line)
    if match is None:
        return []
    subject = re.sub(r"^In this episode,? ", "", line[: match.start()])
    people = [named for named in parse_people(subject) if is_at_the_center(named)]
    found = [mention_of(named, MentionKind.HOST, PODCAST) for named in people]
    if people and match[0] == "is joined":
        guests = re.split(r" (?:in this|to |for |on )", line[match.end() :], maxsplit=1)[0]
        found += [
            mention_of(named, MentionKind.GUEST, PODCAST)
            for named in parse_people(guests.removeprefix(" by "))
            if is_at_the_center(named)
        ]
    return found


def _in_reversed_sentence(blocks: Sequence[Block]) -> list[Mention]:
    """Parse `<outlet> quoted <people> ...`."""
    verbs = {
        "quoted": MentionKind.QUOTED,
        "cited": MentionKind.QUOTED,
        "interviewed": MentionKind.INTERVIEWED,
        "spoke with": MentionKind.SPOKE,
        "talked to": MentionKind.SPOKE,
        "featured": MentionKind.NAMED,
    }
    for _, block in leading_blocks(blocks):
        line = block.text[:_LEAD_CHARS].split("\n")[0]
        for verb, kind in verbs.items():
            before, found, after = line.partition(f" {verb} ")
            if found and (outlet_in_text(before) == before):
                named = _first_person(after)
                if named is not None and is_at_the_center(named):
                    return [mention_of(named, kind, before)]
    return []


def _first_person(text: str) -> NamedPerson | None:
    """Return the person, with role and name, that a text begins with."""
    words = text[:_READ_CHARS].split()
    for count in range(min(len(words), 12), 1, -1):
        named = parse_person(" ".join(words[:count]).rstrip(".,;:"))
        if named is not None:
            return named
    return None
