"""Check references between records, within a file and across files."""

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from cacnp_archive.warc.checking.fields import IDENTICAL, PROFILES
from cacnp_archive.warc.checking.findings import Damage, FileReport
from cacnp_archive.warc.checking.scanner import ScannedRecord


@dataclass(frozen=True, slots=True)
class _Original:
    """A record to which revisits may refer."""

    record_type: str
    url: str
    date: str
    payload_digest: str
    is_short: bool


class _Place(NamedTuple):
    report: FileReport
    offset: int
    record_id: str

    def add(self, code: str, what: str) -> None:
        self.report.add(Damage(code, what), self.offset, self.record_id)


class Links:
    """Collects references; `end_file` and `end` report those without a target.

    It keeps some hundred bytes per record. In our own archive, concurrent records must be in the
    same file and ids must be unique across files. Files of others are checked one by one, but
    their originals may be in any of the files that are checked together.
    """

    def __init__(self, *, ours: bool) -> None:
        self._ours = ours
        self._ids: set[bytes] = set()
        self._ids_of_file: set[bytes] = set()
        self._concurrent: list[tuple[str, _Place]] = []
        self._originals: dict[str, _Original] = {}
        self._revisits: list[tuple[dict[str, str], _Place]] = []
        self._missing: list[tuple[str, str, _Place]] = []
        self._head_requests: set[str] = set()

    def add(
        self, record: ScannedRecord, report: FileReport, missing: str | None, *, is_head: bool
    ) -> None:
        """Add a record, with what its response lacks, and whether it is a HEAD request."""
        record_id = record.record_id
        place = _Place(report, record.offset, record_id)
        if record_id:
            self._add_id(record_id, place)
        concurrent = [value.strip("<>") for value in record.all("warc-concurrent-to")]
        for target in concurrent:
            if _key(target) not in self._ids_of_file:
                self._concurrent.append((target, place))
        if is_head:
            self._head_requests.update(concurrent, [record_id])
        if missing is not None:
            self._missing.append((missing, concurrent[0] if concurrent else "", place))
        if record.record_type == "revisit":
            self._revisits.append((record.values, place))
        elif record.record_type in ("response", "resource"):
            self._originals[record_id] = _Original(
                record.record_type,
                record.url,
                record.value("warc-date"),
                record.value("warc-payload-digest"),
                is_short=missing is not None or "warc-truncated" in record.values,
            )

    def end_file(self) -> None:
        """Report references that must be resolved within the file and were not."""
        for what, request_id, place in self._missing:
            if not {place.record_id, request_id} & self._head_requests:
                place.add("short-response", f"the response is not marked as truncated: {what}")
        self._missing.clear()
        self._head_requests.clear()
        if self._ours:
            self._end_concurrent(self._ids_of_file)
        self._ids_of_file.clear()

    def end(self) -> None:
        """Report references that were not resolved in any of the files."""
        self._end_concurrent(self._ids)
        for values, place in self._revisits:
            self._check_revisit(values, place)

    def _add_id(self, record_id: str, place: _Place) -> None:
        key = _key(record_id)
        if key in (self._ids if self._ours else self._ids_of_file):
            place.add("duplicate-id", f"an earlier record has the id {record_id}, too")
        self._ids.add(key)
        self._ids_of_file.add(key)

    def _end_concurrent(self, ids: set[bytes]) -> None:
        for target, place in self._concurrent:
            if _key(target) not in ids:
                place.add("concurrent-to", f"there is no record {target[:80]} to be concurrent to")
        self._concurrent.clear()

    def _check_revisit(self, values: dict[str, str], place: _Place) -> None:
        refers_to = values.get("warc-refers-to", "").strip("<>")
        if not refers_to:
            return
        original = self._originals.get(refers_to)
        if original is None:
            place.add("revisit-original", f"its original, {refers_to[:80]}, is not here")
            return
        if original.record_type != "response":
            place.add("revisit", f"its original is a {original.record_type}")
        if original.is_short:
            place.add("revisit", "its original is truncated")
        for name, found in (
            ("warc-refers-to-target-uri", original.url),
            ("warc-refers-to-date", original.date),
        ):
            stated = values.get(name, found).strip("<>")
            if stated != found:
                place.add("revisit", f"its original has {found}, it says {stated[:200]}")
        stated = values.get("warc-payload-digest", "")
        is_identical = PROFILES.get(values.get("warc-profile", "")) == IDENTICAL
        if is_identical and stated and stated != original.payload_digest:
            found = original.payload_digest or "no payload digest"
            place.add("revisit-digest", f"its original has {found}, it says {stated[:80]}")


def _key(record_id: str) -> bytes:
    return hashlib.blake2b(record_id.encode(), digest_size=16).digest()
