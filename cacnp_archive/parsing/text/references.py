"""Reference: an address in the text of an entry, before it is resolved."""

from dataclasses import dataclass


@dataclass(slots=True)
class Reference:
    """A link or frame, with the place in the text where it stands."""

    address: str
    is_embed: bool
    label: str = ""
    context: str = ""
    block: int = 0
    start: int = 0
    end: int = 0
