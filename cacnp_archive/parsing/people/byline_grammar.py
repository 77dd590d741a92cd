"""Parse one line of text as a byline.

The grammar:

    byline  = [preface] part *part [date] [outlet]
    part    = (["Prepared" | "Updated" | "Photos"...] "by" | label) people *("and" people)
    label   = "Guest post by" | "Author:" | "Words:" ...
    people  = person *(("," | ";" | "/" | "and" | "&" | "with" | line feed...) person)
              ["," role | "(" role ")"]
    person  = [role] *rank 2*5(name word) ["," degree] ["*"] ["(USA-Ret.)"]
              ["[contact information]"]
    preface = update mark | date | "Published in ..." | inner headline

A line that does not parse as a whole is not a byline. The words are in byline_words.py, the names
in names.py.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cacnp_archive.model.person_names import BODIES
from cacnp_archive.model.records import Author, Credit
from cacnp_archive.parsing.people.byline_line import clean_line
from cacnp_archive.parsing.people.byline_person import SEPARATORS, BylinePerson, PeopleLine
from cacnp_archive.parsing.people.byline_publication import DATE, OUTLET, parse_publication
from cacnp_archive.parsing.people.byline_words import (
    CREDITS,
    ELSEWHERE,
    LABEL,
    NOT_BEFORE_BY,
    NOT_NAMES,
    OFFERS,
    OTHER_WORK,
    SELDOM_BEFORE_BY,
    SENTENCE_STARTS,
    VERBS,
)
from cacnp_archive.parsing.people.names import full_words, is_known, plain

MAX_PREFACE_WORDS = 18
"""A longer text before a byline is not a preface."""

MAX_CERTAIN_WORDS = 2
"""A longer name followed by text may include the first word of that text."""

UPDATE_MARK = re.compile(r"\W*(?:last )?updated?\b[^.]{0,60}$", re.IGNORECASE)
"""Matches a line, or the start of one, that says when the text was updated."""

_ENDS_IN_DATE = re.compile(rf"{DATE}[)*:.,\s–—|-]*$", re.IGNORECASE)
_MIN_PROSE_WORDS = 4
_MAX_ACRONYM_CHARS = 5


def parse_byline(line: str, certain: Collection[str] = ()) -> list[Author]:
    """Return the authors in a line if it is a byline, else an empty list.

    A line feed separates people. `certain` are names that the markup says are authors'.

    >>> [(a.name, a.role) for a in parse_byline("By Ann B. Roe and Lt. Gen. Cy Doe, Interns")]
    [('Ann B. Roe', 'Interns'), ('Cy Doe', 'Interns')]
    >>> parse_byline("The bill was passed by a vote of 299-120")
    []
    """
    line = clean_line(line)
    has_by = "by" in line.lower() or LABEL.match(line) is not None
    return _Parser(line, certain).parse() if has_by else []


def opens_byline(line: str) -> bool:
    """Whether a line begins like a byline.

    >>> opens_byline("Prepared by Cuyler O’Brien"), opens_byline("The bill by Mr. Doe")
    (True, False)
    """
    return _Parser(clean_line(line)).opens_part(0)


@dataclass(slots=True)
class _Part:
    """One `by` with the people it introduces."""

    people: list[BylinePerson]
    credit: Credit | None
    """None for other work, such as photographs."""
    start: int
    end: int
    outlet: str | None = None
    date: str | None = None


class _Parser(PeopleLine):
    """A line whose words are parsed as a byline: the rules `byline`, `part` and `preface`."""

    def parse(self) -> list[Author]:
        """Return the authors of the first byline in the line."""
        for index in range(len(self._words)):
            if self._is_by(index):
                first = index - 1 if plain(self._word(index - 1)) in VERBS else index
                if self._may_follow(first):
                    is_first = not self._before(first).strip(" *–—-")
                    parts = self._parts(first, allow_prose=is_first)
                    if parts or is_first:
                        is_byline = not self._is_about_others(parts, first)
                        return self._authors(parts, first) if is_byline else []
        return []

    def _may_follow(self, first: int) -> bool:
        """Whether the text before the byline in its line is a preface."""
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

    def _is_about_others(self, parts: Sequence[_Part], first: int) -> bool:
        """Whether the line is about what strangers did, such as a bill or vote by them."""
        people = [person for part in parts for person in part.people]
        return plain(self._word(first - 1)) in SELDOM_BEFORE_BY and not any(
            is_known(person.name) for person in people
        )

    def _parts(self, position: int, *, allow_prose: bool) -> list[_Part]:
        """Parse the parts up to the end of the line; an empty list if any word does not fit."""
        parts: list[_Part] = []
        while (part := self._part(position)) is not None:
            parts.append(part)
            position = self._parse_tail(part)
            if position >= len(self._words):
                return parts
            if self._words[position] in SEPARATORS and self.opens_part(position + 1):
                position += 1
            if not self.opens_part(position):
                goes_on = allow_prose and self._starts_prose(position, part)
                return parts if goes_on else []
        return []

    def _part(self, start: int) -> _Part | None:
        verb = plain(self._words[start])
        has_other_label = verb in OTHER_WORK and self._words[start].endswith(":")
        position = start + (1 if self._is_by(start) or has_other_label else 2)
        credit = None if verb in OTHER_WORK else Credit(CREDITS.get(verb, "author"))
        people: list[BylinePerson] = []
        while (group := self._names(position)) is not None:
            names, position = group
            role, position = self._role(position)
            if position < 0:
                return None
            people += [
                BylinePerson(
                    person.name,
                    person.rank,
                    person.asterisk or (role is not None and "*" in self._word(position - 1)),
                    person.role or role,
                )
                for person in names
            ]
            after = self._next_in_list(position)
            if after is None:
                part = _Part(people, credit, start, position)
                if credit not in (Credit.AUTHOR, None):
                    # "Updated by" has its own date, which belongs to this part.
                    part.end = self._after_date(position)
                    part.date = self._date(position, part.end)
                return part
            position = after
        return None

    def _parse_tail(self, part: _Part) -> int:
        """Add date and outlet after the people to the part; return the position after them."""
        position = part.end
        while position < len(self._words):
            separated = position + (self._words[position] in SEPARATORS)
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
        """Add the name of an outlet to the part of somebody at the Center; return its end.

        After any other name it is the newspaper of a reporter.
        """
        found = self._bare_outlet(position)
        if found is None or not any(is_known(person.name) for person in part.people):
            return None
        part.outlet, end = found
        return end

    def _starts_prose(self, position: int, part: _Part) -> bool:
        """Whether text or a heading starts here, after a name whose end is certain.

        A paragraph that begins with "By" may be prose throughout; one that begins with "by" is not.
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
        """Whether several words in capitals start here, or one that is not an acronym."""
        word, after = self._words[position], self._word(position + 1)
        if self._words[position - 1].isupper() or not word.isupper():
            return False
        return len(plain(word)) > _MAX_ACRONYM_CHARS or (len(plain(word)) > 1 and after.isupper())

    def _authors(self, parts: Sequence[_Part], first: int) -> list[Author]:
        """Return the authors of the parts; those of the text share outlet and date."""
        outlet, date = parse_publication(self._before(first)) or (None, None)
        outlet = next((part.outlet for part in parts if part.outlet), outlet)
        written = [part for part in parts if part.credit is Credit.AUTHOR]
        date = next((part.date for part in written if part.date), date)
        found: list[Author] = []
        for part in parts:
            if part.credit is None:
                continue
            is_author = part.credit is Credit.AUTHOR
            found += [
                Author(
                    name=person.name,
                    printed=self._printed_of(part),
                    role=person.role,
                    rank=person.rank,
                    credit=part.credit,
                    asterisk=person.asterisk,
                    outlet=outlet if is_author else None,
                    date=date if is_author else part.date,
                )
                for person in part.people
            ]
        return found

    def _printed_of(self, part: _Part) -> str:
        start = self._spans[part.start][0]
        # Up to the next word, so that marks that became spaces are kept.
        end = self._spans[part.end][0] if part.end < len(self._spans) else len(self._printed)
        return self._printed[start:end].rstrip(" \n,;")
