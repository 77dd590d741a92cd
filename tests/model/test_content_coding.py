import gzip
import sys
import zlib
from collections.abc import Callable

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from cacnp_archive.model.content_coding import (
    MAX_CODINGS,
    MAX_DECODED_BYTES,
    MAX_MEMBERS,
    Decoded,
    decode_content,
)


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "brotli": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
    "none": ("identity", bytes),
}
COMPRESSED = [name for name in CODINGS if name != "none"]
TEXT = b"<!DOCTYPE html>" + b"".join(b"<p>Words, %d of them.</p>\n" % n for n in range(3000))


def codes(decoded: Decoded) -> list[str]:
    return [problem.code for problem in decoded.problems]


@pytest.mark.parametrize("coding", CODINGS)
@given(data=st.binary())
def test_what_was_encoded_is_decoded(coding: str, data: bytes) -> None:
    name, encode = CODINGS[coding]
    assert decode_content(encode(data), [name]) == Decoded(data)


def test_codings_are_removed_last_one_first() -> None:
    data = brotli.compress(gzip.compress(b"text"))
    assert decode_content(data, ["gzip", "br"]) == Decoded(b"text")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw deflate", "brotli"])
def test_body_that_was_cut_off_gives_what_there_is(coding: str) -> None:
    name, encode = CODINGS[coding]
    decoded = decode_content(encode(TEXT)[:-20], [name])
    assert TEXT.startswith(decoded.body)
    assert len(decoded.body) > 30_000  # Brotli's decoder holds back less than a window of 32 KiB
    assert codes(decoded) == ["broken-coding"]


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_body_with_a_wrong_checksum_is_read_whole(coding: str) -> None:
    name, encode = CODINGS[coding]
    data = encode(TEXT)
    for wrong in range(1, 5):  # of gzip, four bytes of length follow the checksum
        damaged = data[:-wrong] + bytes([data[-wrong] ^ 1]) + data[len(data) - wrong + 1 :]
        decoded = decode_content(damaged, [name])
        assert (decoded.body, codes(decoded)) == (TEXT, ["broken-coding"])


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw deflate"])
def test_damaged_stream_is_read_up_to_the_damage(coding: str) -> None:
    name, encode = CODINGS[coding]
    data = encode(TEXT)
    middle = len(data) // 2
    decoded = decode_content(data[:middle] + b"\xff" * 40, [name])
    assert TEXT[:1000] == decoded.body[:1000]
    assert codes(decoded) == ["broken-coding"]


@pytest.mark.parametrize("name", ["gzip", "br", "deflate", "zstd", "x-gzip"])
@pytest.mark.parametrize("plain", [TEXT, b'{"a": 1}', b"\xef\xbb\xbf<p>caf\xc3\xa9"])
def test_text_that_is_not_in_the_coding_is_left_as_it_is(name: str, plain: bytes) -> None:
    decoded = decode_content(plain, [name])
    assert (decoded.body, codes(decoded)) == (plain, ["odd-coding"])


@pytest.mark.parametrize(
    "name", ["none", "utf-8", "binary", "8bit", "text/html", "aws-chunked", "*"]
)
def test_coding_that_does_not_exist_is_none(name: str) -> None:
    decoded = decode_content(gzip.compress(TEXT), ["gzip", name])
    assert (decoded.body, codes(decoded)) == (TEXT, ["unknown-coding"])


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_members_are_read_and_reported(coding: str) -> None:
    name, encode = CODINGS[coding]
    decoded = decode_content(encode(TEXT[:99]) + encode(b"") + encode(TEXT[99:]), [name])
    assert (decoded.body, codes(decoded)) == (TEXT, ["odd-coding"])


@pytest.mark.parametrize("coding", COMPRESSED)
def test_bytes_behind_the_end_are_not_read(coding: str) -> None:
    name, encode = CODINGS[coding]
    decoded = decode_content(encode(TEXT) + b"\0\0<!-- cached -->", [name])
    assert (decoded.body, codes(decoded)) == (TEXT, ["odd-coding"])


def test_other_coding_than_the_named_one_is_recognized() -> None:
    for name in ("br", "deflate", "zstd"):
        decoded = decode_content(gzip.compress(TEXT), [name])
        assert (decoded.body, codes(decoded)) == (TEXT, ["odd-coding"])


