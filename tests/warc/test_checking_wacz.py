"""WACZ packages, good and bad; the packages are made here, by Python's own zipfile."""

import gzip
import hashlib
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cacnp_archive.maintenance.verify import verify_files
from cacnp_archive.warc.cdxj import cdxj_lines
from cacnp_archive.warc.checking.findings import Severity
from cacnp_archive.warc.checking.record_links import Links
from cacnp_archive.warc.checking.wacz_package import check_wacz
from tests.support.warc_files import NAME, write_good_file

WARC = f"archive/{NAME}"
INDEX = "indexes/index.cdxj"
PAGES = "pages/pages.jsonl"
DATAPACKAGE = "datapackage.json"
DIGEST = "datapackage-digest.json"

PAGE_LINES = [
    {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"},
    {"url": "https://armscontrolcenter.org/", "ts": "2026-01-17T12:30:45Z", "title": "Home"},
]


def lines(values: list[dict[str, str]]) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


@dataclass
class Package:
    """What goes into a package; `listed` members stand in its data package."""

    members: dict[str, bytes]
    deflated: set[str] = field(default_factory=set)
    unlisted: set[str] = field(default_factory=set)
    changed: dict[str, bytes] = field(default_factory=dict)
    """Put in after the data package was made."""
    resources: Callable[[list[dict[str, object]]], object] = lambda _: None

    def write(self, path: Path) -> Path:
        resources: list[dict[str, object]] = [
            {
                "name": name.rpartition("/")[2],
                "path": name,
                "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
                "bytes": len(data),
            }
            for name, data in self.members.items()
            if name not in self.unlisted
        ]
        self.resources(resources)
        package = {"profile": "data-package", "wacz_version": "1.1.1", "resources": resources}
        datapackage = json.dumps(package).encode()
        digest = {
            "path": DATAPACKAGE,
            "hash": f"sha256:{hashlib.sha256(datapackage).hexdigest()}",
        }
        members = {
            **self.members,
            DATAPACKAGE: datapackage,
            DIGEST: json.dumps(digest).encode(),
            **self.changed,
        }
        with zipfile.ZipFile(path, "w") as package_file:
            for name, data in members.items():
                how = zipfile.ZIP_DEFLATED if name in self.deflated else zipfile.ZIP_STORED
                package_file.writestr(name, data, how)
        return path


@pytest.fixture(scope="module")
def warc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_good_file(tmp_path_factory.mktemp("good"))


@pytest.fixture
def package(warc: Path) -> Package:
    return Package(
        {
            WARC: warc.read_bytes(),
            INDEX: "".join(cdxj_lines(warc)).encode(),
            PAGES: lines(PAGE_LINES),
        }
    )


def faults(path: Path) -> set[tuple[str, str]]:
    """Return the member and the code of each fault."""
    result = verify_files([path], lambda _: None)
    return {(f.file.removeprefix(str(path)).lstrip("!"), f.code) for f in result.findings}


def test_good_package_has_no_finding(package: Package, tmp_path: Path) -> None:
    result = verify_files([package.write(tmp_path / "x.wacz")], lambda _: None)
    assert [str(f) for report in result.reports for f in report.findings] == []
    assert result.record_count > 20


def test_index_and_pages_may_be_deflated_and_the_index_gzipped(
    package: Package, tmp_path: Path
) -> None:
    package.members["indexes/index.cdx.gz"] = gzip.compress(package.members.pop(INDEX))
    package.members["indexes/index.idx"] = b"com,example)/ 2026 {}\n"
    package.deflated = {PAGES, DATAPACKAGE}
    assert faults(package.write(tmp_path / "x.wacz")) == set()


@pytest.mark.parametrize(
    ("lost", "expected"),
    [
        (PAGES, {("", "pages")}),
        (INDEX, {("", "index"), (WARC, "index")}),
        (WARC, {("", "datapackage"), (INDEX, "index"), (PAGES, "pages")}),
    ],
)
def test_missing_part_is_found(
    lost: str, expected: set[tuple[str, str]], package: Package, tmp_path: Path
) -> None:
    del package.members[lost]
    assert faults(package.write(tmp_path / "x.wacz")) == expected


def test_deflated_warc_is_found_and_still_checked(package: Package, tmp_path: Path) -> None:
    package.deflated = {WARC}
    path = package.write(tmp_path / "x.wacz")
    assert faults(path) == {(WARC, "deflated")}
    assert verify_files([path], lambda _: None).record_count > 20


def test_unlisted_resource_is_found(package: Package, tmp_path: Path) -> None:
    package.unlisted = {PAGES}
    assert faults(package.write(tmp_path / "x.wacz")) == {(PAGES, "resource")}


def test_changed_resource_is_found(package: Package, tmp_path: Path) -> None:
    package.changed = {PAGES: lines(PAGE_LINES) + lines(PAGE_LINES[1:])}
    assert faults(package.write(tmp_path / "x.wacz")) == {(PAGES, "resource")}


def test_changed_warc_is_found_by_its_record_and_its_resource(
    package: Package, tmp_path: Path
) -> None:
    data = bytearray(package.members[WARC])
    data[len(data) // 2] ^= 1
    package.changed = {WARC: bytes(data)}
    found = faults(package.write(tmp_path / "x.wacz"))
    assert {(WARC, "gzip"), (WARC, "resource")} <= found


def test_changed_datapackage_is_found(package: Package, tmp_path: Path) -> None:
    package.changed = {DIGEST: b'{"path": "datapackage.json", "hash": "sha256:00"}'}
    assert faults(package.write(tmp_path / "x.wacz")) == {(DATAPACKAGE, "resource")}


def test_listed_resource_that_is_missing_is_found(package: Package, tmp_path: Path) -> None:
    package.resources = lambda found: found.append({"path": "archive/none.warc.gz"})
    assert faults(package.write(tmp_path / "x.wacz")) == {("", "resource")}


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff", b"{}", b"[" * 100_000])
def test_datapackage_that_is_none_is_found(data: bytes, package: Package, tmp_path: Path) -> None:
    package.changed = {DATAPACKAGE: data}
    assert ("", "datapackage") in faults(package.write(tmp_path / "x.wacz"))


def test_unsorted_index_is_found(package: Package, tmp_path: Path) -> None:
    index = package.members[INDEX].splitlines(keepends=True)
    package.members[INDEX] = b"".join(reversed(index))
    assert faults(package.write(tmp_path / "x.wacz")) == {(INDEX, "index")}


def test_index_line_that_leads_elsewhere_is_found(package: Package, tmp_path: Path) -> None:
    package.members[INDEX] = package.members[INDEX].replace(b'"offset": "', b'"offset": "1', 1)
    found = faults(package.write(tmp_path / "x.wacz"))
    assert found == {(INDEX, "index"), (WARC, "index")}


def edit_index(package: Package, pattern: bytes, new: bytes) -> None:
    package.members[INDEX], count = re.subn(pattern, new, package.members[INDEX], count=1)
    assert count == 1


def codes(path: Path) -> set[tuple[str, str]]:
    result = verify_files([path], lambda _: None)
    return {(f.severity.value, f.code) for report in result.reports for f in report.findings}


@pytest.mark.parametrize("fraction", [b"123", b"123456000"])  # fewer digits than the record, more
def test_index_may_have_the_fraction_of_a_second(
    fraction: bytes, package: Package, tmp_path: Path
) -> None:
    index = package.members[INDEX].replace(b" 20260117123045 ", b" 20260117123045%b " % fraction)
    assert index != package.members[INDEX]
    package.members[INDEX] = index
    assert codes(package.write(tmp_path / "x.wacz")) == set()


@pytest.mark.parametrize(
    "time", [b"20260117123045999", b"20260117123046", b"20260117123045123456Z", b""]
)
def test_index_with_another_time_is_found(time: bytes, package: Package, tmp_path: Path) -> None:
    edit_index(package, rb" 20260117123045 ", b" " + time + b" ")
    findings = verify_files([package.write(tmp_path / "x.wacz")], lambda _: None).findings
    assert {f.code for f in findings} == {"index"}
    assert any("the time is" in f.what for f in findings)


@pytest.mark.parametrize(("short", "code"), [(4, "index-length"), (5, "index")])
def test_index_may_leave_out_only_the_trailer_of_a_record(
    short: int, code: str, package: Package, tmp_path: Path
) -> None:
    match = re.search(rb'"length": "(\d+)"', package.members[INDEX])
    assert match
    edit_index(package, match[0], b'"length": "%d"' % (int(match[1]) - short))
    severity = "warning" if code == "index-length" else "error"
    assert codes(package.write(tmp_path / "x.wacz")) == {(severity, code)}


def test_multi_wacz_is_named_and_not_taken_for_a_broken_package(
    package: Package, tmp_path: Path
) -> None:
    package.changed = {DATAPACKAGE: b'{"profile": "multi-wacz-package", "resources": []}'}
    assert faults(package.write(tmp_path / "x.wacz")) == {("", "not-read")}


def test_datapackage_without_profile_and_version_is_found(package: Package, tmp_path: Path) -> None:
    path = package.write(tmp_path / "x.wacz")
    with zipfile.ZipFile(path) as whole:
        value = json.loads(whole.read(DATAPACKAGE))
    del value["profile"], value["wacz_version"]
    package.changed = {DATAPACKAGE: json.dumps(value).encode()}
    assert ("", "datapackage") in faults(package.write(path))


def test_signature_is_reported_as_not_checked(package: Package, tmp_path: Path) -> None:
    path = package.write(tmp_path / "x.wacz")
    with zipfile.ZipFile(path) as whole:
        digest = json.loads(whole.read("datapackage-digest.json"))
    digest["signedData"] = {"hash": digest["hash"], "signature": "c2lnbmF0dXJl"}
    package.changed = {"datapackage-digest.json": json.dumps(digest).encode()}
    assert codes(package.write(path)) == {("warning", "signature")}


BAD_PAGES = {
    "no JSON": b"page\n",
    "no object": b"[1]\n",
    "no address": b'{"ts": "2026-01-17T12:30:45Z"}\n',
    "no time": b'{"url": "https://armscontrolcenter.org/"}\n',
    "never captured": b'{"url": "https://armscontrolcenter.org/never/", "ts": "2026"}\n',
}


@pytest.mark.parametrize("case", BAD_PAGES)
def test_page_that_is_not_true_is_found(case: str, package: Package, tmp_path: Path) -> None:
    package.members[PAGES] += BAD_PAGES[case]
    assert faults(package.write(tmp_path / "x.wacz")) == {(PAGES, "pages")}


def test_page_of_another_time_is_a_note(package: Package, tmp_path: Path) -> None:
    package.members[PAGES] = package.members[PAGES].replace(b"2026-01-17", b"2026-01-18")
    result = verify_files([package.write(tmp_path / "x.wacz")], lambda _: None)
    assert result.counts == {Severity.NOTE: 1}


@pytest.mark.parametrize("lost", [1, 30, 5000])
def test_cut_package_is_found(lost: int, package: Package, tmp_path: Path) -> None:
    path = package.write(tmp_path / "x.wacz")
    path.write_bytes(path.read_bytes()[:-lost])
    assert faults(path) == {("", "zip")}


def test_flipped_bit_anywhere_is_found(package: Package, tmp_path: Path) -> None:
    path = package.write(tmp_path / "x.wacz")
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as zipped:
        contents = [(info.header_offset + 30 + len(info.filename), info.file_size)
                    for info in zipped.infolist()]  # fmt: skip
    for begin, size in contents:
        for at in range(begin, begin + size, max(1, size // 20)):
            damaged = bytearray(whole)
            damaged[at] ^= 1 << at % 8
            path.write_bytes(damaged)
            assert "zip" in {code for _, code in faults(path)}, at


def test_what_is_called_wacz_and_is_none_is_found(tmp_path: Path) -> None:
    path = tmp_path / "x.wacz"
    path.write_bytes(b"not a zip")
    assert faults(path) == {("", "zip")}


@settings(max_examples=200)
@given(st.data())
def test_any_damage_to_a_package_gives_findings_and_nothing_worse(
    warc: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    package = Package({WARC: warc.read_bytes()[:3000], INDEX: b"x 2026 {}\n", PAGES: b"{}\n"})
    package.deflated = {PAGES, DATAPACKAGE}
    path = package.write(tmp_path_factory.getbasetemp() / "damaged.wacz")
    whole = path.read_bytes()
    # The end of a package says where everything lies: half of the damage is done there.
    at = data.draw(st.one_of(st.integers(0, 5500), st.integers(3000, 4500)))
    stop = at + data.draw(st.sampled_from([0, 1, 4, 100]))
    path.write_bytes(whole[:at] + data.draw(st.binary(max_size=8)) + whole[stop:])
    with path.open("rb") as stream:
        reports = check_wacz(stream, "x", Links(ours=False))
    assert reports
