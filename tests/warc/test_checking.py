"""Damaged files, made from good ones, and what the checker says of each."""

import gzip
import hashlib
import io
import re
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cacnp_archive.warc.checking import scanner as check_reader
from cacnp_archive.warc.checking.findings import FileReport
from cacnp_archive.warc.checking.record_links import Links
from cacnp_archive.warc.checking.stream import check_stream
from cacnp_archive.warc.compose import sha1
from cacnp_archive.warc.reader import read_records
from cacnp_archive.warc.writer import WarcWriter
from tests.support.captures import make_capture
from tests.support.warc_files import (
    CHUNKED,
    NAME,
    with_block,
    write_good_file,
    write_with_warcio,
)

BIN = Path(sys.executable).parent
Found = set[tuple[str, str, int | None]]


def check(path: Path, *, ours: bool = False) -> FileReport:
    report, links = FileReport(path.name, ours=ours), Links(ours=ours)
    with path.open("rb") as stream:
        check_stream(stream, report, links)
    links.end()
    return report


def errors(path: Path, *, ours: bool = False) -> list[tuple[str, int | None]]:
    return [(finding.code, finding.offset) for finding in check(path, ours=ours).faults]


def found(path: Path, *, ours: bool = False) -> Found:
    return {(f.severity.value, f.code, f.offset) for f in check(path, ours=ours).findings}


def warcio_accepts(path: Path) -> bool:
    command = [BIN / "warcio", "check", path]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    return write_good_file(tmp_path)


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    return write_with_warcio(tmp_path / "foreign.warc.gz", compressed=True)


@pytest.fixture
def uncompressed(tmp_path: Path) -> Path:
    return write_with_warcio(tmp_path / "foreign.warc", compressed=False)


# Files that are good.


def test_our_own_file_has_no_finding_by_our_rules(warc: Path) -> None:
    report = check(warc, ours=True)
    assert report.findings == []
    assert report.record_count == len(list(read_records(warc)))


def test_our_own_file_has_no_finding_by_others_rules(warc: Path) -> None:
    assert check(warc).findings == []


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("compressed", [True, False])
def test_file_of_warcio_has_notes_alone(version: str, compressed: bool, tmp_path: Path) -> None:
    path = write_with_warcio(tmp_path / "x.warc.gz", compressed=compressed, version=version)
    report = check(path)
    assert {finding.severity.value for finding in report.findings} == {"note"}
    assert report.record_count == 13


def test_file_that_is_one_gzip_member_has_a_warning(uncompressed: Path) -> None:
    path = uncompressed.with_suffix(".warc.gz")
    path.write_bytes(gzip.compress(uncompressed.read_bytes()))
    report = check(path)
    assert report.faults == []
    assert report.codes["shared-member"] == 1
    assert report.record_count == 13
    assert not [f for f in check(path, ours=True).faults if f.code == "length"]


@pytest.mark.parametrize("ours", [True, False])
def test_concurrent_record_of_another_file_is_an_error_in_ours_alone(
    ours: bool, warc: Path
) -> None:
    substitute(warc, 2, rb"(WARC-Concurrent-To: )" + UUID, rb"\1<urn:x:y>")
    severity = "error" if ours else "warning"
    assert (severity, "concurrent-to", offset_of(warc, 2)) in found(warc, ours=ours)


@pytest.mark.parametrize(
    ("magic", "name"),
    [
        (b"\x28\xb5\x2f\xfd", "Zstandard"),
        (b"\x5d\x2a\x4d\x18", "dictionary"),
        (b"\x04\x22\x4d\x18", "LZ4"),
    ],
)
def test_compression_that_is_not_read_is_named(magic: bytes, name: str, tmp_path: Path) -> None:
    path = tmp_path / "x.warc.zst"
    path.write_bytes(magic + b"whatever follows")
    [finding] = check(path).findings
    assert (finding.severity, finding.code) == ("error", "not-read")
    assert name in finding.what


def test_file_of_packed_nothing_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(gzip.compress(b""))
    assert ("empty", None) in errors(path)


# Gzip members.


