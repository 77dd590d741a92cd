import errno
import hashlib
import os
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest

from cacnp_archive.model.durable_files import (
    append_line,
    copy_bytes,
    creating,
    cut_torn_line,
    rename_new,
    replace_file,
    replacing,
)
from tests.support.full_disk import no_file_larger_than


def test_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "status.json"
    path.write_bytes(b"a longer former file")
    with replacing(path) as stream:
        stream.write(b"new")
        assert path.read_bytes() == b"a longer former file"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_full_disk_keeps_the_former_file(tmp_path: Path) -> None:
    path = tmp_path / "status.json"
    replace_file(path, b"former")
    for limit in (0, 1, 99):
        with no_file_larger_than(limit), pytest.raises(OSError, match="File too large"):
            replace_file(path, bytes(100))
        assert path.read_bytes() == b"former"
        assert list(tmp_path.iterdir()) == [path]


def test_fault_of_the_writer_keeps_the_former_file(tmp_path: Path) -> None:
    path = tmp_path / "status.json"
    replace_file(path, b"former")
    with suppress(KeyboardInterrupt), replacing(path) as stream:
        stream.write(b"half")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"former"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_process_left_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "status.json.part").write_bytes(bytes(1000))
    replace_file(tmp_path / "status.json", b"new")
    assert (tmp_path / "status.json").read_bytes() == b"new"


def test_second_writer_of_a_file_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    path = tmp_path / "status.json"
    with replacing(path) as stream:
        stream.write(b"first")
        with pytest.raises(BlockingIOError, match="another process is writing"):
            replace_file(path, b"second")
    assert path.read_bytes() == b"first"


@pytest.mark.parametrize("third_has_begun", [True, False])
def test_writer_that_opens_a_file_just_before_it_is_published_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, third_has_begun: bool
) -> None:
    path = tmp_path / "status.json"
    real_open = os.open

    def open_then_publish(name: Path, flags: int, mode: int = 0o777) -> int:
        descriptor = real_open(name, flags, mode)
        if str(name).endswith(".part"):
            name.replace(path)
            if third_has_begun:
                os.close(real_open(name, os.O_CREAT | os.O_WRONLY))
        return descriptor

    monkeypatch.setattr(os, "open", open_then_publish)
    (tmp_path / "status.json.part").write_bytes(b"first")
    with pytest.raises(BlockingIOError, match="another process is writing"):
        replace_file(path, b"second")
    assert path.read_bytes() == b"first"


def test_new_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    path = tmp_path / "kept.warc.gz"
    path.write_bytes(b"another's")
    with pytest.raises(FileExistsError), creating(path) as stream:
        stream.write(b"mine")
    assert path.read_bytes() == b"another's"
    assert list(tmp_path.iterdir()) == [path]


def refuse_links(*_: object) -> None:
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


@pytest.mark.parametrize("has_links", [True, False])
def test_renaming_never_takes_the_place_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_links: bool
) -> None:
    if not has_links:
        monkeypatch.setattr(os, "link", refuse_links)
    source, target = tmp_path / "a.open", tmp_path / "a"
    source.write_bytes(b"mine")
    rename_new(source, target)
    assert list(tmp_path.iterdir()) == [target]
    source.write_bytes(b"second")
    with pytest.raises(FileExistsError):
        rename_new(source, target)
    assert (source.read_bytes(), target.read_bytes()) == (b"second", b"mine")


def test_renaming_that_was_killed_half_way_is_finished(tmp_path: Path) -> None:
    source, target = tmp_path / "a.open", tmp_path / "a"
    source.write_bytes(b"mine")
    os.link(source, target)
    rename_new(source, target)
    assert list(tmp_path.iterdir()) == [target]
    assert target.read_bytes() == b"mine"


def test_line_behind_a_torn_one_stands_alone(tmp_path: Path) -> None:
    path = tmp_path / "crawls.jsonl"
    path.write_bytes(b"whole\nto")
    append_line(path, b"next")
    append_line(path, b"last")
    assert path.read_bytes() == b"whole\nto\nnext\nlast\n"


def test_line_that_the_disk_refuses_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "crawls.jsonl"
    append_line(path, b"first")
    for limit in range(6, 106, 11):
        with no_file_larger_than(limit), pytest.raises(OSError, match="File too large"):
            append_line(path, bytes(100))
        assert path.read_bytes() == b"first\n"


@pytest.mark.parametrize(
    ("content", "kept"),
    [(b"a\nb", b"a\n"), (b"torn", b""), (b"a\nb\n", b"a\nb\n"), (b"", b"")],
)
def test_torn_line_is_cut_off(content: bytes, kept: bytes, tmp_path: Path) -> None:
    path = tmp_path / "manifest.jsonl"
    assert not cut_torn_line(path)
    path.write_bytes(content)
    assert cut_torn_line(path) is (content != kept)
    assert path.read_bytes() == kept


def test_each_way_of_writing_fsyncs_the_file_and_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsynced: list[int] = []
    fsync = os.fsync

    def watched(descriptor: int) -> None:
        fsync(descriptor)
        fsynced.append(os.fstat(descriptor).st_ino)

    monkeypatch.setattr(os, "fsync", watched)
    replace_file(tmp_path / "replaced", b"x")
    append_line(tmp_path / "appended", b"x")
    with creating(tmp_path / "created") as stream:
        stream.write(b"x")
    folder = tmp_path.stat().st_ino
    replaced, appended, created = (
        (tmp_path / name).stat().st_ino for name in ("replaced", "appended", "created")
    )
    # `created` gets its second name before it loses its first one.
    assert fsynced == [replaced, folder, appended, folder, created, folder, folder]


def test_copy_knows_the_digest_of_what_it_copied() -> None:
    content = os.urandom(3_000_000)
    target = BytesIO()
    assert copy_bytes(BytesIO(content), target) == hashlib.sha256(content).hexdigest()
    assert target.getvalue() == content
