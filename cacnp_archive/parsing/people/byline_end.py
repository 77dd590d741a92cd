"""Parse bylines below the text: `— Ann Roe`, `– Ann Roe is a fellow.`, `By Ann Roe`.

A line after a dash also names the speaker of a quotation, the writer of a letter and the items of a
list, so what stands before it decides.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import islice

from cacnp_archive.model.person_names import BODIES
from cacnp_archive.model.records import Author
from cacnp_archive.parsing.people.byline_grammar import parse_byline
from cacnp_archive.parsing.people.byline_publication import CONTACT, MAX_LINE_CHARS, is_outlet_name
from cacnp_archive.parsing.people.byline_roles import is_own_role
from cacnp_archive.parsing.people.byline_words import ELSEWHERE, ROLES, SIGNS_OFF
from cacnp_archive.parsing.people.mention import is_mention
from cacnp_archive.parsing.people.names import is_known, is_person, is_public_figure, plain
from cacnp_archive.parsing.text.body import Block

MAX_LINES = 300
"""Lines at the top of a text that are examined: the first ones."""

_TOP_BLOCKS = 3
_END_BLOCKS = 3
_TAIL_CHARS = 200
_NO_TEXT_TAGS = frozenset({"table", "pre", "li"})
_DASH = r"(?:[–—―]|--?-?(?=\s*\w))"
_SIGNATURE = re.compile(rf"[\s*_]*{_DASH}\s*(\S.*?)[\s*_]*$")
_INNER_SIGNATURE = re.compile(r"(?<=[.!?…])\s+[—–―](?=\S)([^—–―.!?]{5,80})$")
_BIOGRAPHY = re.compile(
    r"(.{4,60}?) (?:is|was|are|serves as|works as) (?:an? |the |our )?(.{3,200})"
)
_SENTENCE_END = re.compile(r"(?<=[a-z)”])\.\s+")
_LETTER = re.compile(r"\W*(?:dear\b|to (?:the|whom)\b.{0,40}(?:editor|concern))", re.IGNORECASE)
_OFFER = re.compile(
    r"\W*(?:click|download|print|read|view|listen|watch|share|photo|image)\b.{0,120}$",
    re.IGNORECASE,
)
_QUOTES = '“”"«»„'


def parse_end(blocks: Sequence[Block], certain: Collection[str]) -> list[Author]:
    """Return the authors in a byline after the first paragraph or below the text.

    `By Ann Roe` must name somebody at the Center or in `certain`, since pasted articles have
    bylines too.
    """
    lines = (line for block in blocks[:_TOP_BLOCKS] for line in block.text.split("\n"))
    top = list(islice(lines, MAX_LINES))
    if any(is_mention(line) or CONTACT.search(line[:MAX_LINE_CHARS]) for line in top):
        return []
    return _late_byline(blocks, top, certain) or _signature(blocks)


def _late_byline(
    blocks: Sequence[Block], top: Sequence[str], certain: Collection[str]
) -> list[Author]:
    """Parse a byline in a block of its own, after the first paragraph or at the end."""
    candidates = [
        text
        for block in (*blocks[:_TOP_BLOCKS], *blocks[-1:])
        if _is_text(block)
        and (text := block.text.strip())[:3].lower() == "by "
        and len(text) <= MAX_LINE_CHARS
    ]
    if not candidates or any(ELSEWHERE.search(line[:200]) for line in top):
        return []
    for text in candidates:
        authors = parse_byline(text, certain)
        is_whole = bool(authors) and authors[-1].printed == text
        if is_whole and all(
            is_known(item.name) or item.name in certain or is_own_role(item.role)
            for item in authors
        ):
            return authors
    return []


def _signature(blocks: Sequence[Block]) -> list[Author]:
    """Parse what follows a dash in the last line, if no quotation, letter or list ends there."""
    end = len(blocks)
    while end > max(1, len(blocks) - _END_BLOCKS) and _OFFER.match(
        blocks[end - 1].text[:MAX_LINE_CHARS]
    ):
        end -= 1
    if not end or not _is_text(blocks[end - 1]):
        return []
    before, _, line = blocks[end - 1].text.rstrip().rpartition("\n")
    if (match := _SIGNATURE.match(line[: MAX_LINE_CHARS + 1])) is None:
        if (match := _INNER_SIGNATURE.search(line[-_TAIL_CHARS:])) is None:
            return []
        before = line[: -len(match[0])] or match[0]
    elif not before.strip():
        if end == 1 or not _is_text(blocks[end - 2]):
            return []
        before = blocks[end - 2].text
    found = _signed(match[1])
    return [] if not found or _may_be_of_others(before, blocks[:end]) else found


def _may_be_of_others(before: str, blocks: Sequence[Block]) -> bool:
    """Whether a signature may be a speaker's, a letter's or an item's, by what stands before it."""
    before = before.strip()
    last = before.rpartition("\n")[2]
    return (
        not before
        or before[-1] in _QUOTES + ":’'"
        or before[0] in _QUOTES
        or _SIGNATURE.match(last[:MAX_LINE_CHARS]) is not None
        or SIGNS_OFF.match(last[:MAX_LINE_CHARS]) is not None
        or any(_LETTER.match(block.text[:80]) for block in blocks)
    )


def _signed(text: str) -> list[Author]:
    """Return the people of a whole signature: names with roles, or sentences about them."""
    bare = re.sub(r"^by\s+", "", text, flags=re.IGNORECASE)
    found = parse_byline(f"By {bare}")
    is_whole = bool(found) and found[-1].printed[3:].rstrip(".") == bare.rstrip(" .,;")
    if is_whole and not any(_is_of_others(author.name) for author in found):
        return [replace(author, printed=text) for author in found]
    people = [_in_biography(sentence) for sentence in _SENTENCE_END.split(text)]
    if not people or people[0] is None:
        return []
    return [Author(name=name, printed=text) for name in dict.fromkeys(people) if name is not None]


def _in_biography(sentence: str) -> str | None:
    """Return the person of a sentence such as `Ann Roe is a fellow at the Center`, else None."""
    match = _BIOGRAPHY.match(sentence)
    if match is None or not is_person(match[1]) or _is_of_others(match[1]):
        return None
    words = {plain(word) for word in match[2].split()[:12]}
    return match[1] if not words.isdisjoint(ROLES | BODIES) else None


def _is_of_others(name: str) -> bool:
    return is_outlet_name(name) or is_public_figure(name)


def _is_text(block: Block) -> bool:
    return not block.is_quote_or_caption and block.tag not in _NO_TEXT_TAGS
