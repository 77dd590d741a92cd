"""Parse a search query into a tree."""

import re
from dataclasses import dataclass
from typing import NoReturn

from cacnp_archive.storage.queries.query_tokens import Token, TokenKind, not_understood, tokens

MAX_DEPTH = 10
"""Parentheses may be nested this deep; SQLite's own parser allows some 40."""

MAX_DISTANCE = 9_999

_DISTANCE = re.compile(r",\s*(\w+)\s*$")
_NEAR_PROBLEM = (
    f"NEAR takes two or more words or phrases, and a number up to {MAX_DISTANCE:,} after a comma: "
    "NEAR(Iran inspectors, 5)"
)
_ENDS_ALL_OF = {TokenKind.OR, TokenKind.CLOSE, TokenKind.END}
_OPERATORS = {TokenKind.AND, TokenKind.NOT, TokenKind.MINUS}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word, or several next to each other."""

    text: str
    is_prefix: bool = False
    """Whether the last word is only the beginning of a word."""
    column: str | None = None
    """`title` or `body`; None means both."""


@dataclass(frozen=True, slots=True)
class Near:
    """Phrases that are close to each other, in any order."""

    phrases: tuple[Phrase, ...]
    distance: int | None
    """At most this many words may be between them; None means FTS5's default, 10."""
    column: str | None = None


@dataclass(frozen=True, slots=True)
class AllOf:
    """What must match, and what must not."""

    required: tuple["Node", ...]
    excluded: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Alternatives, of which at least one must match."""

    alternatives: tuple["Node", ...]


Node = Phrase | Near | AllOf | AnyOf


def parse(query: str) -> Node:
    """Return the tree of a query; raises UsageError when it is not understood."""
    return _Parser(query).parse()


class _Parser:
    """A recursive-descent parser with one token of look-ahead."""

    def __init__(self, query: str) -> None:
        self._query = query
        self._tokens = tokens(query)
        self._previous: Token | None = None
        self._next = next(self._tokens)
        self._depth = 0
        self._column: Token | None = None

    def parse(self) -> Node:
        if self._next.kind is TokenKind.END:
            self._fail(self._next, "there are no words to search for")
        root = self._any_of()
        if self._next.kind is TokenKind.CLOSE:
            self._fail(self._next, "this parenthesis was never opened")
        return root

    def _any_of(self) -> Node:
        alternatives = [self._all_of()]
        while self._next.kind is TokenKind.OR:
            self._take()
            alternatives.append(self._all_of())
        return alternatives[0] if len(alternatives) == 1 else AnyOf(tuple(alternatives))

    def _all_of(self) -> Node:
        first = self._next
        if first.kind is TokenKind.AND or first.kind in _ENDS_ALL_OF:
            self._fail_without_operand()
        required: list[Node] = []
        excluded: list[Node] = []
        while self._next.kind not in _ENDS_ALL_OF:
            if self._next.kind is TokenKind.AND:
                self._take()
            if self._next.kind in (TokenKind.NOT, TokenKind.MINUS):
                self._take()
                excluded.append(self._operand())
            else:
                required.append(self._operand())
        if not required:
            self._fail(first, "there are only words to exclude; add one to search for")
        if len(required) == 1 and not excluded:
            return required[0]
        return AllOf(tuple(required), tuple(excluded))

    def _operand(self) -> Node:
        token = self._next
        if token.kind in _ENDS_ALL_OF or token.kind in _OPERATORS:
            self._fail_without_operand()
        self._take()
        if token.kind is TokenKind.OPEN:
            return self._group(token)
        if token.kind is TokenKind.COLUMN:
            return self._in_column(token)
        if token.kind is TokenKind.NEAR:
            return self._near(token)
        return self._phrase(token)

    def _group(self, opening: Token) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._fail(opening, f"parentheses are nested more than {MAX_DEPTH} deep")
        inside = self._any_of()
        if self._next.kind is not TokenKind.CLOSE:
            self._fail(opening, "this parenthesis is not closed; close it or leave it out")
        self._take()
        self._depth -= 1
        return inside

    def _in_column(self, column: Token) -> Node:
        if self._column is not None:
            self._fail(column, f"{column.text}: cannot be inside {self._column.text}:")
        self._column = column
        operand = self._operand()
        self._column = None
        return operand

    def _near(self, near: Token) -> Near:
        start = self._query.index("(", near.start) + 1
        end = start + len(near.text)
        distance = None
        if (match := _DISTANCE.search(near.text)) is not None:
            number = match[1]
            if not (number.isascii() and number.isdecimal() and int(number) <= MAX_DISTANCE):
                self._fail(near, _NEAR_PROBLEM)
            distance = int(number)
            end = start + match.start()
        *parts, _ = tokens(self._query, start, end)
        are_phrases = all(part.kind in (TokenKind.WORD, TokenKind.PHRASE) for part in parts)
        if len(parts) < 2 or not are_phrases:
            self._fail(near, _NEAR_PROBLEM)
        column = self._column.text if self._column else None
        phrases = tuple(Phrase(part.text, part.is_prefix) for part in parts)
        return Near(phrases, distance, column)

    def _phrase(self, token: Token) -> Phrase:
        column = self._column.text if self._column else None
        return Phrase(token.text, token.is_prefix, column)

    def _take(self) -> None:
        self._previous, self._next = self._next, next(self._tokens)

    def _fail_without_operand(self) -> NoReturn:
        previous = self._previous
        if previous is not None and previous.kind is not TokenKind.OPEN:
            name = previous.kind.value
            if previous.kind is TokenKind.COLUMN:
                name = f"{previous.text}:"
            self._fail(previous, f"{name} must be followed by a word or phrase")
        if previous is not None and self._next.kind in (TokenKind.CLOSE, TokenKind.END):
            self._fail(previous, "there are no words behind this parenthesis")
        if self._next.kind is TokenKind.CLOSE:
            self._fail(self._next, "this parenthesis was never opened")
        self._fail(self._next, f"{self._next.kind.value} must be between two words")

    def _fail(self, token: Token, problem: str) -> NoReturn:
        raise not_understood(self._query, token.start, problem)
