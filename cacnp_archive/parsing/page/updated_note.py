"""Parse the note that an article prints on its last update."""

import re
from collections.abc import Iterable

from cacnp_archive.parsing.text.body import Body
from cacnp_archive.parsing.text.dates import MONTH_NAME
from cacnp_archive.parsing.text.sentences import Sentences

_WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?"
_DATE = (
    rf"(?:{_WEEKDAY},?\s+)?(?:"
    rf"{MONTH_NAME}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}})?"
    rf"|{MONTH_NAME},?\s+\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH_NAME},?\s+\d{{4}}"
    r"|(?:Spring|Summer|Fall|Autumn|Winter),?\s+\d{4}"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?|(?:19|20)\d{2}\b)"
)
_UPDATED = r"(?:updated|revised|modified|amended|corrected)"
_STEMS = ("updat", "revis", "modif", "amend", "correct")
_EDGE = r"[*_\[\](){}\s–—•-]*"
_REST = (
    r"(?:,?\s*(?:(?:by|with|to|at|following|after|for)\b|[|;(–—-]|\d{1,2}:\d{2})[^!?]{0,80}?)?[.!]?"
)

_TEXT_KIND = r"(?:page|post|article|content|document|fact ?sheet|list|chart|date|data)"
_DATE_LINE = re.compile(
    rf"(?P<note>{_EDGE}(?:{_TEXT_KIND}\s+)?"
    rf"(?:(?:last|most recently|recently|first)?\s*{_UPDATED}|last (?:update|revision))"
    r"(?:\s+(?:and|&)\s+\w+)?\s*[:–—-]?\s*(?:on|as of|in|for|through)?\s*"
    rf"(?:by\s+[^.\d]{{3,60}}?,?\s+(?:on\s+|in\s+)?)?[(\[]?{_DATE}[)\]*_]*)"
    rf"(?:\s+(?=(?-i:By)\s)|(?P<rest>{_REST}){_EDGE}$)",
    re.IGNORECASE,
)
_DATE_AFTER_BYLINE = re.compile(
    rf"\s(?P<note>(?:Last )?{_UPDATED.replace('updated', '[Uu]pdated')} (?:by [^.\d]{{3,60}}?,? )?"
    rf"(?:on |in )?{_DATE}){_EDGE}$"
)
_THIS_TEXT = (
    r"(?:posts?|pages?|articles?|blogs?|fact ?sheets?|lists?|charts?|tables?|timelines?|summary"
    r"|summaries|analys[ie]s|trackers?|briefs?|primers?|faqs?|resources?|guides?)"
)
_ANY_TEXT = (
    rf"(?:{_THIS_TEXT}|reports?|documents?|papers?|statements?|versions?|numbers|figures|data)"
)
_ADJECTIVES = r"(?:\w+[\s-]+){0,3}?"
_SENTENCE = re.compile(
    rf"{_EDGE}(?:"
    rf"(?:editor[’']s |author[’']s )?note:?\s*(?:this|these|the)\s+{_ADJECTIVES}{_ANY_TEXT}"
    rf"|(?:this|these)\s+{_ADJECTIVES}{_THIS_TEXT}|the (?:following |above )?{_THIS_TEXT})\s+"
    r"(?:is|was|were|has|have|will|are)\b[^.]{0,60}\b(?:updated|last (?:revised|modified))\b",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    rf"{_EDGE}(?:first |originally )?(?:published|posted|written|prepared)\b.{{0,60}}?"
    rf"\b{_UPDATED}\b.{{0,20}}?{_DATE}{_REST}{_EDGE}$",
    re.IGNORECASE,
)
_NEWS = re.compile(
    rf"{_EDGE}UPDATE(?:\s*#?\d{{1,2}})?\s*[,–—-]?\s*"
    rf"(?:\([^()]{{1,60}}\)|\[[^\[\]]{{1,60}}\]|{_DATE}[^:.]{{0,30}})?\s*[*_]*\s*[:–—]\s*[*_]*\s*\S"
    rf"|{_EDGE}UPDATE(?:\s*#?\d{{1,2}})?\s*[,–—-]?\s*(?:on\s+)?[(\[]?{_DATE}",
    re.IGNORECASE,
)
_IN_META = re.compile(rf"(?P<note>(?:last )?{_UPDATED}\s*:?\s*(?:on\s+)?{_DATE})", re.IGNORECASE)

_SKIPPED_TAGS = frozenset({"table", "pre"})
_LIST_TAGS = frozenset({"li", "dt", "dd"})  # in lists and headings, "Update: ..." titles a text
MAX_DATE_LINE_CHARS = 200
"""A longer line says more than the date of the update."""

MAX_NOTE_CHARS = 1000
"""Length limit of a note."""


def parse_updated_note(body: Body, metas: Iterable[str]) -> str | None:
    """Return the note on the last update, as printed; None when the article has none.

    A line that only states the date of the update takes precedence over one that reports news
    ("Update (Wednesday, 10/3): ..."), and a line of the body over one that the theme prints.
    """
    lines = [
        (line.strip(), block)
        for block in (body.blocks if _mentions_update(body.text) else ())
        if block.tag not in _SKIPPED_TAGS and _mentions_update(block.text)
        for line in block.text.split("\n")
    ]
    date_lines = (_update_date_line(line) for line, _ in lines)
    news_lines = (
        line[:MAX_NOTE_CHARS]
        for line, block in lines
        if block.tag not in _LIST_TAGS and not block.is_heading and _NEWS.match(line)
    )
    in_metas = (
        match["note"]
        for meta in metas
        if _mentions_update(meta) and (match := _IN_META.search(meta))
    )
    return next(filter(None, date_lines), None) or next(news_lines, None) or next(in_metas, None)


def _mentions_update(text: str) -> bool:
    lowered = text.lower()
    return any(stem in lowered for stem in _STEMS)


def _update_date_line(line: str) -> str | None:
    if match := _SENTENCE.match(line):
        _, end = Sentences(line).around(0, match.end())
        return line[: min(end, MAX_NOTE_CHARS)].strip()
    if len(line) > MAX_DATE_LINE_CHARS:
        return None
    if match := _DATE_LINE.match(line):
        return (match["note"] + (match["rest"] or "") + _closing(line, match)).strip()
    if _PUBLISHED.match(line):
        return line
    match = _DATE_AFTER_BYLINE.search(line)
    return match["note"].strip() if match else None


def _closing(line: str, match: re.Match[str]) -> str:
    """Return the end of the line after the note: asterisks, a parenthesis."""
    return line[match.end("rest") :] if match["rest"] is not None else ""
