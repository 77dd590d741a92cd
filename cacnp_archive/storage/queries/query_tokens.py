"""Divide a search query into words, phrases and operators."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NoReturn

from cacnp_archive.model.errors import UsageError

COLUMNS = {"title": "title", "body": "body", "body_text": "body"}
"""The columns of the query language under each of their names."""

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    | NEAR\s*\((?P<near>(?:[^()"“”]|["“”][^"“”]*["“”])*)\)
    | (?P<unclosed_near>NEAR\s*\()
    | (?P<open>\()
    | (?P<close>\))
    | ["“”](?P<phrase>[^"“”]*)["“”]
    | (?P<unclosed_phrase>["“”])
    | (?P<operator>(?:AND|OR|NOT)(?![^\s()"“”]))
    | (?P<minus>-(?=["“”(]|[^\s()"“”]*[^\W_]))
    | (?P<column>[^\W\d]\w*):(?!//)
    | (?P<word>[^\s()"“”]+)
    """,
    re.VERBOSE,
)
_PROSE_SIGNS = re.compile(r"[-,.;:!?…–—‐‑'’‘&/·•%§_]+")
"""Matches signs that may stand alone between the words of a title; others must be operators."""

_FTS5_OPERATORS = ("^", "{")
"""First characters of FTS5 operators that are not part of this language."""

_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Matches control characters, and what Python makes of bytes that are not UTF-8."""


class TokenKind(Enum):
    """The kinds of tokens; the value is how a message calls one."""

    WORD = "a word"
    PHRASE = "a phrase"
    NEAR = "NEAR"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    MINUS = "the minus sign"
    COLUMN = "the column"
    OPEN = "an opening parenthesis"
    CLOSE = "a closing parenthesis"
    END = "the end"


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a query."""

    kind: TokenKind
    start: int
    """The position of its first character, from 0."""
    text: str = ""
    """Of a word or phrase: its characters; of NEAR: what is in parentheses; of a column: its name
    in this language."""
    is_prefix: bool = False
    """Whether the last word is only the beginning of a word."""


def not_understood(query: str, start: int, problem: str) -> UsageError:
    """Return the error to raise for a query that is not understood."""
    return UsageError(f"cannot search for {query!r}: {problem} (at character {start + 1})")


def tokens(query: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """Yield the tokens of a query or of a part of it; the last is END.

    Raises UsageError for what is not a token.
    """
    text = _NOT_TEXT.sub(" ", query)
    end = len(text) if end is None else end
    position = start
    while (match := _TOKEN.match(text, position, end)) is not None:
        position = match.end()
        kind = match.lastgroup or ""
        if kind == "word":
            if not _PROSE_SIGNS.fullmatch(match[0]):
                yield _word(query, match)
        elif kind == "phrase":
            is_prefix = text.startswith("*", position, end)
            position += is_prefix
            yield _phrase(query, match, is_prefix)
        elif kind == "column":
            yield _column(query, match)
        elif kind == "operator":
            yield Token(TokenKind[match[0]], match.start())
        elif kind.startswith("unclosed"):
            _fail_unclosed(query, match)
        elif kind != "space":
            yield Token(TokenKind[kind.upper()], match.start(), match[kind])
    yield Token(TokenKind.END, end)


def is_searchable(text: str) -> bool:
    """Whether a text has a letter or digit: the index has no signs."""
    return any(character.isalnum() for character in text)


def _word(query: str, match: re.Match[str]) -> Token:
    word = match[0].removesuffix("*")
    is_prefix = word != match[0]
    if "*" in word or (is_prefix and not is_searchable(word)):
        problem = "* must be the last character of a word, for words that begin with it"
        raise not_understood(query, match.start(), problem)
    if word.startswith(_FTS5_OPERATORS) or not is_searchable(word):
        problem = f"{match[0]!r} is neither a word nor an operator"
        raise not_understood(query, match.start(), problem)
    return Token(TokenKind.WORD, match.start(), word, is_prefix)


def _phrase(query: str, match: re.Match[str], is_prefix: bool) -> Token:
    if not is_searchable(match["phrase"]):
        problem = "there are no words between the quotation marks"
        raise not_understood(query, match.start(), problem)
    return Token(TokenKind.PHRASE, match.start(), match["phrase"], is_prefix)


def _column(query: str, match: re.Match[str]) -> Token:
    name = match["column"]
    if name.lower() not in COLUMNS:
        problem = (
            f"there is no column {name!r}, only title: and body:; "
            f'to search for a word before a colon, write "{name}:"'
        )
        raise not_understood(query, match.start(), problem)
    return Token(TokenKind.COLUMN, match.start(), COLUMNS[name.lower()])


def _fail_unclosed(query: str, match: re.Match[str]) -> NoReturn:
    if match.lastgroup == "unclosed_near":
        problem = "NEAR takes words and phrases in parentheses: NEAR(Iran inspectors, 5)"
    else:
        problem = "the quotation mark is not closed; close it or leave it out"
    raise not_understood(query, match.start(), problem)
