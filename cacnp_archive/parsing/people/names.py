"""Recognise names of people, and map the spellings of a name to one person."""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from cacnp_archive.model.person_names import BODIES, PARTICLES, SUFFIXES
from cacnp_archive.parsing.people.byline_words import (
    COMMON_GIVEN_NAMES,
    DEGREES,
    GIVEN_NAMES,
    NOT_NAMES,
    RANK_PREFIXES,
    RANKS,
    ROLES,
    SENTENCE_STARTS,
    TERMS,
    VERBS,
)
from cacnp_archive.parsing.select import fold

MAX_NAME_CHARS = 120
"""A longer text is not a name."""

_SERVICE = r"(?:USA|USN|USAF|USMC|USCG|U\.?S\.? (?:Army|Navy|Air Force|Marine Corps|Coast Guard)\b)"
RETIRED = re.compile(
    rf"(?:,?\s*\b{_SERVICE})?,?\s*\([^()]{{0,40}}\bret(?:ired|\.)?[^()]{{0,20}}\)"
    rf"|,\s*{_SERVICE}\b(?:,?\s*\(?ret(?:ired|\.)?\)?)?",
    re.IGNORECASE,
)
"""Matches the service and status after an officer's name: `(USA-Ret.)`, `, USAF (Ret.)`."""

_MARKS = "".join(
    chr(code) for code in range(0x0300, 0x1AB0) if unicodedata.category(chr(code)) in ("Mn", "Mc")
)
"""Vowel signs and accents that are characters of their own, as in Devanagari; no word characters
of `re`."""

_LETTERS = rf"(?:[^\W\d_][{_MARKS}]*)+"
_WORD = re.compile(rf"{_LETTERS}(?:[’'‘ʼ‑·・-]{_LETTERS})*$")
_INITIALS = re.compile(rf"(?:[^\W\d_][{_MARKS}]*\.-?){{1,4}}$|[^\W\d_]$")
_NICKNAME = re.compile(rf"[“\"‘'(]{_LETTERS}[”\"’')]$")
_FAMILY_SIGNS = (
    "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧许許傅"
    "沈曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎余潘杜戴夏钟鍾汪田任姜范方石姚谭譚廖邹熊金陆陸郝孔白崔康毛邱秦江"
    "山佐鈴伊渡中小加吉松井木清斎藤前長村近遠青坂福三岡後阿池橋森大内上原野島北安本川今平東西南千古荒水宮土"
)
_WHOLE_NAME = re.compile(
    rf"[{_FAMILY_SIGNS}][\u3041-\u309f\u3400-\u9fff々]{{1,4}}$"
    r"|[김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구나민진지엄채원천방공]"
    r"[가-힣]{1,3}$"
    r"|[\u30a1-\u30ff]+[・·][\u30a1-\u30ff・·]+$"
)
"""Family and given name without a space, as in Chinese, Japanese and Korean.

A family name begins with one of these signs in nine of ten names; in others, as for a word of the
language, the name is not recognised.
"""

_REMEMBERED = 4096
"""Number of words whose form is remembered, since the same ones are examined many times."""

_MAX_PARTS = 7
_MAX_FULL_WORDS = 5
_SURNAME_MC = re.compile(r"\bMc([a-z])")


@lru_cache(maxsize=_REMEMBERED)
def is_initial(word: str) -> bool:
    """Whether a word consists of initials.

    >>> [is_initial(word) for word in ("J.R.R.", "Ф.", "X", "Ph.D.", "王")]
    [True, True, True, False, False]
    """
    return _INITIALS.match(word) is not None and word.isupper()


@lru_cache(maxsize=_REMEMBERED)
def is_nickname(word: str) -> bool:
    """Whether a word is a nickname in quotation marks or parentheses: `“Bill”`, `(Bill)`."""
    return _NICKNAME.match(word) is not None and is_capital(word[1:])


def is_capital(word: str) -> bool:
    """Whether a word begins with a capital, or with a letter of a script that has none."""
    first = word[:1]
    return first.isalpha() and (not first.islower() or "ა" <= first <= "ჿ")


def plain(word: str) -> str:
    """Return a word in lower case, without punctuation around it.

    >>> plain("“Gen.,”")
    'gen'
    """
    return word.strip('*,.;:()[]“”"').lower()