def test_text_that_is_compressed_once_more_than_named_is_read() -> None:
    twice = gzip.compress(zstd.compress(TEXT))
    decoded = decode_content(twice, ["gzip"], is_text=True)
    assert (decoded.body, codes(decoded)) == (TEXT, ["odd-coding"])
    assert decode_content(twice, ["gzip"]) == Decoded(zstd.compress(TEXT))


LIMIT = 100_000
BOMBS = {
    "gzip": ("gzip", gzip.compress(bytes(LIMIT + 1))),
    "second gzip member": ("gzip", gzip.compress(bytes(LIMIT)) + gzip.compress(b"x")),
    "deflate": ("deflate", zlib.compress(bytes(LIMIT + 1))),
    "brotli": ("br", brotli.compress(bytes(50 * LIMIT))),
    "zstd": ("zstd", zstd.compress(bytes(50 * LIMIT))),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_of_a_decompression_bomb_the_beginning_is_read(kind: str) -> None:
    name, bomb = BOMBS[kind]
    decoded = decode_content(bomb, [name], limit=LIMIT)
    assert decoded.body == bytes(LIMIT)
    assert "too-long" in codes(decoded)


def test_body_of_the_greatest_size_is_decoded() -> None:
    half = gzip.compress(bytes(LIMIT // 2))
    decoded = decode_content(half + half, ["gzip"], limit=LIMIT)
    assert (decoded.body, codes(decoded)) == (bytes(LIMIT), ["odd-coding"])


def test_more_codings_than_any_server_means_are_not_removed() -> None:
    data = b"text"
    for _ in range(MAX_CODINGS + 1):
        data = gzip.compress(data, mtime=0)
    decoded = decode_content(data, ["gzip"] * (MAX_CODINGS + 1), is_text=True)
    assert (decoded.body, codes(decoded)) == (gzip.compress(b"text", mtime=0), ["too-long"])


def decoder_calls(data: bytes, codings: list[str]) -> int:
    """Return how many pieces the decoders were given."""
    given = 0

    def count(_frame: object, event: str, function: object) -> None:
        nonlocal given
        given += event == "c_call" and getattr(function, "__name__", "") == "decompress"

    sys.setprofile(count)
    try:
        decode_content(data, codings)
    finally:
        sys.setprofile(None)
    return given


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_work_on_many_members_is_bounded(coding: str) -> None:
    name, encode = CODINGS[coding]
    empty = encode(b"")
    decoded = decode_content(empty * (2 * MAX_MEMBERS), [name])
    assert (decoded.body, codes(decoded)) == (b"", ["odd-coding"])
    assert decoder_calls(empty * 2 * MAX_MEMBERS, [name]) <= MAX_MEMBERS + 10
    assert decoder_calls(empty * 1000, [name]) <= 1010


def test_members_within_members_are_decoded_within_bounds() -> None:
    inner = gzip.compress(b"") * 200_000
    decoded = decode_content(gzip.compress(inner), ["gzip", "gzip"])
    assert (decoded.body, codes(decoded)) == (b"", ["odd-coding"])
    assert len(inner) < MAX_DECODED_BYTES


@given(st.binary(max_size=300), st.lists(st.sampled_from(["gzip", "deflate", "br", "zstd", "x"])))
def test_any_bytes_in_any_codings_give_a_body(data: bytes, names: list[str]) -> None:
    decoded = decode_content(data, names, is_text=True, limit=1000)
    assert len(decoded.body) <= max(1000, len(data))
    assert len(set(codes(decoded))) == len(decoded.problems)


@given(st.binary(max_size=3000), st.sampled_from(COMPRESSED), st.data())
def test_one_changed_byte_raises_nothing(data: bytes, coding: str, draw: st.DataObject) -> None:
    name, encode = CODINGS[coding]
    encoded = bytearray(encode(data))
    at = draw.draw(st.integers(0, len(encoded) - 1))
    encoded[at] ^= draw.draw(st.integers(1, 255))
    assert isinstance(decode_content(bytes(encoded), [name]), Decoded)
