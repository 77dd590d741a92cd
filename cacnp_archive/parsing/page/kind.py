"""Classify a post by its visible content: op-ed, press release, podcast, and so on."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from cacnp_archive.model.records import Kind
from cacnp_archive.parsing.people.byline import is_for_release
from cacnp_archive.parsing.people.mention import is_mention
from cacnp_archive.parsing.people.mention_title import is_mention_title
from cacnp_archive.parsing.text.dates import MONTH_NAME

_WROTE = r"(?:wrote|authored|co-?authored|penned|co-?wrote|published)"
_OP_ED = r"(?:op-?ed|opinion (?:piece|article)|letter to the editor|column|commentary)"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The properties of a post that decide its kind."""

    title: str
    categories: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    """The start of each of the first blocks of the body."""
    text_chars: int = 0
    """Length of the whole body."""
    embeds: tuple[str, ...] = ()
    """URLs of embeds as printed: players, forms, widgets."""
    has_byline: bool = False
    """Whether the post has a byline."""

    def opening(self, count: int = 3) -> tuple[str, ...]:
        """Return the first blocks of the body."""
        return self.blocks[:count]


Rule = Callable[[Evidence], bool]


def kind_of(evidence: Evidence) -> Kind:
    """Return the kind of the first of RULES that matches; POST if none does."""
    return next((kind for kind, rule in RULES if rule(evidence)), Kind.POST)


_OP_ED_SENTENCE = re.compile(
    rf"[^.\n]{{0,160}}?\b{_WROTE}\b[^.\n]{{0,80}}?\b{_OP_ED}\b", re.IGNORECASE
)
_LETTER = re.compile(r"letter to the editor of\b", re.IGNORECASE)
_PUBLISHED = re.compile(
    r"\W*(?:originally |first )?(?:published|appeared|printed) (?:in|on|by|at)\b", re.IGNORECASE
)
_DATELINE = re.compile(
    rf"\(?(?:{MONTH_NAME}\s+\d{{1,2}}(?:,\s*\d{{4}})?\s*[-–—]+\s*)?(?:WASHINGTON|Washington)"
    r"(?:,?\s*D\.?C\.?)?\s*\)?\s*(?:[-–—]|\()|"
    rf"\(\s*{MONTH_NAME}\s+\d{{1,2}}(?:,\s*\d{{4}})?\s*[-–—]+\s*WASHINGTON",
    re.IGNORECASE,
)
_PODCAST_LINE = re.compile(r"download the podcast\b|\bsubscribe\b.*\bpodcast", re.IGNORECASE)
_AUDIO_HOST = re.compile(
    r"soundcloud\.com|podcasts\.apple\.com|libsyn\.com|open\.spotify\.com|simplecast\.com"
    r"|stitcher\.com|buzzsprout\.com|\.mp3(?:$|\?)",
    re.IGNORECASE,
)
_VIDEO_HOST = re.compile(
    r"youtube(?:-nocookie)?\.com|youtu\.be|vimeo\.com|c-span\.org|videopress\.com", re.IGNORECASE
)
_EPISODE = re.compile(r"\b(?:podcast|episode)\b", re.IGNORECASE)
_PUBLICATIONS = re.compile(r"^letters and publications$", re.IGNORECASE)
_IN_THE_NEWS = re.compile(
    r"^center in the news$|^press & in the news\b|^press hits$", re.IGNORECASE
)
_VIDEO_ONLY_CHARS = 400


def _title_matches(pattern: re.Pattern[str], evidence: Evidence) -> bool:
    return pattern.search(evidence.title) is not None


def _category_matches(pattern: re.Pattern[str], evidence: Evidence) -> bool:
    return any(map(pattern.search, evidence.categories))


def _line_matches(pattern: re.Pattern[str], evidence: Evidence) -> bool:
    return any(pattern.match(line) for block in evidence.opening() for line in block.split("\n"))


def _is_release(evidence: Evidence) -> bool:
    return any(map(is_for_release, evidence.opening(6)))


def _mentions(evidence: Evidence) -> bool:
    return any(is_mention(block) for block in evidence.opening(2))


def _is_episode(evidence: Evidence) -> bool:
    return any(map(_AUDIO_HOST.search, evidence.embeds)) and _title_matches(_EPISODE, evidence)


def _says_podcast(evidence: Evidence) -> bool:
    return any(
        "podcast" in block.casefold() and _PODCAST_LINE.search(block)
        for block in evidence.opening()
    )


def _is_signed_publication(evidence: Evidence) -> bool:
    return evidence.has_byline and _category_matches(_PUBLICATIONS, evidence)


def _is_in_the_news(evidence: Evidence) -> bool:
    """Whether it is in a press category and unsigned: a signed post there is not a mention."""
    return not evidence.has_byline and _category_matches(_IN_THE_NEWS, evidence)


def _is_only_video(evidence: Evidence) -> bool:
    has_video = any(map(_VIDEO_HOST.search, evidence.embeds))
    return has_video and evidence.text_chars <= _VIDEO_ONLY_CHARS


def _title_rule(pattern: str) -> Rule:
    return partial(_title_matches, re.compile(pattern, re.IGNORECASE))


def _category_rule(pattern: str) -> Rule:
    return partial(_category_matches, re.compile(pattern, re.IGNORECASE))


RULES: tuple[tuple[Kind, Rule], ...] = (
    # The title is the most reliable evidence.
    (
        Kind.NEWSLETTER,
        _title_rule(rf"^(?:Council )?Front (?:and|&) Center:?\s*(?:{MONTH_NAME}\b|\d)"),
    ),
    (
        Kind.OP_ED,
        _title_rule(r"^\W*op-?eds?\b|[’']s op-?ed (?:in|for)\b|\bletter to the editor\b"),
    ),
    (
        Kind.FACT_SHEET,
        _title_rule(r"^(?:updated )?fact ?sheets?\b|\bfact ?sheet$|\bbriefing book$"),
    ),
    (
        Kind.FACT_SHEET,
        _title_rule(r"^(?:final )?summary\b.*\b(?:authorization|appropriations|budget)\b"),
    ),
    (Kind.PRESS_RELEASE, _title_rule(r"^(?:press|news) release\b")),
    (Kind.VIDEO, _title_rule(r"^(?:youtube )?videos?:")),
    (Kind.MEDIA_MENTION, lambda evidence: is_mention_title(evidence.title)),
    # Then the start of the text.
    (Kind.PRESS_RELEASE, _is_release),
    (Kind.PRESS_RELEASE, partial(_line_matches, _DATELINE)),
    (Kind.OP_ED, partial(_line_matches, _OP_ED_SENTENCE)),
    (Kind.OP_ED, partial(_line_matches, _LETTER)),
    (Kind.OP_ED, partial(_line_matches, _PUBLISHED)),
    (Kind.PODCAST, _says_podcast),
    (Kind.PODCAST, _is_episode),
    (Kind.PODCAST, _category_rule(r"^podcasts?$|nukes of hazard podcast")),
    (Kind.MEDIA_MENTION, _mentions),
    # Then the categories.
    (Kind.PRESS_RELEASE, _category_rule(r"^press releases?$")),
    (Kind.FACT_SHEET, _category_rule(r"^fact ?sheets?\b")),
    (Kind.VIDEO, _category_rule(r"^videos?$|nukes of hazard videos")),
    (Kind.VIDEO, _is_only_video),
    (Kind.OP_ED, _is_signed_publication),
    (Kind.MEDIA_MENTION, _is_in_the_news),
)
"""The kinds of posts with their rules, most specific first; pages are found by their markup."""
