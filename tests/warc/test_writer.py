import gzip
import os
from pathlib import Path

import pytest

from cacnp_archive.model.errors import StorageError
from cacnp_archive.warc.compose import capture_records, digests_of
from cacnp_archive.warc.reader import read_record, read_records
from cacnp_archive.warc.writer import WarcWriter
from tests.support.captures import make_capture

INFO = [("software", "test/1"), ("robots", "obey")]


def writer(folder: Path, max_bytes: int = 1 << 30) -> WarcWriter:
    return WarcWriter(folder, "cacnp-x", INFO, max_bytes)


def test_records_of_a_capture_are_these_bytes() -> None:
    numbers = iter(range(1, 9))
    capture = make_capture()
    records = capture_records(
        capture, digests_of(capture), "urn:uuid:0", make_id=lambda: f"urn:uuid:{next(numbers)}"
    )
    plain = [gzip.decompress(b"".join(record.compressed())).decode() for record in records]
    assert plain[0] == (
        "WARC/1.1\r\n"
        "WARC-Type: response\r\n"
        "WARC-Record-ID: <urn:uuid:1>\r\n"
        "WARC-Target-URI: https://armscontrolcenter.org/\r\n"
        "WARC-Date: 2026-01-17T12:30:45.123456Z\r\n"
        "WARC-Warcinfo-ID: <urn:uuid:0>\r\n"
        "WARC-IP-Address: 192.0.2.7\r\n"
        "WARC-Protocol: http/1.1\r\n"
        "WARC-Protocol: tls/1.3\r\n"
        "WARC-Cipher-Suite: TLS_AES_128_GCM_SHA256\r\n"
        "WARC-Block-Digest: sha1:HH47HK5KTJLZ2NXGKEISWKD5WP4GSMLH\r\n"
        "WARC-Payload-Digest: sha1:Q3PRYFEX5UD4PEXUISW33P5C7G2JYUKU\r\n"
        "Content-Type: application/http;msgtype=response\r\n"
        "Content-Length: 90\r\n"
        "\r\n"
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 11\r\n\r\n"
        "<p>text</p>"
        "\r\n\r\n"
    )
    assert "WARC-Type: request\r\n" in plain[1]
    assert "WARC-Concurrent-To: <urn:uuid:1>\r\n" in plain[1]
    assert "WARC-Payload-Digest" not in plain[1] + plain[2]
    assert plain[2].endswith(
        "via: https://armscontrolcenter.org/from/\r\n"
        "hopsFromSeed: L\r\n"
        "fetchTimeMs: 250\r\n"
        "entityLength: 11\r\n"
        "entityDigest: sha256:"
        "8494656ca1fc8ca36a63af2fce8a0b70774464b2a0125cd63e60da0acbb1d071\r\n"
        "\r\n\r\n"
    )


def test_first_record_of_each_file_is_its_warcinfo(tmp_path: Path) -> None:
    warc = writer(tmp_path, max_bytes=1)
    warc.write([make_capture(), make_capture()])
    warc.close()
    paths = sorted(tmp_path.iterdir())
    assert [path.name for path in paths] == ["cacnp-x-00001.warc.gz", "cacnp-x-00002.warc.gz"]
    for path in paths:
        info, response, request, metadata = read_records(path)
        assert info.record_type == "warcinfo"
        assert info.field("WARC-Filename") == path.name
        assert info.block.to_bytes() == b"software: test/1\r\nrobots: obey\r\n"
        for record in (response, request, metadata):
            assert record.field("WARC-Warcinfo-ID") == f"<{info.record_id}>"


def test_file_is_open_until_it_is_complete(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    warc.write([make_capture()])
    assert [path.name for path in tmp_path.iterdir()] == ["cacnp-x-00001.warc.gz.open"]
    warc.close()
    assert [path.name for path in tmp_path.iterdir()] == ["cacnp-x-00001.warc.gz"]


def test_nothing_captured_leaves_no_file(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    warc.write([])
    warc.close()
    assert list(tmp_path.iterdir()) == []


def test_pointer_leads_to_the_record(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    captures = warc.write([make_capture(body=b"first"), make_capture(body=b"second" * 1000)])
    warc.close()
    for capture in captures:
        assert capture.record is not None
        record = read_record(tmp_path / capture.record.warc_file, capture.record.offset)
        assert record.record_id == capture.record.record_id
        assert record.length == capture.record.length
        assert record.block.to_bytes() == capture.block.to_bytes()


def test_file_of_another_run_is_never_written_to(tmp_path: Path) -> None:
    (tmp_path / "cacnp-x-00001.warc.gz.open").write_bytes(b"another's")
    with pytest.raises(StorageError):
        writer(tmp_path).write([make_capture()])
    assert (tmp_path / "cacnp-x-00001.warc.gz.open").read_bytes() == b"another's"


def test_failed_write_leaves_the_safe_bytes_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warc = writer(tmp_path)
    warc.write([make_capture()])
    before = (tmp_path / "cacnp-x-00001.warc.gz.open").read_bytes()
    fsync = os.fsync

    def full(_: int) -> None:
        monkeypatch.setattr(os, "fsync", fsync)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left on device"):
        warc.write([make_capture(body=b"lost")])
    assert (tmp_path / "cacnp-x-00001.warc.gz").read_bytes() == before


def test_capture_is_fsynced_before_it_is_called_safe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsynced: dict[int, int] = {}
    fsync = os.fsync

    def watched(descriptor: int) -> None:
        fsync(descriptor)
        status = os.fstat(descriptor)
        fsynced[status.st_ino] = status.st_size

    monkeypatch.setattr(os, "fsync", watched)
    warc = writer(tmp_path)
    for number in range(3):
        warc.write([make_capture(body=b"x" * number * 1000)])
        status = (tmp_path / "cacnp-x-00001.warc.gz.open").stat()
        assert fsynced[status.st_ino] == status.st_size
    fsynced.clear()
    warc.close()
    assert tmp_path.stat().st_ino in fsynced
