"""ReadCapture: a capture and what it says, together on their way to the database."""

from dataclasses import dataclass

from cacnp_archive.model.capture import Capture
from cacnp_archive.model.records import Reading


@dataclass(frozen=True, slots=True)
class ReadCapture:
    """A capture that is safe, and its reading."""

    capture: Capture
    reading: Reading
