"""Files that a person has copied, deleted or cut: repair overwrites none, and names each."""

import json
from pathlib import Path

import pytest

from cacnp_archive.maintenance.repair import repair
from cacnp_archive.model.archive import Archive
from cacnp_archive.model.crawl import Crawl
from cacnp_archive.model.site import HOME, Site
from cacnp_archive.warc.complete_files import CompleteFiles
from cacnp_archive.warc.writer import WarcWriter
from tests.support.captures import make_capture
from tests.support.command import command


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Return an archive of one complete file."""
    archive = Archive(tmp_path / "an archive – ü")
    archive.prepare()
    crawl = Crawl.begin(Site.at(HOME), archive, user_agent="x", obeys_robots=True, settings={})
    writer = WarcWriter(archive.warc_folder, crawl.warc_prefix, crawl.warcinfo, 1 << 30)
    writer.write([make_capture(f"{HOME}{number}/") for number in range(5)])
    writer.close()
    assert repair(archive).damage == []
    return archive


def warc_of(archive: Archive) -> Path:
    (path,) = archive.warc_folder.glob("*.warc.gz")
    return path


def everything(archive: Archive) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in archive.warc_folder.iterdir()}


@pytest.mark.parametrize("size", [0, 1, 500, -1])
def test_older_copy_of_a_complete_file_is_set_aside(size: int, archive: Archive) -> None:
    warc = warc_of(archive)
    whole = warc.read_bytes()
    copy = warc.with_name(warc.name + ".open")
    for number in ("", "2"):
        copy.write_bytes(whole[:size])
        done = repair(archive)
        assert done.damage == []
        assert done.set_aside == {copy.name: f"{copy.name}.copy{number}"}
        assert everything(archive)[warc.name] == whole
        assert everything(archive)[f"{copy.name}.copy{number}"] == whole[:size]
    assert repair(archive).lines == []
    assert command("--data-dir", archive.folder, "verify").returncode == 0


@pytest.mark.parametrize("change", [b"", b"X", b"longer than the complete file"])
def test_another_file_of_the_same_name_stays_and_is_an_error(
    change: bytes, archive: Archive
) -> None:
    warc = warc_of(archive)
    other = warc.with_name(warc.name + ".open")
    whole = warc.read_bytes()
    other.write_bytes(whole + change if change.startswith(b"l") else b"Y" + change + whole[:300])
    before = everything(archive)
    for _ in range(2):
        result = command("--data-dir", archive.folder, "repair")
        assert result.returncode == 1
        assert f"cannot be repaired: {other.name}: {warc.name} is there as well" in result.stdout
        assert everything(archive) == before


def test_lost_and_cut_files_are_named_each_time(archive: Archive) -> None:
    warc = warc_of(archive)
    size = warc.stat().st_size
    files = CompleteFiles(archive.manifest_path, archive.warc_folder, "this-crawl-")
    assert warc.name in files
    assert "this-crawl-00001.warc.gz" in files
    assert "unknown.warc.gz" not in files
    warc.write_bytes(warc.read_bytes()[:-1])
    for _ in range(2):
        done = command("--data-dir", archive.folder, "repair")
        assert done.returncode == 1
        assert f"{warc.name} has {size - 1} bytes, had {size} when completed" in done.stdout
    assert warc.name not in CompleteFiles(archive.manifest_path, archive.warc_folder, "this-crawl-")
    warc.unlink()
    done = command("--data-dir", archive.folder, "repair")
    assert done.returncode == 1
    assert f"{warc.name} is missing; it had {size} bytes: restore it" in done.stdout
    assert warc.name not in CompleteFiles(archive.manifest_path, archive.warc_folder, "this-crawl-")


def test_broken_manifest_is_named_and_nothing_is_lost(archive: Archive) -> None:
    manifest = archive.manifest_path.read_bytes()
    archive.manifest_path.write_bytes(b"{}\n" + manifest)
    done = command("--data-dir", archive.folder, "repair")
    assert done.returncode == 1
    assert "cannot be repaired: the manifest: line 1 is no entry" in done.stdout
    assert archive.manifest_path.read_bytes() == b"{}\n" + manifest
    assert warc_of(archive).name not in CompleteFiles(
        archive.manifest_path, archive.warc_folder, "this-crawl-"
    )


def test_copy_under_another_name_and_its_loss_are_told(archive: Archive) -> None:
    warc = warc_of(archive)
    other = warc.with_name("cacnp-20200101000000-000000-00001.warc.gz")
    other.write_bytes(warc.read_bytes())
    for words in (("repair",), ("repair",), ("rebuild",)):
        told = command("--data-dir", archive.folder, *words)
        assert told.returncode == 1
        assert ": 5 of its records are in another file as well" in told.stdout
    other.unlink()
    result = command("--data-dir", archive.folder, "rebuild", "--dry-run")
    assert result.returncode == 1
    assert f"cannot be read: {other.name} is missing" in result.stdout


DAMAGES = {
    "no database": lambda _: b"not a database at all" * 300,
    "empty header": lambda data: bytes(100) + data[100:],
    "lost pages": lambda data: data[:8192],
    "zeros within": lambda data: data[:12288] + bytes(16384) + data[28672:],
    "text that is not UTF-8": lambda data: data.replace(b"armscontrolcenter.org/3/", b"\xff" * 24),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_database_is_one_line_and_rebuild_needs_none(damage: str, archive: Archive) -> None:
    whole = archive.database_path.read_bytes()
    damaged = DAMAGES[damage](whole)
    assert damaged != whole
    archive.database_path.write_bytes(damaged)
    for words in (("why", "/3/"), ("search", "text"), ("show", f"{HOME}3/"), ("repair",)):
        result = command("--data-dir", archive.folder, *words)
        told = result.stdout + result.stderr
        assert result.returncode in (0, 1, 4), told
        if "damaged" in told:
            assert result.stderr.count("\n") == 1
            assert "`cacnp-archive rebuild` makes it again" in result.stderr
    if damage != "text that is not UTF-8":
        assert command("--data-dir", archive.folder, "why", "/3/").stderr != ""
    dry = command("--data-dir", archive.folder, "rebuild", "--dry-run")
    assert archive.database_path.read_bytes() == damaged
    assert "was damaged" in dry.stdout or dry.returncode == 1
    result = command("--data-dir", archive.folder, "rebuild", "--json")
    assert result.returncode == 0, result.stdout + result.stderr
    told = json.loads(result.stdout)
    assert told["exchanges"] == 5
    if told["damaged"] is not None:
        assert Path(told["damaged"]).read_bytes() == damaged
    assert command("--data-dir", archive.folder, "verify").returncode == 0
    assert command("--data-dir", archive.folder, "why", "/3/").returncode == 0
