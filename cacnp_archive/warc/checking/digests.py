"""Digests in the spellings of various WARC writers."""

import base64
import hashlib
import re
from functools import lru_cache

_TO_DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHIJKLMNOPQRSTUV")
"""Maps Base32 to the digits of `int`, which parses ten times as fast as base64."""

_OUR_DIGEST = re.compile(r"sha1:[A-Z2-7]{32}")


class StatedDigest:
    """A digest as stated in a record, in any spelling."""

    def __init__(self, stated: str) -> None:
        self.stated = stated
        algorithm, _, self._value = stated.partition(":")
        self.algorithm, self.known = _known(algorithm)
        self.is_our_spelling = _OUR_DIGEST.fullmatch(stated) is not None

    def start(self) -> "hashlib._Hash":
        """Return a new hash of its algorithm."""
        return hashlib.new(self.algorithm, usedforsecurity=False)

    def matches(self, found: "hashlib._Hash | None") -> bool:
        """Whether the value, in Base32, Base16 or Base64, equals the digest of a hash."""
        if found is None:
            return False
        digest = found.digest()
        if self.is_our_spelling:
            return int(self._value.translate(_TO_DIGITS), 32) == int.from_bytes(digest)
        value = self._value.strip()
        if value.lower() == digest.hex():
            return True
        try:
            if base64.b32decode(value.upper() + "=" * (-len(value) % 8)) == digest:
                return True
        except ValueError:
            pass
        try:
            return base64.b64decode(value + "=" * (-len(value) % 4), b"-_") == digest
        except ValueError:
            return False


@lru_cache(64)
def _known(algorithm: str) -> tuple[str, bool]:
    """Return hashlib's name of an algorithm, and whether it is known with a fixed digest size."""
    name = algorithm.lower().replace("-", "")
    return name, name in hashlib.algorithms_guaranteed and not name.startswith("shake")
