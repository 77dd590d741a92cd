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
from cacnp_archive.model.hops import REDIRECT, is_list
from cacnp_archive.model.layouts import LearnedLayout
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
from cacnp_archive.parsing.files.oembed import parse_oembed
from cacnp_archive.parsing.files.pdf import parse_pdf
from cacnp_archive.parsing.files.styles import css_requisites
from cacnp_archive.parsing.lists.any_list import description, parse_list
from cacnp_archive.parsing.lists.list_text import UnreadableListError, decoded
from cacnp_archive.parsing.lists.plain_lists import parse_robots
from cacnp_archive.parsing.media_types import HTML_TYPES, SNIFFED_BYTES, Format, format_of
from cacnp_archive.parsing.page.page import parse_page
from cacnp_archive.parsing.refresh import refresh_target
from cacnp_archive.parsing.resolve import resolve
from cacnp_archive.parsing.wall_marks import wall_in_headers, with_wall

__all__ = ["read_capture"]

_LIST_LIKE = re.compile(r"sitemap|feed|rss|atom|\.xml|/wp-json/|rest_route=", re.IGNORECASE)

_READ_FROM_OTHER_HOSTS = (Format.CSS, Format.PDF, Format.AUDIO, Format.OEMBED)
TEXTUAL = re.compile(r"text/|.*(?:html|xml|json|css|pdf)")


def read_capture(capture: Capture, site: Site, layouts: Sequence[LearnedLayout] = ()) -> Reading:
    """Return everything that can be read from a capture, with the layouts learned so far.

    A wall gives nothing else. What should be a list of the site, and is none, always has a problem
    that says so. A redirect gives its Location as a link. Other responses without a 2xx status
    give nothing: links in error pages are not followed. Of responses from other hosts, only style
    sheets, PDFs, audio files and descriptions of embeds are parsed. What is odd about a response
    as such is a problem of any of them.
    """
    if not capture.message.has_head:
        why = capture.message.malformed or "its headers do not end"
        return Reading.with_problem(ProblemCode.UNREADABLE, f"no HTTP response: {why}")
    wall = wall_in_headers(capture)
    reading = Reading(wall=wall) if wall else with_wall(_read(capture, site, layouts), capture)
    return _with_problems(reading, capture.message.problems)


def _read(capture: Capture, site: Site, layouts: Sequence[LearnedLayout]) -> Reading:
    should_be_list = _should_be_list(capture, site)
    if capture.status in REDIRECTS:
        reading = _read_redirect(capture)
    elif not 200 <= capture.status < 300:
        reading = Reading()
    else:
        try:
            reading = _read_success(capture, site, layouts, should_be_list=should_be_list)
        except UnreadableListError as error:
            code = ProblemCode.NOT_A_LIST if should_be_list else ProblemCode.UNREADABLE
            reading = Reading.with_problem(code, str(error))
        reading = _with_problems(reading, long_fields(capture))
        return _with_refresh(reading, capture)
    lost = _lost_list(capture, site, reading) if should_be_list else None
    if lost is None:
        return reading
    return _with_problems(reading, [Problem(code=ProblemCode.NOT_A_LIST, detail=lost)])


def _with_refresh(reading: Reading, capture: Capture) -> Reading:
    """Add the page to which the header Refresh leads, which browsers follow like a redirect."""
    reference = refresh_target(capture.message.value(b"refresh"))
    target = resolve(capture.url, reference) if reference else None
    if target is None or target.startswith("mailto:"):
        return reading
    links = dict.fromkeys((*reading.links, urls.without_fragment(target)))
    return replace(reading, links=tuple(links))


def _with_problems(reading: Reading, problems: Sequence[Problem]) -> Reading:
    """Return a reading with problems of the response, before those of what it says."""
    return replace(reading, problems=(*problems, *reading.problems)) if problems else reading


def _should_be_list(capture: Capture, site: Site) -> bool:
    """Whether another list names a capture as a list, or its name, or what redirects to it."""
    if not site.owns(capture.url):
        return False
    if is_list(capture.hops) or site.list_name(capture.url) is not None:
        return True
    is_target = capture.hops.endswith(REDIRECT) and capture.via is not None
    return is_target and site.list_name(capture.via or "") is not None


