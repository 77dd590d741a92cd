import tracemalloc
import zlib
from pathlib import Path

import pytest

from cacnp_archive.warc.reader import DamagedWarcError, read_records
from cacnp_archive.warc.writer import WarcWriter
from tests.support.captures import make_capture


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    writer = WarcWriter(tmp_path, "w", [("software", "test")], 1 << 30)
    writer.write([make_capture(), make_capture(body=b"x" * 100_000)])
    writer.close()
    return tmp_path / "w-00001.warc.gz"


def test_whole_file_reads_to_its_last_byte(warc: Path) -> None:
    records = list(read_records(warc))
    assert records[-1].offset + records[-1].length == warc.stat().st_size
    assert [record.record_type for record in records[1:4]] == ["response", "request", "metadata"]


@pytest.mark.parametrize("lost", [1, 4, 8, 9, 30])
def test_cut_tail_is_found(warc: Path, lost: int) -> None:
    warc.write_bytes(warc.read_bytes()[:-lost])
    with pytest.raises(DamagedWarcError, match="cut off"):
        list(read_records(warc))


def test_flipped_bit_is_found_anywhere(warc: Path) -> None:
    whole = warc.read_bytes()
    harmless = 0
    for at in range(0, len(whole), 7):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << at % 8
        warc.write_bytes(damaged)
        try:
            list(read_records(warc))
        except DamagedWarcError:
            continue
        harmless += 1
    records, unchecked = 7, 7  # of a gzip header: text flag, time, extra flags, system
    assert harmless <= records * unchecked


def member(plain: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=31)
    return compressor.compress(plain) + compressor.flush()


BAD_RECORDS = {
    "too long": b"WARC/1.1\r\nContent-Length: 2\r\n\r\nabc\r\n\r\n",
    "too short": b"WARC/1.1\r\nContent-Length: 9\r\n\r\nabc\r\n\r\n",
    "no length": b"WARC/1.1\r\nWARC-Type: response\r\n\r\nabc\r\n\r\n",
    "huge length": b"WARC/1.1\r\nContent-Length: %d\r\n\r\nabc\r\n\r\n" % (1 << 60),
    "no version": b"Content-Length: 3\r\n\r\nabc\r\n\r\n",
    "no end of fields": b"WARC/1.1\r\nContent-Length: 3\r\n",
    "field without colon": b"WARC/1.1\r\nnonsense\r\n\r\n",
    "no trailer": b"WARC/1.1\r\nContent-Length: 3\r\n\r\nabc\r\n",
}


@pytest.mark.parametrize("case", BAD_RECORDS)
def test_record_that_is_not_whole_is_found(case: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.warc.gz"
    path.write_bytes(member(BAD_RECORDS[case]))
    with pytest.raises(DamagedWarcError, match=r"bad\.warc\.gz: the record at offset 0"):
        list(read_records(path))


def test_what_is_no_gzip_is_found(tmp_path: Path) -> None:
    path = tmp_path / "bad.warc.gz"
    path.write_bytes(b"WARC/1.1\r\nContent-Length: 0\r\n\r\n\r\n\r\n")
    with pytest.raises(DamagedWarcError, match="no gzip member at offset 0"):
        list(read_records(path))


@pytest.mark.slow
def test_record_that_decompresses_to_much_is_read_in_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "big.warc.gz"
    size = 200 * 1024 * 1024
    head = b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: %d\r\n\r\n" % size
    compressor = zlib.compressobj(wbits=31)
    pieces = [compressor.compress(head)]
    pieces += [compressor.compress(bytes(1024 * 1024)) for _ in range(200)]
    path.write_bytes(b"".join([*pieces, compressor.compress(b"\r\n\r\n"), compressor.flush()]))
    tracemalloc.start()
    (record,) = read_records(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert record.block.size == size
    assert peak < 20 * 1024 * 1024