def is_person(text: str) -> bool:
    """Whether a text has the form of a person's name.

    >>> is_person("Cuyler O’Brien"), is_person("North Korea"), is_person("Staff")
    (True, False, False)
    """
    return is_name(text[:MAX_NAME_CHARS].split())


@lru_cache(maxsize=_REMEMBERED)
def is_name_word(word: str, *, is_first: bool = False) -> bool:
    """Whether a word may be part of a name; as the first, also `April` or `Summer`."""
    bare = plain(word)
    if is_initial(word):
        return True
    if bare in SUFFIXES or bare in PARTICLES or bare == "st":
        return True
    if is_first and bare in GIVEN_NAMES:
        return word[:1].isupper()
    prefix, hyphen, rest = word.partition("-")
    return (
        (is_capital(word) or (bool(hyphen) and prefix in PARTICLES and is_capital(rest)))
        and _WORD.match(word) is not None
        and bare not in NOT_NAMES
        and bare not in ROLES
        and bare not in BODIES
        and bare not in TERMS
        and bare not in SENTENCE_STARTS
        and bare not in VERBS
        and bare not in DEGREES
        and not bare.endswith(("tion", "sion", "tions", "sions", "’s", "'s"))
    )


def is_name(words: Sequence[str]) -> bool:
    """Whether words are a name: given name or initial, optional middle parts, family name."""
    if len(words) == 1:
        return _WHOLE_NAME.match(words[0]) is not None
    if len(words) == 2 and is_initial(words[1]):  # Ann R.
        is_short = words[1].endswith(".") or plain(words[0]) in COMMON_GIVEN_NAMES
        return is_short and not is_initial(words[0]) and is_name([words[0], "Doe"])
    core = [
        word
        for number, word in enumerate(words)
        if number == 0 or not (plain(word) in SUFFIXES or is_nickname(word))
    ]
    if not 2 <= len(core) <= _MAX_PARTS or len(words) > len(core) + 2:
        return False
    full = full_words(" ".join(core))
    first, last = core[0], core[-1]
    return (
        1 <= len(full) <= _MAX_FULL_WORDS
        and is_name_word(first, is_first=True)
        and all(is_name_word(word) or word == "of" for word in core[1:-1])
        and (is_name_word(last) or _is_ordinary_surname(last, first, full))
        and last in full
        and (len(last) > 1 or not last.isupper())
        and ("of" not in core or plain(first) in COMMON_GIVEN_NAMES)
        and not (plain(first) in PARTICLES and first.islower())
        and plain(first) not in RANKS
        and (len(full) >= 2 or is_initial(first))
    )


def full_words(name: str) -> list[str]:
    """Return the words of a name without initials, particles, nicknames and suffixes.

    >>> full_words("Ludovic B. de la Tour Jr.")
    ['Ludovic', 'Tour']
    """
    return [
        word
        for word in name.split()
        if not is_initial(word)
        and not (plain(word) in PARTICLES and word.islower())
        and (plain(word) not in SUFFIXES or word == name.split()[0])
        and not is_nickname(word)
        and plain(word) != "st"
    ]


def _is_ordinary_surname(word: str, given: str, full: Sequence[str]) -> bool:
    """Whether an ordinary word is a family name after this given name: `Samantha Power`."""
    return (
        len(full) == 2
        and plain(given) in COMMON_GIVEN_NAMES
        and (plain(word) in NOT_NAMES or plain(word) in TERMS)
        and is_capital(word)
        and _WORD.match(word) is not None
    )


def may_not_end_name(word: str) -> bool:
    """Whether a word cannot be the last of a name: an initial or a particle."""
    return is_initial(word) or (plain(word) in PARTICLES and word.islower()) or plain(word) == "st"


def rank_length(words: Sequence[str]) -> int:
    """Return how many of the first words are a rank or title.

    >>> rank_length("former Lt. Gen. Ann Roe".split()), rank_length(["Ann", "Roe"])
    (3, 0)
    """
    count = 0
    while count < len(words) and plain(words[count]) in RANK_PREFIXES:
        count += 1
    first = count
    while count < len(words) and plain(words[count]) in RANKS and words[count][:1].isupper():
        count += 1
    return count if count > first else 0


