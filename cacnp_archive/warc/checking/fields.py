"""Check the named fields of a record: WARC 1.1 sections 5, 6 and 7, and our own conventions."""

import ipaddress
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cacnp_archive.warc.checking.findings import Damage
from cacnp_archive.warc.checking.scanner import ScannedRecord
from cacnp_archive.warc.compose import REVISIT_PROFILES

MANDATORY = ("WARC-Type", "WARC-Record-ID", "WARC-Date")
MANDATORY_BY_TYPE = {
    "response": ("WARC-Target-URI",),
    "resource": ("WARC-Target-URI",),
    "request": ("WARC-Target-URI",),
    "revisit": ("WARC-Target-URI", "WARC-Profile"),
    "conversion": ("WARC-Target-URI",),
    "continuation": ("WARC-Target-URI", "WARC-Segment-Number", "WARC-Segment-Origin-ID"),
    "metadata": (),
    "warcinfo": (),
}
CUSTOM_BY_TYPE = {
    "response": ("WARC-Warcinfo-ID",),
    "request": ("WARC-Warcinfo-ID", "WARC-Concurrent-To"),
    "revisit": (
        "WARC-Warcinfo-ID",
        "WARC-Refers-To",
        "WARC-Refers-To-Target-URI",
        "WARC-Refers-To-Date",
    ),
    "metadata": ("WARC-Warcinfo-ID", "WARC-Target-URI"),
    "warcinfo": ("WARC-Filename",),
}
"""Fields that we always write although the standard does not require them."""

REPEATABLE = {"warc-concurrent-to", "warc-protocol"}
WITHOUT_PAYLOAD = ("request", "metadata", "warcinfo")
TRUNCATED_WORDS = ("length", "time", "disconnect", "unspecified")
KNOWN_VERSIONS = ("WARC/1.1", "WARC/1.0", "WARC/0.18", "WARC/0.17")

IDENTICAL, NOT_MODIFIED = "identical-payload-digest", "server-not-modified"
PROFILES = {
    f"{root}{name}": name
    for root in (REVISIT_PROFILES, REVISIT_PROFILES.replace("/1.1/", "/1.0/"))
    for name in (IDENTICAL, NOT_MODIFIED)
} | {
    "http://netpreserve.org/warc/0.18/revisit/identical-payload-digest": IDENTICAL,
    "http://netpreserve.org/warc/1.0/revisit/uri-agnostic-identical-payload-digest": IDENTICAL,
}
"""The profiles of the standard, and two that Heritrix and pywb wrote before it had them."""

FIRST_YEAR = "1991"
"""The year of the first website that others could visit: no capture is older."""

_RECORD_ID = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+>")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+")
_DATE = re.compile(
    r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z)?)?)?"  # WARC 1.1 section 5.4
)
_DATE_PADDING = "0000-01-01T00:00:00"


def field_damage(record: ScannedRecord, latest: str) -> Iterator[Damage]:
    """Yield the faults of a record's fields; `latest` is from `latest_date`."""
    values, record_type = record.values, record.record_type
    if record.version != "WARC/1.1":
        is_known = record.version in KNOWN_VERSIONS
        code = "version" if is_known else "unknown-version"
        yield Damage(code, f"the version is {record.version[:20]!r}")
    wanted = MANDATORY + MANDATORY_BY_TYPE.get(record_type, ())
    for name in wanted:
        if not values.get(name.lower()):
            yield Damage("missing-field", f"the {record_type or 'record'} lacks {name}")
    for name in CUSTOM_BY_TYPE.get(record_type, ()):
        if not values.get(name.lower()):
            yield Damage("missing-custom-field", f"the {record_type} lacks {name}")
    if record.size and not values.get("content-type"):
        yield Damage("missing-custom-field", f"the {record_type} lacks Content-Type")
    if record_type and record_type not in MANDATORY_BY_TYPE:
        yield Damage("type", f"the type {record_type!r} is not in the standard")
    if len(values) < len(record.fields):
        yield from _repeated(record)
    yield from _value_damage(record, latest)
    yield from _segment_damage(record)
    if record_type == "revisit":
        yield from _revisit_damage(record)