def members(path: Path) -> list[bytes]:
    data = path.read_bytes()
    return [data[r.offset : r.offset + r.length] for r in read_records(path)]


def offset_of(path: Path, number: int) -> int:
    return sum(map(len, members(path)[:number]))


def packed(plain: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=31)
    return compressor.compress(plain) + compressor.flush()


def edit(path: Path, number: int, old: bytes, new: bytes) -> None:
    """Change the plain bytes of a record; its gzip member stays whole."""
    parts = members(path)
    plain = gzip.decompress(parts[number])
    assert plain.count(old) == 1, plain[:2000]
    parts[number] = packed(plain.replace(old, new))
    path.write_bytes(b"".join(parts))


@pytest.mark.parametrize("lost", [1, 4, 8, 9, 30])
def test_cut_within_the_last_member_is_found_that_warcio_passes(lost: int, warc: Path) -> None:
    last = offset_of(warc, len(members(warc)) - 1)
    warc.write_bytes(warc.read_bytes()[:-lost])
    assert warcio_accepts(warc)
    assert errors(warc) == [("cut", last)]


def test_cut_anywhere_in_a_member_is_found(warc: Path) -> None:
    whole = warc.read_bytes()
    last = offset_of(warc, len(members(warc)) - 1)
    for size in range(last + 1, len(whole), 3):
        warc.write_bytes(whole[:size])
        assert errors(warc) == [("cut", last)], size


def test_cut_of_an_uncompressed_file_is_found_that_warcio_passes(uncompressed: Path) -> None:
    whole = uncompressed.read_bytes()
    last = whole.rindex(b"WARC/1.0\r\n")
    for size in range(last + 6, len(whole)):
        uncompressed.write_bytes(whole[:size])
        ((code, offset),) = errors(uncompressed)
        assert (code in ("cut", "fields"), offset) == (True, last), size
    uncompressed.write_bytes(whole[:-2])
    assert warcio_accepts(uncompressed)


@pytest.mark.slow
def test_flipped_bit_is_found_at_its_record(warc: Path) -> None:
    whole = warc.read_bytes()
    starts = [record.offset for record in read_records(warc)]
    for at in range(0, len(whole), 4999 if len(whole) > 10**6 else 331):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << at % 8
        warc.write_bytes(damaged)
        start = max(start for start in starts if start <= at)
        if at - start in (3, 4, 5, 6, 7, 8, 9):
            continue  # a gzip header's time and system: nothing depends on them
        if at + 9 in (*starts, len(whole)):
            continue  # the bits that fill the last byte before a member's trailer of 8, likewise
        assert start in {offset for _, offset in errors(warc)}, at


def test_records_behind_a_broken_one_are_still_checked(warc: Path) -> None:
    parts = members(warc)
    total = len(parts)
    broken = bytearray(parts[4])
    broken[30] ^= 255
    parts[4] = bytes(broken)
    parts[-1] = parts[-1][:-3]
    warc.write_bytes(b"".join(parts))
    report = check(warc)
    assert report.record_count == total - 2
    assert {f.offset for f in report.faults} >= {
        offset_of_parts(parts, 4),
        offset_of_parts(parts, -1),
    }


def offset_of_parts(parts: list[bytes], number: int) -> int:
    return sum(map(len, parts[:number]))


@pytest.mark.parametrize("stuff", [b"\0" * 20, b"garbage", b"\x1f\x8b", b"WARC/1.1\r\n"])
@pytest.mark.parametrize("number", [1, 5, None])
def test_bytes_between_members_and_behind_them_are_found(
    stuff: bytes, number: int | None, warc: Path
) -> None:
    parts = members(warc)
    total, number = len(parts), len(parts) if number is None else number
    parts.insert(number, stuff)
    warc.write_bytes(b"".join(parts))
    report = check(warc)
    code = "cut" if number == total and stuff == b"\x1f\x8b" else "garbage"
    assert [(f.code, f.offset) for f in report.faults] == [(code, offset_of_parts(parts, number))]
    assert report.record_count == total


