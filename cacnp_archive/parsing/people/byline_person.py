"""Parse people in a byline, with their ranks and roles."""

from collections.abc import Sequence
from dataclasses import dataclass

from cacnp_archive.model.person_names import SUFFIXES
from cacnp_archive.parsing.people.byline_line import BylineLine
from cacnp_archive.parsing.people.byline_publication import is_listed_outlet, is_outlet_name
from cacnp_archive.parsing.people.byline_roles import MAX_ROLE_WORDS, is_affiliation, is_role
from cacnp_archive.parsing.people.byline_words import (
    COMMON_GIVEN_NAMES,
    DEGREES,
    RANK_PREFIXES,
    ROLE_CONNECTORS,
    ROLES,
)
from cacnp_archive.parsing.people.names import (
    is_initial,
    is_name,
    is_name_word,
    is_nickname,
    known_prefix,
    may_not_end_name,
    plain,
    rank_length,
    recased,
)

MAX_NAME_WORDS = 7
"""Words that a rank and a name have at most."""

MAX_ROLE_WORDS_BEFORE = 8
"""Words that a role before a name has at most."""

SEPARATORS = frozenset({"-", "–", "—", "|", "/", "·", "•"})
"""Words that separate people, roles, dates and outlets."""

_CONJUNCTIONS = frozenset(
    {*("and", "&", "with", "+", "y", "e", "und", "et", "и", "та", "ve", "και")}
)
_BETWEEN_PEOPLE = frozenset({"/", "|", "·", "•"})
_LIST_MARKS = (",", ";")
_NAME_CONJUNCTIONS = frozenset({"y", "e"})
_TRAILING = "*,.;:"


@dataclass(frozen=True, slots=True)
class BylinePerson:
    """A name with its rank, asterisk and role."""

    name: str
    rank: str | None
    asterisk: bool
    role: str | None = None


