"""Captures made by hand, for tests that need no socket."""

from datetime import UTC, datetime

from cacnp_archive.model.capture import Capture
from cacnp_archive.model.http_message import ResponseMessage
from cacnp_archive.model.spool import Spool

MOMENT = datetime(2026, 1, 17, 12, 30, 45, 123456, tzinfo=UTC)


def make_capture(
    url: str = "https://armscontrolcenter.org/",
    body: bytes = b"<p>text</p>",
    *,
    status: str = "200 OK",
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),),
    captured_at: datetime = MOMENT,
) -> Capture:
    """Return a capture of a response with a Content-Length."""
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
    head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode("latin-1")
    block = Spool(head + body)
    return Capture(
        url=url,
        captured_at=captured_at,
        block=block,
        message=ResponseMessage.read(block.chunks()),
        request_block=b"GET / HTTP/1.1\r\nHost: armscontrolcenter.org\r\n\r\n",
        ip="192.0.2.7",
        protocols=("http/1.1", "tls/1.3"),
        cipher="TLS_AES_128_GCM_SHA256",
        fetch_seconds=0.25,
        via="https://armscontrolcenter.org/from/",
        hops="L",
    )
