"""People of the Center whom sentences and titles report as quoted or heard elsewhere.

    Senior Policy Director Ann Roe was quoted in The Daily on budgets.
    Executive Director Cy Doe Quoted in The Daily

They are not authors of the post. Read are the first lines of the body, then the title.
"""

import re
from collections.abc import Iterator, Sequence

from cacnp_archive.parsing.body import Block, Reference
from cacnp_archive.parsing.byline_people import (
    Named,
    is_of_the_center,
    position_of,
    read_people,
    read_person,
)
from cacnp_archive.parsing.byline_publication import is_outlet_name
from cacnp_archive.parsing.byline_words import OUTLET_NAMES
from cacnp_archive.parsing.names import is_known, is_person, person_of
from cacnp_archive.parsing.select import tokens
from cacnp_archive.records import Author, Kind, Mention, MentionKind

PODCAST = "Nukes of Hazard podcast"
"""The Center's own programme, which its episodes need not name."""

_READ_CHARS = 300
_LEAD_CHARS = 500
_LEAD_BLOCKS = 4
_BODY_BLOCKS = 20

_ROLE = (
    r"(?:Director|Coordinator|Fellow|Analyst|Intern|Chair(?:man|woman)?|Advis[eo]r|Officer|Counsel"
    r"|Manager|Associate|Researcher|Experts?|Center|Scholar|Specialist|Consultant)"
)
_SUBJECT_WORD = r"(?:[^\Wa-z][\w.’'&-]*,? |(?:of|for|and|the|on|at|in|to|our|a|as) )"
_WAS = (
    r"(?:was|were|is|are|has been|have been) "
    r"(?:recently |also |widely |again |extensively |prominently ){0,2}"
)
_HEARD = (
    rf"(?:{_WAS}"
    r"(?:quoted|interviewed|featured|cited|mentioned|profiled|a (?:featured )?guest|guests)"
    r"|appear(?:ed|s) (?:on|in))\b"
)
_SPOKE = (
    r"(?:(?:recently )?(?:spoke|talked|sat down) (?:with|to|at|about)|joined|commented|weighed in"
    r"|discussed|discusses|told|explained|speaks|talks)\b"
)
_SENTENCE = re.compile(
    rf"{_SUBJECT_WORD}{{2,8}}{_HEARD}"
    rf"|{_SUBJECT_WORD}{{0,8}}?{_ROLE},? {_SUBJECT_WORD}{{0,8}}?(?:{_HEARD}|{_SPOKE})"
)
_PIECE = (
    r"(?:op-?ed|opinion piece|opinion article|letter to the editor|letter|column|commentary|article"
    r"|piece|essay|analysis|blog post|post|editorial)"
)
_ADVERB = r"(?:recently |also |again |just ){0,2}"
_VERBS: tuple[tuple[MentionKind, str], ...] = (
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
_VERB = re.compile(
    "|".join(f"(?P<v{n}>\\b(?:{pattern}))(?= )" for n, (_, pattern) in enumerate(_VERBS))
)
_HOSTS = re.compile(
    r"\b(?:hosts|hosted|asks|interviews|speaks|talks|sits down|sat down|spoke|talked|is joined"
    r"|moderates|discusses|chats|explains|explores|guides)\b"
)
_TITLE_VERB = re.compile(
    r"\b(?:(?P<quoted>quoted|cited)|(?P<interviewed>interviewed)|(?P<named>featured|mentioned"
    r"|profiled)|(?P<spoke>speaks|spoke|talks|talked)|(?P<guest>appears|appeared))\b"
    r"(?: (?P<link>in|by|on|at|with|to|about|for)\b)?",
    re.IGNORECASE,
)
_TITLE_LINKS = {
    "quoted": frozenset({"in", "by", "on", "at", "about", "for", ""}),
    "spoke": frozenset({"with", "to", "on"}),
    "guest": frozenset({"on", "in"}),
}
_INTERVIEWS = re.compile(r"(.{2,60}?) (?:[Ii]nterviews|[Qq]uotes) (.{5,80})$")
_INTERVIEW_OF = re.compile(r"\binterview (?:with|of) (.{5,80})$", re.IGNORECASE)
_SEEN_IN = re.compile(r"(.{5,100}?) (in|on) (.{2,60}?)(?: \(.*\))?$")
_LETTER_BY = re.compile(
    r"(?:letter to the editor|op-?ed|column|letter) (?:of|to|in|for) (.{3,60}?) by (.{5,60})$",
    re.IGNORECASE,
)
_OUTLET_WORD = r"[A-Z0-9][\w.’'&!+-]*"
_OUTLET_TEXT = re.compile(
    rf"(?:[Tt]he )?{_OUTLET_WORD}(?: (?:(?:of|the|and|&|of the|for) )?{_OUTLET_WORD}){{0,7}}"
)
_PERSON_OF_OUTLET = re.compile(r"(.{3,40}?) (?:of|from|at|with) (?=[Tt]he |[A-Z])")
_ARGUES = re.compile(
    r"(?:Writing )?[Ii]n ([^,]{2,60}), (.{5,160}?) (said|says|argue[sd]?|explain(?:s|ed)|writes?"
    r"|warn(?:s|ed)|note[sd]?|comment(?:s|ed)) "
)
_NO_OUTLET = re.compile(
    r"(?:an?|his|her|here|this|read|watch|listen|click|full|interview|article)\b", re.IGNORECASE
)
_MAX_OUTLET_WORDS = 7
_TOPIC_WORDS = tokens(
    "about after amid as concerning discussing monday tuesday wednesday thursday friday saturday "
    "sunday on over regarding saying that this to"
)
_BEFORE_LINK = frozenset({"", "the", "with", "with the", "the program", "the podcast", "the show"})
_MAX_BEFORE_LINK = 40
_MAX_OUTLET_CHARS = 80
_SAID = re.compile(r"\b(?:said|says|told|added|argued|argues|noted|notes|according to|explained)\b")


def is_mention(text: str) -> bool:
    """Whether a text begins by saying that somebody was quoted, interviewed or a guest.

    >>> is_mention("Program Coordinator Abigail Doe was a guest on a radio programme.")
    True
    >>> is_mention("By Abigail Doe, Program Coordinator")
    False
    """
    return _SENTENCE.match(text[:_READ_CHARS]) is not None


def is_mention_title(title: str) -> bool:
    """Whether a title says that the post points to somebody else's piece, or is an interview.

    >>> is_mention_title("Executive Director Jane Doe Quoted in The Daily")
    True
    >>> is_mention_title("Six-Party Talks With North Korea Resume")
    False
    """
    interview = _INTERVIEW_OF.search(title[:_READ_CHARS])
    return reports_in_title(title) or (interview is not None and bool(read_people(interview[1])))


def reports_in_title(title: str) -> bool:
    """Whether a title says that somebody was quoted or heard elsewhere."""
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


_KINDS_OF_TITLE = ("quoted", "interviewed", "named", "spoke", "guest")


def parse_mentions(
    blocks: Sequence[Block],
    references: Sequence[Reference],
    *,
    title: str,
    kind: Kind,
    authors: Sequence[Author] = (),
) -> tuple[Mention, ...]:
    """Return the people whom the first lines, else the title, report as heard elsewhere.

    Who is an author of the post is no mention of it. A newsletter's lines are about other posts,
    and a press release has spokesmen: neither has mentions.
    """
    if kind in (Kind.NEWSLETTER, Kind.PRESS_RELEASE, Kind.FACT_SHEET, Kind.PAGE):
        return ()
    title = title[:_READ_CHARS]
    found = _in_body(blocks, references, is_podcast=kind is Kind.PODCAST)
    if not found:
        is_press = kind is Kind.MEDIA_MENTION
        found = _in_title(title, blocks, is_press=is_press) or _in_reversed_sentence(blocks)
    if kind is Kind.POST:
        found = [item for item in found if item.outlet is not None and is_known(item.person)]
    people = {person_of(author.name) for author in authors}
    once: dict[str, Mention] = {}
    for mention in found:
        if mention.person not in people:
            once.setdefault(mention.person, mention)
    return tuple(once.values())


def _mention(named: Named, kind: MentionKind, outlet: str | None) -> Mention:
    return Mention(
        name=named.name,
        person=named.person,
        kind=kind,
        rank=named.rank,
        role=named.role,
        outlet=outlet,
    )


def _in_body(
    blocks: Sequence[Block], references: Sequence[Reference], *, is_podcast: bool
) -> list[Mention]:
    for _, block in _leads(blocks):
        start = 0
        for line in block.text[:_LEAD_CHARS].split("\n"):
            found = _hosts(line) if is_podcast else []
            found = found or _in_sentence(line, block, references, offset=start)
            if found := found or _argues(line):
                return found
            start += len(line) + 1
    return []


def _leads(blocks: Sequence[Block]) -> Iterator[tuple[int, Block]]:
    """Yield the blocks in which a post says what it is about."""
    for number, block in enumerate(blocks[:_LEAD_BLOCKS]):
        if not block.is_apart:
            yield number, block


def _in_sentence(
    line: str, block: Block, references: Sequence[Reference], *, offset: int
) -> list[Mention]:
    """Read `<people> <verb> <outlet> ...`."""
    match = _VERB.search(line)
    if match is None:
        return []
    people = [named for named in read_people(line[: match.start()]) if is_of_the_center(named)]
    if not people:
        return []
    kind = next(kind for n, (kind, _) in enumerate(_VERBS) if match[f"v{n}"])
    if kind is MentionKind.SIGNED:
        outlet = None
    else:
        outlet = _outlet(line, match.end() + 1, block, references, offset)
        if outlet is None and kind in (MentionKind.GUEST, MentionKind.SPOKE, MentionKind.NAMED):
            return [_mention(named, kind, None) for named in people if named.role is not None]
    return [_mention(named, kind, outlet) for named in people]


def _outlet(
    line: str, start: int, block: Block, references: Sequence[Reference], offset: int
) -> str | None:
    """Return the outlet that stands at this place: by its link, else by its capitals."""
    rest = line[start:]
    for reference in references:
        if _holds(reference, block):
            at = reference.start - offset - start
            before = rest[: max(at, 0)].strip().casefold()
            label = reference.label
            is_here = -1 <= at <= _MAX_BEFORE_LINK and before in _BEFORE_LINK
            if is_here and not _NO_OUTLET.match(label) and len(label) <= _MAX_OUTLET_CHARS:
                return label.rstrip(" .,;:")
    return _outlet_in_text(rest)


def _holds(reference: Reference, block: Block) -> bool:
    """Whether a link stands in this block: its text is there where the link begins."""
    return bool(reference.label) and block.text[reference.start : reference.end] == reference.label


def _outlet_in_text(text: str) -> str | None:
    """Return the outlet with which a text begins.

    >>> _outlet_in_text("The Daily Lantern about budgets"), _outlet_in_text("War on the Rocks on x")
    ('The Daily Lantern', 'War on the Rocks')
    >>> _outlet_in_text("Jo Poe of The Daily, who asked"), _outlet_in_text("budgets")
    ('The Daily', None)
    """
    text = text[:_READ_CHARS]
    if (said := _PERSON_OF_OUTLET.match(text)) and is_person(said[1]):
        text = text[said.end() :]
    words = text.split()
    match = _OUTLET_TEXT.match(text)
    found = [] if match is None else _until_topic(match[0].split())
    for count in range(min(len(words), _MAX_OUTLET_WORDS), len(found), -1):
        name = " ".join(words[:count]).rstrip(".,;:")
        if name.casefold().removeprefix("the ") in OUTLET_NAMES:
            return name
    if not found:
        return None
    name = " ".join(found).rstrip(".,;:")
    possessor, mark, rest = name.partition("’s ")
    return possessor if mark and is_person(rest) else name


def _argues(line: str) -> list[Mention]:
    """Read `In <outlet>, <people> argues ...`."""
    match = _ARGUES.match(line)
    if match is None or _outlet_in_text(match[1]) != match[1]:
        return []
    people = [named for named in read_people(match[2]) if is_of_the_center(named)]
    kind = MentionKind.WROTE if match[3].startswith("writ") else MentionKind.QUOTED
    return [_mention(named, kind, match[1]) for named in people]


def _until_topic(words: Sequence[str]) -> Sequence[str]:
    """Return the words before that which tells when or about what."""
    for count, word in enumerate(words):
        if count and word.casefold().rstrip(".,") in _TOPIC_WORDS:
            return words[:count]
    return words


def _hosts(line: str) -> list[Mention]:
    """Read the first sentence of an episode: who leads the conversation."""
    match = _HOSTS.search(line)
    if match is None:
        return []
    subject = re.sub(r"^In this episode,? ", "", line[: match.start()])
    people = [named for named in read_people(subject) if is_of_the_center(named)]
    found = [_mention(named, MentionKind.HOST, PODCAST) for named in people]
    if people and match[0] == "is joined":
        guests = re.split(r" (?:in this|to |for |on )", line[match.end() :], maxsplit=1)[0]
        found += [
            _mention(named, MentionKind.GUEST, PODCAST)
            for named in read_people(guests.removeprefix(" by "))
            if is_of_the_center(named)
        ]
    return found


def _in_title(title: str, blocks: Sequence[Block], *, is_press: bool) -> list[Mention]:
    prefix, colon, rest = title.partition(": ")
    if colon and is_outlet_name(prefix) and (found := _quoted_in_title(rest)):
        return [_mention(_with_role(item, blocks), kind, prefix) for item, kind, _ in found]
    if found := _quoted_in_title(title):
        return [_mention(_with_role(item, blocks), kind, outlet) for item, kind, outlet in found]
    if (interview := _interviewed_by(title)) is not None:
        return [
            _mention(_with_role(item, blocks), MentionKind.INTERVIEWED, interview[0])
            for item in interview[1]
        ]
    if (match := _SEEN_IN.fullmatch(title)) and (
        is_outlet_name(match[3]) or (match[2] == "in" and match[3].startswith(("The ", "the ")))
    ):
        people = [item for item in read_people(match[1]) if is_of_the_center(item)]
        kind = _kind_in_body(blocks)
        return [_mention(_with_role(item, blocks), kind, match[3]) for item in people]
    named = read_person(prefix) if colon and is_press else None
    if named is not None and is_known(named.name) and _says(named, blocks):
        outlet = _outlet_of_reporter(blocks)
        return [_mention(_with_role(named, blocks), MentionKind.QUOTED, outlet)]
    return []


def _outlet_of_reporter(blocks: Sequence[Block]) -> str | None:
    """Return the outlet that stands at the byline of a piece from the press."""
    lines = [line.strip() for block in blocks[:2] for line in block.text[:_READ_CHARS].split("\n")]
    if not lines or not lines[0].lower().startswith("by "):
        return None
    behind = lines[0].rpartition(" / ")[2] if " / " in lines[0] else "".join(lines[1:2])
    return behind if is_outlet_name(behind) else None


def _quoted_in_title(title: str) -> list[tuple[Named, MentionKind, str | None]]:
    """Read `<people> Quoted in <outlet> ...` and its like."""
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
    """Return the outlet in what follows the verb of a title: behind "on" a topic stands as well."""
    if link in ("in", "by", "at", "with", "to") or kind == "guest":
        return _outlet_in_text(text)
    if link == "on" and is_outlet_name(text):
        return _outlet_in_text(text)
    later = re.search(r"(?:^| )(?:in|by|with) (?=[Tt]he |[A-Z])", text)
    return None if later is None else _outlet_in_text(text[later.end() :])


def _title_people(text: str) -> list[Named]:
    text = re.sub(r"\b(?:is|was|are|were|Is|Was|Are|Were)\s*$", "", text.strip()).strip()
    return [
        named
        for named in read_people(text)
        if named.role is not None or is_known(named.name) or len(named.name.split()) >= 2
    ]


def _interviewed_by(title: str) -> tuple[str, list[Named]] | None:
    """Read `<outlet> Interviews <people>`."""
    match = _INTERVIEWS.fullmatch(title)
    if match is None or not (match[1].isupper() or is_outlet_name(match[1])):
        return None
    people = read_people(match[2])
    return (match[1], people) if people else None


def _kind_in_body(blocks: Sequence[Block]) -> MentionKind:
    """Return what somebody did whom a title only shows in an outlet."""
    for _, block in _leads(blocks):
        if _LETTER_BY.search(block.text[:_LEAD_CHARS]):
            return MentionKind.WROTE
    return MentionKind.QUOTED


def _in_reversed_sentence(blocks: Sequence[Block]) -> list[Mention]:
    """Read `<outlet> quoted <people> ...`."""
    verbs = {
        "quoted": MentionKind.QUOTED,
        "cited": MentionKind.QUOTED,
        "interviewed": MentionKind.INTERVIEWED,
        "spoke with": MentionKind.SPOKE,
        "talked to": MentionKind.SPOKE,
        "featured": MentionKind.NAMED,
    }
    for _, block in _leads(blocks):
        line = block.text[:_LEAD_CHARS].split("\n")[0]
        for verb, kind in verbs.items():
            before, found, after = line.partition(f" {verb} ")
            if found and (_outlet_in_text(before) == before):
                named = _first_person(after)
                if named is not None and is_of_the_center(named):
                    return [_mention(named, kind, before)]
    return []


def _first_person(text: str) -> Named | None:
    """Return the person whose role and name a text begins with."""
    words = text[:_READ_CHARS].split()
    for count in range(min(len(words), 12), 1, -1):
        named = read_person(" ".join(words[:count]).rstrip(".,;:"))
        if named is not None:
            return named
    return None


def _with_role(named: Named, blocks: Sequence[Block]) -> Named:
    """Return a person with the role that the body prints at the name, when the title has none."""
    if named.role is not None:
        return named
    for block in blocks[:_BODY_BLOCKS]:
        text = block.text[:2000].replace("\n", " ")
        for spelling in _spellings(named.name, text):
            at = text.find(spelling)
            before, after = text[:at].rstrip(), text[at + len(spelling) :]
            if after.startswith(","):
                role = position_of(re.split(r"[,.;:”]", after[1:], maxsplit=1)[0])
                if role is not None:
                    return Named(named.name, named.rank, role)
            words = before.split()[-8:]
            for first in range(len(words)):
                found = read_person(" ".join([*words[first:], spelling]))
                if found is not None and found.role is not None:
                    return Named(named.name, named.rank, found.role)
    return named


def _spellings(name: str, sentence: str) -> Iterator[str]:
    """Yield the names in a sentence that are the person's."""
    surname = name.split()[-1]
    person = person_of(name)
    words = sentence.split(" ")
    for position, word in enumerate(words):
        if word.strip(",.;:”’'\"").removesuffix("’s") == surname:
            for end in (position + 2, position + 1):
                for start in range(max(0, position - 3), position):
                    spelling = " ".join(words[start:end]).strip(',.;:”"“')
                    if is_person(spelling) and person_of(spelling) == person:
                        yield spelling


def _says(named: Named, blocks: Sequence[Block]) -> bool:
    """Whether the body reports what the person says."""
    surname = named.name.split()[-1]
    return any(
        surname in block.text[:2000] and _SAID.search(block.text[:2000]) is not None
        for block in blocks[:_BODY_BLOCKS]
    )
