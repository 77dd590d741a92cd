"""Detect the language of a text, if it is certain, by its script or its most common words.

Statistical detectors (lingua, langdetect, py3langid) know a hundred languages, but are also
confident about a list of names or a table. The question here is only whether a text is certainly
not in the language that its document states, and words that every sentence needs can answer that.
"""

import re

from cacnp_archive.parsing.select import tokens

_SCRIPTS = (
    ("ko", re.compile("[\uac00-\ud7a3\u1100-\u11ff]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
_ANY_SCRIPT = re.compile(f"[{''.join(script.pattern[1:-1] for _, script in _SCRIPTS)}]")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_COMMON_WORDS = {
    "en": tokens(
        "the of and to in that is for on with as was by are be at from this have it has not an were"
        " their they which will would its or but his her we he she you been more about who had"
    ),
    "es": tokens(
        "el la los las de del que y en un una por con para se su sus es como más pero al lo este"
        " esta son fue sobre ha han entre también desde sin cuando hay qué ser muy"
    ),
    "fr": tokens(
        "le la les des du de et en un une que qui dans pour sur par avec est sont pas plus au aux"
        " ce cette il elle ne se sa ses été leur mais ou nous vous être comme entre"
    ),
    "de": tokens(
        "der die das und in den von zu mit ist des sich nicht ein eine dem auf für im als auch es"
        " werden aus hat dass sie nach bei einer um noch wie über haben sind wird einen"
    ),
    "pt": tokens(
        "o a os as de do da dos das que e em um uma no na nos nas por com para se não mais como mas"
        " ao foi são sobre seu sua está entre também pelo pela já ter ser"
    ),
    "it": tokens(
        "il la le gli di del della dei che e in un una per con non si è da sono al più come ma nel"
        " nella alla anche dal ha lo delle su questo quando essere tra"
    ),
}
_ENGLISH_WORDS = (" the ", " of ", " and ", " that ", " is ")
CHARS_PER_ENGLISH_WORD = 100
"""A text with one of `_ENGLISH_WORDS` per this many characters is English, without more checks."""

MIN_LETTERS = 20
"""A text needs this many letters to be identified by its script."""

MIN_WORDS = 25
"""A text needs this many words to be identified by its common words."""

MIN_SHARE = 0.28
"""This share of the words must be common words; in running text nearly half are."""

READ_CHARS = 20_000
"""At most this many characters of a text are examined."""


def language_of(text: str) -> str | None:
    """Return the language of a text as a BCP 47 tag; None when it is not certain.

    >>> language_of("북한의 핵무기는 세계의 문제이며 한국의 문제이다 그리고 우리의 문제이다")
    'ko'
    >>> language_of("Kim, Gard, Coyle, Isaacs") is None
    True
    """
    text = text[:READ_CHARS]
    english_words = sum(map(text.count, _ENGLISH_WORDS))
    if english_words * CHARS_PER_ENGLISH_WORD > len(text) > CHARS_PER_ENGLISH_WORD:
        return "en"
    if _ANY_SCRIPT.search(text):
        letters = len(_LETTER.findall(text))
        for language, script in _SCRIPTS:
            if letters >= MIN_LETTERS and len(script.findall(text)) > 0.6 * letters:
                return language
    words = list(map(str.lower, _WORD.findall(text)))
    if len(words) < MIN_WORDS:
        return None
    ranking = sorted(
        (sum(map(common.__contains__, words)) / len(words), language)
        for language, common in _COMMON_WORDS.items()
    )
    (second, _), (first, language) = ranking[-2:]
    return language if first >= MIN_SHARE and first > 1.25 * second else None
