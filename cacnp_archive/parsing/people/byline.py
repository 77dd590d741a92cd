"""Who wrote it: the byline in the first lines of the body.

The site's theme prints no byline; authors stand in the text, in some thirty forms, next to many
sentences that look alike. A wrong author is worse than none: a byline counts only before the text
itself begins, and what the press wrote has authors of its own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cacnp_archive.model.records import Author, Credit
from cacnp_archive.parsing.people.byline_grammar import (
    MAX_PREFACE_WORDS,
    UPDATE_MARK,
    opens_byline,
    parse_byline,
)
from cacnp_archive.parsing.people.byline_publication import (
    CONTACT,
    MAX_LINE_CHARS,
    OUTLET,
    is_date,
    is_outlet_name,
    iso_date,
    parse_publication,
)
from cacnp_archive.parsing.people.byline_roles import is_role, parse_bare_byline
from cacnp_archive.parsing.people.byline_title import parse_title, person_of_press
from cacnp_archive.parsing.people.byline_words import ELSEWHERE
from cacnp_archive.parsing.people.mention import is_mention
from cacnp_archive.parsing.people.mention_title import reports_in_title
from cacnp_archive.parsing.people.names import is_known, is_person, person_of
from cacnp_archive.parsing.text.body import Block

MAX_BLOCKS = 6
"""A byline stands within this many blocks from the beginning."""

_MAX_LATE_BLOCK = 3
_UNSEEN_TAGS = frozenset({"table", "pre", "li"})
_OFFER = re.compile(
    r"\W*(?:click here|download|print|view|read)\b.*|\W*(?:pdf version|pdf)\W*$", re.IGNORECASE
)
_CAPTION = re.compile(
    r"\W*(?:[\w.]+ ){0,4}(?:photo|image|illustration|graphic|picture)s?"
    r"(?: (?:by|credit|courtesy)\b|:| \().*\w",
    re.IGNORECASE,
)
_PRESS_CATEGORIES = frozenset({"center in the news", "press hits"})
_IN_THE_NEWS = re.compile(r"press\b.*\bnews\b", re.IGNORECASE)
_NEWSLETTER = re.compile(r"(?:Council )?Front (?:and|&) Center\b", re.IGNORECASE)
_OF_THE_CENTER = re.compile(
    r"\b(?:said|says|told|added|according to|notes|noted|argue[sd])\b[^.]{0,160}\bthe Center\b"
    r"|\bthe Center\b[^.]{0,120}[,”\"] (?:said|says|told|added|noted|argue[sd])\b",
    re.IGNORECASE,
)
_QUOTED_IN_BLOCKS = 12
_OF_A_REPORTER = re.compile(
    r"\b(?:bureau|correspondents?|journalist|reporters?|(?<!guest )writers?|columnist)\b",
    re.IGNORECASE,
)
_SENT_TO_THE_PRESS = re.compile(r"special (?:to|for) ", re.IGNORECASE)


def read_authors(
    blocks: Sequence[Block],
    *,
    title: str,
    categories: Sequence[str],
    theme_names: Sequence[str],
    is_page: bool = False,
) -> tuple[Author, ...]:
    """Return the authors that the first blocks name, else the title, else the theme."""
    title = title[:MAX_LINE_CHARS]
    found: list[Author] = []
    if not reports_in_title(title) and not _is_release(blocks):
        found = _authors_in_body(blocks, title, is_page=is_page)
        if found and _is_of_the_press(found, blocks, title, categories):
            found = []
        found = found or parse_title(title)
    if not found:
        found = [
            Author(name=name, printed=name, found_in="entry-meta")
            for name in theme_names
            if is_person(name)
        ]
    return _each_once(found)


def is_newsletter(title: str) -> bool:
    """Whether a title is that of a newsletter, whose items have authors of their own."""
    return _NEWSLETTER.match(title) is not None


def _each_once(found: Sequence[Author]) -> tuple[Author, ...]:
    """Return each person once, with rank and role where a later byline alone has them."""
    people: dict[tuple[str, Credit], Author] = {}
    for author in found:
        person = person_of(author.name)
        key = (person.casefold(), author.credit)
        if (first := people.get(key)) is not None:
            rank, role = first.rank or author.rank, first.role or author.role
            people[key] = replace(first, rank=rank, role=role)
        else:
            people[key] = replace(author, person=person)
    return tuple(people.values())


def _is_of_the_press(
    authors: Sequence[Author], blocks: Sequence[Block], title: str, categories: Sequence[str]
) -> bool:
    """Whether a byline is that of a reporter, whose piece is shown as it was printed elsewhere."""
    if any(is_known(author.name) or _has_own_role(author) for author in authors):
        return False
    if any(author.role and _OF_A_REPORTER.search(author.role) for author in authors):
        return True
    if any(name.casefold() in _PRESS_CATEGORIES for name in categories):
        return True
    named = person_of_press(title)
    if named is not None and all(person_of(author.name) != named for author in authors):
        return True
    return any(_IN_THE_NEWS.search(name[:MAX_LINE_CHARS]) for name in categories) and any(
        _OF_THE_CENTER.search(block.text[:2000]) for block in blocks[:_QUOTED_IN_BLOCKS]
    )


def _has_own_role(author: Author) -> bool:
    return (
        author.role is not None and re.search(r"\b(?:Intern|Fellow)s?\b", author.role) is not None
    )


def _authors_in_body(blocks: Sequence[Block], title: str, *, is_page: bool) -> list[Author]:
    is_letter = is_newsletter(title)
    lines = list(_lines(blocks[:MAX_BLOCKS]))
    publication: tuple[str | None, str | None] | None = None
    for position, (block, line) in enumerate(lines):
        authors = parse_byline(line)
        if position == 0 and not authors and not is_page:
            bare = [item for item in parse_bare_byline(line) if item.name not in title]
            authors = bare if bare and not _has_contact(lines) else []
        if authors:
            is_alone = position == 0 and authors[-1].printed == block.text
            if is_letter and not is_alone:
                return []
            return _with_what_follows(authors, lines[position:], publication)
        if not _is_preface(block, line):
            break
        publication = parse_publication(line) or publication
    return [] if is_letter or is_page else _late_byline(blocks)


def _with_what_follows(
    authors: list[Author],
    lines: Sequence[tuple[Block, str]],
    publication: tuple[str | None, str | None] | None,
) -> list[Author]:
    """Read the lines behind a byline that belong to it: more bylines, a role, outlet and date."""
    outlet, date = publication or (None, None)
    found = list(authors)
    first_block, first_line = lines[0]
    can_be_role = found[-1].role is None and first_line.rstrip(" *").endswith(found[-1].printed)
    for block, line in lines[1:]:
        if opens_byline(line):
            if not (more := parse_byline(line)):
                break
            found += more
            can_be_role = False
        elif (said := parse_publication(line)) is not None:
            outlet, date = said[0] or outlet, said[1] or date
        elif is_date(line):
            date = iso_date(line)
        elif is_outlet_name(line) or _SENT_TO_THE_PRESS.match(line):
            if not any(is_known(author.name) for author in found):
                return []
            outlet = _SENT_TO_THE_PRESS.sub("", line)
        elif can_be_role and block is first_block and is_role(line):
            printed = f"{found[-1].printed} {line}"
            found = [
                replace(author, role=line, printed=printed)
                if author.printed == found[-1].printed
                else author
                for author in found
            ]
            can_be_role = False
        else:
            break
    return [
        replace(author, outlet=author.outlet or outlet, date=author.date or date)
        if author.credit is Credit.AUTHOR
        else author
        for author in found
    ]


def _late_byline(blocks: Sequence[Block]) -> list[Author]:
    """Read a byline that has its block to itself, behind a first paragraph or at the end.

    There it must be somebody's of the Center: pasted articles have bylines too.
    """
    seen = blocks[:_MAX_LATE_BLOCK]
    candidates = [text for block in (*seen, *blocks[-1:]) if (text := _own_line(block))]
    if not candidates:
        return []
    for line in (line for block in seen for line in block.text.split("\n")):
        if (
            is_mention(line)
            or CONTACT.search(line[:MAX_LINE_CHARS])
            or ELSEWHERE.search(line[:200])
        ):
            return []
    for text in candidates:
        authors = parse_byline(text)
        is_whole = bool(authors) and authors[-1].printed == text
        if is_whole and all(is_known(item.name) or _has_own_role(item) for item in authors):
            return authors
    return []


def _own_line(block: Block) -> str | None:
    """Return the text of a block that may be a byline and nothing else."""
    if block.is_apart or block.tag in _UNSEEN_TAGS:
        return None
    text = block.text.strip()
    return text if text[:3].lower() == "by " and len(text) <= MAX_LINE_CHARS else None


def _lines(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    for block in blocks:
        if block.tag not in _UNSEEN_TAGS and not block.is_apart:
            for line in block.text.split("\n"):
                if line.strip():
                    yield block, line.strip()


def _has_contact(lines: Sequence[tuple[Block, str]]) -> bool:
    return any(CONTACT.search(line[:MAX_LINE_CHARS]) for _, line in lines[:4])


def _is_release(blocks: Sequence[Block]) -> bool:
    return any("FOR IMMEDIATE RELEASE" in block.text.upper() for block in blocks[:MAX_BLOCKS])


def _is_preface(block: Block, line: str) -> bool:
    """Whether a byline may still follow: the line is not yet the text itself."""
    count = len(line.split())
    if count > 2 * MAX_PREFACE_WORDS:
        return False
    start = line[:MAX_LINE_CHARS]
    if OUTLET.match(start) or _CAPTION.match(start):
        return True
    is_short = count <= MAX_PREFACE_WORDS and not line.rstrip("”’\"'*").endswith(
        (".", "!", ":", ";", "…", ",")
    )
    if not (is_short or block.is_heading or UPDATE_MARK.match(start) or _OFFER.match(start)):
        return False
    return not (is_mention(start) or CONTACT.search(start) or ELSEWHERE.search(start))
