"""WARC files with every kind of record, written by our writer and by warcio."""

import gc
import io
import random
import warnings
from dataclasses import replace
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from cacnp_archive.model.capture import Capture, FailedExchange, FailureReason, Original
from cacnp_archive.model.http_message import ResponseMessage
from cacnp_archive.model.spool import Spool
from cacnp_archive.warc.writer import WarcWriter
from tests.support.captures import MOMENT, make_capture

NAME = "w-00001.warc.gz"

CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nchunk\r\n4;x=y\r\ned..\r\n0\r\n\r\n"
)


def original_of(capture: Capture) -> Original:
    assert capture.record is not None
    assert capture.digests is not None
    return Original(
        url=capture.url,
        captured_at="2026-01-17T12:30:45.123456Z",
        record=capture.record,
        digests=capture.digests,
    )


def with_block(capture: Capture, block: bytes) -> Capture:
    spool = Spool(block)
    return replace(capture, block=spool, message=ResponseMessage.read(spool.chunks()))


def write_good_file(folder: Path) -> Path:
    """Write a file with each kind of record that we know of."""
    originals: dict[str, Original] = {}
    writer = WarcWriter(
        folder, "w", [("software", "test")], 1 << 30, find_original=lambda key: originals.get(key)
    )
    (first,) = writer.write([make_capture(body=b"the same, twice")])
    assert isinstance(first, Capture)
    assert first.digests is not None
    assert first.digests.payload is not None
    originals[first.digests.payload] = original_of(first)
    other = "https://armscontrolcenter.org/again/"
    failure = FailedExchange(
        url="https://armscontrolcenter.org/gone/",
        failed_at=MOMENT,
        reason=FailureReason.RESET,
        detail="the connection ended",
        request_block=b"GET /gone/ HTTP/1.1\r\n\r\n",
        received=Spool(b"HTT"),
    )
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<p>cut"
    head = make_capture(url=other)
    writer.write(
        [
            make_capture(
                url=other, body=b"the same, twice", headers=(("Content-Type", "text/css"),)
            ),
            replace(make_capture(status="304 Not Modified", body=b""), original=original_of(first)),
            failure,
            with_block(make_capture(), CHUNKED),
            replace(with_block(make_capture(), cut), truncated="disconnect"),
            replace(
                with_block(head, b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"),
                method="HEAD",
                request_block=b"HEAD / HTTP/1.1\r\n\r\n",
                message=ResponseMessage.read([b"HTTP/1.1 200 OK\r\n\r\n"], "HEAD"),
            ),
            make_capture(body=random.Random(1).randbytes(300_000)),
            make_capture(body=b"<p>the last</p>"),
        ]
    )
    writer.close()
    return folder / NAME


def write_with_warcio(path: Path, *, compressed: bool, version: str = "1.0") -> Path:
    """Write a file as the users of warcio do."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # warcio leaves its temporary files open
        use_warcio(path, compressed=compressed, version=version)
        gc.collect()
    return path


def use_warcio(path: Path, *, compressed: bool, version: str) -> None:
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=compressed, warc_version=version)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "warcio"}))
        for number in range(4):
            url = f"https://example.org/{number}"
            headers = StatusAndHeaders("200 OK", [("X-Number", str(number))], protocol="HTTP/1.1")
            response = writer.create_warc_record(
                url, "response", payload=io.BytesIO(b"body" * 3000), http_headers=headers
            )
            asked = StatusAndHeaders(
                "GET / HTTP/1.1", [("Host", "example.org")], is_http_request=True
            )
            request = writer.create_warc_record(url, "request", http_headers=asked)
            writer.write_request_response_pair(request, response)
            writer.write_record(
                writer.create_revisit_record(
                    url,
                    response.rec_headers.get_header("WARC-Payload-Digest"),
                    url,
                    response.rec_headers.get_header("WARC-Date"),
                )
            )
