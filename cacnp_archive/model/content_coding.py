"""Remove the content coding of a body: gzip, deflate or Brotli (RFC 9110 section 8.4)."""

import zlib

import brotli

from cacnp_archive.model.errors import UnreadablePageError

MAX_DECODED_BYTES = 128 * 1024 * 1024
"""A body that decodes to more than this is taken for a decompression bomb."""


def decode_content(data: bytes, content_encoding: str, *, may_be_cut: bool) -> bytes:
    """Return a body without the codings that a Content-Encoding header names.

    Raises UnreadablePageError for an unknown or broken coding, or more than MAX_DECODED_BYTES.
    When the body `may_be_cut`, whatever can be decoded is returned.

    >>> decode_content(zlib.compress(b"text"), "deflate", may_be_cut=False)
    b'text'
    """
    names = [name.strip() for name in content_encoding.lower().split(",")]
    for name in reversed([name for name in names if name]):  # the last one was applied last
        data = _decode(name, data, may_be_cut=may_be_cut)
    return data


def _decode(coding: str, data: bytes, *, may_be_cut: bool) -> bytes:
    try:
        match coding:
            case "identity":
                return data
            case "gzip" | "x-gzip":
                return _inflate(data, zlib.MAX_WBITS | 16, may_be_cut=may_be_cut)
            case "deflate":
                # RFC 9110 asks for zlib's format; some servers send the raw stream.
                is_raw = (data[:1] or b"\x78")[0] & 0x0F != 8
                window_bits = -zlib.MAX_WBITS if is_raw else zlib.MAX_WBITS
                return _inflate(data, window_bits, may_be_cut=may_be_cut)
            case "br":
                return _decode_brotli(data, may_be_cut=may_be_cut)
    except (zlib.error, brotli.error, EOFError) as error:
        raise UnreadablePageError(f"content coding {coding} is broken: {error}") from error
    raise UnreadablePageError(f"unknown content coding {coding!r}")


def _inflate(data: bytes, window_bits: int, *, may_be_cut: bool) -> bytes:
    parts = []
    room = MAX_DECODED_BYTES
    while data:
        stream = zlib.decompressobj(window_bits)
        parts.append(stream.decompress(data, room + 1))  # 0 would mean: without limit
        room -= len(parts[-1])
        if room < 0:
            raise UnreadablePageError(f"decodes to more than {MAX_DECODED_BYTES} bytes")
        if not stream.eof and not may_be_cut:
            raise EOFError("the data ends too soon")
        # A body may be several gzip members (RFC 1952); other bytes behind a member are ignored.
        data = stream.unused_data if stream.unused_data.startswith(b"\x1f\x8b") else b""
    return b"".join(parts)


def _decode_brotli(data: bytes, *, may_be_cut: bool) -> bytes:
    stream = brotli.Decompressor()
    decoded: bytes = stream.process(data, output_buffer_limit=MAX_DECODED_BYTES)
    if len(decoded) > MAX_DECODED_BYTES or not stream.can_accept_more_data():
        raise UnreadablePageError(f"decodes to more than {MAX_DECODED_BYTES} bytes")
    if not stream.is_finished() and not may_be_cut:
        raise EOFError("the data ends too soon")
    return decoded
