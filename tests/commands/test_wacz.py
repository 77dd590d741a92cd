"""`cacnp-archive wacz`, run as a user runs it, on archives that real crawls made."""

import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cacnp_archive.model.archive import Archive
from cacnp_archive.warc.manifest import file_sha256
from tests.conftest import BIN, ROOT, SEED_PAGE, CrawledReplica, run, with_small_files
from tests.support.command import command
from tests.support.recrawled import Recrawled

COMMAND = BIN / "cacnp-archive"
WACZ = ROOT / ".venv-replay" / "bin" / "wacz"


class Opened:
    """A package, read without the project's code."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.zip = zipfile.ZipFile(path)
        self.index = [_index_line(line) for line in self.lines("indexes/index.cdxj")]
        self.page_header, *self.pages = map(json.loads, self.lines("pages/pages.jsonl"))
        self.described = json.loads(self.zip.read("datapackage.json"))

    def lines(self, name: str) -> list[str]:
        return self.zip.read(name).decode().splitlines()

    @property
    def warc_names(self) -> list[str]:
        names = self.zip.namelist()
        return [name.removeprefix("archive/") for name in names if name.startswith("archive/")]

    def record(self, line: dict[str, Any]) -> bytes:
        """Return a record as a viewer reads it: a piece of the file, by the index."""
        info = self.zip.getinfo(f"archive/{line['filename']}")
        with self.path.open("rb") as stream:
            stream.seek(info.header_offset + 26)
            lengths = stream.read(4)
            behind = int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
            stream.seek(info.header_offset + 30 + behind + int(line["offset"]))
            member = stream.read(int(line["length"]))
        inflater = zlib.decompressobj(31)
        plain = inflater.decompress(member)
        assert inflater.eof
        assert inflater.unused_data == b""
        return plain


def _index_line(line: str) -> dict[str, Any]:
    key, timestamp, fields = line.split(" ", 2)
    return {"key": key, "timestamp": timestamp, **json.loads(fields)}


def _headers(record: bytes) -> dict[str, str]:
    head = record.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return dict(line.split(": ", 1) for line in head)


@pytest.fixture(scope="module")
def whole(recrawled: Recrawled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    path = tmp_path_factory.mktemp("wacz") / "whole.wacz"
    before = hashes(recrawled.archive.folder)
    result = command("--data-dir", recrawled.archive.folder, "wacz", "--text", "--out", path)
    assert result.returncode == 0, result.stderr
    assert hashes(recrawled.archive.folder) == before
    opened = Opened(path)
    yield opened
    opened.zip.close()


def hashes(folder: Path) -> dict[Path, str]:
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".gz", ".cdxj", ".jsonl"))
    return {path: file_sha256(path) for path in paths}


@pytest.fixture
def copy(replica: CrawledReplica, tmp_path: Path) -> Archive:
    return Archive(Path(shutil.copytree(replica.archive.folder, tmp_path / "copy")))


def test_validator_of_py_wacz_accepts_the_package(whole: Opened) -> None:
    assert WACZ.exists(), f"py-wacz is not installed: `make test` installs it into {WACZ.parent}"
    result = run(WACZ, "validate", "-f", whole.path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Validation succeeded" in result.stdout


def test_unzip_accepts_the_package(whole: Opened) -> None:
    assert whole.zip.testzip() is None
    assert len(set(whole.zip.namelist())) == len(whole.zip.namelist())


def test_package_holds_the_archive(whole: Opened, recrawled: Recrawled) -> None:
    assert whole.warc_names == recrawled.archive.warc_names()
    crawls = [json.loads(line) for line in whole.lines("logs/crawls.jsonl")]
    assert crawls == recrawled.rows("SELECT * FROM crawls ORDER BY started_at")


def test_index_has_all_lines_sorted(whole: Opened, recrawled: Recrawled) -> None:
    lines = whole.zip.read("indexes/index.cdxj").splitlines(keepends=True)
    assert lines == sorted(lines)
    parts = [path.read_bytes() for path in recrawled.archive.index_folder.glob("*.cdxj")]
    assert len(lines) == sum(part.count(b"\n") for part in parts) > 1000


def test_every_index_line_leads_to_its_record_inside_the_package(whole: Opened) -> None:
    for line in whole.index:
        headers = _headers(whole.record(line))
        assert headers["WARC-Target-URI"] == line["url"]
        digits = "".join(filter(str.isdigit, headers["WARC-Date"]))
        assert digits[:14] == line["timestamp"]
        assert (headers["WARC-Type"] == "revisit") == (line.get("mime") == "warc/revisit")


def test_pages_are_the_front_page_and_every_article(whole: Opened, recrawled: Recrawled) -> None:
    articles = {str(row["url"]): row for row in recrawled.rows("SELECT * FROM posts")}
    titles = {page["url"]: page.get("title") for page in whole.pages}
    assert len(titles) == len(whole.pages)
    fronts = {str(row["base_url"]) for row in recrawled.rows("SELECT base_url FROM crawls")}
    assert fronts <= set(titles)
    assert len(titles) == len(set(articles) | fronts)
    seed = articles[recrawled.base_url + SEED_PAGE]
    page = next(page for page in whole.pages if page["url"] == seed["url"])
    assert (page["title"], page["text"]) == (seed["title"], seed["body_text"])
    assert whole.page_header["hasText"] is True


def test_every_page_has_its_capture_in_the_index(whole: Opened) -> None:
    captures = {(line["url"], line["timestamp"]) for line in whole.index}
    for page in whole.pages:
        assert (page["url"], "".join(filter(str.isdigit, page["ts"]))) in captures


def test_main_page_is_the_front_page_of_the_last_crawl(whole: Opened, recrawled: Recrawled) -> None:
    (last,) = recrawled.rows("SELECT base_url FROM crawls ORDER BY started_at DESC LIMIT 1")
    assert whole.described["mainPageUrl"] == last["base_url"] == whole.pages[0]["url"]
    assert whole.described["mainPageDate"] == whole.pages[0]["ts"]


@pytest.mark.parametrize("number", [1, 3], ids=["304", "identical payload"])
def test_package_of_one_crawl_holds_what_its_revisits_repeat(
    number: int, recrawled: Recrawled, tmp_path: Path
) -> None:
    crawls = [str(row["id"]) for row in recrawled.rows("SELECT id FROM crawls ORDER BY started_at")]
    result = command(
        "--data-dir", recrawled.archive.folder, "wacz", "--crawl", crawls[number],
        "--out", tmp_path / "one.wacz",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    opened = Opened(tmp_path / "one.wacz")
    earlier, own = opened.warc_names
    assert crawls[number - 1] in earlier
    assert crawls[number] in own
    assert f"  {earlier}\n" in result.stdout
    assert earlier in opened.described["description"]
    records = {headers["WARC-Record-ID"]: headers for headers in _all_headers(opened)}
    revisits = [headers for headers in records.values() if headers["WARC-Type"] == "revisit"]
    assert revisits
    for headers in revisits:
        original = records[headers["WARC-Refers-To"]]
        assert original["WARC-Type"] == "response"
        assert original["WARC-Target-URI"] == headers["WARC-Refers-To-Target-URI"]
    (crawl,) = map(json.loads, opened.lines("logs/crawls.jsonl"))
    assert crawl["id"] == crawls[number]
    started = str(crawl["started_at"])[:19]
    assert opened.pages
    assert all(page["ts"] >= started for page in opened.pages)
    opened.zip.close()


def _all_headers(opened: Opened) -> Iterator[dict[str, str]]:
    for line in opened.index:
        yield _headers(opened.record(line))


def test_first_crawl_needs_no_other(recrawled: Recrawled, tmp_path: Path) -> None:
    (first,) = recrawled.rows("SELECT id FROM crawls ORDER BY started_at LIMIT 1")
    result = command(
        "--data-dir", recrawled.archive.folder, "wacz", "--crawl", str(first["id"]),
        "--out", tmp_path / "one.wacz",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("\n") == 1
    assert ": 1 WARC files, " in result.stdout


def test_default_name_is_in_the_archive_and_never_overwritten(copy: Archive) -> None:
    command = (COMMAND, "--data-dir", copy.folder, "wacz", "--crawl", "latest")
    assert run(*command).returncode == 0
    (path,) = (copy.folder / "wacz").iterdir()
    assert path.name == f"{copy.warc_names()[0].removesuffix('-00001.warc.gz')}.wacz"
    path.write_bytes(b"precious")
    second = run(*command)
    assert second.returncode == 2
    assert second.stderr.startswith(f"cacnp-archive: {path} is there already: ")
    assert path.read_bytes() == b"precious"
    assert run(*command, "--force").returncode == 0
    assert zipfile.is_zipfile(path)


def test_file_being_written_is_told_and_left_out(copy: Archive) -> None:
    (complete,) = copy.warc_folder.iterdir()
    other = f"{complete.name.replace('-00001', '-00002')}"
    shutil.copy(complete, copy.warc_folder / f"{other}.open")
    result = command("--data-dir", copy.folder, "wacz")
    assert result.returncode == 0, result.stderr
    assert result.stderr.startswith(f"left out: {other} is not complete")
    (path,) = (copy.folder / "wacz").iterdir()
    opened = Opened(path)
    assert opened.warc_names == [complete.name]
    assert other in opened.described["description"]
    opened.zip.close()


def test_nothing_complete_is_a_clear_message(copy: Archive) -> None:
    (complete,) = copy.warc_folder.iterdir()
    copy.manifest_path.unlink()
    complete.rename(complete.with_name(f"{complete.name}.open"))
    result = command("--data-dir", copy.folder, "wacz")
    assert result.returncode == 1
    assert result.stderr.startswith("cacnp-archive: there is no complete WARC file in ")


def test_missing_file_is_a_clear_message(copy: Archive) -> None:
    (complete,) = copy.warc_folder.iterdir()
    complete.unlink()
    result = command("--data-dir", copy.folder, "wacz")
    assert result.returncode == 1
    assert f"cacnp-archive: {complete} is missing: " in result.stderr


BAD_USES = {
    "unknown crawl": (("--crawl", "20200101000000-abcdef"), 2, "there is no crawl 2020"),
    "bad suffix": (("--out", "x.zip"), 2, "--out must end in .wacz"),
    "no folder": (("--out", "/no/such/folder/x.wacz"), 2, "there is no folder /no/such/folder"),
}


@pytest.mark.parametrize("use", BAD_USES)
def test_bad_use_ends_with_one_message(use: str, replica: CrawledReplica) -> None:
    words, exit_code, message = BAD_USES[use]
    result = command("--data-dir", replica.archive.folder, "wacz", *words)
    assert result.returncode == exit_code
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_full_disk_leaves_no_partial_package(replica: CrawledReplica, tmp_path: Path) -> None:
    size = sum(path.stat().st_size for path in replica.archive.warc_folder.iterdir())
    for limit in (size // 2, size + 5000):  # within the WARC file, and behind it
        words = ["--data-dir", replica.archive.folder, "wacz", "--out", tmp_path / "x.wacz"]
        result = run(*with_small_files(limit // 1024, [COMMAND, *words]))
        assert result.returncode == 4, result.stderr
        assert "cannot write" in result.stderr
        assert "File too large" in result.stderr
        assert result.stderr.count("\n") == 1, result.stderr
        assert list(tmp_path.iterdir()) == []


def test_no_archive_yet_is_a_clear_message(tmp_path: Path) -> None:
    result = command("--data-dir", tmp_path, "wacz")
    assert result.returncode == 1
    assert result.stderr.startswith(f"cacnp-archive: no archive in {tmp_path}: ")
