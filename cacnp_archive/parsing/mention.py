"""Sentences and titles that report somebody of the Center as quoted or heard elsewhere."""

import re

_ROLE = (
    r"(?:Director|Coordinator|Fellow|Analyst|Intern|Chair(?:man|woman)?|Advis[eo]r|Officer|Counsel"
    r"|Manager|Associate|Researcher|Experts?|Center|Scholar|Specialist|Consultant)"
)
_SUBJECT_WORD = r"(?:[^\Wa-z][\w.’'&-]*,? |(?:of|for|and|the|on|at|in|to|our|a|as) )"
_HEARD = (
    r"(?:(?:was|were|is|are|has been|have been) (?:recently |also |widely )?"
    r"(?:quoted|interviewed|featured|cited|mentioned|profiled|a (?:featured )?guest|guests)"
    r"|appear(?:ed|s) (?:on|in))\b"
)
_SPOKE = (
    r"(?:(?:recently )?(?:spoke|talked|sat down) (?:with|to|at|about)|joined|commented|weighed in"
    r"|discussed|discusses|told|explained|speaks|talks)\b"
)
_SENTENCE = re.compile(
    rf"{_SUBJECT_WORD}{{2,8}}{_HEARD}"
    rf"|{_SUBJECT_WORD}{{0,8}}?{_ROLE},? {_SUBJECT_WORD}{{0,8}}?(?:{_HEARD}|{_SPOKE})"
)
_TITLE = re.compile(
    r"\b(?:quoted|interviewed|featured|cited|mentioned|profiled) (?:in|by|on|at|about|for)\b"
    r"|\bquoted$|^In the News:|\b(?:speaks|spoke|talks|talked) (?:with|to)\b"
    r"|\binterviews \w+ \w|\binterview (?:with|of)\b|\bappear(?:s|ed)? on\b",
    re.IGNORECASE,
)
_READ_CHARS = 300


def is_mention(text: str) -> bool:
    """Whether a text begins by saying that somebody was quoted, interviewed or a guest.

    >>> is_mention("Program Coordinator Abigail Doe was a guest on a radio programme.")
    True
    >>> is_mention("By Abigail Doe, Program Coordinator")
    False
    """
    return _SENTENCE.match(text[:_READ_CHARS]) is not None


def is_mention_title(title: str) -> bool:
    """Whether a title says that the post points to somebody else's piece.

    >>> is_mention_title("Executive Director Jane Doe Quoted in The Daily")
    True
    """
    return _TITLE.search(title) is not None
