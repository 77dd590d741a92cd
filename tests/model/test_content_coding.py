import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacnp_archive.model import content_coding
from cacnp_archive.model.content_coding import decode_content
from cacnp_archive.model.errors import UnreadablePageError


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "brotli": ("br", brotli.compress),
    "none": ("identity", bytes),
}
LIMIT = 100_000


@pytest.mark.parametrize("coding", CODINGS)
@given(data=st.binary())
def test_what_was_encoded_is_decoded(coding: str, data: bytes) -> None:
    name, encode = CODINGS[coding]
    assert decode_content(encode(data), name, may_be_cut=False) == data


def test_codings_are_removed_last_one_first() -> None:
    data = brotli.compress(gzip.compress(b"text"))
    assert decode_content(data, "gzip, br,", may_be_cut=False) == b"text"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw deflate", "brotli"])
def test_body_that_was_cut_off_gives_what_there_is(coding: str) -> None:
    name, encode = CODINGS[coding]
    data = bytes(range(256)) * 1000
    cut = encode(data)[:-20]
    with pytest.raises(UnreadablePageError, match="the data ends too soon"):
        decode_content(cut, name, may_be_cut=False)
    decoded = decode_content(cut, name, may_be_cut=True)
    assert data.startswith(decoded)
    assert decoded


@pytest.mark.parametrize("name", ["gzip", "br", "deflate"])
def test_bytes_in_no_such_coding_are_reported(name: str) -> None:
    with pytest.raises(UnreadablePageError, match=f"content coding {name} is broken"):
        decode_content(b"<!DOCTYPE html>", name, may_be_cut=False)


def test_unknown_coding_is_reported() -> None:
    with pytest.raises(UnreadablePageError, match="unknown content coding 'zstd'"):
        decode_content(b"", "zstd", may_be_cut=False)


BOMBS = {
    "gzip": ("gzip", gzip.compress(bytes(LIMIT + 1))),
    "second gzip member": ("gzip", gzip.compress(bytes(LIMIT)) + gzip.compress(b"x")),
    "deflate": ("deflate", zlib.compress(bytes(LIMIT + 1))),
    "brotli": ("br", brotli.compress(bytes(50 * LIMIT))),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_decompression_bomb_is_refused(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_coding, "MAX_DECODED_BYTES", LIMIT)
    name, bomb = BOMBS[kind]
    with pytest.raises(UnreadablePageError, match=f"decodes to more than {LIMIT} bytes"):
        decode_content(bomb, name, may_be_cut=True)


def test_body_of_the_greatest_size_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_coding, "MAX_DECODED_BYTES", LIMIT)
    half = gzip.compress(bytes(LIMIT // 2))
    assert decode_content(half + half + b"padding", "gzip", may_be_cut=False) == bytes(LIMIT)