def test_member_of_two_records_is_a_warning_and_by_our_rules_an_error(warc: Path) -> None:
    parts = members(warc)
    parts[1:3] = [packed(gzip.decompress(parts[1]) + gzip.decompress(parts[2]))]
    warc.write_bytes(b"".join(parts))
    assert found(warc) == {("warning", "shared-member", len(parts[0]))}
    assert errors(warc, ours=True) == [("shared-member", len(parts[0]))]


def test_empty_member_is_found(warc: Path) -> None:
    parts = [*members(warc), packed(b"")]
    warc.write_bytes(b"".join(parts))
    assert errors(warc, ours=True) == [("member", offset_of_parts(parts, -1))]


# Named fields, digests, lengths. Record 1 is a response, 2 its request, 3 its metadata.

UUID = rb"<urn:uuid:[-0-9a-f]{36}>"

EDITS: dict[str, tuple[int, bytes, bytes, str]] = {
    "block": (1, b"the same, twice", b"the same, Twice", "block-digest"),
    "HTTP header": (1, b"text/html", b"text/htmL", "block-digest"),
    "block of a request": (2, b"GET / ", b"GET /x", "block-digest"),
    "block of a metadata record": (3, b"fetchTimeMs: 250", b"fetchTimeMs: 251", "block-digest"),
    "block digest": (1, rb"(WARC-Block-Digest: sha1:)[A-Z2-7]{4}", rb"\1AAAA", "block-digest"),
    "payload digest": (
        1,
        rb"(WARC-Payload-Digest: sha1:)[A-Z2-7]{4}",
        rb"\1AAAA",
        "payload-digest",
    ),
    "length too small": (1, rb"(msgtype=response\r\nContent-Length: )\d+", rb"\g<1>9", "length"),
    "length too big": (1, rb"(msgtype=response\r\nContent-Length: )\d+", rb"\g<1>999", "length"),
    "length of ages": (
        1,
        rb"(msgtype=response\r\nContent-Length: )\d+",
        rb"\g<1>%d" % (1 << 60),
        "length",
    ),
    "length no number": (1, rb"(msgtype=response\r\nContent-Length: )\d+", rb"\1many", "length"),
    "no length": (1, rb"(msgtype=response\r\n)Content-Length: \d+\r\n", rb"\1", "length"),
    "no type": (1, rb"WARC-Type: response\r\n", b"", "missing-field"),
    "no id": (2, rb"WARC-Record-ID: .*\r\n", b"", "missing-field"),
    "no date": (2, rb"WARC-Date: .*\r\n", b"", "missing-field"),
    "no target": (2, rb"WARC-Target-URI: .*\r\n", b"", "missing-field"),
    "date twice": (2, rb"(WARC-Date: .*\r\n)", rb"\1\1", "repeated-field"),
    "impossible date": (2, rb"(WARC-Date: 2026-)01", rb"\g<1>13", "date"),
    "other date": (2, rb"(WARC-Date: ).*\r\n", rb"\1Sat, 17 Jan 2026\r\n", "date"),
    "id without brackets": (3, rb"(WARC-Record-ID: )<(.*)>", rb"\1\2", "record-id"),
    "id no URI": (3, rb"(WARC-Record-ID: <)urn:uuid:", rb"\1", "record-id"),
    "nonsense": (3, rb"(WARC-Type)", rb"not a field\r\n\1", "fields"),
    "date to come": (2, rb"(WARC-Date: )2026", rb"\g<1>2999", "date"),
    "date before the web": (2, rb"(WARC-Date: )2026", rb"\g<1>1990", "date"),
    "first segment with a later number": (
        1,
        rb"(WARC-Type)",
        rb"WARC-Segment-Number: 2\r\n\1",
        "segment",
    ),
    "segment with a number of 5000 digits": (
        1,
        rb"(WARC-Type)",
        rb"WARC-Segment-Number: " + b"9" * 5000 + rb"\r\n\1",
        "segment",
    ),
    "continuation numbered 0": (
        3,
        rb"WARC-Type: metadata",
        rb"WARC-Type: continuation\r\nWARC-Segment-Number: 0\r\nWARC-Segment-Origin-ID: <urn:x:y>",
        "segment",
    ),
    "continuation whose number is a letter": (
        3,
        rb"WARC-Type: metadata",
        rb"WARC-Type: continuation\r\nWARC-Segment-Number: b\r\nWARC-Segment-Origin-ID: <urn:x:y>",
        "segment",
    ),
    "continuation numbered 1": (
        3,
        rb"WARC-Type: metadata",
        rb"WARC-Type: continuation\r\nWARC-Segment-Number: 1\r\nWARC-Segment-Origin-ID: <urn:x:y>",
        "segment",
    ),
    "total length in a first segment": (
        1,
        rb"(WARC-Type)",
        rb"WARC-Segment-Number: 1\r\nWARC-Segment-Total-Length: 9\r\n\1",
        "segment",
    ),
    "version of the future": (1, rb"^WARC/1.1", b"WARC/7.7", "unknown-version"),
    "no trailer": (1, rb"\r\n\r\n\Z", b"", "trailer"),
    "half a trailer": (1, rb"\r\n\r\n\Z", b"\r\n", "trailer"),
    "long trailer": (1, rb"\r\n\r\n\Z", b"\r\n\r\n\r\n", "trailer"),
    "no first line": (1, rb"^WARC/1.1\r\n", b"", "garbage"),
}


