"""ReadCapture: a capture and what it says, together on their way to the database."""

from dataclasses import dataclass

from cacnp_archive.capture import Capture
from cacnp_archive.records import Reading


@dataclass(frozen=True, slots=True)
class ReadCapture:
    """A capture that is safe, and its reading."""

    capture: Capture
    reading: Reading
