"""Which kind of content a post is, by what its reader sees."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from cacnp_archive.model.records import Kind
from cacnp_archive.parsing.people.mention import is_mention
from cacnp_archive.parsing.people.mention_title import is_mention_title
from cacnp_archive.parsing.text.dates import MONTH_NAME

_WROTE = r"(?:wrote|authored|co-?authored|penned|co-?wrote|published)"
_OP_ED = r"(?:op-?ed|opinion (?:piece|article)|letter to the editor|column|commentary)"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What tells the kind of a post."""

    title: str
    categories: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    """The beginnings of the first blocks of the body."""
    text_chars: int = 0
    """The length of the whole body."""
    embeds: tuple[str, ...] = ()
    """References of frames: players, forms, widgets."""
    has_byline: bool = False
    """Whether the post names an author of its own."""

    def opening(self, count: int = 3) -> tuple[str, ...]:
        """Return the first blocks of the body."""
        return self.blocks[:count]


Rule = Callable[[Evidence], bool]


def kind_of(evidence: Evidence) -> Kind:
    """Return the kind of a post by the first rule that holds: RULES."""
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


def _title(pattern: re.Pattern[str], evidence: Evidence) -> bool:
    return pattern.search(evidence.title) is not None


def _category(pattern: re.Pattern[str], evidence: Evidence) -> bool:
    return any(map(pattern.search, evidence.categories))


def _opening(pattern: re.Pattern[str], evidence: Evidence) -> bool:
    return any(pattern.match(line) for block in evidence.opening() for line in block.split("\n"))


def _is_for_release(evidence: Evidence) -> bool:
    return any("FOR IMMEDIATE RELEASE" in block.upper() for block in evidence.opening(6))


def _mentions(evidence: Evidence) -> bool:
    return any(is_mention(block) for block in evidence.opening(2))


def _is_episode(evidence: Evidence) -> bool:
    return any(map(_AUDIO_HOST.search, evidence.embeds)) and _title(_EPISODE, evidence)


def _says_podcast(evidence: Evidence) -> bool:
    return any(
        "podcast" in block.casefold() and _PODCAST_LINE.search(block)
        for block in evidence.opening()
    )


def _is_signed_publication(evidence: Evidence) -> bool:
    return evidence.has_byline and _category(_PUBLICATIONS, evidence)


def _is_in_the_news(evidence: Evidence) -> bool:
    """Whether it is filed under the press; what an own author signs there is not a mention."""
    return not evidence.has_byline and _category(_IN_THE_NEWS, evidence)


def _is_only_video(evidence: Evidence) -> bool:
    has_film = any(map(_VIDEO_HOST.search, evidence.embeds))
    return has_film and evidence.text_chars <= _VIDEO_ONLY_CHARS


def _titled(pattern: str) -> Rule:
    return partial(_title, re.compile(pattern, re.IGNORECASE))


def _filed(pattern: str) -> Rule:
    return partial(_category, re.compile(pattern, re.IGNORECASE))


RULES: tuple[tuple[Kind, Rule], ...] = (
    # What a title says of itself is surest.
    (
        Kind.NEWSLETTER,
        _titled(rf"^(?:Council )?Front (?:and|&) Center:?\s*(?:{MONTH_NAME}\b|\d)"),
    ),
    (
        Kind.OP_ED,
        _titled(r"^\W*op-?eds?\b|[’']s op-?ed (?:in|for)\b|\bletter to the editor\b"),
    ),
    (
        Kind.FACT_SHEET,
        _titled(r"^(?:updated )?fact ?sheets?\b|\bfact ?sheet$|\bbriefing book$"),
    ),
    (
        Kind.FACT_SHEET,
        _titled(r"^(?:final )?summary\b.*\b(?:authorization|appropriations|budget)\b"),
    ),
    (Kind.PRESS_RELEASE, _titled(r"^(?:press|news) release\b")),
    (Kind.VIDEO, _titled(r"^(?:youtube )?videos?:")),
    (Kind.MEDIA_MENTION, lambda evidence: is_mention_title(evidence.title)),
    # Then how the text opens.
    (Kind.PRESS_RELEASE, _is_for_release),
    (Kind.PRESS_RELEASE, partial(_opening, _DATELINE)),
    (Kind.OP_ED, partial(_opening, _OP_ED_SENTENCE)),
    (Kind.OP_ED, partial(_opening, _LETTER)),
    (Kind.OP_ED, partial(_opening, _PUBLISHED)),
    (Kind.PODCAST, _says_podcast),
    (Kind.PODCAST, _is_episode),
    (Kind.PODCAST, _filed(r"^podcasts?$|nukes of hazard podcast")),
    (Kind.MEDIA_MENTION, _mentions),
    # Then where it is filed.
    (Kind.PRESS_RELEASE, _filed(r"^press releases?$")),
    (Kind.FACT_SHEET, _filed(r"^fact ?sheets?\b")),
    (Kind.VIDEO, _filed(r"^videos?$|nukes of hazard videos")),
    (Kind.VIDEO, _is_only_video),
    (Kind.OP_ED, _is_signed_publication),
    (Kind.MEDIA_MENTION, _is_in_the_news),
)
"""The kinds of posts, most specific first; a page is told by its markup, a plain post by none."""
