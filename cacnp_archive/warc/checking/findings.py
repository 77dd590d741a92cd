"""Findings of checks: their codes, their severities, and the report of a file."""

from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

MAX_FINDINGS_PER_CODE = 1000
"""At most this many findings of one code are kept per file, to bound memory; all are counted."""


class Severity(StrEnum):
    """The severity of a finding."""

    ERROR = "error"
    """The file violates the standard or is damaged."""
    WARNING = "warning"
    """Something suspicious, or something that could not be checked."""
    NOTE = "note"
    """A convention that differs from ours."""


ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

SEVERITIES: dict[str, tuple[Severity, Severity]] = {
    # code: (in our archive, in a file of others)
    # Files and framing.
    "unreadable": (ERROR, ERROR),
    "empty": (ERROR, ERROR),
    "not-warc": (ERROR, ERROR),
    "not-read": (ERROR, ERROR),
    "arc": (ERROR, WARNING),
    "cut": (ERROR, ERROR),
    "gzip": (ERROR, ERROR),
    "garbage": (ERROR, ERROR),
    "member": (ERROR, NOTE),
    "shared-member": (ERROR, WARNING),
    "length": (ERROR, ERROR),
    "trailer": (ERROR, ERROR),
    # Named fields.
    "version": (ERROR, NOTE),
    "unknown-version": (ERROR, ERROR),
    "fields": (ERROR, ERROR),
    "line-break": (ERROR, WARNING),
    "encoding": (ERROR, WARNING),
    "folded-field": (ERROR, NOTE),
    "missing-field": (ERROR, ERROR),
    "missing-custom-field": (ERROR, NOTE),
    "repeated-field": (ERROR, ERROR),
    "record-id": (ERROR, ERROR),
    "duplicate-id": (ERROR, ERROR),
    "date": (ERROR, ERROR),
    "segment": (ERROR, ERROR),
    "type": (ERROR, NOTE),
    "target-uri": (ERROR, WARNING),
    "target-uri-brackets": (ERROR, NOTE),
    "ip-address": (ERROR, WARNING),
    "truncated": (ERROR, WARNING),
    # Digests.
    "digest-spelling": (ERROR, NOTE),
    "digest-unknown": (ERROR, WARNING),
    "block-digest": (ERROR, ERROR),
    "payload-digest": (ERROR, ERROR),
    "payload-misplaced": (ERROR, NOTE),
    "payload-chunked": (ERROR, NOTE),
    # Responses.
    "http": (ERROR, WARNING),
    "short-response": (ERROR, WARNING),
    "whole-response": (WARNING, WARNING),
    # References between records.
    "warcinfo": (ERROR, NOTE),
    "warcinfo-id": (ERROR, NOTE),
    "concurrent-to": (ERROR, WARNING),
    "profile": (ERROR, WARNING),
    "revisit": (ERROR, WARNING),
    "revisit-digest": (ERROR, ERROR),
    "revisit-original": (ERROR, WARNING),
    # Index, manifest, database.
    "index": (ERROR, ERROR),
    "index-length": (ERROR, WARNING),
    "manifest": (ERROR, ERROR),
    "missing-file": (ERROR, ERROR),
    "missing-row": (ERROR, ERROR),
    "missing-record": (ERROR, ERROR),
    "row": (ERROR, ERROR),
    "open": (NOTE, NOTE),
    "torn": (NOTE, NOTE),
    # WACZ.
    "zip": (ERROR, ERROR),
    "datapackage": (ERROR, ERROR),
    "signature": (WARNING, WARNING),
    "resource": (ERROR, ERROR),
    "deflated": (ERROR, ERROR),
    "pages": (ERROR, ERROR),
    "page-time": (NOTE, NOTE),
}

UNFINISHED = {"cut": WARNING, "missing-row": WARNING}
"""Findings that are only warnings while a file is being written; `repair` fixes them."""


class Damage(NamedTuple):
    """A fault whose severity is not determined yet."""

    code: str
    what: str


class DamageError(Exception):
    """Raised where reading cannot continue; the checker then looks for the next record."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(what)
        self.damage = Damage(code, what)


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault with its place and severity."""

    file: str
    offset: int | None
    """Offset of the record (of its gzip member); None for the file as a whole."""
    record_id: str
    """WARC-Record-ID without angle brackets; "" when unknown."""
    severity: Severity
    code: str
    """A key of SEVERITIES."""
    what: str

    def __str__(self) -> str:
        place = self.file if self.offset is None else f"{self.file}:{self.offset}"
        return f"{place}: {self.severity}: {self.what}"


@dataclass(slots=True)
class FileReport:
    """The findings of a file."""

    file: str
    ours: bool
    """Whether the stricter rules for our own archive apply."""
    being_written: bool = False
    record_count: int = 0
    findings: list[Finding] = field(default_factory=list)
    """In order, at most MAX_FINDINGS_PER_CODE per code."""
    counts: Counter[Severity] = field(default_factory=Counter)
    """The number of all findings, kept or not."""
    codes: Counter[str] = field(default_factory=Counter)

    def add(self, damage: Damage, offset: int | None = None, record_id: str = "") -> None:
        """Add a finding."""
        code, what = damage
        severity = SEVERITIES[code][0 if self.ours else 1]
        if self.being_written:
            severity = UNFINISHED.get(code, severity)
        self.counts[severity] += 1
        self.codes[code] += 1
        if self.codes[code] <= MAX_FINDINGS_PER_CODE:
            self.findings.append(Finding(self.file, offset, record_id, severity, code, what))

    def absorb(self, other: "FileReport") -> None:
        """Add the findings of a file that belongs to this one."""
        self.findings += other.findings
        self.counts += other.counts
        self.codes += other.codes

    def absorb_as_warnings(self, other: "FileReport") -> None:
        """Add the findings of an imported file as warnings: they are no errors of this archive."""
        self.record_count += other.record_count
        self.findings += [
            replace(finding, severity=WARNING) if finding.severity is ERROR else finding
            for finding in other.findings
        ]
        self.counts += Counter({WARNING: other.counts[ERROR] + other.counts[WARNING]})
        self.counts += Counter({NOTE: other.counts[NOTE]})
        self.codes += other.codes

    @property
    def faults(self) -> list[Finding]:
        """The errors only."""
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]
