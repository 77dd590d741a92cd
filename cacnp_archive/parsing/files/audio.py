"""Parse an audio file: its duration and its tags.

tinytag reads the file in pieces, so that an hour of audio is never loaded into memory. (mutagen
supports more formats, but its licence, GPL-2.0-or-later, does not fit this project.)
"""

import io
import math
from typing import BinaryIO, cast

from tinytag import TinyTag, TinyTagException

from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import AudioFile, Problem, Reading
from cacnp_archive.model.spool import Spool

MAX_READ_BYTES = 512 * 1024
"""At most this many bytes are read; tags and first frames take some 70 kB without pictures."""

MAX_READS = 20_000
"""At most this many pieces are read; tags and frames take some 5,000."""

_MAX_TAG_CHARS = 1000


def parse_audio(entity: Spool, url: str) -> Reading:
    """Parse an MP3 or M4A file; without a duration, its tags are returned along with a Problem."""
    try:
        tag = TinyTag.get(file_obj=cast("BinaryIO", _BoundedFile(entity)))
    except (TinyTagException, OSError) as error:
        detail = f"{type(error).__name__}: {error}"[:200]
        return Reading.with_problem(ProblemCode.BROKEN_AUDIO, detail)
    seconds = _valid_duration(tag.duration)
    audio_file = AudioFile(
        url=url, seconds=seconds, title=_tag_text(tag.title), artist=_tag_text(tag.artist)
    )
    if seconds is None:
        return Reading(
            audio_file=audio_file,
            problems=(Problem(code=ProblemCode.BROKEN_AUDIO, detail="tells no length"),),
        )
    return Reading(audio_file=audio_file)


def _valid_duration(seconds: float | None) -> float | None:
    if not seconds or not math.isfinite(seconds) or seconds < 0:
        return None
    return round(seconds, 3)


def _tag_text(text: str | None) -> str | None:
    if text is None:
        return None
    printable = text[:_MAX_TAG_CHARS].encode("utf-8", "replace").decode().replace("\x00", " ")
    return " ".join(printable.split()) or None


class _BoundedFile(io.RawIOBase):
    """A Spool as a file with its own position, which allows a bounded number of reads and bytes."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._position = 0
        self._bytes_left = MAX_READ_BYTES
        self._reads_left = MAX_READS

    def readable(self) -> bool:
        """Return True: the file can be read."""
        return True

    def seekable(self) -> bool:
        """Return True: the file can seek."""
        return True

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move and return the new position; raises OSError for one before the start."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._spool.size}
        if start[whence] + offset < 0:
            raise OSError("a place before the start")
        self._position = start[whence] + offset
        return self._position

    def read(self, size: int | None = -1) -> bytes:
        """Return bytes from the position on; raises OSError beyond the bounds of this file."""
        rest = max(0, self._spool.size - self._position)
        wanted = rest if size is None or size < 0 else min(size, rest)
        self._bytes_left -= wanted
        self._reads_left -= 1
        if self._bytes_left < 0 or self._reads_left < 0:
            raise OSError("more tags than a sound has")
        data = self._spool.read_at(self._position, wanted)
        self._position += len(data)
        return data
