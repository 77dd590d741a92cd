"""The grammar of a byline: one line of text to the people it names.

    byline  = [preface] part *part [date] [outlet]
    part    = ["Prepared" | "Updated" | "Written"...] "by" people *("and" people)
    people  = person *(("," | "and" | "&" | "with") person) ["," role | "(" role ")"]
    person  = [role] *rank 2*4(name word) ["," degree] ["*"] ["(USA-Ret.)"]
              ["[contact information]"]
    preface = update mark | date | "Published in ..." | inner headline

What does not parse whole is no byline. The words are in byline_words.py, names in names.py.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cacnp_archive.model.person_names import BODIES, SUFFIXES
from cacnp_archive.model.records import Author, Credit
from cacnp_archive.parsing.people.byline_publication import (
    DATE,
    MAX_LINE_CHARS,
    OUTLET,
    is_outlet_name,
    iso_date,
    parse_publication,
)
from cacnp_archive.parsing.people.byline_roles import MAX_ROLE_WORDS, is_affiliation, is_role
from cacnp_archive.parsing.people.byline_words import (
    CREDITS,
    DEGREES,
    ELSEWHERE,
    NOT_BEFORE_BY,
    NOT_NAMES,
    OFFERS,
    RANK_PREFIXES,
    ROLE_CONNECTORS,
    ROLES,
    SELDOM_BEFORE_BY,
    SENTENCE_STARTS,
    VERBS,
)
from cacnp_archive.parsing.people.names import (
    INITIAL,
    RETIRED,
    full_words,
    is_known,
    is_name,
    is_name_word,
    known_prefix,
    may_not_end_name,
    plain,
    rank_length,
    recased,
)

MAX_PREFACE_WORDS = 18
MAX_NAME_WORDS = 7
MAX_ROLE_WORDS_BEFORE = 8
MAX_CERTAIN_WORDS = 2
"""A longer name, behind which text goes on, may have taken in the text's first word."""

UPDATE_MARK = re.compile(r"\W*(?:last )?updated?\b[^.]{0,60}$", re.IGNORECASE)
"""Matches a line, or its beginning, that says when the text was updated."""