def latest_date() -> str:
    """Return the last second that a record may be dated: a clock may be wrong by a day."""
    return (datetime.now(UTC) + timedelta(days=1)).isoformat()[:19]


@lru_cache(1024)
def is_date(value: str) -> bool:
    """Whether a value is a WARC-Date: a W3C date-time in UTC of any precision.

    >>> is_date("2026-01-17T12:30:45.123456789Z"), is_date("2026-02-30"), is_date("20260117")
    (True, False, False)
    """
    if not _DATE.fullmatch(value):
        return False
    digits = value.rstrip("Z")[: len(_DATE_PADDING)]
    try:
        datetime.fromisoformat(digits + _DATE_PADDING[len(digits) :])
    except ValueError:
        return False
    return True


def _repeated(record: ScannedRecord) -> Iterator[Damage]:
    seen = set()
    for name, _ in record.fields:
        key = name.lower()
        if key in seen and key not in REPEATABLE:
            yield Damage("repeated-field", f"the field {name} is repeated")
        seen.add(key)


def _value_damage(record: ScannedRecord, latest: str) -> Iterator[Damage]:
    values = record.values
    record_id = values.get("warc-record-id")
    if record_id and not _RECORD_ID.fullmatch(record_id):
        yield Damage(
            "record-id", f"the record id {record_id[:80]!r} is not a URI in angle brackets"
        )
    for name in ("warc-date", "warc-refers-to-date"):
        if (date := values.get(name)) and not is_date(date):
            yield Damage("date", f"{name} is {date[:40]!r}, which is not a valid date")
        elif date and not FIRST_YEAR <= date[:19] <= latest:
            yield Damage("date", f"{name} is {date[:40]!r}, when nothing can have been captured")
    if (url := values.get("warc-target-uri")) and not _URI.fullmatch(url):
        is_in_brackets = (
            _RECORD_ID.fullmatch(url) is not None
        )  # the grammar of WARC 1.0, which wget follows
        code = "target-uri-brackets" if is_in_brackets else "target-uri"
        yield Damage(code, f"the target URI is {url[:80]!r}")
    if (address := values.get("warc-ip-address")) and not _is_ip_address(address):
        yield Damage("ip-address", f"{address[:40]!r} is not an IP address")
    if (word := values.get("warc-truncated")) is not None and word not in TRUNCATED_WORDS:
        yield Damage("truncated", f"WARC-Truncated is {word[:40]!r}")
    if "warc-payload-digest" in values and record.record_type in WITHOUT_PAYLOAD:
        yield Damage("payload-misplaced", f"a {record.record_type} has a payload digest")


def _segment_damage(record: ScannedRecord) -> Iterator[Damage]:
    """Yield faults of segmentation: WARC 1.1 sections 5.20 to 5.22 and 7."""
    number = record.values.get("warc-segment-number")
    is_continuation = record.record_type == "continuation"
    if number is not None:
        if not (number.isascii() and number.isdecimal() and number.strip("0")):
            yield Damage("segment", f"WARC-Segment-Number is {number[:40]!r}")
        elif is_continuation == (number.lstrip("0") == "1"):
            what = f"a {record.record_type} has the segment number {number[:40]}"
            yield Damage("segment", what)
    if not is_continuation:
        for name in ("WARC-Segment-Origin-ID", "WARC-Segment-Total-Length"):
            if name.lower() in record.values:
                yield Damage("segment", f"a {record.record_type} has {name}")


@lru_cache(1024)
def _is_ip_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def _revisit_damage(record: ScannedRecord) -> Iterator[Damage]:
    profile = PROFILES.get(record.value("warc-profile"))
    has_digest = "warc-payload-digest" in record.values
    if profile is None:
        yield Damage("profile", f"the profile {record.value('warc-profile')[:80]!r} is not known")
    elif profile == IDENTICAL and not has_digest:
        yield Damage("revisit-digest", "a revisit of a payload has no payload digest")
    elif profile == NOT_MODIFIED and has_digest:
        yield Damage("revisit", "a revisit of what was not modified has a payload digest")
    if profile == NOT_MODIFIED and record.size:
        yield Damage("revisit", "a revisit of what was not modified has a block")
