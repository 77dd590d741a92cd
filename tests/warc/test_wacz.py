"""A package is what the specification of WACZ says, whatever its size and whatever goes wrong."""

import hashlib
import json
import os
import random
import resource
import subprocess
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cacnp_archive.model.errors import ArchiveError, UsageError
from cacnp_archive.warc import wacz
from cacnp_archive.warc.cdxj import cdxj_lines
from cacnp_archive.warc.manifest import ManifestEntry, file_sha256
from cacnp_archive.warc.writer import WarcWriter
from tests.support.captures import make_capture

MOMENT = datetime(2026, 1, 17, 12, 30, 45, 123456, tzinfo=UTC)
EMPTY_SHA1 = "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"


def packable(path: Path, index: str = "") -> wacz.WaczFile:
    """Return a file with an index, registered as complete."""
    index_path = path.with_name(path.name + ".cdxj")
    index_path.write_text(index)
    return wacz.WaczFile(
        path, index_path, ManifestEntry(path.name, path.stat().st_size, file_sha256(path), "")
    )


def content_of(*files: wacz.WaczFile) -> wacz.WaczContent:
    page = wacz.WaczPage("https://armscontrolcenter.org/", MOMENT, "Title “quoted”", "1", None)
    return wacz.WaczContent(
        title="title",
        description="description",
        created=MOMENT,
        software="test",
        files=list(files),
        pages=[page],
        has_text=False,
        crawls=[{"id": "1"}],
    )


@pytest.fixture
def warc(tmp_path: Path) -> wacz.WaczFile:
    writer = WarcWriter(tmp_path, "one", [("software", "test")], 1 << 30)
    urls = [f"https://armscontrolcenter.org/{name}" for name in ("b", "a", "é", "A?x=1")]
    writer.write([make_capture(url) for url in urls])
    writer.close()
    path = tmp_path / "one-00001.warc.gz"
    return packable(path, "".join(cdxj_lines(path)))


