"""Read any capture: the one entry point of the parsers.

Whatever is captured gives a Reading. What cannot be read becomes a Problem with a ProblemCode.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from cacnp_archive.model import urls
from cacnp_archive.model.capture import REDIRECTS, Capture
from cacnp_archive.model.errors import UnreadablePageError
from cacnp_archive.model.layouts import LearnedLayout
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Reading
from cacnp_archive.model.site import Site
from cacnp_archive.model.spool import Spool
from cacnp_archive.parsing.bounds import (
    MAX_ENTRIES,
    bounded,
    first_chars,
    first_tags,
    long_fields,
)
from cacnp_archive.parsing.encodings import repaired_text
from cacnp_archive.parsing.files.audio import parse_audio
from cacnp_archive.parsing.files.pdf import parse_pdf
from cacnp_archive.parsing.files.styles import css_requisites
from cacnp_archive.parsing.lists.rest_api import parse_rest
from cacnp_archive.parsing.lists.xml_lists import parse_gzipped_list, parse_robots, parse_xml_list
from cacnp_archive.parsing.media_types import SNIFFED_BYTES, Format, format_of
from cacnp_archive.parsing.page.page import parse_page
from cacnp_archive.parsing.resolve import resolve

__all__ = ["read_capture"]

MAX_BODY_BYTES = 32 * 1024 * 1024
"""Larger bodies, in bytes as transferred, are not loaded into memory.

They are videos or disk images.
"""

TEXTUAL = re.compile(r"text/|.*(?:html|xml|json|css|pdf)")


def read_capture(capture: Capture, site: Site, layouts: Sequence[LearnedLayout] = ()) -> Reading:
    """Return everything that can be read from a capture, with the layouts learned so far.

    A redirect gives its Location as a link. Other responses without a 2xx status give nothing:
    links in error pages are not followed. Of responses from other hosts, only style sheets, PDFs
    and audio files are parsed.
    """
    if capture.status in REDIRECTS:
        return _read_redirect(capture)
    if not 200 <= capture.status < 300:
        return Reading()
    try:
        reading = _read_success(capture, site, layouts)
    except UnreadablePageError as error:
        reading = Reading.with_problem(ProblemCode.UNREADABLE, str(error))
    if problems := long_fields(capture):
        reading = replace(reading, problems=(*problems, *reading.problems))
    return reading


def _read_redirect(capture: Capture) -> Reading:
    location = capture.message.location
    target = resolve(capture.url, location) if location else None
    if target is None or target.startswith("mailto:"):
        return Reading()
    return Reading(links=(urls.without_fragment(target),))


def _read_success(capture: Capture, site: Site, layouts: Sequence[LearnedLayout]) -> Reading:
    entity = capture.message.entity
    size = entity.size
    format_: Format | None = None
    if not any(capture.message.values(b"content-encoding")):
        format_ = format_of(capture.media_type, capture.url, entity.head(SNIFFED_BYTES))
        if format_ is Format.AUDIO:
            return parse_audio(entity, capture.url)
    if size > MAX_BODY_BYTES:
        if TEXTUAL.match(capture.media_type):
            return Reading.with_problem(ProblemCode.TOO_LONG, f"{size} bytes")
        return Reading()
    if format_ is None:
        format_ = format_of(capture.media_type, capture.url, capture.body)
    if not site.owns(capture.url) and format_ not in (Format.CSS, Format.PDF, Format.AUDIO):
        return Reading()  # a page requisite from another host, not a page
    match format_:
        case Format.HTML:
            text, repairs = repaired_text(capture)
            text, cuts = first_chars(text, "a page")
            text, further = first_tags(text)
            cuts += further
            reading = bounded(parse_page(text, capture.url, site, layouts))
            problems = (*repairs, *cuts, *reading.problems)
            return replace(reading, problems=problems) if repairs or cuts else reading
        case Format.CSS:
            text, cuts = first_chars(capture.text, "a style sheet")
            found = dict.fromkeys(css_requisites(text, capture.url))
            return bounded(Reading(requisites=tuple(found), problems=tuple(cuts)))
        case Format.XML:
            return bounded(parse_xml_list(capture.body, capture.url), max_links=MAX_ENTRIES)
        case Format.GZIP:
            return bounded(parse_gzipped_list(capture.body, capture.url), max_links=MAX_ENTRIES)
        case Format.ROBOTS:
            return bounded(parse_robots(capture.text, capture.url))
        case Format.REST:
            link = capture.message.value(b"link")
            return bounded(parse_rest(capture.text, capture.url, link, site))
        case Format.PDF:
            return parse_pdf(capture.body, capture.url)
        case Format.AUDIO:
            return parse_audio(Spool(capture.body), capture.url)
        case Format.MISLABELLED:
            detail = f"{capture.body[:8]!r} is no {capture.media_type}"
            return Reading.with_problem(ProblemCode.MISLABELLED, detail)
        case Format.OTHER:
            return Reading()
