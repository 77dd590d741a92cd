"""Read any capture: the one entry point of the parsers.

Whatever is captured gives a Reading. What cannot be read becomes a Problem with a ProblemCode.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from cacnp_archive.model import urls
from cacnp_archive.model.capture import REDIRECTS, Capture
from cacnp_archive.model.content_coding import MAX_DECODED_BYTES
from cacnp_archive.model.content_type import UNKNOWN_TYPES
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Problem, Reading
from cacnp_archive.model.site import Site
from cacnp_archive.model.spool import Spool
from cacnp_archive.parsing.bounds import (
    MAX_ENTRIES,
    bounded,
    first_chars,
    first_tags,
    long_fields,
)
from cacnp_archive.parsing.encodings import repaired_text, text_of
from cacnp_archive.parsing.files.audio import parse_audio
from cacnp_archive.parsing.files.pdf import parse_pdf
from cacnp_archive.parsing.files.styles import css_requisites
from cacnp_archive.parsing.lists.rest_api import parse_rest
from cacnp_archive.parsing.lists.xml_lists import parse_gzipped_list, parse_robots, parse_xml_list
from cacnp_archive.parsing.media_types import HTML_TYPES, SNIFFED_BYTES, Format, format_of
from cacnp_archive.parsing.page.page import parse_page
from cacnp_archive.parsing.resolve import resolve

__all__ = ["read_capture"]

TEXTUAL = re.compile(r"text/|.*(?:html|xml|json|css|pdf)")


def read_capture(capture: Capture, site: Site) -> Reading:
    """Return everything that can be read from a capture.

    A redirect gives its Location as a link. Other responses without a 2xx status give nothing:
    links in error pages are not followed. Of responses from other hosts, only style sheets, PDFs
    and audio files are parsed. What is odd about a response as such is a problem of any of them.
    """
    if not capture.message.has_head:
        why = capture.message.malformed or "its headers do not end"
        return Reading.with_problem(ProblemCode.UNREADABLE, f"no HTTP response: {why}")
    if capture.status in REDIRECTS:
        reading = _read_redirect(capture)
    elif 200 <= capture.status < 300:
        reading = _with_problems(_read_success(capture, site), long_fields(capture))
    else:
        reading = Reading()
    return _with_problems(reading, capture.message.problems)


def _read_redirect(capture: Capture) -> Reading:
    location = capture.message.location
    target = resolve(capture.url, location) if location else None
    if target is None or target.startswith("mailto:"):
        return Reading()
    return Reading(links=(urls.without_fragment(target),))


def _read_success(capture: Capture, site: Site) -> Reading:
    entity = capture.message.entity
    size = entity.size
    media_type = capture.content_type.media_type
    problems = _problems_of_type(capture)
    is_coded = bool(capture.codings)
    if not is_coded:
        format_ = format_of(media_type, capture.url, entity.head(SNIFFED_BYTES))
        if format_ is Format.AUDIO:
            return _with_problems(parse_audio(entity, capture.url), problems)
    if size > MAX_DECODED_BYTES:
        if TEXTUAL.match(capture.media_type):
            problems += (Problem(code=ProblemCode.TOO_LONG, detail=f"{size} bytes"),)
        return Reading(problems=problems)
    if is_coded:
        format_ = format_of(media_type, capture.url, capture.body)
    if is_coded or format_ is not Format.OTHER:
        problems += capture.decoded.problems
    if not site.owns(capture.url) and format_ not in (Format.CSS, Format.PDF, Format.AUDIO):
        return Reading(problems=problems)  # a page requisite from another host, not a page
    return _with_problems(_read_format(format_, capture, site), problems)


def _problems_of_type(capture: Capture) -> tuple[Problem, ...]:
    if not capture.content_type.is_odd:
        return ()
    values = b", ".join(capture.message.values(b"content-type"))
    detail = f"{values[:120]!r} is read as {capture.content_type.media_type or 'no type'}"
    return (Problem(code=ProblemCode.ODD_CONTENT_TYPE, detail=detail),)


def _read_format(format_: Format, capture: Capture, site: Site) -> Reading:
    match format_:
        case Format.HTML:
            text, problems = repaired_text(capture)
            media_type = capture.content_type.media_type
            if media_type not in HTML_TYPES | UNKNOWN_TYPES:
                detail = f"a page of HTML, called {media_type}"
                problems.append(Problem(code=ProblemCode.MISLABELLED, detail=detail))
            text, cuts = first_chars(text, "a page")
            text, further = first_tags(text)
            reading = bounded(parse_page(text, capture.url, site))
            return _with_problems(reading, [*problems, *cuts, *further])
        case Format.CSS:
            text, problems = text_of(capture)
            text, cuts = first_chars(text, "a style sheet")
            found = dict.fromkeys(css_requisites(text, capture.url))
            reading = bounded(Reading(requisites=tuple(found)))
            return _with_problems(reading, [*problems, *cuts])
        case Format.XML:
            return bounded(parse_xml_list(capture.body, capture.url), max_links=MAX_ENTRIES)
        case Format.GZIP:
            return bounded(parse_gzipped_list(capture.body, capture.url), max_links=MAX_ENTRIES)
        case Format.ROBOTS:
            text, problems = text_of(capture)
            return _with_problems(bounded(parse_robots(text, capture.url)), problems)
        case Format.REST:
            text, problems = text_of(capture)
            link = capture.message.value(b"link")
            return _with_problems(bounded(parse_rest(text, capture.url, link, site)), problems)
        case Format.PDF:
            return parse_pdf(capture.body, capture.url)
        case Format.AUDIO:
            return parse_audio(Spool(capture.body), capture.url)
        case Format.MISLABELLED:
            detail = f"{capture.body[:8]!r} is no {capture.media_type}"
            return Reading.with_problem(ProblemCode.MISLABELLED, detail)
        case Format.OTHER:
            return Reading()


def _with_problems(reading: Reading, problems: Sequence[Problem]) -> Reading:
    """Return a reading with problems of the response, before those of what it says."""
    return replace(reading, problems=(*problems, *reading.problems)) if problems else reading
