import struct
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cacnp_archive.model.capture import Capture
from cacnp_archive.model.http_message import ResponseMessage
from cacnp_archive.model.records import AudioFile, Reading
from cacnp_archive.model.site import HOME
from cacnp_archive.model.spool import Spool
from cacnp_archive.parsing.files.audio import parse_audio
from cacnp_archive.parsing.read_capture import read_capture
from cacnp_archive.replica.assets.made_files import mp3, mp4
from tests.parsing.pages import SITE
from tests.support.captures import MOMENT, make_capture

URL = f"{HOME}wp-content/uploads/2017/06/Episode-1.mp3"
SECONDS_OF_A_FRAME = 1152 / 44100


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def box(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + name + data


def m4a(seconds: int, title: str) -> bytes:
    """An MPEG-4 file with a duration and a title, but without audio."""
    text = box(b"data", struct.pack(">II", 1, 0) + title.encode())
    names = box(b"meta", bytes(4) + box(b"ilst", box(b"\xa9nam", text)))
    header = box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, 1000, seconds * 1000, 0, 0))
    track = box(b"trak", box(b"mdia", header))
    movie = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000) + bytes(80))
    return box(b"ftyp", b"M4A \0\0\0\0") + box(b"moov", movie + track + box(b"udta", names))


@pytest.mark.parametrize("frames", [80, 2_000, 40_000])
def test_duration_and_title_of_an_mp3_are_parsed(frames: int) -> None:
    reading = parse_audio(Spool(mp3("Épisode 1: Hello", frames)), URL)
    assert reading.problems == ()
    assert reading.audio_file is not None
    assert reading.audio_file.title == "Épisode 1: Hello"
    assert reading.audio_file.seconds == pytest.approx(frames * SECONDS_OF_A_FRAME, rel=0.01)


def test_duration_and_title_of_an_m4a_are_parsed() -> None:
    reading = parse_audio(Spool(m4a(1825, "Ask a physicist")), URL)
    assert reading == Reading(audio_file=AudioFile(url=URL, seconds=1825, title="Ask a physicist"))


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("audio/mpeg", mp3("T")),
        ("audio/mp3", mp3("T")),
        ("", mp3("T")),
        ("application/octet-stream", mp3("T")),
        ("audio/mp4", m4a(2, "T")),
        ("audio/x-m4a", m4a(2, "T")),
    ],
)
def test_capture_of_an_audio_file_gives_an_audio_file(media_type: str, body: bytes) -> None:
    reading = read_capture(make_capture(URL, body, headers=(("Content-Type", media_type),)), SITE)
    assert reading.audio_file is not None
    assert reading.audio_file.title == "T"
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("media_type", "body"), [("video/mp4", mp4()), ("audio/ogg", b"OggS" + bytes(100))]
)
def test_video_and_other_audio_formats_are_not_parsed(media_type: str, body: bytes) -> None:
    capture = make_capture(URL, body, headers=(("Content-Type", media_type),))
    assert read_capture(capture, SITE) == Reading()


def test_mpeg_frames_without_tags_are_audio_if_the_content_type_says_so() -> None:
    frames = mp3("T", 2_000).partition(b"\xff\xfb")[2]
    body = b"\xff\xfb" + frames
    named = make_capture(URL, body, headers=(("Content-Type", "audio/mpeg"),))
    unnamed = make_capture(URL, body, headers=())
    audio_file = read_capture(named, SITE).audio_file
    assert audio_file is not None
    assert audio_file.seconds == pytest.approx(2_000 * SECONDS_OF_A_FRAME, rel=0.01)
    assert read_capture(unnamed, SITE).audio_file is None


def test_hour_of_audio_is_not_loaded_into_memory() -> None:
    block = Spool(b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n" + mp3("Long"))
    silence = (b"\xff\xfb\x10\xc4" + bytes(100)) * 10_000
    for _ in range(60):
        block.append(silence)
    message = ResponseMessage.read(block.chunks())
    capture = Capture(url=URL, captured_at=MOMENT, block=block, message=message)
    tracemalloc.start()
    reading = read_capture(capture, SITE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1024 * 1024
    assert reading.audio_file is not None
    assert reading.audio_file.seconds == pytest.approx(600_080 * SECONDS_OF_A_FRAME, rel=0.01)


def id3(frames: bytes) -> bytes:
    size = len(frames)
    return b"ID3\x04\0\0" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + frames


def id3_frame(name: bytes, data: bytes) -> bytes:
    size = len(data)
    return name + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + b"\0\0" + data


def test_picture_in_the_tags_is_skipped() -> None:
    picture = id3_frame(b"APIC", b"\0image/jpeg\0\3\0" + b"\xff\xd8" * 1_000_000)
    tags = id3(picture + id3_frame(b"TIT2", b"\x03Title") + id3_frame(b"TPE1", b"\x03A\0B"))
    reading = parse_audio(Spool(tags + mp3("", 100)), URL)
    assert reading.problems == ()
    assert reading.audio_file is not None
    assert (reading.audio_file.title, reading.audio_file.artist) == ("Title", "A")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"ID3",
        id3(b"")[:6],
        id3(b"".join(id3_frame(b"COMM", b"\3eng\0%06d" % n) for n in range(50_000))),
        id3(id3_frame(b"TIT2", b"\x03" + b"T" * 2_000_000)),
        m4a(0, ""),
        box(b"ftyp", b"M4A \0\0\0\0") + b"\xff\xff\xff\xffmoov" + bytes(99),
    ],
)
def test_audio_file_without_a_duration_is_a_problem(body: bytes) -> None:
    assert codes(parse_audio(Spool(body), URL)) == ["broken-audio"]


@given(
    st.sampled_from([b"ID3\x04\0\0", b"ID3\x02\0\0", b"\xff\xfb", m4a(3, "T")[:40], m4a(3, "T")]),
    st.binary(max_size=600),
    st.integers(0, 300),
)
def test_any_bytes_give_an_audio_file_or_a_problem(
    start: bytes, body: bytes, position: int
) -> None:
    mangled = start[:position] + body + start[position:]
    reading = parse_audio(Spool(mangled), URL)
    assert reading.audio_file is not None or reading.problems
    if reading.audio_file is not None:
        f"{reading.audio_file.title}{reading.audio_file.artist}".encode()