def _lost_list(capture: Capture, site: Site, reading: Reading) -> str | None:
    """Return why a capture is not the list that it should be, unless its body must tell."""
    if capture.status in REDIRECTS:
        target = next(iter(reading.links), "")
        is_likely = site.owns(target) and _LIST_LIKE.search(target)
        return None if is_likely else f"redirects to {target or 'nowhere'}"
    is_refused = 400 <= capture.status < 500 and capture.status != 429
    if is_refused and is_list(capture.hops):  # what no list names need not exist
        return f"HTTP status {capture.status}"
    return None


def _read_redirect(capture: Capture) -> Reading:
    location = capture.message.location
    target = resolve(capture.url, location) if location else None
    if target is None or target.startswith("mailto:"):
        return Reading()
    return Reading(links=(urls.without_fragment(target),))


def _read_success(
    capture: Capture, site: Site, layouts: Sequence[LearnedLayout], *, should_be_list: bool
) -> Reading:
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
        if should_be_list:
            return Reading.with_problem(ProblemCode.NOT_A_LIST, f"{size} bytes are too many")
        if TEXTUAL.match(capture.media_type):
            problems += (Problem(code=ProblemCode.TOO_LONG, detail=f"{size} bytes"),)
        return Reading(problems=problems)
    if is_coded:
        format_ = format_of(media_type, capture.url, capture.body)
    if is_coded or format_ is not Format.OTHER:
        problems += capture.decoded.problems
    if not site.owns(capture.url) and format_ not in _READ_FROM_OTHER_HOSTS:
        return Reading(problems=problems)  # a page requisite from another host, not a page
    if should_be_list or format_ is Format.LIST:
        listed = parse_list(capture, site)
        if listed is not None:
            return _with_problems(bounded(listed, max_links=MAX_ENTRIES), problems)
    reading = _with_problems(_read_format(format_, capture, site, layouts), problems)
    if should_be_list:
        problem = Problem(code=ProblemCode.NOT_A_LIST, detail=description(capture))
        return _with_problems(reading, [problem])
    return reading


def _problems_of_type(capture: Capture) -> tuple[Problem, ...]:
    if not capture.content_type.is_odd:
        return ()
    values = b", ".join(capture.message.values(b"content-type"))
    detail = f"{values[:120]!r} is read as {capture.content_type.media_type or 'no type'}"
    return (Problem(code=ProblemCode.ODD_CONTENT_TYPE, detail=detail),)


def _read_format(
    format_: Format, capture: Capture, site: Site, layouts: Sequence[LearnedLayout]
) -> Reading:
    match format_:
        case Format.HTML:
            text, encoding, problems = repaired_text(capture)
            media_type = capture.content_type.media_type
            if media_type not in HTML_TYPES | UNKNOWN_TYPES:
                detail = f"a page of HTML, called {media_type}"
                problems.append(Problem(code=ProblemCode.MISLABELLED, detail=detail))
            text, cuts = first_chars(text, "a page")
            text, further = first_tags(text)
            reading = bounded(parse_page(text, capture.url, site, layouts, encoding))
            return _with_problems(reading, [*problems, *cuts, *further])
        case Format.CSS:
            text, _, problems = text_of(capture)
            text, cuts = first_chars(text, "a style sheet")
            found = dict.fromkeys(css_requisites(text, capture.url))
            reading = bounded(Reading(requisites=tuple(found)))
            return _with_problems(reading, [*problems, *cuts])
        case Format.ROBOTS:
            return bounded(parse_robots(decoded(capture.body, ""), capture.url))
        case Format.OEMBED:
            text, _, problems = text_of(capture)
            return _with_problems(bounded(parse_oembed(text, capture.url)), problems)
        case Format.PDF:
            return parse_pdf(capture.body, capture.url)
        case Format.AUDIO:
            return parse_audio(Spool(capture.body), capture.url)
        case Format.MISLABELLED:
            detail = f"{capture.body[:8]!r} is no {capture.media_type}"
            return Reading.with_problem(ProblemCode.MISLABELLED, detail)
        case Format.LIST | Format.OTHER:
            return Reading()  # a site may serve any XML
