"""Generate small valid files: PNG, JPEG, WebP, ICO, MP3, MP4 and WOFF."""

import base64
import struct
import zlib
from functools import lru_cache

_WEBP = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
"""A lossy WebP of one pixel."""


def png(label: str, width: int = 24, height: int = 16) -> bytes:
    """Return a PNG of one colour, derived from the label, which is also stored in a tEXt chunk."""
    colour = zlib.crc32(label.encode()).to_bytes(4, "big")[:3]
    rows = bytes(1 + -(-width // 8)) * height

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 3, 0, 0, 0)
    text = b"Comment\0" + label.encode("latin-1", "replace")
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"PLTE", colour)
        + chunk(b"tEXt", text)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def jpeg(label: str, width: int = 24, height: int = 16) -> bytes:
    """Return a grey baseline JPEG with the label as a comment.

    Each block of 8 x 8 pixels is coded as "DC difference 0, end of block": two zero bits.
    """

    def segment(marker: int, data: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data

    one_code = bytes([1, *[0] * 15, 0])
    frame = struct.pack(">BHHB", 8, height, width, 1) + bytes([1, 0x11, 0])
    blocks = -(-width // 8) * -(-height // 8)
    scan = bytes(blocks // 4)
    if blocks % 4:
        scan += bytes([0xFF >> blocks % 4 * 2])
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
        + segment(0xFE, label.encode())
        + segment(0xDB, bytes([0, *[16] * 64]))
        + segment(0xC0, frame)
        + segment(0xC4, b"\x00" + one_code)
        + segment(0xC4, b"\x10" + one_code)
        + segment(0xDA, bytes([1, 1, 0, 0, 63, 0]))
        + scan
        + b"\xff\xd9"
    )


def webp() -> bytes:
    """Return a WebP of one pixel."""
    return base64.b64decode(_WEBP)


def icon() -> bytes:
    """Return a favicon: one PNG in an ICO."""
    image = png("favicon", 16, 16)
    entry = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 24, len(image), 22)
    return struct.pack("<HHH", 0, 1, 1) + entry + image


def mp3(title: str, frames: int = 80) -> bytes:
    """Return silence: MPEG-1 layer III frames of 26 ms, 32 kbit/s mono, behind an ID3v2 title."""
    text = b"\x03" + title.encode()
    frame = b"TIT2" + struct.pack(">I", len(text)) + b"\0\0" + text
    size = bytes([0, 0, len(frame) >> 7, len(frame) & 0x7F])
    return b"ID3\x04\0\0" + size + frame + (b"\xff\xfb\x10\xc4" + bytes(100)) * frames


def mp4() -> bytes:
    """Return a minimal MP4: a file type box and an empty media box."""

    def box(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data) + 8) + name + data

    return box(b"ftyp", b"isom\0\0\x02\0isomiso2mp41") + box(b"free", b"") + box(b"mdat", b"")


@lru_cache
def woff(family: str) -> bytes:
    """Return a WOFF 1.0 font of one empty glyph (.notdef), enough for a font loader."""
    tables = _font_tables(family)
    header_size = 44 + 20 * len(tables)
    directory, data = b"", b""
    sfnt_size = 12 + 16 * len(tables)
    for tag in sorted(tables):
        raw = tables[tag]
        packed = zlib.compress(raw)
        body = packed if len(packed) < len(raw) else raw
        padded = raw + bytes(-len(raw) % 4)
        checksum = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        offset = header_size + len(data)
        directory += struct.pack(">4sIIII", tag, offset, len(body), len(raw), checksum)
        data += body + bytes(-len(body) % 4)
        sfnt_size += len(padded)
    header = struct.pack(
        ">4sIIHHIHHIIIII",
        *(b"wOFF", 0x00010000, header_size + len(data), len(tables), 0, sfnt_size),
        *(1, 0, 0, 0, 0, 0, 0),
    )
    return header + directory + data


def _font_tables(family: str) -> dict[bytes, bytes]:
    name = family.encode("utf-16-be")
    records = b"".join(
        struct.pack(">HHHHHH", 3, 1, 0x409, number, len(name), 0) for number in (1, 4, 6)
    )
    return {
        b"OS/2": struct.pack(">HhHHH11h", 0, 500, 400, 5, *[0] * 12)
        + bytes(10 + 16)
        + b"none"
        + struct.pack(">HHHhhhHH", 64, 32, 32, 800, -200, 0, 800, 200),
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 1, 12)
        + struct.pack(">HHHHHHHHHHhH", 4, 24, 0, 2, 2, 0, 0, 0xFFFF, 0, 0xFFFF, 1, 0),
        b"glyf": bytes(2),
        b"head": struct.pack(
            ">IIIIHHqqhhhhHHhhh",
            *(0x10000, 0x10000, 0, 0x5F0F3CF5, 0, 1000, 0, 0),
            *(0, 0, 0, 0, 0, 8, 2, 0, 0),
        ),
        b"hhea": struct.pack(">IhhhHhhhhhhhhhhhH", 0x10000, 800, -200, 0, 500, *[0] * 11, 1),
        b"hmtx": struct.pack(">Hh", 500, 0),
        b"loca": struct.pack(">HH", 0, 0),
        b"maxp": struct.pack(">IH13H", 0x10000, 1, *[0] * 13),
        b"name": struct.pack(">HHH", 0, 3, 6 + len(records)) + records + name,
        b"post": struct.pack(">IIhhIIIII", 0x30000, 0, 0, 0, 0, 0, 0, 0, 0),
    }
