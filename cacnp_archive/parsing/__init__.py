"""Captures to records: pure functions, one kind of page a module.

`read_capture` reads any capture and raises for none. What it can't read it names as a Problem:

    no-title            an article without a place for its title
    no-date             a post that gives no date
    no-content          an article whose theme marks no content
    password-protected  an article that asks for a password; its body is empty
    first-part          an article in several parts; the others are readings of their own
    replacement-character  U+FFFD in a title or text: what stood there was lost before
    mixed-encoding      bytes of windows-1252 between UTF-8; they are read as what they are
    double-encoding     UTF-8 that was encoded twice; it is read as it was meant
    not-found-page      a page that says "not found" with status 200
    mislabelled         bytes of another format than their Content-Type says
    empty-page          HTML without an element
    unreadable          a broken content coding, XML or JSON
    too-long            more than the parsers take
"""

import re
from dataclasses import replace

from cacnp_archive import urls
from cacnp_archive.capture import REDIRECTS, Capture
from cacnp_archive.errors import UnreadablePageError
from cacnp_archive.parsing.encodings import text_of
from cacnp_archive.parsing.links import resolve
from cacnp_archive.parsing.lists import read_gzipped_list, read_rest, read_robots, read_xml_list
from cacnp_archive.parsing.media_types import Format, format_of
from cacnp_archive.parsing.page import read_page
from cacnp_archive.parsing.styles import style_requisites
from cacnp_archive.records import Problem, Reading
from cacnp_archive.site import Site

__all__ = ["read_capture"]

MAX_BODY_BYTES = 32 * 1024 * 1024
"""A larger body, as transferred, is not brought into memory: it is a film or a disk image."""

TEXTUAL = re.compile(r"text/|.*(?:html|xml|json|css)")


def read_capture(capture: Capture, site: Site) -> Reading:
    """Return all that can be read from a capture.

    A redirect leads to its Location. Another answer that is no success tells nothing: what an
    error page links to is not followed.
    """
    if capture.status in REDIRECTS:
        return _read_redirect(capture)
    if not 200 <= capture.status < 300:
        return Reading()
    try:
        return _read_success(capture, site)
    except UnreadablePageError as error:
        return Reading(problems=(Problem(code="unreadable", detail=str(error)),))


def _read_redirect(capture: Capture) -> Reading:
    location = capture.message.location
    target = resolve(capture.url, location) if location else None
    if target is None or target.startswith("mailto:"):
        return Reading()
    return Reading(links=(urls.without_fragment(target),))


def _read_success(capture: Capture, site: Site) -> Reading:
    size = capture.message.entity.size
    if size > MAX_BODY_BYTES:
        is_lost = TEXTUAL.match(capture.media_type) is not None
        return Reading(
            problems=(Problem(code="too-long", detail=f"{size} bytes"),) if is_lost else ()
        )
    match format_of(capture.media_type, capture.url, capture.body):
        case Format.HTML:
            text, mended = text_of(capture)
            reading = read_page(text, capture.url, site)
            return replace(reading, problems=(*mended, *reading.problems)) if mended else reading
        case Format.CSS:
            found = style_requisites(capture.text, capture.url)
            return Reading(requisites=tuple(dict.fromkeys(found)))
        case Format.XML:
            return read_xml_list(capture.body, capture.url)
        case Format.GZIP:
            return read_gzipped_list(capture.body, capture.url)
        case Format.ROBOTS:
            return read_robots(capture.text, capture.url)
        case Format.REST:
            return read_rest(capture.text, capture.url, capture.message.value(b"link"), site)
        case Format.MISLABELLED:
            detail = f"{capture.body[:8]!r} is no {capture.media_type}"
            return Reading(problems=(Problem(code="mislabelled", detail=detail),))
        case Format.OTHER:
            return Reading()
