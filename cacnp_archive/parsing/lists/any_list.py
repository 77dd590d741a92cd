"""Read a list of the site in any of its formats, which its content decides, not its name."""

import re
from dataclasses import replace

from cacnp_archive.model.capture import Capture
from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import Reading
from cacnp_archive.model.site import Site
from cacnp_archive.parsing.bounds import MAX_VALUES, first_entries
from cacnp_archive.parsing.lists.json_feed import is_json_feed, parse_json_feed
from cacnp_archive.parsing.lists.json_text import json_values
from cacnp_archive.parsing.lists.list_text import decoded, list_text, unpacked
from cacnp_archive.parsing.lists.plain_lists import parse_text_list
from cacnp_archive.parsing.lists.rest_api import parse_rest
from cacnp_archive.parsing.lists.xml_lists import parse_xml_list

_HTML_START = re.compile(
    r"(?:\ufeff|\s|<!--.*?-->)*(?:<!doctype\s+html|<html[\s>])", re.IGNORECASE | re.DOTALL
)
_JSON = re.compile(r"[\[{]")
_BEGINNING = 80


def parse_list(capture: Capture, site: Site) -> Reading | None:
    """Parse a sitemap, feed or REST response; None when a capture is none of them.

    Compression is known by the first bytes. Raises UnreadableListError when it is broken.
    """
    text = decoded(unpacked(capture.body), capture.message.value(b"content-type"))
    if _HTML_START.match(text):
        return None
    text, beyond = first_entries(text)
    listed = list_text(text)
    if listed is not None:
        entries = parse_xml_list(listed, capture.url)
        return replace(entries, problems=(*beyond, *entries.problems)) if beyond else entries
    if text.count("{") + text.count("[") > MAX_VALUES:
        detail = f"more than {MAX_VALUES:,} objects and arrays"
        return Reading.with_problem(ProblemCode.BROKEN_LIST, detail)
    if _JSON.search(text):
        found = json_values(text)
        if found.values and is_json_feed(found.values[0]):
            return parse_json_feed(found.values[0], capture.url)  # type: ignore[arg-type]
        reading = parse_rest(found, capture.url, capture.message.value(b"link"), site)
        if reading is not None:
            return reading
    return parse_text_list(text, capture.url)


def description(capture: Capture) -> str:
    """Say what a capture is that should be a list: its type, and how it begins."""
    if not capture.body.strip():
        return "nothing in it"
    beginning = " ".join(decoded(unpacked(capture.body[:4096]), "").split())[:_BEGINNING]
    return f"{capture.media_type or 'no type'}, begins {beginning!r}"
