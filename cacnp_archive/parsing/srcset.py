"""Parse the `srcset` attribute of images."""

import re

# An address, then its descriptors up to a comma outside of parentheses.
_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*)")
_DESCRIPTORS = re.compile(r"(?:\([^)]*\)?|[^,(])*,?")


def parse_srcset(value: str) -> list[str]:
    """Return the addresses of a `srcset` (HTML standard, section 4.8.4.2.2).

    >>> parse_srcset("a.jpg 300w, https://cdn.example/w_600,h_400/b.jpg 2x,c.jpg, d.jpg")
    ['a.jpg', 'https://cdn.example/w_600,h_400/b.jpg', 'c.jpg', 'd.jpg']
    """
    found = []
    position = 0
    while candidate := _CANDIDATE.match(value, position):
        url = candidate.group(1)
        position = candidate.end()
        if not url.endswith(","):
            descriptors = _DESCRIPTORS.match(value, position)
            position = position if descriptors is None else descriptors.end()
        found.append(url.rstrip(","))
    return found
