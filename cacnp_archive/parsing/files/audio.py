"""How long a sound file plays, and what its tags say.

tinytag reads it in pieces, so that an hour of talk never comes into memory. (mutagen knows more
formats, but its licence, GPL-2.0-or-later, is not ours.)
"""

import io
import math
from typing import BinaryIO, cast

from tinytag import TinyTag, TinyTagException

from cacnp_archive.model.problem_codes import ProblemCode
from cacnp_archive.model.records import AudioFile, Problem, Reading
from cacnp_archive.model.spool import Spool

MAX_READ_BYTES = 512 * 1024
"""Tags and the frames at the start have some 70 kB; pictures are passed over."""

MAX_READS = 20_000
"""Pieces that are read of one file: tags and frames are some 5,000."""

_LONGEST_TAG = 1000


def parse_audio(entity: Spool, url: str) -> Reading:
    """Read an MP3 or M4A file; what tells no length is a Problem beside whatever it does tell."""
    try:
        tag = TinyTag.get(file_obj=cast("BinaryIO", _BoundedFile(entity)))
    except (TinyTagException, OSError) as error:
        detail = f"{type(error).__name__}: {error}"[:200]
        return Reading.with_problem(ProblemCode.BROKEN_AUDIO, detail)
    seconds = _finite(tag.duration)
    audio_file = AudioFile(
        url=url, seconds=seconds, title=_told(tag.title), artist=_told(tag.artist)
    )
    if seconds is None:
        return Reading(
            audio_file=audio_file,
            problems=(Problem(code=ProblemCode.BROKEN_AUDIO, detail="tells no length"),),
        )
    return Reading(audio_file=audio_file)


def _finite(seconds: float | None) -> float | None:
    if not seconds or not math.isfinite(seconds) or seconds < 0:
        return None
    return round(seconds, 3)


def _told(text: str | None) -> str | None:
    if text is None:
        return None
    audio_file = text[:_LONGEST_TAG].encode("utf-8", "replace").decode().replace("\x00", " ")
    return " ".join(audio_file.split()) or None


class _BoundedFile(io.RawIOBase):
    """A Spool as a file with a position of its own, of which only so much may be read."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._position = 0
        self._bytes_left = MAX_READ_BYTES
        self._reads_left = MAX_READS

    def readable(self) -> bool:
        """Say that it may be read."""
        return True

    def seekable(self) -> bool:
        """Say that it has positions."""
        return True

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; raises OSError for a place before the start."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._spool.size}
        if start[whence] + offset < 0:
            raise OSError("a place before the start")
        self._position = start[whence] + offset
        return self._position

    def read(self, size: int | None = -1) -> bytes:
        """Return bytes from the position on; raises OSError when that is more than a tag needs."""
        rest = max(0, self._spool.size - self._position)
        wanted = rest if size is None or size < 0 else min(size, rest)
        self._bytes_left -= wanted
        self._reads_left -= 1
        if self._bytes_left < 0 or self._reads_left < 0:
            raise OSError("more tags than a sound has")
        data = self._spool.read_at(self._position, wanted)
        self._position += len(data)
        return data