def recased(name: str) -> str:
    """Return a name, composed (NFC), in normal case if it is printed in capitals.

    >>> recased("CUYLER O’BRIEN III"), recased("J. R. MCDOE"), recased("Ann Roe")
    ('Cuyler O’Brien III', 'J. R. McDoe', 'Ann Roe')
    """
    name = unicodedata.normalize("NFC", name)
    if not name.isupper():
        return name
    words = [
        # The small form of the Turkish İ is an i with a dot of its own.
        word if plain(word) in ("ii", "iii", "iv") else word.title().replace("i\u0307", "i")
        for word in name.split()
    ]
    return _SURNAME_MC.sub(lambda match: f"Mc{match[1].upper()}", " ".join(words))


def person_of(name: str) -> str:
    """Return the canonical spelling of a person's name.

    Rank, military status, nicknames and middle initials are removed; the rest is looked up in
    names.toml. A name that is not listed there is returned without them.

    >>> person_of("Lieutenant General Robert G. Gard (USA-Ret.)"), person_of("Laicie Olson")
    ('Robert Gard', 'Laicie Heeley')
    >>> person_of("Colonel Klass"), person_of("Klass")
    ('Dick Klass', 'Klass')
    >>> person_of("Ann B. Roe Jr."), person_of("W. Scott Roe")
    ('Ann Roe Jr.', 'W. Scott Roe')
    """
    bare = fold(name[:MAX_NAME_CHARS])
    known = _canonical_spellings()
    if (person := known.get(_key(bare))) is not None:
        return person
    bare = RETIRED.sub("", bare)
    words = bare.split()
    ranks = rank_length(words)
    words = words[ranks:] or words
    if ranks and len(words) == 1 and (person := known_surname(words[0].strip(",;"))) is not None:
        return person
    while len(words) > 1 and plain(words[-1]) in DEGREES:
        words.pop()
    bare = recased(" ".join(words).rstrip(" *,;:"))
    if (person := known.get(_key(bare))) is not None:
        return person
    words = bare.split()
    if len(words) > 2 and not is_initial(words[0]):
        last = next((n for n, word in enumerate(words) if plain(word) in SUFFIXES), len(words))
        inner = [
            word for word in words[1 : last - 1] if not (is_initial(word) or is_nickname(word))
        ]
        bare = " ".join([words[0], *inner, *words[last - 1 :]])
    return known.get(_key(bare), bare)


def is_known(name: str) -> bool:
    """Whether names.toml lists the person, which makes it somebody at the Center.

    >>> is_known("Gen. Robert G. Gard"), is_known("Ann Roe")
    (True, False)
    """
    return person_of(name) in _people()


def known_prefix(words: Sequence[str]) -> int:
    """Return how many of the first words are the name of a listed person; 0 if none is.

    >>> known_prefix("John Isaacs Negotiators".split())
    2
    """
    return next((n for n in range(2, min(len(words), 5)) if is_known(" ".join(words[:n]))), 0)


def known_surname(word: str) -> str | None:
    """Return the only person at the Center with this family name, else None.

    >>> known_surname("Tierney"), known_surname("Kim")
    ('John Tierney', None)
    """
    return _surnames().get(word.casefold())


def _data() -> dict[str, Any]:
    text = files("cacnp_archive.parsing.people").joinpath("names.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def is_public_figure(name: str) -> bool:
    """Whether a person is often quoted but writes nothing for the site.

    >>> is_public_figure("Ronald W. Reagan")
    True
    """
    return person_of(name) in _public_figures()


def _key(name: str) -> str:
    return name.casefold().replace("’", "'").replace("‑", "-")


@lru_cache(maxsize=1)
def _canonical_spellings() -> dict[str, str]:
    """Return the canonical spelling for each listed spelling."""
    found: dict[str, str] = {}
    for row in _data()["person"]:
        for spelling in (row["name"], *row.get("spellings", ())):
            found[_key(spelling)] = row["name"]
    return found


@lru_cache(maxsize=1)
def _public_figures() -> frozenset[str]:
    return frozenset(_data()["public_figures"])


@lru_cache(maxsize=1)
def _people() -> frozenset[str]:
    return frozenset(_canonical_spellings().values())


@lru_cache(maxsize=1)
def _surnames() -> dict[str, str]:
    people = [(name.split()[-1].casefold(), name) for name in sorted(_people())]
    names = [surname for surname, _ in people]
    return {surname: name for surname, name in people if names.count(surname) == 1}