def test_members_are_those_of_the_specification(warc: wacz.WaczFile, tmp_path: Path) -> None:
    written = wacz.write_wacz(content_of(warc), tmp_path / "x.wacz")
    with zipfile.ZipFile(tmp_path / "x.wacz") as package:
        assert package.namelist() == [
            "archive/one-00001.warc.gz",
            "indexes/index.cdxj",
            "pages/pages.jsonl",
            "logs/crawls.jsonl",
            "datapackage.json",
            "datapackage-digest.json",
        ]
        assert package.read("archive/one-00001.warc.gz") == warc.path.read_bytes()
        assert package.infolist()[0].compress_type == zipfile.ZIP_STORED
        header, page = map(json.loads, package.read("pages/pages.jsonl").splitlines())
        assert header == {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
        assert page == {
            "id": "1",
            "url": "https://armscontrolcenter.org/",
            "ts": "2026-01-17T12:30:45Z",
            "title": "Title “quoted”",
        }
        described = json.loads(package.read("datapackage.json"))
        assert described["profile"] == "data-package"
        assert described["wacz_version"] == "1.1.1"
        assert described["created"] == "2026-01-17T12:30:45Z"
        assert described["mainPageUrl"] == page["url"]
        assert described["mainPageDate"] == page["ts"]
        assert [member["path"] for member in described["resources"]] == package.namelist()[:-2]
        for member in described["resources"]:
            data = package.read(member["path"])
            assert member["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
            assert member["bytes"] == len(data)
            assert member["name"] == member["path"].split("/")[1]
        assert json.loads(package.read("datapackage-digest.json")) == {
            "path": "datapackage.json",
            "hash": f"sha256:{hashlib.sha256(package.read('datapackage.json')).hexdigest()}",
        }
    assert written == wacz.WrittenWacz((tmp_path / "x.wacz").stat().st_size, 1)


def test_same_content_gives_the_same_bytes(warc: wacz.WaczFile, tmp_path: Path) -> None:
    for name in ("x.wacz", "y.wacz"):
        wacz.write_wacz(content_of(warc), tmp_path / name)
    assert (tmp_path / "x.wacz").read_bytes() == (tmp_path / "y.wacz").read_bytes()


def test_merged_index_is_sorted_as_by_sort(tmp_path: Path) -> None:
    chance = random.Random(1)
    paths = []
    for number in range(7):
        urls = {f"org,é{chance.choice('aB~%/ ')})/{chance.randrange(500)}" for _ in range(300)}
        lines = [f'{url} 20260117 {{"offset": "{number}"}}\n'.encode() for url in urls]
        paths.append(tmp_path / f"{number}.cdxj")
        paths[-1].write_bytes(b"".join(sorted(lines)))
    merged = b"".join(wacz.merged_index(paths))
    command = ["sort", *map(str, paths)]
    by_sort = subprocess.run(command, env={"LC_ALL": "C"}, capture_output=True, check=True)
    assert merged == by_sort.stdout


def test_more_files_than_may_be_open_are_merged(tmp_path: Path, few_descriptors: int) -> None:
    paths = [tmp_path / f"{number:03}.cdxj" for number in range(few_descriptors * 2)]
    for path in paths:
        path.write_text(f"{path.stem} 1 {{}}\n")
    assert len(list(wacz.merged_index(paths))) == len(paths)


@pytest.fixture
def few_descriptors() -> Iterator[int]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    few = len(list(Path("/proc/self/fd").iterdir())) + 20
    resource.setrlimit(resource.RLIMIT_NOFILE, (few, hard))
    yield few
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.slow
def test_memory_is_flat(tmp_path: Path) -> None:
    path = tmp_path / "large.warc.gz"
    with path.open("wb") as stream:
        for _ in range(200):
            stream.write(os.urandom(1024) * 1024)
    large = packable(path)
    tracemalloc.start()
    try:
        written = wacz.write_wacz(content_of(large), tmp_path / "x.wacz")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert written.size > 200 * 1024 * 1024
    assert peak < 8 * 1024 * 1024


def test_large_members_are_zip64(
    warc: wacz.WaczFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 3000)  # in truth 2 GB
    wacz.write_wacz(content_of(warc), tmp_path / "x.wacz")
    with zipfile.ZipFile(tmp_path / "x.wacz") as package:
        assert package.infolist()[0].extract_version == 45
        assert package.read("archive/one-00001.warc.gz") == warc.path.read_bytes()


def test_changed_file_is_not_packaged(warc: wacz.WaczFile, tmp_path: Path) -> None:
    data = bytearray(warc.path.read_bytes())
    data[100] ^= 1
    warc.path.write_bytes(data)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ArchiveError, match="is not what it was when it was completed"):
        wacz.write_wacz(content_of(warc), tmp_path / "x.wacz")
    assert sorted(tmp_path.iterdir()) == before


def test_package_that_reads_back_wrong_gets_no_name(
    warc: wacz.WaczFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damage(descriptor: int) -> None:
        os.pwrite(descriptor, b"\0", 200)

    monkeypatch.setattr("os.fsync", damage)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ArchiveError, match="cannot be read back") as raised:
        wacz.write_wacz(content_of(warc), tmp_path / "x.wacz")
    assert raised.value.exit_code == 4
    assert sorted(tmp_path.iterdir()) == before


def test_what_a_killed_process_left_is_overwritten(warc: wacz.WaczFile, tmp_path: Path) -> None:
    (tmp_path / "x.wacz.part").write_bytes(bytes(1_000_000))
    written = wacz.write_wacz(content_of(warc), tmp_path / "x.wacz")
    assert written.size < 100_000
    assert not (tmp_path / "x.wacz.part").exists()


def test_two_processes_do_not_write_one_package(warc: wacz.WaczFile, tmp_path: Path) -> None:
    def second_process(_name: str) -> None:
        with pytest.raises(UsageError, match="another process is writing"):
            wacz.write_wacz(content_of(warc), tmp_path / "x.wacz")

    wacz.write_wacz(content_of(warc), tmp_path / "x.wacz", second_process)
    assert zipfile.ZipFile(tmp_path / "x.wacz").testzip() is None
