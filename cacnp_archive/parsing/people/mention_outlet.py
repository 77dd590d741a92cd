"""Find the outlet that a sentence or title names: a newspaper, programme or similar."""

import re
from collections.abc import Sequence

from cacnp_archive.parsing.people.byline_words import OUTLET_NAMES
from cacnp_archive.parsing.people.names import is_person
from cacnp_archive.parsing.select import tokens
from cacnp_archive.parsing.text.body import Block, Reference

_READ_CHARS = 300
_OUTLET_WORD = r"[A-Z0-9][\w.’'&!+-]*"
_OUTLET_TEXT = re.compile(
    rf"(?:[Tt]he )?{_OUTLET_WORD}(?: (?:(?:of|the|and|&|of the|for) )?{_OUTLET_WORD}){{0,7}}"
)
_PERSON_OF_OUTLET = re.compile(r"(.{3,40}?) (?:of|from|at|with) (?=[Tt]he |[A-Z])")
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


def outlet_at(
    line: str, start: int, block: Block, references: Sequence[Reference], offset: int
) -> str | None:
    """Return the outlet at a position of a line: by its link, else by its capitals."""
    rest = line[start:]
    for reference in references:
        if _is_in_block(reference, block):
            at = reference.start - offset - start
            before = rest[: max(at, 0)].strip().casefold()
            label = reference.label
            is_here = -1 <= at <= _MAX_BEFORE_LINK and before in _BEFORE_LINK
            if is_here and not _NO_OUTLET.match(label) and len(label) <= _MAX_OUTLET_CHARS:
                return label.rstrip(" .,;:")
    return outlet_in_text(rest)


def outlet_in_text(text: str) -> str | None:
    """Return the outlet that a text begins with.

    >>> outlet_in_text("The Daily Lantern about budgets"), outlet_in_text("War on the Rocks on x")
    ('The Daily Lantern', 'War on the Rocks')
    >>> outlet_in_text("Jo Poe of The Daily, who asked"), outlet_in_text("budgets")
    ('The Daily', None)
    """
    text = text[:_READ_CHARS]
    if (person := _PERSON_OF_OUTLET.match(text)) and is_person(person[1]):
        text = text[person.end() :]
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


def _is_in_block(reference: Reference, block: Block) -> bool:
    """Whether a link is in this block: the block has the text of the link at its offsets."""
    return bool(reference.label) and block.text[reference.start : reference.end] == reference.label


def _until_topic(words: Sequence[str]) -> Sequence[str]:
    """Return the words before the first that starts a time or topic."""
    for count, word in enumerate(words):
        if count and word.casefold().rstrip(".,") in _TOPIC_WORDS:
            return words[:count]
    return words