def substitute(path: Path, number: int, pattern: bytes, new: bytes) -> None:
    """Change the plain bytes of a record; its gzip member stays whole."""
    parts = members(path)
    before = gzip.decompress(parts[number])
    plain, count = re.subn(pattern, new, before, count=1, flags=re.MULTILINE)
    assert count == 1, plain[:2000]
    parts[number] = packed(plain)
    path.write_bytes(b"".join(parts))


PASSED_BY_WARCIO = {
    "date to come",
    "date before the web",
    "impossible date",
    "other date",
    "date twice",
    "id without brackets",
    "id no URI",
    "no date",
    "no id",
    "nonsense",
    "no trailer",
    "half a trailer",
}


@pytest.mark.parametrize("case", EDITS)
@pytest.mark.parametrize("ours", [True, False])
def test_damaged_record_is_found_at_its_place(case: str, ours: bool, warc: Path) -> None:
    number, pattern, new, code = EDITS[case]
    offset, total = offset_of(warc, number), len(members(warc))
    substitute(warc, number, pattern, new)
    if case in PASSED_BY_WARCIO:
        assert warcio_accepts(warc)
    report = check(warc, ours=ours)
    assert (code, offset) in {(f.code, f.offset) for f in report.faults}
    assert report.record_count >= total - 1


CUSTOMS: dict[str, tuple[int, bytes, bytes, str]] = {
    "older version": (1, rb"^WARC/1.1", b"WARC/1.0", "version"),
    "lower-case digest": (
        2,
        rb"(WARC-Block-Digest: sha1:)([A-Z2-7]{32})",
        rb"LOWER",
        "digest-spelling",
    ),
    "no block digest": (2, rb"WARC-Block-Digest: .*\r\n", b"", "missing-custom-field"),
    "no warcinfo id": (2, rb"WARC-Warcinfo-ID: .*\r\n", b"", "missing-custom-field"),
    "other warcinfo id": (2, rb"(WARC-Warcinfo-ID: )" + UUID, rb"\1<urn:x:y>", "warcinfo-id"),
    "payload digest of a request": (
        2,
        rb"(WARC-Block-Digest)",
        rb"WARC-Payload-Digest: sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ\r\n\1",
        "payload-misplaced",
    ),
    "address in brackets": (
        1,
        rb"(WARC-Target-URI: )(\S+)",
        rb"\1<\2>",
        "target-uri-brackets",
    ),
    "unknown type": (3, rb"WARC-Type: metadata", b"WARC-Type: thoughts", "type"),
}


