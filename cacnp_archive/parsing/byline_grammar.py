"""The grammar of a byline: one line of text to the people it names.

    byline  = [preface] part *part [date] [outlet]
    part    = ["Prepared" | "Updated" | "Written"] "by" people *("and" people)
    people  = person *(("," | "and" | "&") person) ["," role]
    person  = *rank 2*4(name word) ["*"] ["(USA-Ret.)"] ["[contact information]"]
    preface = update mark | date | "Published in ..." | inner headline

What does not parse whole is no byline. The words are in byline_words.py.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cacnp_archive.parsing.byline_words import (
    BODIES,
    NOT_NAMES,
    PARTICLES,
    RANKS,
    ROLE_VERBS,
    ROLES,
    SENTENCE_STARTS,
    SUFFIXES,
    TERMS,
    VERBS,
)
from cacnp_archive.parsing.dates import MONTH_NAME
from cacnp_archive.records import Author

MAX_LINE_CHARS = 400
"""Of a longer line only this much is looked at."""

MAX_PREFACE_WORDS = 18
MAX_ROLE_WORDS = 14
MAX_NAME_WORDS = 5

UPDATE_MARK = re.compile(r"\W*(?:last )?updated?\b[^.]{0,60}$", re.IGNORECASE)
"""Matches a line, or its beginning, that says when the text was updated."""

OUTLET = re.compile(
    r"\W*(?:(?:originally |first )?(?:published|posted|appeared|printed)|cross-?posted) "
    r"(?:in|on|by|at|from)\b",
    re.IGNORECASE,
)
"""Matches the beginning of a line that says where the text was published."""

ELSEWHERE = re.compile(
    r"letter to the editor|statement|remarks|testimony|interview|speech|photo|video|presentation"
    r"|op-?ed|column|editorial|press (?:call|conference)",
    re.IGNORECASE,
)
"""Matches words after which "by" names the author of something else."""

CONTACT = re.compile(r"@|\bcontacts?\b|\d{3}[.\-)\s]+\d{3}[.\-\s]\d{4}|\bx\d{3,4}\b", re.IGNORECASE)
"""Matches what a press contact has and a byline has not."""

_DATE = (
    rf"(?:{MONTH_NAME}\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?\d{{4}}"
    r"|\d{1,2}/\d{1,2}/\d{2,4})"
)
_DATE_AT = re.compile(rf"[(\[]?\s*{_DATE}[)\]]?[.,]?(?=\s|$)", re.IGNORECASE)
_ENDS_IN_DATE = re.compile(rf"{_DATE}[)*:.,\s–—|-]*$", re.IGNORECASE)
_IGNORED = re.compile(
    r"\[contact information\]"
    r"|(?:,?\s*(?:USA|USN|USAF|USMC))?,?\s*\([^()]{0,40}\bret(?:ired|\.)?[^()]{0,20}\)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\S+")
_INITIAL = re.compile(r"(?:[A-Z]\.){1,3}$|[A-Z]$")
_NAME_WORD = re.compile(r"[^\W\d_]+(?:[’'‑-][^\W\d_]+)*$")
_TRAILING = "*,.;:"
_CONNECTORS = frozenset({"of", "for", "and", "the", "on", "at", "in"})


def parse_byline(line: str) -> list[Author]:
    """Return the authors in a line that is a byline; none when it is anything else.

    >>> [(a.name, a.role) for a in parse_byline("By Ann B. Roe and Lt. Gen. Cy Doe, Interns")]
    [('Ann B. Roe', 'Interns'), ('Cy Doe', 'Interns')]
    >>> parse_byline("The bill was passed by a vote of 299-120")
    []
    """
    return _Line(line[:MAX_LINE_CHARS]).parse()


def is_person(text: str) -> bool:
    """Whether a text has the form of a person's name, and of nothing else.

    >>> is_person("Cuyler O’Brien"), is_person("North Korea"), is_person("Staff")
    (True, False, False)
    """
    return _is_name(text.split())


def parse_bare_byline(line: str) -> list[Author]:
    """Read `Name, Affiliation` that stands alone as the first line."""
    name, comma, rest = line.partition(", ")
    words = rest.split()
    if (
        not comma
        or not is_person(name)
        or not 1 <= len(words) <= MAX_ROLE_WORDS
        or CONTACT.search(line)
        or line.endswith((".", ":", "?", "!", "…"))
        or not _is_affiliation(words)
        or any(word.islower() and word not in _CONNECTORS for word in words)
    ):
        return []
    return [Author(name=name, printed=line, role=rest)]


def opens_byline(line: str) -> bool:
    """Whether a line begins as a byline does.

    >>> opens_byline("Prepared by Cuyler O’Brien"), opens_byline("The bill by Mr. Doe")
    (True, False)
    """
    return _Line(line[:MAX_LINE_CHARS]).opens_part(0)


def _plain(word: str) -> str:
    return word.strip('*,.;:()[]“”"').lower()


def _is_affiliation(words: Sequence[str]) -> bool:
    return any(_plain(word) in ROLES or _plain(word) in BODIES for word in words) or (
        any(_plain(word) in TERMS for word in words) and any(word[:2] == "20" for word in words)
    )


def _is_name_word(word: str) -> bool:
    plain = _plain(word)
    if _INITIAL.match(word):
        return True
    if plain in SUFFIXES or plain in PARTICLES:
        return True
    return (
        word[:1].isupper()
        and _NAME_WORD.match(word) is not None
        and plain not in NOT_NAMES
        and plain not in ROLES
        and plain not in BODIES
        and plain not in TERMS
        and plain not in SENTENCE_STARTS
        and plain not in VERBS
    )


def _may_not_end_name(word: str) -> bool:
    return _INITIAL.match(word) is not None or _plain(word) in PARTICLES


def _is_name(words: Sequence[str]) -> bool:
    core = [word for word in words if _plain(word) not in SUFFIXES]
    full = [word for word in core if not _INITIAL.match(word) and _plain(word) not in PARTICLES]
    return (
        2 <= len(core) <= 5
        and 1 <= len(full) <= 4
        and len(core) - sum(_plain(word) in PARTICLES for word in core) <= 4
        and all(map(_is_name_word, words))
        and len(core[-1]) > 1
        and not _INITIAL.match(core[-1])
        and _plain(core[0]) not in PARTICLES
        and _plain(core[-1]) not in PARTICLES
        and (len(full) >= 2 or bool(_INITIAL.match(core[0])))
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """One `by` with its people, each with a role or None."""

    people: list[tuple[str, str | None]]
    start: int
    end: int


class _Line:
    """A line of text, read word by word; positions are indexes into its words."""

    def __init__(self, text: str) -> None:
        self._printed = text
        # Marks that say nothing on the name become a gap, so that offsets stay true.
        self._text = _IGNORED.sub(lambda match: " " * len(match[0]), text)
        self._spans = [match.span() for match in _WORD.finditer(self._text)]
        self._words = [self._text[start:end] for start, end in self._spans]

    def parse(self) -> list[Author]:
        """Return the authors of the first byline in the line."""
        for index in range(len(self._words)):
            if self._is_by(index):
                first = index - 1 if _plain(self._word(index - 1)) in VERBS else index
                if self._may_follow(first):
                    parts = self._parts(first, allow_prose=first == 0)
                    if parts or first == 0:
                        return [author for part in parts for author in self._authors(part)]
        return []

    def _may_follow(self, first: int) -> bool:
        """Whether what stands before the byline in its line is a preface."""
        if first == 0:
            return True
        before = self._text[: self._spans[first][0]]
        if ELSEWHERE.search(before):
            return False
        if _ENDS_IN_DATE.search(before) or UPDATE_MARK.match(before):
            return True
        return self._words[first][0].isupper() and (
            OUTLET.match(before) is not None or len(before.split()) <= MAX_PREFACE_WORDS
        )

    def _parts(self, position: int, *, allow_prose: bool) -> list[_Part]:
        """Read the parts from here to the end of the line; none when a word does not fit."""
        parts: list[_Part] = []
        while (part := self._part(position)) is not None:
            parts.append(part)
            position = self._after_date(part.end)
            if position >= len(self._words) or self._is_outlet(position):
                return parts
            if not self.opens_part(position):
                return parts if allow_prose and self._begins_prose(position) else []
        return []

    def _part(self, start: int) -> _Part | None:
        position = start + (1 if self._is_by(start) else 2)
        verb = self._slice(start, position) if _plain(self._words[start]) in ROLE_VERBS else None
        people: list[tuple[str, str | None]] = []
        while (group := self._names(position)) is not None:
            names, position = group
            role = verb
            first_role_word = self._role_start(position)
            if first_role_word is not None:
                end = self._role_end(first_role_word)
                if end is None:
                    return None
                role = role or self._slice(first_role_word, end).rstrip(_TRAILING)
                position = end
            people += [(name, role) for name in names]
            after = self._joint(position)
            if after is None:
                # What is updated by somebody is so at a date: that one belongs to the byline.
                end = position if verb is None else self._after_date(position)
                return _Part(people, start, end)
            position = after
        return None

    def _names(self, position: int) -> tuple[list[str], int] | None:
        """Read the people that share a role."""
        names: list[str] = []
        joint: int | None = position
        while joint is not None and (found := self._person(joint)) is not None:
            name, position = found
            names.append(name)
            joint = self._joint(position)
        return (names, position) if names else None

    def _joint(self, position: int) -> int | None:
        """Return where the next person begins, when the people go on here."""
        has_comma = self._word(position - 1).endswith(",")
        if self._word(position).lower() in ("and", "&"):
            position += 1
        elif not has_comma:
            return None
        return position if self._person(position) is not None else None

    def _person(self, position: int) -> tuple[str, int] | None:
        while _plain(self._word(position)) in RANKS and self._word(position)[:1].isupper():
            position += 1
        end = position
        words: list[str] = []
        while end < len(self._words) and len(words) <= MAX_NAME_WORDS:
            word = self._words[end]
            bare = word.rstrip("*,;:)")
            if not _INITIAL.match(bare) and _plain(bare) not in SUFFIXES:
                bare = bare.rstrip(".")
            if not _is_name_word(bare) or self._is_heading(words, bare):
                break
            words.append(bare)
            end += 1
            if word != bare and _plain(self._word(end)) not in SUFFIXES:
                break
        while words and _may_not_end_name(words[-1]):
            words.pop()
            end -= 1
        return (_recased(words), end) if _is_name(words) else None

    def _is_heading(self, words: Sequence[str], word: str) -> bool:
        """Whether a word in capitals after a name begins the heading behind the byline."""
        return (
            len(words) >= 2
            and len(word) > 1
            and word.isupper()
            and not _INITIAL.match(word)
            and _plain(word) not in SUFFIXES
            and not all(item.isupper() for item in words)
        )

    def _role_start(self, position: int) -> int | None:
        """Return where a role begins behind the people; None when there is none."""
        if self._word(position) in ("-", "–", "—"):
            return position + 1
        has_comma = self._word(position - 1).endswith(",")
        if not has_comma or self._after_date(position) > position:
            return None
        return None if self._joint(position) is not None else position

    def _role_end(self, position: int) -> int | None:
        """Return where the role that begins here ends; None when it is no role."""
        end = position
        while end < len(self._words) and not (end > position and self._ends_role(end)):
            end += 1
        words = self._words[position:end]
        is_role = (
            1 <= len(words) <= MAX_ROLE_WORDS
            and _is_affiliation(words)
            and not words[0][:1].islower()
            and not (words[-1].endswith((".", ":", "?", "!")) and len(words) > MAX_ROLE_WORDS // 2)
        )
        return end if is_role else None

    def _ends_role(self, position: int) -> bool:
        return (
            self._after_date(position) > position
            or self.opens_part(position)
            or self._is_outlet(position)
            or (
                self._words[position].lower() in ("and", "&")
                and self._person(position + 1) is not None
            )
        )

    def _begins_prose(self, position: int) -> bool:
        word = self._words[position]
        plain = _plain(word)
        is_heading = word.isupper() and len(plain) > 1 and not self._words[position - 1].isupper()
        return word[:1].isupper() and (plain in SENTENCE_STARTS or is_heading)

    def opens_part(self, position: int) -> bool:
        """Whether "by", or a verb and "by", stands here."""
        return self._is_by(position) or (
            _plain(self._word(position)) in VERBS and self._is_by(position + 1)
        )

    def _is_by(self, position: int) -> bool:
        return self._word(position).lower().lstrip("*") == "by"

    def _is_outlet(self, position: int) -> bool:
        return OUTLET.match(self._text, self._spans[position][0]) is not None

    def _after_date(self, position: int) -> int:
        if position >= len(self._words):
            return position
        match = _DATE_AT.match(self._text, self._spans[position][0])
        while (
            match is not None
            and position < len(self._words)
            and self._spans[position][1] <= match.end()
        ):
            position += 1
        return position

    def _word(self, position: int) -> str:
        return self._words[position] if 0 <= position < len(self._words) else ""

    def _slice(self, first: int, end: int) -> str:
        return self._printed[self._spans[first][0] : self._spans[end - 1][1]]

    def _authors(self, part: _Part) -> list[Author]:
        start = self._spans[part.start][0]
        # Up to the next word, so that a mark which was made a gap is printed with the names.
        end = self._spans[part.end][0] if part.end < len(self._spans) else len(self._printed)
        printed = self._printed[start:end].rstrip(" ,;")
        return [Author(name=name, printed=printed, role=role) for name, role in part.people]


def _recased(words: Sequence[str]) -> str:
    """Return a name as one writes it when its line is set in capitals, as in `BY ANN ROE`."""
    name = " ".join(words)
    if not name.isupper():
        return name
    return " ".join(word if _plain(word) in SUFFIXES else word.title() for word in words)
