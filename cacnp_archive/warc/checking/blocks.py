"""Check the block of a record while it is read: digests and completeness."""

import base64
import hashlib
from collections.abc import Iterator
from functools import cached_property

from cacnp_archive.warc.checking.digests import StatedDigest
from cacnp_archive.warc.checking.findings import Damage
from cacnp_archive.warc.checking.http import HttpCheck
from cacnp_archive.warc.checking.scanner import ScannedRecord

HEAD = b"HEAD "


class BlockCheck:
    """Checks a block: call `feed` with all of it, then `damage`, then read `missing`."""

    def __init__(self, record: ScannedRecord, *, always_sha1: bool) -> None:
        self._record = record
        self._block_digest = _stated(record, "warc-block-digest")
        self._payload_digest = _stated(record, "warc-payload-digest")
        known = self._block_digest is not None and self._block_digest.known
        if known and self._block_digest is not None:
            self._hash: hashlib._Hash | None = self._block_digest.start()
        else:
            self._hash = hashlib.sha1(usedforsecurity=False) if always_sha1 else None
        payload = self._payload_digest
        # A segment's payload continues in other records; a revisit's is in its original.
        is_whole = record.record_type != "revisit" and "warc-segment-number" not in record.values
        self._payload_digest_here = payload if payload and payload.known and is_whole else None
        self._http: HttpCheck | None = None
        self._payload_hash: hashlib._Hash | None = None
        is_http = record.value("content-type").lower().startswith("application/http")
        self._is_response = is_http and is_whole and record.record_type == "response"
        if self._is_response or (is_http and self._payload_digest_here):
            self._http = HttpCheck(record.size, self._payload_digest_here)
        elif self._payload_digest_here:
            self._payload_hash = self._payload_digest_here.start()
        self._begin = b""
        self.missing: str | None = None
        """What a response lacks without being marked as truncated; set by `damage`."""

    def feed(self, piece: bytes) -> None:
        """Check the next piece of the block."""
        if len(self._begin) < len(HEAD):
            self._begin += piece[: len(HEAD)]
        if self._hash is not None:
            self._hash.update(piece)
        if self._http is not None:
            self._http.feed(piece)
        elif self._payload_hash is not None:
            self._payload_hash.update(piece)

    @property
    def asks_with_head(self) -> bool:
        """Whether the block is a HEAD request."""
        return self._record.record_type == "request" and self._begin.startswith(HEAD)

    @property
    def digest(self) -> str:
        """The SHA-1 of the block as we write it, or "" when it was not computed."""
        stated = self._block_digest
        if stated is not None and stated.is_our_spelling and self._is_as_stated:
            return stated.stated
        if self._hash is None or self._hash.name != "sha1":
            return ""
        return "sha1:" + base64.b32encode(self._hash.digest()).decode("ascii")

    @cached_property
    def _is_as_stated(self) -> bool:
        return self._block_digest is not None and self._block_digest.matches(self._hash)

    def damage(self) -> Iterator[Damage]:
        """Yield the faults of a block that has been read completely."""
        for stated in (self._block_digest, self._payload_digest):
            if stated is None:
                continue
            if not stated.known:
                yield Damage("digest-unknown", f"unknown kind of digest: {stated.stated[:80]}")
            elif not stated.is_our_spelling:
                yield Damage(
                    "digest-spelling",
                    f"a digest in another spelling than ours: {stated.stated[:80]}",
                )
        if self._block_digest is None:
            what = f"the {self._record.record_type} lacks WARC-Block-Digest"
            yield Damage("missing-custom-field", what)
        elif self._block_digest.known and not self._is_as_stated:
            found = self.digest or "another"
            what = f"the block has the digest {found}, the record says {self._block_digest.stated}"
            yield Damage("block-digest", what)
        if self._http is not None:
            yield from self._http_damage(self._http)
        elif self._payload_digest_here and not self._payload_digest_here.matches(
            self._payload_hash
        ):
            stated_payload = self._payload_digest_here.stated
            yield Damage("payload-digest", f"the payload does not have the digest {stated_payload}")

    def _http_damage(self, http: HttpCheck) -> Iterator[Damage]:
        http.end()
        if self._payload_digest_here and (one := http.payload_damage(self._payload_digest_here)):
            yield one
        if not self._is_response:
            return
        if not http.message.has_head:
            yield Damage("http", "the block does not begin as an HTTP response does")
        missing = http.missing()
        if "warc-truncated" not in self._record.values:
            self.missing = missing
        elif missing is None and http.is_framed:
            yield Damage("whole-response", "it is marked as truncated, and nothing is missing")


def _stated(record: ScannedRecord, name: str) -> StatedDigest | None:
    value = record.value(name)
    return StatedDigest(value) if value else None