@pytest.mark.parametrize("case", CUSTOMS)
def test_what_is_not_our_custom_is_a_note_of_others_and_an_error_of_ours(
    case: str, warc: Path
) -> None:
    number, pattern, new, code = CUSTOMS[case]
    offset = offset_of(warc, number)
    if new == b"LOWER":
        digest = re.search(pattern, gzip.decompress(members(warc)[number]))
        assert digest is not None
        new = digest[1] + digest[2].lower()
    substitute(warc, number, pattern, new)
    assert ("note", code, offset) in found(warc)
    assert check(warc).faults == []
    assert ("error", code, offset) in found(warc, ours=True)


def test_warcinfo_that_is_not_first_is_found(warc: Path) -> None:
    parts = members(warc)
    parts[0], parts[1] = parts[1], parts[0]
    warc.write_bytes(b"".join(parts))
    assert ("note", "warcinfo", 0) in found(warc)
    assert {("warcinfo", 0), ("warcinfo", len(parts[0]))} <= set(errors(warc, ours=True))


def test_record_that_stands_twice_is_found_that_warcio_passes(warc: Path) -> None:
    parts = members(warc)
    parts.append(parts[2])
    warc.write_bytes(b"".join(parts))
    assert warcio_accepts(warc)
    assert errors(warc) == [("duplicate-id", offset_of_parts(parts, -1))]


def test_wrong_length_in_an_uncompressed_file_hides_no_other_record(uncompressed: Path) -> None:
    whole = uncompressed.read_bytes()
    starts = [match.start() for match in re.finditer(rb"WARC/1\.0\r\n", whole)]
    for change in (b"%d", b"9%d"):
        at = starts[1]
        head_end = whole.index(b"\r\n\r\n", at)
        head = re.sub(
            rb"Content-Length: (\d+)",
            lambda m, c=change: b"Content-Length: " + c % (int(m[1]) - 700),
            whole[at:head_end],
        )
        uncompressed.write_bytes(whole[:at] + head + whole[head_end:])
        report = check(uncompressed)
        assert [(f.code, f.offset) for f in report.faults] == [("length", at)]
        assert report.record_count == len(starts) - 1


def test_lost_record_in_one_gzip_member_hides_no_other(uncompressed: Path) -> None:
    whole = uncompressed.read_bytes().replace(b"Content-Length: 12", b"Content-Length: 92", 1)
    path = uncompressed.with_suffix(".warc.gz")
    path.write_bytes(gzip.compress(whole))
    report = check(path)
    assert [(f.code, f.offset) for f in report.faults] == [("length", 0)]
    assert report.record_count == 12


# Payload digests of chunked blocks; truncation.


def chunked_file(path: Path, payload: bytes) -> Path:
    digest = sha1([payload])
    head = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        "WARC-Date: 2026-01-17T12:30:45Z\r\nWARC-Target-URI: http://x.example/\r\n"
        f"WARC-Payload-Digest: {digest}\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(CHUNKED)}\r\n\r\n"
    )
    path.write_bytes(packed(head.encode() + CHUNKED + b"\r\n\r\n"))
    return path


@pytest.mark.parametrize(
    ("payload", "meant"),
    [(b"chunked..", "the entity, unchunked"), (CHUNKED.partition(b"\r\n\r\n")[2], "raw chunks")],
)
def test_both_readings_of_a_chunked_payload_are_accepted(
    payload: bytes, meant: str, tmp_path: Path
) -> None:
    report = check(chunked_file(tmp_path / "c.warc.gz", payload))
    assert report.faults == []
    assert next(f.what for f in report.findings if f.code == "payload-chunked").endswith(meant)
    assert check(chunked_file(tmp_path / NAME, payload), ours=True).codes["payload-chunked"] == 1


def test_third_reading_of_a_chunked_payload_is_an_error(tmp_path: Path) -> None:
    assert errors(chunked_file(tmp_path / "c.warc.gz", b"?")) == [("payload-digest", 0)]


SHORT = {
    "body": b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<p>cut",
    "chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ncut",
    "last chunk": CHUNKED[:-5],
}


