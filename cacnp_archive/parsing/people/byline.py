"""Find the authors of a post: in the byline, the title, or the theme's author box.

The site's theme prints no byline. Authors are named in the text, in some thirty forms, next to many
sentences that look similar. A wrong author is worse than none, so a byline is accepted only before
the text itself begins, and bylines of pieces from the press are ignored.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

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
from cacnp_archive.parsing.people.byline_title import parse_title, person_in_title
from cacnp_archive.parsing.people.byline_words import ELSEWHERE
from cacnp_archive.parsing.people.mention import is_mention
from cacnp_archive.parsing.people.mention_title import reports_in_title
from cacnp_archive.parsing.people.names import is_known, is_person, person_of
from cacnp_archive.parsing.text.body import Block

MAX_BLOCKS = 6
"""A byline is within this many blocks from the start."""

MAX_LINES = 300
"""Lines of these blocks that are examined: the first ones."""
_MAX_LATE_BLOCK = 3
_SKIPPED_TAGS = frozenset({"table", "pre", "li"})
_DOWNLOAD_OFFER = re.compile(
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
_QUOTES_THE_CENTER = re.compile(
    r"\b(?:said|says|told|added|according to|notes|noted|argue[sd])\b[^.]{0,160}\bthe Center\b"
    r"|\bthe Center\b[^.]{0,120}[,”\"] (?:said|says|told|added|noted|argue[sd])\b",
    re.IGNORECASE,
)
_MAX_QUOTE_BLOCKS = 12
_REPORTER_ROLE = re.compile(
    r"\b(?:bureau|correspondents?|journalist|reporters?|(?<!guest )writers?|columnist)\b",
    re.IGNORECASE,
)
_SPECIAL_TO = re.compile(r"special (?:to|for) ", re.IGNORECASE)


def parse_authors(
    blocks: Sequence[Block],
    *,
    title: str,
    categories: Sequence[str],
    theme_names: Sequence[str],
    is_page: bool = False,
) -> tuple[Author, ...]:
    """Return the authors named in the first blocks, else in the title, else by the theme."""
    title = title[:MAX_LINE_CHARS]
    found: list[Author] = []
    if not reports_in_title(title) and not any(
        is_for_release(block.text) for block in blocks[:MAX_BLOCKS]
    ):
        found = _authors_in_body(blocks, title, is_page=is_page)
        if found and _is_press_byline(found, blocks, title, categories):
            found = []
        found = found or parse_title(title)
    if not found:
        found = [
            Author(name=name, printed=name, found_in="entry-meta")
            for name in theme_names
            if is_person(name)
        ]
    return _merge_persons(found)


def is_newsletter(title: str) -> bool:
    """Whether a title is that of a newsletter, whose items have their own authors."""
    return _NEWSLETTER.match(title) is not None


def is_for_release(text: str) -> bool:
    """Whether a text contains the mark of press releases, `FOR IMMEDIATE RELEASE`."""
    return "FOR IMMEDIATE RELEASE" in text.upper()


def _merge_persons(found: Sequence[Author]) -> tuple[Author, ...]:
    """Return each person once, with rank and role taken from a later byline if necessary."""
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


def _is_press_byline(
    authors: Sequence[Author], blocks: Sequence[Block], title: str, categories: Sequence[str]
) -> bool:
    """Whether a byline is that of a reporter, in a piece reprinted from the press."""
    if any(is_known(author.name) or _is_intern_or_fellow(author) for author in authors):
        return False
    if any(author.role and _REPORTER_ROLE.search(author.role) for author in authors):
        return True
    if any(name.casefold() in _PRESS_CATEGORIES for name in categories):
        return True
    named = person_in_title(title)
    if named is not None and all(person_of(author.name) != named for author in authors):
        return True
    return any(_IN_THE_NEWS.search(name[:MAX_LINE_CHARS]) for name in categories) and any(
        _QUOTES_THE_CENTER.search(block.text[:2000]) for block in blocks[:_MAX_QUOTE_BLOCKS]
    )


def _is_intern_or_fellow(author: Author) -> bool:
    return (
        author.role is not None and re.search(r"\b(?:Intern|Fellow)s?\b", author.role) is not None
    )


def _authors_in_body(blocks: Sequence[Block], title: str, *, is_page: bool) -> list[Author]:
    is_in_newsletter = is_newsletter(title)
    lines = list(islice(_lines(blocks[:MAX_BLOCKS]), MAX_LINES))
    publication: tuple[str | None, str | None] | None = None
    for position, (block, line) in enumerate(lines):
        authors = parse_byline(line)
        if position == 0 and not authors and not is_page:
            bare = [item for item in parse_bare_byline(line) if item.name not in title]
            authors = bare if bare and not _has_contact(lines) else []
        if authors:
            is_alone = position == 0 and authors[-1].printed == block.text
            if is_in_newsletter and not is_alone:
                return []
            return _with_following_lines(authors, lines[position:], publication)
        if not _is_preface(block, line):
            break
        publication = parse_publication(line) or publication
    return [] if is_in_newsletter or is_page else _late_byline(blocks)


def _with_following_lines(
    authors: list[Author],
    lines: Sequence[tuple[Block, str]],
    publication: tuple[str | None, str | None] | None,
) -> list[Author]:
    """Parse the lines after a byline that belong to it: more bylines, a role, outlet and date."""
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
        elif (parsed := parse_publication(line)) is not None:
            outlet, date = parsed[0] or outlet, parsed[1] or date
        elif is_date(line):
            date = iso_date(line)
        elif is_outlet_name(line) or _SPECIAL_TO.match(line):
            if not any(is_known(author.name) for author in found):
                return []
            outlet = _SPECIAL_TO.sub("", line)
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
    """Parse a byline in a block of its own, after the first paragraph or at the end.

    It must name somebody at the Center, since pasted articles have bylines too.
    """
    seen = blocks[:_MAX_LATE_BLOCK]
    candidates = [text for block in (*seen, *blocks[-1:]) if (text := _possible_byline(block))]
    if not candidates:
        return []
    lines = (line for block in seen for line in block.text.split("\n"))
    for line in islice(lines, MAX_LINES):
        if (
            is_mention(line)
            or CONTACT.search(line[:MAX_LINE_CHARS])
            or ELSEWHERE.search(line[:200])
        ):
            return []
    for text in candidates:
        authors = parse_byline(text)
        is_whole = bool(authors) and authors[-1].printed == text
        if is_whole and all(is_known(item.name) or _is_intern_or_fellow(item) for item in authors):
            return authors
    return []


def _possible_byline(block: Block) -> str | None:
    """Return the text of a block that may be a byline; None for any other block."""
    if block.is_quote_or_caption or block.tag in _SKIPPED_TAGS:
        return None
    text = block.text.strip()
    return text if text[:3].lower() == "by " and len(text) <= MAX_LINE_CHARS else None


def _lines(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    for block in blocks:
        if block.tag not in _SKIPPED_TAGS and not block.is_quote_or_caption:
            for line in block.text.split("\n"):
                if line.strip():
                    yield block, line.strip()


def _has_contact(lines: Sequence[tuple[Block, str]]) -> bool:
    return any(CONTACT.search(line[:MAX_LINE_CHARS]) for _, line in lines[:4])


def _is_preface(block: Block, line: str) -> bool:
    """Whether a byline may follow this line, because the text has not begun yet."""
    count = len(line.split())
    if count > 2 * MAX_PREFACE_WORDS:
        return False
    start = line[:MAX_LINE_CHARS]
    if OUTLET.match(start) or _CAPTION.match(start):
        return True
    is_short = count <= MAX_PREFACE_WORDS and not line.rstrip("”’\"'*").endswith(
        (".", "!", ":", ";", "…", ",")
    )
    is_preface = is_short or block.is_heading
    if not (is_preface or UPDATE_MARK.match(start) or _DOWNLOAD_OFFER.match(start)):
        return False
    return not (is_mention(start) or CONTACT.search(start) or ELSEWHERE.search(start))
