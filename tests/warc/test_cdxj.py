"""The index is the one that the field's own indexer makes."""

from pathlib import Path

import pytest

from tests.conftest import BIN, run
from tests.recrawled import recrawled_site


@pytest.fixture(scope="module")
def warcs() -> list[Path]:
    return sorted(recrawled_site().archive.warc_folder.glob("*.warc.gz"))


def test_index_is_that_of_cdxj_indexer(warcs: list[Path]) -> None:
    for path in warcs:
        ours = (path.parent.parent / "index" / f"{path.name}.cdxj").read_text()
        assert ours == run(BIN / "cdxj-indexer", "--sort", path).stdout != ""


def test_index_is_sorted_by_bytes(warcs: list[Path]) -> None:
    for path in warcs:
        lines = (path.parent.parent / "index" / f"{path.name}.cdxj").read_bytes().splitlines()
        assert lines == sorted(lines)