@pytest.mark.parametrize("case", SHORT)
def test_short_response_must_be_marked(case: str, tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, "w", [], 1 << 30)
    writer.write([with_block(make_capture(), SHORT[case])])
    writer.close()
    path = tmp_path / NAME
    offset = offset_of(path, 1)
    assert warcio_accepts(path)
    assert errors(path, ours=True) == [("short-response", offset)]
    assert found(path) == {("warning", "short-response", offset)}


def test_whole_response_must_not_be_marked(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, "w", [], 1 << 30)
    writer.write([replace(make_capture(), truncated="length")])
    writer.close()
    assert {(s, c) for s, c, _ in found(tmp_path / NAME, ours=True)} == {
        ("warning", "whole-response")
    }


# Revisits. In the good file record 4 repeats the payload of record 1, record 7 is its 304.

REVISITS: dict[str, tuple[int, bytes, bytes, str, str]] = {
    "no original": (4, rb"(-Refers-To: )" + UUID, rb"\1<urn:x:y>", "revisit-original", "warning"),
    "other digest": (4, rb"(Payload-Digest: sha1:)\w{4}", rb"\1AAAA", "revisit-digest", "error"),
    "no digest": (4, rb"WARC-Payload-Digest: .*\r\n", b"", "revisit-digest", "error"),
    "other address": (4, rb"(Refers-To-Target-URI: .*)\r", rb"\1x\r", "revisit", "warning"),
    "other date": (4, rb"(Refers-To-Date: 20)26", rb"\g<1>25", "revisit", "warning"),
    "unknown profile": (4, rb"(revisit/)identical", rb"\1same", "profile", "warning"),
    "304 with a digest": (
        7,
        rb"(WARC-Block-Digest: )",
        rb"WARC-Payload-Digest: sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ\r\n\1",
        "revisit",
        "warning",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REVISITS)
def test_revisit_that_is_not_true_is_found_that_warcio_passes(case: str, warc: Path) -> None:
    number, pattern, new, code, severity = REVISITS[case]
    offset = offset_of(warc, number)
    substitute(warc, number, pattern, new)
    assert warcio_accepts(warc)
    assert found(warc) == {(severity, code, offset)}
    assert errors(warc, ours=True) == [(code, offset)]


def test_truncated_original_of_a_revisit_is_found(warc: Path) -> None:
    substitute(warc, 1, rb"(WARC-Block-Digest)", rb"WARC-Truncated: time\r\n\1")
    offsets = [offset_of(warc, 4), offset_of(warc, 7)]
    assert errors(warc, ours=True) == [("revisit", offset) for offset in offsets]


def test_unknown_word_of_truncation_is_found(warc: Path) -> None:
    substitute(warc, 1, rb"(WARC-Block-Digest)", rb"WARC-Truncated: tired\r\n\1")
    assert ("truncated", offset_of(warc, 1)) in errors(warc, ours=True)
    assert ("warning", "truncated", offset_of(warc, 1)) in found(warc)


# What is no WARC file, and what would harm a careless reader.

HEAD = b"WARC/1.1\r\nWARC-Type: resource\r\n"

NO_WARCS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "text": (b"hello\n" * 1000, "not-warc"),
    "tarball": (b"name".ljust(512, b"\0") * 9, "not-warc"),
    "gzipped text": (packed(b"hello\n" * 1000), "not-warc"),
    "gzip of nothing": (packed(b""), "member"),
    "half a gzip header": (b"\x1f\x8b\x08", "cut"),
    "ARC": (b"filedesc://x.arc 0.0.0.0 1 text/plain 1\n", "arc"),
    "gzipped ARC": (packed(b"filedesc://x.arc 0.0.0.0 1 text/plain 1\n"), "arc"),
    "fields without end": (HEAD + b"X: y\r\n" * 500_000, "fields"),
    "zipped fields without end": (packed(HEAD + b"X: y\r\n" * 500_000), "fields"),
    "one endless field": (HEAD + b"X" * 3_000_000, "fields"),
    "length without end": (HEAD + b"Content-Length: %d\r\n\r\nx" % (1 << 60), "cut"),
    "length beyond all": (HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nx", "length"),
    "negative length": (HEAD + b"Content-Length: -1\r\n\r\nx\r\n\r\n", "length"),
    "many tiny members": (packed(b"WARC/1.1\r\n") + packed(b"X") * 5000, "fields"),
}


@pytest.mark.parametrize("case", NO_WARCS)
@pytest.mark.parametrize("ours", [True, False])
def test_what_is_no_warc_is_a_clear_finding(case: str, ours: bool, tmp_path: Path) -> None:
    data, code = NO_WARCS[case]
    path = tmp_path / "x.warc.gz"
    path.write_bytes(data)
    assert check(path, ours=ours).codes[code] >= 1


def bomb() -> Iterator[bytes]:
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    yield compressor.compress(HEAD + b"Content-Length: 400000000\r\n\r\n")
    for _ in range(400):
        yield compressor.compress(bytes(1_000_000))
    yield compressor.compress(b"\r\n\r\n") + compressor.flush()


@pytest.mark.slow
def test_memory_stays_flat(tmp_path: Path) -> None:
    path = tmp_path / "bomb.warc.gz"
    path.write_bytes(b"".join(bomb()))
    tracemalloc.start()
    report = check(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert report.record_count == 1
    assert peak < 16 * 1024 * 1024


def test_records_within_records_are_not_read_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_reader, "MAX_REREAD_BYTES", 100_000)
    path = tmp_path / "nested.warc"
    path.write_bytes((HEAD + b"Content-Length: 999999999\r\n\r\n\r\n\r\n") * 2000)
    whats = [finding.what for finding in check(path).faults]
    assert whats.count("records seem to begin within its block; they were not looked at") == 1


def test_findings_without_number_are_counted_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    record = packed(HEAD + b"Content-Length: 0\r\n\r\n\r\n\r\n")
    path.write_bytes(record * 3000)
    report = check(path)
    assert report.codes["missing-field"] == 9000
    assert len(report.findings) < 5000


# Any bytes at all.

PIECES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [b"WARC/1.1\r\n", b"\r\n\r\n", b"Content-Length: 5\r\n", b"WARC-Type: response\r\n",
         b"\x1f\x8b\x08", b"WARC-Date: 2026\r\n", b"HTTP/1.1 200 OK\r\n", b"PK\x03\x04",
         b"Content-Type: application/http\r\n", b"Transfer-Encoding: chunked\r\n",
         b"WARC-Block-Digest: sha1:=\r\n", b"WARC-Payload-Digest: md5:\r\n", b" folded\r\n"]
    ),
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.tuples(st.booleans(), st.lists(PIECES, max_size=12)), max_size=6))
def test_any_bytes_give_findings_and_nothing_worse(parts: list[tuple[bool, list[bytes]]]) -> None:
    data = b"".join(packed(b"".join(ps)) if zipped else b"".join(ps) for zipped, ps in parts)
    for ours in (True, False):
        report, links = FileReport("x", ours=ours), Links(ours=ours)
        source = check_stream(io.BytesIO(data), report, links, hashed=True)
        links.end()
        assert source.size == len(data)
        assert source.sha256 == hashlib.sha256(data).hexdigest()


@pytest.fixture(scope="module")
def good_bytes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("good")
    return {
        "ours": write_good_file(folder).read_bytes(),
        "warcio": write_with_warcio(folder / "f.warc", compressed=False).read_bytes(),
    }


@settings(max_examples=300)
@given(st.data())
def test_any_damage_to_a_good_file_gives_findings_and_nothing_worse(
    good_bytes: dict[str, bytes], data: st.DataObject
) -> None:
    whole = good_bytes[data.draw(st.sampled_from(["ours", "warcio"]))]
    start = data.draw(st.integers(0, 10**9)) % len(whole)
    stop = min(len(whole), start + data.draw(st.sampled_from([0, 1, 7, 5000])))
    damaged = whole[:start] + data.draw(st.binary(max_size=20)) + whole[stop:]
    report, links = FileReport("x", ours=False), Links(ours=False)
    check_stream(io.BytesIO(damaged), report, links)
    links.end()
    assert report.record_count <= 60
