"""Who wrote it: the byline in the first lines of the body.

The site's theme prints no byline; authors stand in the text, in some thirty forms, next to many
sentences that look alike. A wrong author is worse than none: a byline counts only before the text
itself begins, and what the press wrote has authors of its own.
"""

import re
from collections.abc import Iterator, Sequence

from cacnp_archive.parsing.body import Block
from cacnp_archive.parsing.byline_grammar import (
    CONTACT,
    ELSEWHERE,
    MAX_LINE_CHARS,
    MAX_PREFACE_WORDS,
    OUTLET,
    UPDATE_MARK,
    is_person,
    opens_byline,
    parse_bare_byline,
    parse_byline,
)
from cacnp_archive.parsing.byline_words import RANKS
from cacnp_archive.parsing.mention import is_mention, is_mention_title
from cacnp_archive.records import Author

MAX_BLOCKS = 6
"""A byline stands within this many blocks from the beginning."""

_UNSEEN_TAGS = frozenset({"figcaption", "caption", "table", "pre", "blockquote"})
_OFFER = re.compile(
    r"\W*(?:click here|download|print|view|read)\b.*|\W*(?:pdf version|pdf)\W*$", re.IGNORECASE
)
_PRESS_CATEGORIES = frozenset({"center in the news", "press hits"})
_OWN_PIECE = re.compile(
    r"(.{3,120})[’']s (?:op-?ed|letter to the editor|column) (?:in|on|for)\b", re.IGNORECASE
)
_SIGNED_PIECE = re.compile(
    r".*\b(?:op-?ed|letter to the editor|column)\b.*\s(by\s.{3,80})$", re.IGNORECASE
)
_OWN_STORY = re.compile(r".*\bmy\b.*:\s+(\S.{3,60})$", re.IGNORECASE)


def read_authors(
    blocks: Sequence[Block], *, title: str, categories: Sequence[str], theme_names: Sequence[str]
) -> tuple[Author, ...]:
    """Return the authors that the first blocks name, else the title, else the theme."""
    is_press = any(name.casefold() in _PRESS_CATEGORIES for name in categories)
    found: list[Author] = []
    if not is_press and not is_mention_title(title) and not _is_release(blocks):
        found = _authors_in_body(blocks) or parse_title(title[:MAX_LINE_CHARS])
    if not found:
        found = [
            Author(name=name, printed=name, found_in="entry-meta")
            for name in theme_names
            if is_person(name)
        ]
    people: dict[str, Author] = {}
    for author in found:
        people.setdefault(_without_initials(author.name), author)
    return tuple(people.values())


def parse_title(title: str) -> list[Author]:
    """Return the authors whom a title names, when it says that the piece is theirs.

    >>> [author.name for author in parse_title("Senior Director Ann Roe’s Op-Ed in The Daily")]
    ['Ann Roe']
    >>> parse_title("Letter to the Editor on spending by Gen. Cy Doe")[0].printed
    'by Gen. Cy Doe'
    >>> parse_title("What I learnt in my spring: Ann Roe")[0].name
    'Ann Roe'
    """
    if match := _SIGNED_PIECE.fullmatch(title):
        found = parse_byline(match.group(1))
    elif match := _OWN_PIECE.match(title):
        found = _person_with_role(match.group(1), title[: match.end(1) + 2])
    elif (match := _OWN_STORY.fullmatch(title)) and is_person(match.group(1)):
        found = [Author(name=match.group(1), printed=match.group(1))]
    else:
        found = []
    return [
        Author(name=author.name, printed=author.printed, role=author.role, found_in="title")
        for author in found
    ]


def _person_with_role(text: str, printed: str) -> list[Author]:
    """Read `Senior Policy Director Ann Roe`: the longest name at the end, the role before it."""
    words = text.split()
    for first in range(max(0, len(words) - 4), len(words) - 1):
        name = " ".join(words[first:])
        if is_person(name):
            before = [word for word in words[:first] if word.strip(".").lower() not in RANKS]
            return [Author(name=name, printed=printed, role=" ".join(before) or None)]
    return []


def _without_initials(name: str) -> str:
    """Return what one person's spellings on one page have in common.

    >>> _without_initials("Robert G. Gard")
    'robert gard'
    """
    words = [word for word in name.split() if not (len(word) <= 2 and word.endswith("."))]
    return " ".join(words).casefold()


def _authors_in_body(blocks: Sequence[Block]) -> list[Author]:
    found: list[Author] = []
    for position, (block, line) in enumerate(_lines(blocks)):
        if found and not opens_byline(line):
            break
        authors = parse_byline(line)
        if position == 0 and not authors:
            authors = parse_bare_byline(line)
        if not authors and (found or not _is_preface(block, line)):
            break
        found += authors
    return found


def _lines(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    for block in blocks[:MAX_BLOCKS]:
        if block.tag not in _UNSEEN_TAGS:
            for line in block.text.split("\n"):
                if line.strip():
                    yield block, line.strip()


def _is_release(blocks: Sequence[Block]) -> bool:
    return any("FOR IMMEDIATE RELEASE" in block.text.upper() for block in blocks[:MAX_BLOCKS])


def _is_preface(block: Block, line: str) -> bool:
    """Whether a byline may still follow: the line is not yet the text itself."""
    if is_mention(line) or CONTACT.search(line) or ELSEWHERE.search(line):
        return False
    count = len(line.split())
    if block.is_heading or UPDATE_MARK.match(line) or OUTLET.match(line) or _OFFER.match(line):
        return count <= 2 * MAX_PREFACE_WORDS
    return count <= MAX_PREFACE_WORDS and not line.rstrip("”’\"'*").endswith(
        (".", "!", ":", ";", "…", ",")
    )
