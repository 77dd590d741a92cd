"""WARC and ARC files as others write them, byte for byte by hand."""

import gzip
import uuid
from collections.abc import Iterable
from pathlib import Path

HOME = "https://armscontrolcenter.org/"
URL = f"{HOME}a-post/"

PAGE = """<html lang="en"><head><title>{title}</title></head>
<body class="single single-post postid-7"><article class="post-7 post type-post entry">
<h1 class="entry-title">{title}</h1><time class="entry-time">May 4, 2016</time>
<div class="entry-content"><p>{text}</p></div></article></body></html>"""

OLD_PAGE = """<html><head><title>Press</title><meta property="og:type" content="article"></head>
<body class="page"><div id="masthead">Center for Arms Control</div><h1>A heading of old</h1>
<div id="text"><p>Words that nobody can tell from the frame.</p></div>
<div id="footer">Powered by ARCOS</div></body></html>"""


def page(text: str = "Words of the page.", title: str = "A title") -> bytes:
    """Return a post's page."""
    return PAGE.format(text=text, title=title).encode()


def http(
    body: bytes, *headers: str, status: str = "HTTP/1.1 200 OK", media_type: str = "text/html"
) -> bytes:
    """Return a response block."""
    lines = [status, f"Content-Type: {media_type}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def record(
    block: bytes,
    date: str = "2016-05-06T07:08:09Z",
    url: str = URL,
    record_type: str = "response",
    *fields: str,
    version: str = "WARC/1.0",
    record_id: str | None = None,
) -> bytes:
    """Return a WARC record."""
    lines = [
        version,
        f"WARC-Type: {record_type}",
        f"WARC-Record-ID: <{record_id or uuid.uuid4().urn}>",
        f"WARC-Date: {date}",
        *([f"WARC-Target-URI: {url}"] if url else []),
        *fields,
        f"Content-Length: {len(block)}",
    ]
    if not any(field.startswith("Content-Type:") for field in fields):
        lines.append(f"Content-Type: application/http; msgtype={record_type}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def write(path: Path, records: Iterable[bytes]) -> Path:
    """Write records, each compressed by itself when the name says so."""
    is_gzip = path.suffix == ".gz"
    path.write_bytes(b"".join(gzip.compress(one) if is_gzip else one for one in records))
    return path


def warcinfo() -> bytes:
    """Return the record that opens a file."""
    text = b"software: Recorder/9\r\noperator: A library\r\ndescription: A visit\r\n"
    return record(
        text, "2016-01-01T00:00:00Z", "", "warcinfo", "Content-Type: application/warc-fields"
    )


def arc(captures: Iterable[tuple[str, str, bytes]]) -> bytes:
    """Return an ARC file of (address, fourteen digits, response block)."""
    version = b"1 0 Somebody\nURL IP-address Archive-date Content-type Archive-length\n"
    head = f"filedesc://old.arc 0.0.0.0 20070101000000 text/plain {len(version)}\n".encode()
    parts = [head + version + b"\n"]
    for url, date, block in captures:
        line = f"{url} 192.0.2.1 {date} text/html {len(block)}\n".encode()
        parts.append(line + block + b"\n")
    return b"".join(parts)
