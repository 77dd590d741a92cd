"""An archive is damaged in one place; `verify` names the place, and nothing else."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cacnp_archive.maintenance.verify import Verification, verify_archive
from cacnp_archive.model.archive import Archive
from cacnp_archive.warc.reader import StoredRecord, read_records
from tests.conftest import BIN, run
from tests.crash.victim import archive_captures, kill_in_child
from tests.support.command import command
from tests.support.warc_files import (
    write_good_file,
    write_with_warcio,
)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("good") / "data"
    assert kill_in_child(lambda: archive_captures(folder, 1)).exit_code == 0
    return folder


@pytest.fixture
def archive(good: Path, tmp_path: Path) -> Archive:
    """Return a copy of an archive of several files, to be damaged."""
    archive = Archive(Path(shutil.copytree(good, tmp_path / "data")))
    assert verify_archive(archive).findings == []
    return archive


def warcs(archive: Archive) -> list[Path]:
    paths = sorted(archive.warc_folder.glob("*.warc.gz"))
    assert len(paths) >= 3
    return paths


def first_warc(archive: Archive) -> Path:
    return warcs(archive)[0]


def index_of(archive: Archive, path: Path) -> Path:
    return archive.index_folder / f"{path.name}.cdxj"


def places(result: Verification) -> set[tuple[str, str, int | None]]:
    return {(finding.file, finding.code, finding.offset) for finding in result.findings}


def edit_lines(path: Path, change: Callable[[list[bytes]], object]) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    change(lines)
    path.write_bytes(b"".join(lines))


# The index.


def test_unsorted_index_is_found(archive: Archive) -> None:
    path = index_of(archive, first_warc(archive))
    edit_lines(path, lambda lines: lines.reverse())
    codes = {(f.file, f.code, f.what) for f in verify_archive(archive).findings}
    assert codes == {(path.name, "index", "the line is not sorted by its bytes")}


def test_index_line_that_leads_elsewhere_is_found(archive: Archive) -> None:
    path = index_of(archive, first_warc(archive))
    line = path.read_bytes().splitlines(keepends=True)[2]
    offset = int(json.loads(line.split(b" ", 2)[2])["offset"])
    edit_lines(
        path,
        lambda lines: lines.__setitem__(
            2, line.replace(b'"offset": "%d"' % offset, b'"offset": "%d"' % (offset + 1))
        ),
    )
    place = path.read_bytes().index(b'"offset": "%d"' % (offset + 1))
    begin = path.read_bytes().rindex(b"\n", 0, place) + 1
    assert places(verify_archive(archive)) == {
        (path.name, "index", begin),
        (first_warc(archive).name, "index", offset),
    }


INDEX_LIES = {
    "length": (b'"length": "', b'"length": "1', "the length is"),
    "address": (b'"url": "https://', b'"url": "https://x.', "the address is"),
    "file": (b'"filename": "', b'"filename": "x', "which is not here"),
    "time": (b" 2026", b" 2025", "the time is"),
    "no JSON": (b" {", b" ", "no line of an index"),
    "no number": (b'"offset": "', b'"offset": Infinity, "x": "', "no line of an index"),
    "no offset": (b'"offset"', b'"0ffset"', "no line of an index"),
}


@pytest.mark.parametrize("lie", INDEX_LIES)
def test_index_line_that_is_not_true_is_found(lie: str, archive: Archive) -> None:
    path = index_of(archive, first_warc(archive))
    old, new, what = INDEX_LIES[lie]
    edit_lines(path, lambda lines: lines.__setitem__(0, lines[0].replace(old, new, 1)))
    (finding,) = (
        f for f in verify_archive(archive).findings if f.file == path.name and f.offset == 0
    )
    assert what in finding.what


def test_missing_index_line_is_found(archive: Archive) -> None:
    path = index_of(archive, first_warc(archive))
    lost = path.read_bytes().splitlines()[1]
    edit_lines(path, lambda lines: lines.pop(1))
    offset = int(json.loads(lost.split(b" ", 2)[2])["offset"])
    assert places(verify_archive(archive)) == {(first_warc(archive).name, "index", offset)}


def test_missing_index_is_found(archive: Archive) -> None:
    index_of(archive, first_warc(archive)).unlink()
    assert places(verify_archive(archive)) == {(first_warc(archive).name, "index", None)}


def test_index_of_nothing_is_found(archive: Archive) -> None:
    shutil.copy(index_of(archive, first_warc(archive)), archive.index_folder / "x.warc.gz.cdxj")
    assert places(verify_archive(archive)) == {("x.warc.gz.cdxj", "index", None)}


# The manifest.


def chained(lines: list[bytes]) -> list[bytes]:
    """Return the lines with a chain that holds."""
    previous, result = "", []
    for line in lines:
        entry = {**json.loads(line), "previous": previous}
        result.append(json.dumps(entry).encode() + b"\n")
        previous = hashlib.sha256(result[-1]).hexdigest()
    return result


def test_changed_manifest_line_breaks_the_chain_behind_it(archive: Archive) -> None:
    edit_lines(
        archive.manifest_path,
        lambda lines: lines.__setitem__(0, lines[0].replace(b'"file"', b'"file" ')),
    )
    second = len(archive.manifest_path.read_bytes().splitlines(keepends=True)[0])
    assert places(verify_archive(archive)) == {("manifest.jsonl", "manifest", second)}


@pytest.mark.parametrize("number", [0, 1, -1])
def test_manifest_line_taken_out_is_found(number: int, archive: Archive) -> None:
    edit_lines(archive.manifest_path, lambda lines: lines.pop(number))
    findings = verify_archive(archive).findings
    assert warcs(archive)[number].name + " is complete but not listed" in findings[-1].what
    assert len(findings) == (1 if number == -1 else 2)


def test_manifest_line_taken_out_and_chained_anew_is_found(archive: Archive) -> None:
    lines = archive.manifest_path.read_bytes().splitlines(keepends=True)
    archive.manifest_path.write_bytes(b"".join(chained(lines[1:])))
    (finding,) = verify_archive(archive).findings
    assert finding.what.startswith(f"{first_warc(archive).name} is complete but not listed")


def test_inserted_manifest_line_is_found(archive: Archive) -> None:
    edit_lines(archive.manifest_path, lambda lines: lines.insert(1, lines[0]))
    whats = [finding.what for finding in verify_archive(archive).findings]
    assert f"{first_warc(archive).name} is listed a second time" in whats
    assert sum("does not follow" in what for what in whats) == 1


@pytest.mark.parametrize("line", [b"nonsense\n", b"[]\n", b"{}\n", b"\xff\n", b'{"file": 1}\n'])
def test_manifest_line_that_is_no_entry_is_found(line: bytes, archive: Archive) -> None:
    size = archive.manifest_path.stat().st_size
    edit_lines(archive.manifest_path, lambda lines: lines.append(line))
    assert places(verify_archive(archive)) == {("manifest.jsonl", "manifest", size)}


def test_missing_manifest_is_found(archive: Archive) -> None:
    archive.manifest_path.unlink()
    assert len(verify_archive(archive).findings) == len(warcs(archive))


def test_file_changed_after_the_manifest_is_found_though_every_record_is_whole(
    archive: Archive,
) -> None:
    path = first_warc(archive)
    data = bytearray(path.read_bytes())
    data[4] ^= 1  # the time in a gzip header: no reader looks at it
    path.write_bytes(data)
    (finding,) = verify_archive(archive).findings
    assert (finding.file, finding.offset) == ("manifest.jsonl", 0)
    assert finding.what.startswith(f"{path.name} has changed: ")


def test_record_lost_with_its_last_byte_is_found_by_row_index_and_manifest(
    archive: Archive,
) -> None:
    path = first_warc(archive)
    records = list(read_records(path))
    last = max(
        (record for record in records if record.record_type == "response"),
        key=lambda record: record.offset,
    )
    os.truncate(path, last.offset)
    assert run(BIN / "warcio", "check", path).returncode == 0
    result = verify_archive(archive)
    codes = {(finding.file, finding.code) for finding in result.findings}
    assert codes == {
        (path.name, "missing-record"),
        (f"{path.name}.cdxj", "index"),
        ("manifest.jsonl", "manifest"),
    }
    assert (path.name, "missing-record", last.offset) in places(result)


def test_missing_file_is_found(archive: Archive) -> None:
    path = first_warc(archive)
    path.unlink()
    assert {
        (path.name, "missing-file", None),
        ("manifest.jsonl", "manifest", 0),
        (f"{path.name}.cdxj", "index", None),
    } == places(verify_archive(archive))


def test_record_that_stands_in_two_files_is_found(archive: Archive) -> None:
    path = first_warc(archive)
    twin = Path(shutil.copy(path, archive.warc_folder / "z-00001.warc.gz"))
    codes = [f.code for f in verify_archive(archive).findings if f.file == twin.name]
    assert codes.count("duplicate-id") == len(list(read_records(path)))


def test_record_without_a_row_is_found(archive: Archive) -> None:
    foreign = archive.warc_folder / "w-00001.warc.gz"
    write_good_file(archive.warc_folder)
    records: list[StoredRecord] = list(read_records(foreign))
    codes = [f.code for f in verify_archive(archive).findings if f.file == foreign.name]
    assert codes.count("missing-row") == 9 < len(records)


# What a crash or a running crawl leaves.


def open_again(archive: Archive) -> Path:
    """Leave the last file as a crash leaves it."""
    path = warcs(archive)[-1]
    index_of(archive, path).unlink()
    edit_lines(archive.manifest_path, lambda lines: lines.pop())
    return path.rename(path.with_name(path.name + ".open"))


def test_file_being_written_is_a_note(archive: Archive) -> None:
    path = open_again(archive)
    with path.open("ab") as stream:
        stream.write(path.read_bytes()[:100])
    result = verify_archive(archive)
    assert result.findings == []
    found = {(f.severity.value, f.code) for report in result.reports for f in report.findings}
    assert found == {("note", "open"), ("warning", "cut")}
    run_result = command("--data-dir", archive.folder, "verify")
    assert run_result.returncode == 0
    assert run_result.stdout.splitlines()[-1].endswith(" rows; 1 warnings, 1 notes")


def test_torn_end_that_a_crash_left_is_a_note(archive: Archive) -> None:
    (archive.warc_folder / "x.warc.gz.torn").write_bytes(b"torn")
    result = verify_archive(archive)
    assert result.findings == []
    assert [str(f) for report in result.reports for f in report.findings] == [
        "x.warc.gz.torn: note: the torn end of a file that a crash left"
    ]


# The command.


def test_good_archive_is_said_to_be_good_in_one_line(archive: Archive) -> None:
    result = command("--data-dir", archive.folder, "verify")
    found = verify_archive(archive)
    assert result.returncode == 0
    assert result.stdout == (
        f"all good: {found.record_count} records in {found.file_count} WARC files, 60 rows\n"
    )


def test_findings_are_told_to_people_and_to_programs(archive: Archive) -> None:
    path = first_warc(archive)
    offset = path.stat().st_size
    path.write_bytes(path.read_bytes() + b"x")
    told = command("--data-dir", archive.folder, "verify")
    assert told.returncode == 1
    line = f"{path.name}:{offset}: error: there are bytes outside of a gzip member"
    assert line in told.stdout.splitlines()
    assert told.stdout.splitlines()[-1].startswith("2 faults: ")
    document = json.loads(command("--data-dir", archive.folder, "verify", "--json").stdout)
    assert document["faults"] == 2
    assert document["rows"] == 60
    (file,) = (file for file in document["files"] if file["file"] == path.name)
    assert file["findings"] == [
        {
            "offset": offset,
            "record_id": None,
            "severity": "error",
            "code": "garbage",
            "what": "there are bytes outside of a gzip member",
        }
    ]


def test_files_of_others_are_checked_by_the_standard_alone(tmp_path: Path) -> None:
    paths = [
        write_with_warcio(tmp_path / "a.warc.gz", compressed=True),
        write_with_warcio(tmp_path / "b.warc", compressed=False),
    ]
    result = command("verify", *paths)
    assert result.returncode == 0, result.stdout
    assert result.stdout.splitlines()[-1].startswith("all good: 26 records in 2 files; ")
    document = json.loads(command("verify", "--json", *paths).stdout)
    assert (document["faults"], document["rows"]) == (0, None)
    assert [file["records"] for file in document["files"]] == [13, 13]


def test_many_findings_are_cut_off_for_people(tmp_path: Path) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(b"WARC/1.1\r\nContent-Length: 0\r\n\r\n\r\n\r\n" * 60)
    result = command("verify", path)
    errors = [line for line in result.stdout.splitlines() if ": error: " in line]
    assert len(errors) == 50
    assert "... and 130 more" in result.stdout
    assert result.stdout.splitlines()[-1] == "180 faults: 60 records in 1 files; 62 notes"


def test_no_such_file_is_bad_usage(tmp_path: Path) -> None:
    result = command("verify", tmp_path / "none.warc.gz")
    assert result.returncode == 2
    assert "does not exist" in result.stderr


def test_folder_is_a_clear_finding(tmp_path: Path) -> None:
    result = command("verify", tmp_path)
    assert result.returncode == 1
    assert result.stdout.splitlines()[0] == (
        f"{tmp_path}: error: the file cannot be read: Is a directory"
    )


def test_revisit_may_refer_to_another_of_the_files(tmp_path: Path) -> None:
    write_good_file(tmp_path)
    whole = tmp_path / "w-00001.warc.gz"
    data = whole.read_bytes()
    revisit = next(r for r in read_records(whole) if r.record_type == "revisit")
    (tmp_path / "first.warc.gz").write_bytes(data[: revisit.offset])
    (tmp_path / "second.warc.gz").write_bytes(data[revisit.offset :])
    one = command("verify", tmp_path / "second.warc.gz")
    assert "its original, urn:uuid:" in one.stdout
    both = command("verify", tmp_path / "first.warc.gz", tmp_path / "second.warc.gz")
    assert "its original" not in both.stdout
    assert (one.returncode, both.returncode) == (0, 0)