class PeopleLine(BylineLine):
    """A line whose words are parsed as people: the rules `people` and `person` of the grammar."""

    def _names(self, position: int) -> tuple[list[BylinePerson], int] | None:
        """Parse the people that share a role."""
        names: list[BylinePerson] = []
        start: int | None = position
        while start is not None:
            may_have_comma = not self._word(start - 1).endswith(_LIST_MARKS)
            if (found := self._person_with_role(start, may_have_comma=may_have_comma)) is None:
                break
            person, position = found
            names.append(person)
            start = self._next_in_list(position)
        return (names, position) if names else None

    def _next_in_list(self, position: int) -> int | None:
        """Return the position of the next person in the list; None if the list ends here."""
        start = position
        is_listed = (
            self._is_line_start(position)
            or self._word(position - 1).endswith(_LIST_MARKS)
            or (bool(self._certain) and self._certain_person(position) is not None)
        )
        while self._word(position).lower() in _BETWEEN_PEOPLE:
            position += 1
        if self._word(position).lower() in _CONJUNCTIONS:
            position += 1
        elif self._words[position : position + 3] == ["as", "well", "as"]:
            position += 3
        is_joined = position > start
        if not is_joined and not is_listed:
            return None
        found = self._person_with_role(position, may_have_comma=is_joined)
        if found is None or self._is_outlet_at(position, found[1]):
            return None
        return position

    def _is_outlet_at(self, start: int, end: int) -> bool:
        return is_outlet_name(" ".join(self._words[start:end]).rstrip(_TRAILING))

    def _person_with_role(
        self, position: int, *, may_have_comma: bool
    ) -> tuple[BylinePerson, int] | None:
        """Parse a person, with the role before the name if there is one.

        A comma between role and name is accepted where it cannot separate items of a list.
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
            return BylinePerson(person.name, person.rank, person.asterisk, printed), end
        return None

    def _person(self, position: int) -> tuple[BylinePerson, int] | None:
        if self._certain and (found := self._certain_person(position)) is not None:
            return found
        start = position + rank_length(self._words[position : position + MAX_NAME_WORDS])
        words, end = self._name_words(start)
        has_asterisk = any("*" in word for word in self._words[start:end])
        if self._word(end).strip("*") == "" and self._word(end):
            has_asterisk, end = True, end + 1
        if not is_name(words) or is_listed_outlet(" ".join(words)):
            return None
        while plain(self._word(end)) in DEGREES:
            end += 1
        rank = self._slice(position, start).rstrip(",;") if start > position else None
        return BylinePerson(recased(" ".join(words)), rank, has_asterisk), end

    def _certain_person(self, position: int) -> tuple[BylinePerson, int] | None:
        """Parse a name that the markup says is an author's, of whatever form."""
        for end in range(min(position + MAX_NAME_WORDS, len(self._words)), position, -1):
            printed = " ".join(self._words[position:end])
            if (name := printed.rstrip("*,;:.")) in self._certain:
                return BylinePerson(name, None, "*" in printed), end
        return None

    def _name_words(self, start: int) -> tuple[list[str], int]:
        """Return the longest run of words that may be a name, without punctuation, and its end."""
        end = start
        words: list[str] = []
        while end < len(self._words) and len(words) < MAX_NAME_WORDS:
            word = self._words[end]
            if words and (self._is_line_start(end) or self._after_date(end) > end):
                break
            if words and is_nickname(word) and is_name_word(self._word(end + 1).rstrip("*,;:.")):
                words.append(word)
                end += 1
                continue
            if word == "of" and len(words) == 1 and self._is_of_a_place(words[0], end):
                words += (word, self._words[end + 1].rstrip(_TRAILING))
                end += 2
                break
            if words and word in _NAME_CONJUNCTIONS and not self._joins_surnames(words, end):
                break
            bare = word.rstrip("*,;:)")
            if not is_initial(bare) and plain(bare) not in SUFFIXES and plain(bare) != "st":
                bare = bare.rstrip(".")
            may_stand = is_name_word(bare, is_first=not words) or is_name([*words, bare])
            if not may_stand or self._is_heading(words, bare):
                break
            words.append(bare)
            end += 1
            if word != bare and plain(self._word(end)) not in SUFFIXES:
                break
        while words and may_not_end_name(words[-1]) and not self._is_short_surname(words, end):
            words.pop()
            end -= 1
        known = known_prefix(words) if len(words) > 2 else 0
        if 0 < known < len(words) and plain(words[known]) not in SUFFIXES:
            return words[:known], start + known
        return words, end

    def _joins_surnames(self, words: Sequence[str], position: int) -> bool:
        """Whether `y` or `e` stands between two family names, not between two people."""
        return (
            len(words) > 1
            and is_name_word(self._word(position + 1).rstrip(_TRAILING))
            and not is_name_word(self._word(position + 2).rstrip(_TRAILING))
        )

    def _is_of_a_place(self, given: str, position: int) -> bool:
        """Whether `of` and a place end a name, as in `Alan of Wexley`."""
        return plain(given) in COMMON_GIVEN_NAMES and is_name_word(
            self._word(position + 1).rstrip(_TRAILING)
        )

    def _is_short_surname(self, words: Sequence[str], end: int) -> bool:
        """Whether the family name is an initial at the end of the line, as in `Ann R.`."""
        return end == len(self._words) and len(words) == 2 and is_name(words)

    def _is_heading(self, words: Sequence[str], word: str) -> bool:
        """Whether a word in capitals after a name starts a heading that follows the byline."""
        return (
            len(words) >= 2
            and len(word) > 1
            and word.isupper()
            and not is_initial(word)
            and plain(word) not in SUFFIXES
            and not all(item.isupper() for item in words)
        )

    def _role(self, position: int) -> tuple[str | None, int]:
        """Parse the role after people; return it and its end, or -1 as the end if it is no role."""
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
        # It may be an outlet instead.
        return (None, position) if self._bare_outlet(position) is not None else (None, -1)

    def _is_lower_case_role(self, start: int, end: int) -> bool:
        """Whether a role such as `former Scoville Fellow` or `a policy intern` ends the line."""
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
        """Return the start of a role after the people; None when there is none."""
        start = position
        if self._word(position) in SEPARATORS:
            start = position + 1
        elif not self._word(position - 1).endswith(","):
            return None
        if start >= len(self._words):
            return None
        if self._after_date(start) > start or self._is_outlet(start) or self.opens_part(start):
            return None
        return None if self._next_in_list(position) is not None else start

    def _ends_role(self, position: int) -> bool:
        return (
            self._after_date(position) > position
            or self._is_line_start(position)
            or self._word(position - 1).endswith(";")
            or self.opens_part(position)
            or self._is_outlet(position)
            or self._words[position] in SEPARATORS
            or (
                self._words[position].lower() in _CONJUNCTIONS
                and self._person_with_role(position + 1, may_have_comma=False) is not None
            )
        )

    def _bare_outlet(self, position: int) -> tuple[str, int] | None:
        """Parse the name of an outlet after a comma or separator; return it and its end."""
        start = position
        if self._word(position) in SEPARATORS or self._word(position) in ("in", "for"):
            start += 1
        elif not self._word(position - 1).endswith(","):
            return None
        end = start
        while end < len(self._words) and self._after_date(end) == end:
            if self._words[end] in SEPARATORS:
                break
            end += 1
            if self._words[end - 1].endswith(","):
                break
        name = " ".join(self._words[start:end]).rstrip(_TRAILING)
        return (name, end) if is_outlet_name(name) else None
