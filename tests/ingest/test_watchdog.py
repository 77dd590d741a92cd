"""A process that watches the reading of several archives, one after the other."""

import gc
from pathlib import Path

from cacnp_archive.ingest.watchdog import STATM, watchdog_of
from cacnp_archive.model.archive import Archive
from tests.support.captures import make_capture


def open_marks(folder: Path) -> list[str]:
    """Return what this process holds open of marks in a folder, or of its own sizes."""
    links = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(descriptor.readlink()))
        except OSError:  # the one that lists the folder
            continue
    return [link for link in links if link.startswith(str(folder)) or link.endswith(STATM.name)]


def test_watchdogs_that_are_done_with_leave_neither_marks_nor_open_files(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        archive = Archive(tmp_path / name)
        archive.prepare()
        with watchdog_of(archive).watching(make_capture()):
            assert list(archive.state_folder.glob("reading-*.mark"))
    watchdog_of.cache_clear()
    gc.collect()
    assert not list(tmp_path.rglob("reading-*.mark"))
    assert len(open_marks(tmp_path)) <= 1  # of faulthandler