_DATE_AT = re.compile(rf"[(\[]?\s*(?:(?-i:on)\s+)?{DATE}[)\]]?[.,]?(?=\s|$)", re.IGNORECASE)
_ENDS_IN_DATE = re.compile(rf"{DATE}[)*:.,\s–—|-]*$", re.IGNORECASE)
_CONTACT_MARK = re.compile(
    r"\s*(?:\[contact information\]|\((?:[^()\s@]{1,64})?@[^()\s]{1,80}\)|,? et al\b\.?)(,?)",
    re.IGNORECASE,
)
_RETIRED_MARK = re.compile(rf"(?:{RETIRED.pattern})(,?)", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_TRAILING = "*,.;:"
_JOINTS = frozenset({"and", "&", "with"})
_SEPARATORS = frozenset({"-", "–", "—", "|", "/", "·", "•"})
_AUTHOR_LABELS = frozenset({"author:", "authors:"})
_MIN_PROSE_WORDS = 4
_MAX_ACRONYM_CHARS = 5


def _gap(match: re.Match[str]) -> str:
    """Return spaces as long as a mark, with the comma behind it moved to its beginning."""
    return (match[1] + " " * len(match[0]))[: len(match[0])]


def parse_byline(line: str) -> list[Author]:
    """Return the authors in a line that is a byline; none when it is anything else.

    >>> [(a.name, a.role) for a in parse_byline("By Ann B. Roe and Lt. Gen. Cy Doe, Interns")]
    [('Ann B. Roe', 'Interns'), ('Cy Doe', 'Interns')]
    >>> parse_byline("The bill was passed by a vote of 299-120")
    []
    """
    line = _INVISIBLE.sub("", line[:MAX_LINE_CHARS])
    lowered = line.lower()
    return _Line(line).parse() if "by" in lowered or "author" in lowered else []


def opens_byline(line: str) -> bool:
    """Whether a line begins as a byline does.

    >>> opens_byline("Prepared by Cuyler O’Brien"), opens_byline("The bill by Mr. Doe")
    (True, False)
    """
    return _Line(_INVISIBLE.sub("", line[:MAX_LINE_CHARS])).opens_part(0)


@dataclass(frozen=True, slots=True)
class _Person:
    """A name with what stands at it."""

    name: str
    rank: str | None
    asterisk: bool
    role: str | None = None


@dataclass(slots=True)
class _Part:
    """One `by` with its people."""

    people: list[_Person]
    credit: Credit
    start: int
    end: int
    outlet: str | None = None
    date: str | None = None


class _Line:
    """A line of text, read word by word; positions are indexes into its words."""

    def __init__(self, text: str) -> None:
        self._printed = text
        # Marks that say nothing on the name become a gap, so that offsets stay true.
        for marks in (_CONTACT_MARK, _RETIRED_MARK):
            text = marks.sub(_gap, text)
        self._text = text
        self._spans = [match.span() for match in _WORD.finditer(self._text)]
        self._words = [self._text[start:end] for start, end in self._spans]

    def parse(self) -> list[Author]:
        """Return the authors of the first byline in the line."""
        for index in range(len(self._words)):
            if self._is_by(index):
                first = index - 1 if plain(self._word(index - 1)) in VERBS else index
                if self._may_follow(first):
                    is_first = not self._before(first).strip(" *–—-")
                    parts = self._parts(first, allow_prose=is_first)
                    if parts or is_first:
                        return [] if self._is_deed_of(parts, first) else self._authors(parts, first)
        return []

    def _before(self, position: int) -> str:
        return self._text[: self._spans[position][0]]

    def _may_follow(self, first: int) -> bool:
        """Whether what stands before the byline in its line is a preface."""
        before = self._before(first)
        if not before.strip(" *–—-"):
            return True
        if ELSEWHERE.search(before) or plain(self._word(first - 1)) in NOT_BEFORE_BY:
            return False
        if _ENDS_IN_DATE.search(before) or UPDATE_MARK.match(before):
            return True
        return self._words[first][0].isupper() and (
            OUTLET.match(before) is not None or len(before.split()) <= MAX_PREFACE_WORDS
        )

    def _is_deed_of(self, parts: Sequence[_Part], first: int) -> bool:
        """Whether the people are strangers who voted or proposed what the line speaks of."""
        people = [person for part in parts for person in part.people]
        return plain(self._word(first - 1)) in SELDOM_BEFORE_BY and not any(
            is_known(person.name) for person in people
        )

    def _parts(self, position: int, *, allow_prose: bool) -> list[_Part]:
        """Read the parts from here to the end of the line; none when a word does not fit."""
        parts: list[_Part] = []
        while (part := self._part(position)) is not None:
            parts.append(part)
            position = self._after_tail(part)
            if position >= len(self._words):
                return parts
            if not self.opens_part(position):
                goes_on = allow_prose and self._begins_prose(position, part)
                return parts if goes_on else []
        return []

    def _part(self, start: int) -> _Part | None:
        position = start + (1 if self._is_by(start) else 2)
        credit = Credit(CREDITS.get(plain(self._words[start]), "author"))
        people: list[_Person] = []
        while (group := self._names(position)) is not None:
            names, position = group
            role, position = self._role(position)
            if position < 0:
                return None
            people += [
                _Person(
                    person.name,
                    person.rank,
                    person.asterisk or (role is not None and "*" in self._word(position - 1)),
                    person.role or role,
                )
                for person in names
            ]
            after = self._joint(position)
            if after is None:
                part = _Part(people, credit, start, position)
                if credit is not Credit.AUTHOR:
                    # What is updated by somebody is so at a date: it belongs to the byline.
                    part.end = self._after_date(position)
                    part.date = self._date(position, part.end)
                return part
            position = after
        return None

    def _names(self, position: int) -> tuple[list[_Person], int] | None:
        """Read the people that share a role."""
        names: list[_Person] = []
        joint: int | None = position
        while joint is not None:
            may_have_comma = not self._word(joint - 1).endswith(",")
            if (found := self._person_with_role(joint, may_have_comma=may_have_comma)) is None:
                break
            person, position = found
            names.append(person)
            joint = self._joint(position)
        return (names, position) if names else None

    def _joint(self, position: int) -> int | None:
        """Return where the next person begins, when the people go on here."""
        has_joint = self._word(position).lower() in _JOINTS
        if not has_joint and not self._word(position - 1).endswith(","):
            return None
        position += has_joint
        found = self._person_with_role(position, may_have_comma=has_joint)
        return None if found is None else position

    def _person_with_role(
        self, position: int, *, may_have_comma: bool
    ) -> tuple[_Person, int] | None:
        """Read a person, and the position before the name where there is one.

        A comma between them is read where it cannot part a role from a list of people.
        """
        if (found := self._person(position)) is not None:
            return found
        for first in range(position + 1, min(position + MAX_ROLE_WORDS_BEFORE, len(self._words))):
            word = self._words[first - 1]
            may_stand = word[:1].isupper() or plain(word) in ROLE_CONNECTORS | ROLES | {"guest"}
            if word[-1] in ".;:" or not may_stand:
                return None
            if word[-1] == "," and not (may_have_comma and self._person(first) is not None):
                return None
            if word in ROLE_CONNECTORS or (found := self._person(first)) is None:
                continue
            role = self._words[position:first]
            if not any(plain(item) in ROLES for item in role):
                return None
            person, end = found
            printed = " ".join(role).rstrip(",")
            return _Person(person.name, person.rank, person.asterisk, printed), end
        return None

    def _person(self, position: int) -> tuple[_Person, int] | None:
        start = position + rank_length(self._words[position : position + MAX_NAME_WORDS])
        words, end = self._name_words(start)
        has_asterisk = any("*" in word for word in self._words[start:end])
        if self._word(end).strip("*") == "" and self._word(end):
            has_asterisk, end = True, end + 1
        if not is_name(words):
            return None
        while plain(self._word(end)) in DEGREES:
            end += 1
        rank = self._slice(position, start).rstrip(",;") if start > position else None
        return _Person(recased(" ".join(words)), rank, has_asterisk), end

    def _name_words(self, start: int) -> tuple[list[str], int]:
        """Read as many words as a name may have, without the marks at them."""
        end = start
        words: list[str] = []
        while end < len(self._words) and len(words) < MAX_NAME_WORDS:
            word = self._words[end]
            if words and self._after_date(end) > end:
                break
            bare = word.rstrip("*,;:)")
            if not INITIAL.match(bare) and plain(bare) not in SUFFIXES and plain(bare) != "st":
                bare = bare.rstrip(".")
            may_stand = is_name_word(bare, is_first=not words) or is_name([*words, bare])
            if not may_stand or self._is_heading(words, bare):
                break
            words.append(bare)
            end += 1
            if word != bare and plain(self._word(end)) not in SUFFIXES:
                break
        while words and may_not_end_name(words[-1]):
            words.pop()
            end -= 1
        known = known_prefix(words) if len(words) > 2 else 0
        if 0 < known < len(words) and plain(words[known]) not in SUFFIXES:
            return words[:known], start + known
        return words, end

    def _is_heading(self, words: Sequence[str], word: str) -> bool:
        """Whether a word in capitals after a name begins the heading behind the byline."""
        return (
            len(words) >= 2
            and len(word) > 1
            and word.isupper()
            and not INITIAL.match(word)
            and plain(word) not in SUFFIXES
            and not all(item.isupper() for item in words)
        )

    def _role(self, position: int) -> tuple[str | None, int]:
        """Read the role behind people: it and its end; -1 for an end when it is no role."""
        if self._word(position).startswith("("):
            return self._role_in_parentheses(position)
        start = self._role_start(position)
        if start is None:
            return None, position
        end = start
        while end < len(self._words) and not (end > start and self._ends_role(end)):
            end += 1
        words = self._words[start:end]
        is_whole = (
            1 <= len(words) <= MAX_ROLE_WORDS
            and is_affiliation(words)
            and (not words[0][:1].islower() or self._is_lower_case_role(start, end))
            and not (words[-1].endswith((".", ":", "?", "!")) and len(words) > MAX_ROLE_WORDS // 2)
        )
        if is_whole and not is_outlet_name(" ".join(words).rstrip(_TRAILING)):
            return self._slice(start, end).rstrip(_TRAILING), end
        # What is no role may be an outlet.
        return (None, position) if self._bare_outlet(position) is not None else (None, -1)

    def _is_lower_case_role(self, start: int, end: int) -> bool:
        """Whether `former Scoville Fellow` or `a policy intern` ends the line: no sentence."""
        first = self._words[start]
        return (
            end == len(self._words)
            and end - start <= MAX_ROLE_WORDS_BEFORE
            and (first in RANK_PREFIXES or first in ROLES or first in ("a", "an"))
            and not self._words[-1].endswith((".", ":", "?", "!", ","))
        )

    def _role_in_parentheses(self, position: int) -> tuple[str | None, int]:
        end = position
        while end < len(self._words) and ")" not in self._words[end]:
            end += 1
        role = " ".join(self._words[position : end + 1])[1:].rstrip(_TRAILING)
        if not role.endswith(")") or not is_role(role[:-1]):
            return None, position
        return role[:-1], end + 1

    def _role_start(self, position: int) -> int | None:
        """Return where a role begins behind the people; None when there is none."""
        start = position
        if self._word(position) in _SEPARATORS:
            start = position + 1
        elif not self._word(position - 1).endswith(","):
            return None
        if start >= len(self._words):
            return None
        if self._after_date(start) > start or self._is_outlet(start) or self.opens_part(start):
            return None
        return None if self._joint(position) is not None else start

    def _ends_role(self, position: int) -> bool:
        return (
            self._after_date(position) > position
            or self.opens_part(position)
            or self._is_outlet(position)
            or self._words[position] in _SEPARATORS
            or (
                self._words[position].lower() in _JOINTS
                and self._person_with_role(position + 1, may_have_comma=False) is not None
            )
        )

    def _after_tail(self, part: _Part) -> int:
        """Read date and outlet behind the people into the part; return where the line goes on."""
        position = part.end
        while position < len(self._words):
            separated = position + (self._words[position] in _SEPARATORS)
            if (after := self._after_date(separated)) > separated:
                part.date = part.date or self._date(separated, after)
                position = after
            elif separated < len(self._words) and self._is_outlet(separated):
                rest = self._text[self._spans[separated][0] :]
                part.outlet, date = parse_publication(rest) or (None, None)
                part.date = date or part.date
                return len(self._words)
            elif part.outlet is None and (end := self._outlet_of(part, position)) is not None:
                position = end
            else:
                break
        return position

    def _outlet_of(self, part: _Part, position: int) -> int | None:
        """Read the name of an outlet into the part of somebody of the Center; return its end.

        Behind anybody else's name it is the paper whose reporter that is.
        """
        found = self._bare_outlet(position)
        if found is None or not any(is_known(person.name) for person in part.people):
            return None
        part.outlet, end = found
        return end

    def _bare_outlet(self, position: int) -> tuple[str, int] | None:
        """Read the name of an outlet, parted from the people by a comma or mark."""
        start = position
        if self._word(position) in _SEPARATORS or self._word(position) in ("in", "for"):
            start += 1
        elif not self._word(position - 1).endswith(","):
            return None
        end = start
        while end < len(self._words) and self._after_date(end) == end:
            if self._words[end] in _SEPARATORS:
                break
            end += 1
            if self._words[end - 1].endswith(","):
                break
        name = " ".join(self._words[start:end]).rstrip(_TRAILING)
        return (name, end) if is_outlet_name(name) else None

    def _begins_prose(self, position: int, part: _Part) -> bool:
        """Whether text or a heading goes on here, behind a name whose end is certain.

        A paragraph that begins with "By" may be all text; one that begins with "by" is not.
        """
        name, before, word = part.people[-1].name, self._words[position - 1], self._words[position]
        bare = plain(word)
        if not word[:1].isupper() or before.endswith(","):
            return False
        has_room = len(self._words) - position >= _MIN_PROSE_WORDS
        if is_known(name):
            return has_room or bare in SENTENCE_STARTS or word.isupper()
        if before.endswith(":") or len(full_words(name)) > MAX_CERTAIN_WORDS:
            return False
        is_sure = bare in SENTENCE_STARTS or bare in OFFERS or self._is_whole_heading(position)
        if self._words[part.start][0].isupper():
            return is_sure
        is_heading = word.isupper() and len(bare) > 1
        return is_sure or is_heading or (has_room and (bare in NOT_NAMES or bare in BODIES))

    def _is_whole_heading(self, position: int) -> bool:
        """Whether several words in capitals stand here, or one that is no acronym."""
        word, after = self._words[position], self._word(position + 1)
        if self._words[position - 1].isupper() or not word.isupper():
            return False
        return len(plain(word)) > _MAX_ACRONYM_CHARS or (len(plain(word)) > 1 and after.isupper())

    def opens_part(self, position: int) -> bool:
        """Whether "by", or a verb and "by", stands here."""
        return self._is_by(position) or (
            plain(self._word(position)) in VERBS and self._is_by(position + 1)
        )

    def _is_by(self, position: int) -> bool:
        word = self._word(position).lower()
        return word.lstrip("*–—-").rstrip(":") == "by" or (position == 0 and word in _AUTHOR_LABELS)

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

    def _date(self, start: int, end: int) -> str | None:
        return iso_date(self._slice(start, end)) if end > start else None

    def _word(self, position: int) -> str:
        return self._words[position] if 0 <= position < len(self._words) else ""

    def _slice(self, first: int, end: int) -> str:
        return self._printed[self._spans[first][0] : self._spans[end - 1][1]]

    def _authors(self, parts: Sequence[_Part], first: int) -> list[Author]:
        """Return what the parts say; where and when it appeared holds for all parts before."""
        outlet, date = parse_publication(self._before(first)) or (None, None)
        outlet = next((part.outlet for part in parts if part.outlet), outlet)
        plainly = [part for part in parts if part.credit is Credit.AUTHOR]
        date = next((part.date for part in plainly if part.date), date)
        found: list[Author] = []
        for part in parts:
            is_plain = part.credit is Credit.AUTHOR
            found += [
                Author(
                    name=person.name,
                    printed=self._printed_of(part),
                    role=person.role,
                    rank=person.rank,
                    credit=part.credit,
                    asterisk=person.asterisk,
                    outlet=outlet if is_plain else None,
                    date=date if is_plain else part.date,
                )
                for person in part.people
            ]
        return found

    def _printed_of(self, part: _Part) -> str:
        start = self._spans[part.start][0]
        # Up to the next word, so that a mark which was made a gap is printed with the names.
        end = self._spans[part.end][0] if part.end < len(self._spans) else len(self._printed)
        return self._printed[start:end].rstrip(" ,;")
