"""The index is the one that the field's own indexer makes."""

from dataclasses import replace
from pathlib import Path

import pytest

from cacnp_archive.model.capture import Capture, Original
from cacnp_archive.model.http_message import ResponseMessage
from cacnp_archive.model.site import HOME
from cacnp_archive.model.spool import Spool
from cacnp_archive.warc.cdxj import KEPT_LINES, IndexLines, cdxj_lines
from cacnp_archive.warc.compose import warc_date
from cacnp_archive.warc.writer import WarcWriter
from tests.conftest import BIN, run
from tests.support.captures import make_capture
from tests.support.odd_answers import ODD_ANSWERS
from tests.support.recrawled import Recrawled


@pytest.fixture(scope="module")
def warcs(recrawled: Recrawled) -> list[Path]:
    return sorted(recrawled.archive.warc_folder.glob("*.warc.gz"))


def test_index_is_that_of_cdxj_indexer(warcs: list[Path]) -> None:
    for path in warcs:
        ours = (path.parent.parent / "index" / f"{path.name}.cdxj").read_text()
        assert ours == run(BIN / "cdxj-indexer", "--sort", path).stdout != ""


def test_index_is_sorted_by_bytes(warcs: list[Path]) -> None:
    for path in warcs:
        lines = (path.parent.parent / "index" / f"{path.name}.cdxj").read_bytes().splitlines()
        assert lines == sorted(lines)


def test_index_made_while_writing_is_that_of_the_records(tmp_path: Path) -> None:
    """Also of odd answers, and of revisits of both kinds."""
    told: dict[str, list[str]] = {}
    originals: dict[str, Original] = {}
    writer = WarcWriter(
        tmp_path,
        "x",
        [],
        20_000,
        find_original=originals.get,
        on_complete=lambda path, lines: told.update({path.name: list(lines)}),
    )
    answers = [b"".join(answer) for answer in ODD_ANSWERS.values() if isinstance(answer, tuple)]
    answers += [answer for answer in ODD_ANSWERS.values() if isinstance(answer, bytes)]
    for number, block in enumerate(answers * 2):
        capture = replace(
            make_capture(f"{HOME}{number}/"),
            block=Spool(block),
            message=ResponseMessage.read([block]),
        )
        (safe,) = writer.write([capture])
        assert isinstance(safe, Capture)
        assert safe.record is not None
        assert safe.digests is not None
        original = Original(
            url=safe.url,
            captured_at=warc_date(safe.captured_at),
            record=safe.record,
            digests=safe.digests,
        )
        originals.setdefault(safe.digests.payload or "", original)
        unchanged = make_capture(f"{HOME}{number}/", b"", status="304 Not Modified")
        writer.write([replace(unchanged, original=original)])
    writer.close()
    assert len(told) > 1
    for name, lines in told.items():
        assert lines == cdxj_lines(tmp_path / name)
    assert sum("warc/revisit" in line for lines in told.values() for line in lines) > len(answers)


@pytest.mark.parametrize("count", [0, 1, KEPT_LINES, 2 * KEPT_LINES + 500])
def test_lines_of_a_large_file_come_sorted(count: int) -> None:
    lines = [f"org,example)/{number * 7919 % 10_007} ü{number}\n" for number in range(count)]
    kept = IndexLines()
    for line in lines:
        kept.append(line)
    assert list(kept) == sorted(lines, key=str.encode)
